/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/browser.h"

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/fetch.h"
#include "command/triage.h"
#include "i18n/format.h"

static const struct part *
html_part(const struct app *app)
{
	const struct part_tree *parts = &app->viewer.message.parts;

	for (size_t i = 0; i < parts->n; i++)
		if (part_is_type(&parts->items[i], "text/html") &&
			parts->items[i].disposition != DISPOSITION_ATTACHMENT)
			return &parts->items[i];
	return NULL;
}

static void
browser_chosen(struct app *app, const struct picker_item *item)
{
	const struct part *part = html_part(app);

	if (item && item->id && part)
		fetch_want(app, WANT_BROWSE, part->section, NULL);
}

bool
browser_has_html(const struct app *app)
{
	return html_part(app) != NULL;
}

bool
browser_ask(struct app *app)
{
	const struct document *text = &app->viewer.text;
	char *title CLEANUP(freep) = NULL;
	char number[FORMAT_SIZE];

	if (!html_part(app)) {
		app_say(app, TONE_WARNING, _("This message has no HTML"));
		return false;
	}
	if (text->images > 0)
		title = xasprintf(
			P_("A browser loads what is remote in it: %s picture at "
			   "least, and its sender learns of it",
				"A browser loads what is remote in it: %s "
				"pictures at least, and their senders learn of "
				"it",
				(unsigned long)text->images),
			format_number(text->images, number));
	triage_ask(app,
		title ? title
		      : _("A browser loads what is remote in it, and its "
			  "sender may learn of it"),
		_("Leave it"), _("Open the HTML as it was sent"),
		browser_chosen);
	return true;
}
