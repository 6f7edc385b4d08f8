/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one thing that is read in a page's style sheet: which classes and ids
 * are not displayed.  Rules for some media only are passed over.  Linear time.
 */
#ifndef TERCET_MIME_HTML_SHEET_H
#define TERCET_MIME_HTML_SHEET_H

#include <stdbool.h>

#include "base/slice.h"

enum { HTML_SHEET_NAMES_MAX = 32 };

struct html_sheet {
	bool seen;                                 /* there was one */
	struct slice hidden[HTML_SHEET_NAMES_MAX]; /* ".name", "#name" */
	int n;
};

/* `css` is the content of a <style>; its bytes stay where they are. */
void html_sheet_read(struct html_sheet *sheet, struct slice css);
bool html_sheet_hides(
	const struct html_sheet *sheet, struct slice classes, struct slice id);

#endif /* TERCET_MIME_HTML_SHEET_H */
