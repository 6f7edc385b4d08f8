#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed in the first sync, ten times over: nothing is lost, nothing doubled."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import random
import signal
import time

import genmail
import live
import proxy
import tap

MESSAGES = 4000
KILLS = 10


def mail():
    generator = genmail.Generator(MESSAGES, seed=11, small=True)
    return [generator.message(number) for number in range(MESSAGES)]


def check_store(test, tercet, name, so_far):
    """The store opens and what it shows is in order."""
    listed = tercet.run("list", "--json", "--limit", "1000000",
                        "--folder", "INBOX")
    if not so_far and "no folder INBOX" in listed.err:
        test.note(name + ": came before the folder did")
        return so_far
    if not live.check_command(test, listed, 0, name + ": the store opens"):
        return so_far
    rows = listed.objects()
    uids = {row["uid"] for row in rows}
    ids = {row["id"] for row in rows}
    test.ok(len(uids) == len(rows) == len(ids), name + ": nothing doubled",
            "%d rows, %d UIDs, %d ids" % (len(rows), len(uids), len(ids)))
    test.ok(uids >= so_far, name + ": nothing lost",
            "%d were there before" % len(so_far - uids))
    test.note("%s: %d of %d" % (name, len(rows), MESSAGES))
    return uids


def kill_command(tercet, chance, stretch):
    process = tercet.start("sync")
    # Early and late, with weight on the busy first second.
    time.sleep((chance.choice((0.05, 0.2, 0.5)) + chance.random() * 0.5)
               * stretch)
    process.kill()
    process.communicate()


def kill_interface(tercet, chance, stretch):
    with tercet.terminal() as term:
        term.gather((0.3 + chance.random()) * stretch)
        term.kill(signal.SIGKILL)
        term.wait_exit(live.patience(5))


def killed(test, tercet, other, chance, kind):
    so_far = set()
    stretch = 1                 # of a machine that gets nowhere in that time
    for turn in range(1, KILLS + 1):
        if turn <= KILLS - 3:
            kill_command(tercet, chance, stretch)
        else:
            kill_interface(tercet, chance, stretch)
        so_far = check_store(test, tercet, "%s: kill %d" % (kind, turn),
                             so_far)
        if not so_far:
            stretch *= 1.5
        other.append("INBOX", live.letter(turn, "Arrival"))
        other.store("INBOX", turn, "-FLAGS (\\Seen)")
    return so_far


def with_server(test, kind):
    """Somebody else brings mail and takes flags off meanwhile."""
    chance = random.Random(3)
    with live.scene(messages=mail(), scheme="imap+insecure", kind=kind,
                    general={"offline": "all"}) as (server, tercet), \
            live.client(server) as other, \
            proxy.Proxy(server.port("imap"), delay=0.01) as slow:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=slow.port))
        so_far = killed(test, tercet, other, chance, kind)
        test.ok(so_far, kind + ": something was fetched before the kills")
        live.check_command(test, tercet.run("sync", timeout=180), 0,
                           kind + ": a last sync goes through")
        live.check_same(test, server, tercet,
                        kind + ": the store holds what the server holds")
        live.check_command(test, tercet.run("doctor", timeout=120), 0,
                           kind + ": doctor finds nothing wrong")
        live.check_no_reports(test, tercet, kind + ": no sanitizer report")


def tests(test):
    for kind in ("full", "condstore", "modest"):
        with_server(test, kind)


if __name__ == "__main__":
    tap.main(tests)
