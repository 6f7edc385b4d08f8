#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No byte of mail but text gets to the terminal, from any field."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import base64

import control
import genmail
import live
import tap

CANARY = "PWNED"

# What mail would like to say to a terminal.
PAYLOADS = (
    ("title", "\x1b]0;PWNED\x07"),
    ("clipboard", "\x1b]52;c;UFdORUQ=\x07"),
    ("link", "\x1b]8;;https://PWNED/\x1b\\x\x1b]8;;\x1b\\"),
    ("erase", "\x1b[2J\x1b[1;1H"),
    ("colour", "\x1b[5;31m"),
    ("report", "\x1b[6n\x1b[c"),
    ("reset", "\x1bc"),
    ("device string", "\x1bP$qm\x1b\\"),
    ("C1 controls", "\u009b2J\u009d0;PWNED\u009c\u0085"),
    ("bell and friends", "\a\b\v\f\x0e\x05\x7f"),
    ("returns", "a\rb\r\rc"),
    ("bidi override", "abc\u202egpj.exe\u202c"),
    ("bidi isolates", "a\u2066b\u2067c\u2069"),
    ("marks", "a\u200eb\u200fc\u061cd"),
    ("tags", "a\U000e0041\U000e0042\U000e007fb"),
    ("separators", "a\u2028b\u2029c\ufeffd"),
    ("combining", "a" + "\u0301" * 400 + "b"),
    ("wide", "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufdfd" * 20),
    ("long word", "x" * 5000),
)


def word_b(text):
    return "=?utf-8?b?%s?=" % base64.b64encode(text.encode()).decode()


def word_q(text):
    return "=?utf-8?q?%s?=" % "".join("=%02X" % b for b in text.encode())


def in_headers(number, text, word):
    """The payload in every header that is shown, as encoded words."""
    name = word(text)
    body = ("--cut\nContent-Type: text/plain; charset=utf-8\n\nplain\n"
            "--cut\nContent-Type: application/pdf; name=\"%s\"\n"
            "Content-Disposition: attachment;\n filename=\"%s\"\n\nx\n"
            "--cut--\n" % (name, name))
    return genmail.letter(
        "Hostile %03d %s" % (number, name), body,
        sender="%s <%d@example.org>" % (name, number),
        to="%s <to@example.org>" % name, when=live.FIRST_LETTER + number,
        content_type="multipart/mixed; boundary=cut",
        extra="X-Odd: %s\nCc: %s <cc@example.org>\n"
              "List-Id: %s <list.example.org>\n"
              "Authentication-Results: mx.example.org; dkim=pass\n"
              % (name, name, name))


def in_raw_headers(number, text):
    safe = text.replace("\r", "").replace("\n", "").encode()
    plain = genmail.letter("Hostile %03d RAW" % number, "plain\n",
                           sender="RAW <%d@example.org>" % number,
                           when=live.FIRST_LETTER + number)
    return plain.replace(b"RAW", safe)


def in_text(number, text):
    return genmail.letter("Hostile %03d text" % number,
                          "before %s after\n> %s\n-- \n%s\n" % (
                              text, text, text),
                          when=live.FIRST_LETTER + number)


def in_html(number, text):
    entities = "".join("&#%d;" % ord(c) for c in text)
    html = ("<title>%s</title><p>%s</p><p>%s</p>"
            "<a href=\"https://example.org/%s\">%s</a><img alt=\"%s\">"
            % (text, text, entities, entities, entities, entities))
    return genmail.letter("Hostile %03d html" % number, html,
                          content_type="text/html; charset=utf-8",
                          when=live.FIRST_LETTER + number)


def in_other_charset(number, text):
    coded = base64.b64encode(text.encode("utf-7", "replace")).decode()
    return genmail.letter(
        "Hostile %03d =?utf-7?b?%s?=" % (number, coded), coded,
        content_type="text/plain; charset=utf-7", when=live.FIRST_LETTER
        + number).replace(b"Encoding: 8bit", b"Encoding: base64")


def hostile():
    mail, number = [], 0
    for _, text in PAYLOADS:
        for make in (lambda n, t: in_headers(n, t, word_b),
                     lambda n, t: in_headers(n, t, word_q),
                     in_raw_headers, in_text, in_html, in_other_charset):
            number += 1
            mail.append((make(number, text), "S",
                         live.FIRST_LETTER + number))
    return mail


def commands(test, tercet, count):
    listed = tercet.run("list", "--limit", "10000", "--folder", "INBOX")
    live.check_command(test, listed, 0, "list")
    test.equal(len(listed.out.splitlines()), count,
               "one line for each message")
    stray = control.stray_characters(listed.raw)
    test.ok(not stray, "list prints text only", "\n".join(stray[:20]))
    as_json = tercet.run("list", "--json", "--limit", "10000")
    test.equal(len(as_json.objects()), count, "list --json is JSON")
    test.ok(b"\x1b" not in as_json.raw and b"\x7f" not in as_json.raw,
            "without a raw control character")
    for row in as_json.objects():
        shown = tercet.run("show", str(row["id"]))
        stray = control.stray_characters(shown.raw)
        if shown.status != 0 or stray:
            test.ok(False, "show %d prints text only" % row["id"],
                    "%r\n%s\n%s" % (row["subject"], "\n".join(stray[:20]),
                                    shown))
    test.ok(True, "show was asked for each")


def interface(test, tercet, count, term_name, cols, rows):
    name = "%s at %dx%d" % (term_name, cols, rows)
    with tercet.terminal(term=term_name, cols=cols, rows=rows) as term:
        term.wait_for("Hostile %03d" % count, live.patience(15))
        term.press("Enter")
        for number in range(count):
            term.press("j", settle=False)
            term.settle(0.03)
            if not term.alive():
                break
            if number % 10 == 0:
                term.press("h", "h", "Space")
        test.ok(term.alive(), name + ": every message was opened",
                term.dump())
        replies = [line for line in term.lines() if CANARY in line
                   and "0;" in line]
        test.note("%d lines of debris" % len(replies))
        live.check_ended_well(test, term, tercet, name)


def tests(test):
    mail = hostile()
    with live.scene(messages=mail,
                    general={"offline": "all"}) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "sync")
        commands(test, tercet, len(mail))
        for term_name, cols, rows in (("xterm-256color", 120, 34),
                                      ("tmux-256color", 80, 24),
                                      ("linux", 40, 10)):
            interface(test, tercet, len(mail), term_name, cols, rows)


if __name__ == "__main__":
    tap.main(tests)
