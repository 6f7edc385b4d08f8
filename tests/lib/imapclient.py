# SPDX-License-Identifier: GPL-3.0-or-later
"""The second client: somebody else's mail program, on imaplib.

It changes a mailbox behind the back of the program under test, and says
what the server really holds.
"""

import base64
import imaplib
import re
import ssl
import time

imaplib._MAXLINE = 1 << 28      # a SEARCH over a million messages is one line


class ClientError(Exception):
    pass


def encode_name(name):
    """A folder's name in the modified UTF-7 of RFC 3501, 5.1.3."""
    def shifted(match):
        raw = match.group().encode("utf-16-be")
        text = base64.b64encode(raw).decode().rstrip("=")
        return "&" + text.replace("/", ",") + "-"
    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))


def decode_name(name):
    def plain(match):
        text = match.group(1).replace(",", "/")
        if not text:
            return "&"
        raw = base64.b64decode(text + "=" * (-len(text) % 4))
        return raw.decode("utf-16-be")
    return re.sub(r"&([^-]*)-", plain, name)


def quote(name):
    name = encode_name(name)
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


class ImapClient:
    def __init__(self, port, user, password, host="127.0.0.1",
                 authority=None):
        if authority:
            context = ssl.create_default_context(cafile=authority)
            self.session = imaplib.IMAP4_SSL("localhost", port,
                                             ssl_context=context)
        else:
            self.session = imaplib.IMAP4(host, port)
        self._check("login", self.session.login(user, password))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def close(self):
        try:
            self.session.logout()
        except (imaplib.IMAP4.error, OSError):
            pass

    # -- looking -------------------------------------------------------

    def folders(self):
        """The names of all folders that can hold mail."""
        lines = self._check("list", self.session.list())
        names = []
        for line in lines:
            found = re.match(rb'\(([^)]*)\) (?:"[^"]*"|NIL) (.*)$', line)
            if found and not re.search(rb"(?i)\\no(nexistent|select)",
                                       found.group(1)):
                name = found.group(2).decode()
                if name.startswith('"'):
                    name = re.sub(r"\\(.)", r"\1", name[1:-1])
                names.append(decode_name(name))
        return sorted(names)

    def messages(self, folder):
        """{uid: set of flags} of a folder, \\Recent left out."""
        self.examine(folder)
        found = {}
        for item in self._check("fetch", self.session.uid(
                "FETCH", "1:*", "(UID FLAGS)")):
            match = item and re.search(
                rb"UID (\d+) FLAGS \(([^)]*)\)", item)
            if match:
                flags = set(match.group(2).decode().split())
                found[int(match.group(1))] = flags - {"\\Recent"}
        return found

    def header(self, folder, uid, field):
        self.examine(folder)
        parts = self._check("fetch", self.session.uid(
            "FETCH", str(uid),
            "(BODY.PEEK[HEADER.FIELDS (%s)])" % field.upper()))
        text = b"".join(part[1] for part in parts if isinstance(part, tuple))
        return text.decode("utf-8", "replace").partition(":")[2].strip()

    def raw(self, folder, uid):
        self.examine(folder)
        parts = self._check("fetch", self.session.uid(
            "FETCH", str(uid), "(BODY.PEEK[])"))
        return b"".join(part[1] for part in parts if isinstance(part, tuple))

    def uidvalidity(self, folder):
        self.examine(folder)
        return int(self.session.response("UIDVALIDITY")[1][0])

    def examine(self, folder):
        self._check("examine", self.session.select(quote(folder), True))

    def select(self, folder):
        self._check("select", self.session.select(quote(folder)))

    # -- changing ------------------------------------------------------

    def append(self, folder, raw, flags="", when=None):
        stamp = imaplib.Time2Internaldate(when or time.time())
        self._check("append", self.session.append(
            quote(folder), flags, stamp, raw.replace(b"\r\n", b"\n")
            .replace(b"\n", b"\r\n")))

    def store(self, folder, uids, change):
        """`change` as in: +FLAGS (\\Seen)"""
        self.select(folder)
        self._check("store", self.session.uid(
            "STORE", _set(uids), *change.split(" ", 1)))

    def expunge(self, folder, uids):
        self.store(folder, uids, "+FLAGS.SILENT (\\Deleted)")
        self._check("expunge", self.session.expunge())

    def copy(self, folder, uids, target):
        self.select(folder)
        self._check("copy", self.session.uid("COPY", _set(uids),
                                             quote(target)))

    def move(self, folder, uids, target):
        self.copy(folder, uids, target)
        self.expunge(folder, uids)

    def create(self, folder):
        self._check("create", self.session.create(quote(folder)))
        self._check("subscribe", self.session.subscribe(quote(folder)))

    def rename(self, folder, target):
        self._check("rename", self.session.rename(quote(folder),
                                                  quote(target)))
        self.session.unsubscribe(quote(folder))
        self._check("subscribe", self.session.subscribe(quote(target)))

    def delete(self, folder):
        self._check("delete", self.session.delete(quote(folder)))

    @staticmethod
    def _check(what, reply):
        status, data = reply
        if status != "OK":
            raise ClientError("%s: %s %r" % (what, status, data))
        return [item for item in data if item is not None]


def _set(uids):
    if isinstance(uids, int):
        return str(uids)
    return ",".join(str(uid) for uid in uids)
