# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be written to a terminal, and what may not.

A mail program shows hostile text.  Only control sequences of its own making
may reach the terminal, so every byte that it writes is cut into tokens here
and judged against a list of what a program of ours needs.
"""

import collections
import re

Token = collections.namedtuple("Token", "kind data")

_TOKEN = re.compile(
    rb"(?P<text>[^\x00-\x1f\x7f]+)"
    rb"|(?P<csi>\x1b\[[0-?]*[ -/]*[@-~])"
    rb"|(?P<osc>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\))"
    rb"|(?P<string>\x1b[PX^_][^\x1b]*\x1b\\)"
    rb"|(?P<esc>\x1b[ -/]*[0-OQ-WYZ\\`-~])"
    rb"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])")

_UNFINISHED = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_][^\x1b]*\x1b?"
    rb"|[ -/]*)?\Z")


class Tokenizer:
    """Cuts a terminal's input into text, controls and sequences."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        data = self.rest + data
        tokens = []
        at = 0
        while at < len(data):
            found = _TOKEN.match(data, at)
            if found is None:
                if _UNFINISHED.match(data, at) and len(data) - at < 1 << 16:
                    break
                tokens.append(Token("broken", data[at:at + 40]))
                at += 1
                continue
            piece = found.group()
            if found.lastgroup == "text" and found.end() == len(data):
                piece = piece[:len(piece) - _partial_character(piece)]
                if not piece:
                    break
            tokens.append(Token(found.lastgroup, piece))
            at += len(piece)
        self.rest = data[at:]
        return tokens


def _partial_character(data):
    """How many bytes at the end begin a UTF-8 character not yet whole."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xc0:
            length = 2 if byte < 0xe0 else 3 if byte < 0xf0 else 4
            return back if back < length else 0
        if byte < 0x80:
            return 0
    return 0


# Characters that no mail text may bring to a terminal: C1 controls, what
# turns the direction of text, invisible tags, and line separators that
# some terminals obey.
FORBIDDEN_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u061c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")

# CSI sequences by prefix and final byte: cursor, erase, insert and delete,
# scroll, margins, colours, modes, cursor shape (?c on the Linux console), and
# questions to which the terminal answers.
ALLOWED_CSI = set(
    "A B C D E F G H I J K L M P S T X Z @ ` a b d e f g h l m r u s "
    "?h ?l ?c ?u >u <u =u c >c n ?n $p ?$p  q >q >m".split(" "))
TITLE_STACK = (b"\x1b[22;0;0t", b"\x1b[23;0;0t")
ALLOWED_ESC = set(b"78=>MDEH\\")
CHARACTER_SETS = re.compile(rb"\x1b[()*+][0AB]|\x1b%[@G]")

# Questions for the background and palette colours; the palette put back.
ALLOWED_OSC = re.compile(
    rb"\x1b\](?:(?:1[0-2]|4;\d+);\?|104)(?:\x07|\x1b\\)")


def violations(raw, allow_osc=None, bells=3):
    """Everything in terminal output that should not be there.

    `allow_osc` is a compiled pattern of further OSC sequences that are the
    program's own.  Returns a list of (kind, excerpt).
    """
    found = []
    rung = 0
    tokenizer = Tokenizer()
    for kind, data in tokenizer.feed(raw):
        if kind == "text":
            found += _bad_text(data)
        elif kind == "control":
            rung += data == b"\a"
            if data not in b"\a\b\t\n\r\x0e\x0f" or rung > bells:
                found.append(("control", repr(data)))
        elif kind == "csi":
            if not _allowed_csi(data):
                found.append(("csi", repr(data)))
        elif kind == "esc":
            if not (len(data) == 2 and data[1] in ALLOWED_ESC
                    or CHARACTER_SETS.fullmatch(data)):
                found.append(("escape", repr(data)))
        elif kind == "osc":
            if not (ALLOWED_OSC.fullmatch(data)
                    or allow_osc and allow_osc.fullmatch(data)):
                found.append(("osc", repr(data[:80])))
        else:
            found.append((kind, repr(data[:80])))
    return found


def _bad_text(data):
    found = []
    text = data.decode("utf-8", "surrogateescape")
    if re.search("[\udc80-\udcff]", text):
        found.append(("invalid UTF-8", repr(data[:80])))
    for match in FORBIDDEN_CHARACTERS.finditer(text):
        found.append(("character", "U+%04X in %r" % (
            ord(match.group()), text[max(0, match.start() - 20):][:40])))
    return found


def _allowed_csi(data):
    if data in TITLE_STACK:
        return True
    parts = re.fullmatch(rb"\x1b\[([<=>?]?)[0-9;:]*([ -/]*[@-~])", data)
    return parts is not None and (
        parts.group(1) + parts.group(2)).decode() in ALLOWED_CSI


def stray_characters(data):
    """Control characters in what a command printed, but \\n and \\t."""
    found = []
    text = data.decode("utf-8", "surrogateescape")
    if re.search("[\udc80-\udcff]", text):
        found.append("invalid UTF-8")
    for match in FORBIDDEN_CHARACTERS.finditer(text):
        found.append("U+%04X in %r" % (
            ord(match.group()), text[max(0, match.start() - 20):][:40]))
    return found
