-- The journal: what a person did to mail, and what of it servers still have to
-- be told.  doc/adr/0026-journal.md has the rules.

-- One step of undo.
CREATE TABLE action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    verb INTEGER NOT NULL,
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
    n INTEGER NOT NULL, -- messages it was about; 0 before the first undo
    changed INTEGER NOT NULL, -- counts acts, undos and redos
    generation INTEGER NOT NULL, -- how often it was undone and redone
    inverting INTEGER NOT NULL CHECK (inverting IN (0, 1)), -- not through yet
    created INTEGER NOT NULL,
    target TEXT -- what the sentence names
) STRICT;
CREATE UNIQUE INDEX action_changed ON action (changed);
CREATE INDEX action_undone ON action (changed) WHERE state = 1;
CREATE INDEX action_inverting ON action (changed) WHERE inverting = 1;

-- One intent for one account, about the placements of one folder.
CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    action INTEGER NOT NULL REFERENCES action (id),
    account INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 9),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    folder INTEGER NOT NULL,
    target_folder INTEGER NOT NULL,
    add_flags INTEGER NOT NULL,
    remove_flags INTEGER NOT NULL,
    keyword_add INTEGER NOT NULL CHECK (keyword_add IN (0, 1)),
    generation INTEGER NOT NULL, -- of the action, when this was made
    inverts INTEGER NOT NULL, -- operation; 0: none
    inverted INTEGER NOT NULL, -- the generation its items were brought to
    local INTEGER NOT NULL CHECK (local IN (0, 1)), -- no server is told
    cancelling INTEGER NOT NULL CHECK (cancelling IN (0, 1)),
    rest INTEGER NOT NULL CHECK (rest BETWEEN 0 AND 4), -- of the selection
    dropped INTEGER NOT NULL CHECK (dropped IN (0, 1)), -- the rest, by undo
    rest_from INTEGER NOT NULL, -- where the walk through a folder stands
    rest_id INTEGER NOT NULL,
    rest_below INTEGER NOT NULL, -- ids that were there when it was asked for
    n_items INTEGER NOT NULL,
    n_left INTEGER NOT NULL, -- items not settled
    n_running INTEGER NOT NULL,
    n_failed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    keyword TEXT,
    name TEXT, -- of the folder, as people write it
    name_to TEXT, -- the same as the server does
    name_was TEXT,
    remote_was TEXT,
    error TEXT
) STRICT;
CREATE INDEX operation_action ON operation (action);
-- To be shown: all but what is done or was cancelled.
CREATE INDEX operation_open ON operation (id) WHERE state < 5;
-- With a selection that waits to be applied.
CREATE INDEX operation_rest ON operation (id) WHERE rest > 0 AND dropped = 0;
CREATE INDEX operation_cancelling ON operation (id) WHERE cancelling = 1;

-- Ids of a selection that waits, ascending: packed as operation_rest.c has it.
CREATE TABLE operation_ids (
    operation INTEGER NOT NULL REFERENCES operation (id),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    n INTEGER NOT NULL,
    ids BLOB NOT NULL,
    PRIMARY KEY (operation, first)
) STRICT, WITHOUT ROWID;

-- One placement an operation is about.  Operations on folders have one, with
-- neither placement nor target.
CREATE TABLE operation_item (
    id INTEGER PRIMARY KEY,
    operation INTEGER NOT NULL REFERENCES operation (id),
    account INTEGER NOT NULL,
    placement INTEGER NOT NULL, -- 0: none
    target INTEGER NOT NULL, -- the placement it becomes; 0: none
    message INTEGER NOT NULL, -- 0: none
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),
    changed INTEGER NOT NULL, -- flags that it really changed
    superseded INTEGER NOT NULL CHECK (superseded IN (0, 1)),
    generation INTEGER NOT NULL, -- of the action, when last inverted
    inverts INTEGER NOT NULL -- item; 0: none
) STRICT;
CREATE INDEX operation_item_leaves
    ON operation_item (operation, superseded, generation);
CREATE INDEX operation_item_pending ON operation_item (account, id)
    WHERE state < 3;
CREATE INDEX operation_item_placement ON operation_item (placement)
    WHERE placement > 0;
CREATE INDEX operation_item_target ON operation_item (target)
    WHERE target > 0;

-- Bits of what waits to be done to the folder itself; see store/operation.h.
ALTER TABLE folder ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
