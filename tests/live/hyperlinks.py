#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links that the terminal opens: where they are, and that they stay true.

The emulator keeps the link of each cell.  However one got to a screen, its
links have to be those of the same screen drawn anew, and they are words that
look like links.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import random
import re

import fixture
import live
import tap

LINK = re.compile(rb"\x1b\]8;(?:id=\d+;[!-:<-~][!-~]*|;)\x1b\\")
KEYS = ["j"] * 10 + ["k", "Space", "Space", "-", "C-e", "C-e", "C-y", "C-y",
                     "Tab", "t", "C-d", "h", "H", "Esc", "?", "v", "C-l"]
KNOWN = {"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20240203"}


def words(term):
    """The text of each link on the screen, by where it begins."""
    found = {}
    for row, column in sorted(term.screen.links):
        url = term.screen.links[row, column]
        if term.screen.links.get((row, column - 1)) == url:
            continue
        text = ""
        at = column
        while term.screen.links.get((row, at)) == url:
            text += term.cell(row, at).data
            at += 1
        found[row, column] = text, url
    return found


def faults(term):
    """What is wrong with the links on the screen."""
    found = []
    for row, column in term.screen.links:
        cell = term.cell(row, column)
        if not cell.underscore:
            found.append("%d,%d %r is no link" % (row, column, cell.data))
    for (row, column), (text, url) in words(term).items():
        if re.match("https?://", text) and not url.startswith(text.rstrip()):
            found.append("%d,%d %s leads to %s" % (row, column, text, url))
    return found


def anew(term):
    """The links of the same screen, all of it written again."""
    before = dict(term.screen.links), term.text()
    term.type(":redraw\r")
    term.settle(0.1)
    if term.text() != before[1]:
        return None             # the key had another meaning there
    return before[0], dict(term.screen.links)


def wander(test, tercet, env, cols, rows, seed, steps=60):
    name = "%dx%d, seed %d" % (cols, rows, seed)
    chance = random.Random(seed)
    most = compared = 0
    with tercet.terminal("--demo", env=env, cols=cols, rows=rows) as term:
        term.wait_for(r"INBOX", live.patience(10))
        for step in range(steps):
            key = chance.choice(KEYS)
            term.press(key)
            if not term.alive():
                break
            bad = faults(term)
            if bad or term.screen.links_moved:
                test.ok(False, "%s: links after step %d, %s" % (
                    name, step, key), "\n".join(bad) + "\n" + term.dump())
                return
            most = max(most, len(words(term)))
            if term.screen.links and step % 2:
                term.press("Esc", "Esc")
                both = anew(term)
                compared += both is not None and bool(both[0])
                if both and both[0] != both[1]:
                    test.ok(False, name + ": the same when drawn anew",
                            "%s\n%s\n%s" % (sorted(both[0].items()),
                                            sorted(both[1].items()),
                                            term.dump()))
                    return
        test.ok(most > 0 and compared > 0,
                "%s: %d links at a time, %d screens compared" % (
                    name, most, compared))
        bad = term.violations(allow_osc=LINK)
        test.ok(not bad, name + ": nothing else is written",
                "\n".join("%s: %s" % one for one in bad[:10]))


def without(test, tercet):
    """No terminal that may not know them gets any."""
    for what, env in (("an unknown terminal", {}),
                      ("an old VTE", {"VTE_VERSION": "4800"}),
                      ("tmux in a terminal that knows them",
                       {"VTE_VERSION": "7200", "TERM_PROGRAM": "tmux",
                        "TERM_PROGRAM_VERSION": "3.3a"})):
        with tercet.terminal("--demo", env=env,
                             term="tmux-256color" if "tmux" in what
                             else "xterm-256color") as term:
            term.wait_for(r"INBOX", live.patience(10))
            term.press("j", "j", "G", "k")
            live.check_ended_well(test, term, tercet, what)


def same_lines():
    """A message whose lines are links, and nearly all alike: scrolling it
    leaves rows as they were, over which curses goes all the same."""
    lines = ["Line %d of many" % number if number % 9 == 5
             else "https://example.org/same" for number in range(120)]
    return ("From: Ann <ann@example.org>\r\nTo: me@example.org\r\n"
            "Subject: Lines\r\nMessage-ID: <lines@example.org>\r\n\r\n"
            + "\r\n".join(lines) + "\r\n").encode()


def not_linked(term):
    found = []
    below = term.find("├──")[0]         # the viewer
    for row, line in enumerate(term.lines()):
        if row < below:
            continue
        for match in re.finditer("https://example.org/same", line):
            if any(term.screen.links.get((row, column)) != match.group()
                   for column in range(*match.span())):
                found.append("row %d" % row)
    return found


def scroll(test):
    with live.scene(messages=[(same_lines(), "S", live.FIRST_LETTER)]) as (
            _, tercet):
        tercet.run("sync")
        with tercet.terminal(env=KNOWN, cols=120, rows=40) as term:
            term.wait_for("Lines", live.patience(10))
            term.press("Enter")
            term.wait_for("Line 5 of many", live.patience(10))
            term.settle()
            bad = not_linked(term)
            for key in ["C-e"] * 8 + ["C-y"] * 3 + ["C-d", "C-u", "Space",
                                                    "-", "C-e", "C-e"]:
                term.press(key)
                bad += ["after %s: %s" % (key, row)
                        for row in not_linked(term)]
            test.ok(not bad and term.screen.links,
                    "links stay while their message scrolls",
                    "\n".join(bad[:10]) + "\n" + term.dump())


def tests(test):
    scroll(test)
    with fixture.Tercet() as tercet:
        without(test, tercet)
        wander(test, tercet, {"VTE_VERSION": "7200"}, 120, 40, 1)
        wander(test, tercet, KNOWN, 170, 50, 3)
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
