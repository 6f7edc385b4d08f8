/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/ingest.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/envelope.h"
#include "mime/header.h"
#include "mime/param.h"

enum { DESCRIPTION_MAX = 16 * 1024 };

struct ingest_header {
	struct envelope envelope;
	struct part_tree parts;
	struct flags flags;
	char *header;
	size_t header_len;
	char *email_id; /* or NULL */
	int64_t received;
	uint64_t size;
	uint64_t modseq;
	uint32_t uid;
	bool has_parts;
};

struct ingest_flags {
	struct flags flags;
	uint64_t modseq;
	uint32_t uid;
};

void
ingest_init(struct ingest *ingest, struct store *store, int64_t account,
	int64_t folder)
{
	*ingest = (struct ingest){
		.store = store,
		.account = account,
		.folder = folder,
	};
	ingest->headers = xcalloc(INGEST_BATCH, sizeof(*ingest->headers));
}

static void
header_clear(struct ingest_header *header)
{
	envelope_clear(&header->envelope);
	part_tree_clear(&header->parts);
	flags_clear(&header->flags);
	free(header->header);
	free(header->email_id);
	*header = (struct ingest_header){ 0 };
}

static void
drop_headers(struct ingest *ingest)
{
	for (size_t i = 0; i < ingest->n_headers; i++)
		header_clear(&ingest->headers[i]);
	ingest->n_headers = 0;
}

static void
drop_flags(struct ingest *ingest)
{
	for (size_t i = 0; i < ingest->n_flags; i++)
		flags_clear(&ingest->flags[i].flags);
	ingest->n_flags = 0;
}

void
ingest_drop(struct ingest *ingest)
{
	drop_headers(ingest);
	drop_flags(ingest);
	uidset_clear(&ingest->gone);
}

void
ingest_clear(struct ingest *ingest)
{
	if (!ingest->headers)
		return;
	ingest_drop(ingest);
	free(ingest->headers);
	free(ingest->flags);
	*ingest = (struct ingest){ 0 };
}

void
ingest_adopt(struct ingest *ingest, struct ingest *from)
{
	struct ingest_header *headers = ingest->headers;

	drop_headers(ingest);
	ingest->headers = from->headers;
	ingest->n_headers = from->n_headers;
	ingest->last_uid = from->last_uid;
	from->headers = headers;
	from->n_headers = 0;
}

bool
ingest_is_full(const struct ingest *ingest)
{
	return ingest->n_headers == INGEST_BATCH;
}

bool
ingest_is_empty(const struct ingest *ingest)
{
	return ingest->n_headers == 0 && ingest->n_flags == 0 &&
	       ingest->gone.n == 0;
}

/* A server gives descriptions and subjects as they stand in the header. */
static void
decode_descriptions(struct part_tree *tree)
{
	for (size_t i = 0; i < tree->n; i++) {
		struct part *part = &tree->items[i];
		struct strbuf text;

		if (!part->description || !strstr(part->description, "=?"))
			continue;
		strbuf_init(&text, DESCRIPTION_MAX);
		header_decode(slice_str(part->description), &text);
		free(part->description);
		part->description = strbuf_take(&text);
	}
}

void
ingest_add_header(struct ingest *ingest, struct imap_fetch *fetch)
{
	struct ingest_header *header = &ingest->headers[ingest->n_headers++];

	header->uid = fetch->uid;
	if (fetch->uid > ingest->last_uid)
		ingest->last_uid = fetch->uid;
	header->size = fetch->size;
	header->received = fetch->date;
	header->modseq = fetch->modseq;
	header->flags = fetch->flags;
	fetch->flags = (struct flags)FLAGS_INIT;
	header->parts = fetch->parts;
	fetch->parts = (struct part_tree){ 0 };
	header->has_parts = (fetch->has & IMAP_HAS_PARTS) != 0;
	if (header->has_parts) {
		mime_params_settle(&header->parts);
		decode_descriptions(&header->parts);
	}
	header->header = xmemdup0(fetch->header.data, fetch->header.len);
	header->header_len = fetch->header.len;
	if (fetch->email_id.len > 0)
		header->email_id =
			xmemdup0(fetch->email_id.data, fetch->email_id.len);
	mime_read_envelope(slice_make(header->header, header->header_len),
		&header->envelope);
}

void
ingest_add_flags(struct ingest *ingest, struct imap_fetch *fetch, uint32_t uid)
{
	struct ingest_flags *item;

	if (ingest->n_flags >= INGEST_FLAGS_MAX) {
		ingest->overflow = true;
		return;
	}
	if (ingest->n_flags == ingest->cap_flags) {
		ingest->cap_flags =
			ingest->cap_flags ? ingest->cap_flags * 2 : 64;
		ingest->flags = xreallocarray(ingest->flags, ingest->cap_flags,
			sizeof(*ingest->flags));
	}
	item = &ingest->flags[ingest->n_flags++];
	item->flags = fetch->flags;
	fetch->flags = (struct flags)FLAGS_INIT;
	item->modseq = fetch->modseq;
	item->uid = uid;
}

static bool
write_header(
	struct ingest *ingest, struct ingest_header *header, struct error *err)
{
	struct message_new message = {
		.envelope = &header->envelope,
		.parts = header->has_parts ? &header->parts : NULL,
		.flags = &header->flags,
		.header = slice_make(header->header, header->header_len),
		.email_id = slice_str(header->email_id),
		.received = header->received ? header->received
					     : header->envelope.date,
		.size = header->size,
		.uid = header->uid,
		.modseq = header->modseq,
	};
	int64_t id;
	int64_t placement;

	return message_place(ingest->store, ingest->account, ingest->folder,
		&message, &id, &placement, err);
}

/* One transaction's worth from `*next` on. */
static bool
write_some_headers(struct ingest *ingest, size_t *next, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	size_t i = *next;

	if (!transaction_begin(ingest->store, &tx, err))
		return false;
	for (; i < ingest->n_headers; i++) {
		if (!write_header(ingest, &ingest->headers[i], err))
			return false;
		if (transaction_is_due(&tx)) {
			i++;
			break;
		}
	}
	if (!transaction_commit(&tx, err))
		return false;
	ingest->n_placed += i - *next;
	*next = i;
	return true;
}

static bool
write_some_flags(struct ingest *ingest, size_t *next, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	size_t i = *next;

	if (!transaction_begin(ingest->store, &tx, err))
		return false;
	for (; i < ingest->n_flags; i++) {
		const struct ingest_flags *item = &ingest->flags[i];
		bool known;

		if (!placement_save_flags(ingest->store, ingest->folder,
			    item->uid, &item->flags, item->modseq, &known, err))
			return false;
		if (!known && item->uid < ingest->whole_below)
			ingest->met_unknown = true;
		if (transaction_is_due(&tx)) {
			i++;
			break;
		}
	}
	if (!transaction_commit(&tx, err))
		return false;
	ingest->n_changed += i - *next;
	*next = i;
	return true;
}

static bool
remove_some(struct ingest *ingest, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(ingest->store, &tx, err) &&
	       placement_remove(&tx, ingest->folder, &ingest->gone, err) &&
	       transaction_commit(&tx, err);
}

bool
ingest_flush(struct ingest *ingest, struct error *err)
{
	size_t next = 0;

	while (next < ingest->n_headers) {
		if (!write_some_headers(ingest, &next, err))
			return false;
	}
	drop_headers(ingest);
	next = 0;
	while (next < ingest->n_flags) {
		if (!write_some_flags(ingest, &next, err))
			return false;
	}
	drop_flags(ingest);
	if (ingest->gone.n > 0)
		ingest->n_changed += uidset_count(&ingest->gone);
	while (ingest->gone.n > 0) {
		if (!remove_some(ingest, err))
			return false;
	}
	return true;
}

bool
ingest_link(struct store *store, int64_t account, int64_t folder,
	bool (*is_interrupted)(void *ctx),
	void (*progress)(void *ctx, int64_t left), void *ctx, struct error *err)
{
	int64_t left = 1;

	while (left > 0 && !(is_interrupted && is_interrupted(ctx))) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(store, &tx, err) ||
			!message_link_some(&tx, account, folder, &left, err) ||
			!transaction_commit(&tx, err))
			return false;
		if (progress)
			progress(ctx, left);
	}
	return true;
}

bool
ingest_index(struct store *store, int64_t account,
	bool (*is_interrupted)(void *ctx),
	void (*progress)(void *ctx, int64_t left), void *ctx, struct error *err)
{
	int64_t left = 1;

	while (left > 0 && !(is_interrupted && is_interrupted(ctx))) {
		if (!message_index_some(store, account, &left, err))
			return false;
		if (progress)
			progress(ctx, left);
	}
	return true;
}
