#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON objects: every field that is promised, of the promised kind."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import re

import genmail
import live
import tap

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"
                     r"(Z|[+-]\d\d:\d\d)$")
FLAG = re.compile(r"\\[A-Z][a-z]+$|[^\\\s]+$")


def is_time(value):
    return isinstance(value, str) and bool(RFC3339.match(value))


def is_text(value):
    return isinstance(value, str)


def is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) \
        and value >= 0


def is_id(value):
    return is_count(value) and value > 0


def is_bool(value):
    return isinstance(value, bool)


def is_address(value):
    return isinstance(value, dict) and is_text(value.get("address")) \
        and is_text(value.get("name", ""))


def is_addresses(value):
    return isinstance(value, list) and all(map(is_address, value))


def is_texts(value):
    return isinstance(value, list) and all(map(is_text, value))


def is_flags(value):
    return is_texts(value) and all(FLAG.match(one) for one in value)


def is_from(value):
    return is_address(value) or is_addresses(value)


def is_conversation(value):
    return is_id(value) or is_text(value)


def is_attachments(value):
    return is_count(value) or isinstance(value, list)


def one_of(*values):
    return lambda value: value in values


def is_part(value):
    return (isinstance(value, dict) and is_text(value.get("part"))
            and is_text(value.get("type")) and is_bool(value.get("cached"))
            and is_count(value.get("size", 0))
            and is_text(value.get("name", "")))


def is_header(value):
    return (isinstance(value, list) and len(value) == 2
            and all(map(is_text, value)))


# field: (check, may be absent)
MESSAGE = {
    "schema": (is_id, True),
    "id": (is_id, False),
    "account": (is_text, False),
    "folder": (is_text, False),
    "folders": (is_texts, False),
    "uid": (is_id, False),
    "message_id": (is_text, False),
    "conversation": (is_conversation, False),
    "date": (is_time, False),
    "received": (is_time, False),
    "from": (is_from, False),
    "to": (is_addresses, False),
    "cc": (is_addresses, True),
    "reply_to": (is_addresses, True),
    "subject": (is_text, False),
    "flags": (is_flags, False),
    "keywords": (is_texts, True),
    "size": (is_count, False),
    "attachments": (is_attachments, False),
    "snippet": (is_text, True),
    "state": (one_of("envelope", "text", "full"), False),
}
SHOWN = dict(MESSAGE, headers=(
    lambda value: isinstance(value, list) and value
    and all(map(is_header, value)), False),
    text=(is_text, False),
    links=(lambda value: isinstance(value, list), True),
    parts=(lambda value: isinstance(value, list) and value
           and all(map(is_part, value)), False),
    security=(lambda value: isinstance(value, dict)
              and isinstance(value.get("signatures"), list)
              and isinstance(value.get("encryption"), list)
              and isinstance(value.get("warnings"), list), False))
FOLDER = {
    "account": (is_text, False),
    "name": (is_text, False),
    "role": (is_text, True),
    "unread": (is_count, False),
    "total": (is_count, False),
    "placed": (is_count, False),
    "subscribed": (is_bool, False),
    "special": (lambda value: is_text(value) or is_bool(value), True),
    "state": (is_text, False),
}
ACCOUNT = {
    "name": (is_text, False),
    "address": (is_text, False),
    "protocol": (one_of("auto", "imap", "pop3", "local"), False),
    "state": (is_text, False),
    "imap": (is_text, False),
    "pop3": (is_text, True),
    "smtp": (is_text, True),
    "capabilities": (is_texts, True),
    "last_sync": (is_time, True),
    "error": (is_text, True),
}


def faults(row, fields):
    found = []
    for name, (check, optional) in fields.items():
        if row.get(name) is None:
            if not optional:
                found.append("%s is missing" % name)
        elif not check(row[name]):
            found.append("%s is %r" % (name, row[name]))
    return found


def check_rows(test, rows, fields, name):
    found = []
    for row in rows:
        found += ["%s: %s" % (row.get("id") or row.get("name"), fault)
                  for fault in faults(row, fields)]
    return test.ok(rows and not found, name,
                   "\n".join(found[:20]) or "there are none")


def sample():
    parts = ("--cut\nContent-Type: text/html; charset=utf-8\n\n"
             "<p>See <a href=\"https://example.org/plan\">the plan</a>.</p>\n"
             "--cut\nContent-Type: application/pdf; name=\"plan.pdf\"\n"
             "Content-Disposition: attachment; filename=\"plan.pdf\"\n"
             "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"
             "--cut--\n")
    rich = genmail.letter(
        "Plan for the north wing", parts, when=live.FIRST_LETTER + 360000,
        content_type="multipart/mixed; boundary=cut",
        sender="=?utf-8?q?Zo=C3=AB?= <zoe@example.org>",
        to="Ann Example <ann@example.org>, Bo <bo@example.net>",
        message_id="<plan@example.org>",
        extra="Cc: cc@example.org\nReply-To: Office <office@example.org>\n"
              "Authentication-Results: mx.example.org (a (b); x) 1;\n"
              " dkim/1=pass (good; key) header.d=example.org;\n"
              " spf=softfail reason=\"a; dmarc=pass\" smtp.mailfrom=x\n"
              "Authentication-Results: evil.example.net; dkim=fail\n")
    answer = genmail.letter(
        "Re: Plan for the north wing", "Fine.\n",
        when=live.FIRST_LETTER + 370000,
        extra="In-Reply-To: <plan@example.org>\n"
              "References: <plan@example.org>\n")
    return live.letters(10) + [
        (rich, "F", live.FIRST_LETTER + 360000),
        (answer, "", live.FIRST_LETTER + 370000)]


def messages(test, tercet):
    listed = tercet.run("list", "--json", "--folder", "INBOX",
                        "--limit", "100")
    live.check_command(test, listed, 0, "list --json")
    rows = listed.objects()
    test.equal(len(rows), 12, "one object a line for each message")
    check_rows(test, rows, MESSAGE, "message objects")
    by_subject = {row["subject"]: row for row in rows}
    rich = by_subject["Plan for the north wing"]
    answer = by_subject["Re: Plan for the north wing"]
    sender = rich["from"][0] if isinstance(rich["from"], list) \
        else rich["from"]
    test.equal(sender, {"name": "Zoë", "address": "zoe@example.org"},
               "names are decoded")
    test.equal([one["address"] for one in rich["to"]],
               ["ann@example.org", "bo@example.net"], "all of to")
    test.equal([one["address"] for one in rich.get("cc", [])],
               ["cc@example.org"], "cc")
    test.equal([one["address"] for one in rich.get("reply_to", [])],
               ["office@example.org"], "reply_to")
    test.ok("\\Flagged" in rich["flags"] and "\\Seen" not in rich["flags"],
            "flags in IMAP's spelling", repr(rich["flags"]))
    test.equal(rich["message_id"].strip("<>"), "plan@example.org",
               "message_id")
    test.equal(rich["conversation"], answer["conversation"],
               "an answer stands in the same conversation")
    test.ok(len({row["conversation"] for row in rows}) == 11,
            "others in conversations of their own")
    test.ok(rich["date"].startswith("2023-11-1"), "date", rich["date"])
    test.ok(rich["attachments"], "attachments")
    limited = tercet.run("list", "--json", "--limit", "3").objects()
    test.equal(len(limited), 3, "--limit")
    test.equal(limited[0]["subject"], "Re: Plan for the north wing",
               "newest first")
    return rich


def shown(test, tercet, rich):
    result = tercet.run("show", "--json", str(rich["id"]))
    live.check_command(test, result, 0, "show --json")
    one = result.json()
    one = one[0] if isinstance(one, list) else one
    check_rows(test, [one], SHOWN, "the shown message")
    test.equal({key: one.get(key) for key in ("id", "subject", "uid")},
               {key: rich[key] for key in ("id", "subject", "uid")},
               "the same as in the list")
    test.contains(one["text"], "the plan", "text of the HTML")
    headers = dict((name.lower(), value) for name, value in one["headers"])
    test.contains(headers.get("from", ""), "Zoë", "headers are decoded")
    names = [part.get("name") for part in one["parts"]]
    test.ok("plan.pdf" in names, "parts name the attachment", repr(names))
    test.equal(one["security"].get("authentication"),
               [{"server": "mx.example.org", "method": "dkim",
                 "result": "pass",
                 "properties": {"header.d": "example.org"}},
                {"server": "mx.example.org", "method": "spf",
                 "result": "softfail", "reason": "a; dmarc=pass",
                 "properties": {"smtp.mailfrom": "x"}}],
               "what the server believed says of it, and no other")
    test.contains(repr(one.get("links")), "https://example.org/plan",
                  "links")
    for form, wanted in (("--headers", "Message-ID"), ("--text", "plan"),
                         ("--html", "href"), ("--raw", "--cut--")):
        result = tercet.run("show", str(rich["id"]), form)
        live.check_command(test, result, 0, "show " + form)
        test.contains(result.out, wanted, "show %s shows it" % form)
    part = next(part["part"] for part in one["parts"]
                if part.get("name") == "plan.pdf")
    result = tercet.run("show", str(rich["id"]), "--part", part)
    test.equal(result.raw, b"%PDF-1.4\n", "show --part writes its bytes")
    saved = tercet.run("save", str(rich["id"]), "--part", part, "--to",
                       tercet.directory)
    live.check_command(test, saved, 0, "save --part")
    path = os.path.join(tercet.directory, "plan.pdf")
    test.ok(os.path.exists(path) and open(path, "rb").read()
            == b"%PDF-1.4\n", "the file is what was attached")
    test.ok(os.path.exists(path) and os.stat(path).st_mode & 0o077 == 0,
            "and nobody else's to read")


def folders(test, tercet):
    result = tercet.run("folder", "list", "--json")
    live.check_command(test, result, 0, "folder list --json")
    rows = result.objects()
    check_rows(test, rows, FOLDER, "folder objects")
    inbox = live.names_folder({row["name"]: row for row in rows}, "INBOX")
    test.equal((inbox["total"], inbox["placed"], inbox["unread"]),
               (12, 12, 2), "INBOX's counts")
    test.equal({row["account"] for row in rows}, {"work"}, "account")
    roles = {(row.get("role") or "").lower() for row in rows}
    test.ok({"inbox", "sent", "drafts", "trash"} <= roles,
            "roles from SPECIAL-USE", repr(roles))


def accounts(test, server, tercet):
    result = tercet.run("account", "list", "--json")
    live.check_command(test, result, 0, "account list --json")
    rows = result.objects()
    check_rows(test, rows, ACCOUNT, "account objects")
    test.equal([row["name"] for row in rows], ["work"], "its name")
    test.contains(rows[0]["imap"], str(server.port("imaps")), "its server")
    test.ok("IDLE" in " ".join(rows[0].get("capabilities") or []).upper(),
            "its capabilities", repr(rows[0].get("capabilities")))
    result = tercet.run("account", "test", "work", "--json")
    live.check_command(test, result, 0, "account test --json")
    test.ok(isinstance(result.json(), dict), "one document", result.out)
    result = tercet.run("doctor", "--json")
    live.check_command(test, result, 0, "doctor --json")
    test.ok(isinstance(result.json(), (dict, list)), "one document",
            result.out)
    test.ok({"configuration", "store", "clock", "dns", "tls", "imap",
             "login", "capabilities"} <= {
                 one["check"] for one in result.json()["checks"]},
            "each thing is looked at", result.out)
    live.check_command(test, tercet.run("doctor", "--account", "nobody"), 2,
                       "doctor of an account that is not there")
    text = "".join(tercet.run(*argv).said for argv in (
        ("account", "list", "--json"), ("doctor", "--json"))) + tercet.log()
    test.ok("secret" not in text, "no password in any of it")


def stable(test, tercet):
    before = {row["message_id"]: row["id"] for row in tercet.messages()}
    live.check_command(test, tercet.run("sync"), 0, "another sync")
    after = {row["message_id"]: row["id"] for row in tercet.messages()}
    test.equal(after, before, "ids are stable")


def tests(test):
    with live.scene(messages=sample(),
                    general={"offline": "all",
                             "trust_auth_results": "mx.example.org"}) \
            as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "first sync")
        rich = messages(test, tercet)
        shown(test, tercet, rich)
        folders(test, tercet)
        accounts(test, server, tercet)
        stable(test, tercet)
        test.equal(oct(os.stat(tercet.data).st_mode & 0o777), "0o700",
                   "the store is nobody else's to enter")
        loose = [name for name in os.listdir(tercet.data)
                 if os.stat(os.path.join(tercet.data, name)).st_mode & 0o077]
        test.equal(loose, [], "nor to read")
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
