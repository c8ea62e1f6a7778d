-- Who moved a tag last, for a hundred tags at once, without looking at the events themselves.
DROP INDEX tag_events_by_tag;
CREATE INDEX tag_events_by_tag ON tag_events (repository_id, tag, id) INCLUDE (actor);
