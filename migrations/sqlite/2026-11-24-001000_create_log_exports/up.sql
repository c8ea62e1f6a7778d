-- Exports of the usage log that somebody asked for. The entries are read when the export is fetched; this is only what
-- was asked, who is to be told, and until when the link is good.
CREATE TABLE log_exports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    -- Of a repository, of a namespace, or, with neither, of the registry.
    namespace_id BIGINT,
    namespace_name TEXT,
    repository_id BIGINT,
    repository_name TEXT,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    -- Where this registry was for whoever asked: the start of the link.
    base_url TEXT NOT NULL,
    callback_url TEXT,
    callback_email TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When the callback is tried next; nothing if nobody is to be told, once it was told, or after the last try.
    callback_due_at BIGINT,
    callback_tries BIGINT NOT NULL DEFAULT 0,
    -- Why the last try failed.
    callback_error TEXT,
    told_at BIGINT
);
CREATE INDEX log_exports_by_scope ON log_exports (namespace_id, repository_id, id);
CREATE INDEX log_exports_by_expiry ON log_exports (expires_at);
CREATE INDEX log_exports_by_callback ON log_exports (callback_due_at) WHERE callback_due_at IS NOT NULL;

-- Charts ask for a repository, a whole namespace (repository 0) or the registry (namespace 0), and then for days.
DROP INDEX event_days_by_repository;
DROP INDEX event_days_by_namespace;
CREATE INDEX event_days_by_scope ON event_days (namespace_id, repository_id, day);
