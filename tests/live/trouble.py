#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever goes wrong is a plain sentence in time; the interface lives on.

Each trouble is met three times: by `account test`, by `sync`, and by the
interface, which must answer keys all the while.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import contextlib
import re

import dovecot
import live
import proxy
import tap
import terminal

DEADLINE = 75           # seconds until a stalled server is given up
REFUSED = (4,)
FAILED = (1,)
EITHER = (1, 4)


@contextlib.contextmanager
def wrong_password(server, tercet):
    tercet.account("work", live.url(server), "not the password",
                   tls_ca_file=server.authority)
    yield server.port("imaps")


def bad_certificate(variant, scheme):
    @contextlib.contextmanager
    def arranged(server, tercet):
        server.use_certificate(variant)
        tercet.account("work", live.url(server, scheme),
                       tls_ca_file=server.authority)
        yield server.port("imaps" if scheme == "imaps" else "imap")
        server.use_certificate("good")
    return arranged


@contextlib.contextmanager
def unknown_authority(server, tercet):
    tercet.settings.pop("account work", None)
    tercet.account("work", live.url(server))
    yield server.port("imaps")


@contextlib.contextmanager
def wrong_pin(server, tercet):
    tercet.account("work", live.url(server), tls_ca_file=server.authority,
                   tls_pin="sha256:" + "A" * 43 + "=")
    yield server.port("imaps")
    tercet.settings.pop("account work", None)


@contextlib.contextmanager
def starttls_stripped(server, tercet):
    def strip(data):
        return data.replace(b" STARTTLS", b"")
    with proxy.Proxy(server.port("imap"), rewrite_down=strip) as thief:
        tercet.account("work", live.url(server, "imap", port=thief.port),
                       tls_ca_file=server.authority)
        yield thief.port
        lines = "\n".join(thief.client_lines())
        if re.search(r"(?i)LOGIN|AUTHENTICATE", lines):
            raise AssertionError("credentials went out in clear:\n" + lines)


@contextlib.contextmanager
def starttls_refused(server, tercet):
    def refuse(data):
        return re.sub(rb"(?im)^(\S+) OK Begin TLS[^\r]*",
                      rb"\1 NO not today", data)
    with proxy.Proxy(server.port("imap"), rewrite_down=refuse) as thief:
        tercet.account("work", live.url(server, "imap", port=thief.port),
                       tls_ca_file=server.authority)
        yield thief.port
        lines = "\n".join(thief.client_lines())
        if re.search(r"(?i)LOGIN|AUTHENTICATE", lines):
            raise AssertionError("credentials went out in clear:\n" + lines)


@contextlib.contextmanager
def port_closed(server, tercet):
    port, = dovecot.free_ports(1)
    tercet.account("work", live.url(server, port=port),
                   tls_ca_file=server.authority)
    yield port


@contextlib.contextmanager
def not_imap(server, tercet):
    tercet.account("work", live.url(
        server, "imap+insecure", port=server.port("lmtp")))
    yield server.port("lmtp")


@contextlib.contextmanager
def plain_where_tls(server, tercet):
    """The clear port under an implicit TLS address."""
    port = server.port("imap")
    tercet.account("work", live.url(server, port=port),
                   tls_ca_file=server.authority)
    yield port


@contextlib.contextmanager
def no_such_host(server, tercet):
    tercet.account("work", "imaps://ann@no-such-host.invalid:993",
                   tls_ca_file=server.authority)
    yield 993


@contextlib.contextmanager
def password_command_fails(server, tercet):
    tercet.account("work", live.url(server), tls_ca_file=server.authority,
                   password_command="false")
    yield server.port("imaps")
    tercet.settings.pop("account work", None)


# name, arrangement, exit statuses, what the sentence says, seconds
TROUBLES = (
    ("wrong password", wrong_password, FAILED,
     r"(?i)authentication failed|log ?in|password", 20),
    ("wrong host name", bad_certificate("wrong-host", "imaps"), REFUSED,
     r"(?i)host ?name|elsewhere|does not match|for localhost|name", 20),
    ("expired certificate", bad_certificate("expired", "imaps"), REFUSED,
     r"(?i)expired", 20),
    ("self-signed certificate", bad_certificate("self-signed", "imaps"),
     REFUSED, r"(?i)self.signed|signed by itself", 20),
    ("expired, by STARTTLS", bad_certificate("expired", "imap"), REFUSED,
     r"(?i)expired", 20),
    ("wrong host name, by STARTTLS", bad_certificate("wrong-host", "imap"),
     REFUSED, r"(?i)host ?name|elsewhere|does not match|name", 20),
    ("unknown authority", unknown_authority, REFUSED,
     r"(?i)certificate|issuer|authority|trust", 20),
    ("wrong pin", wrong_pin, REFUSED, r"(?i)pin|fingerprint", 20),
    ("STARTTLS stripped", starttls_stripped, EITHER, r"(?i)encrypt|tls",
     20),
    ("STARTTLS refused", starttls_refused, EITHER, r"(?i)encrypt|tls", 20),
    ("port closed", port_closed, FAILED, r"(?i)refused|connect", 20),
    ("no such host", no_such_host, FAILED,
     r"(?i)no-such-host\.invalid", 40),
    ("not an IMAP server", not_imap, FAILED, r"(?i)imap|greet", DEADLINE),
    ("no TLS behind the port", plain_where_tls, EITHER, r"(?i)tls|ssl",
     DEADLINE),
    ("password command fails", password_command_fails, EITHER,
     r"(?i)password", 20),
)


def one_sentence(text):
    """People are spoken to: no code names, no dumps, not too much."""
    return not re.search(r"0x[0-9a-f]{6}|\berrno\b|[a-z_]+\.c:\d+|NULL|"
                         r"\(null\)|SSL routines::", text)


def commands(test, tercet, trouble, port):
    name, _, statuses, words, seconds = trouble
    for argv in (("account", "test", "work"), ("sync",)):
        what = "%s: %s" % (name, " ".join(argv))
        result = tercet.run(*argv, timeout=seconds + 15)
        live.check_command(test, result, statuses + (3,)
                           if argv == ("sync",) else statuses, what)
        test.ok(result.seconds < live.patience(seconds),
                what + ": in time", "%.1f s" % result.seconds)
        test.matches(result.said, words, what + ": says what is wrong")
        test.ok("work" in result.said and str(port) in result.said,
                what + ": names account and port", result.said)
        test.ok(one_sentence(result.said), what + ": in plain words",
                result.said)


def interface(test, tercet, trouble):
    name, _, _, words, seconds = trouble
    with tercet.terminal() as term:
        term.wait_for("Letter 020", live.patience(10))
        live.check_keys(test, term, ["j", "k"], 40,
                        name + ": keys are answered")
        term.wait_for(words, live.patience(seconds))
        test.ok(True, name + ": the screen says what is wrong")
        test.ok(one_sentence(term.text()), name + ": in plain words",
                term.dump())
        test.ok(not term.shows(live.ONLINE),
                name + ": it does not claim to be online", term.dump())
        term.press("j", "k")
        test.ok(term.shows("Letter 020"), name + ": the list stands")
        live.check_ended_well(test, term, tercet, name)


# What the server can do beyond logging in makes no difference to the others.
MODEST_TOO = ("wrong password", "expired, by STARTTLS", "STARTTLS stripped",
              "port closed")


def meet(test, kind, troubles):
    with live.scene(messages=20, kind=kind) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0,
                           kind + ": first sync")
        for trouble in troubles:
            with trouble[1](server, tercet) as port:
                commands(test, tercet, trouble, port)
                try:
                    interface(test, tercet, trouble)
                except terminal.TerminalTimeout as late:
                    test.ok(False, trouble[0] + ": interface", str(late))
        tercet.settings.pop("account work", None)
        tercet.account("work", live.url(server),
                       tls_ca_file=server.authority)
        live.check_command(test, tercet.run("sync"), 0,
                           kind + ": with all troubles gone, sync goes "
                           "through")
        live.check_same(test, server, tercet, kind + ": nothing was lost")


def tests(test):
    meet(test, "full", TROUBLES)
    for kind in ("condstore", "modest"):
        meet(test, kind,
             [one for one in TROUBLES if one[0] in MODEST_TOO])


if __name__ == "__main__":
    tap.main(tests)
