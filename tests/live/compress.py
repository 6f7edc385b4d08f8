#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""COMPRESS=DEFLATE is used where it is offered, and saves what it should."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import genmail
import live
import proxy
import tap

MESSAGES = 800


def sync_once(test, server, name):
    """A whole download; (client's lines, bytes down, content)."""
    with live.fixture.Tercet() as tercet, \
            proxy.Proxy(server.port("imap")) as wire:
        tercet.general(offline="all")
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        live.check_command(test, tercet.run("sync", timeout=120), 0,
                           name + ": sync")
        live.check_same(test, server, tercet, name + ": all is there")
        live.check_no_reports(test, tercet, name + ": no sanitizer report")
        return wire.client_lines(), wire.counters()["bytes_down"]


def tests(test):
    generator = genmail.Generator(MESSAGES, small=True)
    mail = [generator.message(number) for number in range(MESSAGES)]
    sizes = {}
    for compress in (False, True):
        name = "compressed" if compress else "plain"
        with live.scene(messages=mail, compress=compress) as (server, _):
            lines, sizes[name] = sync_once(test, server, name)
            asked = any("COMPRESS" in line for line in lines)
            test.equal(asked, compress, name + ": COMPRESS is asked for "
                       "exactly where it is offered")
    test.note(repr(sizes))
    test.ok(sizes["compressed"] * 2 < sizes["plain"],
            "less than half as many bytes come down", repr(sizes))
    with live.scene(messages=30, compress=True) as (server, tercet):
        with tercet.terminal() as term:
            term.wait_for("Letter 030", live.patience(15))
            server.deliver(live.USER, live.letter(31))
            term.wait_for("Letter 031", live.patience(20))
            test.ok(True, "over TLS and compressed, new mail appears")
            term.press("g", "g", "Enter")
            term.wait_for("text of letter 031", live.patience(10))
            test.ok(True, "and is read")
            live.check_ended_well(test, term, tercet, "interface")


if __name__ == "__main__":
    tap.main(tests)
