-- The parts of three letters that a repository's name has behind its namespace: repositories are found by any part of
-- their names without a look at all of them. No reference, because it would need an index as large as the table; names
-- are taken out with the row, and rows are never used again.
CREATE TABLE repository_grams (
    gram TEXT NOT NULL,
    repository_id BIGINT NOT NULL,
    PRIMARY KEY (gram, repository_id)
) WITHOUT ROWID;
INSERT INTO repository_grams (gram, repository_id)
    WITH RECURSIVE places(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM places WHERE i < 255)
    SELECT DISTINCT SUBSTR(r.path, p.i, 3), r.id
    FROM (SELECT id, '^' || SUBSTR(name, INSTR(name, '/') + 1) || '$' AS path FROM repositories) r
    JOIN places p ON p.i <= LENGTH(r.path) - 2 ORDER BY 1, 2;

-- Tags by name, whichever repository they are in.
CREATE INDEX tags_by_name ON tags (name, repository_id);
