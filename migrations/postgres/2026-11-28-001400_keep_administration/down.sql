DROP INDEX log_exports_failing;
DROP TABLE sweeps;
DROP TRIGGER blobs_counted ON blobs;
DROP FUNCTION blobs_counted();
DROP TABLE storage_counts;
DROP INDEX users_by_sign_in;
ALTER TABLE users DROP COLUMN last_sign_in;
