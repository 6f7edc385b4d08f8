# SPDX-License-Identifier: GPL-3.0-or-later
"""Test results in the Test Anything Protocol, for automake's driver.

    def tests(tap):
        tap.ok(1 + 1 == 2, "arithmetic holds")

    if __name__ == "__main__":
        tap.main(tests)

The plan is printed last.  An exception is a failed test with its traceback
as diagnostics, and ends the program with status 1.
"""

import re
import signal
import sys
import time
import traceback


class Skip(Exception):
    """Raised to skip a whole program, with the reason."""


class Tap:
    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.count = 0
        self.failed = 0
        self.started = time.monotonic()

    def ok(self, condition, name, detail=""):
        """One test; `detail` is printed if it fails."""
        self.count += 1
        verdict = "ok" if condition else "not ok"
        self._line("%s %d - %s" % (verdict, self.count, name))
        if not condition:
            self.failed += 1
            if detail:
                self.note(detail)
        return bool(condition)

    def equal(self, got, wanted, name):
        return self.ok(got == wanted, name,
                       "got:    %r\nwanted: %r" % (got, wanted))

    def contains(self, text, part, name):
        return self.ok(part in text, name,
                       "%r is not in:\n%s" % (part, text))

    def matches(self, text, regex, name):
        return self.ok(re.search(regex, text, re.M) is not None, name,
                       "%r does not match:\n%s" % (regex, text))

    def skip(self, name, why):
        """A test that cannot run here; it says so."""
        self.count += 1
        self._line("ok %d - %s # SKIP %s" % (self.count, name, why))

    def todo(self, condition, name, why):
        """A known gap: reported, but no failure."""
        self.count += 1
        verdict = "ok" if condition else "not ok"
        self._line("%s %d - %s # TODO %s" % (verdict, self.count, name, why))

    def note(self, text):
        for line in str(text).splitlines():
            self._line("# " + line)

    def finish(self):
        self.note("%.1f s" % (time.monotonic() - self.started))
        self._line("1..%d" % self.count)

    def _line(self, text):
        # What servers and programs say goes through here: keep it to
        # printable characters, one line.
        safe = "".join(c if c.isprintable() else "\\x%02x" % ord(c)
                       for c in text)
        self.out.write(safe.encode("utf-8", "replace").decode() + "\n")
        self.out.flush()


def _on_signal(number, _frame):
    # Runs the exit handlers that reap servers and programs.
    raise SystemExit("ended by signal %d" % number)


def exit_on_signals():
    """Let SIGTERM and SIGHUP end the program in good order."""
    signal.signal(signal.SIGTERM, _on_signal)
    signal.signal(signal.SIGHUP, _on_signal)


def main(tests):
    """Run `tests(tap)` and exit as automake expects."""
    exit_on_signals()
    tap = Tap()
    try:
        tests(tap)
    except Skip as reason:
        if tap.count == 0:
            tap.out.write("1..0 # SKIP %s\n" % reason)
            sys.exit(0)
        tap.skip("the rest", str(reason))
    except Exception:                                  # reported as a failure
        tap.ok(False, "runs to its end", traceback.format_exc())
    tap.finish()
    sys.exit(1 if tap.failed else 0)
