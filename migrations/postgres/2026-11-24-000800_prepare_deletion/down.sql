DROP INDEX namespaces_by_deletion;
CREATE INDEX namespaces_by_deletion ON namespaces (deleted_at);
DROP INDEX repositories_by_deletion;
CREATE INDEX repositories_by_deletion ON repositories (deleted_at);
DROP INDEX users_by_enabled;
DROP INDEX repositories_deleted_alone;
ALTER TABLE users DROP COLUMN disabled_by_deletion;
