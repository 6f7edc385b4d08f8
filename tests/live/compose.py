#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing in the interface: a message, an answer, one that is taken back, one
for later, one that is put by, with an editor, a server and a terminal."""

import email
import email.policy
import os
import stat
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import live
import smtpsink
import tap

EDITOR = """\
#!/bin/sh
# Puts in front of the text what the test wants to be written.
cat "%(text)s" "$1" >"$1.new" && mv "$1.new" "$1"
"""


class Writer:
    """What the editor types."""

    def __init__(self, tercet):
        self.text = os.path.join(tercet.directory, "typed")
        self.path = os.path.join(tercet.directory, "editor")
        with open(self.path, "w") as script:
            script.write(EDITOR % {"text": self.text})
        os.chmod(self.path, stat.S_IRWXU)
        self.types("")

    def types(self, text):
        with open(self.text, "w") as out:
            out.write(text)


def parsed(message):
    return email.message_from_bytes(message.data,
                                    policy=email.policy.default)


def fill_in(term, text):
    """Types into the prompt, in place of what stands there."""
    term.type("\x15" + text)
    term.press("Enter")


def sent(term, sink, count):
    deadline = time.monotonic() + live.patience(60)
    while len(sink.messages) < count and time.monotonic() < deadline:
        term.pump(0.05)
    return sink.messages[count - 1]


def a_new_one(test, term, sink, writer):
    writer.types("Hello Bo,\n\nten works.\n")
    term.press("C")
    term.wait_for("To:")
    fill_in(term, "Bo Lindqvist <bo@example.net>")
    term.wait_for("Subject:")
    fill_in(term, "Grüße")
    term.wait_for("ten works")
    test.ok(term.shows("Bo Lindqvist"), "the page shows all that goes out",
            term.dump())
    term.press("y")
    term.wait_for("Queued for Bo Lindqvist")
    message = sent(term, sink, 1)
    it = parsed(message)
    test.equal(message.recipients, ["bo@example.net"], "to whom it was meant")
    test.equal(it["subject"], "Grüße", "with its subject")
    test.contains(it.get_content(), "ten works.", "and its text")


def an_answer(test, term, sink, writer):
    writer.types("I agree.\n\n")
    term.press("g", "g", "r")
    term.wait_for("I agree")
    term.press("y")
    term.wait_for("Queued for")
    it = parsed(sent(term, sink, 2))
    test.ok(it["subject"].startswith("Re: Letter"), "an answer", it["subject"])
    test.ok(it["in-reply-to"] and it["in-reply-to"] in it["references"],
            "knows what it answers", repr(it.items()))
    test.contains(it.get_content(), "> ", "and quotes it")


def taken_back(test, term, sink, tercet):
    term.press("C")
    term.wait_for("To:")
    fill_in(term, "carl@example.net")
    fill_in(term, "Too early")
    term.wait_for("Too early")
    term.press("y")
    term.wait_for("u takes it back")
    term.press("s")
    term.wait_for("Starred")
    term.press("u")
    term.wait_for("u takes it back|Took back|Unstarred|Undone|undone")
    test.ok(not term.shows("Taken back"), "what was done last goes first",
            term.dump())
    term.press("u")
    term.wait_for("Taken back")
    test.ok(term.shows("carl@example.net"), "the page is there again",
            term.dump())
    term.press("s")
    term.wait_for("Subject:")
    fill_in(term, "In time")
    term.wait_for("In time")
    term.press("a")
    term.wait_for("Attach the file")
    fill_in(term, "/nowhere/at/all")
    term.wait_for("Cannot attach /nowhere/at/all")
    term.press("Esc")
    term.press("l")
    term.wait_for("Send when")
    fill_in(term, "in 2 hours")
    term.wait_for("To be sent")
    term.wait_for("1 to send")
    rows = tercet.run("outbox", "--json").objects()
    test.equal([(row["subject"], row["state"]) for row in rows],
               [("In time", "held")], "one for later, and only that")
    test.equal(len(sink.messages), 2, "nothing went out meanwhile")


def put_by(test, term):
    term.press("C")
    term.wait_for("To:")
    fill_in(term, "not an address")
    term.wait_for("no address")
    fill_in(term, "dora@example.net")
    fill_in(term, "Unfinished")
    term.wait_for("Unfinished")
    term.press("p")
    term.wait_for("Kept as a draft")
    term.press("E")
    term.wait_for("dora@example.net")
    test.ok(term.shows("Unfinished"), "a draft is gone on with", term.dump())
    term.press("q")
    term.wait_for("Throw the draft away")
    fill_in(term, "y")
    term.wait_for("thrown away")
    test.ok(term.shows("Letter 005"), "and the list is there again",
            term.dump())


def tests(test):
    with smtpsink.Sink() as sink, \
            live.scene(messages=5, account={"smtp": sink.url},
                       general={"undo_send": "3s"}) as (_, tercet):
        writer = Writer(tercet)
        tercet.general(editor=writer.path)
        live.check_command(test, tercet.run("sync"), 0, "first sync")
        with tercet.terminal() as term:
            term.wait_for("Letter 005")
            term.wait_for(live.ONLINE, live.patience(15))
            a_new_one(test, term, sink, writer)
            an_answer(test, term, sink, writer)
            writer.types("")
        tercet.general(undo_send="600s")
        with tercet.terminal() as term:
            term.wait_for("Letter 005")
            taken_back(test, term, sink, tercet)
            put_by(test, term)
            live.check_ended_well(test, term, tercet, "interface")


if __name__ == "__main__":
    tap.main(tests)
