-- What is listed newest first, and grants page by page. The expiry is in the index so that what is over is skipped
-- without a look at the row.
CREATE INDEX tags_by_time ON tags (repository_id, updated_at, id, expires_at);
CREATE INDEX repository_permissions_by_repository ON repository_permissions (repository_id, id);
