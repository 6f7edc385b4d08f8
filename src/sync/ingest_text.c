/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies to texts, and both into the store. */
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "mail/authentication.h"
#include "mime/auth_results.h"
#include "mime/envelope.h"
#include "mime/inline_file.h"
#include "mime/message.h"
#include "mime/text.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "store/part.h"
#include "store/report.h"
#include "sync/ingest.h"

enum {
	/* A message up to this size without attachments is fetched whole: one
	 * section, and its source can be read offline. */
	WHOLE_MAX = 64 * 1024,
	SNIPPET_MAX = 200,
	SECTION_PIECE = PART_SLICE_BYTES,
};

/* --- reading ------------------------------------------------------------- */

static const struct imap_body *
find_body(const struct imap_body *bodies, size_t n, const char *section)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq_nocase(bodies[i].section, slice_str(section)) &&
			bodies[i].bytes.data)
			return &bodies[i];
	}
	return NULL;
}

static void
add_bytes(struct ingest_text *text, char *section, struct slice bytes)
{
	array_push(&text->sections, ((struct ingest_bytes){
					    .section = section,
					    .bytes = bytes,
				    }));
}

/* What servers wrote of where it comes from. */
static void
read_origin(struct slice header, struct ingest_text *text)
{
	struct strbuf results CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&results, AUTHENTICATION_PACKED_MAX);
	auth_results_read(header, &results);
	if (results.len > 0)
		text->authentication = strbuf_take(&results);
}

/* From the whole message: its own tree is the truth. */
static void
read_source(struct slice bytes, uint64_t limit, struct ingest_text *text)
{
	struct message_source source = {
		.header = mime_header(bytes),
		.tree = &text->tree,
		.body = mime_message_body,
		.ctx = &bytes,
	};

	mime_walk(bytes, &text->tree);
	mime_message_read(&source, &text->document, &text->report);
	read_origin(source.header, text);
	if (bytes.len < limit)
		add_bytes(text, xstrdup(""), bytes);
	else
		part_tree_clear(&text->tree);
}

/* What was asked for, and came whole. */
static void
read_body(const struct part_tree *parts, const struct imap_body *body,
	uint64_t limit, struct ingest_text *text)
{
	char *section CLEANUP(freep) =
		xmemdup0(body->section.data, body->section.len);

	for (char *c = section; *c; c++)
		*c = ascii_upper(*c);
	if (!body->bytes.data || body->bytes.len >= limit ||
		(strcmp(section, "HEADER") != 0 &&
			!part_tree_find(parts, section)))
		return;
	add_bytes(text, STEAL(section), body->bytes);
}

/* The sections that came. */
struct sections {
	const struct imap_body *bodies;
	size_t n;
};

static struct slice
find_section(void *ctx, const struct part *part)
{
	const struct sections *sections = ctx;
	const struct imap_body *body =
		find_body(sections->bodies, sections->n, part->section);

	return body ? body->bytes : slice_make(NULL, 0);
}

static void
copy_tree(const struct part_tree *from, struct part_tree *ret)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&packed, MESSAGE_BYTES_MAX);
	part_tree_pack(from, &packed);
	if (!part_tree_unpack(strbuf_slice(&packed), ret, &err))
		log_warning("sync", "%s", err.text);
}

/* Only who reads the text of a part knows of the files in it. */
static void
find_inline_files(const struct part_tree *parts, int index, struct slice bytes,
	struct ingest_text *text)
{
	struct inline_file file;
	int at = index;

	if (!inline_file_find(bytes, &file))
		return;
	if (text->tree.n == 0)
		copy_tree(parts, &text->tree);
	for (size_t i = 0; i < text->tree.n; i++) {
		if (strcmp(text->tree.items[i].section,
			    parts->items[index].section) == 0)
			at = (int)i;
	}
	if ((size_t)at < text->tree.n)
		(void)inline_files_add(&text->tree, at, bytes, 0);
}

static void
read_parts(const struct part_tree *parts, const struct imap_body *bodies,
	size_t n_bodies, uint64_t limit, struct ingest_text *text)
{
	int chosen[TEXT_PARTS_MAX];
	size_t n = mime_text_choose(parts, false, chosen, TEXT_PARTS_MAX);
	struct sections sections = { bodies, n_bodies };
	const struct imap_body *header = find_body(bodies, n_bodies, "HEADER");
	struct message_source source = {
		.tree = parts,
		.body = find_section,
		.ctx = &sections,
	};

	if (header)
		source.header = mime_header(header->bytes);
	for (size_t i = 0; i < n_bodies; i++)
		read_body(parts, &bodies[i], limit, text);
	mime_message_read(&source, &text->document, &text->report);
	read_origin(source.header, text);
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &parts->items[chosen[i]];
		const struct imap_body *body =
			find_body(bodies, n_bodies, part->section);

		if (body && body->bytes.len < limit)
			find_inline_files(parts, chosen[i], body->bytes, text);
	}
}

void
ingest_text_read(int64_t message, const struct part_tree *parts,
	const struct imap_body *bodies, size_t n_bodies, uint64_t limit,
	struct ingest_text *ret_text)
{
	const struct imap_body *whole = find_body(bodies, n_bodies, "");
	struct ingest_text text = { .message = message };

	document_init(&text.document);
	if (whole)
		read_source(whole->bytes, limit, &text);
	else
		read_parts(parts, bodies, n_bodies, limit, &text);
	text.snippet = mime_snippet(&text.document, SNIPPET_MAX);
	*ret_text = text;
}

void
ingest_text_keep(struct ingest_text *text)
{
	for (size_t i = 0; i < text->sections.n; i++) {
		struct ingest_bytes *it = &text->sections.items[i];

		if (it->kept)
			continue;
		it->kept = xmemdup0(it->bytes.data, it->bytes.len);
		it->bytes = slice_make(it->kept, it->bytes.len);
	}
}

void
ingest_text_clear(struct ingest_text *text)
{
	for (size_t i = 0; i < text->sections.n; i++) {
		free(text->sections.items[i].section);
		free(text->sections.items[i].kept);
	}
	array_clear(&text->sections);
	document_clear(&text->document);
	part_tree_clear(&text->tree);
	report_clear(&text->report);
	free(text->snippet);
	free(text->authentication);
	*text = (struct ingest_text){ 0 };
}

size_t
ingest_sections(const struct part_tree *parts, uint64_t size,
	const char **ret_sections, size_t max)
{
	int chosen[MESSAGE_PARTS_MAX];
	size_t n_chosen;
	size_t n = 0;

	if (size <= WHOLE_MAX && part_tree_attachments(parts) == 0) {
		ret_sections[0] = "";
		return 1;
	}
	n_chosen = mime_message_parts(parts, chosen, MESSAGE_PARTS_MAX);
	ret_sections[n++] = "HEADER";
	for (size_t i = 0; i < n_chosen && n < max; i++)
		ret_sections[n++] = parts->items[chosen[i]].section;
	return n;
}

/* --- saving -------------------------------------------------------------- */

/* A section in pieces, each with a transaction of its own. */
static bool
save_pieces(struct store *store, int64_t message, const char *section,
	struct slice bytes, struct error *err)
{
	bool first = true;

	do {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct slice piece = slice_head(bytes, SECTION_PIECE);

		bytes = slice_skip(bytes, piece.len);
		if (!transaction_begin(store, &tx, err) ||
			!section_append(store, message, section, first, piece,
				bytes.len == 0, err) ||
			!transaction_commit(&tx, err))
			return false;
		first = false;
	} while (bytes.len > 0);
	return true;
}

static bool
is_large(const struct ingest_text *text)
{
	size_t sum = 0;

	for (size_t i = 0; i < text->sections.n; i++)
		sum += text->sections.items[i].bytes.len;
	return sum > SECTION_PIECE;
}

/* In a transaction: all but the bytes. */
static bool
save_text(
	struct store *store, const struct ingest_text *text, struct error *err)
{
	return (text->tree.n == 0 ||
		       parts_save(store, text->message, &text->tree, err)) &&
	       text_save(store, text->message, &text->document, text->snippet,
		       TEXT_EXTRACTOR_VERSION, err) &&
	       report_save(store, text->message, &text->report, err) &&
	       authentication_save(
		       store, text->message, text->authentication, err);
}

static bool
save_large(
	struct store *store, const struct ingest_text *text, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	for (size_t i = 0; i < text->sections.n; i++) {
		const struct ingest_bytes *it = &text->sections.items[i];

		if (!save_pieces(
			    store, text->message, it->section, it->bytes, err))
			return false;
	}
	return transaction_begin(store, &tx, err) &&
	       save_text(store, text, err) && transaction_commit(&tx, err);
}

/* In a transaction. */
static bool
save_small(
	struct store *store, const struct ingest_text *text, struct error *err)
{
	for (size_t i = 0; i < text->sections.n; i++) {
		const struct ingest_bytes *it = &text->sections.items[i];

		if (!section_append(store, text->message, it->section, true,
			    it->bytes, true, err))
			return false;
	}
	return save_text(store, text, err);
}

/* One message's trouble is not the others'. */
static bool
note_saved(struct ingest_text *text, bool saved, struct error *err)
{
	text->saved = saved;
	if (saved)
		return true;
	if (err->kind != ERR_STALE && err->kind != ERR_LIMIT)
		return false;
	log_warning("sync", "message %lld: %s", (long long)text->message,
		err->text);
	error_clear(err);
	return true;
}

/* One transaction's worth of small ones from `*next` on. */
static bool
save_some(struct store *store, struct ingest_text *texts, size_t n,
	size_t *next, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin(store, &tx, err))
		return false;
	do {
		struct ingest_text *text = &texts[(*next)++];

		if (!note_saved(text, save_small(store, text, err), err))
			return false;
	} while (*next < n && !is_large(&texts[*next]) &&
		 !transaction_is_due(&tx));
	return transaction_commit(&tx, err);
}

bool
ingest_texts_save(struct store *store, struct ingest_text *texts, size_t n,
	struct error *err)
{
	size_t next = 0;

	while (next < n) {
		struct ingest_text *text = &texts[next];

		if (!is_large(text)) {
			if (!save_some(store, texts, n, &next, err))
				return false;
			continue;
		}
		if (!note_saved(text, save_large(store, text, err), err))
			return false;
		next++;
	}
	return true;
}

/* --- whole messages --------------------------------------------------------
 */

void
ingest_letter_clear(struct ingest_letter *letter)
{
	envelope_clear(&letter->envelope);
	ingest_text_clear(&letter->text);
	*letter = (struct ingest_letter){ 0 };
}

static struct message_new
as_new(const struct ingest_letter *letter)
{
	return (struct message_new){
		.envelope = &letter->envelope,
		.parts = &letter->text.tree,
		.flags = letter->flags,
		.header = mime_header(letter->bytes),
		.received = letter->received,
		.size = letter->bytes.len,
	};
}

/* Its bytes go before it, since they are too many for one transaction. */
static bool
send_ahead(struct store *store, struct ingest_letter *letter, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct message_new new = as_new(letter);

	return transaction_begin(store, &tx, err) &&
	       message_set_aside(store, letter->account, letter->folder, &new,
		       &letter->text.message, err) &&
	       transaction_commit(&tx, err) &&
	       note_saved(&letter->text, save_large(store, &letter->text, err),
		       err);
}

bool
ingest_letter_begin(struct store *store, int64_t account, int64_t folder,
	struct slice bytes, const struct flags *flags, int64_t received,
	struct ingest_letter *ret_letter, struct error *err)
{
	struct ingest_letter *it = ret_letter;

	*it = (struct ingest_letter){
		.bytes = bytes,
		.account = account,
		.folder = folder,
		.flags = flags,
	};
	mime_read_envelope(mime_header(bytes), &it->envelope);
	it->received = received ? received : it->envelope.date;
	document_init(&it->text.document);
	read_source(bytes, UINT64_MAX, &it->text);
	it->text.snippet = mime_snippet(&it->text.document, SNIPPET_MAX);
	return !is_large(&it->text) || send_ahead(store, it, err);
}

bool
ingest_letter_place(struct store *store, struct ingest_letter *letter,
	int64_t *ret_message, int64_t *ret_placement, struct error *err)
{
	struct message_new new = as_new(letter);
	int64_t ahead = letter->text.message;

	if (ahead ? !message_bring(store, letter->folder, ahead, letter->flags,
			    letter->received, ret_placement, err)
		  : !(message_place(store, letter->account, letter->folder,
			      &new, &letter->text.message, ret_placement,
			      err) &&
			    note_saved(&letter->text,
				    save_small(store, &letter->text, err),
				    err)))
		return false;
	*ret_message = letter->text.message;
	return true;
}

bool
ingest_whole(struct store *store, int64_t account, int64_t folder,
	struct slice bytes, const struct flags *flags, int64_t received,
	int64_t *ret_message, struct error *err)
{
	struct ingest_letter letter CLEANUP(ingest_letter_clear) = { 0 };
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t placement;

	return ingest_letter_begin(store, account, folder, bytes, flags,
		       received, &letter, err) &&
	       transaction_begin(store, &tx, err) &&
	       ingest_letter_place(
		       store, &letter, ret_message, &placement, err) &&
	       transaction_commit(&tx, err);
}
