/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our walker beside GMime, over the messages below the folder that
 * TERCET_CORPUS names: the same leaves with the same types, decoded bytes and
 * file names.  What differs is listed below with the reason; anything else
 * that differs is a failure.
 */
#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "tap.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024, LEAVES_MAX = 1000 };

struct leaf {
	char *type;
	char *name; /* or NULL */
	char *bytes;
	size_t len;
};

struct leaves {
	struct leaf items[LEAVES_MAX];
	size_t n;
};

static void
clear(struct leaves *leaves)
{
	for (size_t i = 0; i < leaves->n; i++) {
		free(leaves->items[i].type);
		free(leaves->items[i].name);
		free(leaves->items[i].bytes);
	}
	leaves->n = 0;
}

static void
add(struct leaves *leaves, const char *type, const char *name,
	struct slice bytes)
{
	struct leaf *leaf;

	if (leaves->n == LEAVES_MAX)
		return;
	leaf = &leaves->items[leaves->n++];
	leaf->type = xstrdup(type);
	ascii_lower_str(leaf->type);
	leaf->name = name && *name ? xstrdup(name) : NULL;
	leaf->bytes = xmemdup0(bytes.data, bytes.len);
	leaf->len = bytes.len;
}

static void
add_ours(struct slice message, struct leaves *leaves)
{
	struct part_tree tree;

	mime_walk(message, &tree);
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

		if (i + 1 < tree.n && tree.items[i + 1].parent == (int)i)
			continue;
		strbuf_init(&bytes, FILE_SIZE_MAX);
		transfer_decode(
			part->encoding, mime_part_body(message, part), &bytes);
		add(leaves, part->type, part->name, strbuf_slice(&bytes));
	}
	part_tree_clear(&tree);
}

static void
add_theirs(GMimeObject *object, int depth, struct leaves *leaves)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *type_name = g_mime_content_type_get_mime_type(type);

	if (depth > 64) {
		g_free(type_name);
		return;
	}
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			add_theirs(g_mime_multipart_get_part(multipart, i),
				depth + 1, leaves);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(
			GMIME_MESSAGE_PART(object));
		GMimeObject *inner =
			message ? g_mime_message_get_mime_part(message) : NULL;

		if (inner)
			add_theirs(inner, depth + 1, leaves);
		else
			add(leaves, type_name, NULL, SLICE(""));
	} else if (GMIME_IS_PART(object)) {
		GMimePart *part = GMIME_PART(object);
		GMimeDataWrapper *content = g_mime_part_get_content(part);
		GMimeStream *stream = g_mime_stream_mem_new();
		GByteArray *bytes;

		if (content)
			g_mime_data_wrapper_write_to_stream(content, stream);
		bytes = g_mime_stream_mem_get_byte_array(
			GMIME_STREAM_MEM(stream));
		add(leaves, type_name, g_mime_part_get_filename(part),
			slice_make(bytes->data, bytes->len));
		g_object_unref(stream);
	}
	g_free(type_name);
}

static void
add_theirs_of(struct slice bytes, struct leaves *leaves)
{
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(bytes.data, bytes.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *root;

	if (message) {
		root = g_mime_message_get_mime_part(message);
		if (root)
			add_theirs(root, 0, leaves);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

static bool
str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What differs, in a word; NULL when nothing does. */
static const char *
compare(const struct leaves *ours, const struct leaves *theirs, size_t *ret_i)
{
	for (size_t i = 0; i < ours->n && i < theirs->n; i++) {
		const struct leaf *a = &ours->items[i];
		const struct leaf *b = &theirs->items[i];

		*ret_i = i;
		if (!str_eq(a->type, b->type))
			return "type";
		if (a->len != b->len || memcmp(a->bytes, b->bytes, a->len) != 0)
			return "bytes";
		if (!str_eq(a->name, b->name))
			return "name";
	}
	*ret_i = ours->n;
	return ours->n == theirs->n ? NULL : "count";
}

static bool
same_leaf(const struct leaf *a, const struct leaf *b)
{
	return str_eq(a->type, b->type) && a->len == b->len &&
	       memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Whether we have all that GMime has, and more text. */
static bool
only_adds_text(const struct leaves *ours, const struct leaves *theirs)
{
	size_t j = 0;

	for (size_t i = 0; i < ours->n; i++) {
		if (j < theirs->n &&
			same_leaf(&ours->items[i], &theirs->items[j]))
			j++;
		else if (strcmp(ours->items[i].type, "text/plain") != 0)
			return false;
	}
	return j == theirs->n;
}

/* Why GMime says something else, where a look at the bytes tells. */
static const char *
explain(const struct leaves *ours, const struct leaves *theirs, size_t i,
	const char *what)
{
	const struct leaf *a = &ours->items[i];
	const struct leaf *b = &theirs->items[i];

	if (theirs->n == 0)
		return "it finds nothing to show, we show the text";
	if (only_adds_text(ours, theirs))
		return "a multipart without its delimiters is text, and "
		       "between two delimiters is an empty part";
	if (i >= ours->n || i >= theirs->n)
		return NULL;
	if (strcmp(what, "type") == 0 && strcmp(a->type, "text/plain") == 0 &&
		strcmp(b->type, "application/octet-stream") == 0 &&
		a->len == b->len)
		return "a type without a slash is no type: RFC 2045 5.2 "
		       "makes it text/plain";
	if (strcmp(what, "bytes") != 0 || !str_eq(a->type, b->type))
		return NULL;
	if (a->len > 0 && b->len == 0)
		return "text without an empty line before it is text";
	if (a->len + 1 == b->len && b->bytes[a->len] == '\r')
		return "CR LF before a last delimiter belongs to it";
	if (a->len > b->len && a->len <= b->len + 2 &&
		memcmp(a->bytes, b->bytes, b->len) == 0)
		return "base64 without its padding has another byte or two";
	return NULL;
}

/* And where somebody had to read the message. */
static const struct {
	const char *path;
	const char *reason;
} readings[] = {
	{ "james-mime4j/core/src/test/resources/mimetools-testmsgs/"
	  "multi-frag.msg",
		"words after base64 are no base64" },
	{ "james-mime4j/core/src/test/resources/testmsgs/"
	  "basic-plain-with-bad-header-separator.msg",
		"lines without a colon are text, not header" },
	{ "james-mime4j/core/src/test/resources/testmsgs/weird-boundary.msg",
		"RFC 2046 5.1.1: a boundary ends with no blank" },
	{ "james-mime4j/james-utils/src/test/resources/sampleMail.msg",
		"words under the name of base64 are no base64" },
	{ "mail-parser-stalwart/resources/eml/legacy/039.eml",
		"backslashes of a Windows path are kept" },
	{ "mail-parser-stalwart/resources/eml/malformed/001.eml",
		"a multipart without its delimiters is text" },
	{ "mail-parser-stalwart/resources/eml/rfc/000.eml",
		"words under the name of base64 are no base64" },
	{ "mimekit/UnitTests/TestData/messages/empty-multipart.txt",
		"a multipart without its delimiters is text" },
	{ "notmuch/test/corpora/broken/empty-part",
		"an empty message is one with an empty text" },
	{ "php-mime-mail-parser/tests/mails/issue126",
		"of two Content-Type fields the first counts" },
	{ "proton-bridge/pkg/message/testdata/"
	  "text_plain_octet_attachment_bad_2231_filename.eml",
		"a missing quote does not lose the name" },
	{ "rspamd/test/functional/messages/fname.eml",
		"a blank in a bare name does not end it" },
	{ "sisimai/maildir/bsd/lhost-office365-10.eml",
		"a boundary that is not folded is lost, its text is not" },
	{ "sisimai/maildir/dos/lhost-postfix-01.eml",
		"an empty message is one with an empty text" },
	{ "spamassassin-corpus/data/spam-1/"
	  "00313.fab744bfd5a128fca39b69df9811c086.txt",
		"a list's footer is no base64" },
	{ "spamassassin-corpus/data/spam-2/"
	  "00673.89b0df1a8a6e1a95c48f1f63e48648f4.txt",
		"words after base64 are no base64" },
	{ "spamassassin-t/t/data/nice/mime4",
		"words after base64 are no base64" },
	{ "spamscope-mail-parser/tests/mails/mail_test_15",
		"uuencoded lines with blanks cut off are whole" },
};

static const char *
look_up(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(readings); i++) {
		if (strcmp(readings[i].path, path) == 0)
			return readings[i].reason;
	}
	return NULL;
}

struct tally {
	int messages;
	int explained;
	int differ;
};

static void
report(const char *path, const struct leaves *ours, const struct leaves *theirs,
	struct tally *tally)
{
	size_t i = 0;
	const char *what = compare(ours, theirs, &i);
	const char *reason;

	if (!what)
		return;
	reason = look_up(path);
	if (!reason)
		reason = explain(ours, theirs, i, what);
	if (reason) {
		tally->explained++;
		return;
	}
	tally->differ++;
	printf("# %s: %s of leaf %zu; %zu leaves, %zu there\n", path, what, i,
		ours->n, theirs->n);
	if (i < ours->n && i < theirs->n)
		printf("#\t%s, %s there; %zu bytes, %zu there\n",
			ours->items[i].type, theirs->items[i].type,
			ours->items[i].len, theirs->items[i].len);
}

static void
try_message(const char *corpus, const char *path, struct tally *tally)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *full = xasprintf("%s/%s", corpus, path);
	struct leaves *ours = xnew(struct leaves);
	struct leaves *theirs = xnew(struct leaves);
	struct slice message;

	strbuf_init(&bytes, FILE_SIZE_MAX);
	if (file_read(full, &bytes, &err)) {
		message = strbuf_slice(&bytes);
		if (slice_starts(message, SLICE("From ")))
			message = slice_skip(
				message, slice_find(message, '\n') + 1);
		tally->messages++;
		add_ours(message, ours);
		add_theirs_of(message, theirs);
		report(path, ours, theirs, tally);
	} else {
		ok(false, "%s: %s", path, err.text);
	}
	clear(ours);
	clear(theirs);
	free(ours);
	free(theirs);
	free(full);
}

/* The manifest tells messages from other files: path, sum, source, kinds. */
static void
try_all(const char *corpus, struct slice manifest, struct tally *tally)
{
	struct slice line;

	while (slice_next_line(&manifest, &line)) {
		size_t tab = slice_find(line, '\t');
		char *path;

		if (!memmem(line.data, line.len, "message", 7) ||
			memmem(line.data, line.len, "mbox", 4) ||
			memmem(line.data, line.len, "fuzz", 4))
			continue;
		path = xmemdup0(line.data, tab);
		try_message(corpus, path, tally);
		free(path);
	}
}

int
main(void)
{
	const char *corpus = getenv("TERCET_CORPUS");
	struct strbuf manifest CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct tally tally = { 0 };
	char *path;

	if (!corpus || !*corpus) {
		tap_skip("the corpus", "TERCET_CORPUS is not set");
		return tap_done();
	}
	g_mime_init();
	strbuf_init(&manifest, FILE_SIZE_MAX);
	path = file_join(corpus, "MANIFEST.tsv");
	if (file_read(path, &manifest, &err))
		try_all(corpus, strbuf_slice(&manifest), &tally);
	else
		ok(false, "%s", err.text);
	free(path);
	g_mime_shutdown();
	ok(tally.messages > 0 && tally.differ == 0,
		"%d messages, %d differ for a reason, %d for none",
		tally.messages, tally.explained, tally.differ);
	return tap_done();
}
