#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One quick account among dead ones: it gets its mail, and what is done to it
is done, as if it were alone.

Beside it stand an account whose server takes connections and says nothing, one
whose host answers nothing at all, one whose port is closed, and one that falls
silent in the middle of a FETCH.  Times are compared with those of the quick
account alone, in the same run.
"""

import contextlib
import os
import re
import socket
import statistics
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import dovecot
import fixture
import imapclient
import live
import proxy
import tap
import trouble

QUICK = "quick"
DEAD = ("silent", "dark", "closed", "halfway")
LETTERS = 12
ROUNDS = 5
# Beside dead ones no slower than this many times alone; who waits for one of
# them waits for a deadline, which is thousands of times.
FACTOR = 20
SMALLEST = 0.1          # seconds; shorter times are chance


class Silent:
    """Takes connections and never says a word."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.taken = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        with contextlib.suppress(OSError):
            while True:
                self.taken.append(self.listener.accept()[0])

    def waits(self):
        """How many are waiting for it just now."""
        count = 0
        for one in list(self.taken):
            with contextlib.suppress(BlockingIOError, OSError):
                one.setblocking(False)
                try:
                    while one.recv(65536):
                        pass
                except BlockingIOError:
                    count += 1
        return count

    def drop(self):
        """Nobody need wait any longer."""
        while self.taken:
            self.taken.pop().close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop()


class Dark:
    """A port at which not even the kernel answers: its queue is full."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(0)
        self.port = self.listener.getsockname()[1]
        self.fillers = []
        for _ in range(8):
            one = socket.socket()
            one.settimeout(0.3)
            self.fillers.append(one)
            try:
                one.connect(("127.0.0.1", self.port))
            except OSError:
                return

    def close(self):
        for one in self.fillers + [self.listener]:
            one.close()


@contextlib.contextmanager
def scene():
    """A server for all; the others were well once, and are not any more."""
    live.need_dovecot()
    users = dict.fromkeys((QUICK,) + DEAD, live.PASSWORD)
    with dovecot.Dovecot(users=users) as server, \
            fixture.Tercet() as tercet, contextlib.ExitStack() as closing:
        for user in users:
            server.add_messages(user, "INBOX", live.letters(
                LETTERS, user.title()))
        # The dead ones come first wherever accounts come in turn.
        for user in DEAD + (QUICK,):
            tercet.account(user, live.url(server, user=user),
                           tls_ca_file=server.authority)
        yield server, tercet, closing


def kill_them(server, tercet, closing):
    silent, dark = Silent(), Dark()
    halfway = proxy.Dam(server.port("imap"))
    for one in (silent, dark, halfway):
        closing.callback(one.close)
    closed, = dovecot.free_ports(1)
    for user, port in (("silent", silent.port), ("dark", dark.port),
                       ("closed", closed)):
        tercet.account(user, live.url(server, user=user, port=port),
                       tls_ca_file=server.authority)
    # In clear, since the proxy has to see where a FETCH begins.
    tercet.account("halfway", live.url(server, "imap+insecure", "halfway",
                                       halfway.port))
    return silent, halfway


def client(server, user=QUICK):
    return imapclient.ImapClient(server.port("imap"), user, live.PASSWORD)


class Mailbox:
    """What happens to the quick account, and how long it took."""

    def __init__(self, server, user=QUICK):
        self.server = server
        self.user = user
        self.other = client(server, user)
        self.number = 100

    def deliver(self):
        self.number += 1
        self.server.deliver(self.user, live.letter(self.number, "Fresh"))
        return "Fresh %03d" % self.number

    def subjects(self, folder):
        if folder not in [str(name) for name in self.other.folders()]:
            return {}
        return {self.other.header(folder, uid, "Subject"): flags
                for uid, flags in self.other.messages(folder).items()}

    def reaches(self, condition):
        return fixture.until(condition, live.patience(20), 0.02)


def open_inbox(term, name):
    term.wait_for("INBOX", live.patience(20))
    term.press("c")
    term.type(name)
    term.press("Enter")
    term.wait_for("Quick 012|Fresh", live.patience(20))
    term.press("g", "g")


def clock(what):
    began = time.monotonic()
    what()
    return time.monotonic() - began


class Session:
    """The interface with the quick inbox open; what it takes to use it."""

    def __init__(self, test, term, mailbox, name, silent=None):
        self.test = test
        self.term = term
        self.mailbox = mailbox
        self.name = name
        self.silent = silent
        self.beside = 0         # things done while somebody was waited for

    def _timed(self, what):
        before = self.silent.waits() if self.silent else 0
        took = clock(what)
        if before and self.silent.waits():
            self.beside += 1
        return took

    def new_mail(self):
        def arrive():
            subject = self.mailbox.deliver()
            self.term.wait_for(subject, live.patience(40))
        times = [self._timed(arrive) for _ in range(ROUNDS)]
        self.test.ok(True, self.name + ": new mail comes in")
        self.term.press("g", "g")
        return statistics.median(times)

    def acts(self):
        """The newest is starred, then it and others are archived."""
        times = []
        newest = "Fresh %03d" % self.mailbox.number

        def star():
            self.term.press("s", settle=False)
            self.test.ok(self.mailbox.reaches(
                lambda: "\\Flagged" in self.mailbox.subjects("INBOX").get(
                    newest, ())), self.name + ": a star reaches its server",
                self.term.dump())
        times.append(self._timed(star))
        for number in range(self.mailbox.number, self.mailbox.number - 3, -1):
            def archive():
                self.term.press("e", settle=False)
                self.test.ok(self.mailbox.reaches(
                    lambda: "Fresh %03d" % number
                    in self.mailbox.subjects("Archive")),
                    self.name + ": an archived letter reaches its server",
                    self.term.dump())
            times.append(self._timed(archive))
        return statistics.median(times)

    def opens(self):
        """Texts that are not here yet: the server has to send them."""
        times = []
        self.term.press("G")
        for number in range(1, 4):
            def read():
                self.term.press("Enter" if number == 1 else "k",
                                settle=False)
                self.term.wait_for("text of quick %03d" % number,
                                   live.patience(40))
            times.append(self._timed(read))
        self.test.ok(True, self.name + ": messages are opened")
        self.term.press("q")
        return statistics.median(times)

    def quits(self):
        def leave():
            while self.term.alive():
                self.term.press("q", settle=False)
                self.term.wait_exit(0.5 if self.term.shows("text of") else
                                    live.patience(40))
        took = self._timed(leave)
        self.test.equal(self.term.status, 0, self.name + ": quits")
        return took

    def all(self):
        return {"new mail": self.new_mail(), "an action": self.acts(),
                "opening": self.opens()}


def compare(test, alone, beside):
    for what, seconds in alone.items():
        test.note("%s: %.3f s alone, %.3f s beside dead accounts" % (
            what, seconds, beside[what]))
        test.ok(beside[what] < FACTOR * max(seconds, SMALLEST),
                what + ": no slower than alone",
                "%.3f s alone, %.3f s beside" % (seconds, beside[what]))


def interface_alone(test, server, tercet):
    mailbox = Mailbox(server)
    all_of_them = dict(tercet.settings)
    for user in DEAD:
        del tercet.settings["account " + user]
    tercet.general()
    with tercet.terminal(cols=220) as term:
        open_inbox(term, "inbox")
        session = Session(test, term, mailbox, "alone")
        times = session.all()
        times["quitting"] = session.quits()
    tercet.settings = all_of_them
    tercet.general()
    return times


def says_truly(test, term, silent, halfway):
    """Of each account, and of no other, what there is to say."""
    term.wait_for("closed offline since", live.patience(20))
    test.ok(term.shows("1 account online"), "the quick one is online",
            term.dump())
    test.ok(not term.shows(r"(silent|dark|closed|halfway) online"),
            "no dead one is", term.dump())
    term.wait_for(r"halfway (syncing|offline since)", live.patience(20))
    test.ok(True, "one that stalls is syncing until it is given up")
    silent.drop()
    halfway.cut(refuse=True)
    for user in DEAD:
        term.wait_for(user + " offline since", live.patience(
            trouble.DEADLINE))
        test.ok(True, user + " is told to be offline")
    last = term.lines()[-1]
    test.ok(re.match(r" *(Account )?(silent|dark|closed|halfway)\b", last)
            and trouble.one_sentence(last),
            "what is wrong is said of a dead one", term.dump())


def dead_letter(test, tercet, mailbox, silent, number):
    """One command for letters of two accounts: each for itself."""
    ids = {}
    for user in ("silent", QUICK):
        rows = tercet.messages(user + "/INBOX")
        ids[user] = next(str(row["id"]) for row in rows if row["subject"] ==
                         "%s %03d" % (user.title(), number))
    process = tercet.start("flag", ids["silent"], ids[QUICK], "+\\Flagged")
    there = mailbox.reaches(lambda: "\\Flagged" in mailbox.subjects(
        "INBOX")["Quick %03d" % number])
    running = process.poll() is None
    silent.drop()
    _, said = process.communicate(timeout=live.patience(120))
    test.ok(there, "of letters of two accounts the quick one's is flagged")
    test.equal(process.returncode, 3, "and the other one's waits")
    return running, said.decode()


def interface_beside(test, server, tercet, silent, halfway):
    mailbox = Mailbox(server)
    mailbox.number = 200
    for number in range(50):
        server.deliver("halfway", live.letter(500 + number, "Halfway"))
    halfway.arm()
    with tercet.terminal(cols=220) as term:
        open_inbox(term, "quick inbox")
        session = Session(test, term, mailbox, "beside", silent)
        times = session.all()
        test.ok(session.beside > 0, "while others are waited for",
                "%d times" % session.beside)
        dead_letter(test, tercet, mailbox, silent, 5)
        says_truly(test, term, silent, halfway)
        term.press("g", "g")
        term.wait_for(mailbox.deliver(), live.patience(40))
        test.ok(True, "and new mail comes to the other")
        times["quitting"] = session.quits()
    return times


def commands(test, server, tercet, silent, halfway):
    """The same without an interface."""
    mailbox = Mailbox(server)
    mailbox.number = 300
    subject = mailbox.deliver()
    for number in range(50):
        server.deliver("halfway", live.letter(600 + number, "Halfway"))
    halfway.accept_again()
    halfway.arm()
    process = tercet.start("sync")
    fresh = fixture.until(lambda: any(
        row["subject"] == subject
        for row in tercet.messages("quick/INBOX")), live.patience(40))
    running = process.poll() is None
    silent.drop()
    halfway.release()
    _, said = process.communicate(timeout=live.patience(200))
    said = said.decode()
    test.ok(fresh and running,
            "sync brings its mail while others are waited for",
            "there: %s, running: %s\n%s" % (fresh, running, said))
    test.equal(process.returncode, 1, "and fails for the others")
    for user in DEAD:
        test.matches(said, r"Account %s\b" % user, "it names " + user)
    test.ok(QUICK not in said and trouble.one_sentence(said),
            "and says nothing of the quick one", said)
    running, said = dead_letter(test, tercet, mailbox, silent, 6)
    test.ok(running, "while the other one was waited for")
    test.contains(said, "silent", "it says whose")
    states = {row["name"]: row["state"] for row in tercet.run(
        "account", "list", "--json").objects()}
    test.ok(set(states.values()) == {"offline"}
            and set(states) == {QUICK, *DEAD},
            "no account's state was lost", repr(states))


def tests(test):
    with scene() as (server, tercet, closing):
        live.check_command(test, tercet.run("sync", timeout=120), 0,
                           "all are well")
        alone = interface_alone(test, server, tercet)
        silent, halfway = kill_them(server, tercet, closing)
        beside = interface_beside(test, server, tercet, silent, halfway)
        compare(test, alone, beside)
        commands(test, server, tercet, silent, halfway)
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
