#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that stops talking is given up in time; the interface lives on."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import contextlib
import socket

import live
import proxy
import tap
import trouble


@contextlib.contextmanager
def never_answers(server, tercet):
    """Connections are accepted by the kernel, and nobody ever speaks."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        tercet.account("work", live.url(server, port=port),
                       tls_ca_file=server.authority)
        yield port


@contextlib.contextmanager
def stalls_after_greeting(server, tercet):
    state = {"heard": 0}

    def dam(data):
        state["heard"] += len(data)
        return data if state["heard"] < 400 else b""
    with proxy.Proxy(server.port("imap"), rewrite_down=dam) as wire:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        yield wire.port


STALLS = (
    ("never answers", never_answers, trouble.FAILED,
     r"(?i)time|answer|respon|wait", trouble.DEADLINE),
    ("stalls in the middle", stalls_after_greeting, trouble.FAILED,
     r"(?i)time|answer|respon|wait", trouble.DEADLINE),
)


def stalled_while_reading(test, kind):
    """The line goes dead under a message that is being opened."""
    name = kind + ": stalls under a message"
    with live.scene(messages=40, scheme="imap+insecure", kind=kind,
                    general={"offline": "none"}) as (server, tercet), \
            proxy.Proxy(server.port("imap")) as wire:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        with tercet.terminal() as term:
            term.wait_for("Letter 040", live.patience(15))
            term.wait_for(live.ONLINE, live.patience(15))
            wire.stall()
            term.press("G", "Enter")
            live.check_keys(test, term, ["k", "j"], 40,
                            name + ": keys are answered")
            term.wait_for(r"(?i)no answer|did not answer|time|respon",
                          live.patience(trouble.DEADLINE))
            test.ok(trouble.one_sentence(term.text()), name + ": it says so",
                    term.dump())
            term.wait_for(live.OFFLINE, live.patience(trouble.DEADLINE))
            test.ok(True, name + ": nor is the account called online")
            wire.resume()
            term.press("k", "k")
            term.wait_for(r"text of letter 0\d\d", live.patience(30))
            test.ok(True, name + ": reads on once the line is alive again")
            live.check_ended_well(test, term, tercet, name)


def tests(test):
    trouble.meet(test, "full", STALLS)
    for kind in ("full", "modest"):
        stalled_while_reading(test, kind)


if __name__ == "__main__":
    tap.main(tests)
