#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What we read in the samples of other projects, beside what those expect.

Expectations come with the samples below the folder that TERCET_CORPUS names:
of mail-parser, mime4j, MailCore, MimeKit and git.  Python's own reader stands
in for the other messages.  mime_samples.txt lists what differs, with why ours
is right; anything else that differs is a failure.  A project's expectations
count where they say something about what is in the message; text it made of
HTML, blanks and line ends are left alone.
"""

import email
import email.header
import email.utils
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))

import tap

SHOWN_MAX = 400         # characters of a difference


class Tally:
    """Counts by project and by what is compared."""

    def __init__(self, known):
        self.known = known
        self.used = set()
        self.counts = {}

    def note(self, project, what, path, ours, theirs):
        """Compares; what somebody explained is no failure."""
        kind = project + "." + what
        same, listed, new = self.counts.setdefault(kind, [0, 0, 0])
        if ours == theirs:
            same += 1
        elif (kind, path) in self.known:
            listed += 1
            self.used.add((kind, path))
        else:
            new += 1
            print("# %s\t%s\n#\tours:   %s\n#\ttheirs: %s" % (
                kind, path, ascii(ours)[:SHOWN_MAX],
                ascii(theirs)[:SHOWN_MAX]))
        self.counts[kind] = [same, listed, new]

    def report(self, results):
        totals = {}
        for kind, counts in self.counts.items():
            what = kind.split(".")[1]
            totals[what] = [a + b for a, b in zip(
                totals.get(what, (0, 0, 0)), counts)]
        for what, (same, listed, new) in sorted(totals.items()):
            total = same + listed + new
            print("# all of %s: %d of %d agree, %.2f %%; %.2f %% with those "
                  "listed" % (what, same, total, 100.0 * same / total,
                              100.0 * (same + listed) / total))
        for kind, (same, listed, new) in sorted(self.counts.items()):
            total = same + listed + new
            results.ok(new == 0, "%s: %d of %d agree (%.2f %%), %d differ "
                       "for a reason, %d for none" % (
                           kind, same, total, 100.0 * same / total, listed,
                           new))
        for kind, path in sorted(self.known.keys() - self.used):
            if kind.startswith("python."):      # it learns, over the years
                continue
            results.ok(False, "%s of %s is listed, and differs no more" % (
                kind, path))


# -- what is compared, without what is a matter of taste ----------------------

def words(text):
    """Without blanks and line ends."""
    return re.sub(r"[\s\x00\u200b\ufeff]+", "", text or "")


def lines(data):
    """Bytes whose line ends and trailing breaks do not count."""
    return data.replace(b"\r\n", b"\n").rstrip(b"\n")


def shape(tree):
    """The tree without types."""
    tokens = re.findall(r"[^( )]+|[()]", tree)
    return "".join("" if after == "(" else
                   token if token in "()" else "x"
                   for token, after in zip(tokens, tokens[1:] + [""]))


def join(kind, children):
    return kind + "(" + " ".join(children) + ")" if children else kind


def addresses(pairs):
    return [words(address) for _, address in pairs if address]


def people(pairs):
    return [words(name).strip("\"'") for name, address in pairs if address]


class Outlines:
    """What cli_outline says of files, asked for all at once."""

    def __init__(self, program):
        self.program = program
        self.told = {}

    def ask(self, paths):
        done = subprocess.run([self.program], check=True, text=True,
                              input="".join(path + "\n" for path in paths),
                              stdout=subprocess.PIPE, encoding="utf-8")
        for path, line in zip(paths, done.stdout.splitlines()):
            self.told[path] = json.loads(line)

    def of(self, path):
        if path not in self.told:
            self.ask([path])
        return self.told[path]


# -- mail-parser: a tree in JSON, beside x.eml --------------------------------

def mail_parser_type(part, parent):
    for header in part["headers"]:
        if header["name"] == "content_type" and isinstance(
                header["value"], dict) and "ContentType" in header["value"]:
            value = header["value"]["ContentType"]
            if value["c_subtype"]:
                return (value["c_type"] + "/" + value["c_subtype"]).lower()
    return "message/rfc822" if parent == "multipart/digest" else "text/plain"


def mail_parser_tree(message, number=0, parent=None):
    part = message["parts"][number]
    kind = mail_parser_type(part, parent)
    body = part["body"]
    if "Multipart" in body:
        return join(kind, [mail_parser_tree(message, child, kind)
                           for child in body["Multipart"]])
    if "Message" in body:
        return join(kind, [mail_parser_tree(body["Message"])])
    return kind


def mail_parser_leaves(message):
    for part in message["parts"]:
        body = part["body"]
        if "Message" in body:
            yield from mail_parser_leaves(body["Message"])
        elif "Multipart" not in body:
            yield part


def mail_parser_name(part):
    names = {}
    for header in part["headers"]:
        if not isinstance(header["value"], dict):
            continue
        for attribute in (header["value"].get("ContentType") or {}).get(
                "attributes") or ():
            names.setdefault((header["name"] if isinstance(
                header["name"], str) else "", attribute["name"]),
                             attribute["value"])
    return names.get(("content_disposition", "filename")) \
        or names.get(("content_type", "name"))


def mail_parser_addresses(value):
    value = value.get("Address") if isinstance(value, dict) else None
    found = []
    for one in (value or {}).get("List") or ():
        found.append(((one.get("name") or ""), one.get("address") or ""))
    for group in (value or {}).get("Group") or ():
        for one in group["addresses"]:
            found.append(((one.get("name") or ""), one.get("address") or ""))
    return found


def mail_parser_date(value):
    when = value.get("DateTime") if isinstance(value, dict) else None
    if not when:
        return 0
    minutes = when["tz_hour"] * 60 + when["tz_minute"]
    if when["tz_before_gmt"]:
        minutes = -minutes
    return email.utils.mktime_tz((
        when["year"], when["month"], when["day"], when["hour"],
        when["minute"], when["second"], 0, 1, 0, minutes * 60))


def mail_parser(corpus, outlines, tally):
    top = os.path.join(corpus, "mail-parser-stalwart", "resources", "eml")
    for folder, _, names in sorted(os.walk(top)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            expected = path[:-4] + ".json"
            if not name.endswith(".eml") or not os.path.exists(expected):
                continue
            with open(expected, encoding="utf-8") as file:
                theirs = json.load(file)
            ours = outlines.of(path)
            path = os.path.relpath(path, corpus)
            tally.note("mail-parser", "parts", path, ours["tree"],
                       mail_parser_tree(theirs))
            headers = {}
            for header in theirs["parts"][0]["headers"]:
                if isinstance(header["name"], str):
                    headers[header["name"]] = header["value"]
            if "subject" in headers:
                tally.note("mail-parser", "subject", path,
                           words(ours["subject"]),
                           words(headers["subject"].get("Text") if isinstance(
                               headers["subject"], dict) else ""))
            if "date" in headers:
                tally.note("mail-parser", "date", path, ours["date"],
                           mail_parser_date(headers["date"]))
            for field in ("from", "to", "cc"):
                if field not in headers:
                    continue
                told = mail_parser_addresses(headers[field])
                tally.note("mail-parser", "addresses", path,
                           addresses(ours[field]), addresses(told))
                tally.note("mail-parser", "people", path,
                           people(ours[field]), people(told))
            mail_parser_bodies(path, ours, theirs, tally)


def mail_parser_bodies(path, ours, theirs, tally):
    told = list(mail_parser_leaves(theirs))
    if len(told) != len(ours["leaves"]):
        return
    for leaf, part in zip(ours["leaves"], told):
        body = part["body"]
        tally.note("mail-parser", "names", path, leaf["name"],
                   mail_parser_name(part))
        data = body.get("Binary") or body.get("InlineBinary")
        if data is not None:
            tally.note("mail-parser", "bytes", path,
                       lines(bytes.fromhex(leaf["bytes"])),
                       lines(bytes(data)))
        text = body.get("Text", body.get("Html"))
        if text is not None and leaf["text"] is not None:
            tally.note("mail-parser", "text", path, words(leaf["text"]),
                       words(text))


# -- mime4j: x_decoded.xml and its bodies, beside x.msg -----------------------

def mime4j_shape(element, bodies):
    for child in element:
        if child.tag == "multipart":
            return "(" + "".join(mime4j_shape(part, bodies) for part in child
                                 if part.tag == "body-part") + ")"
        if child.tag == "message":
            return "(" + mime4j_shape(child, bodies) + ")"
        if child.tag in ("text-body", "binary-body"):
            bodies.append(child.get("name"))
            return "x"
    return "x"


def mime4j(corpus, outlines, tally):
    for folder in ("mimetools-testmsgs", "testmsgs"):
        top = os.path.join(corpus, "james-mime4j", "core", "src", "test",
                           "resources", folder)
        for name in sorted(os.listdir(top)):
            expected = os.path.join(top, name[:-4] + "_decoded.xml")
            path = os.path.join(top, name)
            if not name.endswith(".msg") or not os.path.exists(expected):
                continue
            ours = outlines.of(path)
            path = os.path.relpath(path, corpus)
            bodies = []
            with open(expected, "rb") as file:
                root = xml.etree.ElementTree.fromstring(
                    re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"",
                           file.read()))
            theirs = mime4j_shape(root, bodies)
            tally.note("mime4j", "parts", path, shape(ours["tree"]), theirs)
            if len(bodies) != len(ours["leaves"]):
                continue
            for leaf, body in zip(ours["leaves"], bodies):
                body = os.path.join(top, body)
                if not os.path.exists(body):
                    continue
                with open(body, "rb") as file:
                    tally.note("mime4j", "bytes", path,
                               lines(bytes.fromhex(leaf["bytes"])),
                               lines(file.read()))


# -- MailCore: the header and a tree in JSON ----------------------------------

def mailcore_addresses(value):
    if not value:
        return []
    items = value["items"] if "items" in value else [value]
    return [(one.get("displayName") or "", one.get("mailbox") or "")
            for one in items]


def mailcore_shape(part):
    if part["partType"] == "message":
        return "(" + mailcore_shape(part["mainPart"]) + ")"
    if part["partType"].startswith("multipart"):
        return "(" + "".join(mailcore_shape(child) for child in
                             part.get("parts", {}).get("items", ())) + ")"
    return "x"


def mailcore_parts(part):
    if "mainPart" in part:
        yield from mailcore_parts(part["mainPart"])
    elif "parts" in part:
        for child in part["parts"]["items"]:
            yield from mailcore_parts(child)
    else:
        yield part


def mailcore(corpus, outlines, tally):
    top = os.path.join(corpus, "libetpan-data", "unittest", "mime-parser",
                       "data")
    for folder, _, names in sorted(os.walk(os.path.join(top, "input"))):
        for name in sorted(names):
            path = os.path.join(folder, name)
            expected = path.replace("/input/", "/output/")
            if not os.path.exists(expected):
                continue
            with open(expected, encoding="utf-8") as file:
                theirs = json.load(file)
            ours = outlines.of(path)
            path = os.path.relpath(path, corpus)
            header = theirs["header"]
            tally.note("mailcore", "subject", path, words(ours["subject"]),
                       words(header.get("subject")))
            tally.note("mailcore", "date", path, ours["date"],
                       int(header["date"]))
            for field in ("from", "to", "cc"):
                told = mailcore_addresses(header.get(field))
                tally.note("mailcore", "addresses", path,
                           addresses(ours[field]), addresses(told))
                tally.note("mailcore", "people", path, people(ours[field]),
                           people(told))
            tally.note("mailcore", "parts", path, shape(ours["tree"]),
                       mailcore_shape(theirs["mainPart"]))
            told = list(mailcore_parts(theirs["mainPart"]))
            for leaf, part in zip(ours["leaves"], told):
                if len(told) == len(ours["leaves"]):
                    tally.note("mailcore", "names", path, leaf["name"] or "",
                               part.get("filename") or "")


# -- mailboxes: MimeKit's offsets and git's mailinfo --------------------------

def split(path):
    with open(path, "rb") as file:
        data = file.read()
    starts = [match.start() for match in re.finditer(rb"^From .*$", data,
                                                     re.M)]
    return [data[start:end] for start, end in
            zip(starts, starts[1:] + [len(data)])]


def outline_all(messages, outlines):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, message in enumerate(messages):
            paths.append(os.path.join(folder, str(number)))
            with open(paths[-1], "wb") as file:
                file.write(message)
        outlines.ask(paths)
        return [outlines.of(path) for path in paths]


def mimekit_tree(part):
    return join(part["mimeType"].lower(),
                [mimekit_tree(child) for child in part.get("children", ())]
                + [mimekit_tree(part[key]["body"])
                   for key in ("message",) if part.get(key)])


def mimekit(corpus, outlines, tally):
    top = "mimekit/UnitTests/TestData/mbox/"
    with open(os.path.join(corpus, top + "issue1189.unix-offsets.json"),
              encoding="utf-8-sig") as file:
        theirs = json.load(file)
    mailbox = top + "issue1189.mbox.txt"
    ours = outline_all(split(os.path.join(corpus, mailbox)), outlines)
    tally.note("mimekit", "messages", mailbox, len(ours), len(theirs))
    for number, (one, other) in enumerate(zip(ours, theirs)):
        tally.note("mimekit", "parts", "%s:%d" % (mailbox, number + 1),
                   one["tree"], mimekit_tree(other["body"]))
    # That mailbox is here message by message.
    with open(os.path.join(corpus, top + "jwz.unix-offsets.json"),
              encoding="utf-8-sig") as file:
        theirs = json.load(file)
    for number, other in enumerate(theirs):
        path = "libetpan-data/unittest/mime-parser/data/input/mbox/jwz/%d" % (
            number + 1)
        if os.path.exists(os.path.join(corpus, path)):
            tally.note("mimekit", "parts", path,
                       outlines.of(os.path.join(corpus, path))["tree"],
                       mimekit_tree(other["body"]))


def git(corpus, outlines, tally):
    top = os.path.join(corpus, "git-t5100", "t", "t5100")
    ours = outline_all(split(os.path.join(top, "sample.mbox")), outlines)
    for number, one in enumerate(ours):
        expected = os.path.join(top, "info%04d" % (number + 1))
        path = os.path.relpath(expected, corpus)
        with open(expected, encoding="utf-8") as file:
            told = dict(line.rstrip("\n").split(": ", 1) for line in file
                        if ": " in line)
        if not told:
            continue
        name, address = (one["from"] or [["", ""]])[0]
        subject = re.sub(r"^(\s*(\[[^]]*\]|re:))+", "", one["subject"] or "",
                         flags=re.I)
        tally.note("git", "addresses", path, address, told.get("Email"))
        tally.note("git", "people", path, words(name or address),
                   words(told.get("Author")))
        tally.note("git", "subject", path, words(subject),
                   words(told.get("Subject")))
        tally.note("git", "date", path, one["date"], python_date(
            told.get("Date")))


# -- Python's email package ---------------------------------------------------

def python_header(value):
    """As its own functions decode it, or None where they cannot."""
    try:
        text = str(email.header.make_header(email.header.decode_header(
            str(value))))
    except (LookupError, UnicodeError, ValueError, email.errors.HeaderParseError):
        return None
    return None if re.search("[\ufffd\udc80-\udcff]", text) else text


def python_date(value):
    try:
        return max(0, int(email.utils.mktime_tz(
            email.utils.parsedate_tz(value))))
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def has_parts(message):
    """Reports and what is elsewhere are parts for Python alone."""
    return message.is_multipart() and (
        message.get_content_maintype() == "multipart" or
        message.get_content_type() in ("message/rfc822", "message/global"))


def python_tree(message):
    if has_parts(message):
        return join(message.get_content_type(),
                    [python_tree(part) for part in message.get_payload()])
    return message.get_content_type()


def python_leaves(message):
    if has_parts(message):
        for part in message.get_payload():
            yield from python_leaves(part)
    else:
        yield message


def python_reader(corpus, messages, outlines, tally):
    outlines.ask([os.path.join(corpus, path) for path in messages])
    for path in messages:
        ours = outlines.of(os.path.join(corpus, path))
        with open(os.path.join(corpus, path), "rb") as file:
            data = file.read()
        # It does not know what makes no sense, and then says nothing useful.
        if b"\n" not in data or b"\r\r" in data:
            continue
        theirs = email.message_from_bytes(data)
        if not theirs.keys() or theirs.defects:
            continue
        if any(part.defects for part in theirs.walk()):
            continue
        tally.note("python", "parts", path, ours["tree"], python_tree(theirs))
        for field in ("subject", "date", "from", "to", "cc"):
            python_field(path, field, ours, theirs, tally)
        told = list(python_leaves(theirs))
        if len(told) != len(ours["leaves"]):
            continue
        for leaf, part in zip(ours["leaves"], told):
            if part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
            if payload is not None:
                tally.note("python", "bytes", path,
                           lines(bytes.fromhex(leaf["bytes"])),
                           lines(payload))
            try:
                name = part.get_filename()
            except (LookupError, UnicodeError, TypeError):
                continue
            name = python_header(name) if name else ""
            if name is not None:
                tally.note("python", "names", path, words(leaf["name"]),
                           words(name))


def python_field(path, field, ours, theirs, tally):
    values = theirs.get_all(field)
    if not values or any("\ufffd" in str(value) for value in values):
        return
    if field == "subject":
        text = python_header(values[0])
        if text is not None:
            tally.note("python", field, path, words(ours[field]), words(text))
    elif field == "date":
        date = python_date(str(values[0]))
        if date is not None:
            tally.note("python", field, path, ours[field], date)
    else:
        if field == "from":
            values = values[:1]
        try:
            pairs = email.utils.getaddresses([str(value) for value in values])
        except RecursionError:
            return
        tally.note("python", "addresses", path, addresses(ours[field]),
                   addresses(pairs))


def messages_of(corpus):
    with open(os.path.join(corpus, "MANIFEST.tsv"), encoding="utf-8") as file:
        for line in file:
            path, _, _, kinds, _ = line.split("\t")
            kinds = kinds.split(",")
            if "message" in kinds and "mbox" not in kinds \
                    and "fuzz" not in kinds:
                yield path


def load_known(path):
    known = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                kind, sample, reason = line.rstrip("\n").split("\t")
                known[kind, sample] = reason
    return known


def tests(results):
    corpus = os.environ.get("TERCET_CORPUS")
    if not corpus:
        raise tap.Skip("TERCET_CORPUS is not set")
    build = os.path.dirname(os.path.dirname(os.environ["TERCET"]))
    outlines = Outlines(os.path.join(build, "tests", "unit", "cli_outline"))
    tally = Tally(load_known(os.path.join(HERE, "mime_samples.txt")))
    mail_parser(corpus, outlines, tally)
    mime4j(corpus, outlines, tally)
    mailcore(corpus, outlines, tally)
    mimekit(corpus, outlines, tally)
    git(corpus, outlines, tally)
    python_reader(corpus, list(messages_of(corpus)), outlines, tally)
    tally.report(results)


if __name__ == "__main__":
    tap.main(tests)
