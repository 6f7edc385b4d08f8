/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers and files bring, into the store, in batches.  Parsing happens
 * outside transactions, and no transaction outlives 4 ms or waits for a
 * network.
 */
#ifndef TERCET_SYNC_INGEST_H
#define TERCET_SYNC_INGEST_H

#include <stddef.h>

#include "base/array.h"
#include "base/slice.h"
#include "mail/paragraph.h"
#include "mail/report.h"
#include "mail/uidset.h"
#include "net/imap.h"
#include "store/message.h"
#include "store/store.h"

enum {
	INGEST_BATCH = 256,        /* headers held before they are written */
	INGEST_FLAGS_MAX = 100000, /* flag changes held while a folder is
				      being selected */
	MESSAGE_BYTES_MAX = 256 * 1024 * 1024,
};

struct ingest_header; /* one message, parsed */
struct ingest_flags;

/* What waits to be written to one folder. */
struct ingest {
	struct store *store;
	int64_t account;
	int64_t folder;
	struct ingest_header *headers;
	size_t n_headers;
	struct ingest_flags *flags;
	size_t n_flags, cap_flags;
	struct uidset gone;
	uint32_t last_uid; /* the highest whose header came */
	/* Every UID below is here, as far as anybody knows. */
	uint32_t whole_below;
	bool overflow;      /* flag changes were dropped: ask again */
	bool met_unknown;   /* flags came of a UID that should be here */
	uint64_t n_placed;  /* headers written so far */
	uint64_t n_changed; /* flags and removals written so far */
};

void ingest_init(struct ingest *ingest, struct store *store, int64_t account,
	int64_t folder);
void ingest_clear(struct ingest *ingest);
/* Takes over what was heard, and not written, before its folder was known. */
void ingest_adopt(struct ingest *ingest, struct ingest *from);
/* Drops what was not written. */
void ingest_drop(struct ingest *ingest);

/* Takes flags and parts out of `fetch`. */
void ingest_add_header(struct ingest *ingest, struct imap_fetch *fetch);
void ingest_add_flags(
	struct ingest *ingest, struct imap_fetch *fetch, uint32_t uid);
bool ingest_is_full(const struct ingest *ingest);
bool ingest_is_empty(const struct ingest *ingest);
/* Writes everything; whoever of the interface waits goes between. */
MUST_CHECK bool ingest_flush(struct ingest *ingest, struct error *err);

/* Of the extractor; texts of a lower one are old. */
int ingest_text_version(void);
/*
 * Extracts a message's text again from the bytes that are held of it, and saves
 * it.  NOT_FOUND when they are not, or not all: the text stays as it is.
 */
enum found ingest_text_again(
	struct store *store, int64_t message, struct error *err);

/* A message's text and bytes on their way into the store. */
struct ingest_bytes {
	char *section;
	struct slice bytes;
	char *kept; /* owns `bytes`; NULL: borrowed */
};
struct ingest_text {
	int64_t message;
	struct document document;
	struct part_tree tree; /* n == 0: nothing new about the parts */
	char *snippet;
	struct report report; /* what it reports of others */
	char *authentication; /* as mail/authentication.h has it; or NULL */
	ARRAY_OF(ingest_bytes_array, struct ingest_bytes) sections;
	bool saved;
};

/*
 * Reads the bytes of a message's sections: "" alone (the whole message; parts
 * are taken from it), or "HEADER" and text sections of `parts`.  Sections of
 * `limit` bytes were cut there: their text counts, their bytes are not saved.
 * They are borrowed until ingest_text_keep() makes copies.
 */
void ingest_text_read(int64_t message, const struct part_tree *parts,
	const struct imap_body *bodies, size_t n_bodies, uint64_t limit,
	struct ingest_text *ret_text);
void ingest_text_keep(struct ingest_text *text);
void ingest_text_clear(struct ingest_text *text);

/*
 * Saves them, as many in a transaction as its time allows.  A message that is
 * gone, or holds more than fits, is passed over with `saved` false.
 */
MUST_CHECK bool ingest_texts_save(struct store *store,
	struct ingest_text *texts, size_t n, struct error *err);

/*
 * A whole message that comes from a file or lives only here: placed, with its
 * text, in `folder`.
 */
MUST_CHECK bool ingest_whole(struct store *store, int64_t account,
	int64_t folder, struct slice bytes, const struct flags *flags,
	int64_t received, int64_t *ret_message, struct error *err);
/*
 * The same in two steps, of which the second is in the caller's transaction,
 * together with what else is to be true of it: until then nobody sees the
 * message, and all of it is there or nothing.  What is large is written in the
 * first step, which makes its own transactions.
 */
struct ingest_letter {
	struct envelope envelope;
	struct ingest_text text;
	struct slice bytes; /* borrowed */
	int64_t account;
	int64_t folder;
	int64_t received;
	const struct flags *flags; /* borrowed */
};
MUST_CHECK bool ingest_letter_begin(struct store *store, int64_t account,
	int64_t folder, struct slice bytes, const struct flags *flags,
	int64_t received, struct ingest_letter *ret_letter, struct error *err);
MUST_CHECK bool ingest_letter_place(struct store *store,
	struct ingest_letter *letter, int64_t *ret_message,
	int64_t *ret_placement, struct error *err);
void ingest_letter_clear(struct ingest_letter *letter);

/*
 * The sections that hold what reading the message needs, for IMAP: the whole
 * of a small one, else HEADER, the text parts, and those that cards are made
 * of. At most MESSAGE_PARTS_MAX + 1 borrowed strings into `ret`; how many.
 */
size_t ingest_sections(const struct part_tree *parts, uint64_t size,
	const char **ret_sections, size_t max);

/* Links and indexes what waits, until done or `is_interrupted` says so. */
MUST_CHECK bool ingest_link(struct store *store, int64_t account,
	int64_t folder, bool (*is_interrupted)(void *ctx),
	void (*progress)(void *ctx, int64_t left), void *ctx,
	struct error *err);
MUST_CHECK bool ingest_index(struct store *store, int64_t account,
	bool (*is_interrupted)(void *ctx),
	void (*progress)(void *ctx, int64_t left), void *ctx,
	struct error *err);

#endif /* TERCET_SYNC_INGEST_H */
