DROP INDEX log_exports_failing;
DROP TABLE sweeps;
DROP TRIGGER blobs_gone;
DROP TRIGGER blobs_stored;
DROP TABLE storage_counts;
DROP INDEX users_by_sign_in;
ALTER TABLE users DROP COLUMN last_sign_in;
