DROP INDEX users_by_enabled;
DROP INDEX repositories_deleted_alone;
ALTER TABLE users DROP COLUMN disabled_by_deletion;
