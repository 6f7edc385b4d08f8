#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything can be read again with the server stopped."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import genmail
import live
import tap


def attachment_letter():
    body = ("--cut\nContent-Type: text/plain; charset=utf-8\n\n"
            "With a file.\n"
            "--cut\nContent-Type: text/csv; name=\"figures.csv\"\n"
            "Content-Disposition: attachment; filename=\"figures.csv\"\n\n"
            "a,b\n1,2\n--cut--\n")
    return genmail.letter(
        "Figures attached", body, when=live.FIRST_LETTER,
        content_type="multipart/mixed; boundary=cut")


def commands(test, server, tercet):
    rows = tercet.messages("INBOX")
    test.equal(len(rows), 40, "list shows all of the inbox")
    for row in rows[:10]:
        number = row["subject"][-3:]
        shown = tercet.run("show", str(row["id"]))
        test.contains(shown.out, "text of letter " + number,
                      "show reads letter %s" % number)
    synced = tercet.run("sync", timeout=60)
    live.check_command(test, synced, (1, 3), "sync fails")
    test.matches(synced.said, r"localhost:%d" % server.port("imaps"),
                 "and names host and port")
    test.contains(synced.said, "work", "and the account")


def interface(test, server, tercet):
    with tercet.terminal() as term:
        seconds = term.wait_for("Letter 040", live.patience(5))
        test.ok(seconds < live.patience(1.0),
                "mail is on the screen without a server",
                "after %.3f s" % seconds)
        term.press("Enter")
        term.wait_for("text of letter 040", live.patience(5))
        for number in range(39, 29, -1):
            term.press("j")
            term.wait_for("text of letter %03d" % number, live.patience(5))
        test.ok(True, "eleven letters were read")
        term.wait_for(live.OFFLINE, live.patience(20))
        test.ok(True, "the status line tells that it is offline")
        term.press("q", "c")
        term.type("arch")
        term.press("Enter")
        term.wait_for("Figures attached", live.patience(5))
        term.press("Enter")
        term.wait_for("With a file", live.patience(5))
        test.ok(term.shows(r"figures\.csv"), "the attachment is listed",
                term.dump())
        term.press("q", "c")
        term.type("inbox")
        term.press("Enter", "g", "g")
        server.start()
        term.wait_for(live.ONLINE, live.patience(40))
        test.ok(True, "online again by itself when the server is back")
        server.deliver(live.USER, live.letter(41))
        # The list keeps its place; the newest letters are at its top.
        term.press("g", "g")
        term.wait_for("Letter 041", live.patience(20))
        test.ok(True, "and new mail comes in")
        live.check_ended_well(test, term, tercet, "interface")


def with_server(test, kind):
    folders = {"Archive": [(attachment_letter(), "S", live.FIRST_LETTER)]}
    with live.scene(messages=40, folders=folders, kind=kind,
                    general={"offline": "all"}) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, kind + ": first sync")
        server.stop()
        commands(test, server, tercet)
        interface(test, server, tercet)


def tests(test):
    for kind in ("full", "condstore", "modest"):
        test.note("server: " + kind)
        with_server(test, kind)


if __name__ == "__main__":
    tap.main(tests)
