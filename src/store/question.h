/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker needs to know from a person.  The row holds the question; an
 * answer that is a secret travels in memory only (sync/command.h).
 */
#ifndef TERCET_STORE_QUESTION_H
#define TERCET_STORE_QUESTION_H

#include <stddef.h>

#include "store/store.h"

enum question_kind { QUESTION_PASSWORD, QUESTION_CERTIFICATE };

struct question {
	int64_t id;
	int64_t account;
	enum question_kind kind;
	char *text;   /* a whole sentence */
	char *detail; /* the certificate's facts; or NULL */
};

struct questions {
	struct question *items;
	size_t n;
	size_t cap;
};

void questions_clear(struct questions *questions);
/* In a transaction; one of a kind an account: asking again replaces. */
MUST_CHECK bool question_ask(struct store *store, int64_t account,
	enum question_kind kind, const char *text, const char *detail,
	struct error *err);
/* In a transaction; none is fine. */
MUST_CHECK bool question_drop(struct store *store, int64_t account,
	enum question_kind kind, struct error *err);
MUST_CHECK bool question_load_all(struct store *store,
	struct questions *ret_questions, struct error *err);

#endif /* TERCET_STORE_QUESTION_H */
