/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/activity.h"

#include <stdlib.h>

#include "app.h"
#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/command.h"
#include "i18n/format.h"
#include "sync/journal.h"

static void
clear_rows(struct activity *activity)
{
	for (size_t i = 0; i < activity->n; i++) {
		free(activity->rows[i].account);
		free(activity->rows[i].text);
		free(activity->rows[i].state);
		free(activity->rows[i].error);
	}
	activity->n = 0;
}

void
activity_clear(struct activity *activity)
{
	clear_rows(activity);
	free(activity->rows);
	*activity = (struct activity){ .page = 1 };
}

const struct activity_row *
activity_at_cursor(const struct activity *activity)
{
	return activity->cursor < activity->n
		       ? &activity->rows[activity->cursor]
		       : NULL;
}

const struct activity_row *
activity_on_screen(const struct activity *activity, int i)
{
	size_t at = activity->top + (size_t)i;

	return i >= 0 && i < activity->page && at < activity->n
		       ? &activity->rows[at]
		       : NULL;
}

static void
keep_shown(struct activity *activity)
{
	size_t page = activity->page > 0 ? (size_t)activity->page : 1;

	if (activity->cursor >= activity->n)
		activity->cursor = activity->n > 0 ? activity->n - 1 : 0;
	if (activity->cursor < activity->top)
		activity->top = activity->cursor;
	if (activity->cursor >= activity->top + page)
		activity->top = activity->cursor - page + 1;
}

void
activity_move(struct activity *activity, long by)
{
	long to = (long)activity->cursor + by;

	activity->cursor = to > 0 ? (size_t)to : 0;
	keep_shown(activity);
}

void
activity_set_page(struct activity *activity, int page)
{
	activity->page = page > 0 ? page : 1;
	keep_shown(activity);
}

/* What a queued operation waits for. */
static char *
waiting_words(const struct app *app, const struct journal_entry *entry)
{
	const struct account_row *account =
		view_folders_account(&app->folders, entry->account);
	char clock[FORMAT_SIZE];

	if (!account)
		return xstrdup(_("queued"));
	switch (account->state) {
	case ACCOUNT_OFFLINE:
		return account->state_since
			       ? xasprintf(_("waits: offline since %s"),
					 format_clock(
						 account->state_since, clock))
			       : xstrdup(_("waits: offline"));
	case ACCOUNT_DISABLED:
		return xstrdup(_("waits: offline by hand (:online)"));
	case ACCOUNT_NEEDS_LOGIN:
		return xstrdup(_("waits: cannot log in (:password)"));
	case ACCOUNT_UNTRUSTED:
		return xstrdup(_("waits: server not trusted (:doctor)"));
	case ACCOUNT_CONNECTING:
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
		break;
	}
	return xstrdup(_("queued"));
}

static char *
state_words(const struct app *app, const struct journal_entry *entry)
{
	const char *why = entry->error ? entry->error : "";
	char clock[FORMAT_SIZE];

	switch (entry->state) {
	case OPERATION_QUEUED:
		return waiting_words(app, entry);
	case OPERATION_RUNNING:
		return xstrdup(_("running"));
	case OPERATION_DEFERRED:
		return entry->next_attempt
			       ? xasprintf(_("again at %s: %s"),
					 format_clock(
						 entry->next_attempt, clock),
					 why)
			       : xasprintf(_("again soon: %s"), why);
	case OPERATION_ASKS:
		return xasprintf(_("asks: %s"), why);
	case OPERATION_FAILED:
		return xasprintf(_("failed: %s"), why);
	case OPERATION_DONE:
		return xstrdup(_("done"));
	case OPERATION_CANCELLED:
		return xstrdup(_("cancelled"));
	}
	UNREACHABLE();
}

static struct activity_row
make_row(const struct app *app, const struct journal_entry *entry)
{
	return (struct activity_row){
		.id = entry->id,
		.account =
			xstrdup(entry->account_name ? entry->account_name : ""),
		.text = xstrdup(entry->text ? entry->text : ""),
		.state = state_words(app, entry),
		.error = xstrdup_null(entry->error),
		.failed = entry->state == OPERATION_FAILED,
		.waits = entry->state == OPERATION_DEFERRED ||
			 entry->state == OPERATION_ASKS,
		.attempts = entry->attempts,
		.created = entry->created,
	};
}

/* What failed is on the screen now, and is not to be told of any more. */
static void
look_at(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = triage_journal(app);

	if (app->triage.counts.unseen == 0)
		return;
	if (!journal_look_at(&journal, &err))
		app_fail(app, &err);
	app->triage.counts.unseen = 0;
}

void
activity_reload(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct activity *activity = &app->activity;
	const struct activity_row *at = activity_at_cursor(activity);
	int64_t id = at ? at->id : 0;
	struct journal journal = triage_journal(app);
	struct journal_entries entries = { NULL, 0, 0 };

	if (!activity->is_open)
		return;
	if (!journal_activity(
		    &journal, false, ACTIVITY_ROWS_MAX, &entries, &err)) {
		app_fail(app, &err);
		return;
	}
	clear_rows(activity);
	if (entries.n > activity->cap) {
		activity->cap = entries.n;
		activity->rows = xreallocarray(activity->rows, activity->cap,
			sizeof(activity->rows[0]));
	}
	for (size_t i = 0; i < entries.n; i++) {
		activity->rows[i] = make_row(app, &entries.items[i]);
		if (entries.items[i].id == id)
			activity->cursor = i;
	}
	activity->n = entries.n;
	journal_entries_clear(&entries);
	keep_shown(activity);
	look_at(app);
	app->dirty = DIRTY_ALL;
}

void
activity_open(struct app *app)
{
	app->activity.is_open = true;
	app->activity.cursor = 0;
	app->activity.top = 0;
	key_state_reset(&app->keys);
	triage_count(app);
	activity_reload(app);
	app->dirty = DIRTY_ALL;
}

void
activity_close(struct app *app)
{
	app->activity.is_open = false;
	clear_rows(&app->activity);
	app->dirty = DIRTY_ALL;
}

/* It stays until somebody does one or the other. */
static void
explain_keys(struct app *app, struct pager *pager, int cols)
{
	char *retry CLEANUP(freep) =
		keymap_keys_of(app->keymap, "retry", IN_ACTIVITY, 1);
	char *dismiss CLEANUP(freep) =
		keymap_keys_of(app->keymap, "dismiss", IN_ACTIVITY, 1);
	char *text CLEANUP(freep) = xasprintf(
		_("It stays in Activity until you try it again there (%s) or "
		  "put it away (%s)."),
		retry ? retry : ":retry", dismiss ? dismiss : ":dismiss");

	pager_add_text(pager, text, cols);
}

void
activity_explain(struct app *app)
{
	const struct activity_row *row = activity_at_cursor(&app->activity);
	struct pager *pager = &app->pager;
	int cols = app->screen->cols - 4;
	char when[FORMAT_SIZE];
	char *attempts CLEANUP(freep) = NULL;

	if (!row)
		return;
	attempts = xasprintf("%u", row->attempts);
	pager_open(pager, _("What was to be done"));
	pager_add_heading(pager, row->text);
	pager_add(pager, _("account"), row->account, false);
	pager_add(
		pager, _("asked for"), format_date(row->created, when), false);
	pager_add(pager, _("attempts"), attempts, false);
	if (!row->error)
		pager_add(pager, _("state"), row->state, false);
	else
		pager_add_text(pager, row->error, cols < 90 ? cols : 90);
	if (row->failed)
		explain_keys(app, pager, cols < 90 ? cols : 90);
	app->dirty = DIRTY_ALL;
}
