#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A changed UIDVALIDITY: the same mail, known again."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import tap


def identities(tercet):
    return {row["subject"]: (row["id"], row["message_id"])
            for row in tercet.messages("INBOX")}


def between_syncs(test, server, tercet):
    before = identities(tercet)
    server.set_uidvalidity(live.USER, "INBOX", 4711)
    live.check_command(test, tercet.run("sync"), 0,
                       "sync after UIDVALIDITY changed")
    after = identities(tercet)
    test.equal(len(after), 50, "all letters are there, once")
    test.equal(after, before, "and each keeps its identity")
    live.check_same(test, server, tercet, "store and server agree")


def readable_without_server(test, server, tercet):
    server.stop()
    row = tercet.messages("INBOX")[0]
    shown = tercet.run("show", str(row["id"]))
    test.contains(shown.out, "text of letter", "texts were kept")
    server.start()


def while_running(test, server, tercet):
    with tercet.terminal() as term:
        term.wait_for("Letter 050", live.patience(15))
        term.wait_for(live.ONLINE, live.patience(15))
        term.press("j", "j")
        server.set_uidvalidity(live.USER, "INBOX", 4712)
        server.drop_connections()
        server.deliver(live.USER, live.letter(51))
        term.wait_for("Letter 051", live.patience(40))
        test.ok(term.shows("Letter 050"), "the view survives it",
                term.dump())
        live.check_ended_well(test, term, tercet, "interface")
    live.check_same(test, server, tercet, "still the same")


def recreated(test, server, tercet):
    with live.client(server) as other:
        other.delete("Archive")
        other.create("Archive")
        other.append("Archive", live.letter(7, "Replacement"))
    live.check_command(test, tercet.run("sync"), 0,
                       "sync after a folder was made anew")
    live.check_same(test, server, tercet, "only the new mail stands there")


def tests(test):
    folders = {"Archive": live.letters(5, "Old letter")}
    with live.scene(messages=50, folders=folders,
                    general={"offline": "all"}) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "first sync")
        between_syncs(test, server, tercet)
        readable_without_server(test, server, tercet)
        while_running(test, server, tercet)
        recreated(test, server, tercet)
        live.check_command(test, tercet.run("doctor"), 0, "doctor")


if __name__ == "__main__":
    tap.main(tests)
