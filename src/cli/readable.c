/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/readable.h"

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "mail/card.h"
#include "mime/header.h"
#include "mime/message.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum {
	VALUE_MAX = 64 * 1024,
	BYTES_MAX = 4 * 1024 * 1024,
};

static void
add_field(struct document *doc, const char *label, struct slice name,
	struct slice value)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, 4 * VALUE_MAX);
	if (label)
		strbuf_add_str(&line, label);
	else
		header_clean(slice_head(name, VALUE_MAX), &line);
	strbuf_add_str(&line, ": ");
	header_decode(slice_head(value, VALUE_MAX), &line);
	document_add(doc, PARAGRAPH_TEXT, 0, 0, strbuf_slice(&line));
}

void
readable_header(struct slice header, struct document *doc)
{
	struct header_field field;
	char *copy CLEANUP(freep) = NULL;

	header = header_line_feeds(header, &copy);
	for (int n = 0; n < HEADER_FIELDS_MAX && header_next(&header, &field);
		n++)
		add_field(doc, NULL, field.name, field.value);
}

static void
add_fields(struct slice header, struct document *doc)
{
	static const struct {
		struct slice name;
		const char *label;
	} fields[] = {
		{ { "From", 4 }, N_("From") },
		{ { "To", 2 }, N_("To") },
		{ { "Cc", 2 }, N_("Cc") },
		{ { "Date", 4 }, N_("Date") },
		{ { "Subject", 7 }, N_("Subject") },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct slice value;

		if (header_find(header, fields[i].name, &value))
			add_field(
				doc, _(fields[i].label), fields[i].name, value);
	}
}

static void
add_text(struct slice message, struct document *doc)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct report report CLEANUP(report_clear) = { 0 };
	struct message_source source = {
		.header = mime_header(message),
		.tree = &tree,
		.body = mime_message_body,
		.ctx = &message,
	};

	mime_walk(message, &tree);
	mime_message_read(&source, doc, &report);
	card_expand(doc);
	for (size_t i = 0; i < tree.n; i++) {
		if (!part_is_listed(&tree, &tree.items[i]))
			continue;
		document_add(doc, PARAGRAPH_TEXT, 0, 0, SLICE(""));
		document_add(doc, PARAGRAPH_PART, 0, 0,
			slice_str(part_title(&tree.items[i])));
	}
}

void
readable_message(
	const struct part *part, struct slice bytes, struct document *doc)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&decoded, BYTES_MAX);
	/* RFC 2046 5.2.1 forbids it, and some do it. */
	if (part->encoding != ENCODING_IDENTITY) {
		if (!transfer_decode(part->encoding, bytes, &decoded))
			doc->truncated = true;
		bytes = strbuf_slice(&decoded);
	}
	add_fields(mime_header(bytes), doc);
	add_text(bytes, doc);
}
