-- A user's second factor: codes of an authenticator app (TOTP). The secret is sealed with the instance key.
CREATE TABLE second_factors (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_sealed BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    -- When its user first gave a code; nothing while it was only shown and is not asked for.
    confirmed_at BIGINT,
    -- The time step of the last code that was taken: no code counts twice.
    last_step BIGINT NOT NULL DEFAULT 0
);

-- For whoever lost the app: each counts once. Only digests are kept.
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    digest BYTEA NOT NULL,
    PRIMARY KEY (user_id, digest)
);
