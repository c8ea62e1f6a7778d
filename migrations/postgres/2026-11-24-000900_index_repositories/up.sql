-- What is listed newest first, and grants page by page. The expiry is in the index so that what is over is skipped
-- without a look at the row.
CREATE INDEX tags_by_time ON tags (repository_id, updated_at, id, expires_at);
CREATE INDEX repository_permissions_by_repository ON repository_permissions (repository_id, id);

-- Moves that pointed a tag somewhere: pages by number count them without a look at the row.
DROP INDEX tag_events_by_time;
CREATE INDEX tag_events_by_time ON tag_events (repository_id, id) WHERE to_digest IS NOT NULL;
