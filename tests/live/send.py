#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending from the command line: what goes over the wire, what a server's
answers do to the outbox, and faults at every step of the dialogue."""

import email
import email.policy
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
import dovecot
import fixture
import live
import smtpsink
import tap

MAIL = b"""\
From: Ann Example <ann@example.org>
To: Bo <bo@example.net>
Cc: c@example.net
Bcc: hidden@example.net
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Message-ID: <%s@example.org>

Hello
.
..dots
From here
"""


def configure(tercet, sink, **keys):
    tercet.password("work", sink.password)
    settings = {"name": "Ann Example", "address": "ann@example.org",
                "smtp": sink.url, "protocol": "local",
                "password_command": "cat " + tercet._secret("work")}
    settings.update(keys)
    tercet._set("account work", settings)


def mail(name):
    return MAIL % name.encode()


def rows(tercet):
    return {row["message_id"]: row
            for row in tercet.run("outbox", "--all", "--json").objects()}


def state(tercet, name):
    return rows(tercet)[name + "@example.org"]["state"]


def plain(test):
    """One message, and what is in it."""
    with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
        configure(tercet, sink)
        result = tercet.run("send", "-t", "-i", stdin=mail("one"))
        live.check_command(test, result, 0, "sent")
        test.equal(len(sink.messages), 1, "the server has it")
        message = sink.messages[0]
        test.equal(sorted(message.recipients),
                   ["bo@example.net", "c@example.net", "hidden@example.net"],
                   "for everybody")
        test.equal(message.sender, "ann@example.org", "from the account")
        test.equal(message.message_id, "one@example.org",
                   "with the Message-ID it came with")
        parsed = email.message_from_bytes(message.data,
                                          policy=email.policy.default)
        test.equal(parsed["subject"], "Grüße", "subject")
        test.equal(parsed.get_content().replace("\r\n", "\n"),
                   "Hello\n.\n..dots\nFrom here\n", "text, dots and all")
        test.ok(parsed["date"], "a date was added")
        test.equal(state(tercet, "one"), "sent", "the outbox says so")
        test.equal(sink.faults, [], "nothing no client should do")
        copies = tercet.messages("Sent")
        test.equal([it["subject"] for it in copies], ["Grüße"],
                   "a copy in Sent")
        raw = tercet.run("show", "--raw", str(copies[0]["id"]))
        test.contains(raw.out, "Bcc: hidden@example.net",
                      "  which keeps Bcc")
        result = tercet.run("send", "root", stdin=b"cron says\n.\nnot this\n")
        live.check_command(test, result, 0, "mail to somebody here")
        test.equal(sink.messages[1].recipients, ["ann@example.org"],
                   "  goes to the account")
        test.ok(sink.messages[1].data.endswith(b"\r\n\r\ncron says\r\n"),
                "  and ends at the lone dot")
        live.check_no_reports(test, tercet)


# What the server does, exit status of `send --now`, state, copies it has.
FAULTS = (
    ("451 to MAIL", {"fail": {"mail": "451 4.3.0 later"}}, 3, "deferred", 0),
    ("550 to MAIL", {"fail": {"mail": "550 5.7.1 no"}}, 1, "failed", 0),
    ("450 to RCPT", {"fail": {"rcpt": "450 4.2.1 later"}}, 3, "deferred", 0),
    ("550 to RCPT", {"fail": {"rcpt": "550 5.1.1 who?"}}, 1, "failed", 0),
    ("452 to DATA", {"fail": {"data": "452 4.3.1 full"}}, 3, "deferred", 0),
    ("554 to DATA", {"fail": {"data": "554 5.5.1 no"}}, 1, "failed", 0),
    ("451 at the end", {"fail": {"dot": "451 4.3.0 later"}}, 3, "deferred",
     0),
    ("554 at the end", {"fail": {"dot": "554 5.7.1 spam"}}, 1, "failed", 0),
    ("421 at the greeting", {"fail": {"connect": "421 busy"}}, 3, "deferred",
     0),
    ("554 at the greeting", {"fail": {"connect": "554 no"}}, 3, "deferred",
     0),
    ("454 to AUTH", {"fail": {"auth": "454 4.7.0 later"}}, 3, "deferred", 0),
    ("535 to AUTH", {"fail": {"auth": "535 5.7.8 no"}}, 3, "deferred", 0),
    ("421 to MAIL", {"fail": {"mail": "421 closing"}}, 3, "deferred", 0),
    ("cut at connect", {"drop": {"connect"}}, 3, "deferred", 0),
    ("cut at EHLO", {"drop": {"ehlo"}}, 3, "deferred", 0),
    ("cut at AUTH", {"drop": {"auth"}}, 3, "deferred", 0),
    ("cut at MAIL", {"drop": {"mail"}}, 3, "deferred", 0),
    ("cut at RCPT", {"drop": {"rcpt"}}, 3, "deferred", 0),
    ("cut at DATA", {"drop": {"data"}}, 3, "deferred", 0),
    ("cut before the reply", {"drop": {"before-250"}}, 3, "unconfirmed", 1),
    ("cut before it was kept", {"drop": {"before-dot"}}, 3, "unconfirmed",
     0),
    ("cut in the reply", {"drop_once": ["mid-250"]}, 3, "unconfirmed", 1),
    ("cut after the reply", {"drop": {"after-250"}}, 0, "sent", 1),
)


def faults(test):
    for name, how, status, wanted, kept in FAULTS:
        with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
            configure(tercet, sink)
            for key, value in how.items():
                setattr(sink, key, value)
            result = tercet.run("send", "--now", "-t", "-i",
                                stdin=mail("fault"))
            live.check_command(test, result, status, name)
            test.equal(state(tercet, "fault"), wanted, "  " + wanted)
            sink.fail, sink.drop = {}, set()
            tercet.run("outbox", "flush")
            ended = {"deferred": "sent"}.get(wanted, wanted)
            test.equal(state(tercet, "fault"), ended, "  then " + ended)
            copies = 1 if ended == "sent" else kept
            test.equal(len(sink.messages), copies,
                       "  %d at the server" % copies)
            if wanted == "unconfirmed":
                row = rows(tercet)["fault@example.org"]
                tercet.run("outbox", "sent", str(row["id"]))
                test.equal(state(tercet, "fault"), "sent",
                           "  until somebody says so")
                test.equal(len(sink.messages), kept, "  without a second")


def partly(test):
    with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
        configure(tercet, sink)
        sink.bad = {"c@example.net": "550 5.1.1 no such user",
                    "hidden@example.net": "450 4.2.1 later"}
        result = tercet.run("send", "--now", "-t", "-i", stdin=mail("some"))
        live.check_command(test, result, 3, "one bad, one later")
        test.equal(sink.messages[0].recipients, ["bo@example.net"],
                   "  the good one has it")
        row = rows(tercet)["some@example.org"]
        shown = tercet.run("outbox", "show", str(row["id"]), "--json").json()
        test.equal({it["address"]: it["state"]
                    for it in shown["recipients"]},
                   {"bo@example.net": "sent", "c@example.net": "refused",
                    "hidden@example.net": "waiting"}, "  each has its fate")
        sink.bad.pop("hidden@example.net")
        tercet.run("outbox", "flush")
        test.equal(sink.messages[1].recipients, ["hidden@example.net"],
                   "  who waited gets it, and nobody else again")
        test.equal(state(tercet, "some"), "failed", "  one was refused")
        test.equal(len(tercet.messages("Sent")), 1, "  one copy in Sent")
        sink.bad = {}
        tercet.run("outbox", "retry", str(row["id"]))
        test.equal(sink.messages[2].recipients, ["c@example.net"],
                   "  retry goes to who was refused")
        test.equal(state(tercet, "some"), "sent", "  then it is sent")


def waiting(test):
    with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
        configure(tercet, sink)
        result = tercet.run("send", "--at", "in 2 hours", "-t", "-i",
                            stdin=mail("later"))
        live.check_command(test, result, 0, "send later")
        tercet.run("outbox", "flush")
        test.equal(state(tercet, "later"), "held", "  held")
        row = rows(tercet)["later@example.org"]
        test.ok("next_attempt" in row, "  and until when")
        tercet.run("outbox", "retry", str(row["id"]))
        test.equal(state(tercet, "later"), "sent", "  or at once")
        tercet.run("send", "--at", "tomorrow", "-t", "-i",
                   stdin=mail("never"))
        row = rows(tercet)["never@example.org"]
        live.check_command(
            test, tercet.run("outbox", "cancel", str(row["id"])), 0,
            "cancelled")
        tercet.run("outbox", "flush")
        test.equal(state(tercet, "never"), "cancelled", "  for good")
        test.equal(len(sink.messages), 1, "  the server saw one")
        result = tercet.run("send", "--at", "yesterday", "-t", "-i",
                            stdin=mail("past"))
        test.equal(result.status, 2, "no time to come")
        result = tercet.run("send", "-i", stdin=mail("nobody"))
        test.equal(result.status, 2, "nobody to send to")
        result = tercet.run("send", "-i", "address@", stdin=mail("odd"))
        test.equal(result.status, 2, "no address")
        result = tercet.run("--read-only", "send", "-t", "-i",
                            stdin=mail("ro"))
        test.equal(result.status, 4, "nothing under --read-only")


def many(test):
    """A queue, over one session."""
    with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
        count = int(os.environ.get("TERCET_MANY", "40"))
        port = sink.port
        configure(tercet, sink, smtp="smtp+insecure://ann@127.0.0.1:1")
        for i in range(count):
            tercet.run("send", "-t", "-i", stdin=mail("many%d" % i))
        configure(tercet, sink)
        before = sink.sessions
        result = tercet.run("outbox", "flush", timeout=300)
        live.check_command(test, result, 0, "%d waited" % count)
        test.equal(len(set(sink.ids())), count, "  all are there")
        test.equal(len(sink.messages), count, "  once")
        test.equal(sink.sessions - before, 1, "  over one session")
        test.ok(port == sink.port, "  of the same server")


def large(test):
    with smtpsink.Sink() as sink, fixture.Tercet() as tercet:
        configure(tercet, sink)
        body = (b"x" * 75 + b"\n") * (25 * 1024 * 1024 // 76)
        small = tercet.run("send", "-i", "bo@example.net",
                           stdin=b"Subject: small\n\nx\n")
        big = tercet.run("send", "-i", "bo@example.net",
                         stdin=b"Subject: big\n\n" + body, timeout=300)
        live.check_command(test, big, 0, "25 MB")
        test.equal(len(sink.messages[1].data.replace(b"\r\n", b"\n")) >
                   len(body), True, "  all of it")
        # The copy for Sent is read through a mapping of its file.
        test.ok(big.peak_kb < small.peak_kb + 40 * 1024,
                "  without holding it",
                "%d KB, small %d KB" % (big.peak_kb, small.peak_kb))


def by_command(test):
    with fixture.Tercet() as tercet, smtpsink.Sink() as sink:
        script = os.path.join(tercet.directory, "transport")
        kept = os.path.join(tercet.directory, "kept")
        with open(script, "w") as out:
            out.write("#!/bin/sh\necho \"$@\" >%s.args\ncat >%s\n"
                      "test ! -f %s.fail || { echo no >&2; exit 75; }\n"
                      % (kept, kept, kept))
        os.chmod(script, 0o755)
        configure(tercet, sink, sendmail_command=script + " -x 'a b'")
        result = tercet.run("send", "--now", "-t", "-i", stdin=mail("cmd"))
        live.check_command(test, result, 0, "by a command")
        with open(kept + ".args") as args:
            test.equal(args.read().split()[:7],
                       ["-x", "a", "b", "-oi", "-f", "ann@example.org", "--"],
                       "  with sendmail's arguments")
        with open(kept, "rb") as sent:
            text = sent.read()
        test.ok(b"\r" not in text and b"\n.\n..dots\n" in text,
                "  line feeds, dots as they are")
        open(kept + ".fail", "w").close()
        result = tercet.run("send", "--now", "-t", "-i", stdin=mail("tmp"))
        live.check_command(test, result, 3, "EX_TEMPFAIL")
        test.equal(state(tercet, "tmp"), "deferred", "  deferred")
        test.equal(len(sink.messages), 0, "  and no SMTP")


SUBMISSION = """
protocols = $protocols submission
hostname = localhost
submission_relay_host = 127.0.0.1
submission_relay_port = %d
submission_relay_ssl = no
service submission-login {
  chroot =
  inet_listener submission {
    port = %d
  }
}
"""


def real_server(test):
    """Dovecot's submission service: STARTTLS, a login, and Sent by IMAP."""
    if not os.path.exists("/usr/lib/dovecot/submission-login"):
        test.skip("Dovecot's submission", "dovecot-submissiond is missing")
        return
    port = dovecot.free_ports(1)[0]
    with smtpsink.Sink(user=None) as sink:
        with live.scene(messages=2, extra=SUBMISSION % (sink.port, port),
                        account={"smtp": "smtp://%s@localhost:%d" %
                                 (live.USER, port)}) as (server, tercet):
            live.check_command(test, tercet.run("sync"), 0, "synced")
            result = tercet.run("send", "--now", "-t", "-i",
                                stdin=mail("real"))
            live.check_command(test, result, 0, "sent with STARTTLS")
            test.equal(sink.ids(), ["real@example.org"], "  it was relayed")
            test.equal(server.count(live.USER, "Sent"), 1,
                       "  its copy is in the server's Sent")
            live.check_same(test, server, tercet, "  and here")
            tercet.password("work", "wrong")
            result = tercet.run("send", "--now", "-t", "-i",
                                stdin=mail("wrong"))
            live.check_command(test, result, 3, "a wrong password")
            test.equal(state(tercet, "wrong"), "deferred", "  deferred")
            tercet.password("work", live.PASSWORD)
            live.check_command(test, tercet.run("sync"), 0,
                               "sync sends what waits")
            test.equal(state(tercet, "wrong"), "sent", "  sent")
            live.check_no_reports(test, tercet)


def tests(test):
    plain(test)
    faults(test)
    partly(test)
    waiting(test)
    many(test)
    large(test)
    by_command(test)
    real_server(test)


if __name__ == "__main__":
    tap.main(tests)
