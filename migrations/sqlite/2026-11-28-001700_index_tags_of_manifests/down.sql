DROP INDEX tags_by_manifest;
CREATE INDEX tags_by_manifest ON tags (manifest_id, repository_id);
