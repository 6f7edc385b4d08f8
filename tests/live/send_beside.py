#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running tercet delivers what commands beside it put into the outbox, takes
up what waited while none ran, and comes back by itself when a server does."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import smtpsink
import tap
from send import configure, mail, state


def waits_for(test, tercet, name, wanted, what):
    test.ok(fixture.until(lambda: state(tercet, name) == wanted,
                          live.patience(60)),
            what, "it is " + state(tercet, name))


def tests(test):
    with live.scene(messages=3) as (server, tercet), \
            smtpsink.Sink() as sink:
        tercet.account("work", live.url(server), smtp=sink.url,
                       tls_ca_file=server.authority)
        live.check_command(test, tercet.run("sync"), 0, "synced")
        sink.fail["connect"] = "421 4.3.0 busy"
        tercet.run("send", "-t", "-i", stdin=mail("before"))
        test.equal(state(tercet, "before"), "deferred", "one waits")
        sink.fail = {}
        with tercet.terminal() as term:
            test.ok(term.wait_for("Letter", live.patience(30)), "it runs")
            waits_for(test, tercet, "before", "sent",
                      "what waited is sent by itself")
            result = tercet.run("send", "-t", "-i", stdin=mail("beside"))
            live.check_command(test, result, 0, "a command beside it")
            waits_for(test, tercet, "beside", "sent", "it delivers")
            test.equal(sorted(sink.ids()),
                       ["before@example.org", "beside@example.org"],
                       "each once")
            test.ok(fixture.until(
                lambda: server.count(live.USER, "Sent") == 2,
                live.patience(30)), "two copies in the server's Sent")
            sink.drop = {"before-250"}
            result = tercet.run("send", "--now", "-t", "-i",
                                stdin=mail("doubt"))
            live.check_command(test, result, 3, "a cut before the reply")
            test.equal(state(tercet, "doubt"), "unconfirmed",
                       "nobody knows")
            # Its server files what it is given, and so it is known.
            sink.drop = set()
            live.client(server).append("Sent", sink.messages[-1].data,
                                       "(\\Seen)")
            tercet.run("sync")
            tercet.run("outbox", "flush")
            waits_for(test, tercet, "doubt", "sent",
                      "it is found in Sent, and counts as sent")
            test.equal(sink.ids().count("doubt@example.org"), 1,
                       "without being sent again")
            live.check_ended_well(test, term, tercet, "quit")


if __name__ == "__main__":
    tap.main(tests)
