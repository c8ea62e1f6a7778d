DROP TRIGGER grantees_restored;
DROP TRIGGER grantees_buried;
DROP TRIGGER grantees_gone;
DROP TRIGGER grantees_come;
DROP TABLE namespace_grantees;
