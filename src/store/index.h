/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text index: a contentless FTS5 table, whose rows can only be taken out
 * with the very words that went in.  So whatever changes those columns of
 * message and text calls index_forget() before.
 */
#ifndef TERCET_STORE_INDEX_H
#define TERCET_STORE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/strbuf.h"

enum {
	/* The start of a text; a whole one may be 8 MB of base64 that nobody
	 * looks for, and would hold up other writers for a second. */
	INDEX_BODY_MAX = 1024 * 1024,
	INDEX_NAMES_MAX = 64 * 1024,
};

struct store;

/* In a transaction: takes the message out, if it is in. */
MUST_CHECK bool index_forget(
	struct store *store, int64_t message, struct error *err);
/* In a transaction: has message_index_some() put it in (again). */
MUST_CHECK bool index_want(
	struct store *store, int64_t message, struct error *err);

/* part.c: the words of a stored text, appended; none is fine.  `*ret_indexed`
 * tells whether the index holds them. */
MUST_CHECK bool text_words(struct store *store, int64_t message,
	struct strbuf *out, bool *ret_there, bool *ret_indexed,
	struct error *err);

#endif /* TERCET_STORE_INDEX_H */
