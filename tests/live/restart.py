#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers go and come back; connections break; the view stays."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import proxy
import tap


def comes_back(test, term, server, number, name):
    server.deliver(live.USER, live.letter(number))
    term.wait_for("Letter %03d" % number, live.patience(40))
    test.ok(True, name + ": new mail appears afterwards")
    test.ok(term.shows("Letter 020"), name + ": the view stayed",
            term.dump())


def server_restart(test, term, server):
    server.stop()
    term.wait_for(live.OFFLINE, live.patience(20))
    test.ok(term.shows("Letter 020"), "offline, and the list stands")
    term.press("j", "k")
    test.ok(term.alive(), "keys work meanwhile")
    server.start()
    term.wait_for(live.ONLINE, live.patience(40))
    comes_back(test, term, server, 21, "server restart")


def sudden_death(test, term, server):
    server.kill()
    server.start()
    comes_back(test, term, server, 22, "server killed")
    server.drop_connections()
    comes_back(test, term, server, 23, "connection dropped")


def stalls(test, term, server, wire):
    wire.stall()
    live.check_keys(test, term, ["j", "k"], 20,
                    "keys are answered while nothing comes from the server")
    wire.resume()
    wire.cut()
    comes_back(test, term, server, 24, "stalled and cut")
    wire.cut(refuse=True)
    term.wait_for(live.OFFLINE, live.patience(20))
    wire.accept_again()
    comes_back(test, term, server, 25, "refused for a while")


def tests(test):
    with live.scene(messages=20) as (server, tercet), \
            proxy.Proxy(server.port("imaps")) as wire:
        tercet.account("work", live.url(server, port=wire.port),
                       tls_ca_file=server.authority)
        with tercet.terminal() as term:
            term.wait_for("Letter 020", live.patience(15))
            term.wait_for(live.ONLINE, live.patience(15))
            server_restart(test, term, server)
            sudden_death(test, term, server)
            stalls(test, term, server, wire)
            live.check_ended_well(test, term, tercet, "interface")
        live.check_command(test, tercet.run("sync"), 0, "sync")
        live.check_same(test, server, tercet, "store and server agree")


if __name__ == "__main__":
    tap.main(tests)
