/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts become messages that read back as they were written. */
#include "compose/build.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/envelope.h"
#include "mime/param.h"
#include "mime/text.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "tap.h"

static char path[] = "/tmp/tercet-build-XXXXXX";

static bool
add(void *to, struct slice piece)
{
	return strbuf_add_slice(to, piece);
}

/* The whole message, as it goes out. */
static char *
build(const struct draft *draft, bool unfinished, struct error *err)
{
	struct build_options options = {
		.now = 1795000000,
		.unfinished = unfinished,
	};
	struct build *it CLEANUP(build_freep) = NULL;
	struct strbuf out;

	if (!build_begin(draft, &options, &it, err))
		return NULL;
	strbuf_init(&out, 64 << 20);
	strbuf_add_slice(&out, build_header(it));
	if (!build_write(it, add, &out, err)) {
		strbuf_clear(&out);
		return NULL;
	}
	return strbuf_take(&out);
}

static void
fill(struct draft *draft, const char *body)
{
	draft_init(draft);
	draft->from_name = xstrdup("Ann Éxample");
	draft->from = xstrdup("ann@example.org");
	address_list_add(&draft->to, "Bo", "bo@example.net");
	address_list_add(&draft->bcc, NULL, "hidden@example.net");
	draft->subject = xstrdup("Grüße");
	draft->body = xstrdup(body);
}

static bool
lines_are_sound(const char *message)
{
	struct slice rest = slice_str(message);
	size_t at;

	for (at = 0; at < rest.len; at++) {
		if (rest.data[at] == '\n' &&
			(at == 0 || rest.data[at - 1] != '\r'))
			return false;
		if (rest.data[at] == '\r' && rest.data[at + 1] != '\n')
			return false;
		if ((unsigned char)rest.data[at] > '~')
			return false;
	}
	for (struct slice line; slice_next_line(&rest, &line);) {
		if (line.len > 998)
			return false;
	}
	return true;
}

/* What a reader makes of the text. */
static char *
read_text(const char *message)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct strbuf out;
	struct slice body;

	mime_walk(slice_str(message), &tree);
	strbuf_init(&out, 64 << 20);
	for (size_t i = 0; i < tree.n; i++) {
		if (part_is_multipart(&tree.items[i]))
			continue;
		body = mime_part_body(slice_str(message), &tree.items[i]);
		transfer_decode(tree.items[i].encoding, body, &out);
		break;
	}
	return strbuf_take(&out);
}

/* The text as typed, and the lines that go out. */
static const struct {
	const char *body;
	const char *want;
} bodies[] = {
	{ "Hello\n", "Hello\r\n" },
	{ "Hello", "Hello\r\n" },
	{ "", "" },
	{ "é\n", "é\r\n" },
	{ "trailing  \nblanks \n", "trailing\r\nblanks\r\n" },
	{ "-- \nAnn\n", "-- \r\nAnn\r\n" },
	{ "From me\n", " From me\r\n" },
	{ ".\n", ".\r\n" },
	{ " indented\n", "  indented\r\n" },
	{ "> quoted\n", "> quoted\r\n" },
	{ "one two three four five six seven eight nine ten eleven twelve "
	  "thirteen fourteen fifteen\n",
		"one two three four five six seven eight nine ten eleven "
		"twelve thirteen \r\nfourteen fifteen\r\n" },
	{ "日本語\n", "日本語\r\n" },
	{ "cr\rlf\n", "cr\r\nlf\r\n" },
};

static void
check_bodies(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct draft draft CLEANUP(draft_clear) = { 0 };
		char *message CLEANUP(freep) = NULL;
		char *text CLEANUP(freep) = NULL;

		fill(&draft, bodies[i].body);
		message = build(&draft, false, &err);
		ok(message && lines_are_sound(message), "text %zu is sound", i);
		text = read_text(message ? message : "");
		is_str(text, bodies[i].want, "  and reads back");
	}
}

static void
check_header(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	char *message CLEANUP(freep) = NULL;
	char host[256] = "";

	fill(&draft, "x\n");
	message_ids_add(&draft.references, SLICE("a@x"));
	message_ids_add(&draft.references, SLICE("b@x"));
	draft.in_reply_to = xstrdup("b@x");
	message = build(&draft, false, &err);
	mime_read_envelope(slice_str(message), &envelope);
	is_str(envelope.subject, "Grüße", "subject");
	is_str(envelope.from.items[0].name, "Ann Éxample", "sender's name");
	is_int((int64_t)envelope.references.n, 2, "references");
	is_str(envelope.in_reply_to.items[0], "b@x", "in reply to");
	is_int(envelope.date, 1795000000, "date");
	ok(envelope.message_id && strstr(envelope.message_id, "@example.org"),
		"Message-ID in the address's domain");
	ok(!strstr(message, "hidden@"), "no Bcc on the wire");
	gethostname(host, sizeof(host) - 1);
	ok(!*host || !strstr(message, host), "no host name");
	ok(!strstr(message, "User-Agent") && !strstr(message, "X-Mailer"),
		"no program's name");
}

static void
write_file(const void *bytes, size_t n)
{
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		exit(99);
	close(fd);
}

static void
check_attachment(
	const char *name, const char *bytes, size_t n, const char *encoding)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct strbuf back CLEANUP(strbuf_clear) = { 0 };
	char *message CLEANUP(freep) = NULL;
	char *wanted CLEANUP(freep) = NULL;

	write_file(bytes, n);
	fill(&draft, "with it\n");
	draft_attach_file(&draft, path, n);
	str_replace(&draft.attachments.items[0].name, name);
	message = build(&draft, false, &err);
	ok(message && lines_are_sound(message), "%s: sound%s%s", name,
		message ? "" : ": ", message ? "" : err.text);
	unlink(path);
	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	if (!message)
		return;
	mime_walk(slice_str(message), &tree);
	mime_params_settle(&tree);
	is_int((int64_t)tree.n,
		slice_ends(slice_str(name), SLICE(".eml")) ? 4 : 3,
		"  a text and a file");
	is_str(tree.items[2].name, name, "  its name");
	wanted = xasprintf("Content-Transfer-Encoding: %s", encoding);
	ok(strstr(message, wanted) != NULL, "  as %s", encoding);
	strbuf_init(&back, 64 << 20);
	transfer_decode(tree.items[2].encoding,
		mime_part_body(slice_str(message), &tree.items[2]), &back);
	if (strcmp(encoding, "base64") == 0)
		ok(slice_eq(strbuf_slice(&back), slice_make(bytes, n)),
			"  byte for byte");
}

static void
check_attachments(void)
{
	static const char mail[] = "Subject: inner\n\nHello\n";
	char all[1024];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	check_attachment("all.bin", all, sizeof(all), "base64");
	check_attachment("one.bin", "x", 1, "base64");
	check_attachment("empty.bin", "", 0, "base64");
	check_attachment("a.txt", "line\nline\n", 10, "7bit");
	check_attachment("crlf.txt", "line\r\n", 6, "base64");
	check_attachment("open.txt", "no end", 6, "base64");
	check_attachment("high.txt", "\303\251\n", 3, "base64");
	check_attachment("Übersicht für Äpfel.pdf", "%PDF", 4, "base64");
	check_attachment("a \"quoted\" name; x=y.pdf", "%PDF", 4, "base64");
	check_attachment("a very long name of a file that will never fit into "
			 "a single line of a header, whatever one does.pdf",
		"%PDF", 4, "base64");
	check_attachment("m.eml", mail, sizeof(mail) - 1, "7bit");
}

static const struct {
	const char *from;
	const char *to;
	bool unfinished;
	bool good;
} envelopes[] = {
	{ "ann@example.org", "bo@example.net", false, true },
	{ NULL, "bo@example.net", false, false },
	{ "ann@example.org", NULL, false, false },
	{ "ann@example.org", "bo", false, false },
	{ "ann@example.org", "bo@x.org\r\nRCPT TO:<c@x.org>", false, false },
	{ NULL, NULL, true, true },
	{ "ann@example.org", "bo", true, true },
};

static void
check_envelopes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(envelopes); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct draft draft CLEANUP(draft_clear) = { 0 };
		char *message CLEANUP(freep) = NULL;

		draft.from = xstrdup_null(envelopes[i].from);
		if (envelopes[i].to)
			address_list_add(&draft.to, NULL, envelopes[i].to);
		message = build(&draft, envelopes[i].unfinished, &err);
		ok((message != NULL) == envelopes[i].good,
			"from %s to %s%s: %s",
			envelopes[i].from ? envelopes[i].from : "nobody",
			envelopes[i].to ? "somebody" : "nobody",
			envelopes[i].unfinished ? ", unfinished" : "",
			err.text ? err.text : "fine");
	}
}

static void
check_packing(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct draft back CLEANUP(draft_clear) = { 0 };
	struct draft damaged CLEANUP(draft_clear) = { 0 };
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };

	fill(&draft, "body 5\nsubject 3\nabc\n");
	draft.answers = 42;
	draft.forwards = draft.wants_receipt = true;
	draft.priority = PRIORITY_LOW;
	message_ids_add(&draft.references, SLICE("a@x"));
	draft_attach_file(&draft, "/tmp/some\nfile", 7);
	strbuf_init(&packed, 1 << 20);
	strbuf_init(&again, 1 << 20);
	draft_pack(&draft, &packed);
	ok(draft_unpack(strbuf_slice(&packed), &back, &err), "unpacked");
	draft_pack(&back, &again);
	is_str(again.data, packed.data, "the same again");
	ok(!draft_unpack(slice_head(strbuf_slice(&packed), packed.len - 3),
		   &damaged, &err) &&
			err.kind == ERR_STORE,
		"a damaged one is told");
}

int
main(void)
{
	check_bodies();
	check_header();
	check_attachments();
	check_envelopes();
	check_packing();
	return tap_done();
}
