/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the status line says: the truth about each account's network, work
 * that goes on, trouble in whole sentences, the last message.
 */
#ifndef TERCET_UI_VIEW_VIEW_STATUS_H
#define TERCET_UI_VIEW_VIEW_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "store/account.h"
#include "sync/event.h"

struct config;

enum tone { TONE_PLAIN, TONE_DIM, TONE_GOOD, TONE_WARNING, TONE_BAD };

/* One statement; the short form is for narrow screens. */
struct status_cell {
	char *text;
	char *brief;
	enum tone tone;
};

enum { STATUS_PROGRESS_MAX = 32, STATUS_PROGRESS_AFTER_US = 500000 };

struct status_progress {
	int64_t account;
	enum progress_kind kind;
	uint64_t done;
	uint64_t total;
	int64_t since_us;
};

struct view_status {
	struct status_cell *cells;
	size_t n;
	size_t cap;
	struct status_progress progress[STATUS_PROGRESS_MAX];
	int n_progress;
	char *trouble; /* the sentence that matters most; or NULL */
	enum tone trouble_tone;
	char *message; /* the last thing said; or NULL */
	enum tone message_tone;
};

void view_status_init(struct view_status *view);
void view_status_clear(struct view_status *view);

void view_status_say(
	struct view_status *view, enum tone tone, const char *message);
/* The user went on: what was said has been seen. */
void view_status_seen(struct view_status *view);

/* From the accounts' rows. */
void view_status_load(struct view_status *view,
	const struct account_rows *accounts, const struct config *config,
	bool read_only);
/* An event of EVENT_PROGRESS. */
void view_status_progress(
	struct view_status *view, const struct event *event, int64_t now_us);
/* The work to show, or NULL; `account` comes first. */
const struct status_progress *view_status_work(
	const struct view_status *view, int64_t account, int64_t now_us);
/* When the next work has gone on long enough to be shown; -1: none waits. */
int64_t view_status_next_us(const struct view_status *view, int64_t now_us);
/* "68 % of headers, 34,012 of 48,201", or "68 %". */
void view_status_print_work(
	const struct status_progress *progress, bool brief, struct strbuf *out);

/* Why the text of a message of this account is not here and does not come:
 * by the account's state, and how asking for it failed (or NULL).  Owned; NULL
 * when it may come. */
char *view_status_not_fetched(
	const struct account_row *row, const char *failure);

#endif /* TERCET_UI_VIEW_VIEW_STATUS_H */
