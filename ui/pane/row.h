/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One row of the list, drawn.  From the right: date, three places for star,
 * answered and attachment, the thread's size, then subject with the snippet
 * behind it, people, the unread dot and the mark.  Each has its columns,
 * whatever the texts hold.
 */
#ifndef TERCET_UI_PANE_ROW_H
#define TERCET_UI_PANE_ROW_H

#include "term/screen.h"
#include "view/marks.h"

struct config;

struct row_context {
	const char *list_id; /* of most rows; or NULL */
	const struct config *config;
	const struct view_list *list; /* what stands elsewhere is dim */
	int64_t now;                  /* seconds */
	int height;                   /* 1 or 2 */
	uint16_t over;                /* a selection; or 0 */
	enum marked marked;
};

/* Draws into `rect` of `context->height` rows. */
void row_draw(struct screen *screen, const struct rect *rect,
	const struct view_row *row, const struct row_context *context);

#endif /* TERCET_UI_PANE_ROW_H */
