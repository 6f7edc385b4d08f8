#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`tercet sync` where an interface runs already, and where none does."""

import os
import signal
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import proxy
import tap

MESSAGES = 60


def connections(wire):
    return wire.counters()["connections"]


def beside(test, server, tercet, wire, other):
    """The engine of the interface does it, over its own connection."""
    for number in range(MESSAGES + 1, MESSAGES + 4):
        other.append("Quiet", live.letter(number),
                     when=live.FIRST_LETTER + 3600 * number)
    before = connections(wire)
    live.check_command(test, tercet.run("sync"), 0, "a pass is asked for")
    test.equal(connections(wire), before, "no other connection was made")
    test.equal(len(tercet.messages("Quiet")), 8, "what was new is here")
    live.check_same(test, server, tercet, "store and server agree")
    other.append("Quiet", live.letter(MESSAGES + 4),
                 when=live.FIRST_LETTER + 3600 * (MESSAGES + 4))
    live.check_command(test, tercet.run("sync", "work/Quiet"), 0,
                       "one folder is asked for")
    test.equal(len(tercet.messages("Quiet")), 9, "and is in step")
    test.equal(connections(wire), before, "again by the same connection")
    result = tercet.run("sync", "work/Nowhere")
    test.ok(result.status != 0 and "Nowhere" in result.err,
            "a folder that does not exist is named", result.err)


def by_key(test, term, wire):
    """What is said of looking for mail goes when that has been done, which may
    be before anybody has read it."""
    asked = len(wire.client_lines())
    term.press("$")
    test.ok(live.fixture.until(
        lambda: term.pump(0.1) or len(wire.client_lines()) > asked,
        live.patience(20)), "asked for by key, the server is asked")
    test.ok(live.fixture.until(
        lambda: term.pump(0.1) or not term.shows("Looking for new mail"),
        live.patience(20)), "asked for by key, it ends too", term.dump())


def failing(test, tercet, wire):
    """Its outcome is the command's."""
    wire.cut(refuse=True)
    result = tercet.run("sync", timeout=live.patience(60))
    test.equal(result.status, 1, "no server: the status says so")
    test.ok("work" in result.err, "and a sentence names the account",
            result.err)
    wire.accept_again()
    live.check_command(test, tercet.run("sync", timeout=live.patience(60)), 0,
                       "the next one does not wait for another try")


def stopped(test, tercet, wire, term):
    """An interface that job control has stopped answers nobody."""
    os.kill(term.pid, signal.SIGSTOP)
    before = connections(wire)
    try:
        live.check_command(
            test, tercet.run("sync", timeout=live.patience(30)), 0,
            "beside a stopped one it is done all the same")
    finally:
        os.kill(term.pid, signal.SIGCONT)
    test.ok(connections(wire) > before, "over a connection of its own")


def tests(test):
    quiet = {"Quiet": live.letters(5, prefix="Quiet")}
    with live.scene(messages=MESSAGES, scheme="imap+insecure",
                    folders=quiet) as (server, tercet), \
            proxy.Proxy(server.port("imap")) as wire, \
            live.client(server) as other:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        with tercet.terminal() as term:
            term.wait_for(live.ONLINE, live.patience(30))
            # One to synchronise, one for what somebody opens.
            live.fixture.until(lambda: connections(wire) == 2, 30)
            beside(test, server, tercet, wire, other)
            by_key(test, term, wire)
            failing(test, tercet, wire)
            term.wait_for(live.ONLINE, live.patience(30))
            stopped(test, tercet, wire, term)
            live.check_ended_well(test, term, tercet, "interface")
        before = connections(wire)
        live.check_command(test, tercet.run("sync"), 0, "and without any")
        test.equal(connections(wire), before + 1,
                   "it connects by itself")


if __name__ == "__main__":
    tap.main(tests)
