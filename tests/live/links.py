#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of the sample mailbox, opened by $BROWSER and copied."""

import base64
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import tap

BROWSER = """#!/bin/sh
printf '%%s\\n' "$#" "$@" >'%s'
"""
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
SHOWN = r"Link +(https?://\S+)"


def shown(term, regex):
    return fixture.until(lambda: term.pump(0.1) or term.find(regex),
                         live.patience(5))


def find_link(term):
    """Goes down until a message has a link; the link, its bar open."""
    for _ in range(40):
        term.press("C-l")
        if term.find("its letter choose"):
            if not term.find("all links"):
                term.press("Esc")  # of the list: none is in sight
            else:
                term.press("a")
                match = re.search(SHOWN, term.text())
                if match:
                    return match.group(1)
                term.press("Esc", "Esc")
        term.press("j")
        term.pump(0.5)
    return None


def tests(test):
    with fixture.Tercet() as tercet:
        out = os.path.join(tercet.directory, "opened")
        browser = os.path.join(tercet.directory, "w3m")
        with open(browser, "w", encoding="utf-8") as file:
            file.write(BROWSER % out)
        os.chmod(browser, 0o700)
        env = {"BROWSER": "no-such-browser:%s -T ';touch evil' %%s" % browser}
        with tercet.terminal("--demo", env=env, cols=160) as term:
            term.wait_for(r"INBOX|Inbox", live.patience(10))
            term.settle()
            url = find_link(term)
            if not test.ok(url, "a link by its letter", term.dump()):
                return
            term.press("y")
            test.ok(shown(term, "Given to the terminal to copy"),
                    "it can be copied", term.dump())
            copied = COPIED.search(bytes(term.raw))
            test.ok(copied and base64.b64decode(copied.group(1)).decode()
                    == url, "whole", repr(copied))
            term.press("C-l", "a", "Enter")
            if term.find("y  +Open"):
                term.press("y")
            test.ok(fixture.until(lambda: term.pump(0.1) or
                                  os.path.exists(out), live.patience(5)),
                    "Enter opens it", term.dump())
            shown(term, "Opening http")
            with open(out, encoding="utf-8") as file:
                words = file.read().splitlines()
            test.equal(words, ["3", "-T", ";touch evil", url],
                       "as one word, and without a shell")
            for _ in range(4):
                term.press("q")
                if not term.alive():
                    break
            test.equal(term.wait_exit(live.patience(5)), 0,
                       "quits with status 0")
            test.equal(term.violations(allow_osc=COPIED), [],
                       "no other forbidden byte reached the terminal")
            test.equal(len(COPIED.findall(bytes(term.raw))), 1,
                       "and that one once")
            live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
