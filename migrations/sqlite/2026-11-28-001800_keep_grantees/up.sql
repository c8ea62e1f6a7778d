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

CREATE TRIGGER grantees_come AFTER INSERT ON repository_permissions WHEN NEW.user_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM repositories r WHERE r.id = NEW.repository_id AND r.deleted_name IS NULL) BEGIN
    INSERT INTO namespace_grantees (namespace_id, user_id, repositories)
        SELECT r.namespace_id, NEW.user_id, 0 FROM repositories r WHERE r.id = NEW.repository_id
        AND NOT EXISTS (SELECT 1 FROM namespace_grantees g
            WHERE g.namespace_id = r.namespace_id AND g.user_id = NEW.user_id);
    UPDATE namespace_grantees SET repositories = repositories + 1 WHERE user_id = NEW.user_id
        AND namespace_id = (SELECT r.namespace_id FROM repositories r WHERE r.id = NEW.repository_id);
END;
CREATE TRIGGER grantees_gone AFTER DELETE ON repository_permissions WHEN OLD.user_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM repositories r WHERE r.id = OLD.repository_id AND r.deleted_name IS NULL) BEGIN
    UPDATE namespace_grantees SET repositories = repositories - 1 WHERE user_id = OLD.user_id
        AND namespace_id = (SELECT r.namespace_id FROM repositories r WHERE r.id = OLD.repository_id);
    DELETE FROM namespace_grantees WHERE user_id = OLD.user_id AND repositories = 0
        AND namespace_id = (SELECT r.namespace_id FROM repositories r WHERE r.id = OLD.repository_id);
END;
-- Deleted alone, or brought back.
CREATE TRIGGER grantees_buried AFTER UPDATE OF deleted_name ON repositories
    WHEN OLD.deleted_name IS NULL AND NEW.deleted_name IS NOT NULL BEGIN
    UPDATE namespace_grantees SET repositories = repositories - 1 WHERE namespace_id = NEW.namespace_id
        AND user_id IN (SELECT p.user_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
    DELETE FROM namespace_grantees WHERE namespace_id = NEW.namespace_id AND repositories = 0;
END;
CREATE TRIGGER grantees_restored AFTER UPDATE OF deleted_name ON repositories
    WHEN OLD.deleted_name IS NOT NULL AND NEW.deleted_name IS NULL BEGIN
    INSERT INTO namespace_grantees (namespace_id, user_id, repositories)
        SELECT NEW.namespace_id, p.user_id, 0 FROM repository_permissions p
        WHERE p.repository_id = NEW.id AND p.user_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM namespace_grantees g
            WHERE g.namespace_id = NEW.namespace_id AND g.user_id = p.user_id);
    UPDATE namespace_grantees SET repositories = repositories + 1 WHERE namespace_id = NEW.namespace_id
        AND user_id IN (SELECT p.user_id FROM repository_permissions p WHERE p.repository_id = NEW.id);
END;
