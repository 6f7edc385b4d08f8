# SPDX-License-Identifier: GPL-3.0-or-later
"""The goals, and the table that holds what was measured against them.

To add a row, add it to goals(), and what measures it to measures.py; a key
that is pressed in the list needs only a line in KEYS.
"""

import json
import statistics
import sys
import time

MILLION = 1000000


def say(text):
    print(text, file=sys.stderr, flush=True)


class Keys:
    """One kind of key, timed from the press to the settled screen.

    `keys` gives what a reader is pressed in turn, or None where it has no
    such key.  `before` is pressed first each time, and not timed: what leads
    up to the key.  `loading` stands in for `keys` where a list is so short yet
    that they would come to its end.  `acts`: it changes mail, and is pressed
    in a copy of the mailbox.
    """

    def __init__(self, goal, name, keys, p50, p99, worst=None, before=(),
                 loading=None, acts=False):
        self.goal = goal
        self.name = name
        self.keys = keys
        self.loading = loading or keys
        self.acts = acts
        self.limits = (("p50", p50), ("p99", p99), ("worst", worst))
        self.before = before


KEYS = (
    Keys("S5", "down", lambda reader: [reader.down], 1, 3,
         loading=lambda reader: [reader.down] * 20 + ["k"] * 20),
    Keys("S5", "page down", lambda reader: [reader.page_down], 1.5, 5,
         loading=lambda reader: [reader.page_down, "PgUp"]),
    Keys("S6", "archive", lambda reader: ["e"], 3, 10, 50, acts=True),
    Keys("S6", "flag", lambda reader: ["s"], 3, 10, 50, acts=True),
    Keys("S6", "move", lambda reader: ["Enter"], 3, 10, 50,
         before=("m", "A", "r", "c"), acts=True),
    Keys("S6", "undo", lambda reader: ["u"], 3, 10, 50, before=("e",),
         acts=True),
)


class Row:
    def __init__(self, number, figure, words, goal=None, worst=False,
                 least=False):
        self.number = number
        self.figure = figure
        self.words = words
        self.goal = goal            # at most so much; None: only told
        self.worst = worst          # the goal is for the worst, not the median
        self.least = least          # at least so much, not at most

    def met(self, figure):
        return figure >= self.goal if self.least else figure <= self.goal


def goals(size, sizes, rtt):
    """The rows of the table."""
    over = "over %g ms" % rtt
    rows = []
    for each in sizes:
        rows.append(Row("S1", "S1 warm %d near" % each,
                        "start, %s, ms" % grouped(each), 30))
        if each == size:
            rows.append(Row("S1", "S1 warm %d far" % each,
                            "the same %s" % over, 30))
    rows += [
        Row("S2", "S2 cold %d near" % size, "first sight, ms", 100),
        Row("S2", "S2 cold %d far" % size, "the same %s" % over,
            100 + 5 * rtt),
        Row("S2", "S2 turns clear", "round trips to the first row", 5),
        Row("S2", "S2 turns TLS", "the same with TLS", 7),
        Row("S3", "S3 headers", "all rows, indexes and counts, s"),
        Row("S3", "S3 floor", "raw drain of the same bytes, s"),
        Row("S3", "S3 of floor", "the one by the other", 1.5),
        Row("S3", "S3 conversations", "conversations as well, s"),
        Row("S3", "S3 index", "the text index as well, s"),
        Row("S3", "S3 MB above idle", "memory above idle, MB", 32),
        Row("S4", "S4 headers", "all rows %s, s" % over),
        Row("S4", "S3 by proxy headers", "the same without delay, s"),
        Row("S4", "S4 of S3", "the one by the other", 1.3),
        Row("S4", "S4 of floor bytes", "bytes, of the raw drain's"),
    ]
    for keys in KEYS:
        for state in ("loading", "idle"):
            rows += [
                Row(keys.goal, "%s %s %s %s" % (keys.goal, state, keys.name,
                                                share),
                    "%s, %s, %s, ms" % (
                        keys.name, "syncing" if state == "loading"
                        else "idle", share), limit)
                for share, limit in keys.limits]
    rows += [
        Row("S5", "S5 echo p50", "a key that cat sends back, p50, ms"),
        Row("S5", "S5 echo p99", "the same, p99, ms"),
        Row("S7", "S7 held near", "open a message held here, ms", 3),
        Row("S7", "S7 fresh near", "not held, ms"),
        Row("S7", "S7 fresh far", "not held, %s" % over, rtt + 4),
        Row("S7", "S7 link", "a bare NOOP over the same link, ms"),
        Row("S8", "S8 turns", "resync: round trips after login", 3),
        Row("S8", "S8 of ideal", "bytes, of the changes' own", 1.2),
        Row("S8", "S8 ms", "start to the newest row, ms"),
        Row("S8", "S8 in ms", "start to all of it stored, ms"),
        Row("S12", "S12 flag", "commands to replay 1,000 flags", 20),
        Row("S12", "S12 move", "the same for 1,000 moves", 20),
    ]
    for each in sizes:
        limit = 40 if each >= MILLION else 24
        rows += [
            Row("S14", "S14 warm %d" % each,
                "peak memory, %s, MB" % grouped(each), limit),
            Row("S14", "S14 first %d" % each,
                "the same, nothing stored before", limit)]
    for task, words in (("walk", "walk"), ("text", "walk and text")):
        for mail in ("corpus", "made"):
            figure = "S15 %s %s" % (task, mail)
            rows += [
                Row("S15", figure, "%s, %s mail, MB/s" % (words, mail)),
                Row("S15", figure + " gmime", "GMime, the same"),
                Row("S15", figure + " libetpan", "libetpan, the same"),
                Row("S15", figure + " of gmime", "times GMime",
                    5 if task == "walk" else None, least=True)]
    rows += [
        Row("S15", "S15 html corpus", "HTML to text, corpus, MB/s", 50,
            least=True),
        Row("S15", "S15 html made", "HTML to text, made mail, MB/s", 50,
            least=True),
    ]
    rows += [
        Row("S15", "S15 big", "memory for a message of 25 MB, MB", 8),
        Row("S15", "S15 big gmime", "GMime, the same"),
        Row("S15", "S15 big libetpan", "libetpan, the same"),
    ]
    rows += [
        Row("S16", "S16 idle %d" % size, "quit, idle, worst, ms", 50, True),
        Row("S16", "S16 loading %d" % size, "quit, syncing, worst, ms", 50,
            True),
        Row("S16", "S16 damaged", "stores not whole after it", 0, True),
    ]
    return rows


def grouped(number):
    return "{:,}".format(number)


class Figures:
    """All that was measured: {(what, reader): [values]}."""

    def __init__(self, path):
        self.values = {}
        self.path = path
        self.began = time.monotonic()

    def add(self, what, reader, value):
        self.values.setdefault((what, reader), []).append(value)
        if self.path:
            with open(self.path, "a") as out:
                out.write(json.dumps({"what": what, "reader": reader,
                                      "value": value}) + "\n")
        say("%6.0f s  %-34s %-8s %s" % (time.monotonic() - self.began, what,
                                        reader, value))

    def of(self, what, reader="tercet"):
        return [value for value in self.values.get((what, reader), ())
                if value is not None]

    def median(self, what, reader="tercet"):
        values = self.of(what, reader)
        return statistics.median(values) if values else None


def short(value):
    if value is None:
        return "-"
    return "%.0f" % value if abs(value) >= 100 else "%.3g" % value


def table(rows, figures, names):
    """The table's lines; how many goals were missed."""
    others = [name for name in names if name != "tercet"]
    form = "%-4s %-34s %7s %8s %15s  %-5s" + " %8s" * len(others)
    lines = [(form % (("", "", "goal", "tercet", "least-most", "")
                      + tuple(others))).rstrip()]
    missed = 0
    for row in rows:
        ours = figures.of(row.figure)
        theirs = [figures.median(row.figure, name) for name in others]
        if not ours:
            continue
        figure = max(ours) if row.worst else statistics.median(ours)
        verdict = ""
        if row.goal is not None:
            verdict = "pass" if row.met(figure) else "MISS"
        missed += verdict == "MISS"
        spread = "%s-%s" % (short(min(ours)), short(max(ours)))
        lines.append((form % (
            (row.number, row.words,
             "" if row.goal is None else short(row.goal), short(figure),
             spread if len(ours) > 1 else "", verdict)
            + tuple(short(one) for one in theirs))).rstrip())
    return lines, missed
