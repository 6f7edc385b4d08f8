/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links by hint letters: the letters stand over the links on the screen; once
 * they are typed a bar shows where the link really leads.  Enter opens it, and
 * asks first when its words say something else.  A state, not a loop.
 */
#ifndef TERCET_UI_COMMAND_LINKS_H
#define TERCET_UI_COMMAND_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "view/link_target.h"

struct app;

struct links {
	bool is_open;
	bool is_chosen;  /* `url` is shown in the bar */
	int64_t message; /* whose links they are */
	int mode;        /* of the viewer */
	char *url;       /* the last chosen */
	struct link_target target;
	bool lies; /* its words name another host: `named` */
	char named[LINK_HOST_MAX + 1];
};

/* What its keys are, for the line of hints. */
enum { LINKS_COPY_KEY = 'y' };

/* Shows the letters; the list where no link is on the screen. */
bool links_open(struct app *app);
/* Shows where the link at that place of the viewer leads; false: none is
 * there. */
bool links_point(struct app *app, int row, int col);
/* The same for the link of that number, as it stands in the text. */
bool links_choose(struct app *app, int number);
void links_close(struct app *app);
void links_clear(struct links *links);
void links_key(struct app *app, uint32_t key);
/* Closes when the message is no longer shown. */
void links_settle(struct app *app);

#endif /* TERCET_UI_COMMAND_LINKS_H */
