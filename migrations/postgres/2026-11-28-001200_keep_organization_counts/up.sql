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

CREATE FUNCTION teams_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE namespaces SET teams = teams + 1 WHERE id = NEW.organization_id;
    ELSE
        UPDATE namespaces SET teams = teams - 1 WHERE id = OLD.organization_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER teams_counted AFTER INSERT OR DELETE ON teams FOR EACH ROW EXECUTE FUNCTION teams_counted();
-- Its members leave the organization while it is still there to say who they were. They are not deleted here: that would
-- change the row that is being deleted, which PostgreSQL refuses. Afterwards they go with it.
CREATE FUNCTION teams_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE organization_members SET teams = teams - 1 WHERE organization_id = OLD.organization_id
        AND user_id IN (SELECT m.user_id FROM team_members m WHERE m.team_id = OLD.id);
    DELETE FROM organization_members WHERE organization_id = OLD.organization_id AND teams = 0;
    RETURN OLD;
END $$;
CREATE TRIGGER teams_emptied BEFORE DELETE ON teams FOR EACH ROW EXECUTE FUNCTION teams_emptied();
CREATE FUNCTION robots_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE namespaces SET robots = robots + 1 WHERE id = NEW.namespace_id;
    ELSE
        UPDATE namespaces SET robots = robots - 1 WHERE id = OLD.namespace_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER robots_counted AFTER INSERT OR DELETE ON robots FOR EACH ROW EXECUTE FUNCTION robots_counted();
CREATE FUNCTION team_members_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved team_members;
    more BIGINT;
    organization BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        moved := NEW;
        more := 1;
    ELSE
        moved := OLD;
        more := -1;
    END IF;
    UPDATE teams SET members = members + more WHERE id = moved.team_id RETURNING organization_id INTO organization;
    IF moved.robot_id IS NOT NULL THEN
        UPDATE robots SET teams = teams + more WHERE id = moved.robot_id;
    ELSIF organization IS NULL THEN
        NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO organization_members (organization_id, user_id, teams) VALUES (organization, moved.user_id, 1)
            ON CONFLICT (organization_id, user_id) DO UPDATE SET teams = organization_members.teams + 1;
    ELSE
        UPDATE organization_members SET teams = teams - 1
            WHERE organization_id = organization AND user_id = moved.user_id;
        DELETE FROM organization_members
            WHERE organization_id = organization AND user_id = moved.user_id AND teams = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER team_members_counted AFTER INSERT OR DELETE ON team_members
    FOR EACH ROW EXECUTE FUNCTION team_members_counted();
CREATE FUNCTION organization_members_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE namespaces SET members = members + 1 WHERE id = NEW.organization_id;
    ELSE
        UPDATE namespaces SET members = members - 1 WHERE id = OLD.organization_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organization_members_counted AFTER INSERT OR DELETE ON organization_members
    FOR EACH ROW EXECUTE FUNCTION organization_members_counted();
-- Those of a deleted repository are not counted any more, when they go with it.
CREATE FUNCTION repository_permissions_counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE teams SET repositories = repositories + 1 WHERE id = NEW.team_id;
        UPDATE robots SET repositories = repositories + 1 WHERE id = NEW.robot_id;
    ELSIF EXISTS (SELECT 1 FROM repositories r WHERE r.id = OLD.repository_id AND r.deleted_name IS NULL) THEN
        UPDATE teams SET repositories = repositories - 1 WHERE id = OLD.team_id;
        UPDATE robots SET repositories = repositories - 1 WHERE id = OLD.robot_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER repository_permissions_counted AFTER INSERT OR DELETE ON repository_permissions
    FOR EACH ROW EXECUTE FUNCTION repository_permissions_counted();
CREATE FUNCTION repositories_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    more BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE namespaces SET repositories = repositories + 1 WHERE id = NEW.namespace_id;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE namespaces SET repositories = repositories - 1 WHERE id = OLD.namespace_id;
    ELSE
        more := CASE WHEN NEW.deleted_name IS NULL THEN 1 ELSE -1 END;
        UPDATE namespaces SET repositories = repositories + more WHERE id = NEW.namespace_id;
        UPDATE teams SET repositories = repositories + more
            WHERE id IN (SELECT p.team_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
        UPDATE robots SET repositories = repositories + more
            WHERE id IN (SELECT p.robot_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER repositories_made AFTER INSERT ON repositories FOR EACH ROW EXECUTE FUNCTION repositories_counted();
-- Deleted alone, or brought back. Those that go with their namespace come back with it.
CREATE TRIGGER repositories_buried AFTER UPDATE OF deleted_name ON repositories FOR EACH ROW
    WHEN ((OLD.deleted_name IS NULL) <> (NEW.deleted_name IS NULL)) EXECUTE FUNCTION repositories_counted();
CREATE TRIGGER repositories_gone AFTER DELETE ON repositories FOR EACH ROW
    WHEN (OLD.deleted_name IS NULL) EXECUTE FUNCTION repositories_counted();
-- The grants of one that goes without having been deleted before.
CREATE FUNCTION repositories_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM repository_permissions WHERE repository_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER repositories_emptied BEFORE DELETE ON repositories FOR EACH ROW
    WHEN (OLD.deleted_name IS NULL) EXECUTE FUNCTION repositories_emptied();
