# SPDX-License-Identifier: GPL-3.0-or-later
"""The server of the benchmarks: Dovecot with big mailboxes, made once.

They are kept in TERCET_BENCH_DIR (else $XDG_CACHE_HOME/tercet-bench, else
~/.cache/tercet-bench, for root /var/tmp/tercet-bench): a mailbox of 100,000
messages takes a gigabyte and a minute to make, one of a million small ones
some minutes.
"""

import fcntl
import json
import os
import random
import re
import shutil
import subprocess
import time

import dovecot
import genmail
import imapclient
from goals import MILLION, say

PASSWORD = "secret"
VERSION = 1                 # of the generated mail: raise it to make anew
SMALL_FROM = MILLION        # mailboxes of that size hold small mail
NEW, CHANGED = 100, 1000    # what a change of the mailbox consists of


def directory():
    chosen = os.environ.get("TERCET_BENCH_DIR")
    if not chosen and os.getuid() == 0:
        # Dovecot runs as another user, who does not get into root's home.
        chosen = "/var/tmp/tercet-bench"
    if not chosen:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser(
            "~/.cache")
        chosen = os.path.join(cache, "tercet-bench")
    return os.path.abspath(chosen)


def user_of(size):
    return "u%d" % size


def scratch_user_of(size):
    return "w%d" % size


class BenchStore:
    def __init__(self, sizes):
        self.top = directory()
        base = os.path.join(self.top, "dovecot")
        if len(base) > 70:
            raise SystemExit("TERCET_BENCH_DIR is too long for sockets")
        os.makedirs(self.top, exist_ok=True)
        self.lock = self._lock()
        self.homes = os.path.join(self.top, "homes")
        self.keep = False           # what the readers stored as well
        self.state_file = os.path.join(self.top, "state.json")
        self.state = self._load()
        known = {int(size) for size in self.state["filled"]}
        users = {name(size): PASSWORD
                 for size in sorted(known | set(sizes))
                 for name in (user_of, scratch_user_of)}
        self.server = dovecot.Dovecot(
            users=users, storage="mdbox", directory=base,
            cached_fields=True)
        self._start()
        for size in sizes:
            if size not in known:
                self._fill(size)
            self.restore(size)

    def _start(self):
        try:
            self.server.start()
        except dovecot.DovecotError as error:
            raise SystemExit("%s\n(is %s within reach of the user %s?)" % (
                error, self.top, self.server.user)) from None

    def close(self):
        self.server.close()
        if not self.keep:
            shutil.rmtree(self.homes, ignore_errors=True)
        os.close(self.lock)

    def _lock(self):
        """Held as long as this lives: nobody else may use the directory."""
        lock = os.open(os.path.join(self.top, "lock"),
                       os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit("another bench runs in " + self.top) from None
        return lock

    def _load(self):
        try:
            with open(self.state_file) as source:
                state = json.load(source)
            if state.get("version") == VERSION:
                return state
        except (OSError, ValueError):
            pass
        shutil.rmtree(os.path.join(self.top, "dovecot"), ignore_errors=True)
        return {"version": VERSION, "filled": {}, "changes": 0}

    def _save(self):
        with open(self.state_file + ".new", "w") as out:
            json.dump(self.state, out)
        os.replace(self.state_file + ".new", self.state_file)

    def _fill(self, size):
        began = time.monotonic()
        source = os.path.join(self.top, "source")
        shutil.rmtree(source, ignore_errors=True)
        os.makedirs(source)
        say("making %d messages" % size)
        if size >= SMALL_FROM:
            os.makedirs(os.path.join(source, "others"))
            box = os.path.join(source, "mbox")
            genmail.write_mbox(box, size, small=True)
            location = "mbox:%s/others:INBOX=%s:INDEX=MEMORY" % (source, box)
        else:
            genmail.write_maildir(source, size)
            location = "maildir:" + source
        self.server.give(source)
        say("importing them")
        user = user_of(size)
        shutil.rmtree(self.server.home(user), ignore_errors=True)
        self.server.import_mail(user, location)
        shutil.rmtree(source)
        held = self.server.count(user)
        if held != size:
            raise SystemExit("%d of %d messages were imported" % (
                held, size))
        self.state["filled"][str(size)] = time.strftime("%Y-%m-%d")
        self._save()
        say("%d messages in %.0f s" % (size, time.monotonic() - began))

    # -- looking and changing --------------------------------------------

    def lend(self, size):
        """The user of a fresh copy of a mailbox, in which all may change."""
        self.take_back(size)
        subprocess.run(["cp", "-a", self.server.home(user_of(size)),
                        self.server.home(scratch_user_of(size))], check=True)
        return scratch_user_of(size)

    def take_back(self, size):
        shutil.rmtree(self.server.home(scratch_user_of(size)),
                      ignore_errors=True)

    def client(self, size, port=None):
        return imapclient.ImapClient(port or self.server.port("imap"),
                                     user_of(size), PASSWORD)

    def marker(self, size):
        """The first word of the newest message's subject."""
        with self.client(size) as client:
            client.examine("INBOX")
            parts = client.session.fetch(
                "*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
            return parts[0][1].decode().split()[1]

    def modseq(self, size):
        """The inbox's HIGHESTMODSEQ."""
        with self.client(size) as client:
            said = client.session.status("INBOX", "(HIGHESTMODSEQ)")[1][0]
        return int(re.search(rb"HIGHESTMODSEQ (\d+)", said).group(1))

    def restore(self, size):
        """Take away what change() added: those that came last."""
        held = self.server.count(user_of(size))
        if held <= size:
            return
        with self.client(size) as client:
            client.select("INBOX")
            client.session.store("%d:%d" % (size + 1, held),
                                 "+FLAGS.SILENT", "(\\Deleted)")
            client.session.expunge()

    def change(self, size):
        """100 new messages and 1,000 changed flags; their UIDs."""
        turn = self.state["changes"]
        self.state["changes"] = turn + 1
        self._save()
        generator = genmail.Generator(10)
        chance = random.Random(turn)
        with self.client(size) as client:
            client.examine("INBOX")
            uids = client.session.uid("SEARCH", "ALL")[1][0].split()
            flagged = set(client.session.uid("SEARCH", "FLAGGED")[1][0]
                          .split())
            picked = chance.sample(uids, min(CHANGED, len(uids) // 2))
            tag = "c%d" % turn
            for number in range(NEW):
                raw, _, when = generator.extra(tag, number, 86400 * turn)
                client.append("INBOX", raw, when=when)
            client.select("INBOX")
            for sign, chosen in (("+", set(picked) - flagged),
                                 ("-", set(picked) & flagged)):
                self._store(client, sorted(chosen, key=int), sign)
            after = client.session.uid("SEARCH", "ALL")[1][0].split()
        new = [uid.decode() for uid in after[-NEW:]]
        return new, [uid.decode() for uid in picked]

    @staticmethod
    def _store(client, uids, sign):
        for at in range(0, len(uids), 200):
            client.session.uid(
                "STORE", b",".join(uids[at:at + 200]).decode(),
                sign + "FLAGS.SILENT", "(\\Flagged)")


def floor(server, size, command):
    """The raw drain of one command's answer: imapfloor's figures."""
    program = os.environ.get("TERCET_BENCH_FLOOR", "tests/bench/imapfloor")
    done = subprocess.run(
        [program, str(server.port("imap")), user_of(size), PASSWORD,
         "INBOX", command], stdout=subprocess.PIPE, check=True, timeout=600)
    return json.loads(done.stdout)
