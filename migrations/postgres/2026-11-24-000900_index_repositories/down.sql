DROP INDEX tag_events_by_time;
CREATE INDEX tag_events_by_time ON tag_events (repository_id, id);
DROP INDEX repository_permissions_by_repository;
DROP INDEX tags_by_time;
