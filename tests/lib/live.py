# SPDX-License-Identifier: GPL-3.0-or-later
"""What the live tests share: a server with mail, an account, a comparison.

Each of them is a program that speaks TAP:

    def tests(tap):
        with live.scene(messages=60) as (server, tercet):
            ...

    tap.main(tests)
"""

import contextlib
import random

import dovecot
import fixture
import genmail
import imapclient
import tap

USER = "ann"
PASSWORD = "secret"
FIRST_LETTER = 1700000000

# What the status line says, however it abbreviates.
ONLINE = r"\bonline\b"
OFFLINE = r"offline|cannot (?:connect|reach)|refused|not connected"


def patience(seconds):
    return seconds * fixture.PATIENCE


# Milliseconds.  How quick keys are is a matter of the benchmark; an interface
# that waits for a server is away for seconds.
ALIVE = 1000


def need_dovecot():
    if not dovecot.available():
        raise tap.Skip("dovecot-imapd is not installed")


def letter(number, prefix="Letter", **options):
    """One of the numbered letters; each is a conversation of its own."""
    options.setdefault("when", FIRST_LETTER + 3600 * number)
    options.setdefault("sender", "Writer %d <writer%d@example.org>" % (
        number, number % 7))
    options.setdefault(
        "body", "This is the text of %s %03d.\n\nIt has two paragraphs.\n" % (
            prefix.lower(), number))
    return genmail.letter("%s %03d" % (prefix, number), **options)


def letters(count, prefix="Letter", flags="S"):
    """Letters 1 to count, as Dovecot.add_messages wants them."""
    return [(letter(number, prefix), flags, FIRST_LETTER + 3600 * number)
            for number in range(1, count + 1)]


def url(server, scheme="imaps", user=USER, port=None, host="localhost"):
    service = "imaps" if scheme == "imaps" else "imap"
    return "%s://%s@%s:%d" % (scheme, user, host,
                              port or server.port(service))


@contextlib.contextmanager
def scene(messages=60, scheme="imaps", account=None, general=None,
          folders=None, **options):
    """A server with letters in INBOX and an account `work` on it."""
    need_dovecot()
    with dovecot.Dovecot(users={USER: PASSWORD}, **options) as server, \
            fixture.Tercet() as tercet:
        for name, content in (folders or {}).items():
            server.add_messages(USER, name, content)
        if isinstance(messages, int):
            messages = letters(messages)
        if messages:
            server.add_messages(USER, "INBOX", messages)
        if general:
            tercet.general(**general)
        tercet.account("work", url(server, scheme),
                       tls_ca_file=server.authority, **(account or {}))
        yield server, tercet


def client(server):
    return imapclient.ImapClient(server.port("imap"), USER, PASSWORD)


def names_folder(found, folder):
    """A folder of `folder list`, whichever account's."""
    for name, row in found.items():
        if name == folder or name.endswith("/" + folder):
            return row
    return None


# -- the store and the server, side by side --------------------------------

def server_content(server):
    """{folder: {uid: flags}} as the server has it."""
    with client(server) as other:
        return {name: {uid: spelled(flags) for uid, flags
                       in other.messages(name).items()}
                for name in other.folders()}


def spelled(flags):
    """Keywords are the same whatever their case."""
    return {flag if flag.startswith("\\") else flag.lower()
            for flag in flags}


def store_content(tercet, folders):
    """The same as `tercet list` tells it; also what is odd about it."""
    content, odd = {}, []
    for folder in folders:
        rows = tercet.messages(folder)
        content[folder] = {
            row["uid"]: spelled(row["flags"] + (row.get("keywords") or []))
            for row in rows}
        if len(content[folder]) != len(rows):
            odd.append("%s: %d rows, %d different UIDs" % (
                folder, len(rows), len(content[folder])))
        if len({row["id"] for row in rows}) != len(rows):
            odd.append("%s: an id stands there twice" % folder)
    return content, odd


def differences(server_side, store_side):
    """What is not the same, in words."""
    found = []
    for folder, wanted in server_side.items():
        got = store_side.get(folder, {})
        missing = sorted(set(wanted) - set(got))
        surplus = sorted(set(got) - set(wanted))
        if missing:
            found.append("%s lacks %d: UIDs %s" % (
                folder, len(missing), missing[:10]))
        if surplus:
            found.append("%s has %d too many: UIDs %s" % (
                folder, len(surplus), surplus[:10]))
        for uid in sorted(set(wanted) & set(got)):
            if wanted[uid] != got[uid]:
                found.append("%s UID %d: %s at the server, %s here" % (
                    folder, uid, sorted(wanted[uid]), sorted(got[uid])))
    return found


def check_same(test, server, tercet, name):
    """One test: the store holds what the server holds, flag for flag."""
    wanted = server_content(server)
    got, odd = store_content(tercet, wanted)
    found = odd + differences(wanted, got)
    known = [one for one in tercet.folders() if one]
    for folder in wanted:
        if names_folder(dict.fromkeys(known, True), folder) is None:
            found.append("no folder %s" % folder)
    return test.ok(not found, name, "\n".join(found[:30]))


# -- the interface ----------------------------------------------------------

def check_ended_well(test, term, tercet, name):
    """Quit; nothing went wrong and nothing stray was written."""
    for _ in range(4):
        if term.ended or not term.alive():
            break
        term.press("q")
    test.equal(term.wait_exit(patience(5)), 0, name + ": quits with status 0")
    bad = term.violations()
    test.ok(not bad, name + ": no forbidden byte reached the terminal",
            "\n".join("%s: %s" % one for one in bad[:20]))
    reports = tercet.sanitizer_reports()
    test.ok(not reports, name + ": no sanitizer report", reports[:6000])


def check_keys(test, term, names, count, name, quiet=0.05):
    """One test: keys are answered, by an interface that waits for nobody.

    Now and then two keys are handled in one frame, and the second changes
    nothing then; who waits for a server misses a key every three seconds.
    """
    first, _ = term.latency(names, count, quiet)
    test.ok(len(first) >= count - 2 and max(first) < patience(ALIVE), name,
            "%d of %d, worst %.1f ms" % (len(first), count,
                                         max(first or [-1])))


def check_command(test, result, status, name):
    """One test: a command ended with this status, in good order."""
    wanted = status if isinstance(status, tuple) else (status,)
    return test.ok(result.status in wanted and not result.crashed, name,
                   "wanted status %s\n%s" % (wanted, result))


def check_no_reports(test, tercet, name="no sanitizer report"):
    reports = tercet.sanitizer_reports()
    test.ok(not reports, name, reports[:6000])


# -- somebody else changes the mailbox --------------------------------------

class Meddler:
    """A second client that does what people do, by chance but repeatably."""

    def __init__(self, server, seed=1):
        self.server = server
        self.chance = random.Random(seed)
        self.arrived = 0
        self.done = []

    def meddle(self, steps=12):
        with client(self.server) as self.other:
            for _ in range(steps):
                kind = self.chance.choice(
                    ("flag", "flag", "seen", "keyword", "expunge", "append",
                     "append", "move", "copy", "create", "rename"))
                getattr(self, "_" + kind)()
                self.done.append(kind)

    def _some(self, most=5):
        """A folder that has mail, and a few of its UIDs."""
        held = {name: sorted(self.other.messages(name))
                for name in self.other.folders()}
        name = self.chance.choice([n for n, uids in held.items() if uids])
        count = min(len(held[name]), self.chance.randrange(1, most + 1))
        return name, self.chance.sample(held[name], count)

    def _folder(self):
        return self.chance.choice(self.other.folders())

    def _store(self, flag):
        folder, uids = self._some()
        sign = self.chance.choice("+-")
        self.other.store(folder, uids, "%sFLAGS (%s)" % (sign, flag))

    def _flag(self):
        self._store("\\Flagged")

    def _seen(self):
        self._store("\\Seen \\Answered")

    def _keyword(self):
        self._store("$Label1")

    def _expunge(self):
        folder, uids = self._some(3)
        self.other.expunge(folder, uids)

    def _append(self):
        folder = self._folder()
        for _ in range(self.chance.randrange(1, 4)):
            self.arrived += 1
            self.other.append(folder, letter(self.arrived, "Arrival"),
                              self.chance.choice(("", "\\Seen")))

    def _move(self):
        folder, uids = self._some(3)
        self.other.move(folder, uids, self._folder())

    def _copy(self):
        folder, uids = self._some(3)
        self.other.copy(folder, uids, self._folder())

    def _create(self):
        name = "Made %d %s" % (len(self.done), self.chance.choice(
            ("", "Übersicht", "a & b", "目録", "Lists/dev")))
        self.other.create(name)

    def _rename(self):
        made = [name for name in self.other.folders()
                if name.startswith("Made ")]
        if made:
            old = self.chance.choice(made)
            self.other.rename(old, "Renamed %d" % len(self.done))
