-- Everything people administer beside what earlier migrations made: sessions, profiles, applications, labels, stars,
-- messages, deletion with a way back, and what keeps the usage log fast.
ALTER TABLE namespaces ADD COLUMN invoice_email BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE namespaces ADD COLUMN invoice_email_address TEXT;
-- How long a deleted or moved tag can be restored, in seconds.
ALTER TABLE namespaces ADD COLUMN tag_expiration_s BIGINT NOT NULL DEFAULT 1209600;
-- Deleted things lose their name at once (it is moved to deleted_name) and are purged after a while.
ALTER TABLE namespaces ADD COLUMN deleted_at BIGINT;
ALTER TABLE namespaces ADD COLUMN deleted_name TEXT;
CREATE INDEX namespaces_by_deletion ON namespaces (deleted_at);
CREATE INDEX namespaces_by_kind ON namespaces (kind, name);

ALTER TABLE users ADD COLUMN given_name TEXT;
ALTER TABLE users ADD COLUMN family_name TEXT;
ALTER TABLE users ADD COLUMN company TEXT;
ALTER TABLE users ADD COLUMN location TEXT;
CREATE INDEX users_by_email ON users (email);

ALTER TABLE repositories ADD COLUMN state TEXT NOT NULL DEFAULT 'normal' CHECK (state IN ('normal', 'read_only', 'mirror'));
ALTER TABLE repositories ADD COLUMN deleted_at BIGINT;
ALTER TABLE repositories ADD COLUMN deleted_name TEXT;
-- When a tag last moved.
ALTER TABLE repositories ADD COLUMN pushed_at BIGINT;
CREATE INDEX repositories_by_deletion ON repositories (deleted_at);

ALTER TABLE tags ADD COLUMN expires_at BIGINT;
CREATE INDEX tags_by_expiry ON tags (expires_at);
ALTER TABLE tag_events ADD COLUMN reversion BOOLEAN NOT NULL DEFAULT 0;

-- A browser's sign-in. The cookie's secret is kept as a digest only.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    -- When the password was last given: dangerous operations ask for it again after a while.
    confirmed_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ip TEXT,
    user_agent TEXT
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE oauth_applications (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    organization_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    application_uri TEXT NOT NULL DEFAULT '',
    redirect_uri TEXT NOT NULL DEFAULT '',
    avatar_email TEXT,
    secret_sealed BLOB NOT NULL,
    secret_digest BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX oauth_applications_by_organization ON oauth_applications (organization_id, id);

-- Codes on their way from the consent page to the application.
CREATE TABLE oauth_codes (
    digest BLOB PRIMARY KEY NOT NULL,
    application_id BIGINT NOT NULL REFERENCES oauth_applications (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oauth_codes_by_application ON oauth_codes (application_id);
CREATE INDEX oauth_codes_by_user ON oauth_codes (user_id);
CREATE INDEX oauth_codes_by_expiry ON oauth_codes (expires_at);

-- A token an application holds for somebody; none for tokens people made for themselves.
ALTER TABLE tokens ADD COLUMN application_id BIGINT REFERENCES oauth_applications (id) ON DELETE CASCADE;
-- Through the consent page (a grant its user can see and revoke) or made by an admin of the organization.
ALTER TABLE tokens ADD COLUMN origin TEXT NOT NULL DEFAULT 'personal' CHECK (origin IN ('personal', 'consent', 'minted'));
ALTER TABLE tokens ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
-- Application tokens can be looked up again by who made them.
ALTER TABLE tokens ADD COLUMN sealed BLOB;
CREATE INDEX tokens_by_application ON tokens (application_id, id);

CREATE TABLE stars (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, repository_id)
);
CREATE INDEX stars_by_repository ON stars (repository_id);

CREATE TABLE manifest_labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    manifest_id BIGINT NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    media_type TEXT NOT NULL DEFAULT 'text/plain',
    source TEXT NOT NULL CHECK (source IN ('manifest', 'api', 'internal')),
    created_at BIGINT NOT NULL
);
CREATE INDEX manifest_labels_by_manifest ON manifest_labels (repository_id, manifest_id, id);
CREATE INDEX manifest_labels_of_manifest ON manifest_labels (manifest_id);

CREATE TABLE team_invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    email TEXT,
    inviter TEXT NOT NULL,
    code_digest BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK ((user_id IS NULL) <> (email IS NULL)),
    UNIQUE (team_id, user_id),
    UNIQUE (team_id, email)
);
CREATE INDEX team_invitations_by_user ON team_invitations (user_id);
CREATE INDEX team_invitations_by_expiry ON team_invitations (expires_at);

-- Whose signed identity stands for the robot account's token.
CREATE TABLE robot_federations (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    robot_id BIGINT NOT NULL REFERENCES robots (id) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    UNIQUE (robot_id, issuer, subject)
);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    media_type TEXT NOT NULL CHECK (media_type IN ('text/plain', 'text/markdown')),
    severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'error')),
    created_at BIGINT NOT NULL
);

-- What a creating request with an Idempotency-Key was answered, so that sending it again creates nothing.
CREATE TABLE idempotency_keys (
    holder TEXT NOT NULL,
    key TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    status INTEGER,
    answer TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (holder, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- By what the actor proved who they are: session, password, robot_token, application_token, access_token …
ALTER TABLE events ADD COLUMN credential TEXT NOT NULL DEFAULT 'none';
-- Which of the actor's tokens, by its uuid.
ALTER TABLE events ADD COLUMN token_uuid TEXT;
DROP INDEX events_by_namespace;
DROP INDEX events_by_repository;
DROP INDEX events_by_actor;
DROP INDEX events_by_time;
CREATE INDEX events_by_namespace ON events (namespace_id, at, id);
CREATE INDEX events_by_repository ON events (repository_id, at, id);
CREATE INDEX events_by_actor ON events (actor_kind, actor_id, at, id);
CREATE INDEX events_by_time ON events (at, id);

-- The events of days that are over, counted, so that a chart of a month reads hundreds of rows and not millions.
CREATE TABLE event_days (
    day BIGINT NOT NULL,
    namespace_id BIGINT NOT NULL,
    repository_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    times BIGINT NOT NULL,
    PRIMARY KEY (day, namespace_id, repository_id, kind)
);
CREATE INDEX event_days_by_repository ON event_days (repository_id, day);
CREATE INDEX event_days_by_namespace ON event_days (namespace_id, day);
