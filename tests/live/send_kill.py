#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tercet is killed at random moments while it queues and delivers: nothing that
was said to be queued is lost, nothing arrives twice, and what nobody can know
is shown as such.

    TERCET_KILLS=500 tests/live/send_kill.py"""

import os
import random
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import smtpsink
import tap
from send import configure, mail, rows

KILLS = int(os.environ.get("TERCET_KILLS", "40"))


def start(tercet, *args, stdin=b""):
    process = subprocess.Popen(
        tercet.argv(*args), env=tercet.environment(), cwd=tercet.directory,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        process.stdin.write(stdin)
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process


def end_at(process, seconds):
    """Kills it after that time; its status where it had ended before."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def tests(test):
    chance = random.Random(int(os.environ.get("TERCET_SEED", "1")))
    queued = set()
    killed = 0
    with smtpsink.Sink(delay=0.01) as sink, fixture.Tercet() as tercet:
        configure(tercet, sink)
        began = time.monotonic()
        tercet.run("send", "-t", "-i", stdin=mail("warm"))
        length = time.monotonic() - began
        number = 0
        while killed < KILLS and number < 20 * KILLS:
            number += 1
            if chance.random() < 0.7:
                name = "kill%d" % number
                process = start(tercet, "send", "-t", "-i",
                                stdin=mail(name))
            else:
                name = None
                process = start(tercet, "outbox", "flush")
            status = end_at(process, chance.random() * 1.2 * length)
            killed += status is None
            if status == 0 and name:
                queued.add(name + "@example.org")
        test.ok(killed >= KILLS, "%d of %d were killed" % (killed, number))
        sink.delay = 0
        test.equal(tercet.run("outbox", "flush", timeout=300).status, 0,
                   "the rest is delivered")
        outbox = rows(tercet)
        arrived = sink.ids()
        lost = [it for it in queued if it not in arrived and
                outbox.get(it, {}).get("state") != "unconfirmed"]
        test.equal(lost, [], "nothing that was queued is lost")
        twice = sorted({it for it in arrived if arrived.count(it) > 1})
        test.equal(twice, [], "nothing arrived twice")
        unknown = [it for it, row in outbox.items()
                   if row["state"] == "sent" and it not in arrived]
        test.equal(unknown, [], "what is called sent did arrive")
        left = [it for it, row in outbox.items()
                if row["state"] not in ("sent", "unconfirmed")]
        test.equal(left, [], "nothing else is left")
        doubted = [it for it, row in outbox.items()
                   if row["state"] == "unconfirmed"]
        test.note("%d sent, %d unconfirmed, %d of them arrived" %
                  (len(outbox) - len(doubted), len(doubted),
                   sum(it in arrived for it in doubted)))
        # A copy a message in Sent: one filed before a crash is not repeated.
        subjects = [it["id"] for it in tercet.messages("Sent")]
        sent = [it for it, row in outbox.items() if row["state"] == "sent"]
        test.equal(len(subjects), len(sent), "one copy of each in Sent")
        test.equal(sink.faults, [], "nothing no client should do")


if __name__ == "__main__":
    tap.main(tests)
