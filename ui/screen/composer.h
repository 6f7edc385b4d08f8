/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing: a message is typed in the user's editor, and then shown with all
 * that will be sent, to be looked over, changed, sent, or put by.  What is
 * written is a row of the store after each step, so that nothing is lost with
 * the program.
 */
#ifndef TERCET_UI_SCREEN_COMPOSER_H
#define TERCET_UI_SCREEN_COMPOSER_H

#include <stdbool.h>
#include <stdint.h>

#include "compose/draft.h"
#include "compose/reply.h"

struct app;

/* A message on its way that can still be taken back. */
struct composer_sent {
	int64_t outbox; /* 0: none */
	int64_t draft;
	int64_t until; /* seconds */
	int deeds;     /* done to mail since, which are undone before it */
};

struct composer {
	bool is_open;
	struct draft draft;
	struct reply_notes notes;
	int64_t account;
	int64_t row; /* of the store's drafts; 0: not saved yet */
	size_t top;  /* line of the text on top */
	size_t lines;
	int page;
	struct composer_sent sent;
};

void composer_clear(struct composer *composer);

/* An empty message from the open folder's account: asks for recipients and
 * subject, then opens the editor. */
void composer_new(struct app *app);
/* An answer to the message, or it forwarded: opens the editor. */
void composer_reply(struct app *app, enum reply_kind kind, int64_t message);
/* The newest draft that is being written; false: there is none, and that was
 * said. */
bool composer_recall(struct app *app);

/* What the page's commands do. */

/* The text in the editor; the page is there when it has ended. */
void composer_edit(struct app *app);
enum composer_field {
	COMPOSER_TO,
	COMPOSER_CC,
	COMPOSER_BCC,
	COMPOSER_SUBJECT,
	COMPOSER_FROM,
	COMPOSER_ATTACH,
	COMPOSER_LATER,
};
/* Asks for it in the prompt; a time to send at sends. */
void composer_ask(struct app *app, enum composer_field field);
void composer_detach(struct app *app);
void composer_send(struct app *app);
/* Kept as a draft, and the page closes. */
void composer_postpone(struct app *app);
/* Thrown away, when a person says so once more. */
void composer_discard(struct app *app);
void composer_scroll(struct composer *composer, long by);

/* Takes back what was queued last, as long as it is held: the page opens with
 * it again.  False: there is nothing to take back, or something was done
 * since that is to be undone first. */
bool composer_take_back(struct app *app);

#endif /* TERCET_UI_SCREEN_COMPOSER_H */
