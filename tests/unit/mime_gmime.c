/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What we read beside what GMime reads, over the messages below the folder that
 * TERCET_CORPUS names: parts, their decoded bytes, names and text, subjects,
 * addresses and dates.  Where a look at the bytes tells why GMime says
 * something else, explain_*() says so; where somebody had to read the message,
 * mime_gmime.txt does.  Anything else that differs is a failure.
 */
#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "mime/header.h"
#include "mime_reading.h"
#include "tap.h"

enum { DEPTH_MAX = 64 };

/* --- theirs --------------------------------------------------------------- */

static void
add_part(GMimePart *part, const char *type, struct reading *reading)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct leaf *leaf;
	char *text;

	if (content)
		g_mime_data_wrapper_write_to_stream(content, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	leaf = reading_add_leaf(reading, type, g_mime_part_get_filename(part),
		slice_make(bytes->data, bytes->len));
	g_object_unref(stream);
	if (!leaf || !GMIME_IS_TEXT_PART(part))
		return;
	leaf->charset = xstrdup_null(
		g_mime_text_part_get_charset(GMIME_TEXT_PART(part)));
	text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	if (text) {
		leaf->text_len = strlen(text);
		leaf->text = xstrdup(text);
	}
	g_free(text);
}

static void
add_object(GMimeObject *object, int depth, struct reading *reading)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = g_mime_content_type_get_mime_type(type);

	if (depth <= DEPTH_MAX && GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			add_object(g_mime_multipart_get_part(multipart, i),
				depth + 1, reading);
	} else if (depth <= DEPTH_MAX && GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(
			GMIME_MESSAGE_PART(object));
		GMimeObject *inner =
			message ? g_mime_message_get_mime_part(message) : NULL;

		if (inner)
			add_object(inner, depth + 1, reading);
		else
			reading_add_leaf(reading, name, NULL, SLICE(""));
	} else if (GMIME_IS_PART(object)) {
		add_part(GMIME_PART(object), name, reading);
	}
	g_free(name);
}

static void
add_addresses(InternetAddressList *from, struct strbuf *to)
{
	for (int i = 0; from && i < internet_address_list_length(from); i++) {
		InternetAddress *it =
			internet_address_list_get_address(from, i);

		if (INTERNET_ADDRESS_IS_GROUP(it))
			add_addresses(internet_address_group_get_members(
					      INTERNET_ADDRESS_GROUP(it)),
				to);
		else
			reading_add_address(to, internet_address_get_name(it),
				internet_address_mailbox_get_addr(
					INTERNET_ADDRESS_MAILBOX(it)));
	}
}

static void
read_theirs(struct slice bytes, struct reading *reading)
{
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(bytes.data, bytes.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *root =
		message ? g_mime_message_get_mime_part(message) : NULL;
	GDateTime *date = message ? g_mime_message_get_date(message) : NULL;

	if (root)
		add_object(root, 0, reading);
	if (message) {
		reading->subject =
			xstrdup_null(g_mime_message_get_subject(message));
		add_addresses(g_mime_message_get_from(message), &reading->from);
		add_addresses(g_mime_message_get_addresses(
				      message, GMIME_ADDRESS_TYPE_TO),
			&reading->to);
		add_addresses(g_mime_message_get_addresses(
				      message, GMIME_ADDRESS_TYPE_CC),
			&reading->cc);
		/* Belongs to the message. */
		reading->date = date ? g_date_time_to_unix(date) : 0;
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

/* --- what is compared ----------------------------------------------------- */

enum class {
	CLASS_PARTS,
	CLASS_BYTES,
	CLASS_NAMES,
	CLASS_TEXT,
	CLASS_SUBJECT,
	CLASS_ADDRESSES,
	CLASS_PEOPLE,
	CLASS_DATE,
	CLASSES,
};

static const char *const class_names[CLASSES] = {
	[CLASS_PARTS] = "parts",
	[CLASS_BYTES] = "bytes",
	[CLASS_NAMES] = "names",
	[CLASS_TEXT] = "text",
	[CLASS_SUBJECT] = "subject",
	[CLASS_ADDRESSES] = "addresses",
	[CLASS_PEOPLE] = "people",
	[CLASS_DATE] = "date",
};

static bool
str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
same_bytes(const struct leaf *a, const struct leaf *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Whether we have all that GMime has, and more text. */
static bool
only_adds_text(const struct reading *ours, const struct reading *theirs)
{
	size_t j = 0;

	for (size_t i = 0; i < ours->n; i++) {
		if (j < theirs->n &&
			str_eq(ours->leaves[i].type, theirs->leaves[j].type) &&
			same_bytes(&ours->leaves[i], &theirs->leaves[j]))
			j++;
		else if (strcmp(ours->leaves[i].type, "text/plain") != 0)
			return false;
	}
	return j == theirs->n;
}

static const char *
explain_parts(struct slice message, const struct reading *ours,
	const struct reading *theirs, const struct leaf *a,
	const struct leaf *b)
{
	if (slice_find(message, '\n') == message.len)
		return "it does not know lines that end with CR alone";
	if (theirs->n == 0)
		return "it finds nothing to show, we show the text";
	if (only_adds_text(ours, theirs))
		return "a multipart without its delimiters is text, and "
		       "between two delimiters is an empty part";
	if (a && b && strcmp(a->type, "text/plain") == 0 &&
		strcmp(b->type, "application/octet-stream") == 0 &&
		a->len == b->len)
		return "a type without a slash is no type: RFC 2045 5.2 "
		       "makes it text/plain";
	return NULL;
}

static const char *
explain_bytes(const struct leaf *a, const struct leaf *b)
{
	if (a->len > 0 && b->len == 0)
		return "text without an empty line before it is text";
	if (a->len + 1 == b->len && b->bytes[a->len] == '\r')
		return "CR LF before a last delimiter belongs to it";
	if (a->len > b->len && a->len <= b->len + 2 &&
		memcmp(a->bytes, b->bytes, b->len) == 0)
		return "base64 without its padding has another byte or two";
	return NULL;
}

static size_t
count(const char *s, size_t len, const char *what)
{
	struct slice rest = slice_make(s, len);
	size_t n = 0;
	const char *p;

	while ((p = memmem(rest.data, rest.len, what, strlen(what)))) {
		rest = slice_skip(rest, (size_t)(p - rest.data) + 1);
		n++;
	}
	return n;
}

static const char *
explain_text(const struct leaf *a, const struct leaf *b)
{
	struct slice bytes = slice_make(a->bytes, a->len);
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	if (!utf8_is_valid(slice_make(b->text, b->text_len)))
		return "what it gives is no UTF-8";
	if (utf8_is_valid(bytes) && a->len == a->text_len &&
		memcmp(a->bytes, a->text, a->len) == 0)
		return "bytes that are UTF-8 are UTF-8, whatever they are "
		       "called";
	strbuf_init(&text, READING_BYTES_MAX);
	if (slice_starts_nocase(slice_str(b->charset), SLICE("iso-8859-1")) &&
		charset_to_utf8(
			SLICE("windows-1252"), CHARSET_FORCED, bytes, &text) &&
		slice_eq(strbuf_slice(&text), slice_make(a->text, a->text_len)))
		return "ISO 8859-1 with letters in its control characters is "
		       "windows-1252";
	if (count(a->text, a->text_len, "\xef\xbf\xbd") == 0 &&
		a->text_len > b->text_len)
		return "nothing is lost here, and something there";
	return NULL;
}

static size_t
lines(const struct strbuf *list)
{
	return count(list->data, list->len, "\n");
}

/* The addresses alone, one a line. */
static void
addresses_of(const struct strbuf *list, struct strbuf *out)
{
	struct slice rest = strbuf_slice(list);
	struct slice line;

	while (slice_next_line(&rest, &line)) {
		strbuf_add_slice(
			out, slice_skip(line, slice_find(line, '\t') + 1));
		strbuf_add_char(out, '\n');
	}
}

/* Letters and digits: blanks and quotes are a matter of taste. */
static void
squeeze(struct slice s, struct strbuf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((s.data[i] & 0x80) || ascii_is_alnum(s.data[i]) ||
			s.data[i] == '\n')
			strbuf_add_char(out, s.data[i]);
	}
}

static bool
same_lists(const struct strbuf *a, const struct strbuf *b, bool people)
{
	struct strbuf x CLEANUP(strbuf_clear) = { 0 };
	struct strbuf y CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&x, READING_BYTES_MAX);
	strbuf_init(&y, READING_BYTES_MAX);
	if (people) {
		squeeze(strbuf_slice(a), &x);
		squeeze(strbuf_slice(b), &y);
	} else {
		addresses_of(a, &x);
		addresses_of(b, &y);
	}
	return slice_eq(strbuf_slice(&x), strbuf_slice(&y));
}

static bool
same_words(const char *a, const char *b)
{
	struct strbuf x CLEANUP(strbuf_clear) = { 0 };
	struct strbuf y CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&x, READING_BYTES_MAX);
	strbuf_init(&y, READING_BYTES_MAX);
	for (; a && *a; a++)
		if (!ascii_is_space(*a))
			strbuf_add_char(&x, *a);
	for (; b && *b; b++)
		if (!ascii_is_space(*b))
			strbuf_add_char(&y, *b);
	return slice_eq(strbuf_slice(&x), strbuf_slice(&y));
}

static bool
holds_in_order(const char *long_one, const char *short_one)
{
	for (; *short_one; short_one++, long_one++) {
		long_one = strchr(long_one, *short_one);
		if (!long_one)
			return false;
	}
	return true;
}

/* Fields of that name in the header, and whether their bytes say in what
 * charset they are. */
static const char *
explain_field(struct slice message, struct slice name, const char *ours,
	const char *theirs)
{
	struct slice header = mime_header(message);
	struct header_field field;
	int n = 0;
	bool is_raw = false;

	if (slice_find(header, '\n') == header.len)
		return "it does not know lines that end with CR alone";
	while (header_next(&header, &field)) {
		if (!slice_eq_nocase(field.name, name))
			continue;
		n++;
		is_raw = is_raw ||
			 (utf8_ascii_prefix(field.value) < field.value.len &&
				 !utf8_is_valid(field.value));
	}
	if (n > 1)
		return "of several fields the first counts";
	if (is_raw && utf8_is_valid(slice_str(ours)) &&
		!strstr(ours, "\xef\xbf\xbd"))
		return "raw bytes are looked at, not taken for ISO 8859-1";
	if (ours && theirs && strlen(ours) > strlen(theirs) &&
		!strstr(ours, "\xef\xbf\xbd") && holds_in_order(ours, theirs))
		return "words that cut a character in two are joined first";
	return NULL;
}

/* --- the tally ------------------------------------------------------------ */

struct tally {
	struct strbuf known; /* mime_gmime.txt */
	int compared[CLASSES];
	int explained[CLASSES];
	int unexplained[CLASSES];
	int messages;
};

/* "class TAB path TAB reason" */
static bool
is_known(const struct tally *tally, enum class class, const char *path)
{
	char *start = xasprintf("\n%s\t%s\t", class_names[class], path);
	bool known = strstr(tally->known.data, start) != NULL;

	free(start);
	return known;
}

static void
note(struct tally *tally, enum class class, const char *path, bool same,
	const char *reason, const char *ours, const char *theirs)
{
	tally->compared[class]++;
	if (same)
		return;
	if (reason || is_known(tally, class, path)) {
		tally->explained[class]++;
		return;
	}
	tally->unexplained[class]++;
	printf("# %s\t%s\n#\t\tours:   %.300s\n#\t\ttheirs: %.300s\n",
		class_names[class], path, ours ? ours : "nothing",
		theirs ? theirs : "nothing");
}

static void
compare_leaves(const char *path, struct slice message,
	const struct reading *ours, const struct reading *theirs,
	struct tally *tally)
{
	size_t n = ours->n < theirs->n ? ours->n : theirs->n;
	size_t i = 0;
	const struct leaf *a = NULL;
	const struct leaf *b = NULL;
	bool same;

	while (i < n && str_eq(ours->leaves[i].type, theirs->leaves[i].type))
		i++;
	same = i == ours->n && i == theirs->n;
	if (i < n) {
		a = &ours->leaves[i];
		b = &theirs->leaves[i];
	}
	note(tally, CLASS_PARTS, path, same,
		same ? NULL : explain_parts(message, ours, theirs, a, b),
		a ? a->type : "fewer", b ? b->type : "fewer");
	for (i = 0; same && i < n; i++) {
		bool same_content;

		a = &ours->leaves[i];
		b = &theirs->leaves[i];
		same_content = same_bytes(a, b);
		note(tally, CLASS_BYTES, path, same_content,
			explain_bytes(a, b), a->bytes, b->bytes);
		note(tally, CLASS_NAMES, path, str_eq(a->name, b->name), NULL,
			a->name, b->name);
		if (!same_content || !a->text || !b->text ||
			memchr(a->bytes, '\0', a->len))
			continue;
		note(tally, CLASS_TEXT, path, str_eq(a->text, b->text),
			explain_text(a, b), a->text, b->text);
	}
}

static void
compare_lists(const char *path, struct slice message, struct slice field,
	const struct strbuf *ours, const struct strbuf *theirs,
	struct tally *tally)
{
	bool same = same_lists(ours, theirs, false);
	const char *reason =
		explain_field(message, field, ours->data, theirs->data);

	if (lines(ours) > 0 && lines(theirs) == 0)
		reason = "it finds none, we show what is there";
	note(tally, CLASS_ADDRESSES, path, same, reason, ours->data,
		theirs->data);
	if (same)
		note(tally, CLASS_PEOPLE, path, same_lists(ours, theirs, true),
			reason, ours->data, theirs->data);
}

static const char *
explain_date(struct slice message, int64_t ours, int64_t theirs)
{
	if (ours > 0 && theirs == 0)
		return "it does not know this way to write a date";
	return explain_field(message, SLICE("Date"), NULL, NULL);
}

static void
compare(const char *path, struct slice message, const struct reading *ours,
	const struct reading *theirs, struct tally *tally)
{
	char dates[2][32];

	compare_leaves(path, message, ours, theirs, tally);
	note(tally, CLASS_SUBJECT, path,
		same_words(ours->subject, theirs->subject),
		explain_field(message, SLICE("Subject"), ours->subject,
			theirs->subject),
		ours->subject, theirs->subject);
	compare_lists(path, message, SLICE("From"), &ours->from, &theirs->from,
		tally);
	compare_lists(
		path, message, SLICE("To"), &ours->to, &theirs->to, tally);
	compare_lists(
		path, message, SLICE("Cc"), &ours->cc, &theirs->cc, tally);
	snprintf(dates[0], sizeof(dates[0]), "%lld", (long long)ours->date);
	snprintf(dates[1], sizeof(dates[1]), "%lld", (long long)theirs->date);
	note(tally, CLASS_DATE, path, ours->date == theirs->date,
		explain_date(message, ours->date, theirs->date), dates[0],
		dates[1]);
}

static void
try_message(const char *corpus, const char *path, struct tally *tally)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *full = xasprintf("%s/%s", corpus, path);
	struct reading *ours = xnew(struct reading);
	struct reading *theirs = xnew(struct reading);
	struct slice message;

	strbuf_init(&bytes, READING_BYTES_MAX);
	reading_init(ours);
	reading_init(theirs);
	if (file_read(full, &bytes, &err)) {
		message = strbuf_slice(&bytes);
		if (slice_starts(message, SLICE("From ")))
			message = slice_skip(
				message, slice_find(message, '\n') + 1);
		tally->messages++;
		reading_ours(message, ours);
		read_theirs(message, theirs);
		compare(path, message, ours, theirs, tally);
	} else {
		ok(false, "%s: %s", path, err.text);
	}
	reading_clear(ours);
	reading_clear(theirs);
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

static void
print_tally(const struct tally *tally)
{
	for (int i = 0; i < CLASSES; i++) {
		int differ = tally->explained[i] + tally->unexplained[i];

		ok(tally->unexplained[i] == 0 && tally->compared[i] > 0,
			"%s: %d of %d agree (%.2f %%), %d differ for a "
			"reason, %d for none",
			class_names[i], tally->compared[i] - differ,
			tally->compared[i],
			100.0 * (tally->compared[i] - differ) /
				(tally->compared[i] ? tally->compared[i] : 1),
			tally->explained[i], tally->unexplained[i]);
	}
}

int
main(void)
{
	const char *corpus = getenv("TERCET_CORPUS");
	const char *top = getenv("TOP_SRCDIR");
	struct strbuf manifest CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct tally tally = { .messages = 0 };
	char *path;
	char *known;

	if (!corpus || !*corpus) {
		tap_skip("the corpus", "TERCET_CORPUS is not set");
		return tap_done();
	}
	g_mime_init();
	strbuf_init(&manifest, READING_BYTES_MAX);
	strbuf_init(&tally.known, READING_BYTES_MAX);
	known = file_join(top ? top : ".", "tests/unit/mime_gmime.txt");
	path = file_join(corpus, "MANIFEST.tsv");
	if (file_read(known, &tally.known, &err) &&
		file_read(path, &manifest, &err))
		try_all(corpus, strbuf_slice(&manifest), &tally);
	else
		ok(false, "%s", err.text);
	free(path);
	free(known);
	strbuf_clear(&tally.known);
	g_mime_shutdown();
	print_tally(&tally);
	return tap_done();
}
