#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message of a collection of real and broken mail, listed and shown.

TERCET_CORPUS names a directory with message files and mboxes; a MANIFEST.tsv
in it may say which files are messages.  TERCET_CORPUS_TERMINALS names the
terminals to page through it in, such as "xterm-256color:40x24 linux:200x60".
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import mailbox
import time

import control
import live
import tap

BATCH = 40
QUICK = 150000                  # bytes
SLOWEST = 2.0                   # seconds for one message, start included


def message_files(top):
    """(path, is an mbox) of everything that is mail."""
    manifest = os.path.join(top, "MANIFEST.tsv")
    if os.path.exists(manifest):
        with open(manifest, encoding="utf-8") as rows:
            for row in rows.read().splitlines()[1:]:
                fields = row.split("\t")
                kinds = fields[3].split(",")
                if "message" in kinds or "mbox" in kinds:
                    yield os.path.join(top, fields[0]), "mbox" in kinds
        return
    for directory, _, files in sorted(os.walk(top)):
        for name in sorted(files):
            path = os.path.join(directory, name)
            with open(path, "rb") as source:
                yield path, source.read(5) == b"From "


def collect(top):
    """[(bytes, flags, time)], and where each came from."""
    mail, origin = [], []
    for path, is_mbox in message_files(top):
        relative = os.path.relpath(path, top)
        if is_mbox:
            box = mailbox.mbox(path, create=False)
            for key in box.keys():
                mail.append(box.get_bytes(key))
                origin.append("%s#%d" % (relative, key))
        else:
            with open(path, "rb") as source:
                mail.append(source.read())
            origin.append(relative)
    stamped = [(raw, "S", live.FIRST_LETTER + number)
               for number, raw in enumerate(mail)]
    return stamped, origin


def origin_of(row, origin):
    """The file of a row, by the time it was received."""
    stamp = time.strptime(row["received"][:19], "%Y-%m-%dT%H:%M:%S")
    number = int(time.mktime(stamp)) - live.FIRST_LETTER
    return origin[number] if 0 <= number < len(origin) else "?"


def show_all(test, tercet, rows, origin):
    bad = 0
    began = time.monotonic()
    for at in range(0, len(rows), BATCH):
        batch = rows[at:at + BATCH]
        result = tercet.run("show", *[str(row["id"]) for row in batch],
                            timeout=60)
        if result.status == 0 and not control.stray_characters(result.raw):
            continue
        for row in batch:
            one = tercet.run("show", str(row["id"]), timeout=20)
            stray = control.stray_characters(one.raw)
            if one.status != 0 or stray or \
                    one.seconds > live.patience(SLOWEST):
                bad += 1
                test.ok(False, "show " + origin_of(row, origin),
                        "%s\nstatus %s after %.1f s\n%s" % (
                            "\n".join(stray[:5]), one.status, one.seconds,
                            one.err[-1500:]))
    test.ok(bad == 0, "each of %d messages is shown" % len(rows))
    test.note("%.1f ms each" % (
        (time.monotonic() - began) * 1e3 / max(1, len(rows))))


def show_as_json(test, tercet, rows, origin):
    bad = []
    for at in range(0, len(rows), BATCH):
        batch = rows[at:at + BATCH]
        result = tercet.run("show", "--json",
                            *[str(row["id"]) for row in batch], timeout=60)
        try:
            found = len(result.objects())
            if found != len(batch):
                found = len(result.json())
        except ValueError as error:
            found = str(error)
        if result.status != 0 or found != len(batch):
            bad.append("%s to %s: status %s, %s" % (
                origin_of(batch[0], origin), origin_of(batch[-1], origin),
                result.status, found))
    test.ok(not bad, "show --json of each", "\n".join(bad[:10]))


def page_through(test, tercet, mail, term_name, cols, rows):
    """Open one message after the other in the interface, newest first."""
    count = len(mail)
    name = "%s at %dx%d" % (term_name, cols, rows)
    with tercet.terminal(term=term_name, cols=cols, rows=rows) as term:
        term.wait_for(r"\d", live.patience(20))
        term.press("t", "g", "g", "Enter")      # a row for each message
        worst = 0.0
        for row in mail[1:]:
            # One that looks like the last one draws nothing; a large one
            # is shown only to who rests on it.
            rest = 0.004 if row["size"] < QUICK else live.patience(0.07)
            first, _ = term.latency(["j"], 1, rest, live.patience(0.05))
            worst = max(first + [worst])
            if term.ended:
                break
        test.ok(term.alive(), "%s: %d were opened" % (name, count),
                term.dump())
        test.note("%s: the slowest took %.0f ms" % (name, worst))
        live.check_ended_well(test, term, tercet, name)


def terminals():
    """(TERM, columns, rows, how many messages), all of them where asked."""
    wanted = os.environ.get("TERCET_CORPUS_TERMINALS", "").split()
    if not wanted:
        return [("xterm-256color", 120, 40, None),
                ("tmux-256color", 80, 24, 600), ("linux", 20, 5, 600)]
    found = []
    for one in wanted:
        name, size = one.split(":")
        cols, lines = size.split("x")
        found.append((name, int(cols), int(lines), None))
    return found


def tests(test):
    top = os.environ.get("TERCET_CORPUS", "")
    if not os.path.isdir(top):
        raise tap.Skip("TERCET_CORPUS names no directory with mail")
    mail, origin = collect(top)
    test.note("%d messages from %s" % (len(mail), top))
    with live.scene(messages=mail, storage="mdbox",
                    general={"offline": "all"}) as (server, tercet):
        count = server.count(live.USER)
        synced = tercet.run("sync", timeout=600)
        live.check_command(test, synced, 0, "sync of everything")
        rows = tercet.messages("INBOX")
        test.equal(len(rows), count, "list shows every message")
        listed = tercet.run("list", "--limit", "100000", "--folder",
                            "INBOX", timeout=120)
        stray = control.stray_characters(listed.raw)
        test.ok(listed.status == 0 and not stray, "list prints text only",
                "\n".join(stray[:20]))
        show_all(test, tercet, rows, origin)
        show_as_json(test, tercet, rows, origin)
        for name, cols, lines, most in terminals():
            page_through(test, tercet, rows[:most], name, cols, lines)
        live.check_command(test, tercet.run("doctor", timeout=300), 0,
                           "doctor")
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
