#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypted ways to the server that are as they should be."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import proxy
import tap


def accepted(test, server, tercet, name, url, **keys):
    tercet.settings.pop("account work", None)
    tercet.account("work", url, **keys)
    result = tercet.run("account", "test", "work")
    return live.check_command(test, result, 0, name)


def variants(test, server, tercet):
    authority = server.authority
    accepted(test, server, tercet, "implicit TLS", live.url(server),
             tls_ca_file=authority)
    accepted(test, server, tercet, "STARTTLS", live.url(server, "imap"),
             tls_ca_file=authority)
    accepted(test, server, tercet, "an address instead of a name",
             live.url(server, host="127.0.0.1"), tls_ca_file=authority)
    accepted(test, server, tercet, "the right pin alone", live.url(server),
             tls_pin=server.pin())
    for variant in ("self-signed", "expired", "wrong-host"):
        server.use_certificate(variant)
        accepted(test, server, tercet,
                 "the right pin of a certificate that is " + variant,
                 live.url(server), tls_pin=server.pin())
    server.use_certificate("good")


def nothing_in_clear(test, server, tercet):
    with proxy.Proxy(server.port("imap")) as wire:
        tercet.settings.pop("account work", None)
        tercet.account("work", live.url(server, "imap", port=wire.port),
                       tls_ca_file=server.authority)
        live.check_command(test, tercet.run("sync"), 0, "sync by STARTTLS")
        clear = "\n".join(wire.client_lines())
        test.ok("secret" not in clear and "LOGIN" not in clear
                and "AUTHENTICATE" not in clear,
                "no credentials before TLS", clear[:2000])
        live.check_same(test, server, tercet, "all mail came over TLS")


def insecure(test, server, tercet):
    accepted(test, server, tercet, "in clear, when told so",
             live.url(server, "imap+insecure"))
    with tercet.terminal() as term:
        term.wait_for("Letter 010", live.patience(15))
        term.wait_for(r"(?i)not encrypted|unencrypted|insecure|in clear",
                      live.patience(15))
        test.ok(True, "the interface says that it is in clear")
        live.check_ended_well(test, term, tercet, "interface")


def tests(test):
    with live.scene(messages=10) as (server, tercet):
        variants(test, server, tercet)
        nothing_in_clear(test, server, tercet)
        insecure(test, server, tercet)


if __name__ == "__main__":
    tap.main(tests)
