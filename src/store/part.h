/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is held of a message beyond its envelope: its extracted text, and raw
 * bytes by section ("" the whole message, "HEADER", "1.2", ...), in slices.
 */
#ifndef TERCET_STORE_PART_H
#define TERCET_STORE_PART_H

#include "base/array.h"
#include "base/slice.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "store/folder.h"
#include "store/store.h"

enum { PART_SLICE_BYTES = 256 * 1024 };

/* In a transaction.  Replaces the text; the text index follows by
 * message_index_some(). */
MUST_CHECK bool text_save(struct store *store, int64_t message,
	const struct document *document, const char *snippet, int version,
	struct error *err);
/* In a transaction: another message that is the same gets what is held of its
 * text; one that has a text keeps it. */
MUST_CHECK bool text_copy(
	struct store *store, int64_t from, int64_t to, struct error *err);
/* In a transaction: it cannot be had, so nobody is to ask for it until somebody
 * opens the message. */
MUST_CHECK bool text_give_up(
	struct store *store, int64_t message, struct error *err);
/* Cards are words already (mail/card.h); `*ret_version` tells which extractor
 * made it. */
enum found text_load(struct store *store, int64_t message,
	struct document *ret_document, int *ret_version, struct error *err);

/* How far texts of older extractors have been extracted again. */
struct text_again {
	int version; /* all are of this one at least */
	int64_t at;  /* and up to this message of the one that came after */
};
MUST_CHECK bool text_again_load(
	struct store *store, struct text_again *ret, struct error *err);
/* In a transaction. */
MUST_CHECK bool text_again_save(
	struct store *store, const struct text_again *again, struct error *err);
/* Adds the messages behind `*at` whose text is older than `version`, some
 * hundred at a time; `*at` goes on to the last that was looked at, and to
 * INT64_MAX when there was none. */
MUST_CHECK bool text_again_some(struct store *store, int version, int64_t *at,
	struct id_array *ret_messages, struct error *err);

/* In a transaction: parts that were unknown, or a better tree. */
MUST_CHECK bool parts_save(struct store *store, int64_t message,
	const struct part_tree *parts, struct error *err);

/*
 * In a transaction.  Appends a slice to a section; the first begins it anew,
 * `last` completes it.  At most PART_SLICE_BYTES at once.
 */
MUST_CHECK bool section_append(struct store *store, int64_t message,
	const char *section, bool first, struct slice bytes, bool last,
	struct error *err);
/* Whole, appended to `out`; NOT_FOUND unless complete; ERR_LIMIT past out's
 * limit. */
enum found section_load(struct store *store, int64_t message,
	const char *section, struct strbuf *out, struct error *err);
/* Piece by piece; `sink` returning false stops with ERR_CANCELLED. */
enum found section_stream(struct store *store, int64_t message,
	const char *section, bool (*sink)(void *ctx, struct slice piece),
	void *ctx, struct error *err);
/* In a transaction: another message gets the section, which must be complete.
 */
MUST_CHECK bool section_copy(struct store *store, int64_t from, int64_t to,
	const char *section, struct error *err);
enum found section_size(struct store *store, int64_t message,
	const char *section, uint64_t *ret_size, struct error *err);

#endif /* TERCET_STORE_PART_H */
