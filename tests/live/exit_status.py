#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exit statuses, usage, and errors in the configuration."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import tap

GOOD = "[account work]\naddress = ann@example.org\n" \
       "imap = imaps://ann@localhost:1\n"

USAGE = (
    ("no-such-command",),
    ("no-such-command", "--help"),
    ("help", "no-such-command"),
    ("folder", "no-such-verb", "--help"),
    ("list", "--no-such-option"),
    ("list", "--limit"),
    ("list", "--limit", "many"),
    ("list", "--limit", "-3"),
    ("show",),
    ("show", "not-a-number"),
    ("save", "1"),
    ("account", "no-such-verb"),
    ("account", "test"),
    ("folder", "no-such-verb"),
    ("--config",),
    ("--data", "", "list"),
    ("list", "--account="),
)

# name, text, line, what the message must contain
CONFIGS = (
    ("unknown key", "[general]\noffline = all\nno-such-key = 1\n", 3,
     ("no-such-key",)),
    ("unknown section", "[general]\n\n[nonsense]\na = b\n", 3,
     ("nonsense",)),
    ("bad choice", "[general]\nlayout = round\n", 2,
     ("layout", "auto", "columns", "stacked")),
    ("bad number of days", "[general]\noffline = soon\n", 2,
     ("offline", "none", "all")),
    ("bad scheme", "[account work]\nimap = http://ann@localhost\n", 2,
     ("imap", "imaps")),
    ("bad port", "[account work]\nimap = imaps://ann@localhost:99999\n", 2,
     ("99999",)),
    ("bad pin", GOOD + "tls-pin = md5:abc\n", 4, ("tls-pin", "sha256")),
    ("bad mechanism", GOOD + "auth = telepathy\n", 4,
     ("auth", "scram-sha-256")),
    ("no value and no equals", "[general]\noffline\n", 2, ()),
    ("a key before any section", "offline = all\n", 1, ()),
    ("an account without a name", "[account]\naddress = a@example.org\n", 1,
     ("[account NAME]",)),
    ("an account's name", "[account a/b]\naddress = a@example.org\n", 1,
     ("letters a to z",)),
    ("an account twice", GOOD + GOOD.replace("work", "WORK"), 4,
     ("line 1",)),
    ("a key twice", GOOD + "auth = plain\nauth = login\n", 5,
     ("auth", "line 4")),
    ("an address without a host", GOOD.replace("ann@example.org", "ann"), 2,
     ("address", "ann@example.org")),
    ("an alias with blanks", GOOD + "aliases = a b\n", 4,
     ("aliases", "commas")),
    ("a path in a URL", "[account work]\nimap = imaps://localhost/INBOX\n",
     2, ("imap", "port")),
    ("a password in a URL", "[account work]\nimap = imaps://a:b@localhost\n",
     2, ("imap", "password-command")),
    ("no host in a URL", "[account work]\nimap = imaps://\n", 2,
     ("imap", "mail.example.org")),
    ("half a percent sign", "[account work]\nimap = imaps://a%z@localhost\n",
     2, ("imap", "%25")),
    ("an open bracket", "[account work]\nimap = imaps://[::1\n", 2,
     ("imap", "brackets")),
    ("another protocol's URL", GOOD + "pop3 = imaps://localhost\n", 4,
     ("pop3", "pop3s://")),
    ("no scheme", GOOD + "smtp = mail.example.org\n", 4,
     ("smtp", "smtps://")),
    ("bad protocol", GOOD + "protocol = jmap\n", 4,
     ("protocol", "auto, imap, pop3 or local")),
    ("bad leave-on-server", GOOD + "leave-on-server = -3\n", 4,
     ("leave-on-server", "until-deleted")),
    ("a relative path", GOOD + "tls-ca-file = ca.pem\n", 4,
     ("tls-ca-file", "~/")),
    ("a quote not closed", GOOD + "password-command = pass 'x\n", 4,
     ("password-command", "quote")),
    ("bad length of time", "[general]\nundo-send = 10 parsecs\n", 2,
     ("undo-send", "3600s")),
    ("bad theme", "[general]\ntheme = ../x\n", 2, ("theme", "letters")),
    ("bad keys", "[general]\nkeys = emacs\n", 2,
     ("keys", "default, mutt, vim or gmail")),
    ("neither yes nor no", "[general]\nmouse = maybe\n", 2,
     ("mouse", "yes or no")),
    ("an account's key", "[general]\nimap = imaps://localhost\n", 2,
     ("imap", "[account NAME]")),
    ("a general key", GOOD + "theme = dark\n", 4, ("theme", "[general]")),
    ("no server", "[account work]\naddress = a@example.org\n", 1,
     ("work", "imap")),
    ("no address", "[account work]\nimap = imaps://localhost\n", 1,
     ("work", "address")),
    ("a comment behind a value", "[general]\noffline = all ; of it\n", 2,
     ("offline", "none, all")),
    ("a value on two lines", GOOD + "aliases = a@b.org,\n  c@d.org\n", 5,
     ()),
    ("a control character", "[general]\noffline = \x1b]0;PWNED\x07\n", 2,
     ("offline",)),
)


def usage(test, tercet):
    tercet.write_config(GOOD)
    for argv in USAGE:
        result = tercet.run(*argv)
        live.check_command(test, result, fixture.USAGE,
                           "bad usage: " + " ".join(argv))
        test.ok(result.err and not result.out, "it complains on stderr",
                str(result))
    for argv in (("--help",), ("list", "--help"), ("--version",), ("help",),
                 ("help", "list"), ("help", "folder", "create")):
        result = tercet.run(*argv)
        live.check_command(test, result, fixture.DONE, " ".join(argv))
        test.ok(result.out and not result.err, "it answers on stdout",
                str(result))
    for words in ((), ("list",), ("folder", "create")):
        test.equal(tercet.run("help", *words).out,
                   tercet.run(*words, "--help").out,
                   "help does what --help does: " + " ".join(words))
    test.matches(tercet.run("--version").out, r"^tercet \d+\.\d+",
                 "--version tells a version")


def configurations(test, tercet):
    for name, text, line, parts in CONFIGS:
        tercet.write_config(text)
        result = tercet.run("list")
        live.check_command(test, result, fixture.USAGE, "config: " + name)
        test.matches(result.err, r"config:%d\b|line %d\b" % (line, line),
                     "config: %s: names the line" % name)
        for part in parts:
            test.contains(result.err, part,
                          "config: %s: says %s" % (name, part))
        test.ok("\x1b" not in result.said, "and no escape gets through")
    missing = tercet.run("--config", "/nonexistent/config", "list")
    live.check_command(test, missing, (fixture.USAGE, fixture.FAILED),
                       "a configuration that is not there")
    test.contains(missing.err, "/nonexistent/config", "it is named")


def long_lines(test, tercet):
    aliases = ", ".join("alias%d@example.org" % n for n in range(60))
    tercet.write_config(GOOD + "aliases = " + aliases + "\n")
    live.check_command(test, tercet.run("account", "list"), fixture.DONE,
                       "a value of a thousand bytes is read")


def failures(test, tercet):
    tercet.write_config(GOOD)
    live.check_command(test, tercet.run("show", "999999"), fixture.FAILED,
                       "show of a message that is not there")
    live.check_command(test, tercet.run("account", "test", "nobody"),
                       (fixture.USAGE, fixture.FAILED),
                       "test of an account that is not there")
    live.check_command(test, tercet.run("--account", "nobody", "list"),
                       (fixture.USAGE, fixture.FAILED),
                       "--account that is not there")
    live.check_command(
        test, tercet.run("list", "--folder", "No such folder"),
        fixture.FAILED, "list of a folder that is not there")
    tercet.write_config("")
    for argv in (("list",), ("folder", "list"), ("account", "list"),
                 ("sync",)):
        result = tercet.run(*argv)
        live.check_command(test, result, fixture.USAGE,
                           "without an account: " + " ".join(argv))
        test.contains(result.err, "No account is configured", "it says so")
    tercet.write_config(GOOD)
    live.check_command(test, tercet.run("sync"), fixture.FAILED,
                       "sync with nobody at the port")
    live.check_command(test, tercet.run("sync", "nobody"),
                       (fixture.USAGE, fixture.FAILED),
                       "sync of an account that is not there")


def account_add(test, tercet):
    """What is not reached is said, and nothing is made up."""
    tercet.write_config("# mine\n")
    result = tercet.run("account", "add", "work", "--address",
                        "ann@tercet.invalid", "--imap",
                        "imaps://localhost:1", "--name", "Ann")
    live.check_command(test, result, fixture.DONE, "account add")
    with open(tercet.config) as file:
        lines = file.read().split("\n")
    test.ok(not [line for line in lines if line.startswith("smtp")],
            "account add: no server is made up", repr(lines))
    test.contains(result.out, "imaps://localhost:1 was not reached",
                  "account add: it says that the server is not there")
    test.contains(result.out, "%s, line %d" % (
        tercet.config, lines.index("imap = imaps://localhost:1") + 1),
        "account add: and where to correct it")


def stores(test, tercet):
    tercet.write_config(GOOD)
    unused = os.path.join(tercet.directory, "unused")
    result = tercet.run("--data", unused)
    test.ok(result.status != 0 and "terminal" in result.err
            and not os.path.exists(unused),
            "no terminal: it says so and makes no store", str(result))
    tercet.run("list")
    with open(os.path.join(tercet.directory, "a-file"), "w") as out:
        out.write("not a directory\n")
    result = tercet.run("--data", os.path.join(tercet.directory, "a-file"),
                        "list")
    live.check_command(test, result, (fixture.FAILED, fixture.USAGE),
                       "a data directory that is a file")
    test.contains(result.err, "a-file", "it is named")
    # Output that goes nowhere must not crash or hang.
    process = tercet.start("--help")
    process.stdout.close()
    process.stderr.read()
    process.stderr.close()
    test.ok(process.wait(20) is not None, "a closed pipe ends it")


def tests(test):
    with fixture.Tercet() as tercet:
        usage(test, tercet)
        configurations(test, tercet)
        long_lines(test, tercet)
        failures(test, tercet)
        account_add(test, tercet)
        stores(test, tercet)
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
