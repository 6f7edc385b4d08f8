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


def killed_commands(test, tercet, chance, so_far):
    for turn in range(KILLS - 3):
        process = tercet.start("sync")
        # Early and late, with weight on the busy first second.
        time.sleep(chance.choice((0.05, 0.2, 0.5)) + chance.random() * 0.5)
        process.kill()
        process.communicate()
        so_far = check_store(test, tercet, "kill %d" % (turn + 1), so_far)
    return so_far


def killed_interfaces(test, tercet, chance, so_far):
    for turn in range(KILLS - 3, KILLS):
        with tercet.terminal() as term:
            term.pump(0.3 + chance.random())
            term.kill(signal.SIGKILL)
            term.wait_exit(live.patience(5))
        so_far = check_store(test, tercet, "kill %d" % (turn + 1), so_far)
    return so_far


def tests(test):
    chance = random.Random(3)
    with live.scene(messages=mail(), scheme="imap+insecure",
                    general={"offline": "all"}) as (server, tercet), \
            proxy.Proxy(server.port("imap"), delay=0.01) as slow:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=slow.port))
        so_far = killed_commands(test, tercet, chance, set())
        killed_interfaces(test, tercet, chance, so_far)
        live.check_command(test, tercet.run("sync", timeout=180), 0,
                           "a last sync goes through")
        live.check_same(test, server, tercet,
                        "the store holds what the server holds")
        live.check_command(test, tercet.run("doctor", timeout=120), 0,
                           "doctor finds nothing wrong")
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
