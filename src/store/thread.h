/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread rows: what a conversation is in one folder. */
#ifndef TERCET_STORE_THREAD_H
#define TERCET_STORE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "mail/flags.h"

struct store;

/* A thread row, as its placements have it. */
struct thread_row {
	int64_t newest_received;
	int64_t newest;
	int64_t size;
	int64_t unread;
	struct flags flags;
	int64_t attachments;
	int64_t more_people;
	struct strbuf people;
};

void thread_row_init(struct thread_row *row);
void thread_row_clear(struct thread_row *row);
/* From the placements that stand there; size 0 when there are none. */
MUST_CHECK bool thread_compute(struct store *store, int64_t conversation,
	int64_t folder, struct thread_row *ret_row, struct error *err);
/* The row as it is; size 0 when there is none. */
MUST_CHECK bool thread_load(struct store *store, int64_t conversation,
	int64_t folder, struct thread_row *ret_row, struct error *err);
/* Brings the row to what the placements say; `*ret_delta` is 1 for a row that
 * came, -1 for one that went. */
MUST_CHECK bool thread_update(struct store *store, int64_t conversation,
	int64_t folder, int *ret_delta, struct error *err);
/* 0: there is no row. */
MUST_CHECK bool thread_size(struct store *store, int64_t conversation,
	int64_t folder, int64_t *ret_size, struct error *err);

#endif /* TERCET_STORE_THREAD_H */
