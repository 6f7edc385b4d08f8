#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that breaks every rule: no crash, no hang, nothing lost for good."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "fake"))

import tempfile

import cases
import certs
import fixture
import imapserver
import live
import tap

MEMORY = 256 * 1024             # kilobytes
SAMPLES = {"Sample %d" % number for number in range(1, 6)}


def account(tercet, server, scheme, authority):
    tercet.settings.pop("account work", None)
    tercet.account("work", "%s://ann@localhost:%d" % (scheme, server.port),
                   tls_ca_file=authority)


def samples(tercet):
    """Which of the samples are listed; the odd one by its UID alone."""
    result = tercet.run("list", "--json", "--folder", "INBOX",
                        "--limit", "10000")
    if result.status != 0:
        return set()
    found = {row.get("subject") for row in result.objects()}
    if any(row["uid"] == imapserver.ODD_ONE for row in result.objects()):
        found.add("Sample %d" % imapserver.ODD_ONE)
    return found & SAMPLES


def judge(case, result, found):
    """What is wrong with how the fault was met, in words."""
    wrong = []
    if result.crashed:
        wrong.append("crashed, or had to be killed")
    if result.seconds > live.patience(case.seconds):
        wrong.append("took %.1f s" % result.seconds)
    if result.peak_kb > MEMORY and not os.environ.get("ASAN_OPTIONS"):
        wrong.append("used %d MB" % (result.peak_kb // 1024))
    if result.status not in (0, 1, 3, 4):
        wrong.append("status %s" % result.status)
    if result.status != 0 and not result.said.strip():
        wrong.append("failed without a word")
    if "\x1b" in result.said or "\x07" in result.said:
        wrong.append("let an escape sequence through")
    if case.expect == cases.FAIL and result.status == 0:
        wrong.append("should have failed")
    if case.expect in (cases.SURVIVE, cases.LOSE) and result.status != 0:
        wrong.append("should have gone through")
    missing = SAMPLES - found
    if case.expect == cases.SURVIVE and missing:
        wrong.append("missing: %s" % sorted(missing))
    if case.expect == cases.LOSE and not missing <= {"Sample 3"}:
        wrong.append("missing: %s" % sorted(missing))
    return wrong


def credentials_in_clear(server):
    return [line for line in server.commands
            if "secret" in line or "AUTHENTICATE" in line.upper()]


def one(test, case, certificate, authority):
    with imapserver.FakeServer(case.fault, certificate=certificate) \
            as server, fixture.Tercet() as tercet:
        tercet.general(offline="all")
        account(tercet, server, case.scheme, authority)
        result = tercet.run("sync", timeout=case.seconds + 20)
        wrong = judge(case, result, samples(tercet))
        if case.scheme == "imap" and case.expect == cases.FAIL \
                and credentials_in_clear(server):
            wrong.append("sent credentials: %s" % server.commands)
        if "LOGINDISABLED" in case.fault.capability \
                and case.expect == cases.FAIL \
                and credentials_in_clear(server):
            wrong.append("logged in where that is forbidden")
        server.calm()
        # A server without STARTTLS stays what it is when it calms down.
        if case.scheme == "imap" and not case.fault.starttls:
            account(tercet, server, "imap+insecure", authority)
        after = tercet.run("sync", timeout=40)
        if after.status != 0:
            wrong.append("afterwards: %s" % after)
        elif SAMPLES - samples(tercet):
            wrong.append("afterwards missing: %s" % sorted(
                SAMPLES - samples(tercet)))
        reports = tercet.sanitizer_reports()
        if reports:
            wrong.append(reports[:3000])
        test.ok(not wrong, case.name, "%s\nfirst %s\nlast commands: %s" % (
            "\n".join(wrong), result, server.commands[-6:]))


# -- the interface, waiting -------------------------------------------------

WAITING = (
    ("IDLE: data before the go-ahead", imapserver.say(b"* 5 EXISTS",
                                                      b"* OK still here")),
    ("IDLE: refused", imapserver.answer(b"TAG NO not today")),
    ("IDLE: not understood", imapserver.answer(b"TAG BAD what")),
    ("IDLE: closed", imapserver.close),
    ("IDLE: an alert without text", imapserver.say(b"* OK [ALERT]")),
    ("IDLE: stalls", imapserver.stall),
)


def waiting(test):
    """New mail is seen whatever happens to IDLE, once it is over."""
    for name, action in WAITING:
        fault = imapserver.Fault(on={"IDLE": action})
        with imapserver.FakeServer(fault) as server, \
                fixture.Tercet() as tercet:
            tercet.account("work", "imap+insecure://ann@localhost:%d"
                           % server.port)
            with tercet.terminal() as term:
                term.wait_for("Sample 5", live.patience(15))
                live.check_keys(test, term, ["j", "k"], 20,
                                name + ": keys are answered")
                term.pump(1)
                server.calm()
                server.mailboxes["INBOX"].add()
                if "stalls" in name:
                    server.hang_up()
                term.wait_for("Sample 6", live.patience(60))
                test.ok(True, name + ": new mail is seen")
                live.check_ended_well(test, term, tercet, name)


# -- lies about what there is -----------------------------------------------

def emptied(test):
    """A server that says that all folders are empty."""
    with imapserver.FakeServer() as server, fixture.Tercet() as tercet:
        tercet.general(offline="all")
        tercet.account("work", "imap+insecure://ann@localhost:%d"
                       % server.port)
        live.check_command(test, tercet.run("sync"), 0, "emptied: sync")
        before = {row["id"] for row in tercet.messages("INBOX")}
        server.lies = 1
        told = tercet.run("sync")
        test.ok(not told.crashed, "emptied: the lie is survived")
        test.equal({row["id"] for row in tercet.messages("INBOX")}, before,
                   "emptied: one session's word is not enough")
        live.check_command(test, tercet.run("sync"), 0, "emptied: sync")
        test.equal({row["id"] for row in tercet.messages("INBOX")}, before,
                   "emptied: all mail is there")
        server.mailboxes["INBOX"].messages = []
        for _ in range(2):
            tercet.run("sync")
        test.equal(samples(tercet), set(),
                   "emptied: what two sessions say is believed")


def renumbered(test):
    """UIDs that come again under another UIDVALIDITY, and swapped."""
    with imapserver.FakeServer() as server, fixture.Tercet() as tercet:
        tercet.general(offline="all")
        tercet.account("work", "imap+insecure://ann@localhost:%d"
                       % server.port)
        live.check_command(test, tercet.run("sync"), 0, "renumbered: sync")
        inbox = server.mailboxes["INBOX"]
        inbox.uidvalidity += 1
        inbox.messages.reverse()
        for number, message in enumerate(inbox.messages, 1):
            message.uid = number
        live.check_command(test, tercet.run("sync"), 0, "renumbered: again")
        rows = tercet.messages("INBOX")
        test.equal({row["uid"]: row["subject"] for row in rows},
                   {6 - number: "Sample %d" % number
                    for number in range(1, 6)},
                   "renumbered: each message has its new UID")
        for row in rows:
            shown = tercet.run("show", str(row["id"]))
            test.contains(shown.out, "Text of sample " + row["subject"][-1],
                          "renumbered: %s has its own text"
                          % row["subject"])


def tests(test):
    only = os.environ.get("TERCET_FAULT")
    with tempfile.TemporaryDirectory() as directory:
        authority = certs.make(directory)
        certificate = certs.paths(directory, "good")
        for case in cases.CASES:
            if only is None or only in case.name:
                one(test, case, certificate, authority)
    if only is None:
        waiting(test)
        emptied(test)
        renumbered(test)


if __name__ == "__main__":
    tap.main(tests)
