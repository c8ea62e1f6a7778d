-- Content is kept once for the whole registry; the links to repositories are the right to read it.
CREATE TABLE blobs (
    id INTEGER PRIMARY KEY NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE repository_blobs (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    blob_id BIGINT NOT NULL REFERENCES blobs (id),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (repository_id, blob_id)
);
CREATE INDEX repository_blobs_by_blob ON repository_blobs (blob_id, repository_id);

-- A push in progress. The hash state lets any process go on where the last one stopped.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    holder TEXT NOT NULL,
    received BIGINT NOT NULL DEFAULT 0,
    hash_state BLOB,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_age ON uploads (updated_at);
CREATE INDEX uploads_by_repository ON uploads (repository_id);

-- The bytes exactly as pushed, and beside them what pages and queries need without parsing them again.
CREATE TABLE manifests (
    -- Never used again: pages of referrers and counters of pulls go by it.
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    media_type TEXT NOT NULL,
    artifact_type TEXT,
    subject_digest TEXT,
    config_media_type TEXT,
    content_size BIGINT NOT NULL,
    annotations TEXT NOT NULL DEFAULT '{}',
    bytes BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE repository_manifests (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    manifest_id BIGINT NOT NULL REFERENCES manifests (id),
    -- As it was pushed here: a manifest that does not say its own type has the one it was sent with.
    media_type TEXT NOT NULL,
    -- Repeated from the manifest so that the referrers of a subject are one range of one index.
    subject_digest TEXT,
    pushed_at BIGINT NOT NULL,
    pulls BIGINT NOT NULL DEFAULT 0,
    last_pulled_at BIGINT,
    PRIMARY KEY (repository_id, manifest_id)
);
CREATE INDEX repository_manifests_by_manifest ON repository_manifests (manifest_id, repository_id);
CREATE INDEX repository_manifests_by_subject ON repository_manifests (repository_id, subject_digest, manifest_id);

-- The graph: what a manifest points at. Digests, not ids, because a subject may arrive after its referrer.
CREATE TABLE manifest_references (
    manifest_id BIGINT NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('config', 'layer', 'child', 'subject')),
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    platform TEXT,
    PRIMARY KEY (manifest_id, position)
);
CREATE INDEX manifest_references_by_digest ON manifest_references (digest, manifest_id);

-- Where each tag points now (the head) and every move it made (the history).
CREATE TABLE tags (
    id INTEGER PRIMARY KEY NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    manifest_id BIGINT NOT NULL REFERENCES manifests (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    pulls BIGINT NOT NULL DEFAULT 0,
    last_pulled_at BIGINT,
    UNIQUE (repository_id, name)
);
CREATE INDEX tags_by_manifest ON tags (manifest_id, repository_id);

CREATE TABLE tag_events (
    id INTEGER PRIMARY KEY NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    from_digest TEXT,
    to_digest TEXT,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX tag_events_by_tag ON tag_events (repository_id, tag, id);
CREATE INDEX tag_events_by_time ON tag_events (repository_id, id);
