#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two interfaces on one store, scripts beside them, another client: all see
what any of them did within seconds, and the server once."""

import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import proxy
import tap

SECONDS = 10
CHANGES = re.compile(r"(?i)^\S+ UID (STORE|MOVE|COPY|EXPUNGE) ")


def ids(tercet, folder, *numbers):
    wanted = {"Letter %03d" % number for number in numbers}
    return [str(row["id"]) for row in tercet.messages(folder)
            if row["subject"] in wanted]


def flags_at(other, number):
    for uid, flags in other.messages("INBOX").items():
        if other.header("INBOX", uid, "Subject") == "Letter %03d" % number:
            return flags
    return None


def subjects_at(other, folder):
    return {other.header(folder, uid, "Subject")
            for uid in other.messages(folder)}


def script_flags(test, tercet, other, terms, number):
    before = [term.lines()[term.find("Letter %03d" % number)[0]]
              for term in terms]
    live.check_command(test, tercet.run(
        "flag", *ids(tercet, "INBOX", number), "+\\Flagged"), (0, 3),
        "a script flags a letter")
    for name, term, old in zip(("first", "second"), terms, before):
        def changed():
            term.pump(0.2)
            row, _ = term.find("Letter %03d" % number)
            return term.lines()[row] != old
        test.ok(fixture.until(changed, SECONDS),
                "the %s interface shows it" % name, term.dump())
    test.ok(fixture.until(
        lambda: "\\Flagged" in flags_at(other, number), SECONDS),
        "and the server has it")


def script_archives(test, tercet, other, terms, number):
    live.check_command(test, tercet.run(
        "archive", *ids(tercet, "INBOX", number)), (0, 3),
        "a script archives a letter")
    for name, term in zip(("first", "second"), terms):
        term.wait_for("Letter %03d" % number, live.patience(SECONDS),
                      gone=True)
        test.ok(True, "it leaves the %s interface" % name)
    test.ok(fixture.until(
        lambda: "Letter %03d" % number in subjects_at(other, "Archive"),
        SECONDS), "and the server has it in the archive")
    live.check_command(test, tercet.run("undo"), (0, 3),
                       "a script undoes that")
    for name, term in zip(("first", "second"), terms):
        term.wait_for("Letter %03d" % number, live.patience(SECONDS))
        test.ok(True, "it is back in the %s interface" % name)
    test.ok(fixture.until(
        lambda: "Letter %03d" % number in subjects_at(other, "INBOX"),
        SECONDS), "and in the server's inbox")


def at_once(test, tercet, other, wire, count):
    """Many scripts at a time: every one of them counts, once."""
    wire.reset_counters()
    wanted = ids(tercet, "INBOX", *range(1, count + 1))
    running = [tercet.start("flag", one, "+\\Answered") for one in wanted]
    statuses = []
    for one in running:
        one.communicate(timeout=live.patience(60))
        statuses.append(one.returncode)
    test.ok(set(statuses) <= {0, 3}, "scripts that run at the same time",
            repr(statuses))
    test.ok(fixture.until(lambda: sum(
        "\\Answered" in flags for flags in other.messages("INBOX").values())
        == count, SECONDS * 2), "each of them reaches the server")
    changes = [line for line in wire.client_lines() if CHANGES.search(line)]
    test.ok(0 < len(changes) <= count, "and the server is told no more often",
            "\n".join(changes))


def tests(test):
    with live.scene(messages=20) as (server, tercet), \
            live.client(server) as other, \
            proxy.Proxy(server.port("imap")) as wire:
        tercet.account("work", live.url(
            server, "imap+insecure", port=wire.port, host="127.0.0.1"))
        with tercet.terminal() as first:
            first.wait_for("Letter 020", live.patience(15))
            first.wait_for(live.ONLINE, live.patience(15))
            with tercet.terminal() as second:
                second.wait_for("Letter 020", live.patience(15))
                terms = (first, second)
                script_flags(test, tercet, other, terms, 19)
                script_archives(test, tercet, other, terms, 18)
                at_once(test, tercet, other, wire, 8)
                live.check_ended_well(test, second, tercet, "second")
            live.check_ended_well(test, first, tercet, "first")
        live.check_command(test, tercet.run("sync"), 0, "sync")
        live.check_same(test, server, tercet,
                        "store and server agree in the end")


if __name__ == "__main__":
    tap.main(tests)
