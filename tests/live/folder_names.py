#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folder names of every kind, and a deep and wide tree of them."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import control
import live
import tap

NAMES = (
    "Übersicht", "目録/2026", "a & b", "with  two spaces", "100% *sure*",
    "quote\"and\\slash", "Lists/git/patches", "Lists/git", "~tilde",
    "[brackets]", "{5}", "(paren)", "\u202eright-to-left", "📦 parcels",
    "a" * 120, "INBOXES", "inbox.old", "-dash", ".dot/..", "%s%n",
)
# What no client of sound mind would make, as it stands on the wire.
ODD_ON_THE_WIRE = ("broken &ABC", "&AGE-plain", "&2D3cAA-lone", "&AAoACg-nl",
                   "&ABs-[2Jescape")


def make_all(server, test):
    made = []
    with live.client(server) as other:
        for name in NAMES:
            try:
                other.create(name)
                other.append(name, live.letter(1, "In folder"))
                made.append(name)
            except live.imapclient.ClientError as error:
                test.note("Dovecot does not want %r: %s" % (name, error))
        for name in ODD_ON_THE_WIRE:
            status, _ = other.session.create('"%s"' % name)
            test.note("%s: %s" % (name, status))
    return made


def commands(test, server, tercet, made):
    live.check_command(test, tercet.run("sync"), 0, "sync")
    known = tercet.folders()
    missing = [name for name in made
               if not live.names_folder(known, name)]
    test.equal(missing, [], "every folder is there, decoded")
    for name in made:
        rows = tercet.messages(name)
        if len(rows) != 1:
            test.ok(False, "mail in %r" % name, repr(rows))
    test.ok(True, "mail was listed in each of %d" % len(made))
    plain = tercet.run("folder", "list")
    stray = control.stray_characters(plain.raw)
    test.ok(not stray, "folder list prints text only", "\n".join(stray))


def tree(server):
    with live.client(server) as other:
        for number in range(300):
            other.create("Wide/%03d" % number)
        other.create("/".join("d%d" % depth for depth in range(15)))


def interface(test, tercet):
    with tercet.terminal() as term:
        term.wait_for("Letter 010", live.patience(15))
        term.press("c")
        term.type("bersich")
        term.press("Enter")
        term.wait_for("In folder 001", live.patience(15))
        test.ok(True, "a folder with an umlaut is jumped to")
        term.press("c")
        term.type("patches")
        term.press("Enter")
        term.wait_for("In folder 001", live.patience(15))
        for _ in range(40):
            term.press("J", settle=False)
        term.settle(0.2)
        for _ in range(60):
            term.press("K", settle=False)
        term.settle(0.2)
        test.ok(term.alive(), "J and K run through all of them")
        live.check_ended_well(test, term, tercet, "interface")


def tests(test):
    for separator in ("/", "."):
        with live.scene(messages=10, separator=separator,
                        storage="mdbox") as (server, tercet):
            made = []
            if separator == "/":
                made = make_all(server, test)
                tree(server)
            else:
                with live.client(server) as other:
                    other.create("Lists.git.patches")
                    other.append("Lists.git.patches",
                                 live.letter(1, "In folder"))
                # Levels are shown by slashes, whatever the server uses.
                made = ["Lists/git/patches"]
            commands(test, server, tercet, made)
            if separator == "/":
                interface(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
