-- Who there is: namespaces (users and organizations share one set of names), teams, robots and their credentials.
CREATE TABLE namespaces (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'organization')),
    email TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    namespace_id BIGINT NOT NULL UNIQUE REFERENCES namespaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL UNIQUE,
    email TEXT,
    password_hash TEXT,
    enabled BOOLEAN NOT NULL DEFAULT 1,
    standing TEXT NOT NULL DEFAULT 'plain' CHECK (standing IN ('plain', 'read_only_superuser', 'superuser')),
    failed_sign_ins INTEGER NOT NULL DEFAULT 0,
    locked_until BIGINT,
    -- Registry tokens made before this moment came from a password that is no longer the one.
    credentials_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_signed_in_at BIGINT
);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('member', 'creator', 'admin')),
    description TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

-- The token is kept twice: encrypted, because people look robot credentials up again, and as a digest, to check it.
CREATE TABLE robots (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    namespace_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    short_name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    metadata TEXT NOT NULL DEFAULT '{}',
    token_sealed BLOB NOT NULL,
    token_digest BLOB NOT NULL,
    credentials_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (namespace_id, short_name)
);

CREATE TABLE team_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    robot_id BIGINT REFERENCES robots (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    CHECK ((user_id IS NULL) <> (robot_id IS NULL)),
    UNIQUE (team_id, user_id),
    UNIQUE (team_id, robot_id)
);
CREATE INDEX team_members_by_user ON team_members (user_id, team_id);
CREATE INDEX team_members_by_robot ON team_members (robot_id, team_id);

-- Long random secrets that stand for a user or a robot: application tokens for command lines, access tokens for the
-- API. Only a digest is kept.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'access')),
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    robot_id BIGINT REFERENCES robots (id) ON DELETE CASCADE,
    title TEXT NOT NULL DEFAULT '',
    scopes TEXT NOT NULL DEFAULT '',
    digest BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    CHECK ((user_id IS NULL) <> (robot_id IS NULL))
);
CREATE INDEX tokens_by_user ON tokens (user_id, kind);
CREATE INDEX tokens_by_robot ON tokens (robot_id, kind);
CREATE INDEX tokens_by_expiry ON tokens (expires_at);

-- Facts about this instance as a whole, such as which secret key belongs to it.
CREATE TABLE instance_facts (
    name TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
);
