/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text index: FTS5 without the text, in a file of its own, so that the
 * long transactions it likes hold up nobody who writes to the store.
 *
 * FTS5 takes a row out only with the very words that went in.  So the index
 * notes which text and which parts a row was made of (their stamps), and what
 * is replaced in the store is kept as old_text and old_parts until the index
 * has followed.  The words are a function of those columns alone; whoever
 * changes it raises INDEX_VERSION, and every index is made anew.
 *
 * A step writes the index first and tells the store after: a crash between the
 * two is met by the stamps being equal already.
 */
#ifndef TERCET_STORE_INDEX_H
#define TERCET_STORE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

struct store;

enum {
	INDEX_VERSION = 1,
	/* The start of a text; a whole one may be 8 MB of base64 that nobody
	 * looks for. */
	INDEX_BODY_MAX = 1024 * 1024,
	INDEX_NAMES_MAX = 64 * 1024,
};

/* ---- index_file.c ---- */

/* Opens the file unless it is open.  A new one, one of another version and a
 * damaged one have everything put in anew. */
MUST_CHECK bool index_open(struct store *store, struct error *err);
void index_close(struct store *store);
/* After an error: whether the file is damaged, which makes the next
 * index_open() start anew. */
bool index_give_up_damaged(struct store *store, const struct error *err);

/* The row of a message: NOT_FOUND (0) or what it was made of. */
struct index_doc {
	bool there;
	int64_t text_stamp; /* 0: it had none */
	int64_t parts_stamp;
};
MUST_CHECK bool index_doc_load(struct store *store, int64_t message,
	struct index_doc *ret_doc, struct error *err);

struct index_words {
	struct slice subject;
	struct slice authors;
	struct slice recipients;
	struct slice body;
	struct slice names;
};
MUST_CHECK bool index_begin(struct store *store, struct error *err);
MUST_CHECK bool index_commit(struct store *store, struct error *err);
void index_rollback(struct store *store);
MUST_CHECK bool index_insert(struct store *store, int64_t message,
	const struct index_words *words, const struct index_doc *doc,
	struct error *err);
MUST_CHECK bool index_delete(struct store *store, int64_t message,
	const struct index_words *words, struct error *err);

/* For store_check(): calls `say` for each fault. */
MUST_CHECK bool index_check(struct store *store,
	void (*say)(void *ctx, const char *fault), void *ctx,
	struct error *err);

/* ---- index_words.c ---- */

struct index_buffers {
	struct strbuf recipients;
	struct strbuf body;
	struct strbuf names;
};
void index_buffers_init(struct index_buffers *it);
void index_buffers_clear(struct index_buffers *it);

/* Between index_begin() and index_commit(): takes out what is there of the
 * message, and puts in what it is now unless `forget`; `*ret_doc` is made of
 * that. */
MUST_CHECK bool index_message(struct store *store,
	struct index_buffers *buffers, int64_t message, bool forget,
	struct index_doc *ret_doc, struct error *err);

/* ---- index.c ---- */

/* In a transaction of the store: has message_index_some() look at it again. */
MUST_CHECK bool index_want(
	struct store *store, int64_t message, struct error *err);
/* Not in a transaction: takes some of the messages out that stood nowhere at
 * `before`. */
MUST_CHECK bool index_forget_some(
	struct store *store, int64_t before, bool *ret_more, struct error *err);

struct part_tree;
/* The names of parts, one a line, as the index takes them. */
void parts_names(const struct part_tree *parts, struct strbuf *out);

#endif /* TERCET_STORE_INDEX_H */
