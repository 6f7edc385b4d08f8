/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is read out of a message, to be held beside what others read. */
#ifndef TERCET_TESTS_MIME_READING_H
#define TERCET_TESTS_MIME_READING_H

#include <stdlib.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "mime/charset.h"
#include "mime/envelope.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum { READING_BYTES_MAX = 64 * 1024 * 1024, LEAVES_MAX = 1000 };

/* A part with nothing below it. */
struct leaf {
	char *type;
	char *name;    /* or NULL */
	char *charset; /* as declared, or NULL */
	char *bytes;   /* decoded */
	size_t len;
	char *text; /* of text in UTF-8; or NULL */
	size_t text_len;
};

struct reading {
	struct leaf leaves[LEAVES_MAX];
	size_t n;
	struct strbuf tree; /* "multipart/mixed(text/plain image/png)" */
	char *subject;      /* or NULL */
	/* A line each: "name\taddress\n". */
	struct strbuf from;
	struct strbuf to;
	struct strbuf cc;
	int64_t date; /* 0: none */
};

static void
reading_init(struct reading *reading)
{
	reading->n = 0;
	reading->subject = NULL;
	reading->date = 0;
	strbuf_init(&reading->tree, READING_BYTES_MAX);
	strbuf_init(&reading->from, READING_BYTES_MAX);
	strbuf_init(&reading->to, READING_BYTES_MAX);
	strbuf_init(&reading->cc, READING_BYTES_MAX);
}

static void
reading_clear(struct reading *reading)
{
	for (size_t i = 0; i < reading->n; i++) {
		free(reading->leaves[i].type);
		free(reading->leaves[i].name);
		free(reading->leaves[i].charset);
		free(reading->leaves[i].bytes);
		free(reading->leaves[i].text);
	}
	reading->n = 0;
	free(reading->subject);
	reading->subject = NULL;
	strbuf_clear(&reading->tree);
	strbuf_clear(&reading->from);
	strbuf_clear(&reading->to);
	strbuf_clear(&reading->cc);
}

static struct leaf *
reading_add_leaf(struct reading *reading, const char *type, const char *name,
	struct slice bytes)
{
	struct leaf *leaf;

	if (reading->n == LEAVES_MAX)
		return NULL;
	leaf = &reading->leaves[reading->n++];
	*leaf = (struct leaf){ 0 };
	leaf->type = xstrdup(type);
	ascii_lower_str(leaf->type);
	leaf->name = name && *name ? xstrdup(name) : NULL;
	leaf->bytes = xmemdup0(bytes.data, bytes.len);
	leaf->len = bytes.len;
	return leaf;
}

static void
reading_add_address(struct strbuf *list, const char *name, const char *address)
{
	strbuf_addf(list, "%s\t%s\n", name ? name : "", address ? address : "");
}

static void
add_our_leaf(
	struct reading *reading, struct slice message, const struct part *part)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct leaf *leaf;

	strbuf_init(&bytes, READING_BYTES_MAX);
	strbuf_init(&text, READING_BYTES_MAX);
	transfer_decode(part->encoding, mime_part_body(message, part), &bytes);
	leaf = reading_add_leaf(
		reading, part->type, part->name, strbuf_slice(&bytes));
	if (!leaf)
		return;
	leaf->charset = xstrdup_null(part->charset);
	if (!part_is_type(part, "text/"))
		return;
	(void)charset_to_utf8(slice_str(part->charset), CHARSET_DECLARED,
		strbuf_slice(&bytes), &text);
	leaf->text_len = text.len;
	leaf->text = strbuf_take(&text);
}

static void
add_our_addresses(const struct address_list *from, struct strbuf *to)
{
	for (size_t i = 0; i < from->n; i++)
		reading_add_address(
			to, from->items[i].name, from->items[i].address);
}

/* Files in a text are parts for us alone. */
static bool
is_real(const struct part *part)
{
	return part_server_section(part->section).len == strlen(part->section);
}

static void
reading_ours(struct slice message, struct reading *reading)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	int depth = 0;

	mime_walk(message, &tree);
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];
		bool has_parts = i + 1 < tree.n &&
				 tree.items[i + 1].parent == (int)i &&
				 is_real(&tree.items[i + 1]);

		if (!is_real(part))
			continue;
		for (; depth > part->depth; depth--)
			strbuf_add_char(&reading->tree, ')');
		if (reading->tree.len > 0 &&
			reading->tree.data[reading->tree.len - 1] != '(')
			strbuf_add_char(&reading->tree, ' ');
		strbuf_add_str(&reading->tree, part->type);
		if (has_parts) {
			strbuf_add_char(&reading->tree, '(');
			depth++;
		} else {
			add_our_leaf(reading, message, part);
		}
	}
	for (; depth > 0; depth--)
		strbuf_add_char(&reading->tree, ')');
	mime_read_envelope(mime_header(message), &envelope);
	reading->subject = xstrdup_null(envelope.subject);
	reading->date = envelope.date;
	add_our_addresses(&envelope.from, &reading->from);
	add_our_addresses(&envelope.to, &reading->to);
	add_our_addresses(&envelope.cc, &reading->cc);
}

#endif /* TERCET_TESTS_MIME_READING_H */
