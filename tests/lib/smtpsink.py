# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission server that keeps exact account of what it was given, and can
fail at every step.

    with smtpsink.Sink() as sink:
        sink.fail["rcpt"] = "451 4.3.0 later"       # every time
        sink.once["data"] = "554 no"                 # the next time only
        sink.drop = {"before-250"}                   # closes there, always
        sink.drop_once = ["after-250"]

Steps: connect ehlo auth mail rcpt data dot (the verdict) quit.  Points to be cut
at: those, and mid-data, before-dot, before-250 (the message is kept, nobody is
told), mid-250, after-250.

`sink.messages` has what was kept, `sink.sessions` counts connections,
`sink.faults` what a client did that none should do.
"""

import base64
import random
import re
import socket
import threading
import time


class Gone(Exception):
    pass


class Message:
    def __init__(self, sender, recipients, options, data):
        self.sender = sender
        self.recipients = recipients
        self.options = options
        self.data = data
        self.told = False

    def header(self, name):
        head = self.data.split(b"\r\n\r\n")[0]
        head = re.sub(rb"\r\n[ \t]+", b" ", head)
        found = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*(.*?)\r?$",
                          head)
        return found.group(1).decode("utf-8", "replace") if found else None

    @property
    def message_id(self):
        return (self.header("Message-ID") or "").strip("<>")


class Sink:
    def __init__(self, user="ann", password="secret", extensions=(
            "PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN",
            "ENHANCEDSTATUSCODES"), delay=0, seed=1):
        self.user, self.password = user, password
        self.extensions = list(extensions)
        self.delay = delay              # seconds at most, before every reply
        self.random = random.Random(seed)
        self.fail, self.once = {}, {}
        self.drop, self.drop_once = set(), []
        self.bad = {}                   # address: reply
        self.messages, self.faults = [], []
        self.sessions = 0
        self.lock = threading.Lock()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self.listener.listen(16)
        self.accepting.start()
        return self

    def __exit__(self, *unused):
        self.listener.close()

    @property
    def url(self):
        return "smtp+insecure://%s@127.0.0.1:%d" % (self.user, self.port)

    def ids(self):
        with self.lock:
            return [it.message_id for it in self.messages]

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.sessions += 1
            threading.Thread(target=self._serve, args=(peer,),
                             daemon=True).start()

    def _serve(self, peer):
        try:
            with peer:
                peer.settimeout(120)
                Session(self, peer).run()
        except (Gone, OSError):
            pass


class Session:
    def __init__(self, sink, peer):
        self.sink, self.peer = sink, peer
        self.file = peer.makefile("rb")
        self.logged_in = False
        self.reset()

    def reset(self):
        self.sender, self.recipients, self.options = None, [], ""

    def say(self, text):
        if self.sink.delay:
            time.sleep(self.sink.random.random() * self.sink.delay)
        self.peer.sendall(text.encode() + b"\r\n")

    def cut(self, point):
        sink = self.sink
        with sink.lock:
            hit = point in sink.drop
            if not hit and point in sink.drop_once:
                sink.drop_once.remove(point)
                hit = True
        if hit:
            raise Gone(point)

    def answer(self, step, good):
        """Says what is set for the step, else `good`; whether that was it."""
        self.cut(step)
        with self.sink.lock:
            text = self.sink.once.pop(step, None) or self.sink.fail.get(step)
        self.say(text or good)
        if text and text.startswith("421"):
            raise Gone("421")
        return text is None

    def line(self):
        line = self.file.readline(1 << 20)
        if not line:
            raise Gone("closed")
        if not line.endswith(b"\r\n"):
            self.sink.faults.append("a line without CRLF")
        return line[:-2].decode("utf-8", "replace")

    def run(self):
        if not self.answer("connect", "220 sink ESMTP"):
            return
        while True:
            line = self.line()
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                self.ehlo(line)
            elif verb == "AUTH":
                self.auth(line)
            elif verb == "MAIL":
                self.mail(line)
            elif verb == "RCPT":
                self.rcpt(line)
            elif verb == "DATA":
                self.data()
            elif verb in ("RSET", "NOOP"):
                self.reset()
                self.say("250 2.0.0 ok")
            elif verb == "QUIT":
                self.answer("quit", "221 2.0.0 bye")
                return
            else:
                self.sink.faults.append("unknown command " + verb)
                self.say("500 5.5.1 what?")

    def ehlo(self, line):
        if not re.match(r"EHLO \[[0-9a-fA-F:.IPv]+\]$", line):
            self.sink.faults.append("no address literal: " + line)
        words = ["sink"] + self.sink.extensions
        if self.sink.user:
            words.append("AUTH PLAIN LOGIN")
        text = "\r\n".join("250-" + word for word in words[:-1])
        self.answer("ehlo", text + "\r\n250 " + words[-1])

    def auth(self, line):
        words = line.split(" ")
        good = len(words) == 3 and base64.b64decode(words[2]).decode() == \
            "\0%s\0%s" % (self.sink.user, self.sink.password)
        if not good:
            self.say("535 5.7.8 no")
        elif self.answer("auth", "235 2.7.0 in"):
            self.logged_in = True

    def mail(self, line):
        if self.sink.user and not self.logged_in:
            self.say("530 5.7.0 log in first")
        elif self.answer("mail", "250 2.1.0 ok"):
            found = re.match(r"(?i)MAIL FROM:<([^<>]*)>(.*)$", line)
            self.reset()
            self.sender, self.options = found.group(1), found.group(2)

    def rcpt(self, line):
        found = re.match(r"(?i)RCPT TO:<([^<>]+)>", line)
        address = found.group(1)
        if self.sender is None:
            self.say("503 5.5.1 MAIL first")
        elif address in self.sink.bad:
            self.say(self.sink.bad[address])
        elif self.answer("rcpt", "250 2.1.5 ok"):
            self.recipients.append(address)

    def data(self):
        if not self.recipients:
            self.say("503 5.5.1 RCPT first")
            return
        if not self.answer("data", "354 go"):
            return
        lines = []
        while True:
            line = self.file.readline(1 << 20)
            if not line:
                raise Gone("closed in the message")
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                self.sink.faults.append("a bare line end in a message")
            if len(line) > 1000:
                self.sink.faults.append("a line of %d bytes" % len(line))
            if line == b".\r\n":
                break
            lines.append(line[1:] if line[:1] == b"." else line)
            if len(lines) == 3:
                self.cut("mid-data")
        self.cut("before-dot")
        self.verdict(b"".join(lines))

    def verdict(self, data):
        sink = self.sink
        with sink.lock:
            refused = sink.once.pop("dot", None) or sink.fail.get("dot")
        if refused:
            self.say(refused)
            self.reset()
            return
        message = Message(self.sender, self.recipients, self.options, data)
        if re.search(rb"(?im)^bcc:", data.split(b"\r\n\r\n")[0]):
            sink.faults.append("a Bcc field")
        if sink.delay:
            time.sleep(sink.random.random() * sink.delay)
        with sink.lock:
            sink.messages.append(message)
        self.reset()
        self.cut("before-250")
        with sink.lock:
            half = "mid-250" in sink.drop_once
            if half:
                sink.drop_once.remove("mid-250")
        if half:
            self.peer.sendall(b"25")
            raise Gone("mid-250")
        self.say("250 2.0.0 kept")
        message.told = True
        self.cut("after-250")
