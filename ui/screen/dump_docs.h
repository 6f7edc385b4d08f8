/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface's tables as mdoc list items, for the manual pages. */
#ifndef TERCET_UI_SCREEN_DUMP_DOCS_H
#define TERCET_UI_SCREEN_DUMP_DOCS_H

#include <stdbool.h>
#include <stdio.h>

/*
 * "commands", "keys" or "styles"; false for another table.  English, whatever
 * the locale, and independent of the terminal and of any configuration.
 */
bool dump_docs(const char *table, FILE *out);

#endif /* TERCET_UI_SCREEN_DUMP_DOCS_H */
