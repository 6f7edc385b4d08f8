#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bounce and a receipt beside what they are about, an invitation in the
reader's zone, and whom a letter is from, on the screen and in JSON."""

import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import fixture
import genmail
import live
import tap

SENT = "<plan@example.org>"
NO_USER = "550 5.1.1 No such user here"

BOUNCE = """--b

I could not deliver it, sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; bo@example.net
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; %s

--b
Content-Type: message/rfc822

Message-ID: %s
Subject: Plan

As agreed.
--b--
""" % (NO_USER, SENT)

RECEIPT = """--b

It was read.

--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; cy@example.net
Original-Message-ID: %s
Disposition: manual-action/MDN-sent-manually; displayed

--b--
""" % SENT

INVITATION = """--b
Content-Type: text/plain

Do come.

--b
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:tea@example.org
SUMMARY:Tea in the hall
DTSTART;TZID=America/New_York:20261124T080000
DTEND;TZID=America/New_York:20261124T093000
RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261224T130000Z
LOCATION:North wing
ORGANIZER;CN=Ann Example:mailto:ann@example.org
ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@example.net
END:VEVENT
END:VCALENDAR
--b--
"""

# With attachments only the parts that are read are fetched.
ATTACHED = """--b
Content-Type: text/plain

Bring a pot.

--b
Content-Type: application/ics; name=supper.ics
Content-Disposition: attachment; filename=supper.ics

BEGIN:VCALENDAR
METHOD:CANCEL
BEGIN:VEVENT
SUMMARY:Supper
DTSTART;VALUE=DATE:20261128
END:VEVENT
END:VCALENDAR

--b
Content-Type: application/pdf; name=menu.pdf
Content-Disposition: attachment; filename=menu.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b--
"""

RESULTS = ("Authentication-Results: mx.example.org;\n"
           " dmarc=%s header.from=example.org\n"
           "Received: from elsewhere by mx.example.org; %s\n"
           "Authentication-Results: mx.example.org; dmarc=pass\n")
DATE = "Fri, 20 Nov 2026 10:00:00 +0000"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.org>"


def sample():
    """The bounce stands before what it is about."""
    def one(place, subject, body, **options):
        return (genmail.letter(subject, body, when=live.FIRST_LETTER + place,
                               **options), "", live.FIRST_LETTER + place)
    return [
        one(10, "Undelivered", BOUNCE, sender=DAEMON,
            content_type="multipart/report; report-type=delivery-status; "
                         "boundary=b"),
        one(20, "Plan", "As agreed.\n", message_id=SENT),
        one(30, "Read: Plan", RECEIPT, sender="Cy <cy@example.net>",
            content_type="multipart/report; "
                         "report-type=disposition-notification; boundary=b"),
        one(40, "Tea", INVITATION,
            content_type="multipart/alternative; boundary=b",
            extra=RESULTS % ("pass", DATE)),
        one(45, "Supper", ATTACHED,
            content_type="multipart/mixed; boundary=b",
            extra=RESULTS % ("pass", DATE)),
        one(50, "Money", "Send some.\n", extra=RESULTS % ("fail", DATE)),
    ]


def shown(test, tercet, subject, *options):
    row = next(row for row in tercet.messages()
               if row.get("subject") == subject)
    result = tercet.run("show", str(row["id"]), *options)
    live.check_command(test, result, 0, "show " + subject)
    return result


def in_json(test, tercet):
    plan = shown(test, tercet, "Plan", "--json").json()
    plan = plan[0] if isinstance(plan, list) else plan
    reports = {report["action"]: report
               for report in plan.get("reports", [])}
    test.equal(sorted(reports), ["displayed", "failed"],
               "both reports are found by what they are about")
    failed = reports.get("failed", {})
    test.equal({key: failed.get(key) for key in
                ("recipient", "status", "server", "text")},
               {"recipient": "bo@example.net", "status": "5.1.1",
                "server": "mail.example.net", "text": NO_USER},
               "with whom and why")
    for subject, result in (("Tea", "pass"), ("Supper", "pass"),
                            ("Money", "fail")):
        one = shown(test, tercet, subject, "--json").json()
        one = one[0] if isinstance(one, list) else one
        security = one["security"]
        test.equal(security.get("origin"),
                   {"domain": "example.org", "result": result},
                   "the server believed says " + result)
        test.equal(len(security["authentication"]), 1,
                   "and no field that came with the message")
        test.equal("origin-failed" in security["warnings"],
                   result == "fail", "a warning where it fails")


def in_words(test, tercet):
    out = shown(test, tercet, "Plan").out
    test.contains(out, "! Not delivered to bo@example.net: " + NO_USER,
                  "the bounce is told with what was sent")
    test.contains(out, "says a report of", "as what a report says")
    test.contains(out, "Read by cy@example.net", "and the receipt")
    out = shown(test, tercet, "Undelivered").out
    test.contains(out, "Not delivered to bo@example.net",
                  "the bounce is read")
    test.contains(out, "I could not deliver it", "its own text stays")
    out = shown(test, tercet, "Tea").out
    test.contains(out, "Origin: example.org", "whom it is from")
    test.contains(out, "Invitation: Tea in the hall", "an invitation")
    out = shown(test, tercet, "Supper").out
    test.contains(out, "Cancelled: Supper", "one that is attached")
    test.contains(out, "Origin: example.org", "and whom it is from")
    test.contains(out, "Bring a pot", "beside its text")
    test.contains(shown(test, tercet, "Money").out,
                  "Origin: not example.org", "whom it is not from")


SCREENS = (
    # 08:00 in New York is 22:00 in Tokyo.
    ("Tea", ("Invitation: Tea in the hall",
             r"Tue 24 Nov 2026, 22:00 to 23:30",
             r"08:00 to 09:30 \(America/New_York\)", "every Tuesday until",
             "North wing", "Ann Example <ann@example.org>", "accepted",
             "Do come")),
    ("Plan", ("Not delivered to bo@example.net", NO_USER,
              "Read by cy@example.net", "As agreed")),
    ("Undelivered", ("Not delivered to bo@example.net",
                     "Said by mail.example.net", "I could not deliver it")))


def subject_of(term):
    found = re.search(r"Subject +(\S[^\n]*?) *$", term.text(), re.M)
    return found and found.group(1)


def on_screen(test, tercet):
    """From the newest down, each as soon as it is there."""
    with tercet.terminal(env={"TZ": "Asia/Tokyo"}, cols=100,
                         rows=50) as term:
        fixture.until(lambda: term.pump(0.1) or subject_of(term),
                      live.patience(10))
        term.press("g", "g")
        fixture.until(lambda: term.pump(0.1) or subject_of(term) == "Money",
                      live.patience(5))
        for subject, wanted in SCREENS:
            for _ in range(6):
                before = subject_of(term)
                if before == subject:
                    break
                term.press("j")
                fixture.until(lambda before=before: term.pump(0.1) or
                              subject_of(term) != before, live.patience(5))
            missing = [text for text in wanted if not fixture.until(
                lambda text=text: term.pump(0.1) or term.find(text),
                live.patience(5))]
            test.ok(not missing, "the screen shows %s" % subject,
                    "%r\n%s" % (missing, term.dump()))
        live.check_ended_well(test, term, tercet, "the screen")


def tests(test):
    with live.scene(messages=sample(),
                    general={"offline": "all",
                             "trust_auth_results": "mx.example.org"}) \
            as (server, tercet):
        live.check_command(test, tercet.run("sync"), 0, "first sync")
        in_json(test, tercet)
        in_words(test, tercet)
        on_screen(test, tercet)
        live.check_no_reports(test, tercet)


if __name__ == "__main__":
    tap.main(tests)
