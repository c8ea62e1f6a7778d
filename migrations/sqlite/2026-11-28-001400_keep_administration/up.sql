-- When somebody last signed in with a browser, 0 for never: what last_signed_in_at was to hold and never did, in a form
-- that a list can go on after.
ALTER TABLE users ADD COLUMN last_sign_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX users_by_sign_in ON users (last_sign_in, id);

-- How many blobs there are and how large they are, in several rows so that pushes do not wait for each other's.
CREATE TABLE storage_counts (
    shard BIGINT PRIMARY KEY NOT NULL,
    blobs BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);
INSERT INTO storage_counts (shard, blobs, bytes)
    WITH RECURSIVE shards(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM shards WHERE i < 15)
    SELECT s.i, (SELECT COUNT(*) FROM blobs b WHERE b.id % 16 = s.i),
        COALESCE((SELECT CAST(SUM(b.size) AS BIGINT) FROM blobs b WHERE b.id % 16 = s.i), 0)
    FROM shards s;
CREATE TRIGGER blobs_stored AFTER INSERT ON blobs BEGIN
    UPDATE storage_counts SET blobs = blobs + 1, bytes = bytes + NEW.size WHERE shard = NEW.id % 16;
END;
CREATE TRIGGER blobs_gone AFTER DELETE ON blobs BEGIN
    UPDATE storage_counts SET blobs = blobs - 1, bytes = bytes - OLD.size WHERE shard = OLD.id % 16;
END;

-- How the last turn of each sweep went.
CREATE TABLE sweeps (
    name TEXT PRIMARY KEY NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    -- What it dealt with in that turn: rows removed, pulls written.
    items BIGINT NOT NULL,
    -- Why it failed; nothing if it did not.
    error TEXT,
    -- When it last did not fail.
    succeeded_at BIGINT
);

-- Callbacks of exports that an administrator can have tried again.
CREATE INDEX log_exports_failing ON log_exports (id) WHERE callback_error IS NOT NULL AND told_at IS NULL;
