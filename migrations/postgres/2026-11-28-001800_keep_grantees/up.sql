-- To how many repositories of a namespace somebody has a grant of their own, those not counted that are deleted: so that an
-- organization's collaborators are found without looking at all of its grants.
CREATE TABLE namespace_grantees (
    namespace_id BIGINT NOT NULL REFERENCES namespaces (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    repositories BIGINT NOT NULL,
    PRIMARY KEY (namespace_id, user_id)
);
CREATE INDEX namespace_grantees_by_user ON namespace_grantees (user_id);

INSERT INTO namespace_grantees (namespace_id, user_id, repositories)
    SELECT r.namespace_id, p.user_id, COUNT(*) FROM repository_permissions p JOIN repositories r ON r.id = p.repository_id
    WHERE p.user_id IS NOT NULL AND r.deleted_name IS NULL GROUP BY r.namespace_id, p.user_id;

CREATE FUNCTION grantees_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    namespace BIGINT;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT r.namespace_id INTO namespace FROM repositories r
            WHERE r.id = NEW.repository_id AND r.deleted_name IS NULL;
        IF namespace IS NOT NULL THEN
            INSERT INTO namespace_grantees (namespace_id, user_id, repositories) VALUES (namespace, NEW.user_id, 1)
                ON CONFLICT (namespace_id, user_id) DO UPDATE SET repositories = namespace_grantees.repositories + 1;
        END IF;
    ELSE
        SELECT r.namespace_id INTO namespace FROM repositories r
            WHERE r.id = OLD.repository_id AND r.deleted_name IS NULL;
        IF namespace IS NOT NULL THEN
            UPDATE namespace_grantees SET repositories = repositories - 1
                WHERE namespace_id = namespace AND user_id = OLD.user_id;
            DELETE FROM namespace_grantees
                WHERE namespace_id = namespace AND user_id = OLD.user_id AND repositories = 0;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grantees_come AFTER INSERT ON repository_permissions FOR EACH ROW
    WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION grantees_counted();
CREATE TRIGGER grantees_gone AFTER DELETE ON repository_permissions FOR EACH ROW
    WHEN (OLD.user_id IS NOT NULL) EXECUTE FUNCTION grantees_counted();
-- Deleted alone, or brought back.
CREATE FUNCTION grantees_buried() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.deleted_name IS NULL THEN
        INSERT INTO namespace_grantees (namespace_id, user_id, repositories)
            SELECT NEW.namespace_id, p.user_id, 1 FROM repository_permissions p
            WHERE p.repository_id = NEW.id AND p.user_id IS NOT NULL
            ON CONFLICT (namespace_id, user_id) DO UPDATE SET repositories = namespace_grantees.repositories + 1;
    ELSE
        UPDATE namespace_grantees SET repositories = repositories - 1 WHERE namespace_id = NEW.namespace_id
            AND user_id IN (SELECT p.user_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
        DELETE FROM namespace_grantees WHERE namespace_id = NEW.namespace_id AND repositories = 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grantees_buried AFTER UPDATE OF deleted_name ON repositories FOR EACH ROW
    WHEN ((OLD.deleted_name IS NULL) <> (NEW.deleted_name IS NULL)) EXECUTE FUNCTION grantees_buried();
