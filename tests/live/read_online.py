#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a real account's mail: folders, list, viewer, keys, sizes."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import tap

SIZES = ((170, 26), (80, 22), (60, 16), (40, 10), (120, 34))


def folders_and_list(test, term):
    term.wait_for("Letter 060", live.patience(15))
    test.ok(True, "the newest letter is on the screen")
    term.wait_for("Archive", live.patience(10))
    for name in ("INBOX", "Archive", "Drafts", "Sent", "Trash"):
        test.contains(term.text(), name, "the folder pane shows " + name)
    term.wait_for(live.ONLINE, live.patience(15))
    test.ok(True, "the status line says online")


def viewer(test, term):
    term.press("Enter")
    term.wait_for("text of letter 060", live.patience(10))
    test.ok(True, "Enter opens the letter in the viewer")
    test.contains(term.text(), "writer4@example.org",
                  "the viewer shows the sender's address")
    term.press("j")
    term.wait_for("text of letter 059", live.patience(10))
    test.ok(True, "j goes on to the next letter")
    term.press("k")
    term.wait_for("text of letter 060", live.patience(10))
    test.ok(True, "k goes back to the one before")
    term.press("h")
    term.wait_for("Message-I[Dd]", live.patience(10))
    test.ok(True, "h shows the full headers")
    term.press("h")
    term.wait_for("Message-I[Dd]", live.patience(10), gone=True)
    test.ok(True, "h once more folds them")
    term.press("H")
    term.wait_for("Content-Transfer-Encoding: 8bit", live.patience(10))
    test.ok(True, "H shows the raw source")
    term.press("H")
    term.wait_for("Content-Transfer-Encoding", live.patience(10), gone=True)
    test.ok(True, "H once more leaves it")
    term.press("q")


def moving(test, term):
    term.press("G")
    term.wait_for("Letter 001", live.patience(5))
    test.ok(True, "G goes to the oldest letter")
    term.press("g", "g")
    term.wait_for("Letter 060", live.patience(5))
    test.ok(True, "g g goes to the newest")
    term.press("PgDn")
    term.wait_for("Letter 060", live.patience(5), gone=True)
    test.ok(True, "PgDn turns the page")
    term.press("PgUp")
    term.wait_for("Letter 060", live.patience(5))
    test.ok(True, "PgUp turns it back")


def other_folder(test, term):
    term.press("c")
    term.type("arch")
    term.press("Enter")
    term.wait_for("Old letter 003", live.patience(10))
    test.ok(True, "c and a few letters jump to another folder")
    term.press("Enter")
    term.wait_for("text of old letter 003", live.patience(10))
    test.ok(True, "its mail can be read")
    term.press("q")
    term.press("c")
    term.type("inbox")
    term.press("Enter")
    term.wait_for("Letter 060", live.patience(10))
    test.ok(True, "and back to the inbox")


def sizes(test, term):
    term.press("j", "j")
    for cols, rows in SIZES:
        term.resize(cols, rows)
        term.settle(0.3)
        test.ok(term.alive() and term.shows("Letter 058"),
                "at %dx%d the place is kept" % (cols, rows), term.dump())
    row, column = term.find("Letter 055")
    term.mouse("left", row, column)
    term.wait_for("text of letter 055", live.patience(10))
    test.ok(True, "a click opens a letter")
    term.press("?")
    term.wait_for("Go to the next message", live.patience(5))
    test.ok(True, "? shows the help")
    term.press("Esc")


def tests(test):
    folders = {"Archive": live.letters(3, "Old letter")}
    with live.scene(messages=60, folders=folders) as (server, tercet):
        with tercet.terminal() as term:
            folders_and_list(test, term)
            viewer(test, term)
            moving(test, term)
            other_folder(test, term)
            sizes(test, term)
            live.check_ended_well(test, term, tercet, "interface")


if __name__ == "__main__":
    tap.main(tests)
