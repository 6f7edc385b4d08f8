/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people read of a message: the cards of its calendars and reports
 * (mail/card.h), then its text.
 */
#ifndef TERCET_MIME_MESSAGE_H
#define TERCET_MIME_MESSAGE_H

#include <stddef.h>

#include "base/slice.h"
#include "mail/limits.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "mail/report.h"
#include "mime/text.h"

enum {
	/* Of a message that are read: texts, calendars, reports, and the
	 * messages these are about. */
	MESSAGE_PARTS_MAX = TEXT_PARTS_MAX + MESSAGE_CALENDARS_MAX +
			    2 * MESSAGE_REPORTS_MAX,
};

/* A message, whole or in pieces; all borrowed. */
struct message_source {
	struct slice header;
	const struct part_tree *tree;
	/* Encoded bytes of a part; empty where they are not there. */
	struct slice (*body)(void *ctx, const struct part *part);
	void *ctx;
};

/* The parts that are read; returns how many indices of `tree` it wrote, at most
 * `max`. */
size_t mime_message_parts(
	const struct part_tree *tree, int *ret_indices, size_t max);
/* Appends to `doc`; `report` gets what the message reports of others.  Never
 * fails. */
void mime_message_read(const struct message_source *source,
	struct document *doc, struct report *report);

/* The same in another form or charset than usual; mime_text_read() tells of
 * `ret_missing`.  Returns whether the text comes from HTML. */
bool mime_message_read_as(const struct message_source *source,
	enum text_form form, const char *charset_override, struct document *doc,
	struct report *report, const struct part **ret_missing);

/* `ctx` is the struct slice of the whole message that `tree` was walked
 * from. */
struct slice mime_message_body(void *ctx, const struct part *part);

#endif /* TERCET_MIME_MESSAGE_H */
