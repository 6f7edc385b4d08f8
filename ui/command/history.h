/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines entered before, of one kind of prompt; kept while the program runs. */
#ifndef TERCET_UI_COMMAND_HISTORY_H
#define TERCET_UI_COMMAND_HISTORY_H

#include <stddef.h>

enum { HISTORY_MAX = 200 };

struct history {
	char *lines[HISTORY_MAX]; /* oldest first */
	size_t n;
	size_t at; /* what is shown; `n`: the line being typed */
};

void history_clear(struct history *history);
/* Goes behind the newest. */
void history_rewind(struct history *history);
/* An empty line, and one like the last, are not kept. */
void history_add(struct history *history, const char *line);
/* The next older or newer line that begins with `prefix`; "" past the newest;
 * NULL when there is none. */
const char *history_older(struct history *history, const char *prefix);
const char *history_newer(struct history *history, const char *prefix);

#endif /* TERCET_UI_COMMAND_HISTORY_H */
