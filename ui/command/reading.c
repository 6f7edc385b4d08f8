/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/reading.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/reading.h"
#include "command/act.h"
#include "command/fetch.h"

static void
forget(struct reading_wished *wished)
{
	free(wished->charset);
	free(wished->asked);
	wished->message = 0;
	wished->other = false;
	wished->charset = NULL;
	wished->asked = NULL;
}

/* What it looks like now, in a sentence. */
static void
say(struct app *app, const struct reading *reading)
{
	const struct reading_wished *wished = &app->reading;

	if (wished->charset && reading->document.lossy)
		app_say(app, TONE_WARNING,
			_("Read as %s; some bytes are no text in it"),
			wished->charset);
	else if (wished->charset)
		app_say(app, TONE_GOOD,
			_("Read as %s; :charset auto goes back"),
			wished->charset);
	else if (reading->is_html)
		app_say(app, TONE_GOOD,
			_("The HTML is shown; :html goes back"));
	else
		app_say(app, TONE_GOOD,
			_("The plain text is shown; :html goes back"));
}

static void
take(struct app *app, enum found found, struct reading *reading,
	struct error *err)
{
	struct reading_wished *wished = &app->reading;

	app->dirty |= DIRTY_VIEWER;
	if (found == FOUND_ERROR) {
		app_fail(app, err);
		forget(wished);
		return;
	}
	if (found == NOT_FOUND) {
		if (wished->asked &&
			strcmp(wished->asked, reading->missing) == 0) {
			app_say(app, TONE_BAD,
				_("Part %s of the message cannot be had"),
				reading->missing);
			forget(wished);
			return;
		}
		str_replace(&wished->asked, reading->missing);
		fetch_want(app, WANT_READING, wished->asked, NULL);
		return;
	}
	say(app, reading);
	view_viewer_set_text(&app->viewer, app->config, &reading->document,
		wished->other, wished->charset);
	forget(wished);
}

/* Reads at once where no job can be had. */
static void
read_here(struct app *app, const struct reading_wish *wish)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading reading = { .is_html = false };
	enum found found = reading_make(
		app->store, app->reading.message, wish, &reading, &err);

	take(app, found, &reading, &err);
	reading_clear(&reading);
}

static void
start(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading_wished *wished = &app->reading;
	struct reading_wish wish = {
		wished->other ? READING_OTHER : READING_USUAL, wished->charset
	};

	if (wished->job)
		wished->again = true;
	else if (!app->home)
		read_here(app, &wish);
	else if (!reading_job_start(app->home, wished->message, &wish,
			 &wished->job, &err)) {
		app_fail(app, &err);
		forget(wished);
	}
}

static void
wish(struct app *app, bool other, const char *charset)
{
	struct reading_wished *wished = &app->reading;
	char *copy = xstrdup_null(charset);

	forget(wished);
	wished->charset = copy;
	wished->other = other;
	wished->message = app->viewer.message_id;
	if (other || charset) {
		start(app);
		return;
	}
	/* The store has it. */
	forget(wished);
	view_viewer_drop_text(&app->viewer);
	act_reload_message(app);
	app_say(app, TONE_GOOD, _("The usual text is shown"));
}

void
reading_toggle(struct app *app)
{
	const struct view_viewer *viewer = &app->viewer;

	wish(app, !viewer->is_other, viewer->charset);
}

bool
reading_set_charset(struct app *app, const char *charset)
{
	if (charset && !reading_knows_charset(charset)) {
		app_say(app, TONE_WARNING, _("There is no charset %s"),
			charset);
		return false;
	}
	wish(app, app->viewer.is_other, charset);
	return true;
}

void
reading_go_on(struct app *app)
{
	if (app->reading.message &&
		app->reading.message == app->viewer.message_id)
		start(app);
}

int
reading_fd(const struct app *app)
{
	return app->reading.job ? reading_job_fd(app->reading.job) : -1;
}

void
reading_settle(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading reading = { .is_html = false };
	struct reading_wished *wished = &app->reading;
	bool again = wished->again;
	enum found found;

	if (!wished->job)
		return;
	found = reading_job_end(wished->job, &reading, &err);
	wished->job = NULL;
	wished->again = false;
	if (wished->message == 0 || wished->message != app->viewer.message_id)
		forget(wished); /* nobody looks at it any more */
	else if (again)
		start(app);
	else
		take(app, found, &reading, &err);
	reading_clear(&reading);
}

void
reading_clear_wish(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading reading = { .is_html = false };

	if (app->reading.job)
		(void)reading_job_end(app->reading.job, &reading, &err);
	app->reading.job = NULL;
	reading_clear(&reading);
	forget(&app->reading);
}
