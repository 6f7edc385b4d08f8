/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/export.h"

#include <string.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "mime/charset.h"
#include "mime/html.h"
#include "mime/inline_file.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "store/part.h"
#include "sync/ingest.h"

enum { PIECE_MAX = 4 * 1024 * 1024 };

/* What a section of the whole message is; false when there is none. */
static bool
cut_section(struct slice whole, const char *section, struct slice *ret_bytes)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	const struct part *part;

	if (strcmp(section, "HEADER") == 0) {
		*ret_bytes = mime_header(whole);
		return true;
	}
	mime_walk(whole, &tree);
	part = part_tree_find(&tree, section);
	if (part)
		*ret_bytes = mime_part_body(whole, part);
	return part != NULL;
}

static enum found
add_bytes(struct slice bytes, struct strbuf *out, struct error *err)
{
	if (strbuf_add_slice(out, bytes))
		return FOUND;
	error_set(err, ERR_LIMIT, _("The part is larger than %zu bytes"),
		out->limit);
	return FOUND_ERROR;
}

/* A file in the text of a part of which no more than that is held. */
static enum found
load_inline(struct store *store, int64_t message, const char *section,
	struct strbuf *out, struct error *err)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice server = part_server_section(section);
	char *name CLEANUP(freep) = NULL;
	struct slice bytes;
	enum found found;

	if (section[server.len] == '\0')
		return NOT_FOUND;
	name = xmemdup0(server.data, server.len);
	strbuf_init(&text, MESSAGE_BYTES_MAX);
	found = section_load(store, message, name, &text, err);
	if (found != FOUND)
		return found;
	if (!inline_file_cut(strbuf_slice(&text), section, &bytes))
		return NOT_FOUND;
	return add_bytes(bytes, out, err);
}

enum found
export_section(struct store *store, int64_t message, const char *section,
	struct strbuf *out, struct error *err)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct slice bytes;
	enum found found;

	strbuf_init(&whole, MESSAGE_BYTES_MAX);
	found = section_load(store, message, section, out, err);
	if (found != NOT_FOUND || section[0] == '\0')
		return found;
	found = load_inline(store, message, section, out, err);
	if (found != NOT_FOUND)
		return found;
	found = section_load(store, message, "", &whole, err);
	if (found != FOUND)
		return found;
	if (!cut_section(strbuf_slice(&whole), section, &bytes))
		return NOT_FOUND;
	return add_bytes(bytes, out, err);
}

bool
export_is_held(struct store *store, int64_t message, const char *section)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice server = part_server_section(section);
	char *name CLEANUP(freep) = xmemdup0(server.data, server.len);
	uint64_t size;

	return section_size(store, message, name, &size, &err) == FOUND ||
	       section_size(store, message, "", &size, &err) == FOUND;
}

/* Decodes what comes and writes it. */
struct decoder {
	struct transfer *transfer;
	struct strbuf out;
	int fd;
	struct error *err;
	bool failed; /* `err` says why */
};

static bool
decode_piece(void *ctx, struct slice piece)
{
	struct decoder *decoder = ctx;

	strbuf_reset(&decoder->out);
	if (!transfer_add(decoder->transfer, piece, &decoder->out))
		decoder->failed = !error_set(decoder->err, ERR_LIMIT,
			_("The part cannot be decoded"));
	else if (!file_write_all(decoder->fd, strbuf_slice(&decoder->out),
			 decoder->err))
		decoder->failed = true;
	return !decoder->failed;
}

static bool
decode_end(struct decoder *decoder)
{
	strbuf_reset(&decoder->out);
	if (!decoder->failed &&
		(!transfer_end(decoder->transfer, &decoder->out) ||
			!file_write_all(decoder->fd,
				strbuf_slice(&decoder->out), decoder->err)))
		decoder->failed = true;
	return !decoder->failed;
}

static enum found
decode_section(struct store *store, int64_t message, const char *section,
	struct decoder *decoder)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	enum found found;
	struct slice rest;

	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	found = section_stream(
		store, message, section, decode_piece, decoder, &why);
	if (found == NOT_FOUND) {
		found = export_section(store, message, section, &bytes, &why);
		rest = strbuf_slice(&bytes);
		while (found == FOUND && rest.len > 0 &&
			decode_piece(decoder, slice_head(rest, PIECE_MAX / 2)))
			rest = slice_skip(rest, PIECE_MAX / 2);
	}
	if (found == FOUND_ERROR && !decoder->failed)
		error_move(decoder->err, &why);
	if (found == FOUND && !decode_end(decoder))
		return FOUND_ERROR;
	return found;
}

enum found
export_part(struct store *store, const struct message *message,
	const char *section, int fd, struct error *err)
{
	const struct part *part = part_tree_find(&message->parts, section);
	struct decoder decoder = { .fd = fd, .err = err };
	enum found found;

	if (!part)
		return NOT_FOUND;
	decoder.transfer = transfer_new(part->encoding);
	strbuf_init(&decoder.out, PIECE_MAX);
	found = decode_section(store, message->id, section, &decoder);
	transfer_free(decoder.transfer);
	strbuf_clear(&decoder.out);
	return found;
}

enum found
export_html(struct store *store, const struct message *message,
	const char *section, int fd, struct error *err)
{
	const struct part *part = part_tree_find(&message->parts, section);
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice charset;
	enum found found;

	if (!part)
		return NOT_FOUND;
	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	strbuf_init(&decoded, MESSAGE_BYTES_MAX);
	strbuf_init(&text, (size_t)4 * MESSAGE_BYTES_MAX);
	found = export_section(store, message->id, section, &bytes, err);
	if (found != FOUND)
		return found;
	(void)transfer_decode(part->encoding, strbuf_slice(&bytes), &decoded);
	charset = part->charset ? slice_str(part->charset)
				: html_charset(strbuf_slice(&decoded));
	strbuf_add_str(&text, "\xef\xbb\xbf");
	(void)charset_to_utf8(
		charset, CHARSET_DECLARED, strbuf_slice(&decoded), &text);
	return file_write_all(fd, strbuf_slice(&text), err) ? FOUND
							    : FOUND_ERROR;
}
