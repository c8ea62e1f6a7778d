-- What deletion with a way back needs beside the columns that are there.
-- Whether it was the deletion that disabled the user: only then restoring enables them again.
ALTER TABLE users ADD COLUMN disabled_by_deletion BOOLEAN NOT NULL DEFAULT 0;
-- The list of deleted repositories leaves out those that went with their namespace.
CREATE INDEX repositories_deleted_alone ON repositories (deleted_at, id) WHERE deleted_name IS NOT NULL;
-- Enabled users in the order of their names.
CREATE INDEX users_by_enabled ON users (enabled, name);
-- What is not deleted must not be looked for in an index of what is: nearly every row is not, and a planner without
-- statistics takes `deleted_at IS NULL` for a rare thing.
DROP INDEX repositories_by_deletion;
CREATE INDEX repositories_by_deletion ON repositories (deleted_at) WHERE deleted_at IS NOT NULL;
DROP INDEX namespaces_by_deletion;
CREATE INDEX namespaces_by_deletion ON namespaces (deleted_at) WHERE deleted_at IS NOT NULL;
