DROP TABLE layer_entries;
DROP TABLE layer_indexes;
