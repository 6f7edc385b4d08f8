#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to mail by keys is done at the server soon after."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import tap

SECONDS = 20


def subjects(other, folder):
    """Subject to flags of what the server holds in a folder."""
    found = {}
    try:
        messages = other.messages(folder)
    except Exception:  # no such folder (yet)
        return found
    for uid in messages:
        found[other.header(folder, uid, "Subject")] = messages[uid]
    return found


def reaches(test, other, folder, number, name, flag=None, gone=False):
    wanted = "Letter %03d" % number

    def there():
        held = subjects(other, folder)
        if wanted not in held:
            return gone
        if flag is None:
            return not gone
        return (flag in live.spelled(held[wanted])) != gone

    test.ok(fixture.until(there, live.patience(SECONDS)), name,
            str(subjects(other, folder)))


def single(test, term, other):
    term.press("g", "g", "e")
    term.wait_for("Archived", live.patience(5))
    test.ok(term.shows("u undoes"), "archiving is told, and how to undo it")
    test.ok(not term.shows("Letter 030"), "the row is gone at once",
            term.dump())
    reaches(test, other, "Archive", 30, "archived at the server")
    term.press("u")
    reaches(test, other, "INBOX", 30, "undone at the server")
    term.wait_for("Letter 030", live.patience(5))
    term.press("g", "g", "s")
    reaches(test, other, "INBOX", 30, "the star", "\\Flagged")
    term.press("U")
    reaches(test, other, "INBOX", 30, "unread", "\\Seen", gone=True)
    term.press("l")
    term.type("garden")
    term.press("Enter")
    reaches(test, other, "INBOX", 30, "a label", "garden")
    term.press("u")
    reaches(test, other, "INBOX", 30, "the label off", "garden", gone=True)
    term.press("j", "!")
    reaches(test, other, "Junk", 29, "spam")
    term.press("d")
    reaches(test, other, "Trash", 28, "deleted")


def several(test, term, other):
    term.press("g", "g", "j", "x", "x", "x", "m")
    term.type("archi")
    term.press("Enter")
    term.wait_for("Moved 3", live.patience(5))
    for number in (27, 26, 25):
        reaches(test, other, "Archive", number, "moved %d" % number)
    term.press("u")
    for number in (27, 26, 25):
        reaches(test, other, "INBOX", number, "moved back %d" % number)


def read(test, term, other, server):
    server.deliver(live.USER, live.letter(31))
    term.wait_for("Letter 031", live.patience(SECONDS))
    reaches(test, other, "INBOX", 31, "unread still", "\\Seen", gone=True)
    term.press("g", "g", "Enter")
    term.wait_for("text of letter 031", live.patience(10))
    reaches(test, other, "INBOX", 31, "read once it is opened", "\\Seen")
    term.press("Esc")


def folders(test, term, other):
    def names():
        return [str(name) for name in other.folders()]

    term.press(":")
    term.type("folder-create Plans/north")
    term.press("Enter")
    test.ok(fixture.until(lambda: any("north" in name for name in names()),
                          live.patience(SECONDS)), "a folder made",
            str(names()))
    term.press(":")
    term.type("folder Plans/north")
    term.press("Enter")
    term.press(":")
    term.type("folder-rename Plans/south")
    term.press("Enter")
    test.ok(fixture.until(lambda: any("south" in name for name in names()),
                          live.patience(SECONDS)), "and renamed",
            str(names()))
    term.press(":")
    term.type("folder-delete")
    term.press("Enter")
    term.press("y")
    test.ok(fixture.until(lambda: not any("south" in name
                                          for name in names()),
                          live.patience(SECONDS)), "and deleted",
            str(names()))


def check_same(test, server, tercet, kind):
    """A server without UIDPLUS keeps what was moved, marked as deleted."""
    wanted = {name: {uid: flags for uid, flags in held.items()
                     if "\\Deleted" not in flags}
              for name, held in live.server_content(server).items()}
    got, odd = live.store_content(tercet, wanted)
    found = odd + live.differences(wanted, got)
    test.ok(not found, kind + ": store and server agree in the end",
            "\n".join(found[:30]))


def with_server(test, kind):
    with live.scene(messages=live.letters(30), kind=kind) as \
            (server, tercet), live.client(server) as other:
        with tercet.terminal() as term:
            term.wait_for("Letter 030", live.patience(15))
            term.wait_for(live.ONLINE, live.patience(15))
            single(test, term, other)
            several(test, term, other)
            read(test, term, other, server)
            folders(test, term, other)
            live.check_ended_well(test, term, tercet, kind)
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        check_same(test, server, tercet, kind)


def tests(test):
    for kind in ("full", "modest"):
        test.note("server: " + kind)
        with_server(test, kind)


if __name__ == "__main__":
    tap.main(tests)
