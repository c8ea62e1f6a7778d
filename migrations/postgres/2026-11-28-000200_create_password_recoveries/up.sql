-- One-time links to set a new password, made by superusers or on the command line. One for each user; only its digest is
-- kept.
CREATE TABLE password_recoveries (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_recoveries_by_expiry ON password_recoveries (expires_at);
