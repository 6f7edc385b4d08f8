#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random sequences against real servers: what tests/live/model.c plays.

MODEL_SEEDS="FIRST COUNT" (or just COUNT) says which; MODEL_KINDS which kinds
of servers.  A seed that fails prints what was done in it.  MODEL_SWEEP=1 also
interrupts one replay at each of its steps.
"""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import dovecot
import fixture
import live
import tap

DEFAULT = 20                    # seeds for each kind
SLICE = 25                      # seeds for one process, and one deadline
SECONDS_EACH = 30
SWEEP_FIRST = 1000000           # its users, one for each point
SWEEP_POINTS = 480


def player():
    built = os.environ.get("TERCET_MODEL", "")
    candidates = [built, "tests/live/model",
                  os.path.join(fixture.TOP, "build", "tests", "live", "model")]
    for path in candidates:
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise tap.Skip("tests/live/model is not built")


def seeds():
    words = [int(word) for word in os.environ.get(
        "MODEL_SEEDS", str(DEFAULT)).split()]
    return (words[0], words[1]) if len(words) > 1 else (1, words[0])


def play(test, kind, server, first, count):
    most = SWEEP_POINTS if count == "sweep" else count
    done = subprocess.run(
        [player(), str(server.port("imap")), str(first), str(count)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace", timeout=live.patience(SECONDS_EACH * most))
    played = 0
    for line in done.stdout.splitlines():
        if line.startswith("ok ") or line.startswith("not ok "):
            played += 1
            test.ok(line.startswith("ok"),
                    "%s: %s" % (kind, line.split(" - ", 1)[-1]))
        elif not line.startswith("1.."):
            test.note(line.lstrip("# ") if line.startswith("# ") else line)
    if played != count and count != "sweep" or done.returncode > 1:
        test.ok(False, "%s: %s from %d are played" % (kind, count, first),
                "%d played, status %d" % (played, done.returncode))


def tests(test):
    live.need_dovecot()
    player()
    first, count = seeds()
    kinds = os.environ.get("MODEL_KINDS", "full condstore modest").split()
    users = {who % seed: "secret" for seed in range(first, first + count)
             for who in ("m%d", "n%d")}
    sweeps = int(os.environ.get("MODEL_SWEEP", "1"))
    if sweeps:
        users.update({who % seed: "secret" for seed in range(
            SWEEP_FIRST, SWEEP_FIRST + SWEEP_POINTS)
            for who in ("m%d", "n%d")})
    for kind in kinds:
        with dovecot.Dovecot(users=users, kind=kind,
                             storage="sdbox") as server:
            for at in range(first, first + count, SLICE):
                play(test, kind, server, at,
                     min(SLICE, first + count - at))
            if sweeps:
                play(test, kind, server, SWEEP_FIRST, "sweep")


if __name__ == "__main__":
    tap.main(tests)
