#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The subcommands, on the sample mailbox: no server, no configuration."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re
import shutil
import signal
import subprocess
import time

import control
import fixture
import live
import tap

COMMANDS = ("sync", "list", "show", "save", "folder", "account", "doctor",
            "flag", "move", "archive", "delete", "undo", "redo", "activity")
WITHOUT_JSON = ("sync", "save", "flag", "move", "archive", "delete", "undo",
                "redo")
LATER = (("search", "x"), ("compose",), ("import", "x"), ("export", "x"),
         ("list", "from:ann"), ("mailto:ann@example.org",), ("/dev/null",))
TABLES = ("subcommands", "global-options", "options", "general-options",
          "account-options")


class Demo:
    """tercet --demo, with a temporary directory that can be looked into."""

    def __init__(self, tercet):
        self.tercet = tercet
        self.temporary = os.path.join(tercet.directory, "tmp")
        os.mkdir(self.temporary)

    def run(self, *argv, **env):
        return self.tercet.run("--demo", *argv,
                               env=dict(env, TMPDIR=self.temporary))

    def terminal(self, *argv, **options):
        return self.tercet.terminal(
            "--demo", *argv, env={"TMPDIR": self.temporary}, **options)


def helps(test, demo):
    general = demo.run("--help").out
    for name in COMMANDS:
        result = demo.run(name, "--help")
        live.check_command(test, result, 0, name + " --help")
        test.ok(result.out.startswith("Usage: tercet " + name)
                and not result.err, "it begins with the usage", str(result))
        test.matches(general, r"(?m)^  %s\b" % name, "--help lists " + name)
        test.equal("--json" in result.out, name not in WITHOUT_JSON,
                   "it lists --json where there is one")
    test.contains(demo.run("account", "--help").out, "account test",
                  "account --help tells of account test")
    result = demo.run("sync", "--dry-run")
    live.check_command(test, result, 2, "sync --dry-run")
    test.contains(result.err, "sync has no dry run", "it says so")
    result = demo.run("--dump-docs", "foo")
    live.check_command(test, result, 2, "--dump-docs foo")
    test.contains(result.err, "foo", "it names the table")
    test.ok("dump-docs" not in general, "users need not know of it")
    wide = [line for line in general.splitlines() if len(line) > 80]
    test.equal(wide, [], "no line of --help is wider than 80")
    for argv in LATER:
        result = demo.run(*argv)
        live.check_command(test, result, 2, "not yet: " + " ".join(argv))
        test.ok("version" in result.err and not result.out,
                "it says so", str(result))


def acts(test, demo):
    """Each run has a sample mailbox of its own: only the words are seen."""
    one = str(demo.run("list", "--json", "--limit", "1").objects()[0]["id"])
    for argv, words in ((("archive", one), "Archived 1 message"),
                        (("delete", one), "to the trash"),
                        (("move", one, "Lists/choir"), "to Lists/choir"),
                        (("flag", one, "+zebra", "-seen"), "1 message"),
                        (("folder", "create", "Häuser"), "Häuser"),
                        (("archive", one, "--dry-run"), "Would be done"),
                        (("activity",), "")):
        result = demo.run(*argv)
        live.check_command(test, result, 0, " ".join(argv[:1]))
        test.ok(words in result.out and not result.err, "it says what",
                str(result))
    for argv, words in ((("archive", "999999"), "no message 999999"),
                        (("move", one, "Nowhere"), "no folder Nowhere"),
                        (("--read-only", "archive", one), "--read-only")):
        result = demo.run(*argv)
        test.ok(result.status in (1, 4) and words in result.err,
                " ".join(argv) + " is refused", str(result))
    result = demo.run("undo")
    live.check_command(test, result, 1, "undo with nothing done")
    test.contains(result.out + result.err, "Nothing to undo", "it says so")
    result = demo.run("flag", one)
    live.check_command(test, result, 2, "flag without flags")


def lists(test, demo):
    folders = demo.run("folder", "list", "--json").objects()
    test.ok(len(folders) >= 8 and all(one["account"] == "demo"
                                      for one in folders), "folders")
    plain = demo.run("folder").out.splitlines()
    test.equal(len(plain), len(folders), "folder alone lists them too")
    ids, total = set(), 0
    for folder in folders:
        result = demo.run("list", "--json", "--folder", folder["name"])
        rows = result.objects()
        dates = [row["received"] for row in rows]
        total += len(rows)
        ids.update(row["id"] for row in rows)
        test.ok(len(rows) == folder["total"] and dates == sorted(
            dates, reverse=True), "list of " + folder["name"],
            "%d of %d" % (len(rows), folder["total"]))
        lines = demo.run("list", "--folder", folder["name"]).raw
        test.ok(lines.count(b"\n") == len(rows)
                and not control.stray_characters(lines),
                "one line each, and clean")
    test.ok(total >= 200, "it is a mailbox worth the name", str(total))
    test.equal(demo.run("list", "--folder", "Demo/INBOX").raw,
               demo.run("list", "--folder", "INBOX").raw,
               "ACCOUNT/FOLDER is that account's folder")
    for name in ("other/INBOX", "demo/Nix", "demo/"):
        live.check_command(test, demo.run("list", "--folder", name), 1,
                           "there is no folder " + name)
    inbox = demo.run("list", "--json", "--limit", "5").objects()
    test.equal([row["folder"] for row in inbox], ["INBOX"] * 5,
               "without a folder it is the inbox")
    return sorted(ids)


def shows(test, demo, ids):
    words = [str(one) for one in ids]
    whole = demo.run("show", "--json", *words)
    live.check_command(test, whole, 0, "show --json of everything")
    rows = whole.objects()
    test.equal([row["id"] for row in rows], ids, "one object each, in order")
    test.ok("\x1b" not in whole.out, "no escape in it")
    for form in ((), ("--text",), ("--headers",)):
        result = demo.run("show", *form, *words)
        live.check_command(test, result, 0, "show %s of everything" % (form,))
        test.equal(control.stray_characters(result.raw)[:3], [], "clean")
    html = [row for row in rows
            if any(part["type"] == "text/html" for part in row["parts"])]
    result = demo.run("show", "--html", str(html[0]["id"]))
    test.contains(result.out.lower(), "</", "show --html shows source")
    without = next(row for row in rows if row not in html)
    live.check_command(test, demo.run("show", "--html", str(without["id"])),
                       1, "but only where there is some")
    raw = demo.run("show", "--raw", words[0]).raw
    test.ok(raw.startswith(b"Return-Path:") or b"\nFrom:" in raw,
            "show --raw shows the message as it came")
    live.check_command(test, demo.run("show", "999999"), 1,
                       "show of what is not there")
    live.check_command(test, demo.run("show", "1", "999999"), 1,
                       "one of two is not there")
    live.check_command(test, demo.run("show", "1", "--raw", "--text"), 2,
                       "two forms at once")
    return rows


def parts(test, demo, rows):
    row, part = next((row, part) for row in rows for part in row["parts"]
                     if part.get("disposition") == "attachment"
                     and part.get("name"))
    argv = ("save", str(row["id"]), "--part", part["part"], "--to",
            demo.tercet.directory)
    shown = demo.run("show", str(row["id"]), "--part", part["part"]).raw
    would = demo.run(*argv, "--dry-run")
    live.check_command(test, would, 0, "save --dry-run")
    test.ok(would.out.rstrip("\n") == os.path.join(
        demo.tercet.directory, part["name"])
            and not os.path.exists(would.out.rstrip("\n")),
            "tells the path and makes nothing", str(would))
    names = []
    for _ in range(2):
        result = demo.run(*argv)
        live.check_command(test, result, 0, "save")
        path = result.out.rstrip("\n")
        names.append(os.path.basename(path))
        with open(path, "rb") as saved:
            test.ok(shown and saved.read() == shown,
                    "the file holds what show --part shows")
        test.equal(os.stat(path).st_mode & 0o777, 0o600, "for its owner")
    test.equal(names[0], part["name"], "by its name")
    stem, dot, extension = part["name"].rpartition(".")
    test.equal(names[1], "%s (2)%s%s" % (stem, dot, extension),
               "and the second beside the first")
    taken = os.path.join(demo.tercet.directory, names[0])
    live.check_command(
        test, demo.run(*argv[:-1], taken), 1, "no file is overwritten")
    live.check_command(test, demo.run("save", str(row["id"]), "--part",
                                      "7.7.7"), 1, "a part it has not")


def in_a_terminal(test, demo, rows):
    with demo.terminal("list", cols=50, rows=120) as term:
        term.wait_exit(live.patience(10))
        lines = [line for line in term.lines() if line.strip()]
        test.ok(len(lines) == len([row for row in rows
                                   if "INBOX" in row["folders"]]),
                "list keeps to the terminal's width", "\n".join(lines))
    escapes = [row for row in rows if row["folder"] == "Junk"][:3]
    for row in escapes:
        with demo.terminal("show", "--raw", str(row["id"])) as term:
            term.wait_exit(live.patience(10))
            test.equal(term.violations()[:3], [],
                       "show --raw is harmless in a terminal")


def interrupted(test, demo):
    """A signal at any time leaves nothing in the temporary directory."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for moment in range(5):
            process = demo.tercet.start(
                "--demo", "list", "--json",
                env={"TMPDIR": demo.temporary})
            fixture.until(lambda: os.listdir(demo.temporary)
                          or process.poll() is not None, pause=0.001)
            time.sleep(0.03 * moment)
            process.send_signal(number)
            process.communicate(timeout=live.patience(20))
            test.ok(process.returncode in (-number, 0)
                    and not os.listdir(demo.temporary),
                    "%s: the sample mailbox is gone" % number.name,
                    "%s %s" % (process.returncode,
                               os.listdir(demo.temporary)))


def manual(test, demo):
    for table in TABLES:
        result = demo.run("--dump-docs", table)
        live.check_command(test, result, 0, "--dump-docs " + table)
        test.ok(".It" in result.out, "it has items", result.out[:200])
        if not shutil.which("mandoc"):
            test.skip("mandoc reads it", "there is no mandoc here")
            continue
        page = ".Dd January 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n" \
               ".Nd x\n.Sh DESCRIPTION\n"
        items = result.out if table == "options" else (
            ".Bl -tag -width Ds\n" + result.out + ".El\n")
        check = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"],
                               input=(page + items).encode(),
                               stdout=subprocess.PIPE)
        test.equal(check.stdout.decode(), "", "mandoc reads it")


def tests(test):
    with fixture.Tercet() as tercet:
        demo = Demo(tercet)
        helps(test, demo)
        ids = lists(test, demo)
        acts(test, demo)
        rows = shows(test, demo, ids)
        parts(test, demo, rows)
        in_a_terminal(test, demo, rows)
        interrupted(test, demo)
        manual(test, demo)
        account = demo.run("account", "--json").objects()
        test.equal([one["protocol"] for one in account], ["local"],
                   "the account is local")
        live.check_command(test, demo.run("account", "test", "demo"), 2,
                           "there is nothing to test")
        live.check_command(test, demo.run("doctor"), 0, "doctor")
        test.equal(os.listdir(demo.temporary), [],
                   "nothing is left in the temporary directory")
        test.ok(not os.path.exists(tercet.data)
                and not os.path.exists(os.path.join(
                    tercet.directory, "xdg-state")),
                "nor was anything else touched")
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
