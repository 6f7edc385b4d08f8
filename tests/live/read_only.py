#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""--read-only changes nothing at the server, not even by looking."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re

import live
import proxy
import tap

CHANGES = re.compile(r"(?i)^\S+ (UID )?(SELECT|STORE|EXPUNGE|APPEND|COPY|"
                     r"MOVE|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|"
                     r"CLOSE|SETMETADATA)\b")
LOOKS = re.compile(r"(?i)BODY\[|RFC822(?!\.SIZE)")


def check_wire(test, wire, name):
    lines = wire.client_lines()
    changing = [line for line in lines if CHANGES.search(line)]
    test.ok(not changing, name + ": no command that could change anything",
            "\n".join(changing[:10]))
    test.ok(any(re.search(r"(?i) EXAMINE ", line) for line in lines),
            name + ": folders are opened by EXAMINE", "\n".join(lines[:30]))
    marking = [line for line in lines if LOOKS.search(line)]
    test.ok(not marking, name + ": nothing is fetched that marks as read",
            "\n".join(marking[:10]))
    wire.reset_counters()


def interface(test, server, tercet, wire):
    with tercet.terminal("--read-only") as term:
        term.wait_for("Letter 020", live.patience(15))
        term.wait_for(live.ONLINE, live.patience(15))
        term.press("Enter")
        term.wait_for("text of letter 020", live.patience(10))
        for key in ("j", "s", "U", "e", "d", "!", "k"):
            term.press(key)
        term.pump(2)
        test.ok(term.alive(), "keys that would change mail are survived",
                term.dump())
        live.check_ended_well(test, term, tercet, "interface")
    check_wire(test, wire, "interface")


def tests(test):
    with live.scene(messages=live.letters(20, flags=""),
                    scheme="imap+insecure") as (server, tercet), \
            proxy.Proxy(server.port("imap")) as wire:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        before = live.server_content(server)
        interface(test, server, tercet, wire)
        # Where nothing changed, no folder needs to be opened at all.
        server.deliver(live.USER, live.letter(21))
        before["INBOX"][21] = set()
        live.check_command(test, tercet.run("--read-only", "sync"), 0,
                           "sync --read-only")
        check_wire(test, wire, "sync")
        test.equal(live.server_content(server), before,
                   "the server holds what it held")


if __name__ == "__main__":
    tap.main(tests)
