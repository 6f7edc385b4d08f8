/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Acting on mail: a deed is done to targets through the journal, the list
 * shows it at once, the cursor goes where `advance` says, and the status line
 * tells and names the key that undoes it.
 */
#ifndef TERCET_UI_COMMAND_TRIAGE_H
#define TERCET_UI_COMMAND_TRIAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "command/picker.h"
#include "command/targets.h"
#include "mail/flags.h"
#include "store/operation.h"
#include "store/outbox.h"
#include "view/view_list.h"

struct app;

enum deed_kind {
	DEED_NOTHING,
	DEED_ARCHIVE,
	DEED_DELETE,
	DEED_FLAGS,
	DEED_SPAM,
	DEED_NOT_SPAM,
	DEED_MOVE,
	DEED_COPY,
};

struct deed {
	enum deed_kind kind;
	int64_t folder;      /* DEED_MOVE, DEED_COPY */
	struct flags add;    /* DEED_FLAGS */
	struct flags remove; /* the same */
	bool for_good;       /* DEED_DELETE: was asked */
};

/* Where the cursor stood before an action: it goes back with an undo. */
struct triage_place {
	int64_t action;
	struct list_place place;
};

enum { TRIAGE_PLACES_MAX = 64 };

struct triage {
	struct deed last; /* what `.` repeats */
	/* what a picker or a question is about */
	struct deed asked;
	struct targets asked_targets;
	struct triage_place places[TRIAGE_PLACES_MAX]; /* a ring */
	int n_places;
	/* what is not on the servers yet */
	struct operation_counts counts;
	struct outbox_counts outbox; /* messages on their way out */
	bool applying; /* of a long action, a part is still to be done */
	/* the message in the viewer, for mark-read */
	int64_t shown;
	int64_t shown_us;
	bool shown_done;   /* marked read already, or not to be */
	bool shown_opened; /* the person is reading it */
};

void deed_clear(struct deed *deed);
void triage_clear(struct triage *triage);

/* Does it, tells, and keeps it for `.`; takes the targets. */
bool triage_do(
	struct app *app, const struct deed *deed, struct targets *targets);
/* The same for what asked and asked_targets hold. */
bool triage_do_asked(struct app *app);

struct journal;
/* For calls of sync/journal.h. */
struct journal triage_journal(struct app *app);
struct journal_done;
/* After a call: workers are woken, what is on the screen is read again with
 * the cursor at `place` (NULL: where it is), and the status line says what was
 * done unless `quiet`. */
void triage_after(struct app *app, const struct journal_done *done,
	const struct list_place *place, bool quiet);

/* Whether the account has no server. */
bool triage_is_local(const struct app *app, int64_t account);

/* A question answered by one key; the item chosen has id 1 for `yes`. */
void triage_ask(struct app *app, const char *title, const char *no,
	const char *yes, picker_done *done);

/* `again`: with a count, and one was done before this one. */
bool triage_undo(struct app *app, bool redo, bool again);

/* The journal has changed: what waits and what failed. */
void triage_count(struct app *app);
/* Slices of long actions, where no engine does them; messages that have been
 * shown for long enough become read. */
void triage_tick(struct app *app, int64_t now_us);
/* When the next is due; -1: never. */
int64_t triage_next_us(const struct app *app, int64_t now_us);
/* The message at the cursor is being read. */
void triage_opened(struct app *app);

#endif /* TERCET_UI_COMMAND_TRIAGE_H */
