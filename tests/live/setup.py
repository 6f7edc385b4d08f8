#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to mail on the screen: account setup and password prompts."""

import os
import stat
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import tap


def answer(term, text):
    """In the place of what was guessed."""
    term.press("C-u", settle=False)
    term.type(text)
    term.press("Enter")


def config_of(tercet):
    return os.path.join(tercet.environment()["XDG_CONFIG_HOME"], "tercet",
                        "config")


def sets_up(test, tercet, server):
    """In the interface, with a password that is wrong at first."""
    argv, tercet.argv = tercet.argv, lambda *args: [tercet.program] + list(args)
    with tercet.terminal(cols=100, rows=30) as term:
        term.wait_for("Set up an account", live.patience(10))
        answer(term, "ann")
        test.ok(term.find("A mail address is"), "a wrong address is refused",
                term.dump())
        answer(term, "ann@example.org")
        answer(term, "Ann Example")
        test.ok(term.find(r"imaps://imap\.example\.org"),
                "the server is guessed", term.dump())
        answer(term, live.url(server, "imap+insecure"))
        answer(term, "")
        answer(term, "")
        answer(term, "work")
        term.wait_for("Is this right", live.patience(5))
        term.press("Enter")
        term.wait_for("Password for work:", live.patience(10))
        path = config_of(tercet)
        test.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600,
                   "the configuration is ours alone")
        test.ok(term.find("Not logged in to work"),
                "what is missing is said", term.dump())
        # What is typed as it opens is not taken for an answer.
        term.pump(0.6)
        term.type("nonsense")
        test.ok(not term.find("nonsense"), "the password does not show",
                term.dump())
        term.press("Enter")
        # What is said meanwhile may be gone before it is read.
        test.ok(fixture.until(lambda: term.pump(0.1) or
                              "auth failed" in server.log(), 20),
                "it is tried")
        term.wait_for("Password for work:", live.patience(30))
        test.ok(True, "a refused password is asked for again")
        term.pump(0.6)
        term.press("Esc")
        term.wait_for(":password answers", live.patience(5))
        test.ok(True, "it can be declined")
        term.type(":password")
        term.press("Enter")
        term.wait_for("Password for work:", live.patience(5))
        term.type(live.PASSWORD)
        term.press("Enter")
        term.wait_for("Letter", live.patience(30))
        test.ok(True, "and then there is mail")
        live.check_ended_well(test, term, tercet, "setup")
    with open(path) as config:
        text = config.read()
    test.ok(live.PASSWORD not in text and "nonsense" not in text,
            "no password is in the configuration", text)
    tercet.argv = argv


def adds_by_command(test, tercet, server):
    url = live.url(server, "imap+insecure")
    result = tercet.run("account", "add", "home", "--address",
                        "ann@example.org", "--imap", url,
                        "--password-command", "echo " + live.PASSWORD)
    live.check_command(test, result, 0, "account add")
    live.check_command(test, tercet.run("account", "test", "home"), 0,
                       "and the account can be used")
    for more, name in ((["home"], "twice"),
                       (["other", "--imap", "imap.example.org"], "no URL"),
                       (["a b"], "a bad name")):
        result = tercet.run("account", "add", "--address", "ann@example.org",
                            *(["--imap", url] if len(more) == 1 else []),
                            *more)
        live.check_command(test, result, 2, "refused: " + name)
    live.check_command(test, tercet.run("account", "add"), 2,
                       "nothing to ask and nobody")
    with tercet.terminal("account", "add", cols=80, rows=24) as term:
        term.wait_for("Mail address:", live.patience(10))
        for text in ("ann@example.org", "", "nonsense", url, "-", "", "third"):
            term.type(text)
            term.press("Enter")
        test.equal(term.wait_exit(live.patience(20)), 0, "asked for")
        test.ok(term.find("Account third was written"), "and written",
                term.dump())


def tests(test):
    with live.scene(messages=3) as (server, tercet):
        sets_up(test, tercet, server)
        adds_by_command(test, tercet, server)


if __name__ == "__main__":
    tap.main(tests)
