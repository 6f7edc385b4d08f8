#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files within a text: listed, saved decoded, and no pages of letters."""

import binascii
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import genmail
import live
import tap

SMALL = bytes(range(256)) * 4
LARGE = bytes((7 * i + i // 256) % 256 for i in range(120000))


def uuencoded(name, data):
    lines = [binascii.b2a_uu(data[at:at + 45], backtick=True).decode()
             for at in range(0, len(data), 45)]
    return "begin 644 %s\n%s`\nend\n" % (name, "".join(lines))


def yenc(name, data):
    """Its bytes as Latin-1 characters, since letters here are text."""
    out, line = [], ""
    for byte in data:
        byte = (byte + 42) % 256
        line += "=" + chr((byte + 64) % 256) if byte in (0, 10, 13, 61) \
            else chr(byte)
        if len(line) >= 128:
            out.append(line)
            line = ""
    return "=ybegin line=128 size=%d name=%s\n%s\n=yend size=%d\n" % (
        len(data), name, "\n".join(out + [line]), len(data))


def letter(number, subject, body):
    return (genmail.letter(subject, body,
                           when=live.FIRST_LETTER + 3600 * number), "S",
            live.FIRST_LETTER + 3600 * number)


def saved(tercet, row, part, name):
    result = tercet.run("save", str(row["id"]), "--part", part, "--to",
                        tercet.directory)
    path = os.path.join(tercet.directory, name)
    if result.status != 0 or not os.path.exists(path):
        return result, None
    with open(path, "rb") as file:
        return result, file.read()


def check(test, tercet, subject, name, data):
    row = next(row for row in tercet.messages() if row["subject"] == subject)
    shown = tercet.run("show", str(row["id"]), "--json").json()
    parts = {part["part"]: part for part in shown["parts"]}
    test.ok("1+1" in parts and parts["1+1"].get("name") == name,
            "%s: the file is a part" % subject, repr(parts))
    test.ok(parts.get("1+1", {}).get("size", 0) > 0.95 * len(data),
            "%s: of about its size" % subject, repr(parts.get("1+1")))
    test.ok("Before." in shown["text"] and "Behind." in shown["text"]
            and len(shown["text"]) < 200,
            "%s: the text is what a person wrote" % subject,
            shown["text"][:300])
    result, got = saved(tercet, row, "1+1", name)
    test.ok(got == data, "%s: saved as it was" % subject,
            "%s\n%r" % (result, got and got[:60]))
    result = tercet.run("show", str(row["id"]), "--part", "1+1")
    test.ok(result.raw == data, "%s: written out as it was" % subject,
            str(result)[:300])


def tests(test):
    text = "Before.\n%sBehind.\n"
    letters = [
        letter(1, "small", text % uuencoded("small.bin", SMALL)),
        letter(2, "large", text % uuencoded("large.bin", LARGE)),
        letter(3, "words", "begin 644 words\nBefore. Behind.\nend\n"),
    ]
    # Dovecot takes bytes as they are.
    head, flags, when = letter(4, "yenc", "@@@")
    letters.append((head.replace(b"@@@", (text % yenc(
        "y.bin", SMALL)).encode("latin-1")), flags, when))
    with live.scene(letters) as (_server, tercet):
        result = tercet.run("sync")
        live.check_command(test, result, 0, "sync")
        check(test, tercet, "small", "small.bin", SMALL)
        check(test, tercet, "large", "large.bin", LARGE)
        check(test, tercet, "yenc", "y.bin", SMALL)
        row = next(row for row in tercet.messages()
                   if row["subject"] == "words")
        shown = tercet.run("show", str(row["id"]), "--json").json()
        test.equal(len(shown["parts"]), 1, "words are no file")
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
