#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail given to commands on the terminal: what they get, and how it ends."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import time

import fixture
import live
import tap

BACK = "goes back to tercet"


def pipe(term, line, answer=None):
    """Pipes what is at the cursor; returns when tercet is back."""
    term.press("|")
    term.wait_for("Pipe .*:", live.patience(5))
    term.type(line)
    term.press("Enter")
    term.wait_for(BACK, live.patience(10))
    if answer:
        term.type(answer)
    term.press("Enter")
    term.wait_for("archive", live.patience(5))


def runs(term, name):
    """Whether the program has become this one in a process of its own."""
    for pid in term.processes()[1:]:
        try:
            with open("/proc/%d/comm" % pid) as comm:
                if comm.read().strip() == name:
                    return True
        except OSError:
            pass
    return False


def read(path):
    with open(path, "rb") as file:
        return file.read()


def run(test, tercet):
    with tercet.terminal("--demo", cols=160) as term:
        out = os.path.join(tercet.directory, "out")
        term.wait_for(r"INBOX|Inbox", live.patience(10))
        term.settle()
        term.press("Tab")
        pipe(term, "sh -c 'cat >\"$0\"' '%s'" % out)
        whole = read(out)
        test.ok(b"Subject: " in whole and b"\n\n" in
                whole.replace(b"\r\n", b"\n"), "the message as it was sent",
                repr(whole[:300]))
        test.ok(not whole.startswith(b"From "), "by itself it is no mbox")
        test.ok(term.find("sh has ended"), "its end is said", term.dump())

        pipe(term, "sh -c 'exit 3'")
        test.ok(term.find("sh failed with status 3"), "so is a failure",
                term.dump())
        pipe(term, "sh -c 'kill -9 $$'")
        test.ok(term.find("sh was ended by signal 9"), "and a signal",
                term.dump())
        pipe(term, "printf '%s' '; touch evil' $HOME")
        test.ok(not os.path.exists(os.path.join(tercet.directory, "evil")),
                "no shell is asked")

        term.press("|")
        term.type("no-such-command-here")
        term.press("Enter")
        test.ok(fixture.until(lambda: term.pump(0.1) or term.find(
            "Cannot run no-such-command-here"), live.patience(5)),
            "what cannot be run is said", term.dump())

        # Keys meant for the command do not end tercet.
        term.press("|")
        term.type("sleep 600")
        term.press("Enter")
        test.ok(fixture.until(lambda: runs(term, "sleep"), 10),
                "a command runs")
        term.type("\x1a")
        time.sleep(0.3)
        term.type("\x03")
        term.wait_for(BACK, live.patience(10))
        term.press("Enter")
        test.ok(fixture.until(lambda: term.pump(0.1) or term.find(
            "sleep was ended by signal 2"), live.patience(5)) and
            term.alive(), "Ctrl-C ends the command alone", term.dump())

        thread(test, term, out)
        live.check_ended_well(test, term, tercet, "pipe")


def thread(test, term, out):
    """A closed thread is an mbox, the oldest first."""
    term.press(":")
    term.type("focus list")
    term.press("Enter")
    for _ in range(30):
        term.press("|")
        term.pump(0.2)
        found = term.find("Pipe the thread's")
        term.press("Esc")
        if found:
            break
        term.press("j")
        term.pump(0.6)
    test.ok(found, "a closed thread is piped whole", term.dump())
    pipe(term, "sh -c 'cat >\"$0\"' '%s'" % out)
    mbox = read(out)
    dates = [line for line in mbox.split(b"\n")
             if line.startswith(b"From tercet@localhost ")]
    test.ok(len(dates) > 1 and b"\r" not in mbox, "as an mbox",
            repr(dates))
    when = [time.strptime(line.decode()[22:], "%a %b %d %H:%M:%S %Y")
            for line in dates]
    test.ok(when == sorted(when), "the oldest first", repr(dates))


def tests(test):
    with fixture.Tercet() as tercet:
        run(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
