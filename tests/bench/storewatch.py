# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks into the store of a running tercet, without asking tercet.

A command of the program would compete with the synchronisation that is
measured.  This reads one row, read-only, and holds nothing between two
looks.
"""

import os
import sqlite3

# As in src/store/folder.h, src/store/account.h, src/mail/role.h.
FOLDER_COMPLETE = 2
ACCOUNT_ONLINE = 3

LOOK = """
SELECT f.placed, f.state, f.unlinked, f.highestmodseq, a.state,
       (SELECT coalesce(sum(r.last - r.first + 1), 0) FROM run r
        WHERE r.kind = 1 AND r.account = a.id)
FROM folder f JOIN account a ON a.id = f.account
WHERE f.name = 'INBOX'
"""


class Look:
    """What the store said of the inbox at one moment."""

    def __init__(self, row):
        (self.placed, state, self.unlinked, self.modseq, account,
         self.unindexed) = row
        self.complete = state == FOLDER_COMPLETE
        self.online = account == ACCOUNT_ONLINE

    def phase(self):
        """What the synchronisation is busy with."""
        if not self.complete:
            return "headers"
        if self.unlinked:
            return "conversations"
        if self.unindexed:
            return "index"
        return "done" if self.online else "rest"


EMPTY = Look((0, 0, 0, 0, 0, 0))


class StoreWatch:
    def __init__(self, data):
        self.path = os.path.join(data, "store.db")
        self.base = None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        if self.base:
            self.base.close()
            self.base = None

    def look(self):
        """A Look; EMPTY as long as there is no such store or folder."""
        try:
            if not self.base:
                if not os.path.exists(self.path):
                    return EMPTY
                self.base = sqlite3.connect(
                    "file:%s?mode=ro" % self.path, uri=True, timeout=0,
                    isolation_level=None)
            row = self.base.execute(LOOK).fetchone()
        except sqlite3.Error:       # it is just being made
            self.close()
            return EMPTY
        return Look(row) if row else EMPTY

    def check(self):
        """Is the file whole, and do the counts agree with the rows?"""
        with sqlite3.connect("file:%s?mode=ro" % self.path,
                             uri=True) as base:
            whole, = base.execute("PRAGMA quick_check(1)").fetchone()
            wrong, = base.execute(
                "SELECT count(*) FROM folder f WHERE placed <> (SELECT "
                "count(*) FROM placement p WHERE p.folder = f.id "
                "AND p.hidden = 0)").fetchone()
        base.close()
        return whole == "ok" and wrong == 0
