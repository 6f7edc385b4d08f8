# SPDX-License-Identifier: GPL-3.0-or-later
"""tercet with a configuration and a store of its own, for tests.

    with Tercet() as tercet:
        tercet.account("work", "imaps://ann@localhost:%d" % port,
                       tls_ca_file=server.authority)
        result = tercet.run("sync")
        rows = tercet.run("list", "--json").objects()
        with tercet.terminal() as term: ...

TERCET in the environment names the program; else it is ui/tercet in the
current directory, or in build/ of the source tree.  TERCET_TEST_PATIENCE
multiplies every deadline, for sanitizers; slow machines that do much else have
time enough without it.  TERCET_KEEP=1 leaves the directory for inspection.
"""

import atexit
import glob
import json
import os
import shutil
import stat
import subprocess
import tempfile
import time

import dovecot
import terminal

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PATIENCE = float(os.environ.get("TERCET_TEST_PATIENCE", "3"))

# Exit statuses of the program.
DONE, FAILED, USAGE, PARTLY, REFUSED = range(5)

SANITIZERS = {"ASAN_OPTIONS": "", "LSAN_OPTIONS": "",
              "UBSAN_OPTIONS": "print_stacktrace=1:", "TSAN_OPTIONS": ""}


def program():
    """The absolute path of the program under test."""
    candidates = [os.environ.get("TERCET", ""), "ui/tercet",
                  os.path.join(TOP, "build", "ui", "tercet")]
    for path in candidates:
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise FileNotFoundError("no tercet to test: set TERCET")


class Result:
    """What a command did."""

    def __init__(self, argv, status, out, err, seconds, peak_kb=0):
        self.argv = argv
        self.status = status
        self.peak_kb = peak_kb
        self.raw = out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")
        self.seconds = seconds

    def __str__(self):
        return "$ tercet %s\nstatus %s after %.2f s\n%s%s" % (
            " ".join(self.argv), self.status, self.seconds,
            self.out[-3000:], self.err[-3000:])

    @property
    def crashed(self):
        return self.status is None or self.status < 0 or self.status >= 128

    @property
    def said(self):
        """Everything that was said to the person."""
        return self.out + self.err

    def json(self):
        return self._parse(self.out)

    def objects(self):
        """The objects of a list: one a line."""
        # Not splitlines(): JSON strings may hold U+2028 and its like.
        return [self._parse(line) for line in self.out.split("\n") if line]

    def _parse(self, text):
        try:
            return json.loads(text)
        except ValueError as error:
            raise ValueError("%s in %r of\n%s" % (
                error, text[:200], self)) from None


class Tercet:
    def __init__(self, directory=None):
        self.program = program()
        self.own = directory is None
        self.directory = (directory or
                          dovecot.short_temporary_directory("tercet-t."))
        self.config = os.path.join(self.directory, "config")
        self.data = os.path.join(self.directory, "data")
        self.settings = {}              # section: {key: value}, in order
        atexit.register(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        if self.own and not os.environ.get("TERCET_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)

    # -- configuration ---------------------------------------------------

    def general(self, **keys):
        """Set keys of [general]; a_b stands for a-b."""
        self._set("general", keys)

    def account(self, name, imap, password="secret", **keys):
        self.password(name, password)
        user = imap.split("://")[1].split("@")[0]
        settings = {"name": user.title() + " Example",
                    "address": user + "@example.org", "imap": imap,
                    "password_command": "cat " + self._secret(name)}
        settings.update(keys)
        self._set("account " + name, settings)

    def password(self, account, password):
        """Change what the account's password-command prints."""
        path = self._secret(account)
        with open(path, "w") as out:
            out.write(password + "\n")
        os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)

    def write_config(self, text):
        """Write the configuration as it stands here, for odd ones."""
        with open(self.config, "w") as out:
            out.write(text)

    def _secret(self, account):
        return os.path.join(self.directory, "password-" + account)

    def _set(self, section, keys):
        place = self.settings.setdefault(section, {})
        for key, value in keys.items():
            place[key.replace("_", "-")] = str(value)
        text = []
        for name, values in self.settings.items():
            text.append("[%s]" % name)
            text += ["%s = %s" % pair for pair in values.items()]
            text.append("")
        self.write_config("\n".join(text))

    # -- running ---------------------------------------------------------

    def environment(self, **more):
        """A clean environment in which nothing of the caller's shows."""
        env = {name: value for name, value in os.environ.items()
               if name in ("PATH", "SASL_PATH", "TMPDIR", "MALLOC_CHECK_")
               or name.startswith("LD_")}
        env.update(HOME=self.directory, LC_ALL="C.UTF-8", TZ="UTC",
                   USER="tester", LOGNAME="tester")
        for name in ("CONFIG", "DATA", "STATE", "CACHE"):
            env["XDG_%s_HOME" % name] = os.path.join(
                self.directory, "xdg-" + name.lower())
        for name, ours in SANITIZERS.items():
            given = os.environ.get(name, "")
            env[name] = (given + ":" if given else "") + ours + (
                "log_path=" + os.path.join(self.directory, "sanitizer"))
        env.update(more)
        return env

    def argv(self, *args):
        return [self.program, "--config", self.config,
                "--data", self.data] + list(args)

    def start(self, *args, env=None):
        """Start a command and return its Popen; the caller reaps it."""
        return subprocess.Popen(
            self.argv(*args), env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, cwd=self.directory)

    def run(self, *args, stdin=b"", timeout=60, env=None):
        """Run a command to its end; status None: it had to be killed."""
        began = time.monotonic()
        with tempfile.TemporaryFile() as source, \
                tempfile.TemporaryFile() as out, \
                tempfile.TemporaryFile() as err:
            source.write(stdin)
            source.seek(0)
            process = subprocess.Popen(
                self.argv(*args), env=self.environment(**(env or {})),
                stdin=source, stdout=out, stderr=err, cwd=self.directory)
            status, peak_kb = _reap(process, began + timeout * PATIENCE)
            out.seek(0)
            err.seek(0)
            return Result(args, status, out.read(), err.read(),
                          time.monotonic() - began, peak_kb)

    def terminal(self, *args, env=None, **options):
        """The interface, in a terminal of its own."""
        return terminal.Terminal(
            self.argv(*args), env=self.environment(**(env or {})),
            cwd=self.directory, **options)

    # -- looking -----------------------------------------------------------

    def messages(self, folder=None, limit=1000000):
        """`list --json` of a folder."""
        args = ["list", "--json", "--limit", str(limit)]
        if folder:
            args += ["--folder", folder]
        return self.run(*args).objects()

    def folders(self):
        """`folder list --json` by name."""
        return {one["name"]: one for one in
                self.run("folder", "list", "--json").objects()}

    def log(self):
        path = os.path.join(self.directory, "xdg-state", "tercet", "log")
        try:
            with open(path, encoding="utf-8", errors="replace") as log:
                return log.read()
        except OSError:
            return ""

    def sanitizer_reports(self):
        """What sanitizers had to say about all runs so far."""
        text = []
        for path in glob.glob(os.path.join(self.directory, "sanitizer*")):
            with open(path, errors="replace") as report:
                text.append(report.read())
        return "\n".join(text)


def _reap(process, deadline):
    """Wait for the end, or make one; (status or None, peak kilobytes)."""
    pause = 0.001
    killed = False
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return (None if killed else process.returncode,
                    usage.ru_maxrss)
        if time.monotonic() > deadline and not killed:
            process.kill()
            killed = True
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def until(condition, timeout=15.0, pause=0.1):
    """Wait until the condition is true; its last value."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(pause)
