-- What happened, written in the transaction that made it happen. Names are kept as text beside the ids because an
-- entry must outlive what it speaks of.
CREATE TABLE events (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    ip TEXT,
    user_agent TEXT,
    namespace_id BIGINT,
    namespace_name TEXT,
    repository_id BIGINT,
    repository_name TEXT,
    tag TEXT,
    digest TEXT,
    -- How many equal events this row stands for; more than one only for pulls, which are written in batches.
    times BIGINT NOT NULL DEFAULT 1,
    details TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX events_by_namespace ON events (namespace_id, id);
CREATE INDEX events_by_repository ON events (repository_id, id);
CREATE INDEX events_by_actor ON events (actor_kind, actor_id, id);
CREATE INDEX events_by_time ON events (at);
