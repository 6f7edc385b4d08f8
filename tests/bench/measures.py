# SPDX-License-Identifier: GPL-3.0-or-later
"""What is measured, and how.

Readers take turns within each run, so that a slow moment of the machine
hits all of them.  Times are from before the fork until the output arrived
that put the row on the (emulated) screen.
"""

import os
import re
import statistics
import subprocess
import time

import benchstore
import proxy
import readers
import terminal
from goals import KEYS, MILLION, say
from storewatch import StoreWatch

PRESSES = 200               # for each kind of key
SCREENFUL = 40              # rows: no more page downs than the list has pages
QUIET = 0.03                # silence that counts as settled, seconds
QUIET_LOADING = 0.012       # the same while a synchronisation draws as well
LONGEST = 0.1               # until the next key then, whatever is drawn
LOADS = 12                  # first synchronisations for keys, at most
OPENED = 20                 # messages opened for S7
REPLAYED = 1000             # messages changed for S12, each third one
REPLAYED_EVERY = 3
REPLAYING = r"\w+ (UID )?(STORE|MOVE|COPY|EXPUNGE|SEARCH|FETCH) "
NOBODY = 9                  # a port where no server listens
QUEUED = 3                  # tercet's exit status for it
LIMIT = 180                 # seconds to wait for anything
LIMIT_MILLION = 900
STATUS_ROWS = 2
FOLDER_COLUMNS = 26
QUIT_AFTER = (0.4, 0.05, 1.0, 0.15, 2.0)   # seconds after the start


def milliseconds(seconds):
    return round(seconds * 1e3, 1)


def percentile(values, share):
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


class Bench:
    def __init__(self, options, store, figures):
        self.options = options
        self.store = store
        self.figures = figures
        self.fetch_items = None         # what tercet asks for of a message
        self.near = store.server.port("imap")
        self.limit = LIMIT              # as long as it is about this mailbox

    def run(self):
        """All that was asked for, what takes least first."""
        size, runs = self.options.size, self.options.runs
        ours = readers.Tercet in self.options.kinds
        for turn in range(runs):
            self.attempt(self.starts, size, turn)
        if ours and self.wanted("S2"):
            for _ in range(min(runs, 3)):
                self.attempt(self.round_trips, size)
        if ours and self.wanted("S3", "S4"):
            self.attempt(self.whole_sync, size)
        if ours:
            for keys in self.chosen_keys(False):
                self.attempt(self.keys_loading, size, keys)
        if self.chosen_keys(False):
            for _ in range(min(runs, 3)):
                self.attempt(self.keys_idle, size)
        if ours:
            for keys in self.chosen_keys(True):
                self.attempt(self.keys_acting, size, keys)
        if self.wanted("S7"):
            self.attempt(self.open_messages, size)
            with self.far() as far:
                self.attempt(self.link, size, far.port)
                self.attempt(self.open_messages, size, far.port, "far")
        if self.wanted("S8"):
            for _ in range(min(runs, 3)):
                self.attempt(self.resynchronise, size)
        if ours and self.wanted("S12"):
            self.attempt(self.replay, size)
        if ours and self.wanted("S15"):
            self.attempt(self.read_mail)
        for each in self.options.sizes[1:]:
            for turn in range(min(runs, 3)):
                self.attempt(self.starts, each, turn)

    @staticmethod
    def attempt(measure, *arguments):
        """What fails leaves its rows out, and the others go on."""
        try:
            measure(*arguments)
        except terminal.TerminalTimeout as problem:
            say("%s: %s" % (measure.__name__, problem))

    def wanted(self, *numbers):
        return not self.options.rows or any(
            number in self.options.rows for number in numbers)

    # -- starting readers --------------------------------------------------

    def far(self):
        return proxy.ProxyProcess(self.near, self.options.rtt / 2000)

    def reader(self, kind, size, port=None, where="near", user=None):
        home = os.path.join(self.store.homes, "%s-%d-%s" % (
            kind.name, size, where.replace(" ", "-")))
        made = kind(home, user or benchstore.user_of(size),
                    port or self.near)
        made.configure()
        return made

    def start(self, reader, rows=40):
        return terminal.Terminal(reader.argv(), reader.environment(),
                                 cols=120, rows=rows, cwd=reader.home)

    def to_newest(self, reader, term, marker):
        """Seconds until the newest row; the program's own pause left out."""
        reader.log_in(term)
        return term.wait_for(reader.row(marker), self.limit) - reader.pause

    def leave(self, reader, term):
        """Press quit; milliseconds until the process is gone."""
        pressed = time.monotonic()
        term.press(*reader.quit, settle=False)
        if term.wait_exit(30) is None:
            return None
        return milliseconds(term.exited - pressed)

    def each(self, what, size, action, port=None, where="near"):
        """Let every chosen reader take its turn."""
        marker = self.store.marker(size)
        for kind in self.options.kinds:
            reader = self.reader(kind, size, port, where)
            try:
                action(reader, marker)
            except terminal.TerminalTimeout as problem:
                say("%s: %s: %s" % (what, kind.name, problem))
                self.figures.add(what + " failed", kind.name, None)

    def fill(self, size, port=None, where="near"):
        """Bring every reader's store or cache to the present."""
        def once(reader, marker):
            if reader.name == "tercet":
                done = reader.tercet.run("sync", timeout=self.limit)
                if done.status != 0:
                    say(str(done))
                return
            with self.start(reader) as term:
                self.to_newest(reader, term, marker)
                self.leave(reader, term)
        self.each("fill", size, once, port, where)

    # -- S1, S2, S14, S16 ----------------------------------------------------

    def starts(self, size, turn):
        main = size == self.options.size
        self.limit = LIMIT_MILLION if size >= MILLION else LIMIT
        if self.wanted("S2", "S14") and (main or turn == 0):
            self.cold(size)
        if self.wanted("S1", "S14", "S16"):
            self.fill(size)
            self.warm(size)
        if not main:
            return
        if self.wanted("S16"):
            self.quit_loading(size, QUIT_AFTER[turn % len(QUIT_AFTER)])
        if turn >= 3 or not self.wanted("S1", "S2"):
            return
        with self.far() as far:
            if self.wanted("S2"):
                self.cold(size, far.port, "far")
            if self.wanted("S1"):
                self.fill(size, far.port, "far")
                self.warm(size, far.port, "far")

    def cold(self, size, port=None, where="near"):
        what = "S2 cold %d %s" % (size, where)

        def once(reader, marker):
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                seconds = self.to_newest(reader, term, marker)
                self.figures.add(what, reader.name, milliseconds(seconds))
                if where == "near":
                    self.finish_loading(reader, term)
                    self.figures.add("S14 first %d" % size, reader.name,
                                     round(term.memory()[0] / 1e3, 1))
                self.leave(reader, term)
        self.each(what, size, once, port, where)

    def finish_loading(self, reader, term):
        """The others have loaded once they show anything."""
        if reader.name != "tercet":
            term.settle(0.5, 30)
            return
        with StoreWatch(reader.tercet.data) as watch:
            self.watch(term, watch, ("done",))

    def watch(self, term, watch, phases):
        """Wait until the synchronisation is in one of these phases.

        Returns when it was seen to enter each phase, by phase.
        """
        seen = {}
        while True:
            phase = watch.look().phase()
            now = time.monotonic()
            seen.setdefault(phase, now - term.started)
            if phase in phases:
                return seen
            if now - term.started > self.limit or term.ended:
                raise terminal.TerminalTimeout(
                    "still at %s after %.0f s\n%s" % (
                        phase, now - term.started, term.dump()))
            term.gather(0.005)

    def warm(self, size, port=None, where="near"):
        what = "S1 warm %d %s" % (size, where)

        def once(reader, marker):
            with self.start(reader) as term:
                seconds = self.to_newest(reader, term, marker)
                self.figures.add(what, reader.name, milliseconds(seconds))
                term.settle(0.5, 30)
                if where == "near":
                    self.figures.add("S14 warm %d" % size, reader.name,
                                     round(term.memory()[0] / 1e3, 1))
                    self.figures.add("S16 idle %d" % size, reader.name,
                                     self.leave(reader, term))
                else:
                    self.leave(reader, term)
        self.each(what, size, once, port, where)

    def quit_loading(self, size, after):
        what = "S16 loading %d" % size

        def once(reader, _marker):
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                reader.log_in(term)
                term.pump(after)
                self.figures.add(what, reader.name,
                                 self.leave(reader, term))
            if reader.name == "tercet":
                self.figures.add("S16 damaged", reader.name, int(
                    not StoreWatch(reader.tercet.data).check()))
        self.each(what, size, once, where="quit")

    # -- S2 by round trips, S3, S4 ------------------------------------------

    def round_trips(self, size):
        """Tercet's turns until the newest row, in clear and with TLS."""
        for secure in (False, True):
            service = "imaps" if secure else "imap"
            kind = "TLS" if secure else "clear"
            port = self.store.server.port(service)
            with proxy.ProxyProcess(port, self.options.rtt / 2000) as far:
                reader = self.reader(readers.Tercet, size, far.port, "turns")
                reader.forget()
                if secure:
                    reader.authority = self.store.server.authority
                reader.configure()
                with self.start(reader) as term:
                    marker = self.store.marker(size)
                    seconds = term.wait_for(marker, LIMIT)
                    counted = far.counters()
                    self.figures.add("S2 turns " + kind, "tercet",
                                     counted["round_trips"])
                    self.figures.add("S2 far %s ms" % kind, "tercet",
                                     milliseconds(seconds))
                    self.leave(reader, term)

    def items(self, size):
        """What tercet fetches of a message, as it says it to the server."""
        if self.fetch_items:
            return self.fetch_items
        with proxy.ProxyProcess(self.near) as wire:
            reader = self.reader(readers.Tercet, size, wire.port, "items")
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                term.wait_for(self.store.marker(size), LIMIT)
                self.leave(reader, term)
            for line in wire.client_lines():
                found = re.search(r"FETCH \S+ (\(.*HEADER\.FIELDS.*)", line)
                if found:
                    self.fetch_items = first_group(found.group(1))
                    say("tercet fetches " + self.fetch_items)
                    return self.fetch_items
        raise SystemExit("no FETCH of headers was seen")

    def floor(self, size):
        """The raw drain of what tercet asks for: seconds and bytes."""
        return benchstore.floor(self.store.server, size,
                                "UID FETCH 1:* " + self.items(size))

    def everything(self, size, port, where):
        """From an empty store to all there is, in the running interface."""
        reader = self.reader(readers.Tercet, size, port, "all-" + where)
        reader.forget()
        reader.configure()
        with self.start(reader) as term, \
                StoreWatch(reader.tercet.data) as watch:
            seen = self.watch(term, watch, ("done",))
            peak, _ = term.memory()
            self.leave(reader, term)
        with self.start(reader) as term:
            term.settle(1.0, 30)
            _, idle = term.memory()
            self.leave(reader, term)
        ends = {}       # a phase is over when a later one was seen
        for phase, after in (
                ("headers", ("conversations", "index", "rest", "done")),
                ("conversations", ("index", "rest", "done")),
                ("index", ("rest", "done"))):
            ends[phase] = min(seen[one] for one in after if one in seen)
            self.figures.add("%s %s" % (where, phase), "tercet",
                             round(ends[phase], 3))
        self.figures.add("%s MB above idle" % where, "tercet",
                         round((peak - idle) / 1e3, 1))
        return ends["headers"]

    def whole_sync(self, size):
        """S3 and S4 in turn, each between two drains of the same bytes."""
        drained = self.floor(size)
        for _ in range(min(self.options.runs, 3)):
            before, seconds = drained, self.everything(size, self.near, "S3")
            drained = self.floor(size)
            floor = (before["seconds"] + drained["seconds"]) / 2
            self.figures.add("S3 floor", "tercet", round(floor, 3))
            self.figures.add("S3 of floor", "tercet",
                             round(seconds / floor, 3))
            if not self.wanted("S4"):
                continue
            # Both through the proxy, which wants a processor as well.
            with proxy.ProxyProcess(self.near) as wire:
                seconds = self.everything(size, wire.port, "S3 by proxy")
            with self.far() as far:
                over = self.everything(size, far.port, "S4")
                down = far.counters()["bytes_down"]
            self.figures.add("S4 of S3", "tercet", round(over / seconds, 3))
            self.figures.add("S4 of floor bytes", "tercet",
                             round(down / drained["bytes"], 3))
            drained = self.floor(size)

    # -- S5, S6 ---------------------------------------------------------------

    def chosen_keys(self, acting):
        return [keys for keys in KEYS
                if self.wanted(keys.goal) and keys.acts == acting]

    def note_keys(self, keys, state, reader, settled):
        for share, of in (("p50", 0.5), ("p99", 0.99), ("worst", 1.0)):
            value = percentile(settled, of)
            self.figures.add("%s %s %s %s" % (keys.goal, state, keys.name,
                                              share), reader.name,
                             None if value is None else round(value, 2))

    def keys_idle(self, size):
        presses = min(PRESSES, size // SCREENFUL)

        def once(reader, marker):
            with self.start(reader) as term:
                self.to_newest(reader, term, marker)
                term.settle(1.0, 30)
                self.echo()
                for keys in self.chosen_keys(False):
                    _, settled = term.latency(keys.keys(reader), presses,
                                              QUIET)
                    self.note_keys(keys, "idle", reader, settled)
                self.leave(reader, term)
        self.fill(size)
        self.each("keys", size, once)

    def echo(self):
        """How long a key takes that a program only sends back.

        So much of the other figures is the machine's.
        """
        argv = ["sh", "-c", "stty raw -echo; echo ready; exec cat"]
        with terminal.Terminal(argv, dict(os.environ)) as term:
            term.wait_for("ready", 30)
            term.settle(QUIET, 30)
            _, settled = term.latency(["x"], PRESSES // 2, QUIET)
        for share, of in (("p50", 0.5), ("p99", 0.99)):
            self.figures.add("S5 echo " + share, "tercet",
                             round(percentile(settled, of), 2))

    def keys_loading(self, size, keys, user=None):
        """Tercet's keys while the first synchronisation runs.

        The screen is drawn all the time then: what counts is the first that
        changes outside of the folder pane, the title and the status lines,
        and what follows it closely.
        """
        reader = self.reader(readers.Tercet, size, where="loading", user=user)
        gathered, during = [], {}
        for _ in range(LOADS):
            if len(gathered) >= PRESSES:
                break
            reader.forget()
            reader.configure()
            with self.start(reader) as term, \
                    StoreWatch(reader.tercet.data) as watch:
                # Not for the newest row: it may have been archived.
                term.wait_for(lambda _: watch.look().placed >= SCREENFUL,
                              LIMIT)
                term.pump(QUIET)
                found = self.effects(term, keys, keys.loading(reader),
                                     PRESSES, watch)
                self.leave(reader, term)
            for phase, settled in found:
                gathered.append(settled)
                during.setdefault(phase, []).append(settled)
        self.note_keys(keys, "loading", reader, gathered)
        for phase, settled in during.items():
            say("  %s, while at %s: %d keys, p50 %.2f, p99 %.2f, worst %.2f"
                % (keys.name, phase, len(settled), percentile(settled, 0.5),
                   percentile(settled, 0.99), max(settled)))

    def keys_acting(self, size, keys):
        """Keys that change mail, in a copy of the mailbox."""
        user = self.store.lend(size)
        try:
            self.keys_loading(size, keys, user)
            reader = self.reader(readers.Tercet, size, where="acting",
                                 user=user)
            reader.forget()
            reader.configure()
            reader.tercet.run("sync", timeout=self.limit)
            with self.start(reader) as term:
                term.settle(1.0, 30)
                found = self.effects(term, keys, keys.keys(reader),
                                     min(PRESSES, size // SCREENFUL))
                self.leave(reader, term)
            self.note_keys(keys, "idle", reader,
                           [settled for _, settled in found])
        finally:
            self.store.take_back(size)

    def effects(self, term, keys, pressed, count, watch=None):
        """When keys had their effect: [(phase, milliseconds)].

        With a watch, ends with the synchronisation.
        """
        kept, turn, found = [], 0, []
        while turn < count and not term.ended:
            phase = watch.look().phase() if watch else "idle"
            if phase == "done":
                break
            for key in keys.before:
                kept.append((None,) + term.press_and_keep(
                    key, QUIET_LOADING, LONGEST))
            kept.append((phase,) + term.press_and_keep(
                pressed[turn % len(pressed)], QUIET_LOADING, LONGEST))
            turn += 1
        rows = range(1, term.screen.lines - STATUS_ROWS)
        columns = range(FOLDER_COLUMNS, term.screen.columns)
        for phase, when, pieces in kept:
            changed = [at for at in term.replay(pieces, rows, columns)
                       if at > when]
            if phase and changed:
                found.append((phase, (first_burst(changed, QUIET_LOADING)
                                      - when) * 1e3))
        return found

    # -- S7 -------------------------------------------------------------------

    def opening(self, reader, term, count, quiet):
        """Milliseconds from the key to the text, for some messages."""
        times = []
        for _ in range(count):
            term.settle(quiet, 30)
            pressed = time.monotonic()
            term.press(reader.open, settle=False)
            term.wait_for(reader.opened, 30)
            times.append((term.last - pressed) * 1e3)
            term.settle(quiet, 30)
            term.press(reader.close, settle=False)
            term.wait_for(reader.opened, 30, gone=True)
            term.settle(quiet, 30)
            term.press(reader.down, settle=False)
        return times

    def link(self, size, port):
        """A bare round trip over the same proxy, for comparison."""
        times = []
        with self.store.client(size, port) as client:
            for _ in range(OPENED):
                began = time.monotonic()
                client.session.noop()
                times.append((time.monotonic() - began) * 1e3)
        self.figures.add("S7 link", "tercet",
                         round(percentile(times, 0.5), 2))

    def open_messages(self, size, port=None, where="near"):
        quiet = 0.06 + (self.options.rtt * 1.6e-3 if where == "far" else 0)

        def once(reader, marker):
            for state in ("fresh", "held"):
                with self.start(reader, rows=reader.open_rows) as term:
                    self.to_newest(reader, term, marker)
                    term.settle(1.0, 30)
                    times = self.opening(reader, term, OPENED, quiet)
                    self.figures.add("S7 %s %s" % (state, where),
                                     reader.name,
                                     round(percentile(times, 0.5), 2))
                    self.leave(reader, term)

        self.each("S7", size, lambda reader, _: reader.forget_bodies(),
                  port, "open-" + where)
        self.fill(size, port, "open-" + where)
        self.each("S7", size, once, port, "open-" + where)

    # -- S8 -------------------------------------------------------------------

    def resynchronise(self, size):
        with proxy.ProxyProcess(self.near) as wire:
            self.fill(size, wire.port, "wire")
            new, changed = self.store.change(size)
            ideal = self.ideal_bytes(size, new, changed)
            modseq = self.store.modseq(size)

            def once(reader, marker):
                wire.reset_counters()
                with self.start(reader) as term:
                    if reader.name == "tercet":
                        seconds, turns = self.ours_in_step(
                            reader, term, marker, modseq, wire)
                    else:
                        seconds = self.to_newest(reader, term, marker)
                        term.settle(1.0, 60)
                        turns = wire.turns()
                    counted = wire.counters()
                    self.leave(reader, term)
                self.note_wire(reader, seconds, counted, turns, ideal)

            try:
                self.each("S8", size, once, wire.port, "wire")
            finally:
                self.store.restore(size)

    def ours_in_step(self, reader, term, marker, modseq, wire):
        """Seconds to the newest row, and the turns until all was stored.

        The list stays where it is when mail comes, hence the keys.
        """
        with StoreWatch(reader.tercet.data) as watch:
            while watch.look().modseq < modseq:
                if time.monotonic() - term.started > LIMIT or term.ended:
                    raise terminal.TerminalTimeout("without the changes\n"
                                                   + term.dump())
                term.gather(0.002)
            self.figures.add("S8 in ms", reader.name, milliseconds(
                time.monotonic() - term.started))
            turns = wire.turns()
            while not term.shows(reader.row(marker)):
                term.press(*reader.top, settle=False)
                term.gather(0.02)
                if time.monotonic() - term.started > LIMIT or term.ended:
                    raise terminal.TerminalTimeout("without the newest row\n"
                                                   + term.dump())
            seconds = term.last - term.started
            self.watch(term, watch, ("done",))
        return seconds, turns

    def note_wire(self, reader, seconds, counted, turns, ideal):
        self.figures.add("S8 ms", reader.name, milliseconds(seconds))
        self.figures.add("S8 bytes", reader.name, counted["bytes_down"])
        after = turns_after_login(turns)
        self.figures.add("S8 turns", reader.name, len(after))
        self.figures.add("S8 of ideal", reader.name,
                         round(counted["bytes_down"] / ideal, 2))
        if reader.name == "tercet":
            for turn in after:
                say("    " + turn["said"][:110].strip())

    def ideal_bytes(self, size, new, changed):
        """What the changes themselves take on the wire."""
        return sum(benchstore.floor(
            self.store.server, size, "UID FETCH %s %s" % (
                ",".join(uids), items))["bytes"]
            for uids, items in ((new, self.items(size)),
                                (changed, "(FLAGS MODSEQ)")))

    # -- S15 ------------------------------------------------------------------

    def read_mail(self):
        """Walker and text beside the libraries, each in its own process."""
        program = os.environ.get("TERCET_BENCH_MIME")
        if not program or not os.path.exists(program):
            return
        done = subprocess.run([program, str(self.options.runs)], check=False,
                              stdout=subprocess.PIPE, text=True)
        figures = {}
        for line in done.stdout.splitlines():
            figure, value = line.split("\t")
            if value != "crash":
                figures.setdefault(figure, []).append(float(value))
        for figure, values in figures.items():
            for value in values:
                self.figures.add(figure, "tercet", value)
            theirs = figures.get(figure + " gmime")
            if theirs and figure != "S15 big":
                self.figures.add(figure + " of gmime", "tercet",
                                 statistics.median(values)
                                 / statistics.median(theirs))

    # -- S12 ------------------------------------------------------------------

    def replay(self, size):
        """Commands for what was done to many messages without a server."""
        user = self.store.lend(size)
        try:
            with proxy.ProxyProcess(self.near) as wire:
                reader = self.reader(readers.Tercet, size, wire.port,
                                     "replay", user)
                reader.forget()
                reader.configure()
                self.tell(reader, "sync")
                ids = [str(one["id"]) for one in reader.tercet.messages(
                    limit=REPLAYED * REPLAYED_EVERY)][::REPLAYED_EVERY]
                for name, order in (("flag", "+flagged"),
                                    ("move", "Archive")):
                    self.replayed(reader, wire, name, ids, order)
        finally:
            self.store.take_back(size)

    def tell(self, reader, *arguments, status=0):
        done = reader.tercet.run(*arguments, timeout=self.limit)
        if done.status != status:
            raise terminal.TerminalTimeout(str(done)[-2000:])

    def replayed(self, reader, wire, name, ids, order):
        there, reader.port = reader.port, NOBODY
        reader.configure()
        self.tell(reader, name, *ids, order, status=QUEUED)
        reader.port = there
        reader.configure()
        before = len(wire.client_lines())
        self.tell(reader, "sync")
        said = [line for line in wire.client_lines()[before:]
                if re.match(REPLAYING, line)]
        for line in said[:3]:
            say("    %.100s" % line)
        self.figures.add("S12 " + name, reader.name, len(said))


def first_burst(times, gap):
    """The last of those that follow the first without such a gap."""
    last = times[0]
    for at in times:
        if at - last > gap:
            break
        last = at
    return last


def first_group(text):
    """Up to the bracket that closes the first one."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[:at + 1]
    return text


def turns_after_login(turns):
    """The round trips behind the login of the connection that has most.

    Connections do not wait for each other.
    """
    after = {}
    for turn in turns:
        if re.search(r"(?i)\b(LOGIN|AUTHENTICATE)\b", turn["said"]):
            after[turn["connection"]] = []
        elif turn["connection"] in after:
            after[turn["connection"]].append(turn)
    return max(after.values(), key=len, default=[])
