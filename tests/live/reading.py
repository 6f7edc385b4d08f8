#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message read otherwise, from what is held: HTML, another charset, by keys
with the server gone; a browser that is asked for; and texts that an older
program extracted."""

import os
import sqlite3
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import tap

MAIL = b"""From: Harbour <harbour@example.org>
To: me@example.org
Subject: Prices
Message-ID: <prices@example.org>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

The plain one \xf0\xd2\xc9 says what it has to say in words.

--b
Content-Type: text/html; charset=utf-8

<p>The <b>page</b> says more.</p><p>See <a href="https://example.org/x">here</a>
<img src="http://127.0.0.1:9/open.gif" width=1 height=1></p>

--b--
""".replace(b"\n", b"\r\n")

# So large, and with a file in it, that only its plain text is fetched.
LARGE = MAIL.replace(b"Prices", b"Tariffs").replace(
    b"<prices@", b"<tariffs@").replace(
    b"boundary=b", b"boundary=c", 1).replace(
    b"multipart/alternative", b"multipart/mixed", 1).replace(
    b"\r\n\r\n--b\r\n", b"\r\n\r\n--c\r\nContent-Type: "
    b"multipart/alternative; boundary=b\r\n\r\n--b\r\n", 1).replace(
    b"in words.", b"in words. " + b"And in many more of them. " * 60) + (
    b"--c\r\nContent-Type: application/x-tar\r\n"
    b"Content-Disposition: attachment; filename=a.tar\r\n\r\n"
    + b"0123456789\r\n" * 10 + b"--c--\r\n")

BROWSER = """#!/bin/sh
for last; do :; done
cp "$last" '%(out)s'
stat -c '%%a %%n' "$last" "$(dirname "$last")" >'%(out)s.modes'
"""


def seen(term, regex):
    return fixture.until(lambda: term.pump(0.1) or term.find(regex),
                         live.patience(10))


def texts(tercet):
    with sqlite3.connect(os.path.join(tercet.data, "store.db")) as store:
        return store.execute(
            "SELECT version, packed FROM text ORDER BY message").fetchall()


def make_old(tercet):
    """As a program of long ago left it."""
    words = b"old words"
    packed = (b"D1" + bytes([0, 0, 0, 0, 1, 0, 0, len(words)])
              + bytes([0, 0, 0, len(words), 0]) + words)
    with sqlite3.connect(os.path.join(tercet.data, "store.db")) as store:
        store.execute("UPDATE text SET version = 1, packed = ?", (packed,))
        store.execute("UPDATE text_again SET version = 0, at = 0")


def commands(test, tercet, message):
    shown = tercet.run("show", message)
    test.contains(shown.out, "has to say in words", "show has the plain text")
    shown = tercet.run("show", "--text", "--html", message)
    test.contains(shown.out, "The page says more.", "and the HTML as text")
    shown = tercet.run("show", "--charset", "koi8-r", message)
    test.contains(shown.out, "При", "and another charset")
    live.check_command(test, tercet.run("show", "--charset", "x", message), 2,
                       "a charset that is none")
    make_old(tercet)
    shown = tercet.run("show", message)
    test.contains(shown.out, "has to say in words",
                  "an old text is read again when it is shown")


def reads(test, tercet, out):
    with tercet.terminal(env={"BROWSER": tercet.directory + "/lynx"}) as term:
        term.wait_for("Prices", live.patience(10))
        term.press("g", "g")
        for _ in range(8):
            if term.find("Subject +Prices"):
                break
            term.press("j")
            term.settle()
        term.press("Enter")
        term.wait_for("has to say in words", live.patience(10))
        term.type(":html")
        term.press("Enter")
        test.ok(seen(term, r"The page says more"), "the HTML by :html",
                term.dump())
        test.ok(seen(term, r"here\[1\]"), "its links have numbers",
                term.dump())
        term.type(":charset koi8-r")
        term.press("Enter")
        test.ok(seen(term, "Read as koi8-r"), "and in another charset",
                term.dump())
        term.type(":html")
        term.press("Enter")
        test.ok(seen(term, "При says|При"), "the plain text in it",
                term.dump())
        term.type(":charset auto")
        term.press("Enter")
        test.ok(seen(term, "ðÒÉ"), "and as it says itself", term.dump())
        term.type(":browser")
        term.press("Enter")
        test.ok(seen(term, "A browser loads what is remote"), "it asks first",
                term.dump())
        test.ok(not os.path.exists(out), "and opens nothing before")
        term.press("y")
        test.ok(fixture.until(lambda: term.pump(0.1) or
                              os.path.exists(out + ".modes"),
                              live.patience(10)), "the browser runs",
                term.dump())
        with open(out, "rb") as file:
            page = file.read()
        test.ok(page.startswith(b"\xef\xbb\xbf"), "with a page in UTF-8")
        test.contains(page.decode(), 'width=1 height=1', "nothing stripped")
        with open(out + ".modes", encoding="utf-8") as file:
            modes = file.read().split()
        test.equal(modes[0::2], ["600", "700"], "in a place of our own")
        term.settle()
        live.check_ended_well(test, term, tercet, "interface")
    test.ok(not os.path.exists(modes[3]), "which is gone with the interface")


def fetches(test, tercet):
    """The other alternative, which only the server has."""
    with tercet.terminal() as term:
        term.wait_for("Tariffs", live.patience(20))
        term.press("g", "g")
        for _ in range(8):
            if term.find("Subject +Tariffs"):
                break
            term.press("j")
            term.settle()
        term.wait_for("in many more of them", live.patience(10))
        term.type(":html")
        term.press("Enter")
        test.ok(seen(term, r"The page says more"),
                "the HTML is fetched when it is wished for", term.dump())
        live.check_ended_well(test, term, tercet, "fetched")


def background(test, tercet):
    make_old(tercet)
    newest = max(version for version, _ in texts(tercet)) + 1
    with tercet.terminal() as term:
        term.wait_for("Prices", live.patience(10))
        done = fixture.until(
            lambda: term.pump(0.5) or all(version >= newest for version, _
                                          in texts(tercet)),
            live.patience(40))
        test.ok(done, "old texts are read again in the background",
                repr([version for version, _ in texts(tercet)]))
        test.ok(not any(b"old words" in packed for _, packed
                        in texts(tercet)), "all of them")
        live.check_ended_well(test, term, tercet, "background")


def tests(test):
    with live.scene(messages=5, general={"offline": "all"}) as (server, tercet):
        server.deliver(live.USER, MAIL)
        out = os.path.join(tercet.directory, "opened")
        browser = os.path.join(tercet.directory, "lynx")
        with open(browser, "w", encoding="utf-8") as file:
            file.write(BROWSER % {"out": out})
        os.chmod(browser, 0o700)
        server.deliver(live.USER, LARGE)
        live.check_command(test, tercet.run("sync"), 0, "sync")
        fetches(test, tercet)
        server.stop()
        rows = [row for row in tercet.messages("INBOX")
                if row["subject"] == "Prices"]
        test.equal(len(rows), 1, "the message is there")
        commands(test, tercet, str(rows[0]["id"]))
        reads(test, tercet, out)
        background(test, tercet)


if __name__ == "__main__":
    live.need_dovecot()
    tap.main(tests)
