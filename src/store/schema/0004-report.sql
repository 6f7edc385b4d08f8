-- What messages report of others, and what servers found of a message's origin.
-- Both are read again from the message whenever its text is.

-- A recipient a row.  No foreign key leads to the message it is about: that one
-- may come later, or never.
CREATE TABLE report (
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    account INTEGER NOT NULL,
    about TEXT NOT NULL, -- Message-ID
    action INTEGER NOT NULL, -- enum report_action
    recipient TEXT,
    status TEXT,
    server TEXT,
    reason TEXT,
    PRIMARY KEY (message, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_about ON report (account, about);

CREATE TABLE authentication (
    message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    results TEXT NOT NULL -- packed as mail/authentication.h has it
) STRICT;
