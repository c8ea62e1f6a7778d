-- What is in the layers that somebody looked into. By digest and not by blob: it says the same of every copy, and it may
-- be taken away at any time, since it can be made again.
CREATE TABLE layer_indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    digest TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('indexing', 'ready', 'failed', 'too_large')),
    -- Why it failed or is too large.
    reason TEXT,
    entries BIGINT NOT NULL DEFAULT 0,
    -- Entries that were left out.
    skipped BIGINT NOT NULL DEFAULT 0,
    -- How far it is, in bytes as stored.
    read_bytes BIGINT NOT NULL DEFAULT 0,
    total_bytes BIGINT NOT NULL,
    -- While it is made: the last sign of life of whoever makes it.
    updated_at BIGINT NOT NULL
);

-- The place is 'folder//name', so that a folder is one range of the key.
CREATE TABLE layer_entries (
    layer_id BIGINT NOT NULL REFERENCES layer_indexes (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Nothing for folders that only the paths below them speak of.
    mode INTEGER,
    uid BIGINT NOT NULL DEFAULT 0,
    gid BIGINT NOT NULL DEFAULT 0,
    size BIGINT NOT NULL DEFAULT 0,
    -- Seconds since 1970.
    mtime BIGINT,
    link TEXT,
    -- Where its bytes begin in the layer before compression.
    data_at BIGINT,
    -- A whiteout: what lower layers have under this name is gone.
    hides BOOLEAN NOT NULL DEFAULT 0,
    -- An opaque folder: what lower layers have in it is gone.
    is_opaque BOOLEAN NOT NULL DEFAULT 0,
    PRIMARY KEY (layer_id, place)
) WITHOUT ROWID;
