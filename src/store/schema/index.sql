-- The text index, in a file of its own: it can be made anew from the store at
-- any time, and is, when its version is not this program's.  It keeps words,
-- not text: what a row was made of is read again from the store when it must
-- go.

CREATE TABLE info (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    identity INTEGER NOT NULL
) STRICT;

-- The messages in it, and what of them: stamps of text (0: none) and parts.
CREATE TABLE doc (
    message INTEGER PRIMARY KEY,
    text_stamp INTEGER NOT NULL,
    parts_stamp INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE message_text USING fts5 (
    subject, authors, recipients, body, names,
    content = '',
    tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO message_text (message_text, rank) VALUES ('automerge', 8);
INSERT INTO message_text (message_text, rank) VALUES ('hashsize', 2097152);
