/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/imap_parse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "net/auth.h"

#include "tap.h"

/* A name for a case: line breaks would break the protocol of the tests. */
static const char *
shown(const char *text)
{
	static char buf[200];
	size_t i;

	for (i = 0; text[i] && i < sizeof(buf) - 1; i++)
		buf[i] = ascii_is_control(text[i]) ? '.' : text[i];
	buf[i] = '\0';
	return buf;
}

/* "1 text/plain; 2 ..." with raw parameters, for comparing. */
static char *
describe_parts(const struct part_tree *tree)
{
	struct strbuf out;

	strbuf_init(&out, 1 << 20);
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];

		strbuf_addf(&out, "%s[%s] %s", i ? "; " : "", part->section,
			part->type);
		for (size_t j = 0; j < part->n_params; j++)
			strbuf_addf(&out, " %s=%s", part->params[j].name,
				part->params[j].value);
		if (part->encoding == ENCODING_BASE64)
			strbuf_add_str(&out, " base64");
		if (part->encoding == ENCODING_QUOTED_PRINTABLE)
			strbuf_add_str(&out, " qp");
		if (part->disposition == DISPOSITION_INLINE)
			strbuf_add_str(&out, " inline");
		if (part->disposition == DISPOSITION_ATTACHMENT)
			strbuf_add_str(&out, " attachment");
		if (part->content_id)
			strbuf_addf(&out, " <%s>", part->content_id);
		if (part->description)
			strbuf_addf(&out, " '%s'", part->description);
		if (part->size)
			strbuf_addf(&out, " %" PRIu64, part->size);
		if (part->parent >= 0)
			strbuf_addf(&out, " ^%d", part->parent);
	}
	if (tree->truncated)
		strbuf_add_str(&out, " ...");
	return strbuf_take(&out);
}

/* Everything of a FETCH in one line. */
static char *
describe(const struct imap_fetch *fetch)
{
	struct strbuf out;

	strbuf_init(&out, 1 << 20);
	strbuf_addf(&out, "%" PRIu32, fetch->sequence);
	if (fetch->uid)
		strbuf_addf(&out, " uid=%" PRIu32, fetch->uid);
	if (fetch->has & IMAP_HAS_FLAGS) {
		strbuf_add_str(&out, " flags=");
		flags_print(&fetch->flags, &out);
	}
	if (fetch->has & IMAP_HAS_SIZE)
		strbuf_addf(&out, " size=%" PRIu64, fetch->size);
	if (fetch->has & IMAP_HAS_DATE)
		strbuf_addf(&out, " date=%" PRId64, fetch->date);
	if (fetch->has & IMAP_HAS_MODSEQ)
		strbuf_addf(&out, " modseq=%" PRIu64, fetch->modseq);
	if (fetch->has & IMAP_HAS_HEADER) {
		strbuf_add_str(&out, " header=");
		strbuf_add_slice(&out, fetch->header);
	}
	if (fetch->email_id.len) {
		strbuf_add_str(&out, " id=");
		strbuf_add_slice(&out, fetch->email_id);
	}
	for (size_t i = 0; i < fetch->n_bodies; i++) {
		strbuf_addf(&out, " body[%.*s]=%.*s",
			(int)fetch->bodies[i].section.len,
			fetch->bodies[i].section.data,
			(int)fetch->bodies[i].bytes.len,
			fetch->bodies[i].bytes.data
				? fetch->bodies[i].bytes.data
				: "");
		if (!fetch->bodies[i].bytes.data)
			strbuf_add_str(&out, "NIL");
	}
	if (fetch->has & IMAP_HAS_PARTS) {
		char *parts = describe_parts(&fetch->parts);

		strbuf_addf(&out, " parts=%s", parts);
		free(parts);
	}
	return strbuf_take(&out);
}

static char *
parse(struct slice rest)
{
	struct imap_parser parser;
	struct imap_fetch fetch;
	char *text;

	imap_parser_init(&parser);
	imap_parse_fetch(&parser, rest, 7, &fetch);
	text = describe(&fetch);
	imap_fetch_clear(&fetch);
	imap_parser_clear(&parser);
	return text;
}

static const struct {
	const char *rest;
	const char *want;
} fetches[] = {
	{ "(UID 5 FLAGS (\\Seen work) RFC822.SIZE 12 INTERNALDATE "
	  "\"17-Jul-1996 02:44:25 -0700\" MODSEQ (65))",
		"7 uid=5 flags=\\Seen work size=12 date=837596665 modseq=65" },
	{ "(uid 5 flags (\\SEEN))", "7 uid=5 flags=\\Seen" },
	{ "(FLAGS () UID 5)", "7 uid=5 flags=" },
	{ "(UID 5)", "7 uid=5" },
	{ "()", "7" },
	{ "", "7" },
	{ "UID 5", "7 uid=5" },
	/* flags that are none */
	{ "(FLAGS (\\Seen [x] {x} a]b) UID 5)",
		"7 uid=5 flags=\\Seen [x] a]b" },
	{ "(FLAGS NIL UID 5)", "7 uid=5" },
	{ "(FLAGS (NIL) UID 5)", "7 uid=5 flags=" },
	{ "(FLAGS (\"x\" %) UID 5)", "7 uid=5 flags=" },
	{ "(FLAGS (\\Seen (\\Deleted junk FLAGS) $label1) UID 5)",
		"7 uid=5 flags=\\Seen $label1" },
	{ "(FLAGS (\\Seen (x) UID 5)", "7 flags=\\Seen 5 UID" },
	{ "(FLAGS (\\Seen ((x) UID 5)", "7 uid=5 flags=\\Seen" },
	{ "(FLAGS (\\Seen)) UID 5)", "7 flags=\\Seen" },
	/* dates that are none */
	{ "(INTERNALDATE NIL UID 5)", "7 uid=5" },
	{ "(INTERNALDATE \"garbage\" UID 5)", "7 uid=5" },
	{ "(INTERNALDATE \"\" UID 5)", "7 uid=5" },
	{ "(INTERNALDATE (1 2) UID 5)", "7 uid=5" },
	{ "(INTERNALDATE \" 1-Feb-2020 10:00:00 +0000\" UID 5)",
		"7 uid=5 date=1580551200" },
	/* items of extensions, known and unknown */
	{ "(EMAILID (M6d99) THREADID (T64b) UID 5)", "7 uid=5 id=M6d99" },
	{ "(X-GM-MSGID 1278455344230334865 X-GM-THRID 127 X-GM-LABELS "
	  "(\"\\\\Inbox\" \"a \\\"b\" {3}\r\nx)y) UID 5)",
		"7 uid=5 id=1278455344230334865" },
	{ "(PREVIEW \"Hi) (there\" UID 5)", "7 uid=5" },
	{ "(PREVIEW (FUZZY \"Hi\") UID 5)", "7 uid=5" },
	{ "(PREVIEW NIL SAVEDATE NIL UID 5)", "7 uid=5" },
	{ "(SAVEDATE \"17-Jul-1996 02:44:25 -0700\" UID 5)", "7 uid=5" },
	{ "(BINARY[1] ~{4}\r\n\0)(\" UID 5)", "7" },
	{ "(BINARY[1]<0> {4}\r\nx)(\" UID 5)", "7 uid=5" },
	{ "(BINARY.SIZE[1.2] 5 UID 5)", "7 uid=5" },
	{ "(X-NEW ((a) (b \"c)\")) X-2 {2}\r\n)) UID 5)", "7 uid=5" },
	{ "(\"odd\" UID 5)", "7 uid=5" },
	{ "(5 6 UID 5)", "7 uid=5" },
	{ "((UID 9) UID 5)", "7 uid=5" },
	{ "(BODY[1 UID 5)", "7" },
	{ "(UID 5", "7 uid=5" },
	{ "(UID 5 PREVIEW \"never closed)", "7 uid=5" },
	{ "(UID 5 PREVIEW \"x\\", "7 uid=5" },
	{ "(UID 5 X {99}\r\nshort)", "7 uid=5" },
	{ "(UID 5 X {99999999999999999999999}\r\n)", "7 uid=5" },
	/* numbers */
	{ "(UID 4294967296 FLAGS ())", "7 flags=" },
	{ "(UID 0)", "7" },
	{ "(UID -5 FLAGS ())", "7 flags=" },
	{ "(UID \"5\")", "7 uid=5" },
	{ "(RFC822.SIZE 5000000000 UID 5)", "7 uid=5 size=5000000000" },
	{ "(RFC822.SIZE 99999999999999999999 UID 5)", "7 uid=5" },
	{ "(MODSEQ 65 UID 5)", "7 uid=5 modseq=65" },
	{ "(MODSEQ () UID 5)", "7 uid=5" },
	{ "(MODSEQ (9223372036854775807) UID 5)",
		"7 uid=5 modseq=9223372036854775807" },
	/* bodies */
	{ "(BODY[HEADER.FIELDS (DATE \"FROM\")] {7}\r\nDate: x UID 5)",
		"7 uid=5 header=Date: x" },
	{ "(BODY[HEADER.FIELDS (DATE)] \"\" UID 5)", "7 uid=5 header=" },
	{ "(BODY[HEADER.FIELDS (DATE)] NIL UID 5)", "7 uid=5 header=" },
	{ "(BODY[1.2]<0> {3}\r\na)b BODY[1.3] \"q\\\"\\\\\" BODY[9] NIL UID 5)",
		"7 uid=5 body[1.2]=a)b body[1.3]=q\"\\ body[9]=NIL" },
	{ "(BODY[HEADER.FIELDS.NOT (X)] \"y\" UID 5)",
		"7 uid=5 body[HEADER.FIELDS.NOT (X)]=y" },
	{ "(RFC822.HEADER \"h\" RFC822.TEXT \"t\" RFC822 {2}\r\nht UID 5)",
		"7 uid=5 body[HEADER]=h body[TEXT]=t body[]=ht" },
	{ "(BODY[] {0}\r\n UID 5)", "7 uid=5 body[]=" },
	{ "(ENVELOPE (\"x\" NIL ((\"a\" NIL \"b\")) NIL NIL NIL NIL) UID 5)",
		"7 uid=5" },
};

static void
test_fetch(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fetches); i++) {
		char *got = parse(slice_str(fetches[i].rest));

		is_str(got, fetches[i].want, shown(fetches[i].rest));
		free(got);
	}
}

static void
test_nul_in_literal(void)
{
	static const char rest[] =
		"(BINARY[1] ~{4}\r\n\0)(\" UID 5 BODY[1] {2}\r\n\0x)";
	char *got = parse(slice_make(rest, sizeof(rest) - 1));

	ok(strncmp(got, "7 uid=5 body[1]=", 16) == 0, "NUL in literals");
	free(got);
}

static const struct {
	const char *structure;
	const char *want;
} structures[] = {
	{ "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" "
	  "2279 48)",
		"[1] text/plain charset=US-ASCII 2279" },
	{ "(\"text\" \"html\" (\"charset\" \"utf-8\") \"<id@x>\" \"a desc\" "
	  "\"QUOTED-PRINTABLE\" 10 1 NIL (\"inline\" (\"filename\" "
	  "\"a.html\")) \"en\" NIL)",
		"[1] text/html charset=utf-8 filename=a.html qp inline <id@x> "
		"'a desc' 10" },
	{ "((\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 11 1)(\"APPLICATION\" "
	  "\"PDF\" (\"NAME\" \"x.pdf\") NIL NIL \"BASE64\" 20 NIL "
	  "(\"ATTACHMENT\" (\"FILENAME*0\" \"a\" \"FILENAME*1\" \"b\")) NIL) "
	  "\"MIXED\" (\"BOUNDARY\" \"z\") NIL NIL NIL)",
		"[] multipart/mixed boundary=z; [1] text/plain 11 ^0; [2] "
		"application/pdf name=x.pdf filename*0=a filename*1=b base64 "
		"attachment 20 ^0" },
	{ "((\"a\" \"b\" NIL NIL NIL NIL 1)((\"c\" \"d\" NIL NIL NIL NIL 2)"
	  "(\"e\" \"f\" NIL NIL NIL NIL 3) \"alternative\") \"mixed\")",
		"[] multipart/mixed; [1] a/b 1 ^0; [2] multipart/alternative "
		"^0; [2.1] c/d 2 ^2; [2.2] e/f 3 ^2" },
	/* messages within */
	{ "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 (NIL \"s\" NIL NIL "
	  "NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" NIL NIL NIL \"7bit\" "
	  "9 1) 3 NIL (\"attachment\" NIL) NIL NIL)",
		"[1] message/rfc822 attachment 's' 50; [1.1] text/plain 9 "
		"^0" },
	{ "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 9 1)(\"message\" "
	  "\"rfc822\" NIL NIL NIL \"7bit\" 50 (NIL) ((\"text\" \"plain\" NIL "
	  "NIL NIL \"7bit\" 9 1)(\"text\" \"html\" NIL NIL NIL \"7bit\" 8 1) "
	  "\"alternative\") 3) \"mixed\")",
		"[] multipart/mixed; [1] text/plain 9 ^0; [2] message/rfc822 "
		"50 ^0; [2.TEXT] multipart/alternative ^2; [2.1] text/plain 9 "
		"^3; [2.2] text/html 8 ^3" },
	{ "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 NIL (\"text\" "
	  "\"plain\" NIL NIL NIL \"7bit\" 9 1) 3)",
		"[1] message/rfc822 50; [1.1] text/plain 9 ^0" },
	{ "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 NIL NIL 3)",
		"[1] message/rfc822 50" },
	{ "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 NIL "
	  "(\"attachment\" (\"filename\" \"m.eml\")) NIL NIL)",
		"[1] message/rfc822 filename=m.eml attachment 50" },
	{ "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50)",
		"[1] message/rfc822 50" },
	{ "(\"message\" \"delivery-status\" NIL NIL NIL \"7bit\" 50 NIL NIL "
	  "NIL)",
		"[1] message/delivery-status 50" },
	/* odd ones */
	{ "(NIL \"mixed\")", "[] multipart/mixed" },
	{ "(\"mixed\")", "[] multipart/mixed" },
	{ "(\"mixed\" (\"boundary\" \"b\") NIL NIL)",
		"[] multipart/mixed boundary=b" },
	{ "(NIL NIL NIL NIL NIL NIL NIL)", "[1] application/octet-stream" },
	{ "(\"TEXT\" NIL NIL NIL NIL \"7BIT\" NIL NIL)",
		"[1] text/octet-stream" },
	{ "(\"text\" \"plain\" \"odd\" NIL NIL (a b) 5 1)",
		"[1] text/plain 5" },
	{ "(\"text\" \"plain\" () NIL NIL \"7bit\" 99999999999 1)",
		"[1] text/plain 99999999999" },
	{ "(\"text\" \"plain\" (\"a\") NIL NIL \"7bit\" 5 1)",
		"[1] text/plain 5" },
	{ "(\"text\" \"plain\" (\"a\" NIL \"b\" {3}\r\n\"\\) NIL (\"c\" \"d\")) "
	  "NIL NIL \"7bit\" 5 1)",
		"[1] text/plain a= b=\"\\) 5" },
	{ "(\"text\" \"plain\" (\"name\" \"a \\\"b\\\" c\") NIL NIL \"7bit\" 5 "
	  "1 NIL (\"x\" (\"filename\" \"q\\\\\")))",
		"[1] text/plain name=a \"b\" c filename=q\\ attachment 5" },
	{ "(\"te xt\" \"pl/ain\" NIL NIL NIL \"7bit\" 5)",
		"[1] application/octet-stream 5" },
	{ "(\"image\" \"png\" NIL NIL NIL \"base64\" 5 NIL \"inline\" NIL)",
		"[1] image/png base64 inline 5" },
	{ "((\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1) NIL)",
		"[] multipart/mixed; [1] text/plain 5 ^0" },
	{ "(() (\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1) \"mixed\")",
		"[] multipart/mixed; [2] text/plain 5 ^0" },
	{ "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 5 1 NIL NIL NIL NIL "
	  "\"more\" (\"of\" (\"it\")))",
		"[1] text/plain 5" },
	{ "(\"text\" \"plain\" NIL \"<a\nb>\" NIL \"7bit\" 5 1)",
		"[1] text/plain <a b> 5" },
	{ "()", NULL },
	{ "NIL", NULL },
	{ "\"x\"", NULL },
};

static void
test_structure(void)
{
	for (size_t i = 0; i < ARRAY_LEN(structures); i++) {
		char *rest = xasprintf(
			"(BODYSTRUCTURE %s UID 5)", structures[i].structure);
		char *want = structures[i].want ? xasprintf("7 uid=5 parts=%s",
							  structures[i].want)
						: xstrdup("7 uid=5");
		char *got = parse(slice_str(rest));

		is_str(got, want, shown(structures[i].structure));
		free(rest);
		free(want);
		free(got);
	}
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
repeat(struct strbuf *out, const char *what, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_add_str(out, what);
}

/* Depth, width and rubbish: an end, soon, and the UID behind it. */
static void
test_bombs(void)
{
	static const struct {
		const char *name;
		const char *head, *again;
		size_t n;
		const char *middle, *tail;
	} bombs[] = {
		{ "parentheses", "(BODYSTRUCTURE ", "(", 1000000, "", ")" },
		{ "multiparts", "(BODYSTRUCTURE ", "(", 100000,
			"\"a\" \"b\" NIL NIL NIL NIL 1", ")" },
		{ "messages", "(BODYSTRUCTURE ",
			"(\"message\" \"rfc822\" NIL NIL NIL NIL 1 NIL ", 50000,
			"(\"a\" \"b\")", " 1)" },
		{ "unknown item", "(X-NEW ", "(", 1000000, "", ")" },
		{ "quotes", "(X-NEW (", "\"a\" ", 1000000, ") FLAGS (", "" },
		{ "flags", "(FLAGS (", "x ", 1000000, ") X (", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bombs); i++) {
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };
		double start;
		char *got;

		strbuf_init(&text, 64 << 20);
		strbuf_add_str(&text, bombs[i].head);
		repeat(&text, bombs[i].again, bombs[i].n);
		strbuf_add_str(&text, bombs[i].middle);
		repeat(&text, bombs[i].tail, bombs[i].n);
		if (!bombs[i].tail[0])
			strbuf_add_str(&text, ")");
		strbuf_add_str(&text, " UID 5)");
		start = seconds();
		got = parse(strbuf_slice(&text));
		ok(strstr(got, "uid=5") != NULL && seconds() - start < 5,
			"%zu %s", bombs[i].n, bombs[i].name);
		free(got);
	}
}

static void
test_many_parts(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct imap_parser parser;
	struct imap_fetch fetch;

	strbuf_init(&text, 64 << 20);
	strbuf_add_str(&text, "(BODYSTRUCTURE (");
	repeat(&text, "(\"a\" \"b\" NIL NIL NIL NIL 1)", 100000);
	strbuf_add_str(&text, " \"mixed\") UID 5)");
	imap_parser_init(&parser);
	imap_parse_fetch(&parser, strbuf_slice(&text), 1, &fetch);
	ok(fetch.uid == 5 && fetch.parts.n == PARTS_MAX &&
			fetch.parts.truncated,
		"100000 parts stop at the limit");
	is_str(fetch.parts.items[999].section, "999", "the last section");
	imap_fetch_clear(&fetch);
	imap_parser_clear(&parser);
}

static void
test_list(void)
{
	static const struct {
		const char *rest;
		const char *name; /* NULL: refused */
		char delimiter;
		bool selectable, subscribed, children;
		enum folder_role role;
	} cases[] = {
		{ "(\\HasNoChildren \\Sent) \"/\" \"Sent Items\"", "Sent Items",
			'/', true, false, false, ROLE_SENT },
		{ "() \"/\" inbox", "inbox", '/', true, false, false,
			ROLE_INBOX },
		{ "(\\Noselect \\HasChildren) \".\" INBOX.x", "INBOX.x", '.',
			false, false, true, ROLE_NONE },
		{ "(\\NonExistent \\Subscribed) NIL x", "x", 0, false, true,
			false, ROLE_NONE },
		{ "() \"\\\\\" \"a\\\\b \\\"c\\\"\"", "a\\b \"c\"", '\\', true,
			false, false, ROLE_NONE },
		{ "() \"/\" {5}\r\na (b)", "a (b)", '/', true, false, false,
			ROLE_NONE },
		{ "() \"/\" x (\"CHILDINFO\" (\"SUBSCRIBED\"))", "x", '/', true,
			false, false, ROLE_NONE },
		{ "() \"/\" x (\"OLDNAME\" (\"y z\"))", "x", '/', true, false,
			false, ROLE_NONE },
		{ "(\\Marked) \"\\\" x", NULL, 0, false, false, false,
			ROLE_NONE },
		{ "() \"/\" Deleted Items", "Deleted Items", '/', true, false,
			false, ROLE_NONE },
		{ "\"/\" x", "x", '/', true, false, false, ROLE_NONE },
		{ "((a (b)) \\Trash) \"/\" x", "x", '/', true, false, false,
			ROLE_TRASH },
		{ "() \"/\" \"\"", NULL, 0, false, false, false, ROLE_NONE },
		{ "() \"/\"", NULL, 0, false, false, false, ROLE_NONE },
		{ "()", NULL, 0, false, false, false, ROLE_NONE },
		{ "", NULL, 0, false, false, false, ROLE_NONE },
		{ "() \"/\" {4}\r\na\r\nb", NULL, 0, false, false, false,
			ROLE_NONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_mailbox mailbox;

		if (!imap_parse_list(slice_str(cases[i].rest), &mailbox)) {
			ok(!cases[i].name, "refused: %s", shown(cases[i].rest));
			continue;
		}
		is_str(mailbox.name, cases[i].name, shown(cases[i].rest));
		ok(mailbox.delimiter == cases[i].delimiter &&
				mailbox.selectable == cases[i].selectable &&
				mailbox.subscribed == cases[i].subscribed &&
				mailbox.has_children == cases[i].children &&
				mailbox.role == cases[i].role &&
				!mailbox.has_status,
			"what LIST says of %s", shown(mailbox.name));
		free(mailbox.name);
	}
}

static void
test_status(void)
{
	static const struct {
		const char *rest;
		const char *name;
		uint32_t messages, unseen, uidnext;
		uint64_t modseq;
	} cases[] = {
		{ "blurdybloop (MESSAGES 231 UIDNEXT 44292)", "blurdybloop",
			231, 0, 44292, 0 },
		{ "\"a b\" (UNSEEN 5 HIGHESTMODSEQ 7011231777)", "a b", 0, 5, 0,
			7011231777 },
		{ "x ()", "x", 0, 0, 0, 0 },
		{ "x", "x", 0, 0, 0, 0 },
		{ "x (SIZE 44421 MAILBOXID (F2212ea) DELETED 5 MESSAGES 3)",
			"x", 3, 0, 0, 0 },
		{ "x (X-ODD NIL X-LIST (1 (2)) UNSEEN 2)", "x", 0, 2, 0, 0 },
		{ "x (MESSAGES 4294967296 UNSEEN 2)", "x", 0, 2, 0, 0 },
		{ "x (MESSAGES -1 UNSEEN 2)", "x", 0, 2, 0, 0 },
		{ "a b c (MESSAGES 1)", "a b c", 1, 0, 0, 0 },
		{ "{3}\r\na\\b (MESSAGES 1)", "a\\b", 1, 0, 0, 0 },
		/* a string that does not close, met twice */
		{ "\"\\0*(Ht\"t9 \"\\*(0\\t\"t / 9 \"\\*(1(Ht/9zzzzzzzzz00\\",
			"0*(Ht", 0, 0, 0, 0 },
		{ "", NULL, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_mailbox mailbox;

		if (!imap_parse_status(slice_str(cases[i].rest), &mailbox)) {
			ok(!cases[i].name, "refused: %s", shown(cases[i].rest));
			continue;
		}
		is_str(mailbox.name, cases[i].name, shown(cases[i].rest));
		ok(mailbox.has_status &&
				mailbox.messages == cases[i].messages &&
				mailbox.unseen == cases[i].unseen &&
				mailbox.uidnext == cases[i].uidnext &&
				mailbox.highestmodseq == cases[i].modseq,
			"what STATUS says of %s", shown(mailbox.name));
		free(mailbox.name);
	}
}

static void
test_sets(void)
{
	static const struct {
		const char *kind, *rest, *want;
	} cases[] = {
		{ "search", "2 3 6", "2:3,6" },
		{ "search", "", "" },
		{ "search", "9 3 1 2 (MODSEQ 917)", "1:3,9" },
		{ "search", "1 0 4294967296 5", "1,5" },
		{ "search", "1 x 5", "1" },
		{ "esearch", "(TAG \"a1\") UID ALL 1:3,9 COUNT 4", "1:3,9" },
		{ "esearch", "(TAG \"a)1\") UID COUNT 0", "" },
		{ "esearch", "UID MIN 1 ALL 9,1 MODSEQ 5", "1,9" },
		{ "esearch", "ALL 2", "2" },
		{ "esearch", "PARTIAL (1:2 5) ALL *", "" },
		{ "esearch", "", "" },
		{ "vanished", "41,43:45", "41,43:45" },
		{ "earlier", "(EARLIER) 41", "41" },
		{ "earlier", "(earlier)", "none" },
		{ "vanished", "(x (y) \"z\") 5", "5" },
		{ "vanished", "", "none" },
		{ "vanished", "5,x", "none" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
		struct imap_ranges ranges = { 0 };
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct slice rest = slice_str(cases[i].rest);
		bool earlier;

		strbuf_init(&got, 1000);
		if (strcmp(cases[i].kind, "search") == 0) {
			imap_parse_search(rest, &ranges);
			imap_ranges_finish(&ranges, &set);
		} else if (strcmp(cases[i].kind, "esearch") == 0) {
			imap_parse_esearch(rest, &ranges);
			imap_ranges_finish(&ranges, &set);
		} else {
			if (!imap_parse_vanished(rest, &set, &earlier))
				strbuf_add_str(&got, "none");
			ok(earlier == (strcmp(cases[i].kind, "earlier") == 0),
				"earlier or not");
		}
		uidset_print(&set, &got);
		is_str(got.data, cases[i].want, shown(cases[i].rest));
	}
}

static void
test_backward_search(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_ranges ranges = { 0 };
	double start = seconds();

	strbuf_init(&text, 64 << 20);
	for (unsigned n = 1000000; n > 0; n -= 2)
		strbuf_addf(&text, "%u ", n);
	imap_parse_search(strbuf_slice(&text), &ranges);
	imap_ranges_finish(&ranges, &set);
	ok(uidset_count(&set) == 500000 && seconds() - start < 5,
		"500000 numbers backwards");
}

static void
test_capabilities(void)
{
	struct imap_abilities can;

	imap_parse_capabilities(
		SLICE("IMAP4rev1 LITERAL+ SASL-IR idle ENABLE QRESYNC "
		      "AUTH=PLAIN AUTH=scram-sha-256 AUTH=NTLM LOGINDISABLED "
		      "STARTTLS X-UNKNOWN=x"),
		&can);
	ok(can.is_imap && can.login_disabled && can.starttls, "words");
	is_int(can.capabilities,
		IMAP_LITERAL_PLUS | IMAP_SASL_IR | IMAP_IDLE | IMAP_ENABLE |
			IMAP_QRESYNC | IMAP_CONDSTORE,
		"capabilities");
	is_int(can.mechanisms,
		1 << MECHANISM_PLAIN | 1 << MECHANISM_SCRAM_SHA_256,
		"mechanisms");
	imap_parse_capabilities(SLICE("IMAP4rev2"), &can);
	ok(can.rev2_only && (can.capabilities & IMAP_ESEARCH), "rev2 alone");
	imap_parse_capabilities(SLICE("IMAP4rev1 IMAP4rev2"), &can);
	ok(!can.rev2_only && can.capabilities == 0, "both revisions");
	imap_parse_capabilities(SLICE(""), &can);
	ok(!can.is_imap, "nothing");
	is_int(imap_parse_enabled(SLICE("QRESYNC X-GOOD-IDEA utf8=accept")),
		IMAP_QRESYNC | IMAP_CONDSTORE | IMAP_UTF8_ACCEPT, "ENABLED");
}

static void
test_namespaces(void)
{
	static const struct {
		const char *rest, *want;
	} cases[] = {
		{ "((\"\" \"/\")) NIL NIL", "/," },
		{ "((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\")(\"#p\" "
		  "\".\" \"X\" (\"Y\")))",
			"/,/~,/#shared/,.#p," },
		{ "((\"INBOX.\" \".\"", ".INBOX.," },
		{ "NIL ((\"a\"", "" },
		{ "((NIL NIL)) x y", "?," },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct imap_namespaces spaces;
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&got, 1000);
		imap_parse_namespaces(slice_str(cases[i].rest), &spaces);
		for (size_t j = 0; j < spaces.n; j++)
			strbuf_addf(&got, "%c%s,",
				spaces.items[j].delimiter
					? spaces.items[j].delimiter
					: '?',
				spaces.items[j].prefix);
		is_str(got.data, cases[i].want, shown(cases[i].rest));
		imap_namespaces_clear(&spaces);
	}
}

static void
test_text(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice value;
	uint64_t n;
	char *inert;

	inert = imap_inert_text(SLICE(" a\033[1mb\r\nc\x80 \xc2\x9b "));
	is_str(inert, "a [1mb  c\ufffd  ", "server text is inert");
	free(inert);
	strbuf_init(&text, 1 << 20);
	repeat(&text, "\xe2\x82\xac", 1000);
	inert = imap_inert_text(strbuf_slice(&text));
	ok(strlen(inert) == IMAP_TEXT_MAX, "and short");
	free(inert);
	ok(slice_eq(imap_word(SLICE("UIDNEXT 7"), &value), SLICE("UIDNEXT")) &&
			slice_eq(value, SLICE("7")),
		"code with a value");
	ok(slice_eq(imap_word(SLICE("ALERT"), &value), SLICE("ALERT")) &&
			value.len == 0,
		"code alone");
	ok(imap_number(SLICE("7 x"), 10, &n) && n == 7, "number");
	ok(!imap_number(SLICE("x"), 10, &n), "no number");
	ok(!imap_number(SLICE("11"), 10, &n), "beyond the limit");
}

/* Not a benchmark: a guard against something quadratic. */
static void
test_speed(void)
{
	static const char rest[] =
		"(UID 4711 FLAGS (\\Seen $Forwarded) INTERNALDATE "
		"\"17-Jul-2024 02:44:25 +0200\" RFC822.SIZE 44210 "
		"BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") "
		"NIL NIL \"quoted-printable\" 2210 48 NIL NIL NIL NIL)"
		"(\"text\" \"html\" (\"charset\" \"utf-8\") NIL NIL "
		"\"base64\" 20210 448 NIL NIL NIL NIL) \"alternative\" "
		"(\"boundary\" \"=_b1_abcdefghijkl\") NIL NIL NIL) "
		"BODY[HEADER.FIELDS (DATE FROM SENDER TO CC SUBJECT)] {60}\r\n"
		"123456789012345678901234567890123456789012345678901234567890"
		")";
	struct imap_parser parser;
	double start = seconds();

	imap_parser_init(&parser);
	for (int i = 0; i < 100000; i++) {
		struct imap_fetch fetch;

		imap_parse_fetch(&parser, slice_str(rest), 1, &fetch);
		imap_fetch_clear(&fetch);
	}
	imap_parser_clear(&parser);
	printf("# 100000 FETCH responses in %.3f s of CPU\n",
		seconds() - start);
	ok(seconds() - start < 10, "100000 responses in bounded time");
}

int
main(void)
{
	test_fetch();
	test_nul_in_literal();
	test_structure();
	test_bombs();
	test_many_parts();
	test_list();
	test_status();
	test_sets();
	test_backward_search();
	test_capabilities();
	test_namespaces();
	test_text();
	test_speed();
	return tap_done();
}
