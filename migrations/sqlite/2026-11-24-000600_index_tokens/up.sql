-- Tokens people made for themselves, and those of one application by how they were made, are listed in pages by id.
CREATE INDEX tokens_of_user ON tokens (user_id, kind, origin, id);
CREATE INDEX tokens_of_application ON tokens (application_id, origin, id);
-- What a user let applications do, in pages by id.
CREATE INDEX tokens_granted ON tokens (user_id, application_id, id);
DROP INDEX tokens_by_user;
DROP INDEX tokens_by_application;
