DROP TABLE default_permissions;
DROP TABLE repository_permissions;
DROP TABLE repositories;
