/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
history_clear(struct history *history)
{
	for (size_t i = 0; i < history->n; i++)
		free(history->lines[i]);
	history->n = 0;
	history->at = 0;
}

void
history_rewind(struct history *history)
{
	history->at = history->n;
}

void
history_add(struct history *history, const char *line)
{
	size_t n = history->n;

	if (*line && (n == 0 || strcmp(history->lines[n - 1], line) != 0)) {
		if (n == HISTORY_MAX) {
			free(history->lines[0]);
			memmove(history->lines, history->lines + 1,
				(n - 1) * sizeof(history->lines[0]));
			history->n--;
		}
		history->lines[history->n++] = xstrdup(line);
	}
	history_rewind(history);
}

const char *
history_older(struct history *history, const char *prefix)
{
	for (size_t i = history->at; i-- > 0;)
		if (strncmp(history->lines[i], prefix, strlen(prefix)) == 0) {
			history->at = i;
			return history->lines[i];
		}
	return NULL;
}

const char *
history_newer(struct history *history, const char *prefix)
{
	for (size_t i = history->at + 1; i < history->n; i++)
		if (strncmp(history->lines[i], prefix, strlen(prefix)) == 0) {
			history->at = i;
			return history->lines[i];
		}
	if (history->at == history->n)
		return NULL;
	history->at = history->n;
	return "";
}
