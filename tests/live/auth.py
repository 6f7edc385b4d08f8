#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to log in, and what is chosen without being told."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re
import signal
import termios

import live
import tap

MECHANISMS = ("plain", "login", "cram-md5", "scram-sha-256")


def method_of_last_login(server):
    found = re.findall(r"Login: user=<ann>, method=(\S+?),", server.log())
    return found[-1].lower() if found else None


def asked_for(test, server, tercet, scheme):
    for mechanism in MECHANISMS:
        tercet.account("work", live.url(server, scheme), auth=mechanism,
                       tls_ca_file=server.authority)
        result = tercet.run("account", "test", "work")
        live.check_command(test, result, 0,
                           "%s: auth = %s logs in" % (scheme, mechanism))
        seen = method_of_last_login(server)
        # Dovecot calls the LOGIN command "plain" as well.
        test.ok(seen == mechanism or (mechanism, seen) == ("login", "plain"),
                "%s: the server saw %s" % (scheme, mechanism), repr(seen))
        tercet.password("work", "wrong")
        result = tercet.run("account", "test", "work")
        live.check_command(test, result, 1, "%s: %s with a wrong password "
                           "fails" % (scheme, mechanism))
        test.ok("secret" not in result.said and "wrong\n" not in result.said,
                "and no password is printed", result.said)
        tercet.password("work", "secret")


def chosen(test, mechanisms, wanted):
    with live.scene(messages=3, mechanisms=mechanisms,
                    account={"auth": "auto"}) as (server, tercet):
        name = "auto, offered " + " ".join(mechanisms)
        live.check_command(test, tercet.run("sync"), 0, name)
        test.ok(method_of_last_login(server) in wanted,
                "%s: takes one of %s" % (name, " ".join(wanted)),
                repr(method_of_last_login(server)))


def not_offered(test):
    with live.scene(messages=0, mechanisms=("plain",),
                    account={"auth": "scram-sha-256"}) as (server, tercet):
        result = tercet.run("account", "test", "work")
        live.check_command(test, result, (1, 4),
                           "a mechanism that is not offered is refused")
        test.matches(result.said, r"(?i)scram-sha-256",
                     "and the sentence names it")
        test.equal(method_of_last_login(server), None,
                   "no other mechanism is tried instead")


def answered(test, tercet, *argv):
    """A command that asks for the password, and gets it."""
    what = "asked in a terminal: " + " ".join(argv)
    with tercet.terminal(*argv) as term:
        term.wait_for("Password of ann at localhost:")
        term.type("secrex")
        term.press("Backspace", settle=False)
        term.type("t")
        term.press("Enter", settle=False)
        status = term.wait_exit(live.patience(20))
        test.ok(status == 0, what, term.text())
        test.ok("secre" not in term.text(), "and not shown", term.text())
        test.equal(term.text().count("Password of"), 1, "once")
        return term.text()


def echoes(term):
    return bool(termios.tcgetattr(term.master)[3] & termios.ECHO)


def left(test, tercet):
    """However a prompt is left, the terminal shows again what is typed."""
    for name, leave in (
            ("Ctrl-c", lambda term: term.press("C-c", settle=False)),
            ("SIGTERM", lambda term: term.kill(signal.SIGTERM)),
            ("SIGHUP", lambda term: term.kill(signal.SIGHUP))):
        with tercet.terminal("sync") as term:
            term.wait_for("Password of")
            test.ok(not echoes(term), name + ": silent before", term.text())
            leave(term)
            status = term.wait_exit(live.patience(20))
            test.ok(status not in (None, 0), name + " leaves it",
                    repr(status))
            test.ok(echoes(term), name + ": and not after", term.text())
    with tercet.terminal("sync") as term:
        term.wait_for("Password of")
        term.press("Enter", settle=False)
        term.wait_for("No password was given", live.patience(20))
        test.equal(term.wait_exit(live.patience(20)), 1, "Enter alone")


def nobody_there(test, tercet, number):
    """Without a terminal each says so; nothing is taken from a pipe."""
    for argv in (("account", "test", "work"), ("sync",),
                 ("show", number), ("show", "--json", number),
                 ("save", number, "--part", "1")):
        result = tercet.run(*argv, stdin=b"secret\n")
        live.check_command(test, result, 1, "no command and no terminal: "
                           + " ".join(argv))
        test.contains(result.err, "work has no password-command",
                      "it says so")
    test.contains(tercet.run("account", "test", "work").err,
                  "Set password-command", "it tells what to do")
    result = tercet.run("doctor")
    test.contains(result.out, "logging in was not tried", "so does doctor")


def asked(test):
    with live.scene(messages=3, general={"offline": "none"}) as (_, tercet):
        tercet.settings["account work"].pop("password-command")
        tercet.general()
        answered(test, tercet, "account", "test", "work")
        answered(test, tercet, "sync")
        ids = sorted(str(row["id"]) for row in tercet.messages())
        nobody_there(test, tercet, ids[0])
        answered(test, tercet, "save", ids[0], "--part", "1")
        test.contains(answered(test, tercet, "show", *ids),
                      "This is the text", "show shows it")
        test.contains(answered(test, tercet, "doctor"), "folders",
                      "doctor logs in")
        left(test, tercet)
        result = tercet.run("account", "list", "--json")
        test.equal([row["state"] for row in result.objects()], ["offline"],
                   "without an engine it is offline")
    with live.scene(messages=0) as (server, tercet):
        tercet.account("work", live.url(server, "imap").replace(
            "imap://", "imaps://"), tls_ca_file=server.authority)
        result = tercet.run("account", "test", "work")
        test.contains(result.err, "imap://", "TLS at a port for STARTTLS")
        tercet.account("work", live.url(server), password_command="false",
                       tls_ca_file=server.authority)
        result = tercet.run("account", "test", "work")
        test.contains(result.err, "Run the password-command",
                      "a command that fails")


def odd_passwords(test):
    for password in ("with space", "quote\"back\\slash", "pässwörd€",
                     "{5}", "a" * 200, "%s%n*()"):
        with live.dovecot.Dovecot(users={"ann": password}) as server, \
                live.fixture.Tercet() as tercet:
            for mechanism in ("plain", "login"):
                tercet.account("work", live.url(server), password,
                               auth=mechanism, tls_ca_file=server.authority)
                live.check_command(
                    test, tercet.run("account", "test", "work"), 0,
                    "%s with the password %r" % (mechanism, password[:20]))


def tests(test):
    with live.scene(messages=3, mechanisms=MECHANISMS) as (server, tercet):
        test.matches(tercet.run("account", "test", "work").out,
                     r"(?m)^  server offers: [A-Z =-]+$",
                     "what the server offers, in short")
        for scheme in ("imaps", "imap", "imap+insecure"):
            asked_for(test, server, tercet, scheme)
        live.check_no_reports(test, tercet)
    chosen(test, ("plain",), ("plain",))
    chosen(test, ("login",), ("login",))
    chosen(test, ("plain", "login", "cram-md5", "scram-sha-256"),
           ("plain", "scram-sha-256"))
    not_offered(test)
    asked(test)
    odd_passwords(test)


if __name__ == "__main__":
    tap.main(tests)
