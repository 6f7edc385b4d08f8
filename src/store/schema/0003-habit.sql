-- Where mail of a sender or a mailing list was last moved to.

CREATE TABLE habit (
    account INTEGER NOT NULL,
    sender TEXT NOT NULL, -- "list:ID" or "from:ADDRESS"
    folder INTEGER NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (account, sender)
) STRICT, WITHOUT ROWID;
CREATE INDEX habit_used ON habit (account, used);
