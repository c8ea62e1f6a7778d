-- What is stored under which name, and who may do what with it.
CREATE TABLE repositories (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    namespace_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    -- The whole name, namespace included, so that the catalog is one walk along one index.
    name TEXT NOT NULL UNIQUE,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private')),
    description TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX repositories_by_namespace ON repositories (namespace_id, name);
CREATE INDEX repositories_by_visibility ON repositories (visibility, name);

CREATE TABLE repository_permissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    robot_id BIGINT REFERENCES robots (id) ON DELETE CASCADE,
    team_id BIGINT REFERENCES teams (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('read', 'write', 'admin')),
    created_at BIGINT NOT NULL,
    CHECK ((CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN robot_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) = 1),
    UNIQUE (repository_id, user_id),
    UNIQUE (repository_id, robot_id),
    UNIQUE (repository_id, team_id)
);
CREATE INDEX repository_permissions_by_user ON repository_permissions (user_id, repository_id);
CREATE INDEX repository_permissions_by_robot ON repository_permissions (robot_id, repository_id);
CREATE INDEX repository_permissions_by_team ON repository_permissions (team_id, repository_id);

-- Grants given to repositories created later: by anyone, or by one user or robot (the creator).
CREATE TABLE default_permissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    uuid TEXT NOT NULL UNIQUE,
    organization_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    creator_user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    creator_robot_id BIGINT REFERENCES robots (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    robot_id BIGINT REFERENCES robots (id) ON DELETE CASCADE,
    team_id BIGINT REFERENCES teams (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('read', 'write', 'admin')),
    created_at BIGINT NOT NULL,
    CHECK (creator_user_id IS NULL OR creator_robot_id IS NULL),
    CHECK ((CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN robot_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) = 1)
);
CREATE INDEX default_permissions_by_organization ON default_permissions (organization_id);
CREATE INDEX default_permissions_by_user ON default_permissions (user_id);
CREATE INDEX default_permissions_by_robot ON default_permissions (robot_id);
CREATE INDEX default_permissions_by_team ON default_permissions (team_id);
CREATE INDEX default_permissions_by_creator_user ON default_permissions (creator_user_id);
CREATE INDEX default_permissions_by_creator_robot ON default_permissions (creator_robot_id);
