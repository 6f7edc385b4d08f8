/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/find.h"

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/command.h"
#include "i18n/format.h"
#include "term/key.h"

bool
find_next(struct app *app, bool up)
{
	app->dirty |= DIRTY_VIEWER | DIRTY_STATUS;
	if (app->viewer.find.n == 0) {
		app_say(app, TONE_DIM, _("There is nothing to find yet"));
		return false;
	}
	switch (view_viewer_find_next(&app->viewer, up)) {
	case VIEWER_FOUND:
		return true;
	case VIEWER_FOUND_AROUND:
		app_say(app, TONE_DIM,
			up ? _("On from the end") : _("On from the beginning"));
		return true;
	case VIEWER_FOUND_NOT:
		break;
	}
	app_say(app, TONE_WARNING, _("The message does not have these words"));
	return false;
}

bool
find_words(struct app *app, const char *words)
{
	/* n and N are its keys there. */
	app_set_focus(app, PANE_VIEWER);
	if (!view_viewer_find(&app->viewer, words)) {
		app->dirty |= DIRTY_VIEWER;
		app_say(app, TONE_DIM, _("There is nothing to find yet"));
		return false;
	}
	return find_next(app, false);
}

static void
words_given(struct app *app, const char *words)
{
	if (!words)
		return;
	if (*words)
		(void)find_words(app, words);
	else
		(void)find_next(app, false);
}

void
find_ask(struct app *app)
{
	prompt_open(&app->prompt, _("Find in the message:"), "", words_given);
	app->prompt.history = &app->find_history;
	history_rewind(&app->find_history);
}

bool
find_is_active(const struct app *app)
{
	return app->viewer.find.n > 0 && app_context(app) == IN_VIEWER;
}

char *
find_print_place(const struct app *app)
{
	const struct viewer_find *find = &app->viewer.find;
	char at[FORMAT_SIZE];
	char total[FORMAT_SIZE];

	/* TRANSLATORS: "match 3 of 17"; "+" follows where there may be more */
	return xasprintf(_("match %s of %s%s"),
		format_number((int64_t)find->number, at),
		format_number((int64_t)find->total, total),
		find->total == VIEWER_COUNT_MAX ? "+" : "");
}

bool
find_key(struct app *app, uint32_t key)
{
	if (!find_is_active(app) ||
		(key != 'n' && key != 'N' && key != KEYCODE_ESC))
		return false;
	view_status_seen(&app->status);
	if (key == KEYCODE_ESC)
		(void)view_viewer_find(&app->viewer, NULL);
	else
		(void)find_next(app, key == 'N');
	app->dirty |= DIRTY_VIEWER | DIRTY_STATUS;
	return true;
}
