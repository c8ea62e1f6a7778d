DROP TRIGGER grantees_buried ON repositories;
DROP FUNCTION grantees_buried();
DROP TRIGGER grantees_gone ON repository_permissions;
DROP TRIGGER grantees_come ON repository_permissions;
DROP FUNCTION grantees_counted();
DROP TABLE namespace_grantees;
