#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A changed UIDVALIDITY: the same mail, known again."""

import os
import re
import sys
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import live
import proxy
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


LETTER = re.compile(r"Letter \d\d\d")


class Watch:
    """Looks at the inbox over and over, and keeps what it lacked."""

    def __init__(self, tercet, wanted):
        self.tercet = tercet
        self.wanted = wanted
        self.looks = 0
        self.lacked = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *unused):
        self.stopping.set()
        self.thread.join()

    def _run(self):
        while not self.stopping.wait(0.01):
            held = identities(self.tercet)
            self.looks += 1
            self.lacked += [name for name, known in self.wanted.items()
                            if held.get(name) != known]


def while_running(test, server, tercet):
    """The line goes dead while the messages are matched, and comes back."""
    before = identities(tercet)
    with proxy.Dam(server.port("imap")) as wire:
        tercet.account("work", live.url(server, "imap+insecure",
                                        port=wire.port))
        with tercet.terminal() as term:
            term.wait_for("Letter 050", live.patience(15))
            term.wait_for(live.ONLINE, live.patience(15))
            term.press("j", "j")
            shown = set(LETTER.findall(term.text()))
            with Watch(tercet, before) as watch:
                server.set_uidvalidity(live.USER, "INBOX", 4712)
                server.deliver(live.USER, live.letter(51))
                wire.arm(messages=20)
                test.ok(fixture.until(lambda: term.pump(0.1) or wire.stalled,
                                      40), "the folder is looked at anew")
                term.pump(0.5)
                test.equal(shown - set(LETTER.findall(term.text())), set(),
                           "in the middle of it the view stands")
                wire.release()
                term.wait_for("Letter 051", live.patience(60))
                term.wait_for(live.ONLINE, live.patience(60))
                # The oldest of them may have made room for the new one.
                test.ok(len(shown - set(LETTER.findall(term.text()))) <= 1
                        and term.shows("Letter 050"),
                        "and after it, too", term.dump())
            test.ok(watch.looks > 0 and not watch.lacked,
                    "nothing was away or another for a moment (%d looks)"
                    % watch.looks, repr(watch.lacked[:20]))
            live.check_ended_well(test, term, tercet, "interface")
        after = identities(tercet)
        test.equal(len(after), 51, "all letters are there, and the new one")
        test.equal({name: after.get(name) for name in before}, before,
                   "and each keeps its identity")
        live.check_same(test, server, tercet, "still the same")
    tercet.account("work", live.url(server), tls_ca_file=server.authority)


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
