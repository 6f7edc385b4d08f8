-- How far texts that an older program extracted have been extracted again:
-- all of them by `version`, and up to message `at` by the one after.

CREATE TABLE text_again (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
INSERT INTO text_again (id, version, at) VALUES (1, 0, 0);
