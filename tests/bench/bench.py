#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tercet beside the other mail readers, on the same big mailbox.

Readers take turns within each run, so that a slow moment of the machine
hits all of them.  Times are medians in milliseconds, from before the fork
until the output arrived that put the row on the (emulated) screen.  The
table at the end holds tercet's figures against the goals of the project and
the best of the others.

    bench.py [--size N] [--million] [--runs N] [--rtt MS] [--only S1,S5]
             [--readers tercet,mutt] [--json FILE]
"""

import argparse
import json
import os
import re
import statistics
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "lib")]

import benchstore
import proxy
import readers
import tap
import terminal
from benchstore import say

KEYS = 200                  # presses for each kind of key
QUIET = 0.03                # silence that counts as settled, seconds
OPENED = 20                 # messages opened for S7
LIMIT = 180                 # seconds to wait for anything
LOADING = r"\d ?%|\d of \d"         # tercet's status line, busy


def milliseconds(seconds):
    return round(seconds * 1e3, 1)


def percentile(values, share):
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


class Figures:
    """All that was measured: {(what, reader): [values]}."""

    def __init__(self, path):
        self.values = {}
        self.path = path

    def add(self, what, reader, value):
        self.values.setdefault((what, reader), []).append(value)
        if self.path:
            with open(self.path, "a") as out:
                out.write(json.dumps({"what": what, "reader": reader,
                                      "value": value}) + "\n")
        say("  %-34s %-8s %s" % (what, reader, value))

    def median(self, what, reader="tercet"):
        values = [value for value in self.values.get((what, reader), ())
                  if value is not None]
        return statistics.median(values) if values else None

    def best_peer(self, what):
        found = [(self.median(what, reader), reader)
                 for (name, reader) in self.values
                 if name == what and reader not in ("tercet", "floor")]
        found = [one for one in found if one[0] is not None]
        return min(found, default=(None, None))


class Bench:
    def __init__(self, options, store):
        self.options = options
        self.store = store
        self.figures = Figures(options.json)
        self.fetch_items = None         # what tercet asks for of a message

    # -- starting readers --------------------------------------------------

    def reader(self, kind, size, port=None, where="near"):
        home = os.path.join(self.store.top, "homes", "%s-%d-%s" % (
            kind.name, size, where))
        made = kind(home, benchstore.user_of(size),
                    port or self.store.server.port("imap"))
        made.configure()
        return made

    def start(self, reader, rows=40):
        return terminal.Terminal(reader.argv(), reader.environment(),
                                 cols=120, rows=rows, cwd=reader.home)

    def to_newest(self, reader, term, marker):
        """Seconds until the newest row; the program's own pause left out."""
        reader.log_in(term)
        return term.wait_for(reader.row(marker), LIMIT) - reader.pause

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

    def wanted(self, *numbers):
        return not self.options.only or any(
            number in self.options.only for number in numbers)

    # -- S1, S2, S14, S16 ----------------------------------------------------

    def cold(self, size, port=None, where="near"):
        what = "S2 cold %d %s" % (size, where)

        def once(reader, marker):
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                seconds = self.to_newest(reader, term, marker)
                self.figures.add(what, reader.name, milliseconds(seconds))
                self.leave(reader, term)
        self.each(what, size, once, port, where)

    def fill(self, size, port=None, where="near"):
        """Bring every reader's store or cache to the present."""
        def once(reader, marker):
            if reader.name == "tercet":
                done = reader.tercet.run("sync", timeout=LIMIT)
                if done.status != 0:
                    say(str(done))
                return
            with self.start(reader) as term:
                self.to_newest(reader, term, marker)
                self.leave(reader, term)
        self.each("fill", size, once, port, where)

    def warm(self, size, port=None, where="near"):
        what = "S1 warm %d %s" % (size, where)

        def once(reader, marker):
            with self.start(reader) as term:
                seconds = self.to_newest(reader, term, marker)
                self.figures.add(what, reader.name, milliseconds(seconds))
                term.settle(0.5, 30)
                if where == "near":
                    self.figures.add("S14 peak MB %d" % size, reader.name,
                                     round(term.memory()[0] / 1e3, 1))
                    self.figures.add("S16 quit idle %d" % size, reader.name,
                                     self.leave(reader, term))
                else:
                    self.leave(reader, term)
        self.each(what, size, once, port, where)

    def quit_loading(self, size):
        what = "S16 quit loading %d" % size

        def once(reader, _marker):
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                reader.log_in(term)
                term.pump(0.4)
                self.figures.add(what, reader.name,
                                 self.leave(reader, term))
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
                if not secure:
                    self.learn_items(far.client_lines())

    def learn_items(self, lines):
        """The items of tercet's own FETCH, for the floor under it."""
        for line in lines:
            found = re.search(r"FETCH \S+ (\(.*HEADER\.FIELDS.*)", line)
            if found:
                self.fetch_items = first_group(found.group(1))
                say("tercet fetches " + self.fetch_items)
                return
        say("no FETCH of headers was seen:\n" + "\n".join(lines[:20]))

    def everything(self, size, port, where):
        """From an empty store to all rows, in the running interface."""
        reader = self.reader(readers.Tercet, size, port, "all-" + where)
        reader.forget()
        reader.configure()
        want = self.store.server.count(reader.user)
        with self.start(reader) as term:
            began = term.started
            while True:
                term.pump(0.15)
                folder = reader.tercet.folders().get("INBOX") or {}
                if folder.get("placed", 0) >= want:
                    break
                if time.monotonic() - began > LIMIT or not term.alive():
                    raise terminal.TerminalTimeout(
                        "%s of %d rows\n%s" % (folder.get("placed"), want,
                                               term.dump()))
            seconds = time.monotonic() - began
            peak, _ = term.memory()
            self.leave(reader, term)
        with self.start(reader) as term:
            term.settle(1.0, 30)
            _, idle = term.memory()
            self.leave(reader, term)
        self.figures.add("%s seconds" % where, "tercet", round(seconds, 2))
        self.figures.add("%s MB above idle" % where, "tercet",
                         round((peak - idle) / 1e3, 1))

    def whole_sync(self, size):
        """S3 and S4, and the floor of the same bytes."""
        near = self.store.server.port("imap")
        for _ in range(min(self.options.runs, 3)):
            if self.fetch_items:
                drained = benchstore.floor(
                    self.store.server, size,
                    "UID FETCH 1:* " + self.fetch_items)
                self.figures.add("S3 floor seconds", "floor",
                                 drained["seconds"])
            self.everything(size, near, "S3")
            with proxy.ProxyProcess(near, self.options.rtt / 2000) as far:
                self.everything(size, far.port, "S4")

    # -- S5 -------------------------------------------------------------------

    def keys_idle(self, size):
        def once(reader, marker):
            with self.start(reader) as term:
                self.to_newest(reader, term, marker)
                term.settle(1.0, 30)
                for name, key in (("down", reader.down),
                                  ("page", reader.page_down)):
                    _, settled = term.latency([key], KEYS, QUIET)
                    self.note_keys("S5 idle " + name, reader, settled)
                self.leave(reader, term)
        self.each("S5 idle", size, once)

    def note_keys(self, what, reader, settled):
        for share, label in ((0.5, "p50"), (0.99, "p99")):
            value = percentile(settled, share)
            self.figures.add("%s %s" % (what, label), reader.name,
                             None if value is None else round(value, 2))

    def keys_loading(self, size):
        """Tercet's keys while the first synchronisation runs."""
        kinds = {"down": ["j"], "page": ["PgDn", "PgUp"]}
        gathered = {name: [] for name in kinds}
        marker = self.store.marker(size)
        for _ in range(12):
            name = min(gathered, key=lambda one: len(gathered[one]))
            if len(gathered[name]) >= KEYS:
                break
            reader = self.reader(readers.Tercet, size, where="loading")
            reader.forget()
            reader.configure()
            with self.start(reader) as term:
                term.wait_for(marker, LIMIT)
                while term.shows(LOADING) and not term.ended:
                    _, settled = term.latency(kinds[name], 10, 0.012)
                    if not term.shows(LOADING):
                        break
                    gathered[name] += settled
                self.leave(reader, term)
        for name, settled in gathered.items():
            say("  %d keys (%s) while loading" % (len(settled), name))
            self.note_keys("S5 loading " + name,
                           self.reader(readers.Tercet, size), settled)

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

    def open_messages(self, size, port=None, where="near"):
        quiet = 0.06 + (self.options.rtt * 1.6e-3 if where == "far" else 0)

        def once(reader, marker):
            reader.forget_bodies()
            for state in ("fresh", "held"):
                # Too few rows for a second pane that shows the text early.
                with self.start(reader, rows=15) as term:
                    self.to_newest(reader, term, marker)
                    term.settle(1.0, 30)
                    times = self.opening(reader, term, OPENED, quiet)
                    self.figures.add("S7 %s %s" % (state, where),
                                     reader.name,
                                     round(percentile(times, 0.5), 2))
                    self.leave(reader, term)
        self.each("S7", size, once, port, "open-" + where)

    # -- S8 -------------------------------------------------------------------

    def resynchronise(self, size):
        near = self.store.server.port("imap")
        with proxy.ProxyProcess(near) as wire:
            self.fill(size, wire.port, "wire")
            new, changed = self.store.change(size)
            ideal = self.ideal_bytes(size, new, changed)

            def once(reader, marker):
                wire.reset_counters()
                with self.start(reader) as term:
                    seconds = self.to_newest(reader, term, marker)
                    term.settle(2.0, 60)
                    counted, turns = wire.counters(), wire.turns()
                    self.leave(reader, term)
                self.figures.add("S8 ms", reader.name,
                                 milliseconds(seconds))
                self.figures.add("S8 bytes", reader.name,
                                 counted["bytes_down"])
                after = turns_after_login(turns)
                self.figures.add("S8 turns", reader.name, len(after))
                if ideal:
                    self.figures.add("S8 of ideal", reader.name, round(
                        counted["bytes_down"] / ideal, 2))
                if reader.name == "tercet":
                    for turn in after:
                        say("    " + turn["said"][:110].strip())
            self.each("S8", size, once, wire.port, "wire")

    def ideal_bytes(self, size, new, changed):
        """What the changes themselves take on the wire."""
        if not self.fetch_items:
            return None
        return sum(benchstore.floor(
            self.store.server, size, "UID FETCH %s %s" % (
                ",".join(uids), items))["bytes"]
            for uids, items in ((new, self.fetch_items),
                                (changed, "(FLAGS MODSEQ)")))

    # -- all -------------------------------------------------------------------

    def run(self):
        size, runs = self.options.size, self.options.runs
        near = self.store.server.port("imap")
        ours = readers.Tercet in self.options.kinds
        if ours and self.wanted("S2", "S3", "S4", "S8"):
            for _ in range(min(runs, 3)):
                self.round_trips(size)
        if ours and self.wanted("S3", "S4"):
            self.whole_sync(size)
        for each in [size] + self.options.sizes:
            self.starts(each, near if each == size else None, runs)
        if ours and self.wanted("S5"):
            self.keys_loading(size)
        if self.wanted("S5"):
            for _ in range(min(runs, 3)):
                self.keys_idle(size)
        if self.wanted("S7"):
            self.open_messages(size)
            with proxy.ProxyProcess(near, self.options.rtt / 2000) as far:
                self.fill(size, far.port, "open-far")
                self.open_messages(size, far.port, "far")
        if self.wanted("S8"):
            for _ in range(min(runs, 3)):
                self.resynchronise(size)

    def starts(self, size, near, runs):
        """S1, S2, S14, S16 at one size."""
        if size >= benchstore.SMALL_FROM:
            runs = min(runs, 2)
        for turn in range(runs):
            if self.wanted("S2") and (turn == 0 or
                                      size < benchstore.SMALL_FROM):
                self.cold(size)
            if turn == 0:
                self.fill(size)
            if self.wanted("S1", "S14", "S16"):
                self.fill(size)
                self.warm(size)
            if self.wanted("S16"):
                self.quit_loading(size)
        if near is None or not self.wanted("S1", "S2"):
            return
        with proxy.ProxyProcess(near, self.options.rtt / 2000) as far:
            for _ in range(min(runs, 3)):
                if self.wanted("S2"):
                    self.cold(size, far.port, "far")
                if self.wanted("S1"):
                    self.fill(size, far.port, "far")
                    self.warm(size, far.port, "far")


def first_group(text):
    """Up to the bracket that closes the first one."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[:at + 1]
    return text


def turns_after_login(turns):
    """The round trips behind the last that logs in."""
    last = 0
    for number, turn in enumerate(turns, 1):
        if re.search(r"(?i)\b(LOGIN|AUTHENTICATE)\b", turn["said"]):
            last = number
    return turns[last:]


# -- the table ---------------------------------------------------------------

def goals(options):
    """(number, figure, words, goal, what the goal is a multiple of)."""
    size = options.size
    rows = [
        ("S1", "S1 warm %d near", "start, store present, ms", 30, None),
        ("S1", "S1 warm %d far", "the same over %g ms" % options.rtt, 30,
         None),
        ("S2", "S2 cold %d near", "first sight, ms", 100, None),
        ("S2", "S2 cold %d far", "the same over %g ms" % options.rtt,
         100 + 5 * options.rtt, None),
        ("S2", "S2 turns clear", "round trips to the first row", 5, None),
        ("S2", "S2 turns TLS", "the same with TLS", 7, None),
        ("S3", "S3 seconds", "all headers, s", 1.5, "S3 floor seconds"),
        ("S3", "S3 MB above idle", "memory above idle, MB", 32, None),
        ("S4", "S4 seconds", "all headers over %g ms, s" % options.rtt,
         1.3, "S3 seconds"),
        ("S5", "S5 loading down p50", "down while loading, ms", 1, None),
        ("S5", "S5 loading down p99", "the same, 99th percentile", 3, None),
        ("S5", "S5 loading page p50", "page down while loading", 1.5, None),
        ("S5", "S5 loading page p99", "the same, 99th percentile", 5, None),
        ("S5", "S5 idle down p50", "down, idle, ms", 1, None),
        ("S5", "S5 idle down p99", "the same, 99th percentile", 3, None),
        ("S5", "S5 idle page p50", "page down, idle, ms", 1.5, None),
        ("S5", "S5 idle page p99", "the same, 99th percentile", 5, None),
        ("S7", "S7 held near", "open a message held here, ms", 3, None),
        ("S7", "S7 fresh far", "not held, over %g ms" % options.rtt,
         options.rtt + 4, None),
        ("S8", "S8 turns", "resync: round trips after login", 3, None),
        ("S8", "S8 of ideal", "resync: bytes, of the changes' own", 1.2,
         None),
        ("S8", "S8 ms", "resync: start to newest row, ms", None, None),
        ("S14", "S14 peak MB %d", "peak memory, MB", 24, None),
        ("S16", "S16 quit idle %d", "quit, idle, ms", 50, None),
        ("S16", "S16 quit loading %d", "quit while loading, ms", 50, None),
    ]
    rows = [(n, figure % size if "%d" in figure else figure, words, goal,
             base) for n, figure, words, goal, base in rows]
    for other in options.sizes:
        rows += [
            ("S1", "S1 warm %d near" % other,
             "start, {:,} messages, ms".format(other), 30, None),
            ("S14", "S14 peak MB %d" % other,
             "peak memory, {:,} messages".format(other),
             40 if other >= benchstore.SMALL_FROM else 24, None)]
    return rows


def table(options, figures):
    """The table's lines; how many goals were missed."""
    lines = ["%-4s %-38s %9s %19s %7s %9s  %s" % (
        "", "what", "tercet", "best of the others", "ratio", "goal", "")]
    missed = 0
    for number, figure, words, goal, base in goals(options):
        ours = figures.median(figure)
        if ours is None:
            continue
        peer, name = figures.best_peer(figure)
        limit = goal
        if base:
            floor = figures.median(base, "floor" if "floor" in base
                                   else "tercet")
            limit = goal * floor if floor else None
        verdict = "" if limit is None else (
            "reached" if ours <= limit else "MISSED")
        missed += verdict == "MISSED"
        lines.append("%-4s %-38s %9.4g %19s %7s %9s  %s" % (
            number, words, ours,
            "%.4g %s" % (peer, name) if name else "",
            "%.2f" % (ours / peer) if peer else "",
            "%.4g" % limit if limit is not None else "", verdict))
    return lines, missed


def arguments():
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--size", type=int, default=100000)
    options.add_argument("--million", action="store_true",
                         help="S1 and S14 at 1,000,000 as well")
    options.add_argument("--small", action="store_true",
                         help="S1 and S14 at 10,000 as well")
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--rtt", type=float, default=50.0,
                         help="milliseconds, for what is far away")
    options.add_argument("--only", default="",
                         help="numbers of the goals, by commas")
    options.add_argument("--readers", default="",
                         help="names, by commas; default: all installed")
    options.add_argument("--json", help="append every figure to this file")
    chosen = options.parse_args()
    chosen.only = [one for one in chosen.only.split(",") if one]
    names = [one for one in chosen.readers.split(",") if one]
    chosen.kinds = [kind for kind in readers.READERS if kind.installed()
                    and (not names or kind.name in names)]
    chosen.sizes = ([10000] if chosen.small else []) + (
        [benchstore.SMALL_FROM] if chosen.million else [])
    return chosen


def main():
    options = arguments()
    tap.exit_on_signals()
    absent = [kind.name for kind in readers.READERS
              if not kind.installed()]
    if absent:
        say("not installed: " + ", ".join(absent))
    if not options.kinds:
        raise SystemExit("nothing to measure")
    store = benchstore.BenchStore([options.size] + options.sizes)
    try:
        bench = Bench(options, store)
        bench.run()
        lines, missed = table(options, bench.figures)
        print("\n".join(lines))
        print("%d goals missed" % missed)
    finally:
        store.close()


if __name__ == "__main__":
    main()
