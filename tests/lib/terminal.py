# SPDX-License-Identifier: GPL-3.0-or-later
"""A program in a real pseudo-terminal, and the screen that it draws.

    with Terminal(["tercet", "--demo"], cols=120, rows=34) as term:
        term.wait_for("INBOX")
        term.press("j", "Enter")
        print(term.text())

A thread takes the program's output at once and stamps it, so that the
program never waits for the test and times are those of the arrival.  The
screen is emulated by pyte; what pyte does not know is translated or left
out.  Every byte is kept in `raw` for the judgement in control.py.

On a busy machine silence says little: the program may not have had its turn
yet.  So what waits here also looks whether the program has read its input and
sleeps until there is more (`_rests`), where the kernel tells.
"""

import fcntl
import os
import pty
import queue
import re
import signal
import struct
import sys
import termios
import threading
import time

import control

try:
    import pyte
except ImportError:
    sys.exit("python3-pyte is missing; use /usr/bin/python3 with it")

KEYS = {
    "Enter": "\r", "Tab": "\t", "S-Tab": "\x1b[Z", "Esc": "\x1b",
    "Space": " ", "Backspace": "\x7f", "Delete": "\x1b[3~",
    "Up": "\x1b[A", "Down": "\x1b[B", "Right": "\x1b[C", "Left": "\x1b[D",
    "Home": "\x1b[H", "End": "\x1b[F", "PgUp": "\x1b[5~", "PgDn": "\x1b[6~",
    "F1": "\x1bOP",
}
# What the cursor keys send once the program asked for it (smkx).
APPLICATION_KEYS = {
    "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC", "Left": "\x1bOD",
    "Home": "\x1bOH", "End": "\x1bOF",
}
CURSOR_KEYS_MODE = 1 << 5           # private mode 1, as pyte keeps it
# System calls in which a program waits for something to do: poll, ppoll,
# select, pselect6, epoll_wait, epoll_pwait, read, wait4, waitid, pause.
WAITING_CALLS = {
    "x86_64": {7, 271, 23, 270, 232, 281, 0, 61, 247, 34},
    "aarch64": {73, 72, 22, 63, 260, 95},
}.get(os.uname().machine)
BUSY = 10.0                     # seconds a program may take to come to rest
FRAME = 1.0                     # seconds it may take over one frame

MOUSE_BUTTONS = {"left": 0, "middle": 1, "right": 2,
                 "wheel-up": 64, "wheel-down": 65}


class TerminalTimeout(Exception):
    """What was waited for did not come; the message shows the screen."""


class _Screen(pyte.Screen):
    """pyte's screen with what ncurses uses beyond it, and links.

    `links` has the URLs of cells by (row, column); they scroll with them.
    Within a row cells must not be moved while there are some: `links_moved`.
    """

    def __init__(self, *args):
        self.links = {}
        self.link = None
        self.links_moved = False
        super().__init__(*args)

    def draw(self, data):
        if not self.link and not self.links:
            super().draw(data)
            return
        for char in data:
            super().draw(char)
            for column in range(self.cursor.x - pyte.screens.wcwidth(char),
                                self.cursor.x):
                self.links.pop((self.cursor.y, column), None)
                if self.link:
                    self.links[self.cursor.y, column] = self.link

    def _unlink(self, gone):
        for place in [place for place in self.links if gone(*place)]:
            del self.links[place]

    def erase_in_line(self, how=0, private=False):
        super().erase_in_line(how, private)
        here, x = self.cursor.y, self.cursor.x
        self._unlink(lambda row, column: row == here and (
            how == 2 or (column >= x if how == 0 else column <= x)))

    def erase_in_display(self, how=0, *args, **kwargs):
        super().erase_in_display(how, *args, **kwargs)
        here, x = self.cursor.y, self.cursor.x
        self._unlink(lambda row, column: how >= 2 or (
            (row, column) >= (here, x) if how == 0
            else (row, column) <= (here, x)))

    def erase_characters(self, count=None):
        super().erase_characters(count)
        here, x = self.cursor.y, self.cursor.x
        self._unlink(lambda row, column: row == here
                     and x <= column < x + (count or 1))

    def insert_characters(self, count=None):
        self.links_moved |= bool(self.links)
        super().insert_characters(count)

    def delete_characters(self, count=None):
        self.links_moved |= bool(self.links)
        super().delete_characters(count)

    def index(self):
        margins = self.margins or pyte.screens.Margins(0, self.lines - 1)
        if self.cursor.y == margins.bottom:
            self._shift(margins, -1)
        super().index()

    def reverse_index(self):
        margins = self.margins or pyte.screens.Margins(0, self.lines - 1)
        if self.cursor.y == margins.top:
            self._shift(margins, 1)
        super().reverse_index()

    def _shift(self, margins, by):
        inside = lambda row: margins.top <= row <= margins.bottom
        self.links = {
            (row + by if inside(row) else row, column): url
            for (row, column), url in self.links.items()
            if not inside(row) or inside(row + by)}

    def insert_lines(self, count=None):
        self.links_moved |= bool(self.links)
        super().insert_lines(count)

    def delete_lines(self, count=None):
        self.links_moved |= bool(self.links)
        super().delete_lines(count)

    def resize(self, *args, **kwargs):
        self.links = {}
        super().resize(*args, **kwargs)

    def scroll_up(self, count=1):
        self._scroll(count, self.index)

    def scroll_down(self, count=1):
        self._scroll(count, self.reverse_index)

    def _scroll(self, count, step):
        margins = self.margins or pyte.screens.Margins(0, self.lines - 1)
        keep = self.cursor.x, self.cursor.y
        self.cursor.y = (margins.bottom if step == self.index
                         else margins.top)
        for _ in range(min(count or 1, self.lines)):
            step()
        self.cursor.x, self.cursor.y = keep

    def back_tab(self, count=1):
        for _ in range(count or 1):
            stops = [x for x in self.tabstops if x < self.cursor.x]
            self.cursor.x = max(stops, default=0)


class _Emulator:
    """Feeds tokens to pyte and answers what the program asks."""

    def __init__(self, cols, rows, answer, background):
        self.screen = _Screen(cols, rows)
        self.stream = pyte.Stream(self.screen)
        self.tokenizer = control.Tokenizer()
        self.answer = answer
        self.background = background
        self.last_character = " "

    def feed(self, data):
        for token in self.tokenizer.feed(data):
            getattr(self, "_" + token.kind, self._ignore)(token.data)

    def _ignore(self, data):
        pass

    def _text(self, data):
        text = re.sub("[\x80-\x9f]", "", data.decode("utf-8", "replace"))
        if text:
            self.last_character = text[-1]
            self.stream.feed(text)

    def _control(self, data):
        if data in b"\a\b\t\n\r\x0e\x0f":
            self.stream.feed(data.decode())

    def _esc(self, data):
        # Character sets are left out: pyte would switch off UTF-8 for them.
        if len(data) == 2 and data[1:] in b"78MDEH":
            self.stream.feed(data.decode())

    def _osc(self, data):
        if data.startswith(b"\x1b]8;"):
            url = re.fullmatch(rb"\x1b\]8;[^;]*;(.*?)(?:\x07|\x1b\\)",
                               data).group(1)
            self.screen.link = url.decode() or None
        if data.startswith(b"\x1b]11;?") and self.background:
            shade = "0000" if self.background == "dark" else "ffff"
            self.answer("\x1b]11;rgb:%s/%s/%s\x1b\\" % (shade, shade, shade))

    def _csi(self, data):
        text = data.decode()
        prefix, numbers, middle, final = re.fullmatch(
            r"\x1b\[([<=>?]?)([0-9;:]*)([ -/]*)(.)", text).groups()
        count = int(numbers) if numbers.isdigit() else 1
        if middle or prefix in ("<", "=") or prefix == ">" and final != "c":
            return
        if final == "c":
            self.answer("\x1b[>41;0;0c" if prefix else "\x1b[?62;22c")
        elif final == "n" and numbers == "6" and not prefix:
            self.answer("\x1b[%d;%dR" % (self.screen.cursor.y + 1,
                                        self.screen.cursor.x + 1))
        elif final == "b" and not prefix:
            self.stream.feed(self.last_character * min(count, 1000))
        elif final == "S":
            self.screen.scroll_up(count)
        elif final == "T":
            self.screen.scroll_down(count)
        elif final == "Z":
            self.screen.back_tab(count)
        elif final == "m" and not prefix:
            self.stream.feed("\x1b[%sm" % _plain_sgr(numbers))
        elif prefix != "?" and final in "@ABCDEFGHJKLMPXadefgr`" or (
                prefix == "?" and final in "hl"):
            self.stream.feed(text)


def _plain_sgr(numbers):
    """Sub-parameters with colons, in the form that pyte reads."""
    plain = re.sub(r"\b([34]8):2:\d*:(\d+):(\d+):(\d+)", r"\1;2;\2;\3;\4",
                   numbers)
    plain = re.sub(r"\b([34]8):2:(\d+):(\d+):(\d+)", r"\1;2;\2;\3;\4", plain)
    plain = re.sub(r"\b([34]8):5:(\d+)", r"\1;5;\2", plain)
    return re.sub(r"\b(\d+):\d+", r"\1", plain)


class Terminal:
    def __init__(self, argv, env=None, cols=120, rows=34,
                 term="xterm-256color", cwd=None, background=None):
        environment = dict(os.environ if env is None else env, TERM=term)
        for name in ("TMUX", "COLUMNS", "LINES", "COLORTERM", "TERM_PROGRAM",
                     "TERM_PROGRAM_VERSION", "VTE_VERSION", "KONSOLE_VERSION",
                     "WT_SESSION", "DOMTERM"):
            if env is None or name not in env:
                environment.pop(name, None)
        self.raw = bytearray()
        self.status = None              # exit status, once it ended
        self.ended = False              # its side of the terminal is closed
        self.last = None                # when the last output came
        self.emulator = _Emulator(cols, rows, self._send, background)
        self.screen = self.emulator.screen
        self.arrived = queue.SimpleQueue()
        self.pending = []               # taken from the queue, not yet drawn
        self.started = time.monotonic()
        self._spawn(argv, environment, cwd, cols, rows)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    # -- life ----------------------------------------------------------

    def _spawn(self, argv, environment, cwd, cols, rows):
        # The size is set before the program starts, from this side.
        master, slave = pty.openpty()
        size = struct.pack("HHHH", rows, cols, 0, 0)
        fcntl.ioctl(master, termios.TIOCSWINSZ, size)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for number in range(3):
                    os.dup2(slave, number)
                os.closerange(3, 256)
                if cwd:
                    os.chdir(cwd)
                os.execvpe(argv[0], argv, environment)
            except BaseException as error:      # nothing may return from here
                os.write(2, str(error).encode())
            os._exit(127)
        self.slave_name = os.ttyname(slave)
        os.close(slave)
        self.master = master

    def close(self):
        """End the program, whatever it does, and reap it."""
        for number, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 5)):
            if self.status is None:
                self.kill(number)
                self.wait_exit(patience)
        self.reader.join(2)
        if self.master is not None:
            os.close(self.master)
            self.master = None

    def kill(self, number=signal.SIGKILL):
        if self.status is None:
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass

    def wait_exit(self, timeout=30.0):
        """Wait for the end; the exit status (negative: a signal) or None."""
        deadline = time.monotonic() + timeout
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.exited = time.monotonic()
            elif time.monotonic() > deadline:
                return None
            else:
                self._take(0.002)
        return self.status

    def alive(self):
        return self.wait_exit(0) is None

    # -- output --------------------------------------------------------

    def _read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            self.arrived.put((time.monotonic(), data))
            if not data:
                return

    def _take(self, timeout):
        """Take one piece of output, waiting for it; False if none came."""
        try:
            when, data = (self.arrived.get(timeout=timeout) if timeout > 0
                          else self.arrived.get_nowait())
        except queue.Empty:
            return False
        if not data:
            self.ended = True
            return False
        self.raw += data
        self.pending.append(data)
        self.last = when
        return True

    def _draw(self):
        data, self.pending = b"".join(self.pending), []
        if data:
            self.emulator.feed(data)

    def pump(self, seconds):
        """Let time pass, taking what comes; then the frame is whole."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            self._take(left)
            if self.ended:
                time.sleep(min(left, 0.01))
        self._finish_frame()

    def gather(self, seconds):
        """The same, but nothing is drawn yet, which takes time of its own."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self.ended:
            self._take(left)

    def lines(self):
        while self._take(0):
            pass
        self._draw()
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def find(self, regex):
        """(row, column) of the first match on the screen, or None."""
        for row, line in enumerate(self.lines()):
            found = re.search(regex, line)
            if found:
                return row, found.start()
        return None

    def cell(self, row, column):
        """pyte's character there: data, fg, bg, bold, reverse, ..."""
        return self.screen.buffer[row][column]

    def attributes(self, row):
        """The attributes of a row as a string: b bold, r reverse, ..."""
        marks = []
        for column in range(self.screen.columns):
            cell = self.cell(row, column)
            marks.append("r" if cell.reverse else "b" if cell.bold else
                         "u" if cell.underscore else "." if
                         cell.fg == "default" and cell.bg == "default"
                         else "c")
        return "".join(marks)

    def dump(self):
        """The screen in a frame, for diagnostics."""
        edge = "+" + "-" * self.screen.columns + "+"
        return "\n".join([edge] + ["|" + line for line in self.lines()]
                         + [edge])

    def violations(self, **options):
        while self._take(0):
            pass
        return control.violations(bytes(self.raw), **options)

    # -- waiting -------------------------------------------------------

    def _worked(self):
        """Nanoseconds of processor time of what reads the keys, or None."""
        try:
            with open("/proc/%d/task/%d/schedstat" % (
                    self.pid, self.pid)) as stat:
                return int(stat.read().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _sleeps(self):
        """Whether it waits for something to do; true where none can tell."""
        try:
            with open("/proc/%d/stat" % self.pid) as stat:
                state = stat.read().rpartition(") ")[2][:1]
            with open("/proc/%d/syscall" % self.pid) as call:
                number = call.read().split()[0]
        except (OSError, IndexError):
            return True
        if state in "TtZX" or WAITING_CALLS is None:
            return state != "R"
        return number.isdigit() and int(number) in WAITING_CALLS

    def _unread(self, fd):
        return struct.unpack("i", fcntl.ioctl(
            fd, termios.FIONREAD, struct.pack("i", 0)))[0]

    def _rests(self):
        """It has read its input and sleeps, and what it drew has come."""
        if not self._sleeps():
            return False
        try:
            slave = os.open(self.slave_name,
                            os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return True
        try:
            return self._unread(slave) == self._unread(self.master) == 0
        except OSError:
            return True
        finally:
            os.close(slave)

    def _finish_frame(self):
        """Take what comes until it rests: no frame is half drawn then."""
        deadline = time.monotonic() + FRAME
        while not self.ended and time.monotonic() < deadline:
            if not self._take(0) and self._rests() and not self._take(0.002):
                break
        self._draw()

    def shows(self, wanted):
        if callable(wanted):
            return wanted(self.text())
        return re.search(wanted, self.text(), re.M) is not None

    def wait_for(self, wanted, timeout=45.0, gone=False):
        """Wait until a regex (or predicate of the text) holds.

        Returns when the deciding output came, in seconds since the start.
        What is on the screen then is drawn to its end.
        """
        deadline = time.monotonic() + timeout
        while True:
            if bool(self.shows(wanted)) != gone:
                came = (self.last or self.started) - self.started
                self._finish_frame()
                # While rows move, one may be nowhere for a moment.
                if not gone or not self.shows(wanted):
                    return came
            left = deadline - time.monotonic()
            if self.ended or left <= 0:
                raise TerminalTimeout("%s %s %r; the screen:\n%s" % (
                    "the program ended" if self.ended
                    else "%.0f s passed" % timeout,
                    "with" if gone else "without", wanted, self.dump()))
            self._take(min(left, 0.25))

    def settle(self, quiet=0.2, timeout=20.0):
        """Wait until the program has done nothing for `quiet` seconds.

        One that works on without drawing anything is waited for as long as it
        has not read its keys, and a little longer.
        """
        began = time.monotonic()
        enough = None
        while not self.ended:
            now = time.monotonic()
            worked = self._worked()
            if self._take(quiet):
                if now - began > timeout:
                    raise TerminalTimeout("the screen never settles:\n"
                                          + self.dump())
                continue
            if now - began > BUSY:
                break
            if not self._rests():
                continue
            if worked == self._worked() or enough and now > enough:
                break
            enough = enough or now + 10 * quiet
        self._draw()

    # -- input ---------------------------------------------------------

    def _send(self, text):
        data = text.encode()
        try:
            while data:
                data = data[os.write(self.master, data):]
        except OSError:
            pass

    def _code(self, name):
        if CURSOR_KEYS_MODE in self.screen.mode and name in APPLICATION_KEYS:
            return APPLICATION_KEYS[name]
        if name in KEYS:
            return KEYS[name]
        if name.startswith("C-") and len(name) == 3:
            return chr(ord(name[2].upper()) & 31)
        if len(name) != 1:
            raise ValueError("no such key: " + name)
        return name

    def press(self, *names, settle=True):
        """Press keys by name, as a person would: one after the other."""
        for name in names:
            self._draw()
            self._send(self._code(name))
            if settle:
                self.settle(0.05)

    def type(self, text):
        self._send(text)
        self.settle(0.1)

    def mouse(self, button, row, column):
        """Click (or turn the wheel) at a cell, in SGR reports."""
        code = MOUSE_BUTTONS[button]
        place = "%d;%d;%d" % (code, column + 1, row + 1)
        self._send("\x1b[<%sM" % place)
        if code < 64:
            self._send("\x1b[<%sm" % place)
        self.settle(0.1)

    def resize(self, cols, rows):
        """Another size, and the time to redraw for it."""
        self.set_size(cols, rows)
        self.settle(0.2)

    def set_size(self, cols, rows):
        self._draw()
        self.screen.resize(rows, cols)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    # -- measuring -----------------------------------------------------

    def latency(self, names, count, quiet=0.05, patience=3.0):
        """Press keys `count` times; milliseconds to the settled screen.

        Nothing is drawn meanwhile.  Returns (first byte, settled) lists;
        keys that changed nothing are left out.
        """
        codes = [self._code(name) for name in names]
        first, settled = [], []
        for turn in range(count):
            while self._take(0):
                pass
            pressed = time.monotonic()
            self._send(codes[turn % len(codes)])
            if not self._take(patience):
                continue
            first.append((self.last - pressed) * 1e3)
            while self._take(quiet):
                pass
            settled.append((self.last - pressed) * 1e3)
        self._draw()
        return first, settled

    def press_and_keep(self, name, quiet, longest):
        """Press a key and keep what comes: (when pressed, pieces).

        Until nothing came for `quiet` seconds, or for the `longest` time.
        Pieces are (when, bytes), not drawn yet: replay() does that.
        """
        pieces = []
        code = self._code(name)
        while self._take(0):
            pieces.append((self.last, self.pending.pop()))
        pressed = time.monotonic()
        self._send(code)
        silent_at = pressed + longest
        while (left := silent_at - time.monotonic()) > 0:
            if not self._take(left):
                break
            pieces.append((self.last, self.pending.pop()))
            silent_at = min(self.last + quiet, pressed + longest)
        return pressed, pieces

    def replay(self, pieces, rows, columns):
        """Draw pieces now; when each came that changed this region."""
        buffer, changed = self.screen.buffer, []
        for when, data in pieces:
            before = {row: [buffer[row][column] for column in columns]
                      for row in rows}
            self.emulator.feed(data)
            if any(before[row] != [buffer[row][column] for column in columns]
                   for row in rows):
                changed.append(when)
        return changed

    def processes(self):
        """The program and its living descendants."""
        found, ahead = [], [self.pid]
        while ahead:
            pid = ahead.pop()
            found.append(pid)
            try:
                for task in os.listdir("/proc/%d/task" % pid):
                    with open("/proc/%d/task/%s/children" % (
                            pid, task)) as children:
                        ahead += [int(x) for x in children.read().split()]
            except OSError:
                pass
        return found

    def memory(self):
        """(peak, current) resident kilobytes of the whole tree."""
        peak = current = 0
        for pid in self.processes():
            try:
                with open("/proc/%d/status" % pid) as status:
                    text = status.read()
                peak += int(re.search(r"VmHWM:\s+(\d+)", text).group(1))
                current += int(re.search(r"VmRSS:\s+(\d+)", text).group(1))
            except (OSError, AttributeError):
                pass
        return peak, current

    def cpu(self):
        """Seconds of processor time used so far."""
        ticks = 0
        for pid in self.processes():
            try:
                with open("/proc/%d/stat" % pid) as stat:
                    fields = stat.read().rpartition(") ")[2].split()
                ticks += sum(int(field) for field in fields[11:15])
            except OSError:
                pass
        return ticks / os.sysconf("SC_CLK_TCK")
