# SPDX-License-Identifier: GPL-3.0-or-later
"""An IMAP server that can be told to misbehave.

It serves a tiny mailbox soundly, in one thread a connection, until a Fault
interferes: with the greeting, before or instead of the answer to a command,
or in what it says about one message.  `calm()` ends the misbehaviour, so
that a test can see whether its client is still of use.

    with FakeServer(Fault(on={"FETCH": say(b"* OK [ALERT]")})) as server:
        ... server.port ... server.calm() ... server.commands ...

Commands are named without UID; EXAMINE counts as SELECT, AUTHENTICATE as
LOGIN.
"""

import base64
import dataclasses
import email
import email.policy
import email.utils
import re
import socket
import ssl
import struct
import threading
import time

CAPABILITY = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE NAMESPACE ID CHILDREN"
USER, PASSWORD = "ann", "secret"
ODD_ONE = 3                     # the message that items and replace are for
SAME_AS = {"EXAMINE": "SELECT", "AUTHENTICATE": "LOGIN", "LSUB": "LIST"}


class Hangup(Exception):
    """The server wants to end the connection."""


# -- what a fault does at a command ----------------------------------------

def say(*lines):
    """Say these lines first, then answer as usual."""
    def act(session, _tag):
        session.send(b"".join(line + b"\r\n" for line in lines))
        return False
    return act


def answer(*lines):
    """Say these lines (with TAG for the tag) instead of the answer."""
    def act(session, tag):
        text = b"".join(line + b"\r\n" for line in lines)
        session.send(text.replace(b"TAG", tag))
        return True
    return act


def raw(data, close=True):
    """Send these bytes as they are, and hang up."""
    def act(session, tag):
        session.send(data.replace(b"TAG", tag))
        if close:
            raise Hangup()
        return True
    return act


def flood(line, count, then_answer=True):
    """The same line very often."""
    def act(session, _tag):
        block = line * max(1, 65536 // len(line))
        each = max(1, 65536 // len(line))
        for _ in range(count // each + 1):
            session.send(block)
        if not then_answer:
            raise Hangup()
        return False
    return act


def close(session, _tag):
    raise Hangup()


def stall(session, _tag):
    session.wait_for_calm()
    raise Hangup()


def trickle(session, _tag):
    """From now on, a byte at a time."""
    session.trickling = True
    return False


@dataclasses.dataclass
class Fault:
    greeting: bytes = None      # instead of the greeting
    at_connect: object = None   # an action instead of the greeting
    capability: str = CAPABILITY
    capability_tls: str = None  # what is announced once TLS is on
    on: dict = dataclasses.field(default_factory=dict)
    items: bytes = b""          # more items in FETCH of the odd message
    replace: dict = dataclasses.field(default_factory=dict)
    starttls: bool = False
    after_starttls: bytes = b""         # in the same segment as its OK
    late_starttls: bytes = b""          # in clear, shortly afterwards
    preauth: bool = False


# -- the mail ----------------------------------------------------------------

class Message:
    def __init__(self, uid, raw_bytes, flags=()):
        self.uid = uid
        self.raw = raw_bytes.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self.flags = set(flags)
        self.parsed = email.message_from_bytes(
            self.raw, policy=email.policy.compat32)

    def head_and_text(self):
        head, _, text = self.raw.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n", text

    def section(self, name):
        """The bytes of BODY[name]."""
        head, text = self.head_and_text()
        upper = name.upper()
        if upper == "":
            return self.raw
        if upper == "HEADER":
            return head
        if upper == "TEXT":
            return text
        if upper.startswith("HEADER.FIELDS"):
            return self._fields(head, upper)
        return self._part(name)

    @staticmethod
    def _fields(head, upper):
        wanted = set(re.search(r"\((.*)\)", upper).group(1).replace(
            '"', "").split())
        without = upper.startswith("HEADER.FIELDS.NOT")
        kept = [field for field in re.findall(
                    rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*", head)
                if (field.split(b":")[0].decode().upper() in wanted)
                != without]
        return b"".join(kept) + b"\r\n"

    def _part(self, name):
        numbers, _, what = name.partition(".MIME")
        part = self.parsed
        for number in numbers.split("."):
            if not number.isdigit():
                return None
            if part.is_multipart():
                parts = part.get_payload()
                if int(number) > len(parts):
                    return None
                part = parts[int(number) - 1]
            elif number != "1":
                return None
        if name.upper().endswith(".MIME"):
            lines = ["%s: %s\r\n" % pair for pair in part.items()]
            return "".join(lines).encode() + b"\r\n"
        payload = part.get_payload()
        if isinstance(payload, list):
            payload = part.as_string().partition("\n\n")[2]
        return payload.encode("utf-8", "surrogateescape").replace(
            b"\r\n", b"\n").replace(b"\n", b"\r\n")


def quoted(text):
    if text is None:
        return b"NIL"
    return b'"' + text.encode().replace(b"\\", b"\\\\").replace(
        b'"', b'\\"') + b'"'


def parameters(pairs):
    if not pairs:
        return b"NIL"
    return b"(" + b" ".join(
        quoted(name) + b" " + quoted(value) for name, value in pairs) + b")"


def body_structure(part):
    if part.is_multipart():
        inner = b"".join(body_structure(one) for one in part.get_payload())
        return (b"(" + inner + b" " + quoted(part.get_content_subtype())
                + b" " + parameters(part.get_params()[1:])
                + b" NIL NIL)")
    payload = part.get_payload()
    fields = [quoted(part.get_content_maintype()),
              quoted(part.get_content_subtype()),
              parameters((part.get_params() or [("", "")])[1:]),
              b"NIL", b"NIL",
              quoted(part.get("Content-Transfer-Encoding", "7bit")),
              b"%d" % len(payload)]
    if part.get_content_maintype() == "text":
        fields.append(b"%d" % payload.count("\n"))
    disposition = b"NIL"
    if part.get_content_disposition():
        disposition = (b"(" + quoted(part.get_content_disposition()) + b" "
                       + parameters([("filename", part.get_filename() or "")])
                       + b")")
    fields += [b"NIL", disposition, b"NIL", b"NIL"]
    return b"(" + b" ".join(fields) + b")"


def address_list(header):
    found = email.utils.getaddresses([header or ""])
    if not header or not found:
        return b"NIL"
    cells = []
    for name, address in found:
        box, _, host = address.partition("@")
        cells.append(b"(" + b" ".join((
            quoted(name or None), b"NIL", quoted(box), quoted(host)))
            + b")")
    return b"(" + b"".join(cells) + b")"


def envelope(message):
    head = message.parsed
    sender = address_list(head["From"])
    return b"(" + b" ".join((
        quoted(head["Date"]), quoted(head["Subject"]), sender, sender,
        sender, address_list(head["To"]), address_list(head["Cc"]), b"NIL",
        quoted(head["In-Reply-To"]), quoted(head["Message-ID"]))) + b")"


def sample_message(number):
    subject = "Sample %d" % number
    head = ("From: Writer %d <writer%d@example.org>\nTo: ann@example.org\n"
            "Subject: %s\nDate: Tue, 14 Nov 2023 %02d:00:00 +0000\n"
            "Message-ID: <sample%d@example.org>\nMIME-Version: 1.0\n" % (
                number, number, subject, number, number))
    if number % 5 == 0:
        body = ("Content-Type: multipart/mixed; boundary=cut\n\n--cut\n"
                "Content-Type: text/plain; charset=utf-8\n\nText of sample "
                "%d.\n--cut\nContent-Type: application/pdf; name=a.pdf\n"
                "Content-Disposition: attachment; filename=a.pdf\n"
                "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"
                "--cut--\n" % number)
    else:
        body = ("Content-Type: text/plain; charset=utf-8\n\n"
                "Text of sample %d.\n" % number)
    return (head + body).encode()


class Mailbox:
    def __init__(self, count, uidvalidity=1700000000):
        self.uidvalidity = uidvalidity
        self.messages = [Message(number, sample_message(number),
                                 {"\\Seen"} if number % 2 else set())
                         for number in range(1, count + 1)]

    def uidnext(self):
        return max([one.uid for one in self.messages], default=0) + 1

    def add(self):
        uid = self.uidnext()
        self.messages.append(Message(uid, sample_message(uid)))


def in_set(text, value, highest):
    for piece in text.split(","):
        first, _, last = piece.partition(":")
        low = highest if first == "*" else int(first)
        high = low if not last else highest if last == "*" else int(last)
        if min(low, high) <= value <= max(low, high):
            return True
    return False


# -- a connection ------------------------------------------------------------

class Session:
    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.buffer = b""
        self.mailbox = None
        self.announced = 0              # EXISTS as the client knows it
        self.trickling = False
        self.encrypted = False
        self.authenticated = False
        self.mailboxes = server.mailboxes
        if server.lies > 0:
            server.lies -= 1
            self.mailboxes = {name: Mailbox(0, box.uidvalidity) for name, box
                              in server.mailboxes.items()}

    @property
    def fault(self):
        return self.server.fault

    # bytes

    def send(self, data):
        if self.trickling:
            for at in range(len(data)):
                self.connection.sendall(data[at:at + 1])
        else:
            self.connection.sendall(data)

    def line(self, text):
        self.send(text.encode() + b"\r\n")

    def read_line(self):
        while b"\n" not in self.buffer:
            data = self.connection.recv(65536)
            if not data:
                raise Hangup()
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def read_command(self):
        """A command with its literals drawn in as quoted strings."""
        whole = self.read_line()
        while found := re.search(rb"\{(\d+)(\+?)\}$", whole):
            if not found.group(2):
                self.line("+ go on")
            size = int(found.group(1))
            while len(self.buffer) < size:
                data = self.connection.recv(65536)
                if not data:
                    raise Hangup()
                self.buffer += data
            literal, self.buffer = self.buffer[:size], self.buffer[size:]
            whole = (whole[:found.start()] + quoted(
                literal.decode("utf-8", "replace")) + self.read_line())
        return whole

    def wait_for_calm(self):
        while not self.server.is_calm and not self.server.stopping:
            time.sleep(0.05)

    # life

    def run(self):
        try:
            self.greet()
            while True:
                self.one_command()
        except (Hangup, OSError, ssl.SSLError):
            pass
        finally:
            # A reset would take from the client what it has not read yet.
            try:
                self.connection.shutdown(socket.SHUT_WR)
                self.connection.settimeout(2)
                while self.connection.recv(65536):
                    pass
            except OSError:
                pass
            self.connection.close()

    def greet(self):
        if self.fault.at_connect:
            self.fault.at_connect(self, b"*")
        if self.fault.greeting is not None:
            self.send(self.fault.greeting)
        elif self.fault.preauth:
            self.line("* PREAUTH welcome back")
            self.authenticated = True
        else:
            self.line("* OK the fake server is ready")
        self.authenticated = self.fault.preauth

    def capability(self):
        words = self.fault.capability
        if self.encrypted and self.fault.capability_tls is not None:
            words = self.fault.capability_tls
        elif self.fault.starttls and not self.encrypted:
            words += " STARTTLS"
        return words

    def one_command(self):
        text = self.read_command().decode("utf-8", "replace")
        tag, _, rest = text.partition(" ")
        verb, _, args = rest.partition(" ")
        verb = verb.upper()
        by_uid = verb == "UID"
        if by_uid:
            verb, _, args = args.partition(" ")
            verb = verb.upper()
        self.server.commands.append(text)
        action = self.fault.on.get(SAME_AS.get(verb, verb))
        if action and action(self, tag.encode()):
            return
        handler = getattr(self, "do_" + verb.lower(), None)
        if handler is None:
            self.line("%s BAD unknown command" % tag)
        elif verb in ("FETCH", "SEARCH", "STORE"):
            if self.mailbox is None:
                self.line("%s BAD no mailbox is selected" % tag)
            else:
                handler(tag, args, by_uid)
        else:
            handler(tag, args)
        if verb == "LOGOUT":
            raise Hangup()

    def done(self, tag, text="done"):
        self.line("%s OK %s" % (tag, text))

    # commands

    def do_capability(self, tag, _args):
        self.line("* CAPABILITY " + self.capability())
        self.done(tag)

    def do_noop(self, tag, _args):
        self.news()
        self.done(tag)

    do_check = do_noop

    def do_logout(self, tag, _args):
        self.line("* BYE see you")
        self.done(tag)

    def do_starttls(self, tag, _args):
        if not self.fault.starttls:
            self.line("%s BAD unknown command" % tag)
            return
        self.send(b"%s OK begin\r\n" % tag.encode()
                  + self.fault.after_starttls)
        if self.fault.late_starttls:
            time.sleep(0.3)
            self.send(self.fault.late_starttls)
        self.connection = self.server.tls.wrap_socket(
            self.connection, server_side=True)
        self.encrypted = True
        self.buffer = b""

    def do_login(self, tag, args):
        words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', args)
        given = [re.sub(r"\\(.)", r"\1", a) or b for a, b in words]
        self.check(tag, given == [USER, PASSWORD])

    def do_authenticate(self, tag, args):
        mechanism, _, initial = args.partition(" ")
        if mechanism.upper() != "PLAIN":
            self.line("%s NO not that" % tag)
            return
        if not initial:
            self.line("+ ")
            initial = self.read_line().decode()
        try:
            fields = base64.b64decode(initial).decode().split("\0")
        except ValueError:
            fields = []
        self.check(tag, fields[1:] == [USER, PASSWORD])

    def check(self, tag, right):
        if right:
            self.authenticated = True
            self.done(tag, "logged in")
        else:
            self.line("%s NO [AUTHENTICATIONFAILED] no" % tag)

    def do_id(self, tag, _args):
        self.line('* ID ("name" "fake")')
        self.done(tag)

    def do_namespace(self, tag, _args):
        self.line('* NAMESPACE (("" "/")) NIL NIL')
        self.done(tag)

    def do_enable(self, tag, _args):
        self.line("* ENABLED")
        self.done(tag)

    def do_list(self, tag, args):
        if '""' in args.split(" ")[-1:]:
            self.line('* LIST (\\Noselect) "/" ""')
        else:
            for name in self.mailboxes:
                self.line('* LIST (\\HasNoChildren) "/" "%s"' % name)
        self.done(tag)

    def do_lsub(self, tag, _args):
        for name in self.mailboxes:
            self.line('* LSUB () "/" "%s"' % name)
        self.done(tag)

    def do_status(self, tag, args):
        name, _, items = args.partition(" (")
        mailbox = self.find(name)
        if mailbox is None:
            self.line("%s NO no such mailbox" % tag)
            return
        values = {
            "MESSAGES": len(mailbox.messages), "RECENT": 0,
            "UIDNEXT": mailbox.uidnext(),
            "UIDVALIDITY": mailbox.uidvalidity,
            "UNSEEN": sum("\\Seen" not in one.flags
                          for one in mailbox.messages),
        }
        words = ["%s %d" % (item, values[item])
                 for item in items.upper().strip(")").split()
                 if item in values]
        self.line("* STATUS %s (%s)" % (name, " ".join(words)))
        self.done(tag)

    def find(self, name):
        return self.mailboxes.get(name.strip().strip('"'))

    def do_select(self, tag, args, mode="READ-WRITE"):
        name = re.match(r'"(?:[^"\\]|\\.)*"|\S+', args).group()
        mailbox = self.find(name)
        if mailbox is None:
            self.line("%s NO no such mailbox" % tag)
            return
        self.mailbox = mailbox
        self.announced = len(mailbox.messages)
        self.line("* FLAGS (\\Seen \\Flagged \\Answered \\Deleted \\Draft)")
        self.line("* OK [PERMANENTFLAGS (\\Seen \\Flagged \\*)] flags")
        self.line("* %d EXISTS" % self.announced)
        self.line("* 0 RECENT")
        self.line("* OK [UIDVALIDITY %d] valid" % mailbox.uidvalidity)
        self.line("* OK [UIDNEXT %d] next" % mailbox.uidnext())
        self.done(tag, "[%s] selected" % mode)

    def do_examine(self, tag, args):
        self.do_select(tag, args, "READ-ONLY")

    def do_close(self, tag, _args):
        self.mailbox = None
        self.done(tag)

    do_unselect = do_close

    def news(self):
        """Tell of messages that came meanwhile."""
        if self.mailbox and len(self.mailbox.messages) != self.announced:
            self.announced = len(self.mailbox.messages)
            self.line("* %d EXISTS" % self.announced)

    def do_idle(self, tag, _args):
        self.line("+ idling")
        self.connection.settimeout(0.1)
        try:
            while b"\n" not in self.buffer:
                self.news()
                try:
                    data = self.connection.recv(4096)
                    if not data:
                        raise Hangup()
                    self.buffer += data
                except TimeoutError:
                    if self.server.stopping:
                        raise Hangup() from None
        finally:
            self.connection.settimeout(None)
        self.read_line()
        self.done(tag)

    def chosen(self, numbers, by_uid):
        """(position, message) of a set."""
        messages = self.mailbox.messages
        highest = (self.mailbox.uidnext() - 1 if by_uid and messages
                   else len(messages))
        for position, message in enumerate(messages, 1):
            value = message.uid if by_uid else position
            if in_set(numbers, value, highest):
                yield position, message

    def do_search(self, tag, args, by_uid):
        wanted = args.upper()
        found = []
        for position, message in enumerate(self.mailbox.messages, 1):
            numbers = re.search(r"(?:^|\s)(UID )?([\d:*,]+)", wanted)
            if numbers and not in_set(
                    numbers.group(2),
                    message.uid if numbers.group(1) else position,
                    max(self.mailbox.uidnext() - 1, 1)):
                continue
            if "UNSEEN" in wanted and "\\Seen" in message.flags:
                continue
            found.append(message.uid if by_uid else position)
        self.line("* SEARCH" + "".join(" %d" % one for one in found))
        self.done(tag)

    def do_store(self, tag, args, by_uid):
        numbers, change, flags = args.split(" ", 2)
        given = set(flags.strip("()").split())
        for position, message in self.chosen(numbers, by_uid):
            if change.startswith("+"):
                message.flags |= given
            elif change.startswith("-"):
                message.flags -= given
            else:
                message.flags = set(given)
            if ".SILENT" not in change.upper():
                self.line("* %d FETCH (UID %d FLAGS (%s))" % (
                    position, message.uid, " ".join(sorted(message.flags))))
        self.done(tag)

    def do_fetch(self, tag, args, by_uid):
        numbers, _, wanted = args.partition(" ")
        items = self.split_items(wanted)
        if by_uid and "UID" not in items:
            items.insert(0, "UID")
        for position, message in self.chosen(numbers, by_uid):
            odd = (message.uid == ODD_ONE
                   and self.mailbox is self.mailboxes["INBOX"])
            cells = [self.item(message, item, odd) for item in items]
            if odd and self.fault.items:
                cells.append(self.fault.items)
            self.send(b"* %d FETCH (%s)\r\n" % (
                position, b" ".join(cell for cell in cells if cell)))
        self.done(tag)

    @staticmethod
    def split_items(wanted):
        wanted = re.sub(r"\)\s*\((?:CHANGEDSINCE|PARTIAL)[^)]*\)$", ")",
                        wanted.strip())
        if wanted.startswith("("):
            wanted = wanted[1:-1]
        return re.findall(r"[A-Za-z0-9.]+(?:\[[^\]]*\])?(?:<[\d.]+>)?",
                          wanted)

    def item(self, message, item, odd):
        """`NAME value` of one FETCH item; None where there is no such."""
        upper = item.upper()
        values = {
            "UID": lambda: b"%d" % message.uid,
            "FLAGS": lambda: b"(%s)" % " ".join(
                sorted(message.flags)).encode(),
            "INTERNALDATE": lambda: b'"14-Nov-2023 %02d:00:00 +0000"' % (
                message.uid % 24),
            "RFC822.SIZE": lambda: b"%d" % len(message.raw),
            "ENVELOPE": lambda: envelope(message),
            "BODYSTRUCTURE": lambda: body_structure(message.parsed),
            "BODY": lambda: body_structure(message.parsed),
        }
        name = upper.replace(".PEEK", "")
        if upper in values:
            value = values[upper]()
        elif found := re.match(r"BODY(?:\.PEEK)?\[(.*)\](?:<(\d+)\.(\d+)>)?$",
                               item, re.I):
            data = message.section(found.group(1))
            if found.group(2) and data is not None:
                start = int(found.group(2))
                data = data[start:start + int(found.group(3))]
                name = re.sub(r"<(\d+)\.\d+>", r"<\1>", name)
            value = (b"NIL" if data is None
                     else b"{%d}\r\n%s" % (len(data), data))
        else:
            return None
        if odd:
            for prefix, other in self.fault.replace.items():
                if name.startswith(prefix):
                    if other is None:
                        return None
                    value = other
        return name.encode() + b" " + value


class FakeServer:
    def __init__(self, fault=None, messages=5, certificate=None):
        self.fault = fault or Fault()
        self.is_calm = False
        self.stopping = False
        self.lies = 0           # connections that will find nothing here
        self.commands = []
        self.mailboxes = {"INBOX": Mailbox(messages),
                          "Archive": Mailbox(2, 1700000001)}
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def calm(self):
        """From now on, behave."""
        sound = Fault(starttls=self.fault.starttls)
        self.is_calm = True
        self.fault = sound

    def hang_up(self):
        """Break the connections that are open."""
        for connection in self.connections:
            try:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                      struct.pack("ii", 1, 0))
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.connections = []

    def close(self):
        self.stopping = True
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.hang_up()

    def _accept(self):
        while not self.stopping:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections.append(connection)
            session = Session(self, connection)
            threading.Thread(target=session.run, daemon=True).start()
