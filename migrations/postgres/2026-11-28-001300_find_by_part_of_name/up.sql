-- The parts of three letters that a repository's name has behind its namespace: repositories are found by any part of
-- their names without a look at all of them. No reference, because it would need an index as large as the table; names
-- are taken out with the row, and rows are never used again.
CREATE TABLE repository_grams (
    gram TEXT COLLATE "C" NOT NULL,
    repository_id BIGINT NOT NULL,
    PRIMARY KEY (gram, repository_id)
);
INSERT INTO repository_grams (gram, repository_id)
    SELECT DISTINCT SUBSTR(r.path, p.i, 3), r.id
    FROM (SELECT id, '^' || SUBSTR(name, STRPOS(name, '/') + 1) || '$' AS path FROM repositories) r
    JOIN GENERATE_SERIES(1, 255) p (i) ON p.i <= LENGTH(r.path) - 2 ORDER BY 1, 2;

-- Tags by name, whichever repository they are in.
CREATE INDEX tags_by_name ON tags (name, repository_id);
