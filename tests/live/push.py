#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done here is done on the server: every action, and every refusal."""

import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import dovecot
import fixture
import live
import proxy
import tap

SUBJECT = re.compile(rb"(?i)subject: *(.*?)\r\n")
FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")


# -- looking ----------------------------------------------------------------

def at_server(other, folder):
    """{subject: flags}, but for what waits to be expunged."""
    other.examine(folder)
    found = {}
    for part in other._check("fetch", other.session.uid(
            "FETCH", "1:*",
            "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")):
        if not isinstance(part, tuple):
            continue
        subject = SUBJECT.search(part[1])
        flags = FLAGS.search(part[0]).group(1).decode().split()
        if "\\Deleted" in flags:
            continue
        name = subject.group(1).decode()
        found.setdefault(name, set())
        found[name] |= live.spelled(set(flags) - {"\\Recent"})
    return found


def here(tercet, folder):
    return {row["subject"]: live.spelled(
        row["flags"] + (row.get("keywords") or []))
        for row in tercet.messages(folder)}


def ids(tercet, folder, *numbers):
    wanted = {"Letter %03d" % number for number in numbers}
    found = [str(row["id"]) for row in tercet.messages(folder)
             if row["subject"] in wanted]
    if len(found) != len(wanted):
        raise AssertionError("%s holds %d of %s" % (
            folder, len(found), sorted(wanted)))
    return found


def names(content):
    return sorted(int(subject.split()[1]) for subject in content)


def activity(tercet, *more):
    return tercet.run("activity", "--json", *more).objects()


def check_folder(test, tercet, server, folder, wanted, name):
    """One test: the letters there, at the server and here."""
    with live.client(server) as other:
        got = at_server(other, folder)
    mine = here(tercet, folder)
    return test.ok(names(got) == sorted(wanted) and got == mine,
                   name, "wanted:    %s\nat server: %s\nhere:      %s" % (
                       sorted(wanted), got, mine))


def check_quiet(test, tercet, name):
    rows = [row for row in activity(tercet) if row["state"] != "done"]
    test.ok(not rows, name + ": nothing waits, nothing failed", repr(rows))


# -- every action -----------------------------------------------------------

def act(test, tercet, *argv):
    """Do something; the server is told before the command returns."""
    result = tercet.run(*argv)
    live.check_command(test, result, 0, " ".join(argv[:1]))
    return result


def flags(test, tercet, server, kind):
    act(test, tercet, "flag", *ids(tercet, "INBOX", 1, 2), "+\\Flagged",
        "+work", "-\\Seen")
    with live.client(server) as other:
        got = at_server(other, "INBOX")
    wanted = {"\\Flagged", "work"}
    test.ok(got["Letter 001"] == wanted and got["Letter 002"] == wanted
            and got["Letter 003"] == {"\\Seen"},
            kind + ": flags and a keyword", repr(got))
    act(test, tercet, "undo")
    with live.client(server) as other:
        got = at_server(other, "INBOX")
    test.ok(got["Letter 001"] == {"\\Seen"}, kind + ": and undone", repr(got))
    act(test, tercet, "redo")
    with live.client(server) as other:
        got = at_server(other, "INBOX")
    test.ok(got["Letter 001"] == wanted, kind + ": and done again", repr(got))


def moves(test, tercet, server, kind):
    act(test, tercet, "archive", *ids(tercet, "INBOX", 1, 2, 3))
    check_folder(test, tercet, server, "Archive", [1, 2, 3],
                 kind + ": archived")
    act(test, tercet, "delete", *ids(tercet, "INBOX", 4))
    check_folder(test, tercet, server, "Trash", [4], kind + ": deleted")
    act(test, tercet, "move", *ids(tercet, "Archive", 2), "Work")
    check_folder(test, tercet, server, "Work", [2, 101, 102],
                 kind + ": moved on")
    act(test, tercet, "undo")
    check_folder(test, tercet, server, "Work", [101, 102],
                 kind + ": and undone")
    check_folder(test, tercet, server, "Archive", [1, 2, 3],
                 kind + ": it is back")
    act(test, tercet, "delete", "--for-good", *ids(tercet, "Trash", 4))
    check_folder(test, tercet, server, "Trash", [], kind + ": for good")
    check_folder(test, tercet, server, "INBOX", [5, 6, 7, 8, 9, 10, 11, 12],
                 kind + ": the inbox has the rest")


def delete_asked(test, tercet, folder, answer, status, name):
    with tercet.terminal("folder", "delete", folder) as term:
        term.wait_for("Delete work/%s with its 1 message for good" % folder)
        term.press(*answer, settle=False)
        test.equal(term.wait_exit(), status, name)


def folders(test, tercet, server, kind):
    act(test, tercet, "folder", "create", "Übersicht/2026")
    act(test, tercet, "move", *ids(tercet, "INBOX", 5), "Übersicht/2026")
    check_folder(test, tercet, server, "Übersicht/2026", [5],
                 kind + ": a folder made, and moved to")
    act(test, tercet, "folder", "rename", "Übersicht/2026", "Rückblick")
    check_folder(test, tercet, server, "Rückblick", [5],
                 kind + ": a folder renamed")
    with live.client(server) as other:
        there = other.folders()
        subscribed = other.session.lsub()[1]
    test.ok("Übersicht/2026" not in there and any(
        b"R&APw-ckblick" in (line or b"") for line in subscribed),
        kind + ": its subscription follows", repr(subscribed))
    act(test, tercet, "folder", "unsubscribe", "Rückblick")
    with live.client(server) as other:
        subscribed = other.session.lsub()[1]
    test.ok(not any(b"R&APw-ckblick" in (line or b"") for line in subscribed),
            kind + ": a folder unsubscribed", repr(subscribed))
    result = tercet.run("folder", "delete", "Rückblick")
    live.check_command(test, result, 1, kind + ": no mail goes unasked")
    test.matches(result.err, "Rückblick with its 1 message .*--yes",
                 kind + ": it says what would go")
    result = tercet.run("folder", "delete", "--dry-run", "Rückblick")
    live.check_command(test, result, 0, kind + ": a dry run")
    test.contains(result.out, "with its 1 message", kind + ": says it, too")
    check_folder(test, tercet, server, "Rückblick", [5],
                 kind + ": nothing was deleted")
    delete_asked(test, tercet, "Rückblick", ("Enter",), 1,
                 kind + ": no by default")
    check_folder(test, tercet, server, "Rückblick", [5],
                 kind + ": nothing was deleted then")
    act(test, tercet, "folder", "create", "Empty")
    tercet.run("sync")  # until then nobody knows that it is empty
    act(test, tercet, "folder", "delete", "Empty")
    result = tercet.run("folder", "delete", "Archive")
    live.check_command(test, result, 1, kind + ": no archive goes unasked")
    if kind == "full":
        act(test, tercet, "folder", "delete", "--yes", "Rückblick")
    else:
        delete_asked(test, tercet, "Rückblick", ("y", "Enter"), 0,
                     kind + ": yes")
    with live.client(server) as other:
        test.ok("Rückblick" not in other.folders(),
                kind + ": a folder deleted", repr(other.folders()))
    test.ok(not live.names_folder(tercet.folders(), "Rückblick"),
            kind + ": here as well")


def every_action(test, kind):
    with live.scene(messages=12, kind=kind, folders={
            "Work": live.letters(102)[100:]}) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        flags(test, tercet, server, kind)
        moves(test, tercet, server, kind)
        folders(test, tercet, server, kind)
        check_quiet(test, tercet, kind)
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        for folder in ("INBOX", "Archive", "Work", "Trash"):
            with live.client(server) as other:
                got = at_server(other, folder)
            test.equal(here(tercet, folder), got,
                       "%s: %s is the same in the end" % (kind, folder))
        live.check_no_reports(test, tercet)


# -- offline ----------------------------------------------------------------

def offline(test):
    with live.scene(messages=12) as (server, tercet):
        tercet.run("sync")
        server.stop()
        result = tercet.run("archive", *ids(tercet, "INBOX", 1, 2, 3))
        live.check_command(test, result, 3, "archive without a network")
        live.check_command(
            test, tercet.run("flag", *ids(tercet, "INBOX", 4), "+\\Flagged"),
            3, "flag without a network")
        live.check_command(
            test, tercet.run("folder", "create", "New"), 3,
            "a folder without a network")
        live.check_command(
            test, tercet.run("move", *ids(tercet, "Archive", 2), "New"),
            3, "and move there what was archived just now")
        live.check_command(test, tercet.run("undo"), (0, 3), "undo that")
        live.check_command(test, tercet.run("redo"), 3, "redo that")
        test.equal(names(here(tercet, "Archive")), [1, 3],
                   "all of it is seen at once")
        test.ok(all(row["state"] in ("queued", "deferred")
                    for row in activity(tercet)), "and waits",
                repr(activity(tercet)))
        server.start()
        live.check_command(test, tercet.run("sync"), 0, "sync")
        check_folder(test, tercet, server, "Archive", [1, 3],
                     "one replay: archived")
        check_folder(test, tercet, server, "New", [2],
                     "one replay: moved to the new folder")
        check_quiet(test, tercet, "afterwards")


# -- few commands -----------------------------------------------------------

COMMANDS = re.compile(r"(?i)^\S+ (UID |SELECT|EXAMINE|STORE|COPY|MOVE|"
                      r"EXPUNGE|FETCH|SEARCH|NOOP|UNSELECT)")


def few_commands(test, kind, verb, most):
    with live.scene(messages=2000, kind=kind) as (server, tercet):
        with proxy.Proxy(server.port("imap")) as wire:
            tercet.account("work", live.url(
                server, "imap+insecure", port=wire.port, host="127.0.0.1"))
            live.check_command(test, tercet.run("sync", timeout=120), 0,
                               "sync of two thousand")
            some = [str(row["id"]) for row in tercet.messages("INBOX")][::2]
            server.stop()
            argv = {"flag": ["flag", *some, "+\\Flagged"],
                    "archive": ["archive", *some]}[verb]
            live.check_command(test, tercet.run(*argv), 3,
                               "a thousand offline")
            server.start()
            wire.reset_counters()
            live.check_command(test, tercet.run("sync", timeout=120), 0,
                               "and their replay")
            lines = [line for line in wire.client_lines()
                     if COMMANDS.match(line)]
            changing = [line[:60] for line in lines if re.search(
                r"UID (STORE|COPY|MOVE|EXPUNGE)", line)]
            test.ok(0 < len(changing) and len(lines) <= most,
                    "%s: a thousand %ss in at most %d commands (%d)" % (
                        kind, verb, most, len(lines)),
                    "\n".join(line[:100] for line in lines))
            test.ok(all(len(line) <= 8000 for line in wire.client_lines()),
                    "no line is longer than servers take")
        check_quiet(test, tercet, verb)
        with live.client(server) as other:
            got = at_server(other, "Archive" if verb == "archive"
                            else "INBOX")
        test.equal(len([1 for seen in got.values()
                        if verb == "archive" or "\\Flagged" in seen]),
                   1000, "the server has them")


# -- folders that are made and taken back ------------------------------------

def foreign_mail(test, kind):
    """Others put mail where the undo deletes the folder."""
    with live.scene(messages=6, kind=kind, account={
            "archive": "Attic"}, special_use=False) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "sync")
        act(test, tercet, "archive", *ids(tercet, "INBOX", 1))
        live.check_command(test, tercet.run("sync"), 0, "sync")
        check_folder(test, tercet, server, "Attic", [1], "a folder made")
        with live.client(server) as other:
            uids = [row["uid"] for row in tercet.messages("INBOX")
                    if row["subject"] in ("Letter 003", "Letter 004")]
            other.move("INBOX", uids, "Attic")
        live.check_command(test, tercet.run("undo"), (0, 1, 3), "undo")
        with live.client(server) as other:
            got = names(at_server(other, "Attic"))
        test.equal(got, [3, 4], kind + ": undo leaves the others' mail")
        check_failed(test, tercet, "The folder Attic holds mail now and stays",
                     kind + ": and it is said")
        live.check_command(test, tercet.run("sync"), 0, "sync")
        check_folder(test, tercet, server, "INBOX", [1, 2, 5, 6],
                     kind + ": what was archived is back")
        check_folder(test, tercet, server, "Attic", [3, 4],
                     kind + ": the folder is shown")
        check_quiet(test, tercet, kind)
        act(test, tercet, "folder", "create", "Empty")
        act(test, tercet, "undo")
        with live.client(server) as other:
            test.ok("Empty" not in other.folders(),
                    kind + ": an empty one is deleted")


def in_vain(test):
    """What undo and redo say when there is nothing of it to take back."""
    with live.scene(messages=3) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "sync")
        live.check_command(test, tercet.run("undo"), 1, "nothing to undo")
        live.check_command(test, tercet.run("redo"), 1, "nothing to redo")
        act(test, tercet, "flag", *ids(tercet, "INBOX", 1, 2), "+\\Flagged")
        with live.client(server) as other:
            uids = [row["uid"] for row in tercet.messages("INBOX")
                    if row["subject"] == "Letter 001"]
            other.expunge("INBOX", uids)
        live.check_command(test, tercet.run("sync"), 0, "sync")
        result = act(test, tercet, "undo")
        test.ok("Undone for 1 of 2: " in result.out,
                "undo says of how many", repr(result.out))
        act(test, tercet, "flag", *ids(tercet, "INBOX", 2), "+\\Flagged")
        with live.client(server) as other:
            uids = [row["uid"] for row in tercet.messages("INBOX")
                    if row["subject"] == "Letter 002"]
            other.expunge("INBOX", uids)
        live.check_command(test, tercet.run("sync"), 0, "sync")
        result = tercet.run("undo")
        test.ok(result.status == 1
                and "cannot be undone" in result.err,
                "undo of what is gone", str(result))
        live.check_command(test, tercet.run("undo"), 1, "and it is passed over")


# -- refusals ---------------------------------------------------------------

def check_failed(test, tercet, pattern, name):
    rows = [row for row in activity(tercet) if row["state"] == "failed"]
    test.ok(len(rows) == 1 and re.search(pattern, rows[0]["error"] or ""),
            name, repr(rows))
    tercet.run("activity", "dismiss", str(rows[0]["id"]) if rows else "0")


def vanished(test):
    with live.scene(messages=12) as (server, tercet):
        tercet.run("sync")
        some = ids(tercet, "INBOX", 1, 2)
        with live.client(server) as other:
            uid = [row["uid"] for row in tercet.messages("INBOX")
                   if row["subject"] == "Letter 001"]
            other.expunge("INBOX", uid)
        result = tercet.run("archive", *some)
        live.check_command(test, result, (0, 1, 3), "archive what vanished")
        check_failed(test, tercet, "no longer there",
                     "vanished: it is said")
        check_folder(test, tercet, server, "Archive", [2],
                     "vanished: the other one is archived")
        check_folder(test, tercet, server, "INBOX", list(range(3, 13)),
                     "vanished: the view is the server's")


def renamed(test):
    with live.scene(messages=6, folders={
            "Work": live.letters(102)[100:]}) as (server, tercet):
        tercet.run("sync")
        with live.client(server) as other:
            other.rename("Work", "Office")
        result = tercet.run("move", *ids(tercet, "INBOX", 1), "Work")
        live.check_command(test, result, (0, 1, 3), "move to what was renamed")
        check_failed(test, tercet, "(?i)doesn't exist|gone|no longer",
                     "renamed elsewhere: it is said")
        check_folder(test, tercet, server, "INBOX", [1, 2, 3, 4, 5, 6],
                     "renamed elsewhere: it is back in the inbox")
        live.check_command(test, tercet.run("sync"), 0, "sync")
        check_folder(test, tercet, server, "Office", [101, 102],
                     "renamed elsewhere: the folder under its new name")


def renamed_source(test):
    with live.scene(messages=6, folders={
            "Work": live.letters(102)[100:]}) as (server, tercet):
        tercet.run("sync")
        some = ids(tercet, "Work", 101)
        server.stop()
        live.check_command(test, tercet.run("archive", *some), 3,
                           "archive offline")
        server.start()
        with live.client(server) as other:
            other.rename("Work", "Office")
        live.check_command(test, tercet.run("sync"), (0, 1, 3), "sync")
        check_failed(test, tercet, "(?i)doesn't exist|gone|no longer",
                     "source renamed elsewhere: it is said")
        check_folder(test, tercet, server, "Office", [101, 102],
                     "source renamed elsewhere: nothing was lost")
        check_folder(test, tercet, server, "Archive", [],
                     "source renamed elsewhere: the view is the server's")


def new_uidvalidity(test):
    with live.scene(messages=6) as (server, tercet):
        tercet.run("sync")
        some = ids(tercet, "INBOX", 1, 2)
        server.stop()
        live.check_command(test, tercet.run("archive", *some), 3,
                           "archive offline")
        server.start()
        server.set_uidvalidity(live.USER, "INBOX", 4711)
        live.check_command(test, tercet.run("sync"), 0, "sync")
        check_folder(test, tercet, server, "Archive", [1, 2],
                     "another UIDVALIDITY: the right ones are archived")
        check_folder(test, tercet, server, "INBOX", [3, 4, 5, 6],
                     "another UIDVALIDITY: and no others")
        check_quiet(test, tercet, "another UIDVALIDITY")


ACL = """\
plugin {
  acl = vfile
}
"""

QUOTA = """\
plugin {
  quota = count:User quota
  quota_rule = *:messages=8
  quota_vsizes = yes
}
"""


def rights(test):
    """A folder that can be looked at only, and one that keeps no marks."""
    with live.scene(messages=3, folders={
            "Shelf": live.letters(102)[100:]}, plugins=("acl",),
            extra=ACL) as (server, tercet):
        tercet.run("sync")
        with live.client(server) as other:
            other._check("setacl", other.session.setacl(
                "Shelf", live.USER, "lra"))
        live.check_command(
            test, tercet.run("flag", *ids(tercet, "Shelf", 101),
                             "+\\Flagged"), (0, 1, 3), "flag on the shelf")
        check_failed(test, tercet, "read|keep", "no rights: it is said")
        live.check_command(
            test, tercet.run("archive", *ids(tercet, "Shelf", 101)),
            (0, 1, 3), "archive from the shelf")
        check_failed(test, tercet, "(?i)read|permission|denied",
                     "no rights: it is said of a move, too")
        check_folder(test, tercet, server, "Shelf", [101, 102],
                     "no rights: all is where it was")
        check_folder(test, tercet, server, "Archive", [],
                     "no rights: and nothing twice")
        with live.client(server) as other:
            other._check("setacl", other.session.setacl(
                "Shelf", live.USER, "lrsa"))
        live.check_command(
            test, tercet.run("flag", *ids(tercet, "Shelf", 102),
                             "-\\Seen"), 0, "a right to \\Seen")
        live.check_command(
            test, tercet.run("flag", *ids(tercet, "Shelf", 102), "+work"),
            (0, 1, 3), "a keyword without the right to it")
        check_failed(test, tercet, "keep the mark work",
                     "a keyword refused: it is said")
        check_folder(test, tercet, server, "Shelf", [101, 102],
                     "a keyword refused: the view is the server's")


def over_quota(test):
    """Without MOVE a move is a copy first, for which there is no room."""
    with live.scene(messages=8, kind="modest", plugins=("quota",),
                    extra=QUOTA) as (server, tercet):
        tercet.run("sync")
        live.check_command(
            test, tercet.run("archive", *ids(tercet, "INBOX", 1, 2)),
            (0, 1, 3), "archive over quota")
        check_failed(test, tercet, "(?i)quota", "over quota: it is said")
        check_folder(test, tercet, server, "INBOX", list(range(1, 9)),
                     "over quota: they are back in the inbox")
        check_folder(test, tercet, server, "Archive", [],
                     "over quota: and not in the archive")


def other_account(test):
    """What --account leaves out is not touched by its ID either."""
    with live.scene(5) as (server, tercet):
        tercet.run("sync")
        one = ids(tercet, "INBOX", 1)[0]
        tercet.account("home", live.url(server, "imaps"),
                       tls_ca_file=server.authority)
        for argv in (("archive", one), ("flag", one, "+flagged"),
                     ("move", one, "Archive"), ("delete", one),
                     ("show", one), ("save", one, "--part", "1")):
            result = tercet.run("-A", "home", *argv)
            live.check_command(test, result, 1, "-A home " + argv[0])
            test.contains(result.err,
                          "Message %s is of account work, not home" % one,
                          "it says whose it is")
        test.equal(activity(tercet), [], "nothing was queued")
        live.check_command(test, tercet.run("-A", "WORK", "show", one), 0,
                           "the account's own is shown")


def two_accounts(test):
    """Both on one server, which does not make them one."""
    with live.scene(messages=3) as (server, tercet):
        tercet.account("second", live.url(server),
                       tls_ca_file=server.authority)
        tercet.run("sync")
        message = tercet.run("--account", "work", "list", "--json",
                             "--limit", "1").objects()[0]["id"]
        rows = tercet.run("list").out.splitlines()
        test.equal(sorted(row.split()[1] for row in rows),
                   ["second"] * 3 + ["work"] * 3,
                   "two accounts: list says which")
        row = tercet.run("--account", "work", "list").out.splitlines()[0]
        test.ok(" work " not in row, "and not where there is one", row)
        result = tercet.run("move", str(message), "second/Nowhere")
        live.check_command(test, result, 1, "a move to no folder")
        test.contains(result.err, "There is no folder second/Nowhere",
                      "two accounts: of a folder that is not there")


def tests(test):
    for kind in ("full", "condstore", "modest"):
        test.note("server: " + kind)
        every_action(test, kind)
    offline(test)
    for kind, verb, most in (("full", "flag", 20), ("full", "archive", 20),
                             ("modest", "archive", 26)):
        few_commands(test, kind, verb, most)
    for kind in ("full", "modest"):
        foreign_mail(test, kind)
    in_vain(test)
    vanished(test)
    renamed(test)
    renamed_source(test)
    new_uidvalidity(test)
    rights(test)
    two_accounts(test)
    over_quota(test)
    other_account(test)


if __name__ == "__main__":
    tap.main(tests)
