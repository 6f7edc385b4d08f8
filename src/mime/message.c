/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/message.h"

#include <stdbool.h>

#include "mail/card.h"
#include "mime/calendar.h"
#include "mime/report.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum {
	/* Encoded; larger ones are not asked for. */
	CALENDAR_SIZE_MAX = 2 * CALENDAR_BYTES_MAX,
	RETURNED_SIZE_MAX = 64 * 1024,
	GUESS_TEXT_MAX = 256 * 1024,
};

/* The parts cards are made of, as indices. */
struct card_parts {
	int calendars[MESSAGE_CALENDARS_MAX];
	size_t n_calendars;
	int reports[MESSAGE_REPORTS_MAX];
	size_t n_reports;
	int returned[MESSAGE_REPORTS_MAX]; /* the message a report is about */
	size_t n_returned;
};

/* What a message inside the message says is that one's. */
static bool
is_outer(const struct part_tree *tree, const struct part *part)
{
	while (part->parent >= 0) {
		part = &tree->items[part->parent];
		if (!part_is_multipart(part))
			return false;
	}
	return true;
}

static bool
is_returned(const struct part *part)
{
	return part_is_type(part, "message/rfc822") ||
	       part_is_type(part, "message/global") ||
	       part_is_type(part, "message/global-headers") ||
	       part_is_type(part, "text/rfc822-headers");
}

static void
add_calendars(
	const struct part_tree *tree, bool attached, struct card_parts *parts)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *it = &tree->items[i];
		bool is_attached = !part_is_type(it, "text/calendar") ||
				   it->disposition == DISPOSITION_ATTACHMENT;

		if (parts->n_calendars < MESSAGE_CALENDARS_MAX &&
			calendar_is_part(it) && is_attached == attached &&
			it->size <= CALENDAR_SIZE_MAX && is_outer(tree, it))
			parts->calendars[parts->n_calendars++] = (int)i;
	}
}

static void
find_cards(const struct part_tree *tree, struct card_parts *parts)
{
	bool report = tree->n > 0 &&
		      part_is_type(&tree->items[0], "multipart/report");

	*parts = (struct card_parts){ 0 };
	add_calendars(tree, false, parts);
	/* The same one is often attached once more. */
	if (parts->n_calendars == 0)
		add_calendars(tree, true, parts);
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *it = &tree->items[i];

		if (parts->n_reports < MESSAGE_REPORTS_MAX &&
			report_is_part(it) && it->size <= REPORT_BYTES_MAX &&
			is_outer(tree, it))
			parts->reports[parts->n_reports++] = (int)i;
	}
	for (size_t i = 1; i < tree->n; i++) {
		const struct part *it = &tree->items[i];

		if ((report || parts->n_reports > 0) &&
			parts->n_returned < MESSAGE_REPORTS_MAX &&
			is_returned(it) && is_outer(tree, it))
			parts->returned[parts->n_returned++] = (int)i;
	}
}

static size_t
add_index(int index, int *indices, size_t n, size_t max)
{
	for (size_t i = 0; i < n; i++) {
		if (indices[i] == index)
			return n;
	}
	if (n < max)
		indices[n++] = index;
	return n;
}

size_t
mime_message_parts(const struct part_tree *tree, int *ret_indices, size_t max)
{
	struct card_parts parts;
	size_t n = mime_text_wanted(tree, ret_indices, max);

	find_cards(tree, &parts);
	for (size_t i = 0; i < parts.n_calendars; i++)
		n = add_index(parts.calendars[i], ret_indices, n, max);
	for (size_t i = 0; i < parts.n_reports; i++)
		n = add_index(parts.reports[i], ret_indices, n, max);
	for (size_t i = 0; i < parts.n_returned; i++) {
		if (tree->items[parts.returned[i]].size <= RETURNED_SIZE_MAX)
			n = add_index(parts.returned[i], ret_indices, n, max);
	}
	return n;
}

static struct slice
body_of(const struct message_source *source, int index)
{
	return source->body(source->ctx, &source->tree->items[index]);
}

static void
read_returned(
	const struct message_source *source, int index, struct report *report)
{
	const struct part *part = &source->tree->items[index];
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };
	struct slice bytes = body_of(source, index);

	strbuf_init(&decoded, REPORT_BYTES_MAX);
	if (part->encoding != ENCODING_IDENTITY) {
		transfer_decode(part->encoding,
			slice_head(bytes, REPORT_BYTES_MAX), &decoded);
		bytes = strbuf_slice(&decoded);
	}
	report_read_returned(mime_header(bytes), report);
}

static void
read_text(const struct message_source *source, const int *chosen, size_t n,
	struct document *doc)
{
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &source->tree->items[chosen[i]];
		struct slice bytes = body_of(source, chosen[i]);

		if (bytes.data)
			mime_text_extract(part, bytes, NULL, doc);
	}
}

static void
guess_report(const struct message_source *source, const int *chosen, size_t n,
	struct report *report)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	document_init(&doc);
	strbuf_init(&text, DOCUMENT_TEXT_MAX);
	read_text(source, chosen, n, &doc);
	document_print(&doc, &text);
	report_guess(source->header,
		slice_head(strbuf_slice(&text), GUESS_TEXT_MAX), report);
}

static void
read_report(const struct message_source *source, const struct card_parts *parts,
	const int *chosen, size_t n, struct report *report)
{
	for (size_t i = 0; i < parts->n_reports; i++)
		report_read(&source->tree->items[parts->reports[i]],
			body_of(source, parts->reports[i]), report);
	for (size_t i = 0; i < parts->n_returned; i++)
		read_returned(source, parts->returned[i], report);
	if (report->n == 0 && source->header.len > 0 &&
		report_is_bounce(source->header))
		guess_report(source, chosen, n, report);
}

/* False when no calendar could be read. */
static bool
read_calendars(const struct message_source *source,
	const struct card_parts *parts, bool notes, struct document *doc)
{
	bool read = false;

	for (size_t i = 0; i < parts->n_calendars; i++) {
		struct slice bytes = body_of(source, parts->calendars[i]);

		if (bytes.data &&
			calendar_read(&source->tree->items[parts->calendars[i]],
				bytes, notes, doc))
			read = true;
	}
	return read;
}

static bool
bytes_of(void *ctx, const struct part *part, struct slice *ret_bytes)
{
	const struct message_source *source = ctx;

	*ret_bytes = source->body(source->ctx, part);
	return ret_bytes->data != NULL;
}

bool
mime_message_read_as(const struct message_source *source, enum text_form form,
	const char *charset_override, struct document *doc,
	struct report *report, const struct part **ret_missing)
{
	struct text_source text = { source->tree, bytes_of,
		(void *)(uintptr_t)source };
	int chosen[TEXT_PARTS_MAX];
	struct card_parts parts;
	size_t n =
		mime_text_choose(source->tree, false, chosen, TEXT_PARTS_MAX);
	/* Where there is nothing else, calendars are chosen as text. */
	bool bare = n == 0 || calendar_is_part(&source->tree->items[chosen[0]]);
	bool is_html = false;

	*ret_missing = NULL;
	find_cards(source->tree, &parts);
	read_report(source, &parts, chosen, n, report);
	card_add_report(report, doc);
	if (!read_calendars(source, &parts, bare, doc) || !bare)
		mime_text_read(&text, form, charset_override, doc, &is_html,
			ret_missing);
	return is_html;
}

void
mime_message_read(const struct message_source *source, struct document *doc,
	struct report *report)
{
	const struct part *missing;

	(void)mime_message_read_as(
		source, TEXT_USUAL, NULL, doc, report, &missing);
}

struct slice
mime_message_body(void *ctx, const struct part *part)
{
	const struct slice *message = ctx;

	return mime_part_body(*message, part);
}
