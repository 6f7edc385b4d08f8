#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample mailbox in terminals of every kind and size; how it all ends."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re
import signal
import time

import fixture
import live
import tap

COLOUR = re.compile(rb"\x1b\[(?:[0-9:]+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])"
                    rb"[0-9;:]*m")
LEAVES_SCREEN = b"\x1b[?1049l"
SHOWS_CURSOR = re.compile(rb"\x1b\[\?(?:12;25h|25h|12l\x1b\[\?25h)")


def demo(tercet, env=None, **options):
    return tercet.terminal("--demo", env=env, **options)


def walk(term):
    """A bit of everything, and no harm done."""
    term.wait_for(r"INBOX|Inbox", live.patience(10))
    for key in ("j", "j", "k", "Enter", "Space", "Space", "j", "h", "h",
                "H", "H", "q", "G", "g", "g", "PgDn", "PgUp", "C-d", "C-u",
                "Tab", "Tab", "S-Tab", "J", "K", "n", "N", "?", "Esc", "t",
                "t", ":", "Esc", "c", "Esc", "v", "Esc"):
        term.press(key)
        if not term.alive():
            return


def clean_line(term):
    term.pump(0.1)
    cursor = term.screen.cursor
    return term.lines()[-2:] == ["", ""] and (
        cursor.y, cursor.x) == (len(term.lines()) - 1, 0)


def given_back(term):
    term.pump(0.1)
    return LEAVES_SCREEN in term.raw and SHOWS_CURSOR.search(bytes(term.raw))


def terminals(test, tercet):
    for name in ("xterm-256color", "tmux-256color", "linux", "vt100",
                 "xterm-direct", "xterm-16color", "dumb"):
        terminfo = any(os.path.exists(os.path.join(top, name[0], name))
                       for top in ("/usr/share/terminfo", "/lib/terminfo",
                                   "/etc/terminfo"))
        if not terminfo:
            test.skip("terminal " + name, "no terminfo entry here")
            continue
        with demo(tercet, term=name) as term:
            if name == "dumb":
                term.pump(2)
                test.ok(not term.alive() and term.status == 1
                        or term.alive(), "dumb: works or says why not",
                        term.dump())
                continue
            walk(term)
            test.ok(term.alive(), name + ": a walk through the keys",
                    term.dump())
            live.check_ended_well(test, term, tercet, name)
            if name in ("linux", "vt100"):
                test.ok(fixture.until(lambda: clean_line(term), 5),
                        name + ": a clean line for the shell", term.dump())


def sizes(test, tercet):
    for cols, rows in ((200, 60), (120, 34), (80, 22), (60, 16), (40, 10),
                       (20, 5), (8, 3), (1, 1)):
        with demo(tercet, cols=cols, rows=rows) as term:
            if cols >= 20:
                walk(term)
            else:
                term.pump(1)
            test.ok(term.alive(), "%dx%d" % (cols, rows), term.dump())
            live.check_ended_well(test, term, tercet,
                                  "%dx%d" % (cols, rows))


def resize_storm(test, tercet):
    with demo(tercet) as term:
        term.wait_for(r"INBOX|Inbox", live.patience(10))
        for turn in range(60):
            cols, rows = 1 + turn * 37 % 170, 1 + turn * 13 % 50
            term.set_size(cols, rows)
            if turn % 10 == 0:
                term.press("j", settle=False)
            term.gather(0.01)
        term.resize(120, 34)
        term.wait_for(r"INBOX|Inbox", live.patience(5))
        test.ok(term.alive(), "a storm of sizes is survived", term.dump())
        live.check_ended_well(test, term, tercet, "storm")


def colours(test, tercet):
    with demo(tercet, env={"NO_COLOR": "1"}) as term:
        walk(term)
        test.ok(not COLOUR.search(bytes(term.raw)),
                "NO_COLOR: no colour is sent",
                repr(COLOUR.findall(bytes(term.raw))[:5]))
        live.check_ended_well(test, term, tercet, "NO_COLOR")
    for background in ("dark", "light"):
        with demo(tercet, background=background) as term:
            walk(term)
            test.ok(COLOUR.search(bytes(term.raw)) is not None,
                    background + " background: colours are sent")
            live.check_ended_well(test, term, tercet, background)
    with demo(tercet, env={"LC_ALL": "C"}) as term:
        walk(term)
        drawn = set("│─├●▾★↩⋯…█▕▏") & set(term.text())
        test.ok(not drawn, "in the C locale everything but mail is ASCII",
                repr(drawn) + term.dump())
        live.check_ended_well(test, term, tercet, "C locale")


def endings(test, tercet):
    """The terminal is given back, whatever ends the program."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        name = signal.Signals(number).name
        with demo(tercet) as term:
            term.wait_for(r"INBOX|Inbox", live.patience(10))
            began = time.monotonic()
            term.kill(number)
            if number == signal.SIGINT and term.wait_exit(1) is None:
                test.ok(True, name + ": may be ignored")
                live.check_ended_well(test, term, tercet, name)
                continue
            term.wait_exit(live.patience(5))
            test.ok(term.status is not None
                    and time.monotonic() - began < live.patience(2),
                    name + ": out within two seconds")
            if number != signal.SIGHUP:
                test.ok(fixture.until(lambda: given_back(term), 5),
                        name + ": the terminal is given back")
    with demo(tercet) as term:
        term.wait_for(r"INBOX|Inbox", live.patience(10))
        began = time.monotonic()
        term.press("q", settle=False)
        term.wait_exit(live.patience(5))
        took = (term.exited - began) * 1e3 if term.status == 0 else None
        test.ok(took is not None and took < live.patience(200),
                "q: quick", "%s ms, status %s" % (took, term.status))


def nothing_left(test, tercet):
    """Nothing outside a temporary directory, and that one gone."""
    scratch = os.path.join(tercet.directory, "scratch")
    os.makedirs(scratch)
    before = {path for path, _, _ in os.walk(tercet.directory)}
    with demo(tercet, env={"TMPDIR": scratch}) as term:
        walk(term)
        live.check_ended_well(test, term, tercet, "demo")
    after = {path for path, _, _ in os.walk(tercet.directory)}
    grown = {path for path in after - before
             if not path.startswith(os.path.join(tercet.directory,
                                                 "xdg-state"))}
    test.equal(grown, set(), "no directory is left behind")
    test.equal(os.listdir(scratch), [], "nor a temporary file")


def plenty(test, tercet):
    with demo(tercet) as term:
        term.wait_for(r"INBOX|Inbox", live.patience(10))
        first = term.text()
        for _ in range(12):
            term.press("PgDn", settle=False)
        term.settle(0.2)
        test.ok(term.text() != first, "the list is longer than the screen")
        for word in ("Archive|Lists|Sent",):
            test.ok(term.shows(word), "there are several folders")
        live.check_ended_well(test, term, tercet, "plenty")


def tests(test):
    with fixture.Tercet() as tercet:
        terminals(test, tercet)
        sizes(test, tercet)
        resize_storm(test, tercet)
        colours(test, tercet)
        endings(test, tercet)
        plenty(test, tercet)
        nothing_left(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
