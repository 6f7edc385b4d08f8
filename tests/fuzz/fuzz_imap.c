/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an IMAP server says in untagged data.  The first byte chooses the
 * parser; the UID and parts of a FETCH must hold together whatever is in it.
 */
#include "base/bug.h"
#include "base/utf8.h"
#include "net/imap_name.h"
#include "net/imap_parse.h"

#include "fuzz.h"

static void
fetch(struct slice rest)
{
	static struct imap_parser parser;
	struct imap_fetch it;
	size_t sum = 0;

	if (!parser.unescaped.data)
		imap_parser_init(&parser);
	imap_parse_fetch(&parser, rest, 1, &it);
	/* Every byte given away can be read. */
	for (size_t i = 0; i < it.header.len; i++)
		sum += (unsigned char)it.header.data[i];
	for (size_t i = 0; i < it.n_bodies; i++) {
		for (size_t j = 0; j < it.bodies[i].bytes.len; j++)
			sum += (unsigned char)it.bodies[i].bytes.data[j];
		for (size_t j = 0; j < it.bodies[i].section.len; j++)
			sum += (unsigned char)it.bodies[i].section.data[j];
	}
	for (size_t i = 0; i < it.email_id.len; i++)
		sum += (unsigned char)it.email_id.data[i];
	ASSERT(it.parts.n <= PARTS_MAX && it.n_bodies <= IMAP_BODIES_MAX);
	for (size_t i = 0; i < it.parts.n; i++) {
		const struct part *part = &it.parts.items[i];

		ASSERT(part->section && part->type && strchr(part->type, '/'));
		ASSERT(part->parent < (int)i);
		ASSERT(part->depth < PARTS_DEPTH_MAX);
		ASSERT(part_tree_find(&it.parts, part->section) == part);
	}
	imap_fetch_clear(&it);
	/* Kept from one to the next, as a session does, but not for ever. */
	if (sum % 64 == 0) {
		imap_parser_clear(&parser);
		parser = (struct imap_parser){ 0 };
	}
}

static void
mailbox(struct slice rest, bool status)
{
	struct imap_mailbox it;
	char *name, *wire;

	if (!(status ? imap_parse_status(rest, &it)
		     : imap_parse_list(rest, &it)))
		return;
	ASSERT(it.name[0] && strlen(it.name) <= IMAP_NAME_MAX);
	ASSERT(!strpbrk(it.name, "\r\n"));
	name = imap_name_decode(it.name, it.delimiter, status);
	ASSERT(utf8_is_valid(slice_str(name)));
	wire = imap_name_encode(name, it.delimiter, status);
	free(wire);
	free(name);
	free(it.name);
}

static void
sets(struct slice rest, char kind)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_ranges ranges = { 0 };
	bool earlier;

	if (kind == 'v') {
		(void)!imap_parse_vanished(rest, &set, &earlier);
		return;
	}
	if (kind == 's')
		imap_parse_search(rest, &ranges);
	else
		imap_parse_esearch(rest, &ranges);
	imap_ranges_finish(&ranges, &set);
	for (size_t i = 0; i < set.n; i++) {
		ASSERT(set.ranges[i].first > 0);
		ASSERT(set.ranges[i].first <= set.ranges[i].last);
		ASSERT(i == 0 || set.ranges[i - 1].last < UINT32_MAX);
		ASSERT(i == 0 ||
			set.ranges[i].first > set.ranges[i - 1].last + 1);
	}
}

static void
one(struct slice input)
{
	struct imap_abilities abilities;
	struct imap_namespaces spaces;
	struct flags flags;
	char kind = input.len ? input.data[0] : 'f';

	input = slice_skip(input, 1);
	switch (kind) {
	case 'l':
	case 't':
		mailbox(input, kind == 't');
		break;
	case 's':
	case 'e':
	case 'v':
		sets(input, kind);
		break;
	case 'c':
		imap_parse_capabilities(input, &abilities);
		(void)imap_parse_enabled(input);
		break;
	case 'n':
		imap_parse_namespaces(input, &spaces);
		imap_namespaces_clear(&spaces);
		break;
	case 'F':
		imap_parse_flags(input, &flags, NULL);
		flags_clear(&flags);
		free(imap_inert_text(input));
		break;
	default:
		fetch(input);
		break;
	}
}

static const char *const seeds[] = {
	"f(UID 5 FLAGS (\\Seen work) RFC822.SIZE 12 INTERNALDATE \"17-Jul-1996 "
	"02:44:25 -0700\" MODSEQ (65))",
	"f(BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL "
	"\"7bit\" 11 1 NIL (\"inline\" NIL) NIL)(\"APPLICATION\" \"PDF\" "
	"(\"NAME\" \"x \\\"y\\\".pdf\") \"<a@b>\" \"d\" \"BASE64\" 20 NIL "
	"(\"attachment\" (\"filename*0\" \"a\")) NIL) \"mixed\" (\"boundary\" "
	"\"z\") NIL NIL NIL) UID 7 BODY[HEADER.FIELDS (DATE FROM)] {9}\r\n"
	"Date: x\r\n)",
	"f(BODYSTRUCTURE (\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 (NIL "
	"\"s\" NIL NIL NIL NIL NIL NIL NIL NIL) ((\"text\" \"plain\" NIL NIL "
	"NIL \"7bit\" 9 1)(\"text\" \"html\" NIL NIL NIL \"7bit\" 8 1) "
	"\"alternative\") 3 NIL (\"attachment\" NIL) NIL NIL) UID 1)",
	"f(UID 3 BODY[1.2]<0> {3}\r\na)b BODY[1.3] \"q\\\"\\\\\" BODY[9] NIL "
	"BINARY[1] ~{2}\r\n)( PREVIEW (FUZZY \"x\") EMAILID (M6d99) "
	"X-GM-LABELS (\"\\\\Inbox\" \"a\"))",
	"l(\\HasNoChildren \\Sent) \"/\" \"Sent \\\"x\\\" &AOQ-\"",
	"l() NIL {5}\r\na b&- (\"CHILDINFO\" (\"SUBSCRIBED\"))",
	"t\"a b\" (MESSAGES 231 UIDNEXT 44292 HIGHESTMODSEQ 7 MAILBOXID (F2))",
	"s2 3 6 9 1 (MODSEQ 917)",
	"e(TAG \"a1\") UID ALL 1:3,9,4:2 COUNT 4 MODSEQ 5",
	"v(EARLIER) 41,43:116,7:5",
	"cIMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN QRESYNC UTF8=ACCEPT",
	"n((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\" \"X\" (\"y\")))",
	"F(\\Seen $Forwarded (nested) \\* a]b)",
	NULL,
};

static const char *const words[] = { "(", ")", "\"", "\\", "{", "}", "{3}\r\n",
	"{99999999999}\r\n", "~{1}\r\n", "NIL", " ", "\r\n", "[", "]", "<0>",
	"4294967296", "18446744073709551616", "0", ":", ",", "*", "&", "&-",
	"(((((((((((((((((", "))))))))))))", "\"message\" \"rfc822\" ",
	"BODYSTRUCTURE ", "BODY[", "UID ", "FLAGS (", "\xff", "\xc3\xbc",
	NULL };

static const struct fuzz_target target = { one, seeds, words };

FUZZ_MAIN(target)
