-- The first schema.  Times are seconds since 1970, UTC.
--
-- Messages and placements draw their ids from one counter, store.next_id, and
-- an id is never used twice.  A message's first placement has the message's
-- own id, so that the common case needs no index from one to the other.
--
-- placement.message and thread.folder bear no foreign key: enforcing one on
-- deletion would want an index that nothing else needs.  store_check() looks
-- after them.

CREATE TABLE store (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    hash_key BLOB NOT NULL CHECK (length(hash_key) = 16),
    next_id INTEGER NOT NULL,
    index_identity INTEGER NOT NULL, -- of the text index's file; 0: none yet
    checkpoints INTEGER NOT NULL
) STRICT;

CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 6),
    state_since INTEGER NOT NULL DEFAULT 0,
    last_sync INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    capabilities TEXT
) STRICT;

CREATE TABLE folder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    remote BLOB, -- the server's bytes; NULL for a local folder
    delimiter INTEGER NOT NULL DEFAULT 0,
    role INTEGER NOT NULL DEFAULT 0 CHECK (role BETWEEN 0 AND 11),
    selectable INTEGER NOT NULL DEFAULT 1 CHECK (selectable IN (0, 1)),
    subscribed INTEGER NOT NULL DEFAULT 0 CHECK (subscribed IN (0, 1)),
    dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)),
    state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2),
    uid_space INTEGER NOT NULL DEFAULT 0,
    uidvalidity INTEGER NOT NULL DEFAULT 0,
    uidnext INTEGER NOT NULL DEFAULT 0,
    highestmodseq INTEGER NOT NULL DEFAULT 0,
    server_total INTEGER NOT NULL DEFAULT -1,
    server_unread INTEGER NOT NULL DEFAULT -1,
    synced_at INTEGER NOT NULL DEFAULT 0,
    placed INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    threads INTEGER NOT NULL DEFAULT 0,
    unlinked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX folder_remote ON folder (account, remote);

-- What UIDs count in: a new one whenever a folder's UIDVALIDITY changes.  The
-- old ones stay while placements still bear their numbers.
CREATE TABLE uid_space (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    folder INTEGER NOT NULL REFERENCES folder (id)
) STRICT;
CREATE INDEX uid_space_folder ON uid_space (folder);

-- Columns of list rows stand first: the rest may lie on overflow pages.
-- Address columns are packed as mail/address.h has it.
CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    attachments INTEGER NOT NULL,
    received INTEGER NOT NULL,
    size INTEGER NOT NULL,
    date INTEGER NOT NULL,
    subject TEXT,
    authors TEXT,
    list_id TEXT,
    snippet TEXT,
    recipients TEXT,
    copies TEXT,
    message_id TEXT,
    in_reply_to TEXT, -- ids, one a line
    refs TEXT,        -- ids, one a line, oldest first
    sender TEXT,
    reply_to TEXT,
    blind_copies TEXT,
    identity INTEGER, -- see identity.h; NULL: never merged
    header_hash INTEGER,
    email_id BLOB,
    parts_stamp INTEGER NOT NULL, -- differs when names of parts do
    parts BLOB -- packed as mail/part.h has it; NULL: unknown
) STRICT;
CREATE INDEX message_identity ON message (identity DESC)
    WHERE identity IS NOT NULL;

-- Messages of state 0.  They come here when they are linked rather than by an
-- index of message, since placing is what people wait for.
CREATE TABLE wanted (
    account INTEGER NOT NULL,
    received INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (account, received DESC, message)
) STRICT, WITHOUT ROWID;

-- flags and keywords are in force; server_flags and server_keywords are what
-- the server last said.
CREATE TABLE placement (
    id INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    folder INTEGER NOT NULL REFERENCES folder (id),
    hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
    linked INTEGER NOT NULL CHECK (linked IN (0, 1)),
    received INTEGER NOT NULL,
    uid_space INTEGER,
    uid INTEGER, -- NULL: none (yet)
    conversation INTEGER NOT NULL, -- its own id until linked
    flags INTEGER NOT NULL,
    keywords TEXT,
    server_flags INTEGER NOT NULL,
    server_keywords TEXT,
    modseq INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX placement_uid ON placement (uid_space, uid DESC)
    WHERE uid IS NOT NULL;
-- Descending, since a folder is first seen from its newest message on, and rows
-- that come at an index's end cost least.  With the id, though every index ends
-- in it: only so does SQLite seek to a place among many rows of one second.
CREATE INDEX placement_order ON placement (folder, hidden, received DESC, id DESC);
CREATE INDEX placement_unread ON placement (folder, received, id)
    WHERE hidden = 0 AND (flags & 1) = 0;
CREATE INDEX placement_extra ON placement (message)
    WHERE id <> message;
CREATE INDEX placement_conversation
    ON placement (conversation, folder, received)
    WHERE linked = 1;

-- What waits to be linked (kind 0: placements of the folder) or put into the
-- text index (kind 1: messages of the account): the ids in this range, lowest
-- first; ranges with the highest id first.
CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    account INTEGER NOT NULL,
    folder INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    newest INTEGER NOT NULL -- received, of the newest when it was begun
) STRICT;

-- Conversations that took in another, were taken in, or have several messages.
CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    merged_into INTEGER, -- NULL: it stands
    size INTEGER NOT NULL
) STRICT;

-- Hashes of Message-IDs, present or only referred to.
CREATE TABLE reference (
    hash INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL
) STRICT;

-- Base subjects by 30-day bucket; orphans are replies that name no parent.
CREATE TABLE subject_link (
    bucket INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    orphan INTEGER NOT NULL CHECK (orphan IN (0, 1)),
    message INTEGER NOT NULL,
    PRIMARY KEY (bucket, hash, orphan, message)
) STRICT, WITHOUT ROWID;

-- What a conversation is in a folder, recomputed from its placements by each
-- transaction that touches one.
CREATE TABLE thread (
    conversation INTEGER NOT NULL,
    folder INTEGER NOT NULL,
    newest_received INTEGER NOT NULL,
    newest INTEGER NOT NULL, -- placement
    size INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    flags INTEGER NOT NULL, -- of any; seen: of all; answered: of the newest
    keywords TEXT,
    attachments INTEGER NOT NULL,
    people TEXT, -- a line each, oldest first: "u" or "r", address, tab, name
    more_people INTEGER NOT NULL,
    PRIMARY KEY (conversation, folder)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_order ON thread (folder, newest_received, newest);
CREATE INDEX thread_unread ON thread (folder, newest_received, newest)
    WHERE unread > 0;

CREATE TABLE text (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    version INTEGER NOT NULL, -- of the extractor
    indexed INTEGER NOT NULL CHECK (indexed IN (0, 1)),
    stamp INTEGER NOT NULL, -- of this text and no other
    packed BLOB NOT NULL -- as mail/paragraph.h has it
) STRICT;
CREATE INDEX text_unindexed ON text (indexed)
    WHERE indexed = 0;

-- What the text index may still hold of texts and parts that were replaced.
CREATE TABLE old_text (
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    stamp INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX old_text_stamp ON old_text (message, stamp);
CREATE TABLE old_parts (
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    stamp INTEGER NOT NULL,
    parts BLOB
) STRICT;
CREATE UNIQUE INDEX old_parts_stamp ON old_parts (message, stamp);

CREATE TABLE section (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message INTEGER NOT NULL REFERENCES message (id),
    name TEXT NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    size INTEGER NOT NULL,
    slices INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX section_name ON section (message, name);

-- The id is section * 2^20 + position.
CREATE TABLE slice (
    id INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

-- Messages that lost their last placement, and when.
CREATE TABLE orphan (
    message INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    unindexed INTEGER NOT NULL DEFAULT 0 CHECK (unindexed IN (0, 1))
) STRICT;
CREATE INDEX orphan_since ON orphan (unindexed, since);

CREATE TABLE question (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    text TEXT NOT NULL,
    detail TEXT
) STRICT;
CREATE UNIQUE INDEX question_kind ON question (account, kind);
