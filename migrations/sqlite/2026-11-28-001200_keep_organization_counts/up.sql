-- What pages show of organizations, teams and robot accounts is kept as well. These change rarely and in many ways, with
-- whatever they hang on too, so the database keeps them itself and no way can be forgotten.
ALTER TABLE namespaces ADD COLUMN repositories BIGINT NOT NULL DEFAULT 0;
ALTER TABLE namespaces ADD COLUMN teams BIGINT NOT NULL DEFAULT 0;
ALTER TABLE namespaces ADD COLUMN robots BIGINT NOT NULL DEFAULT 0;
-- Users in any of its teams.
ALTER TABLE namespaces ADD COLUMN members BIGINT NOT NULL DEFAULT 0;
-- Users and robot accounts.
ALTER TABLE teams ADD COLUMN members BIGINT NOT NULL DEFAULT 0;
-- Granted to it, those not counted that are deleted.
ALTER TABLE teams ADD COLUMN repositories BIGINT NOT NULL DEFAULT 0;
ALTER TABLE robots ADD COLUMN teams BIGINT NOT NULL DEFAULT 0;
ALTER TABLE robots ADD COLUMN repositories BIGINT NOT NULL DEFAULT 0;

-- In how many teams of an organization somebody is.
CREATE TABLE organization_members (
    organization_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    teams BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);
CREATE INDEX organization_members_by_user ON organization_members (user_id, organization_id);

INSERT INTO organization_members (organization_id, user_id, teams)
    SELECT t.organization_id, m.user_id, COUNT(*) FROM team_members m JOIN teams t ON t.id = m.team_id
    WHERE m.user_id IS NOT NULL GROUP BY t.organization_id, m.user_id;
UPDATE namespaces SET
    repositories = (SELECT COUNT(*) FROM repositories r WHERE r.namespace_id = namespaces.id AND r.deleted_name IS NULL),
    teams = (SELECT COUNT(*) FROM teams t WHERE t.organization_id = namespaces.id),
    robots = (SELECT COUNT(*) FROM robots b WHERE b.namespace_id = namespaces.id),
    members = (SELECT COUNT(*) FROM organization_members m WHERE m.organization_id = namespaces.id);
UPDATE teams SET
    members = (SELECT COUNT(*) FROM team_members m WHERE m.team_id = teams.id),
    repositories = (SELECT COUNT(*) FROM repository_permissions p JOIN repositories r ON r.id = p.repository_id
        WHERE p.team_id = teams.id AND r.deleted_name IS NULL);
UPDATE robots SET
    teams = (SELECT COUNT(*) FROM team_members m WHERE m.robot_id = robots.id),
    repositories = (SELECT COUNT(*) FROM repository_permissions p JOIN repositories r ON r.id = p.repository_id
        WHERE p.robot_id = robots.id AND r.deleted_name IS NULL);

CREATE TRIGGER teams_made AFTER INSERT ON teams BEGIN
    UPDATE namespaces SET teams = teams + 1 WHERE id = NEW.organization_id;
END;
-- Its members leave while it is still there to say of which organization they were.
CREATE TRIGGER teams_emptied BEFORE DELETE ON teams BEGIN
    DELETE FROM team_members WHERE team_id = OLD.id;
END;
CREATE TRIGGER teams_gone AFTER DELETE ON teams BEGIN
    UPDATE namespaces SET teams = teams - 1 WHERE id = OLD.organization_id;
END;
CREATE TRIGGER robots_made AFTER INSERT ON robots BEGIN
    UPDATE namespaces SET robots = robots + 1 WHERE id = NEW.namespace_id;
END;
CREATE TRIGGER robots_gone AFTER DELETE ON robots BEGIN
    UPDATE namespaces SET robots = robots - 1 WHERE id = OLD.namespace_id;
END;
CREATE TRIGGER team_members_come AFTER INSERT ON team_members BEGIN
    UPDATE teams SET members = members + 1 WHERE id = NEW.team_id;
    UPDATE robots SET teams = teams + 1 WHERE id = NEW.robot_id;
    INSERT INTO organization_members (organization_id, user_id, teams)
        SELECT t.organization_id, NEW.user_id, 0 FROM teams t WHERE t.id = NEW.team_id AND NEW.user_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM organization_members m
            WHERE m.organization_id = t.organization_id AND m.user_id = NEW.user_id);
    UPDATE organization_members SET teams = teams + 1 WHERE user_id = NEW.user_id
        AND organization_id = (SELECT organization_id FROM teams WHERE id = NEW.team_id);
END;
CREATE TRIGGER team_members_gone AFTER DELETE ON team_members BEGIN
    UPDATE teams SET members = members - 1 WHERE id = OLD.team_id;
    UPDATE robots SET teams = teams - 1 WHERE id = OLD.robot_id;
    UPDATE organization_members SET teams = teams - 1 WHERE user_id = OLD.user_id
        AND organization_id = (SELECT organization_id FROM teams WHERE id = OLD.team_id);
    DELETE FROM organization_members WHERE user_id = OLD.user_id AND teams = 0
        AND organization_id = (SELECT organization_id FROM teams WHERE id = OLD.team_id);
END;
CREATE TRIGGER organization_members_come AFTER INSERT ON organization_members BEGIN
    UPDATE namespaces SET members = members + 1 WHERE id = NEW.organization_id;
END;
CREATE TRIGGER organization_members_gone AFTER DELETE ON organization_members BEGIN
    UPDATE namespaces SET members = members - 1 WHERE id = OLD.organization_id;
END;
CREATE TRIGGER repository_permissions_made AFTER INSERT ON repository_permissions BEGIN
    UPDATE teams SET repositories = repositories + 1 WHERE id = NEW.team_id;
    UPDATE robots SET repositories = repositories + 1 WHERE id = NEW.robot_id;
END;
-- Those of a deleted repository are not counted any more, when they go with it.
CREATE TRIGGER repository_permissions_gone AFTER DELETE ON repository_permissions
    WHEN EXISTS (SELECT 1 FROM repositories r WHERE r.id = OLD.repository_id AND r.deleted_name IS NULL) BEGIN
    UPDATE teams SET repositories = repositories - 1 WHERE id = OLD.team_id;
    UPDATE robots SET repositories = repositories - 1 WHERE id = OLD.robot_id;
END;
CREATE TRIGGER repositories_made AFTER INSERT ON repositories BEGIN
    UPDATE namespaces SET repositories = repositories + 1 WHERE id = NEW.namespace_id;
END;
-- Deleted alone, or brought back. Those that go with their namespace come back with it.
CREATE TRIGGER repositories_buried AFTER UPDATE OF deleted_name ON repositories
    WHEN (OLD.deleted_name IS NULL) <> (NEW.deleted_name IS NULL) BEGIN
    UPDATE namespaces SET repositories = repositories + (CASE WHEN NEW.deleted_name IS NULL THEN 1 ELSE -1 END)
        WHERE id = NEW.namespace_id;
    UPDATE teams SET repositories = repositories + (CASE WHEN NEW.deleted_name IS NULL THEN 1 ELSE -1 END)
        WHERE id IN (SELECT p.team_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
    UPDATE robots SET repositories = repositories + (CASE WHEN NEW.deleted_name IS NULL THEN 1 ELSE -1 END)
        WHERE id IN (SELECT p.robot_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
END;
CREATE TRIGGER repositories_gone AFTER DELETE ON repositories WHEN OLD.deleted_name IS NULL BEGIN
    UPDATE namespaces SET repositories = repositories - 1 WHERE id = OLD.namespace_id;
END;
-- The grants of one that goes without having been deleted before.
CREATE TRIGGER repositories_emptied BEFORE DELETE ON repositories WHEN OLD.deleted_name IS NULL BEGIN
    DELETE FROM repository_permissions WHERE repository_id = OLD.id;
END;
