#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else changes the mailbox while the interface looks at it."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import genmail
import live
import tap

SECONDS = 20
# Without modification sequences and a push for every folder, the rest is
# found by sweeps.
SWEEP = 90
NOTES = "First this, then that."


def row_of(tercet, number):
    wanted = "Letter %03d" % number
    for row in tercet.messages("INBOX"):
        if row["subject"] == wanted:
            return row
    return None


def uid_of(other, number):
    for uid in other.messages("INBOX"):
        subject = other.header("INBOX", uid, "Subject")
        if subject == "Letter %03d" % number:
            return uid
    raise AssertionError("the server has no letter %d" % number)


def arrivals(test, term, server, other):
    server.deliver(live.USER, live.letter(31))
    term.wait_for("Letter 031", live.patience(SECONDS))
    test.ok(True, "a delivered letter appears")
    for number in range(100, 300):
        other.append("INBOX", live.letter(number),
                     when=live.FIRST_LETTER + 3600 * number)
    term.press("g", "g")
    term.wait_for("Letter 299", live.patience(SECONDS))
    test.ok(True, "two hundred at once appear")


def look(term, wanted):
    """The line that shows it, as it is by now."""
    term.pump(0.1)
    return term.lines()[term.find(wanted)[0]]


def flags(test, term, tercet, other):
    term.press("g", "g")
    uid = uid_of(other, 298)
    row, _ = term.find("Letter 298")
    before = term.lines()[row]
    other.store("INBOX", uid, "+FLAGS (\\Flagged)")
    shown = fixture.until(
        lambda: "\\Flagged" in row_of(tercet, 298)["flags"], SECONDS)
    test.ok(shown, "a flag set elsewhere reaches the store")
    test.ok(fixture.until(lambda: look(term, "Letter 298") != before,
                          SECONDS),
            "and the row on the screen", before + "\n" + term.dump())
    other.store("INBOX", uid, "-FLAGS (\\Flagged)")
    shown = fixture.until(
        lambda: "\\Flagged" not in row_of(tercet, 298)["flags"], SECONDS)
    test.ok(shown, "a flag taken off as well")


def expunges(test, term, other):
    uids = [uid_of(other, number) for number in (297, 295)]
    other.expunge("INBOX", uids)
    term.wait_for("Letter 297", live.patience(SECONDS), gone=True)
    term.wait_for("Letter 295", live.patience(SECONDS), gone=True)
    test.ok(term.shows("Letter 296") and term.shows("Letter 294"),
            "expunged letters go, their neighbours stay", term.dump())


def with_notes(number):
    """A letter with an attachment."""
    parts = ("--cut\nContent-Type: text/plain\n\nSee the notes.\n"
             "--cut\nContent-Type: text/plain; name=\"notes.txt\"\n"
             "Content-Disposition: attachment; filename=\"notes.txt\"\n\n"
             "%s\n--cut--\n" % NOTES)
    return genmail.letter("Letter %03d" % number, parts,
                          when=live.FIRST_LETTER + 3600 * number,
                          content_type="multipart/mixed; boundary=cut")


def attachment(test, term, tercet, other):
    """The connection that fetches has selected the folder long before."""
    to = os.path.join(tercet.directory, "notes.txt")
    term.press("Enter")
    term.wait_for("text of letter", live.patience(10))
    term.press("q")
    other.append("INBOX", with_notes(300))
    term.press("g", "g")
    term.wait_for("Letter 300", live.patience(SECONDS))
    term.press("g", "g", "Enter")
    term.wait_for("See the notes", live.patience(10))
    term.press(":")
    term.type("save-attachment 2 " + to)
    term.press("Enter")
    saved = fixture.until(lambda: os.path.exists(to) and
                          NOTES in open(to, encoding="ascii").read(), SECONDS)
    test.ok(saved, "the attachment of a letter that just came is saved",
            term.dump())
    term.press("q")
    term.wait_for("Letter 299", live.patience(5))


def folders(test, tercet, other, seconds):
    other.create("Newly made")
    other.append("Newly made", live.letter(1, "Elsewhere"))
    test.ok(fixture.until(lambda: live.names_folder(
        tercet.folders(), "Newly made"), seconds),
        "a folder made elsewhere appears")
    test.ok(fixture.until(lambda: (live.names_folder(
        tercet.folders(), "Newly made") or {}).get("total") == 1, seconds),
        "with its count")
    other.rename("Newly made", "Renamed")
    test.ok(fixture.until(lambda: live.names_folder(
        tercet.folders(), "Renamed") and not live.names_folder(
            tercet.folders(), "Newly made"), seconds),
        "a renamed folder shows its new name")
    other.delete("Renamed")
    test.ok(fixture.until(lambda: not live.names_folder(
        tercet.folders(), "Renamed"), seconds),
        "a deleted folder goes")


def with_server(test, kind):
    with live.scene(messages=30, kind=kind) as (server, tercet), \
            live.client(server) as other:
        with tercet.terminal() as term:
            term.wait_for("Letter 030", live.patience(15))
            term.wait_for(live.ONLINE, live.patience(15))
            arrivals(test, term, server, other)
            flags(test, term, tercet, other)
            expunges(test, term, other)
            attachment(test, term, tercet, other)
            folders(test, tercet, other,
                    SECONDS if kind == "full" else SWEEP)
            live.check_ended_well(test, term, tercet, kind)
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        live.check_same(test, server, tercet,
                        kind + ": store and server agree in the end")


def tests(test):
    for kind in ("full", "condstore", "modest"):
        test.note("server: " + kind)
        with_server(test, kind)


if __name__ == "__main__":
    tap.main(tests)
