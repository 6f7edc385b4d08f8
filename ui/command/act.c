/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/act.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/config.h"
#include "store/message.h"
#include "sync/engine.h"
#include "sync/ingest.h"

enum {
	REST_US = 80000,      /* the cursor has come to rest */
	FETCHING_US = 300000, /* then "Fetching" is worth saying */
	QUICK_BYTES = 200000, /* messages shown without waiting for rest */
};

const struct folder *
act_folder(const struct app *app)
{
	return app->list.query.folder ? view_folders_find(&app->folders,
						app->list.query.folder)
				      : NULL;
}

const struct id_array *
act_parts(const struct app *app)
{
	return view_folders_parts(&app->folders, app->list.query.folder);
}

/* Its worker, or those of all its parts, shall bring it up to date. */
static void
engine_open(struct app *app, const struct folder *folder)
{
	const struct id_array *parts =
		view_folders_parts(&app->folders, folder->id);

	if (!app->engine)
		return;
	if (!parts)
		engine_open_folder(app->engine, folder->account, folder->id);
	for (size_t i = 0; parts && i < parts->n; i++) {
		const struct folder *part =
			view_folders_find(&app->folders, parts->items[i]);

		if (part)
			engine_open_folder(
				app->engine, part->account, part->id);
	}
}

void
act_open_folder(struct app *app, int64_t id)
{
	const struct folder *folder = view_folders_find(&app->folders, id);
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!folder)
		return;
	if (app->list.query.folder != id) {
		view_viewer_close(&app->viewer);
		marking_stop(app);
		marks_clear(&app->marks);
		if (!view_list_show(&app->list, app->store, folder,
			    view_folders_parts(&app->folders, id), &err))
			app_fail(app, &err);
	}
	view_folders_select(&app->folders, id);
	app->dirty |= DIRTY_ALL;
	engine_open(app, folder);
}

void
act_reload_status(struct app *app)
{
	view_status_load(&app->status, &app->folders.accounts, app->config,
		app->read_only);
	app->dirty |= DIRTY_STATUS;
	app_relayout(app);
}

/* The open folder and its account's others, as they were before a reload. */
struct before {
	char *name; /* NULL: none was open */
	char *account;
	int64_t account_id;
	int64_t total;
	struct {
		int64_t *items;
		size_t n;
		size_t cap;
	} ids;
};

static void
remember(const struct app *app, struct before *before)
{
	const struct folder *open = act_folder(app);
	const struct account_row *account;

	if (!open)
		return;
	account = view_folders_account(&app->folders, open->account);
	before->name = xstrdup(open->name);
	before->account = xstrdup_null(account ? account->name : NULL);
	before->account_id = open->account;
	before->total = folder_total(open);
	for (size_t i = 0; i < app->folders.rows.n; i++)
		array_push(&before->ids, app->folders.rows.items[i].id);
}

static void
before_clear(struct before *before)
{
	free(before->name);
	free(before->account);
	array_clear(&before->ids);
}

static bool
was_there(const struct before *before, int64_t id)
{
	for (size_t i = 0; i < before->ids.n; i++)
		if (before->ids.items[i] == id)
			return true;
	return false;
}

/* IMAP tells of no renaming: a folder that came as the open one went, with as
 * many messages, is taken for it if it is the only such. */
static const struct folder *
find_renamed(const struct app *app, const struct before *before)
{
	const struct folder *found = NULL;

	for (size_t i = 0; i < app->folders.rows.n; i++) {
		const struct folder *folder = &app->folders.rows.items[i];

		if (folder->account != before->account_id ||
			!folder->selectable || was_there(before, folder->id) ||
			folder_total(folder) != before->total)
			continue;
		if (found)
			return NULL;
		found = folder;
	}
	return found;
}

/* The open folder has another name. */
static void
say_renamed(struct app *app, const char *old, const char *name)
{
	app_say(app, TONE_WARNING, _("“%s” is now called “%s”"), old, name);
}

/* No folder is open: none was, or it went from the server. */
static void
open_another(struct app *app, const struct before *before)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct folder *renamed =
		before->name ? find_renamed(app, before) : NULL;
	int64_t first = view_folders_first(&app->folders,
		before->account ? before->account : app->first_account);
	const struct folder *row;

	if (renamed) {
		say_renamed(app, before->name, renamed->name);
		act_open_folder(app, renamed->id);
		return;
	}
	if (first) {
		row = view_folders_find(&app->folders, first);
		if (before->name && row)
			app_say(app, TONE_WARNING,
				_("“%s” is no longer at the server; this is "
				  "%s"),
				before->name, row->name);
		act_open_folder(app, first);
		return;
	}
	view_viewer_close(&app->viewer);
	if (!view_list_show(&app->list, app->store, NULL, NULL, &err))
		app_fail(app, &err);
}

void
act_reload_folders(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct before before CLEANUP(before_clear) = { .name = NULL };
	const struct folder *open;

	remember(app, &before);
	if (!view_folders_load(&app->folders, app->store, app->config, &err)) {
		app_fail(app, &err);
		return;
	}
	act_reload_status(app);
	app->dirty |= DIRTY_FOLDERS | DIRTY_LIST;
	open = act_folder(app);
	if (!open)
		open_another(app, &before);
	else if (before.name && strcmp(before.name, open->name) != 0)
		say_renamed(app, before.name, open->name);
}

void
act_reload_list(struct app *app)
{
	const struct folder *folder = act_folder(app);
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!folder)
		return;
	if (!view_list_reload(
		    &app->list, app->store, folder, act_parts(app), &err))
		app_fail(app, &err);
	app->dirty |= DIRTY_LIST;
}

char *
act_why_not_fetched(const struct app *app, int64_t account, const char *failure)
{
	const struct account_row *row =
		view_folders_account(&app->folders, account);

	if (!app->engine)
		return xstrdup(_("The text of this message is not held here."));
	return row ? view_status_not_fetched(row, failure)
		   : xstrdup_null(failure);
}

/* Asks for the text of the message shown, once. */
static void
wish(struct app *app, int64_t now_us)
{
	const struct message *message = &app->viewer.message;
	char *why CLEANUP(freep) =
		act_why_not_fetched(app, message->account, NULL);

	if (why)
		view_viewer_fail(&app->viewer, why);
	if (!app->engine || app->wished == message->id)
		return;
	app->wished = message->id;
	app->timers.waiting = now_us + FETCHING_US;
	engine_fetch_message(app->engine, message->account, message->id);
}

static void
rest(struct app *app, int64_t message, int64_t now_us)
{
	app->resting_on = message;
	app->timers.rest = now_us + REST_US;
}

/* An older program read it: this one may do better, by and by. */
static void
better_text(struct app *app)
{
	const struct message *message = &app->viewer.message;

	if (!app->engine || app->wished == message->id ||
		app->viewer.text_version >= ingest_text_version())
		return;
	app->wished = message->id;
	engine_fetch_message(app->engine, message->account, message->id);
}

void
act_show(struct app *app, int64_t now_us, bool now)
{
	const struct view_row *row = view_list_at_cursor(&app->list);
	bool rested = now_us - app->stepped_us > REST_US;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (row && !now && app->timers.rest >= 0 &&
		app->resting_on == row->row.message)
		return;
	app->timers.rest = -1;
	if (!row) {
		if (app->viewer.state != VIEWER_EMPTY) {
			view_viewer_close(&app->viewer);
			app->dirty |= DIRTY_VIEWER;
		}
		return;
	}
	if (app->viewer.message_id != row->row.message) {
		app->dirty |= DIRTY_VIEWER;
		app->stepped_us = now_us;
		app->wished = 0;
		app->timers.waiting = -1;
		if (!now && row->row.size > QUICK_BYTES) {
			view_viewer_close(&app->viewer);
			rest(app, row->row.message, now_us);
			return;
		}
		if (!view_viewer_load(&app->viewer, app->store, app->config,
			    row->row.message, &err)) {
			app_fail(app, &err);
			return;
		}
	}
	if (app->viewer.state == VIEWER_READY) {
		better_text(app);
		return;
	}
	if (app->wished == row->row.message)
		return;
	/* The first of many steps asks at once, the others when they end. */
	if (now || rested)
		wish(app, now_us);
	else
		rest(app, row->row.message, now_us);
}

void
act_reload_message(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (app->viewer.state == VIEWER_EMPTY)
		return;
	if (!view_viewer_load(&app->viewer, app->store, app->config,
		    app->viewer.message_id, &err))
		app_fail(app, &err);
	if (app->viewer.state == VIEWER_READY)
		app->timers.waiting = -1;
	app->dirty |= DIRTY_VIEWER;
}
