#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed while nobody looked is there after the next sync."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re

import live
import proxy
import tap

ROUNDS = 6

# What a client may only ask where it was announced.
NEWER = {
    "full": None,
    "condstore": r"QRESYNC|NOTIFY|VANISHED|ESEARCH|LIST.*RETURN"
                 r"|SEARCH RETURN|PREVIEW|SAVEDATE|OBJECTID",
    "modest": r"QRESYNC|CONDSTORE|CHANGEDSINCE|MODSEQ|NOTIFY|ENABLE"
              r"|UID MOVE|UID EXPUNGE|UNSELECT|LIST.*RETURN"
              r"|SEARCH RETURN|COMPRESS|PREVIEW|SAVEDATE",
}


def rounds(test, server, tercet, kind):
    meddler = live.Meddler(server, seed=5)
    for turn in range(ROUNDS):
        done = len(meddler.done)
        meddler.meddle()
        result = tercet.run("sync", timeout=60)
        live.check_command(test, result, 0,
                           "%s: sync, round %d" % (kind, turn + 1))
        if not live.check_same(
                test, server, tercet,
                "%s: the same after round %d" % (kind, turn + 1)):
            test.note("done before: " + " ".join(meddler.done[done:]))
            return


def polite(test, lines, kind):
    if NEWER[kind] is None:
        test.ok(any("QRESYNC" in line for line in lines),
                kind + ": QRESYNC is used where it is offered")
        return
    rude = [line for line in lines if re.search(NEWER[kind], line, re.I)]
    test.ok(not rude, kind + ": nothing is asked that was not announced",
            "\n".join(rude[:10]))


def with_server(test, kind):
    folders = {"Archive": live.letters(20, "Old letter")}
    with live.scene(messages=50, folders=folders, kind=kind,
                    scheme="imap+insecure") as (server, tercet), \
            proxy.Proxy(server.port("imap")) as watcher:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=watcher.port))
        live.check_command(test, tercet.run("sync"), 0,
                           kind + ": first sync")
        live.check_same(test, server, tercet, kind + ": the same at first")
        rounds(test, server, tercet, kind)
        watcher.reset_counters()
        live.check_command(test, tercet.run("sync"), 0,
                           kind + ": nothing new")
        test.note("%s: an idle sync costs %s" % (kind, watcher.counters()))
        polite(test, watcher.client_lines(), kind)
        live.check_command(test, tercet.run("doctor"), 0, kind + ": doctor")
        live.check_no_reports(test, tercet, kind + ": no sanitizer report")


def tests(test):
    for kind in ("full", "condstore", "modest"):
        with_server(test, kind)


if __name__ == "__main__":
    tap.main(tests)
