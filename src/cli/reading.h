/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message's text made anew from the bytes that are held of it: its other
 * alternative, or in another charset than it says.  The store keeps the usual
 * text; this one is for who asked.
 */
#ifndef TERCET_CLI_READING_H
#define TERCET_CLI_READING_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "mail/paragraph.h"
#include "store/message.h"
#include "store/store.h"

enum reading_form {
	READING_USUAL,
	READING_PLAIN,
	READING_HTML,
	READING_OTHER, /* HTML where the usual is plain text, and back */
};

struct reading_wish {
	enum reading_form form;
	const char *charset; /* NULL: what the message says */
};

struct reading {
	struct document document;
	bool is_html;
	char *missing; /* with NOT_FOUND: the section whose bytes are needed */
};
void reading_clear(struct reading *reading);

/* Whether text can be read in a charset of that name. */
bool reading_knows_charset(const char *name);
/* The `i`th charset's name for completion; NULL past the last. */
const char *reading_charset(size_t i);

/* ERR_REFUSED when the message has no such form. */
enum found reading_make(struct store *store, int64_t message,
	const struct reading_wish *wish, struct reading *ret_reading,
	struct error *err);

/*
 * The same by a thread of its own with its own handle on the store.  `fd` of
 * reading_job_fd() can be read when it is done; reading_job_end() waits for it,
 * hands out what came of it and frees the job.
 */
struct reading_job;
MUST_CHECK bool reading_job_start(struct store_home *home, int64_t message,
	const struct reading_wish *wish, struct reading_job **ret_job,
	struct error *err);
int reading_job_fd(const struct reading_job *job);
enum found reading_job_end(struct reading_job *job, struct reading *ret_reading,
	struct error *err);

#endif /* TERCET_CLI_READING_H */
