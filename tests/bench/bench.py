#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tercet beside the other mail readers, on the same big mailbox.

Prints a table: each goal of the project, what tercet reached and whether that
will do, and the figures of the other readers that are installed.  Medians in
milliseconds unless a row says otherwise.  README.md beside this file tells
what the rows are.
"""

import argparse
import os
import re
import signal
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "lib")]

import benchstore
import readers
import tap
from goals import Figures, goals, say, table
from measures import Bench


class OutOfTime(Exception):
    pass


def words(text):
    return [word for word in re.split(r"[ ,]+", text or "") if word]


def arguments():
    def given(name, otherwise=""):
        return os.environ.get("BENCH_" + name) or otherwise

    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter,
        epilog="Each option is a variable of `make bench` as well: "
               "--rows is BENCH_ROWS.\nMailboxes are kept in "
               "TERCET_BENCH_DIR (now %s)." % benchstore.directory())
    options.add_argument("--rows", default=given("ROWS"),
                         help='numbers of goals, as "S1 S5"; default: all')
    options.add_argument("--sizes", default=given("SIZES", "100000"),
                         help="messages in the mailbox; further numbers are\n"
                         "mailboxes for S1 and S14 alone (100000)")
    options.add_argument("--runs", type=int, default=given("RUNS", "5"),
                         help="how often each start is measured (5)")
    options.add_argument("--readers", default=given("READERS"),
                         help="names; default: all that are installed")
    options.add_argument("--rtt", type=float, default=given("RTT", "50"),
                         help="milliseconds, for what is far away (50)")
    options.add_argument("--minutes", type=float,
                         default=given("MINUTES", "60"),
                         help="end after that, with what there is (60)")
    options.add_argument("--json", default=given("JSON"),
                         help="append every single figure to this file")
    options.add_argument("--keep", action="store_true",
                         default=bool(given("KEEP")),
                         help="keep what the readers stored, for the next")
    chosen = options.parse_args()
    chosen.rows = words(chosen.rows)
    chosen.sizes = [int(word) for word in words(chosen.sizes)]
    chosen.size = chosen.sizes[0]
    names = words(chosen.readers)
    chosen.kinds = [kind for kind in readers.READERS if kind.installed()
                    and (not names or kind.name in names)]
    absent = [kind.name for kind in readers.READERS if not kind.installed()]
    if absent:
        say("not installed: " + ", ".join(absent))
    if not chosen.kinds:
        raise SystemExit("nothing to measure")
    return chosen


def out_of_time(_number, _frame):
    raise OutOfTime


def main():
    options = arguments()
    tap.exit_on_signals()
    figures = Figures(options.json)
    store = benchstore.BenchStore(options.sizes)
    store.keep = options.keep
    signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, options.minutes * 60)
    try:
        Bench(options, store, figures).run()
    except OutOfTime:
        say("%g minutes are over" % options.minutes)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        store.close()
        rows = goals(options.size, options.sizes, options.rtt)
        if options.rows:
            rows = [row for row in rows if row.number in options.rows]
        lines, missed = table(rows, figures,
                              [kind.name for kind in options.kinds])
        print("\n".join(lines))
        print("%d goals missed" % missed)


if __name__ == "__main__":
    main()
