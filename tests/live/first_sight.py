#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder seen for the first time: newest mail at once, the rest behind."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re

import genmail
import live
import proxy
import tap

MESSAGES = 20000
DELAY = 0.025
FAR = 0.6                       # seconds for a round trip


def mail():
    generator = genmail.Generator(MESSAGES, seed=5, small=True)
    return [generator.message(number) for number in range(MESSAGES)]


def first_sight(test, tercet, wire):
    newest = "NEWEST-%d" % MESSAGES
    with tercet.terminal() as term:
        seconds = term.wait_for(newest, live.patience(20))
        counted = wire.counters_at(term.started + seconds)
        test.note("newest row after %.0f ms, %s" % (seconds * 1e3, counted))
        test.ok(counted["bytes_down"] < 4 << 20,
                "the newest rows came before the rest", repr(counted))
        live.check_keys(test, term, ["j", "PgDn", "k", "PgUp"], 60,
                        "keys are answered while the rest comes in", 0.02)
        term.press("Enter")
        term.wait_for(r"Marker \d+\.", live.patience(10))
        test.ok(True, "a message can be opened meanwhile")
        term.press("q", "G")
        live.check_ended_well(test, term, tercet, "interface")
    return counted


def complete(test, server, tercet):
    live.check_command(test, tercet.run("sync", timeout=120), 0,
                       "the rest is fetched by sync")
    live.check_same(test, server, tercet, "store and server agree")
    with tercet.terminal() as term:
        seconds = term.wait_for("NEWEST-%d" % MESSAGES, live.patience(5))
        test.note("warm start: %.0f ms" % (seconds * 1e3))
        term.press("G")
        term.settle()
        test.ok(term.alive() and not term.shows("NEWEST-"),
                "G reaches the oldest", term.dump())
        live.check_ended_well(test, term, tercet, "warm")


BAR = r"\d[\d,. ]* of 20[,. ]?000|\d+ ?%"


def progress(test, server, tercet, wire):
    """The status line shows true counts, unless all is there at once."""
    with live.fixture.Tercet() as other:
        other.account("work", live.url(server, "imap+insecure",
                                       port=wire.port))
        bars = []

        def bar_or_end(text):
            bars.extend(re.findall(BAR, text))
            return bars or "work online" in text
        with other.terminal() as term:
            seconds = term.wait_for(bar_or_end, live.patience(20))
            test.note("%.1f s to a bar or to the end" % seconds)
            test.ok(bars or seconds < live.patience(3),
                    "a progress bar with counts is shown", term.dump())
            live.check_ended_well(test, term, other, "quit while loading")


def far_away(test, server):
    """Commands grow with what the link carries, however far the server is."""
    with live.fixture.Tercet() as other, \
            proxy.Proxy(server.port("imap"), delay=FAR / 2) as wire:
        other.general(offline="none")
        other.account("work", live.url(server, "imap+insecure",
                                       port=wire.port))
        live.check_command(test, other.run("sync", timeout=240), 0,
                           "sync with a server that is far away")
        fetches = [line for line in wire.client_lines()
                   if " UID FETCH " in line]
        test.ok(0 < len(fetches) <= 100, "in few commands",
                "\n".join(fetches))


def tests(test):
    with live.scene(messages=mail(), scheme="imap+insecure",
                    storage="mdbox", general={"offline": "none"},
                    cached_fields=True) as (server, tercet), \
            proxy.Proxy(server.port("imap"), delay=DELAY) as wire:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        counted = first_sight(test, tercet, wire)
        lines = [re.sub(r"^\S+ ", "", line) for line in wire.client_lines()]
        test.note("the first commands:\n" + "\n".join(lines[:12]))
        test.ok(counted["round_trips"] <= 12,
                "few round trips before the first rows", repr(counted))
        complete(test, server, tercet)
        progress(test, server, tercet, wire)
        far_away(test, server)


if __name__ == "__main__":
    tap.main(tests)
