-- What pages show of a repository and of a tag is kept with its row and changed with what it counts, so that lists
-- neither count nor sum and can be sorted along an index.
ALTER TABLE repositories ADD COLUMN tags BIGINT NOT NULL DEFAULT 0;
-- Bytes of the blobs it has.
ALTER TABLE repositories ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN pulls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN stars BIGINT NOT NULL DEFAULT 0;
-- pushed_at again, with 0 for never: lists go on after a key, and nothing comes after NULL.
ALTER TABLE repositories ADD COLUMN last_push BIGINT NOT NULL DEFAULT 0;
-- What is deleted is in none of these, however much of it there is.
CREATE INDEX repositories_of_namespace_by_push ON repositories (namespace_id, last_push, id) WHERE deleted_at IS NULL;
CREATE INDEX repositories_of_namespace_by_size ON repositories (namespace_id, size, id) WHERE deleted_at IS NULL;
CREATE INDEX repositories_of_namespace_by_pulls ON repositories (namespace_id, pulls, id) WHERE deleted_at IS NULL;
CREATE INDEX repositories_visible_by_push ON repositories (visibility, last_push, id) WHERE deleted_at IS NULL;
CREATE INDEX repositories_visible_by_size ON repositories (visibility, size, id) WHERE deleted_at IS NULL;
CREATE INDEX repositories_visible_by_pulls ON repositories (visibility, pulls, id) WHERE deleted_at IS NULL;

-- Bytes of configuration and layers, and for an index of those of what it lists and the repository has.
ALTER TABLE tags ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tags_by_size ON tags (repository_id, size, id);
CREATE INDEX tags_by_pulls ON tags (repository_id, pulls, id);
CREATE INDEX tags_ending ON tags (repository_id, expires_at) WHERE expires_at IS NOT NULL;
-- Every move, those that took a tag away included.
CREATE INDEX tag_events_by_row ON tag_events (repository_id, id, tag);

UPDATE repositories SET
    tags = (SELECT COUNT(*) FROM tags t WHERE t.repository_id = repositories.id),
    size = COALESCE((SELECT CAST(SUM(b.size) AS BIGINT) FROM repository_blobs l JOIN blobs b ON b.id = l.blob_id
        WHERE l.repository_id = repositories.id), 0),
    pulls = COALESCE((SELECT CAST(SUM(m.pulls) AS BIGINT) FROM repository_manifests m
        WHERE m.repository_id = repositories.id), 0),
    stars = (SELECT COUNT(*) FROM stars s WHERE s.repository_id = repositories.id),
    last_push = COALESCE(pushed_at, 0);

UPDATE tags SET size = (SELECT CASE WHEN m.content_size > 70368744177664 THEN 70368744177664 ELSE m.content_size END
    + COALESCE((SELECT CAST(SUM(CASE WHEN c.content_size > 70368744177664 THEN 70368744177664 ELSE c.content_size END)
        AS BIGINT) FROM manifests c
      WHERE c.digest IN (SELECT x.digest FROM manifest_references x WHERE x.manifest_id = m.id AND x.kind = 'child')
      AND EXISTS (SELECT 1 FROM repository_manifests l WHERE l.repository_id = tags.repository_id
        AND l.manifest_id = c.id)), 0)
    FROM manifests m WHERE m.id = tags.manifest_id);
