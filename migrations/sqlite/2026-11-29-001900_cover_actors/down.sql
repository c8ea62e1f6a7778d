DROP INDEX tag_events_by_tag;
CREATE INDEX tag_events_by_tag ON tag_events (repository_id, tag, id);
