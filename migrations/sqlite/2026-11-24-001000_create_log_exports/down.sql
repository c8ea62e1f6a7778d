DROP INDEX event_days_by_scope;
CREATE INDEX event_days_by_repository ON event_days (repository_id, day);
CREATE INDEX event_days_by_namespace ON event_days (namespace_id, day);
DROP TABLE log_exports;
