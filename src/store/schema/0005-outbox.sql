-- What is written and sent.  doc/adr/0032-outbox.md has the rules.

-- A message on its way out.  The bytes are the header without Bcc, then the
-- slices behind it; bcc is that field, for the copy in Sent alone.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account (id),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 8),
    created INTEGER NOT NULL,
    hold_until INTEGER NOT NULL, -- HELD: 0: by hand
    attempts INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    changed INTEGER NOT NULL, -- when its state was last set
    filed INTEGER NOT NULL CHECK (filed IN (0, 1)), -- the copy in Sent
    eight_bit INTEGER NOT NULL CHECK (eight_bit IN (0, 1)),
    utf8 INTEGER NOT NULL CHECK (utf8 IN (0, 1)),
    forwards INTEGER NOT NULL CHECK (forwards IN (0, 1)),
    answers INTEGER NOT NULL, -- message; 0: none
    draft INTEGER NOT NULL, -- what it was written as; 0: none
    size INTEGER NOT NULL, -- of header and slices
    slices INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    sender TEXT NOT NULL, -- of the envelope
    subject TEXT,
    recipients TEXT, -- for people: packed as mail/address.h has it
    error TEXT,
    header BLOB NOT NULL,
    bcc BLOB
) STRICT;
-- What is not over.
CREATE INDEX outbox_open ON outbox (account, id) WHERE state < 7;
CREATE INDEX outbox_unfiled ON outbox (account, id) WHERE filed = 0;

CREATE TABLE outbox_recipient (
    outbox INTEGER NOT NULL REFERENCES outbox (id),
    n INTEGER NOT NULL,
    address TEXT NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    code INTEGER NOT NULL,
    reply TEXT,
    PRIMARY KEY (outbox, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_slice (
    id INTEGER PRIMARY KEY, -- the row's, times 65536, and its position
    bytes BLOB NOT NULL
) STRICT;

-- What is being written, as compose/draft.h packs it.
CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    outbox INTEGER NOT NULL, -- it waits there; 0: it is being written
    placement INTEGER NOT NULL, -- its copy in the server's folder; 0: none
    kept INTEGER NOT NULL, -- what `changed` was when that copy was made
    subject TEXT,
    packed BLOB NOT NULL
) STRICT;
CREATE INDEX draft_outbox ON draft (outbox, changed);
