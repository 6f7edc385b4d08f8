-- Messages that no server moves by itself: from account to account, and
-- between a server and what is only here.

-- Whose turn it is; see store/transfer.h.
ALTER TABLE operation_item ADD COLUMN phase INTEGER NOT NULL DEFAULT 0
    CHECK (phase BETWEEN 0 AND 3);
-- What is appended has no UID below this in its folder.
ALTER TABLE operation_item ADD COLUMN uid_floor INTEGER NOT NULL DEFAULT 0;
-- Of the items done: those that the server keeps, marked as deleted.
ALTER TABLE operation ADD COLUMN n_kept INTEGER NOT NULL DEFAULT 0;
-- A failed one: it was on the screen.
ALTER TABLE operation ADD COLUMN looked_at INTEGER NOT NULL DEFAULT 0
    CHECK (looked_at IN (0, 1));

-- How a folder is listed, where somebody chose that: one of the store's, or one
-- over several accounts, whose id is below 0.
CREATE TABLE folder_view (
    folder INTEGER PRIMARY KEY,
    threads INTEGER NOT NULL CHECK (threads IN (0, 1))
) STRICT;
