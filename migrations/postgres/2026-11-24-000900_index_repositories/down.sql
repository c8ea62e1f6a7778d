DROP INDEX repository_permissions_by_repository;
DROP INDEX tags_by_time;
