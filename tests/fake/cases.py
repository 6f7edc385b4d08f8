# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that real servers do not produce on demand, as a table.

Each case is met by `tercet sync` while the fault lasts and once more when
it is over.  Always: no crash, an end in time, bounded memory, nothing in
clear that was to be encrypted; and in the end all mail is there.  While the
fault lasts, in addition:

    SURVIVE   sync goes through with all messages
    LOSE      sync may miss the odd message, and nothing else
    FAIL      sync fails with a sentence that names the server
    ANY       sync may go through or fail with a sentence
"""

import dataclasses

from imapserver import (CAPABILITY, Fault, answer, close, flood, raw, say,
                        stall, trickle)

SURVIVE, LOSE, FAIL, ANY = "survive", "lose", "fail", "any"


@dataclasses.dataclass
class Case:
    name: str
    expect: str
    fault: Fault
    scheme: str = "imap+insecure"
    seconds: float = 20         # for the sync under the fault


def at(command, action):
    return Fault(on={command: action})


def literal(data):
    return b"{%d}\r\n%s" % (len(data), data)


def cut_after(command, data):
    """Part of an answer, and no more."""
    return at(command, raw(data))


# -- greetings ---------------------------------------------------------------

GREETINGS = [
    Case("greeting: BYE", FAIL, Fault(greeting=b"* BYE too busy\r\n")),
    Case("greeting: closed at once", FAIL, Fault(at_connect=close)),
    Case("greeting: another protocol's", FAIL,
         Fault(greeting=b"220 mail.example.org ESMTP\r\n")),
    Case("greeting: POP3", FAIL, Fault(greeting=b"+OK ready\r\n")),
    Case("greeting: bytes without sense", FAIL,
         Fault(greeting=bytes(range(128, 256)) * 4 + b"\r\n")),
    Case("greeting: no text", ANY, Fault(greeting=b"* OK\r\n")),
    Case("greeting: an alert without text", ANY,
         Fault(greeting=b"* OK [ALERT]\r\n")),
    Case("greeting: a code that never ends", ANY,
         Fault(greeting=b"* OK [CAPABILITY IMAP4rev1\r\n")),
    Case("greeting: capabilities", SURVIVE,
         Fault(greeting=b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")),
    Case("greeting: bare LF", ANY, Fault(greeting=b"* OK hello\n")),
    Case("greeting: several lines", ANY,
         Fault(greeting=b"* OK hello\r\n* OK [ALERT] there\r\n")),
    Case("greeting: a referral elsewhere", FAIL,
         Fault(greeting=b"* BYE [REFERRAL imap://127.0.0.1:1/] there\r\n")),
    Case("greeting: a line of 16 MB", FAIL,
         Fault(greeting=b"* OK " + b"x" * (16 << 20) + b"\r\n")),
    Case("greeting: PREAUTH in clear", ANY, Fault(preauth=True)),
    Case("greeting: PREAUTH where TLS is demanded", FAIL,
         Fault(preauth=True, starttls=True), scheme="imap"),
    Case("greeting: one byte at a time", SURVIVE,
         Fault(at_connect=trickle)),
    Case("greeting: none", FAIL, Fault(at_connect=stall), seconds=90),
    Case("greeting: escape sequences", FAIL,
         Fault(greeting=b"* BYE \x1b]0;PWNED\x07\x1b[2J\xc2\x9b2J\r\n")),
]

# -- STARTTLS ----------------------------------------------------------------

INJECTED = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nx1 OK injected\r\n"
STARTTLS = [
    Case("STARTTLS: as it should be", SURVIVE, Fault(starttls=True),
         scheme="imap"),
    Case("STARTTLS: bytes behind the go-ahead", FAIL,
         Fault(starttls=True, after_starttls=INJECTED), scheme="imap"),
    Case("STARTTLS: bytes a little later", FAIL,
         Fault(starttls=True, late_starttls=INJECTED), scheme="imap"),
    Case("STARTTLS: not offered", FAIL, Fault(), scheme="imap"),
    Case("STARTTLS: refused", FAIL,
         Fault(starttls=True, on={"STARTTLS": answer(b"TAG NO later")}),
         scheme="imap"),
    Case("STARTTLS: not understood", FAIL,
         Fault(starttls=True, on={"STARTTLS": answer(b"TAG BAD what")}),
         scheme="imap"),
    Case("STARTTLS: OK and gone", FAIL,
         Fault(starttls=True, on={"STARTTLS": raw(b"TAG OK go\r\n")}),
         scheme="imap"),
    Case("STARTTLS: OK and garbage", FAIL,
         Fault(starttls=True,
               on={"STARTTLS": raw(b"TAG OK go\r\n"
                                   + b"\x16\x03\x01" * 50)}),
         scheme="imap"),
    Case("STARTTLS: what was announced before is forgotten", SURVIVE,
         Fault(starttls=True, capability="IMAP4rev1 LOGINDISABLED QRESYNC "
               "CONDSTORE ENABLE NOTIFY COMPRESS=DEFLATE AUTH=GSSAPI",
               capability_tls=CAPABILITY), scheme="imap"),
]

# -- logging in --------------------------------------------------------------

LOGIN = [
    Case("login: refused", FAIL,
         at("LOGIN", answer(b"TAG NO [AUTHENTICATIONFAILED] no"))),
    Case("login: refused without a word", FAIL, at("LOGIN",
                                                   answer(b"TAG NO"))),
    Case("login: not understood", FAIL, at("LOGIN", answer(b"TAG BAD no"))),
    Case("login: BYE", FAIL, cut_after("LOGIN", b"* BYE maintenance\r\n")),
    Case("login: closed", FAIL, at("LOGIN", close)),
    Case("login: OK without text", SURVIVE,
         at("LOGIN", answer(b"TAG OK"))),
    Case("login: an alert", SURVIVE,
         at("LOGIN", say(b"* OK [ALERT] disk is full"))),
    Case("login: an alert without text", SURVIVE,
         at("LOGIN", say(b"* OK [ALERT]"))),
    Case("login: untagged data first", SURVIVE,
         at("LOGIN", say(b"* CAPABILITY IMAP4rev1", b"* 3 EXISTS",
                         b"* XFOO"))),
    Case("login: challenges without end", FAIL,
         at("LOGIN", flood(b"+ \r\n", 100000, then_answer=False))),
    Case("login: forbidden in clear", FAIL,
         Fault(capability="IMAP4rev1 LOGINDISABLED")),
    Case("login: no mechanism known", ANY,
         Fault(capability="IMAP4rev1 AUTH=GSSAPI AUTH=NTLM")),
    Case("login: stalls", FAIL, at("LOGIN", stall), seconds=90),
    Case("login: wrong tag", FAIL, at("LOGIN", raw(b"zz9 OK done\r\n"))),
]

# -- untagged lines before the answer to FETCH -------------------------------

UNTAGGED = {
    "alert without text": b"* OK [ALERT]",
    "parse without text": b"* OK [PARSE]",
    "odd PERMANENTFLAGS": b"* OK [PERMANENTFLAGS (\\] bad]",
    "open PERMANENTFLAGS": b"* OK [PERMANENTFLAGS (\\Seen",
    "empty code": b"* OK [] text",
    "open code": b"* OK [",
    "OK alone": b"* OK",
    "NO": b"* NO something",
    "BAD": b"* BAD something",
    "odd BADCHARSET": b"* NO [BADCHARSET (utf-8",
    "UIDVALIDITY of letters": b"* OK [UIDVALIDITY x] y",
    "UIDNEXT beyond 64 bits": b"* OK [UIDNEXT 99999999999999999999999] x",
    "negative HIGHESTMODSEQ": b"* OK [HIGHESTMODSEQ -1] x",
    "COPYUID of everything": b"* OK [COPYUID 1 1:4294967295 1:5] x",
    "APPENDUID": b"* OK [APPENDUID 0 0] x",
    "unknown word": b"* XYZZY foo \"bar\" (1 (2))",
    "unknown word with a literal": b"* XYZZY {3}\r\nabc x",
    "unknown word with a number": b"* 5 XYZZY",
    "EXPUNGE of nothing": b"* 0 EXPUNGE",
    "EXPUNGE beyond the end": b"* 99999 EXPUNGE",
    "EXPUNGE without number": b"* EXPUNGE",
    "EXISTS beyond 32 bits": b"* 99999999999 EXISTS",
    "EXISTS negative": b"* -1 EXISTS",
    "EXISTS of letters": b"* many EXISTS",
    "EXISTS less than before": b"* 1 EXISTS",
    "VANISHED of letters": b"* VANISHED (EARLIER) x",
    "VANISHED of nothing": b"* VANISHED",
    "VANISHED far away": b"* VANISHED (EARLIER) 1000000:4294967295",
    "FLAGS open": b"* FLAGS (\\Seen",
    "FLAGS odd": b"* FLAGS (\\Seen \\* [x] {y})",
    "SEARCH with MODSEQ": b"* SEARCH 1 2 (MODSEQ 99999999999999999999)",
    "SEARCH of letters": b"* SEARCH a b",
    "ESEARCH": b"* ESEARCH (TAG \"x\") UID ALL 1:4294967295 COUNT 5",
    "ESEARCH odd": b"* ESEARCH (TAG",
    "THREAD": b"* THREAD (1)(2 (3)(4 5",
    "SORT": b"* SORT 5 4 3",
    "STATUS empty": b"* STATUS x ()",
    "STATUS unknown item": b"* STATUS \"INBOX\" (MESSAGES 5 X-NEW (a b))",
    "STATUS item without value": b"* STATUS INBOX (MESSAGES)",
    "STATUS open": b"* STATUS \"INBOX",
    "LIST without name": b"* LIST",
    "LIST open": b"* LIST (\\HasNoChildren \"/\" x",
    "LIST with more behind": b"* LIST () \"/\" INBOX (\"CHILDINFO\" "
                             b"(\"SUBSCRIBED\")) (\"OLDNAME\" (\"a\"))",
    "NAMESPACE odd": b"* NAMESPACE ((\"\" \"/\" \"X\" (\"a\"))) NIL",
    "ENABLED unasked": b"* ENABLED QRESYNC CONDSTORE UTF8=ACCEPT",
    "ID odd": b"* ID (\"name\" NIL \"x\")",
    "CAPABILITY empty": b"* CAPABILITY",
    "METADATA": b"* METADATA \"INBOX\" (/private/comment {2}\r\nab)",
    "QUOTA": b"* QUOTA \"\" (STORAGE 5 10)",
    "ACL": b"* ACL INBOX ann lrs",
    "a plus from nowhere": b"+ really",
    "8-bit letters": b"* OK caf\xe9 \xff\xfe",
    "NUL": b"* OK a\0b",
    "escape": b"* OK \x1b]0;PWNED\x07",
    "deep nesting": b"* XYZZY " + b"(" * 100000 + b")" * 100000,
    "FETCH without items": b"* 2 FETCH ()",
    "FETCH without brackets": b"* 2 FETCH FLAGS",
    "FETCH of number 0": b"* 0 FETCH (FLAGS (\\Flagged))",
    "FETCH beyond the end": b"* 4000000000 FETCH (UID 9 FLAGS ())",
    "FETCH of flags unasked": b"* 2 FETCH (FLAGS (\\Seen))",
    "a line of 2 MB": b"* OK " + b"x" * (2 << 20),
}
POISON = {"EXPUNGE beyond the end", "EXISTS less than before",
          "EXISTS beyond 32 bits", "FETCH of flags unasked",
          "ENABLED unasked", "VANISHED far away", "a plus from nowhere",
          "UIDVALIDITY of letters", "CAPABILITY empty",
          "EXISTS negative", "EXISTS of letters", "EXPUNGE of nothing",
          "EXPUNGE without number", "UIDNEXT beyond 64 bits",
          "deep nesting", "open code"}

AROUND_FETCH = [
    Case("before FETCH: " + name, ANY if name in POISON else SURVIVE,
         at("FETCH", say(line))) for name, line in UNTAGGED.items()]

FLOODS = [
    Case("2 million EXISTS", ANY,
         at("FETCH", flood(b"* 5 EXISTS\r\n", 2000000)), seconds=60),
    Case("a SEARCH of 500,000 numbers", ANY,
         at("FETCH", say(b"* SEARCH" + b"".join(
             b" %d" % number for number in range(1, 500000)))), seconds=60),
    Case("100,000 folders", ANY,
         at("LIST", flood(b'* LIST () "/" "many/folders/here"\r\n', 100000)),
         seconds=60),
    Case("FETCH of one message 200,000 times", ANY,
         at("FETCH", flood(b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n",
                           200000)), seconds=60),
    Case("64 MB without an end of line", FAIL,
         at("FETCH", flood(b"x" * 65536, 1024, then_answer=False)),
         seconds=60),
]

# -- what FETCH says of one message ------------------------------------------

ADDRESS = b'((NIL NIL "a" "b"))'
EXTRA_ITEMS = {
    "ENVELOPE of NILs": b"ENVELOPE (" + b" ".join([b"NIL"] * 10) + b")",
    "ENVELOPE of empty lists":
        b'ENVELOPE ("d" "s" () () () () () () NIL NIL)',
    "ENVELOPE with an address of three":
        b'ENVELOPE ("d" "s" (("a" "b" "c")) NIL NIL NIL NIL NIL NIL NIL)',
    "ENVELOPE of eight fields":
        b'ENVELOPE ("d" "s" ' + b" ".join([ADDRESS] * 6) + b")",
    "ENVELOPE with a group":
        b'ENVELOPE ("d" "s" ((NIL NIL "g" NIL)(NIL NIL NIL NIL)) NIL NIL '
        b"NIL NIL NIL NIL NIL)",
    "ENVELOPE with many blanks":
        b'ENVELOPE  (NIL  NIL NIL NIL NIL NIL NIL NIL NIL  NIL )',
    "EMAILID": b"EMAILID (M123) THREADID (T1)",
    "THREADID NIL": b"THREADID NIL",
    "PREVIEW": b'PREVIEW "some text"',
    "PREVIEW NIL": b"PREVIEW NIL",
    "PREVIEW literal": b"PREVIEW {5}\r\nhello",
    "SAVEDATE NIL": b"SAVEDATE NIL",
    "BINARY as literal8": b"BINARY[1] ~{5}\r\na\0b\0c",
    "BINARY.SIZE": b"BINARY.SIZE[1] 5",
    "Gmail's": b'X-GM-LABELS ("\\\\Inbox" "a b" &ANw-) '
               b"X-GM-MSGID 18446744073709551615 X-GM-THRID 1",
    "MODSEQ beyond 64 bits": b"MODSEQ (99999999999999999999999)",
    "MODSEQ without brackets": b"MODSEQ 5",
    "unknown and nested": b'XODD (((a) "b)" {3}\r\n(((c))) NIL)',
    "unknown without value": b"XODD",
    "an escaped quote": b'XODD "a\\"b\\\\"',
    "a NUL in quotes": b'XODD "a\0b"',
    "a line feed in quotes": b'XODD "a\nb"',
    "8 bits in quotes": b'XODD "\xff\xfe"',
    "FLAGS twice": b"FLAGS (\\Seen) FLAGS ()",
    "ANNOTATION": b'ANNOTATION (/comment (value.priv "x"))',
    "nested 10,000 deep": b"XODD " + b"(" * 10000 + b")" * 10000,
}
# These may cost the message; whole lines are skipped for safety.
COSTLY = {"nested 10,000 deep", "a line feed in quotes",
          "unknown without value"}

ITEMS = [
    Case("FETCH with " + name, LOSE if name in COSTLY else SURVIVE,
         Fault(items=text)) for name, text in EXTRA_ITEMS.items()]

REPLACED = {
    "BODYSTRUCTURE NIL": ("BODYSTRUCTURE", b"NIL"),
    "BODYSTRUCTURE empty": ("BODYSTRUCTURE", b"()"),
    "BODYSTRUCTURE (NIL \"mixed\")": ("BODYSTRUCTURE", b'(NIL "mixed")'),
    "BODYSTRUCTURE (\"mixed\")": ("BODYSTRUCTURE", b'("mixed")'),
    "BODYSTRUCTURE of a type alone": ("BODYSTRUCTURE", b'("TEXT")'),
    "BODYSTRUCTURE with a negative size":
        ("BODYSTRUCTURE", b'("text" "plain" NIL NIL NIL "7bit" -1 -1)'),
    "BODYSTRUCTURE of NILs":
        ("BODYSTRUCTURE", b"(NIL NIL NIL NIL NIL NIL NIL NIL)"),
    "BODYSTRUCTURE with odd parameters":
        ("BODYSTRUCTURE", b'("text" "plain" ("a") NIL NIL "7bit" 5 1)'),
    "BODYSTRUCTURE of a message without envelope":
        ("BODYSTRUCTURE", b'("message" "rfc822" NIL NIL NIL "7bit" 5 NIL '
         b'("text" "plain" NIL NIL NIL "7bit" 5 1) 1)'),
    "BODYSTRUCTURE 1,000 deep":
        ("BODYSTRUCTURE", b"(" * 1000 + b'"text" "plain" NIL NIL NIL "7bit" '
         b"1 1" + b' "mixed")' * 1000),
    "BODYSTRUCTURE 100,000 deep":
        ("BODYSTRUCTURE", b"(" * 100000 + b")" * 100000),
    "BODYSTRUCTURE never closed": ("BODYSTRUCTURE", b"((((("),
    "BODYSTRUCTURE of 20,000 parts":
        ("BODYSTRUCTURE", b"(" + b'("text" "plain" NIL NIL NIL "7bit" 1 1)'
         * 20000 + b' "mixed")'),
    "FLAGS with brackets": ("FLAGS", b"([x] {x} \\Seen)"),
    "FLAGS NIL": ("FLAGS", b"NIL"),
    "FLAGS with a star": ("FLAGS", b"(\\Seen \\*)"),
    "FLAGS quoted": ("FLAGS", b'("a b" \\Seen)'),
    "FLAGS of 10,000 keywords": ("FLAGS", b"(" + b" ".join(
        b"k%d" % number for number in range(10000)) + b")"),
    "FLAGS with an escape": ("FLAGS", b"(\x1b[31m \\Seen)"),
    "INTERNALDATE NIL": ("INTERNALDATE", b"NIL"),
    "INTERNALDATE without sense": ("INTERNALDATE", b'"yesterday"'),
    "INTERNALDATE absurd": ("INTERNALDATE",
                            b'"99-Foo-99999 99:99:99 +9999"'),
    "INTERNALDATE of 1902": ("INTERNALDATE",
                             b'"01-Jan-1902 00:00:00 +0000"'),
    "size beyond 32 bits": ("RFC822.SIZE", b"99999999999"),
    "size of letters": ("RFC822.SIZE", b"big"),
    "size negative": ("RFC822.SIZE", b"-1"),
    "UID beyond 32 bits": ("UID", b"4294967296"),
    "UID 0": ("UID", b"0"),
    "UID of letters": ("UID", b"x"),
    "no UID": ("UID", None),
    "header NIL": ("BODY[HEADER", b"NIL"),
    "header empty": ("BODY[HEADER", b'""'),
    "header quoted": ("BODY[HEADER", b'"Subject: quoted"'),
    "header as atom": ("BODY[HEADER", b"Subject"),
    "header with NUL": ("BODY[HEADER", literal(
        b"Subject: a\0b\r\nTo: x@y\r\n\r\n")),
    "header as literal8": ("BODY[HEADER", b"~" + literal(
        b"Subject: eight\r\n")),
    "header without end": ("BODY[HEADER", literal(b"Subject: e")),
    "header of escape sequences":
        ("BODY[HEADER", literal(
            b"Subject: \x1b]0;PWNED\x07\r\nX: y\r\n")),
    "header of 4 MB": ("BODY[HEADER", literal(b"X-Long: yes yes\n" * 262144)),
    "body NIL": ("BODY[1]", b"NIL"),
    "body empty": ("BODY[1]", b"{0}\r\n"),
    "body of 40 MB where 20 bytes were announced":
        ("BODY[1]", literal(b"y" * (40 << 20))),
}
# The identity or the size of the message is gone, or the structure cannot
# be followed: the message may be left out.
UNUSABLE = {"UID beyond 32 bits", "UID 0", "UID of letters", "no UID",
            "BODYSTRUCTURE 100,000 deep", "BODYSTRUCTURE never closed",
            "header as atom", "BODYSTRUCTURE 1,000 deep", "size of letters",
            "FLAGS with an escape",
            "BODYSTRUCTURE of 20,000 parts",
            "body of 40 MB where 20 bytes were announced"}
BREAKS = {"BODYSTRUCTURE never closed"}

REPLACEMENTS = [
    Case("FETCH: " + name,
         ANY if name in BREAKS else LOSE if name in UNUSABLE else SURVIVE,
         Fault(replace={item: text}))
    for name, (item, text) in REPLACED.items()]

# -- breaking off, and lying about lengths -----------------------------------

START = b"* 1 FETCH (UID 1 BODY[HEADER] "
BROKEN = [
    Case("literal of 4294967295", FAIL,
         cut_after("FETCH", START + b"{4294967295}\r\nab")),
    Case("literal of 2147483648, and silence", FAIL,
         at("FETCH", raw(START + b"{2147483648}\r\nab", close=False)),
         seconds=90),
    Case("literal of twenty digits", FAIL,
         cut_after("FETCH", START + b"{99999999999999999999}\r\nab")),
    Case("literal of -5", ANY,
         cut_after("FETCH", START + b"{-5}\r\nab)\r\nTAG OK\r\n")),
    Case("literal without number", ANY,
         cut_after("FETCH", START + b"{}\r\nab)\r\nTAG OK\r\n")),
    Case("literal longer than what comes", FAIL,
         cut_after("FETCH", START + b"{500}\r\nSubject: short\r\n")),
    Case("literal shorter than what comes", ANY,
         cut_after("FETCH",
                   START + b"{5}\r\nSubject: long)\r\nTAG OK x\r\n")),
    Case("dropped in the middle of a line", FAIL,
         cut_after("FETCH", b"* 1 FETCH (UID 1 FLA")),
    Case("dropped in quotes", FAIL,
         cut_after("FETCH", b'* 1 FETCH (UID 1 XODD "abc')),
    Case("dropped before the tagged line", FAIL,
         cut_after("FETCH", b"* 1 FETCH (UID 1 FLAGS ())\r\n")),
    Case("BYE in the middle", FAIL,
         cut_after("FETCH", b"* 1 FETCH (UID 1 FLAGS ())\r\n* BYE off\r\n")),
    Case("a line without sense", ANY, at("FETCH", say(b"!!! what is this"))),
    Case("an empty line", ANY, at("FETCH", say(b""))),
    Case("a wrong tag", ANY, at("FETCH", say(b"zz99 OK not yours"))),
    Case("FETCH: NO", ANY, at("FETCH", answer(b"TAG NO not now"))),
    Case("FETCH: BAD", ANY, at("FETCH", answer(b"TAG BAD not ever"))),
    Case("FETCH: OK and nothing else", ANY, at("FETCH",
                                               answer(b"TAG OK done"))),
    Case("FETCH: OK without text", ANY, at("FETCH", answer(b"TAG OK"))),
    Case("FETCH: stalls", FAIL, at("FETCH", stall), seconds=90),
    Case("FETCH: one byte at a time", SURVIVE, at("FETCH", trickle)),
    Case("bare line feeds", ANY,
         at("FETCH", raw(b"* 1 FETCH (UID 1 FLAGS ())\nTAG OK done\n"))),
    Case("bare returns", ANY,
         at("FETCH", raw(b"* 1 FETCH (UID 1 FLAGS ())\rTAG OK done\r"))),
]

# -- folders and selecting ---------------------------------------------------

INBOX_LINE = b'* LIST () "/" INBOX'


def listed(*lines):
    """A LIST that holds these lines beside the INBOX."""
    return at("LIST", say(*lines))


FOLDERS = [
    Case("LIST: NO", ANY, at("LIST", answer(b"TAG NO later"))),
    Case("LIST: nothing", ANY, at("LIST", answer(b"TAG OK that is all"))),
    Case("LIST: an empty name", SURVIVE, listed(b'* LIST () "/" ""')),
    Case("LIST: no separator", SURVIVE,
         listed(b"* LIST (\\Noselect) NIL flat")),
    Case("LIST: a separator of two", SURVIVE,
         listed(b'* LIST (\\Noselect) "//" "odd//one"')),
    Case("LIST: a backslash separator", SURVIVE,
         listed(b'* LIST (\\Noselect) "\\\\" "a\\\\b"')),
    Case("LIST: a literal name", SURVIVE,
         listed(b'* LIST (\\Noselect) "/" {5}\r\nliter')),
    Case("LIST: broken UTF-7", SURVIVE,
         listed(b'* LIST (\\Noselect) "/" "&broken"',
                b'* LIST (\\Noselect) "/" "&AAA-nul"',
                b'* LIST (\\Noselect) "/" "&2D3-half"')),
    Case("LIST: raw 8 bits", SURVIVE,
         listed(b'* LIST (\\Noselect) "/" "\xff\xfe caf\xe9"')),
    Case("LIST: escape sequences", SURVIVE,
         listed(b'* LIST (\\Noselect) "/" "\x1b]0;PWNED\x07"')),
    Case("LIST: a path out of here", SURVIVE,
         listed(b'* LIST (\\Noselect) "/" "../../etc/passwd"',
                b'* LIST (\\Noselect) "/" "/etc/passwd"')),
    Case("LIST: a name of 100 KB", ANY,
         listed(b'* LIST (\\Noselect) "/" "' + b"n" * 102400 + b'"')),
    Case("LIST: 10,000 levels", ANY,
         listed(b'* LIST (\\Noselect) "/" "' + b"d/" * 10000 + b'x"')),
    Case("LIST: the same name twice", SURVIVE,
         listed(INBOX_LINE, INBOX_LINE, b'* LIST () "/" inbox')),
    Case("LIST: unknown attributes", SURVIVE,
         listed(b'* LIST (\\Noselect \\XFOO \\Sent \\Sent) "/" odd')),
    Case("STATUS: NO", SURVIVE, at("STATUS", answer(b"TAG NO"))),
    Case("STATUS: wild numbers", ANY,
         at("STATUS", answer(b"* STATUS INBOX (MESSAGES 99999999999 UIDNEXT "
                             b"0 UIDVALIDITY 0 UNSEEN -5)", b"TAG OK x"))),
    Case("SELECT: NO", ANY, at("SELECT", answer(b"TAG NO not that one"))),
    Case("SELECT: closed", FAIL, at("SELECT", close)),
    Case("SELECT: OK and nothing else", ANY,
         at("SELECT", answer(b"TAG OK [READ-WRITE] done"))),
    Case("SELECT: no UIDVALIDITY", ANY,
         at("SELECT", answer(b"* 5 EXISTS", b"TAG OK [READ-WRITE] done"))),
    Case("SELECT: UIDVALIDITY 0", ANY,
         at("SELECT", answer(b"* 5 EXISTS", b"* OK [UIDVALIDITY 0] x",
                             b"TAG OK [READ-WRITE] done"))),
    Case("SELECT: 4294967295 messages", ANY,
         at("SELECT", say(b"* 4294967295 EXISTS")), seconds=60),
    Case("SELECT: more messages than there are", ANY,
         at("SELECT", say(b"* 5000 EXISTS"))),
    Case("SELECT: alert", SURVIVE,
         at("SELECT", say(b"* OK [ALERT] mind the step"))),
    Case("SEARCH: NO", ANY, at("SEARCH", answer(b"TAG NO"))),
    Case("LOGOUT: no answer", SURVIVE, at("LOGOUT", stall), seconds=40),
    Case("LOGOUT: closed without BYE", SURVIVE, at("LOGOUT", close)),
    Case("NAMESPACE: BAD", ANY, at("NAMESPACE", answer(b"TAG BAD"))),
    Case("ID: BAD", SURVIVE, at("ID", answer(b"TAG BAD"))),
    Case("CAPABILITY: BAD", ANY, at("CAPABILITY", answer(b"TAG BAD"))),
    Case("announces what it does not have", ANY,
         Fault(capability=CAPABILITY + " ENABLE CONDSTORE QRESYNC NOTIFY "
               "ESEARCH LIST-EXTENDED LIST-STATUS SPECIAL-USE MOVE UIDPLUS "
               "COMPRESS=DEFLATE UTF8=ACCEPT OBJECTID LITERAL-")),
]

CASES = (GREETINGS + STARTTLS + LOGIN + AROUND_FETCH + FLOODS + ITEMS
         + REPLACEMENTS + BROKEN + FOLDERS)
