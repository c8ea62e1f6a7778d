CREATE INDEX tokens_by_application ON tokens (application_id, id);
CREATE INDEX tokens_by_user ON tokens (user_id, kind);
DROP INDEX tokens_granted;
DROP INDEX tokens_of_application;
DROP INDEX tokens_of_user;
