/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single parsers of mail, nearer to their input than whole messages are. */
#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "mime/address.h"
#include "mime/param.h"
#include "mime/text.h"
#include "mime/transfer.h"

/* A line as headers give it. */
static void
check_line(const char *text)
{
	struct slice s = slice_str(text);

	ASSERT(utf8_is_valid(s));
	while (s.len > 0) {
		uint32_t cp = utf8_next(&s);

		ASSERT(cp >= 0x20 && (cp < 0x7f || cp >= 0xa0));
	}
}

void
fuzz_address(struct slice input)
{
	struct address_list list = { 0 };
	struct address_list again = { 0 };
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };

	mime_read_addresses(input, &list);
	ASSERT(list.n <= ADDRESSES_MAX);
	for (size_t i = 0; i < list.n; i++) {
		check_line(list.items[i].name);
		check_line(list.items[i].address);
		check_line(list.items[i].group);
	}
	strbuf_init(&packed, 16 * input.len + 16);
	address_list_pack(&list, &packed);
	address_list_unpack(strbuf_slice(&packed), &again);
	ASSERT(again.n == list.n);
	strbuf_reset(&packed);
	address_list_print(&list, &packed);
	address_list_clear(&list);
	address_list_clear(&again);
}

void
fuzz_param(struct slice input)
{
	struct part_tree tree = { 0 };
	struct part *part = part_tree_add(&tree);

	part->type = xstrdup("text/plain");
	part->section = xstrdup("1");
	mime_params_read(input, part);
	mime_params_settle(&tree);
	check_line(part->name);
	check_line(part->charset);
	ASSERT(!part->name || strlen(part->name) <= PART_NAME_LENGTH_MAX);
	part_tree_clear(&tree);
}

/* A page; behind "p" plain text, behind "f" flowed text instead. */
void
fuzz_text(struct slice input)
{
	char kind = input.len ? input.data[0] : '\0';
	char plain[] = "text/plain";
	char html[] = "text/html";
	struct part part = { .type = html };
	struct document doc;

	if (kind == 'p' || kind == 'f') {
		part.type = plain;
		part.flowed = kind == 'f';
		input = slice_skip(input, 1);
	}
	document_init(&doc);
	mime_text_extract(&part, input, NULL, &doc);
	for (size_t i = 0; i < doc.n_paragraphs; i++) {
		const struct paragraph *it = &doc.paragraphs[i];
		uint32_t at = 0;

		ASSERT(utf8_is_valid(document_text(&doc, it)));
		for (uint32_t j = 0; j < it->n_spans; j++) {
			const struct span *span =
				&doc.spans[it->first_span + j];

			ASSERT(span->start >= at);
			at = span->start + span->len;
			ASSERT(at <= it->len);
		}
	}
	for (size_t i = 0; i < doc.n_links; i++)
		check_line(doc.links[i].url);
	document_clear(&doc);
}

/* The first byte is the encoding, the second the size of pieces. */
void
fuzz_transfer(struct slice input)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct strbuf pieces CLEANUP(strbuf_clear) = { 0 };
	enum part_encoding encoding;
	struct transfer *transfer;
	size_t cut;

	if (input.len < 2)
		return;
	encoding = (enum part_encoding)(
		(unsigned char)input.data[0] % (ENCODING_YENC + 1));
	cut = (unsigned char)input.data[1] + 1u;
	input = slice_skip(input, 2);
	strbuf_init(&whole, 16 * input.len + 256);
	strbuf_init(&pieces, 16 * input.len + 256);
	ASSERT(transfer_decode(encoding, input, &whole));
	transfer = transfer_new(encoding);
	for (; input.len > 0; input = slice_skip(input, cut))
		ASSERT(transfer_add(transfer, slice_head(input, cut), &pieces));
	ASSERT(transfer_end(transfer, &pieces));
	transfer_free(transfer);
	/* Lines of base64 that are no base64 are judged by what is seen. */
	ASSERT(encoding == ENCODING_BASE64 ||
		slice_eq(strbuf_slice(&whole), strbuf_slice(&pieces)));
}
