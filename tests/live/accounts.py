#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages go from account to account, and to and from folders that are only
here: whole, with all they bear, once, and nothing is lost on the way."""

import contextlib
import os
import random
import signal
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import dovecot
import fixture
import genmail
import imapclient
import live
import proxy
import tap

SECONDS = 20
QUOTA = """\
plugin {
  quota = count:User quota
  quota_rule = *:messages=6
  quota_vsizes = yes
}
"""


# -- two accounts ------------------------------------------------------------

def big_letter():
    """One that is not fetched whole to be read."""
    return genmail.letter(
        "Letter 099", when=live.FIRST_LETTER + 3600 * 99,
        sender="Writer 9 <writer9@example.org>",
        body="".join("Line %06d of a long text.\n" % n for n in range(9000)))


@contextlib.contextmanager
def two(ann=4, bob=3, ports=None, **options):
    """ann's account is `work`, bob's `home`; `here` has no server."""
    live.need_dovecot()
    users = {"ann": "secret", "bob": "secret"}
    with dovecot.Dovecot(users=users, **options) as server, \
            fixture.Tercet() as tercet:
        server.doveadm("mailbox", "create", "-s", "-u", "bob", "Far")
        for user, letters in (
                ("ann", live.letters(ann) + [
                    (big_letter(), "FS", live.FIRST_LETTER + 3600 * 99)]),
                ("bob", live.letters(50 + bob)[50:])):
            server.add_messages(user, "INBOX", letters)
        for name, user in (("work", "ann"), ("home", "bob")):
            port = (ports or {}).get(name)
            tercet.account(name, live.url(
                server, "imap+insecure", user=user, host="127.0.0.1",
                port=port(server.port("imap")) if port else None))
        tercet._set("account here", {"address": "here@example.org",
                                     "protocol": "local"})
        yield server, tercet


def client(server, user):
    return imapclient.ImapClient(server.port("imap"), user, "secret")


def at_server(server, user, folder):
    """{number: [(raw, flags, date)]}"""
    found = {}
    with client(server, user) as other:
        for uid, flags in other.messages(folder).items():
            if "\\Deleted" in flags:
                continue
            number = int(other.header(folder, uid, "Subject").split()[1])
            reply = other._check("fetch", other.session.uid(
                "FETCH", str(uid), "(INTERNALDATE)"))
            date = reply[0].split(b'"')[1].decode()
            found.setdefault(number, []).append(
                (other.raw(folder, uid),
                 frozenset(live.spelled(set(flags) - {"\\Recent"})), date))
    return found


def here(tercet, folder):
    return sorted(int(row["subject"].split()[1])
                  for row in tercet.messages(folder))


def ids(tercet, folder, *numbers):
    wanted = {"Letter %03d" % number for number in numbers}
    found = [str(row["id"]) for row in tercet.messages(folder)
             if row["subject"] in wanted]
    if len(found) != len(wanted):
        raise AssertionError("%s: %d of %s" % (folder, len(found), wanted))
    return found


def activity(tercet):
    return [row for row in tercet.run("activity", "--json").objects()
            if row["state"] not in ("done", "cancelled")]


def check(test, server, tercet, places, name):
    """{(user, account/folder): numbers}: there once each, and shown."""
    said = []
    for (user, folder), wanted in places.items():
        mine = here(tercet, folder)
        if mine != sorted(wanted):
            said.append("%s here: %s, not %s" % (folder, mine, wanted))
        if not user:
            continue
        there = at_server(server, user, folder.split("/", 1)[1])
        if sorted(there) != sorted(wanted) or any(
                len(copies) > 1 for copies in there.values()):
            said.append("%s there: %s" % (folder, {
                number: len(copies) for number, copies in there.items()}))
    return test.ok(not said, name, "\n".join(said))


ANN = ("ann", "work/INBOX")
FAR = ("bob", "home/Far")
KEPT = (None, "here/Kept")


# -- there and back ------------------------------------------------------------

def there_and_back(test, kind):
    with two(kind=kind) as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        one, big = ids(tercet, "work/INBOX", 2), ids(tercet, "work/INBOX", 99)
        tercet.run("flag", *one, "+\\Flagged", "+plan")
        before = at_server(server, "ann", "INBOX")

        result = tercet.run("move", "--dry-run", *one, *big, "home/Far")
        live.check_command(test, result, 0, kind + ": a dry run")
        test.matches(result.out, "Would be done: Moved 2 messages to home/Far"
                     ".*copied there, then removed here",
                     kind + ": says what it would be")
        check(test, server, tercet, {ANN: [1, 2, 3, 4, 99], FAR: []},
              kind + ": and does nothing")

        result = tercet.run("move", *one, *big, "home/Far")
        live.check_command(test, result, 0, kind + ": a move")
        test.contains(result.out, "Moved 2 messages to home/Far",
                      kind + ": it says where")
        check(test, server, tercet, {ANN: [1, 3, 4], FAR: [2, 99]},
              kind + ": they are there, and only there")
        after = at_server(server, "bob", "Far")
        test.ok(all(after.get(number) == before[number]
                    for number in (2, 99)),
                kind + ": as they were: bytes, flags, keyword and date",
                repr([(n, [c[1:] for c in after.get(n, ())],
                       [c[1:] for c in before[n]]) for n in (2, 99)]))
        result = tercet.run("show", *ids(tercet, "home/Far", 99))
        test.contains(result.out, "Line 008999", kind + ": it can be read")

        live.check_command(test, tercet.run("undo"), 0, kind + ": undo")
        check(test, server, tercet, {ANN: [1, 2, 3, 4, 99], FAR: []},
              kind + ": one step back")
        test.equal(at_server(server, "ann", "INBOX"), before,
                   kind + ": as if nothing had been")
        live.check_command(test, tercet.run("redo"), 0, kind + ": redo")
        check(test, server, tercet, {ANN: [1, 3, 4], FAR: [2, 99]},
              kind + ": and there again")
        test.equal(activity(tercet), [], kind + ": nothing waits")
        live.check_command(test, tercet.run("sync"), 0, kind + ": sync")
        check(test, server, tercet, {ANN: [1, 3, 4], FAR: [2, 99]},
              kind + ": and so it stays")
        live.check_command(test, tercet.run("doctor"), 0, kind + ": doctor")


def only_here(test):
    with two() as (server, tercet):
        tercet.run("sync")
        live.check_command(test, tercet.run("folder", "create", "here/Kept"),
                           0, "a folder that is only here")
        before = at_server(server, "ann", "INBOX")
        moved = ids(tercet, "work/INBOX", 1, 99)
        live.check_command(test, tercet.run("move", *moved, "here/Kept"), 0,
                           "from the server")
        check(test, server, tercet, {ANN: [2, 3, 4], KEPT: [1, 99]},
              "here: it left the server")
        server.stop()
        result = tercet.run("show", *ids(tercet, "here/Kept", 99))
        test.contains(result.out, "Line 008999",
                      "here: the whole of it, without a server")
        server.start()
        live.check_command(test, tercet.run("undo"), 0, "here: undo")
        check(test, server, tercet, {ANN: [1, 2, 3, 4, 99], KEPT: []},
              "here: it is back")
        test.equal(at_server(server, "ann", "INBOX"), before,
                   "here: as it was")
        live.check_command(test, tercet.run("redo"), 0, "here: redo")
        live.check_command(test, tercet.run(
            "move", *ids(tercet, "here/Kept", 99), "home/Far"), 0,
            "from here to another server")
        check(test, server, tercet,
              {ANN: [2, 3, 4], KEPT: [1], FAR: [99]}, "here: and on")
        test.ok(at_server(server, "bob", "Far")[99][0] == before[99][0],
                "here: byte by byte")
        live.check_command(test, tercet.run("doctor"), 0, "here: doctor")


def one_undo(test):
    """Messages of two accounts, to one folder, in one step."""
    with two() as (server, tercet):
        tercet.run("sync")
        live.check_command(test, tercet.run(
            "move", *ids(tercet, "work/INBOX", 1),
            *ids(tercet, "home/INBOX", 51, 52), "home/Far"), 0,
            "of two accounts")
        check(test, server, tercet, {
            ANN: [2, 3, 4, 99], ("bob", "home/INBOX"): [53],
            FAR: [1, 51, 52]}, "of two accounts: all in one folder")
        live.check_command(test, tercet.run("undo"), 0, "one undo")
        check(test, server, tercet, {
            ANN: [1, 2, 3, 4, 99], ("bob", "home/INBOX"): [51, 52, 53],
            FAR: []}, "of two accounts: each is back where it was")


# -- refused -----------------------------------------------------------------

def over_quota(test):
    with two(ann=3, bob=6, plugins=("quota",), extra=QUOTA) as (
            server, tercet):
        tercet.run("sync")
        tercet.run("move", *ids(tercet, "work/INBOX", 1, 99), "home/Far")
        failed = activity(tercet)
        test.ok(len(failed) == 1 and failed[0]["state"] == "failed" and
                "quota" in failed[0]["error"].lower(),
                "over quota: Activity says so", repr(failed))
        check(test, server, tercet, {ANN: [1, 2, 3, 99], FAR: []},
              "over quota: they stay where they were")


def read_only_source(test):
    """What cannot be taken away is not copied either."""
    with two(plugins=("acl",), extra="plugin {\n  acl = vfile\n}\n") as (
            server, tercet):
        server.doveadm("acl", "set", "-u", "ann", "INBOX", "user=ann",
                       "lookup", "read", "write", "write-seen", "insert",
                       "post")
        tercet.run("sync")
        tercet.run("move", *ids(tercet, "work/INBOX", 1), "home/Far")
        failed = activity(tercet)
        test.ok(len(failed) == 1 and failed[0]["state"] == "failed",
                "no right to delete: it failed", repr(failed))
        check(test, server, tercet, {ANN: [1, 2, 3, 4, 99], FAR: []},
              "no right to delete: nothing was copied")


# -- cut and killed ------------------------------------------------------------

def cuts(test):
    """The connections break after ever more bytes."""
    wires = []

    def through(port):
        wires.append(proxy.Proxy(port))
        return wires[-1].port

    with two(ann=12, ports={"work": through, "home": through}) as (
            server, tercet), wires[0], wires[1]:
        tercet.run("sync")
        chance = random.Random(5)
        everything = list(range(1, 13)) + [99]
        moved = []
        for number in (1, 2, 99, 3, 4, 5, 6, 7):
            one = ids(tercet, "work/INBOX", number)
            wire = wires[chance.randrange(2)]
            wire.cut_after(chance.randrange(200, 3000))
            tercet.run("move", *one, "home/Far")
            wire.cut_after(None)
            moved.append(number)
            test.equal(here(tercet, "home/Far"), sorted(moved),
                       "cut, letter %d: moved here" % number)
        for turn in range(4):
            tercet.run("sync")
            if not activity(tercet):
                break
        check(test, server, tercet, {
            ANN: [n for n in everything if n not in moved], FAR: moved},
            "cut: each is there, once")
        test.equal(activity(tercet), [], "cut: nothing waits or failed")
        live.check_command(test, tercet.run("doctor"), 0, "cut: doctor")


def kills(test):
    with two(ann=12) as (server, tercet):
        tercet.run("sync")
        chance = random.Random(7)
        everything = list(range(1, 13)) + [99]
        moved = []
        for number in (99, 1, 2, 3, 4, 5, 6, 7, 8):
            one = ids(tercet, "work/INBOX", number)
            process = tercet.start("move", *one, "home/Far")
            time.sleep(chance.random() * 0.25)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            if number in here(tercet, "home/Far"):
                moved.append(number)
        test.note("killed in or after the move: %s" % moved)
        for turn in range(4):
            tercet.run("sync")
            if not activity(tercet):
                break
        check(test, server, tercet, {
            ANN: [n for n in everything if n not in moved], FAR: moved},
            "killed: each is somewhere, once")
        test.equal(activity(tercet), [], "killed: nothing waits or failed")
        live.check_command(test, tercet.run("doctor"), 0, "killed: doctor")


# -- in the interface ------------------------------------------------------------

def interface(test):
    with two() as (server, tercet):
        tercet.run("sync")
        with tercet.terminal(cols=120, rows=34) as term:
            term.wait_for("Letter 004", live.patience(SECONDS))
            term.type(":go work/INBOX")
            term.press("Enter")
            term.wait_for("Letter 003", live.patience(SECONDS))
            term.press("g", "g", "m")
            term.type("home/fa")
            term.wait_for("home: Far", live.patience(SECONDS))
            test.matches(term.text(),
                         "home: Far +other account: will be copied, then "
                         "removed", "the picker says what it comes to",
                         )
            shown = [n for n in (4, 99) if term.shows("Letter %03d" % n)]
            term.press("Enter")
            term.wait_for("Moved 1 message to home/Far",
                          live.patience(SECONDS))
            test.ok(fixture.until(
                lambda: len(at_server(server, "bob", "Far")) == 1,
                live.patience(SECONDS)), "it arrives there", term.dump())
            test.ok(fixture.until(
                lambda: len(at_server(server, "ann", "INBOX")) == 4,
                live.patience(SECONDS)), "it leaves here", repr(shown))
            term.press("u")
            term.wait_for("Undone", live.patience(SECONDS))
            test.ok(fixture.until(
                lambda: len(at_server(server, "ann", "INBOX")) == 5
                and not at_server(server, "bob", "Far"),
                live.patience(SECONDS)), "and back again", term.dump())
            term.press("q")
        live.check_no_reports(test, tercet, "no sanitizer report")


def tests(test):
    for kind in ("full", "condstore", "modest"):
        there_and_back(test, kind)
    only_here(test)
    one_undo(test)
    over_quota(test)
    read_only_source(test)
    cuts(test)
    kills(test)
    interface(test)


if __name__ == "__main__":
    tap.main(tests)
