/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages become read by being shown for long enough. */
#include <fnmatch.h>

#include "app.h"
#include "base/mem.h"
#include "command/triage_private.h"
#include "config/config.h"
#include "sync/journal.h"

/* Whether the message in the viewer is to become read when it has been shown
 * for long enough. */
bool
triage_will_read(const struct app *app)
{
	return !app->triage.shown_done && !app->read_only &&
	       app->viewer.state == VIEWER_READY &&
	       app->config->mark_read_s != MARK_READ_NEVER;
}

/* Whether the configuration leaves the folder's messages as they are. */
static bool
keeps_unread(const struct app *app, int64_t id)
{
	const struct folder *folder = view_folders_find(&app->folders, id);
	struct slice rest = slice_str(app->config->keep_unread_in);

	while (folder && rest.len > 0) {
		size_t end = slice_find(rest, ',');
		struct slice one = slice_trim(slice_head(rest, end));
		char *pattern CLEANUP(freep) =
			xmemdup0(one.data ? one.data : "", one.len);

		if (one.len > 0 && fnmatch(pattern, folder->name, 0) == 0)
			return true;
		rest = slice_skip(rest, end + 1);
	}
	return false;
}

static void
mark_shown_read(struct app *app)
{
	const struct view_row *row = view_list_at_cursor(&app->list);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	struct flags add = { .bits = FLAG_SEEN };
	struct flags remove = { .bits = 0 };
	struct journal_targets what = { .what = JOURNAL_MESSAGES, .n = 1 };

	/* Undo is for what the person did. */
	journal.automatic = true;
	app->triage.shown_done = true;
	if (!row || row->row.message != app->viewer.message_id ||
		!row->row.unread || keeps_unread(app, row->row.folder))
		return;
	what.ids = &row->row.placement;
	what.folder = row->row.folder;
	if (journal_flag(&journal, &what, &add, &remove, &done, &err))
		triage_after(app, &done, NULL, true);
	else
		app_fail(app, &err);
}

void
triage_follow_viewer(struct app *app, int64_t now_us)
{
	struct triage *triage = &app->triage;
	int64_t message = app->viewer.message_id;

	if (triage->shown != message) {
		triage->shown = message;
		triage->shown_us = now_us;
		triage->shown_done = false;
		triage->shown_opened = false;
	}
	if (!triage_will_read(app))
		return;
	if (app->focus == PANE_VIEWER)
		triage->shown_opened = true;
	if (app->config->mark_read_s == MARK_READ_OPEN
			? triage->shown_opened
			: now_us - triage->shown_us >=
				  (int64_t)app->config->mark_read_s * 1000000)
		mark_shown_read(app);
}

void
triage_opened(struct app *app)
{
	app->triage.shown_opened = true;
}
