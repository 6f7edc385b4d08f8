/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/* What is said of an action: of somebody with a reason, of somebody, with a
 * reason, and alone. */
struct wording {
	const char *name;
	const char *who_why;
	const char *who;
	const char *why;
	const char *alone;
};

static const struct wording wordings[REPORT_ACTIONS] = {
	[REPORT_FAILED] = {
		.name = "failed",
		.who_why = N_("Not delivered to %s: %s"),
		.who = N_("Not delivered to %s"),
		.why = N_("Not delivered: %s"),
		.alone = N_("Not delivered"),
	},
	[REPORT_DELAYED] = {
		.name = "delayed",
		.who_why = N_("Not yet delivered to %s: %s"),
		.who = N_("Not yet delivered to %s"),
		.why = N_("Not yet delivered: %s"),
		.alone = N_("Not yet delivered"),
	},
	[REPORT_DELIVERED] = {
		.name = "delivered",
		.who = N_("Delivered to %s"),
		.alone = N_("Delivered"),
	},
	[REPORT_RELAYED] = {
		.name = "relayed",
		.who = N_("Passed on towards %s, from where no more will be "
			  "heard"),
		.alone = N_("Passed on to where no more will be heard from"),
	},
	[REPORT_EXPANDED] = {
		.name = "expanded",
		.who = N_("Passed on to the members of %s"),
		.alone = N_("Passed on to the members of a list"),
	},
	[REPORT_DISPLAYED] = {
		.name = "displayed",
		.who = N_("Read by %s"),
		.alone = N_("Read"),
	},
	[REPORT_DELETED] = {
		.name = "deleted",
		.who = N_("Deleted unread by %s"),
		.alone = N_("Deleted unread"),
	},
	[REPORT_PROCESSED] = {
		.name = "processed",
		.who = N_("Handled by a program of %s"),
		.alone = N_("Handled by a program"),
	},
	[REPORT_DENIED] = {
		.name = "denied",
		.who = N_("Arrived at %s, who does not tell whether it was "
			  "read"),
		.alone = N_("Arrived; nobody tells whether it was read"),
	},
	[REPORT_COMPLAINT] = {
		.name = "complaint",
		.who = N_("Called unwanted by %s"),
		.alone = N_("Called unwanted by whom it was sent to"),
	},
};

void
report_entry_clear(struct report_entry *entry)
{
	free(entry->recipient);
	free(entry->status);
	free(entry->server);
	free(entry->text);
	*entry = (struct report_entry){ 0 };
}

void
report_clear(struct report *report)
{
	for (size_t i = 0; i < report->n; i++)
		report_entry_clear(&report->items[i]);
	free(report->items);
	free(report->about);
	*report = (struct report){ 0 };
}

struct report_entry *
report_add(struct report *report)
{
	if (report->n >= REPORT_ENTRIES_MAX)
		return NULL;
	return array_add(report);
}

void
report_set(char **column, struct slice text)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, REPORT_TEXT_MAX);
	for (text = slice_trim(text); text.len > 0;) {
		size_t before = out.len;
		uint32_t cp = utf8_next(&text);

		if (cp <= ' ' || (cp >= 0x7f && cp < 0xa0)) {
			if (out.len > 0 && out.data[out.len - 1] != ' ')
				strbuf_add_char(&out, ' ');
		} else {
			strbuf_add_utf8(&out, cp);
		}
		if (out.full) {
			strbuf_cut(&out, before);
			break;
		}
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		strbuf_cut(&out, out.len - 1);
	free(*column);
	*column = out.len > 0 ? strbuf_take(&out) : NULL;
}

const char *
report_action_name(enum report_action action)
{
	ASSERT(action < REPORT_ACTIONS);
	return wordings[action].name;
}

char *
report_sentence(const struct report_entry *entry)
{
	const struct wording *it = &wordings[entry->action];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (entry->recipient && entry->text && it->who_why)
		return xasprintf(_(it->who_why), entry->recipient, entry->text);
	if (entry->recipient)
		return xasprintf(_(it->who), entry->recipient);
	if (entry->text && it->why)
		return xasprintf(_(it->why), entry->text);
#pragma GCC diagnostic pop
	return xstrdup(_(it->alone));
}
