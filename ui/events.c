/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine tells, and which views are stale by it. */
#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/fetch.h"
#include "command/question.h"
#include "sync/ingest.h"

/* The text that could not come may come now. */
static void
account_changed(struct app *app)
{
	app->stale |= STALE_FOLDERS | STALE_JOURNAL;
	if (app->viewer.state == VIEWER_FAILED) {
		app->wished = 0;
		act_reload_message(app);
	}
}

static void
fetch_failed(struct app *app, const struct event *event)
{
	const char *why = event->text ? event->text
				      : _("The message could not be fetched.");
	char *said CLEANUP(freep) = NULL;

	fetch_failed_for(app, event->message, why);
	if (app->viewer.message_id != event->message)
		return;
	said = act_why_not_fetched(app, app->viewer.message.account, why);
	view_viewer_fail(&app->viewer, said ? said : why);
	app->timers.waiting = -1;
	app->dirty |= DIRTY_VIEWER;
}

static void
message_changed(struct app *app, const struct event *event)
{
	/* Its row may have a snippet now. */
	app->stale |= STALE_LIST;
	fetch_arrived(app, event->message);
	if (app->viewer.message_id == event->message &&
		(app->viewer.state != VIEWER_READY ||
			app->viewer.text_version < ingest_text_version()))
		act_reload_message(app);
}

void
app_event(struct app *app, const struct event *event)
{
	switch (event->type) {
	case EVENT_ACCOUNT_CHANGED:
		account_changed(app);
		break;
	case EVENT_TREE_CHANGED:
	case EVENT_COUNTS_CHANGED:
		app->stale |= STALE_FOLDERS;
		break;
	case EVENT_FOLDER_CHANGED:
		app->stale |= STALE_FOLDERS;
		if (view_list_holds(&app->list, event->folder))
			app->stale |= STALE_LIST;
		break;
	case EVENT_PROGRESS:
		view_status_progress(&app->status, event, clock_mono_us());
		app->stale |= STALE_STATUS;
		break;
	case EVENT_MESSAGE_CHANGED:
		message_changed(app, event);
		break;
	case EVENT_FETCH_FAILED:
		fetch_failed(app, event);
		break;
	case EVENT_QUESTION:
		question_arrived(app, event->account);
		break;
	case EVENT_JOURNAL_CHANGED:
		app->stale |= STALE_JOURNAL;
		break;
	case EVENT_PASS_TAKEN:
	case EVENT_PASS_ENDED:
	case EVENT_HANDED_ON:
	case EVENT_ENGINE_IS_OURS:
		break;
	case EVENT_ALERT:
		if (event->text)
			app_say(app, TONE_WARNING, "%s", event->text);
		break;
	}
}
