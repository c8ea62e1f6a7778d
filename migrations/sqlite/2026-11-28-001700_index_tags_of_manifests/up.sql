-- Of a manifest that very many tags point at the first fifty names are shown: in the order of the index.
DROP INDEX tags_by_manifest;
CREATE INDEX tags_by_manifest ON tags (manifest_id, repository_id, name);
