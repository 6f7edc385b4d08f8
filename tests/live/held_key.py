#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key held down while the server says nothing: each of its presses counts,
and all is done at the server once it answers again.  The same with thousands
at once, ended by force in between."""

import os
import re
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import proxy
import tap

PRESSES = 300
RATE = 30.0
LETTERS = PRESSES + 20
MANY = 2000
COMMANDS = re.compile(r"(?i)^\S+ UID (STORE|MOVE|COPY|EXPUNGE) ")


def count(other, folder):
    if not any(folder == str(name) for name in other.folders()):
        return 0
    return len(other.messages(folder))


def held_here(tercet, folder):
    row = live.names_folder(tercet.folders(), folder)
    return row["total"] if row else 0


def hold(term, key, presses):
    """At the rate keys repeat with, whatever the screen does."""
    begun = time.monotonic()
    for number in range(presses):
        term.press(key, settle=False)
        due = begun + (number + 1) / RATE
        term.gather(max(0, due - time.monotonic()))
    return time.monotonic() - begun


def stalled(test, tercet, wire, term, other):
    term.press("g", "g")
    wire.stall()
    seconds = hold(term, "e", PRESSES)
    test.note("%d presses in %.1f s" % (PRESSES, seconds))
    test.ok(fixture.until(
        lambda: held_here(tercet, "Archive") == PRESSES, live.patience(20)),
        "every press archived one here",
        "%d of %d" % (held_here(tercet, "Archive"), PRESSES))
    test.equal(held_here(tercet, "INBOX"), LETTERS - PRESSES,
               "and the rest stayed")
    test.equal(count(other, "Archive"), 0, "the server heard of none")
    wire.cut()
    wire.resume()
    test.ok(fixture.until(lambda: count(other, "Archive") == PRESSES,
                          live.patience(120)),
            "it has all of them once it answers", str(count(other, "Archive")))
    test.equal(count(other, "INBOX"), LETTERS - PRESSES,
               "and none of the rest")
    moves = [line for line in wire.client_lines() if COMMANDS.search(line)]
    test.ok(len(moves) <= 20, "in few commands", "%d" % len(moves))


def key_held(test):
    with live.scene(messages=LETTERS, scheme="imap+insecure",
                    general={"mark-read": "never"}) as (server, tercet), \
            proxy.Proxy(server.port("imap")) as wire, \
            live.client(server) as other:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        with tercet.terminal() as term:
            term.wait_for("Letter %03d" % LETTERS, live.patience(30))
            term.wait_for(live.ONLINE, live.patience(30))
            stalled(test, tercet, wire, term, other)
            live.check_ended_well(test, term, tercet, "held key")
        live.check_same(test, server, tercet, "store and server agree")


def thousands(test):
    with live.scene(messages=MANY, scheme="imap+insecure") as \
            (server, tercet), live.client(server) as other:
        live.check_command(test, tercet.run(
            "sync", timeout=live.patience(120)), 0, "a first pass")
        with tercet.terminal() as term:
            term.wait_for("Letter %03d" % MANY, live.patience(30))
            term.press("g", "g", "V", "G", "V")
            term.wait_for("marked", live.patience(20))
            term.press("e")
            term.wait_for("Archived", live.patience(20))
            term.kill()
            term.wait_exit(live.patience(10))
        with tercet.terminal() as term:
            test.ok(fixture.until(
                lambda: term.pump(0.2) or count(other, "Archive") == MANY,
                live.patience(120)),
                "killed in the middle, it is finished by the next start",
                "%d" % count(other, "Archive"))
            test.equal(count(other, "INBOX"), 0, "nothing is left behind")
            term.press("u")
            test.ok(fixture.until(
                lambda: term.pump(0.2) or count(other, "INBOX") == MANY,
                live.patience(120)), "and is one step of undo",
                "%d" % count(other, "INBOX"))
            live.check_ended_well(test, term, tercet, "thousands")
        live.check_command(test, tercet.run("sync"), 0, "a last pass")
        live.check_same(test, server, tercet, "thousands: all agree")


def tests(test):
    key_held(test)
    thousands(test)


if __name__ == "__main__":
    tap.main(tests)
