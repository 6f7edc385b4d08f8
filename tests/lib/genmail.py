#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail out of nothing, always the same: for tests and benchmarks.

A generated mailbox has threads by References, people who write often and
people who do not, subjects and names in several scripts as encoded words,
HTML alternatives, attachments, list headers and flags.  The newest message
has the subject "NEWEST-<count> ..."; each text begins with the line
"Marker <number>.".  --small leaves out what only costs space.
"""

import argparse
import base64
import email.utils
import hashlib
import multiprocessing
import os
import quopri
import random
import sys
import time

FIRST_SECOND = 1420070400           # 2015-01-01
LAST_SECOND = 1767225600            # 2026-01-01

SYLLABLES = ("ba be bi bo da de do du fa fe fi ga go ha he hi ka ki ko la le "
             "li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so "
             "ta te ti to va ve vi wa we ya yo").split()
COMMON = ("the of and to in a is that for it as was with be by on not he his "
          "but at are this have from or had an they which one you were all "
          "her she there would their we him been has when who will no more "
          "if out so up said what its about than into them can only other "
          "time new some could these two may first then do any").split()
GIVEN = ("Ada Ben Carla Dmitri Elin Farid Greta Hugo Inês Jun Karin Léa "
         "Mateusz Nadia Oskar Priya Quentin Rosa Søren Tomás Ulla Viktor "
         "Wanda Ximena Yusuf Zoë 太郎 Ольга 지민 Γιώργος").split()
FAMILY = ("Abel Brandt Costa Dvořák Eriksen Fischer García Hansen Ito "
          "Jansen Kowalski Lind Müller Novak O'Neill Park Quist Rossi "
          "Schmidt Takeda Ueda Vogel Weiss Xu Yılmaz Zhang").split()
DOMAINS = ("example.org example.com example.net mail.example.org "
           "lists.example.net office.example.com").split()
FOREIGN = ("Übersicht réunion отчёт 見積もり 会议 señal przegląd Ενημέρωση "
           "güncelleme façade 제안서 📦 ✅").split()
LISTS = ("dev", "users", "announce")
ATTACHMENTS = (("application/pdf", "report.pdf"), ("image/png", "screen.png"),
               ("image/jpeg", "photo.jpg"), ("application/zip", "files.zip"),
               ("text/csv", "figures.csv"))


def letter(subject, body="A few words.\n", sender="Ann Example "
           "<ann@example.org>", to="Bo <bo@example.net>", when=1700000000,
           message_id=None, content_type="text/plain; charset=utf-8",
           extra=""):
    """A small message by hand; `extra` are further header lines."""
    if message_id is None:
        digest = hashlib.sha256((subject + body + str(when)).encode())
        message_id = "<%s@example.org>" % digest.hexdigest()[:24]
    head = ("From: %s\nTo: %s\nSubject: %s\nDate: %s\nMessage-ID: %s\n%s"
            "MIME-Version: 1.0\nContent-Type: %s\n"
            "Content-Transfer-Encoding: 8bit\n" % (
                sender, to, subject, email.utils.formatdate(when),
                message_id, extra, content_type))
    return (head + "\n" + body).encode()


def encoded(text):
    """RFC 2047 words where the text needs them."""
    if text.isascii():
        return text
    words, current = [], ""
    for character in text:
        if len((current + character).encode()) > 42:
            words.append(current)
            current = ""
        current += character
    words.append(current)
    return "\r\n ".join(
        "=?UTF-8?B?%s?=" % base64.b64encode(word.encode()).decode()
        for word in words)


def base64_lines(data):
    text = base64.b64encode(data).decode()
    return "\r\n".join(text[at:at + 76]
                       for at in range(0, len(text), 76)) + "\r\n"


class Generator:
    """Messages 0 to count - 1, oldest first; each made on its own."""

    def __init__(self, count, seed=7, small=False):
        self.count = count
        self.seed = seed
        self.small = small
        chance = random.Random(seed)
        self._make_words(chance)
        self._make_people(chance)
        self.blob = chance.randbytes(1 << 18)
        self.parents = self._plan(random.Random(seed + 1))

    def _make_words(self, chance):
        words = list(COMMON)
        words += ["".join(chance.choices(SYLLABLES, k=chance.choice(
            (2, 2, 3, 3, 4)))) for _ in range(8000)]
        total, self.weights = 0.0, []
        for rank in range(len(words)):
            total += 1.0 / (rank + 3)
            self.weights.append(total)
        self.words = words
        lines, line, room = [], [], 0
        for word in chance.choices(words, cum_weights=self.weights,
                                   k=120000):
            if chance.random() < 0.003:
                word = chance.choice(FOREIGN)
            line.append(word)
            room += len(word) + 1
            if room > 68:
                lines.append(" ".join(line).capitalize()
                             + chance.choice((".", ",", "", "", "")))
                if chance.random() < 0.1:
                    lines.append("")
                line, room = [], 0
        self.lines = lines

    def _make_people(self, chance):
        self.people, self.people_weights, total = [], [], 0.0
        for number in range(1500):
            name = "%s %s" % (chance.choice(GIVEN), chance.choice(FAMILY))
            address = "person%d@%s" % (number, chance.choice(DOMAINS))
            self.people.append("%s <%s>" % (encoded(name), address))
            total += 1.0 / (number + 8)
            self.people_weights.append(total)

    def _plan(self, chance):
        """Who answers whom: the parent of each message, or -1."""
        parents = [-1] * self.count
        open_ends = []
        for number in range(self.count - 1):
            if open_ends and chance.random() < 0.6:
                slot = chance.randrange(len(open_ends))
                parents[number] = open_ends[slot]
                if chance.random() < 0.75:
                    open_ends[slot] = number
                if chance.random() < 0.1:
                    open_ends.pop(slot)
            else:
                open_ends.append(number)
                if len(open_ends) > 50:
                    open_ends.pop(chance.randrange(25))
        return parents

    # -- one message -------------------------------------------------------

    def message_id(self, number):
        digest = hashlib.md5(b"%d.%d" % (self.seed, number)).hexdigest()
        return "<%s.%d@%s>" % (digest[:16], number,
                               DOMAINS[number % len(DOMAINS)])

    def when(self, number):
        step = (LAST_SECOND - FIRST_SECOND) / max(1, self.count)
        return int(FIRST_SECOND + step * (number + 0.5))

    def message(self, number):
        """(bytes with CRLF, Maildir flags, epoch seconds)."""
        chance = random.Random((self.seed << 32) + number)
        ancestors = self._ancestors(number)
        subject = self._subject(ancestors[0] if ancestors else number)
        if ancestors:
            subject = chance.choice(("Re: ", "Re: ", "Re: ", "RE: ", "Fwd: ",
                                     "AW: ")) + subject
        if number == self.count - 1:
            subject = "NEWEST-%d the last one to arrive" % self.count
        return self._build(chance, subject, self.message_id(number),
                           [self.message_id(a) for a in ancestors[-15:]],
                           self.when(number), "Marker %d." % number,
                           self._flags(chance, number))

    def extra(self, tag, number, later=0):
        """Messages that arrive (seconds) later than all the others."""
        chance = random.Random("%s/%d/%d" % (tag, number, self.seed))
        return self._build(
            chance, "EXTRA-%s-%03d came later" % (tag, number),
            "<extra.%s.%d@example.org>" % (tag, number), [],
            LAST_SECOND + 60 * number + later, "Marker %s-%d." % (tag, number), "")

    def _ancestors(self, number):
        chain, parent = [], self.parents[number]
        while parent >= 0:
            chain.append(parent)
            parent = self.parents[parent]
        return chain[::-1]

    def _subject(self, root):
        chance = random.Random((self.seed << 24) ^ root)
        words = chance.choices(self.words, cum_weights=self.weights,
                               k=chance.randrange(3, 9))
        if chance.random() < 0.2:
            words[chance.randrange(len(words))] = chance.choice(FOREIGN)
        words[0] = words[0].capitalize()
        return " ".join(words)

    def _flags(self, chance, number):
        recent = number >= self.count - max(2, self.count // 50)
        flags = ""
        if number == self.count - 1 or (recent and chance.random() < 0.4):
            return flags
        if recent or chance.random() < 0.99:
            flags = "S"
        if chance.random() < 0.15:
            flags += "R"
        if chance.random() < 0.01:
            flags += "F"
        return flags

    def _text(self, chance, marker, answering):
        count = chance.randrange(2, 6) if self.small else int(
            min(4000, chance.lognormvariate(3.2, 0.9)))
        at = chance.randrange(len(self.lines) - 4001)
        lines = [marker, ""] + self.lines[at:at + count]
        if answering and not self.small:
            at = chance.randrange(len(self.lines) - 10)
            lines += ["", "Somebody wrote:"]
            lines += ["> " + line for line in self.lines[at:at + 8]]
        return "\r\n".join(lines) + "\r\n"

    def _people_of(self, chance, count):
        return chance.choices(self.people, cum_weights=self.people_weights,
                              k=count)

    def _head(self, chance, subject, message_id, references, when):
        stamp = email.utils.formatdate(when)
        sender, = self._people_of(chance, 1)
        to = ["Ann Example <ann@example.org>"] + self._people_of(
            chance, chance.choice((0, 0, 0, 1, 3)))
        head = []
        if not self.small:
            head += self._trace(chance, stamp)
        head += ["Date: " + stamp, "From: " + sender,
                 "To: " + ",\r\n ".join(to)]
        if chance.random() < 0.3:
            head.append("Cc: " + ",\r\n ".join(self._people_of(
                chance, chance.choice((1, 2, 4)))))
        head += ["Subject: " + encoded(subject), "Message-ID: " + message_id]
        if references:
            head += ["In-Reply-To: " + references[-1],
                     "References: " + "\r\n ".join(references)]
        if chance.random() < 0.15:
            name = chance.choice(LISTS)
            head += ["List-Id: <%s.lists.example.net>" % name,
                     "List-Post: <mailto:%s@lists.example.net>" % name]
        return head + ["MIME-Version: 1.0"]

    def _trace(self, chance, stamp):
        """What the relays leave: most of a real header."""
        lines = ["Return-Path: <bounce@example.com>"]
        for hop in range(chance.choice((1, 2, 2, 3))):
            lines.append(
                "Received: from out%d.example.com (out%d.example.com "
                "[192.0.2.%d])\r\n\tby mx.example.org with ESMTPS id %08X;"
                "\r\n\t%s" % (hop, hop, chance.randrange(1, 250),
                              chance.getrandbits(32), stamp))
        at = chance.randrange(1 << 17)
        seal = base64_lines(self.blob[at:at + 192]).split()
        lines.append("DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=a;"
                     "\r\n\tb=" + "\r\n\t ".join(seal))
        return lines + ["User-Agent: tercet test mail"]

    def _part(self, chance, kind, text):
        if text.isascii():
            coding = chance.choice(("7bit", "7bit", "quoted-printable"))
        else:
            coding = chance.choice(("8bit", "quoted-printable", "base64"))
        if coding == "base64":
            text = base64_lines(text.encode())
        elif coding == "quoted-printable":
            text = quopri.encodestring(
                text.replace("\r\n", "\n").encode()).decode().replace(
                    "\n", "\r\n")
        return ("Content-Type: text/%s; charset=utf-8\r\n"
                "Content-Transfer-Encoding: %s\r\n\r\n%s" % (
                    kind, coding, text))

    def _build(self, chance, subject, message_id, references, when, marker,
               flags):
        head = self._head(chance, subject, message_id, references, when)
        text = self._text(chance, marker, bool(references))
        boundary = "=-%016x" % chance.getrandbits(64)
        body = self._part(chance, "plain", text)
        if not self.small and chance.random() < 0.15:
            html = ("<html><body><p>%s</p><img src=\"https://example.com/"
                    "pixel.gif\"></body></html>\r\n" % text.replace(
                        "\r\n\r\n", "</p>\r\n<p>"))
            body = _multipart("alternative", boundary + "a",
                              [body, self._part(chance, "html", html)])
        if not self.small and chance.random() < 0.08:
            body = _multipart("mixed", boundary + "m",
                              [body, self._attachment(chance)])
        return ("\r\n".join(head) + "\r\n" + body).encode(), flags, when

    def _attachment(self, chance):
        kind, name = chance.choice(ATTACHMENTS)
        size = int(4000 * 12 ** chance.random())
        at = chance.randrange(len(self.blob) - size)
        return ("Content-Type: %s; name=\"%s\"\r\n"
                "Content-Disposition: attachment; filename=\"%s\"\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n%s" % (
                    kind, name, name,
                    base64_lines(self.blob[at:at + size])))


def _multipart(kind, boundary, parts):
    glue = "\r\n--%s\r\n" % boundary
    return ("Content-Type: multipart/%s; boundary=\"%s\"\r\n%s%s"
            "\r\n--%s--\r\n" % (kind, boundary, glue, glue.join(parts),
                                boundary))


# -- mailboxes -------------------------------------------------------------

_generator = None


def _begin(count, seed, small):
    global _generator
    _generator = Generator(count, seed, small)


def _maildir_slice(job):
    path, first, last = job
    for number in range(first, last):
        raw, flags, when = _generator.message(number)
        name = "%s/cur/%d.M%06dP1.test:2,%s" % (
            path, when, number % 1000000, "".join(sorted(flags)))
        with open(name, "wb", 0) as out:
            out.write(raw.replace(b"\r\n", b"\n"))
        os.utime(name, (when, when))
    return last - first


def _mbox_slice(job):
    path, first, last = job
    with open("%s.%09d" % (path, first), "wb") as out:
        for number in range(first, last):
            raw, flags, when = _generator.message(number)
            stamp = time.asctime(time.gmtime(when))
            status = "Status: %s\n" % ("RO" if "S" in flags else "O")
            if "R" in flags or "F" in flags:
                status += "X-Status: %s\n" % "".join(
                    {"R": "A", "F": "F"}[f] for f in flags if f in "RF")
            out.write(("From sender@example.org %s\n%s" % (
                stamp, status)).encode())
            out.write(raw.replace(b"\r\n", b"\n").replace(
                b"\nFrom ", b"\n>From ") + b"\n")
    return last - first


def _in_slices(work, path, count, seed, small, progress):
    step = max(50, min(5000, count // 8 + 1))
    jobs = [(path, first, min(count, first + step))
            for first in range(0, count, step)]
    done = 0
    with multiprocessing.Pool(os.cpu_count(), _begin,
                              (count, seed, small)) as pool:
        for made in pool.imap_unordered(work, jobs):
            done += made
            if progress:
                progress(done, count)
    return jobs


def write_maildir(path, count, seed=7, small=False, progress=None):
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(path, name), exist_ok=True)
    _in_slices(_maildir_slice, path, count, seed, small, progress)


def write_mbox(path, count, seed=7, small=False, progress=None):
    jobs = _in_slices(_mbox_slice, path, count, seed, small, progress)
    with open(path, "wb") as out:
        for _, first, _ in jobs:
            part = "%s.%09d" % (path, first)
            with open(part, "rb") as source:
                while chunk := source.read(1 << 22):
                    out.write(chunk)
            os.unlink(part)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("count", type=int)
    options.add_argument("path", help="Maildir to make, or mbox file")
    options.add_argument("--format", choices=("maildir", "mbox"),
                         default="maildir")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--small", action="store_true",
                         help="short texts, nothing attached")
    chosen = options.parse_args()
    began = time.monotonic()
    write = write_maildir if chosen.format == "maildir" else write_mbox
    write(chosen.path, chosen.count, chosen.seed, chosen.small)
    print("%d messages in %.1f s" % (chosen.count,
                                     time.monotonic() - began),
          file=sys.stderr)


if __name__ == "__main__":
    main()
