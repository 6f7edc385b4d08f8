/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/folder_picker.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/subcommand.h"
#include "command/fuzzy.h"
#include "command/targets.h"
#include "config/config.h"
#include "i18n/format.h"
#include "store/habit.h"

/* Folders last moved to that stand in front of the others. */
enum { RECENT_FOLDERS = 5 };

static void
add_folder(struct app *app, const struct folder *folder)
{
	const struct account_row *account =
		app->config->n_accounts > 1
			? view_folders_account(&app->folders, folder->account)
			: NULL;
	char number[FORMAT_SIZE] = "";
	char *text CLEANUP(freep) =
		account ? xasprintf("%s: %s", account->name, folder->name)
			: xstrdup(folder->name);

	if (folder_unread(folder) > 0)
		format_number(folder_unread(folder), number);
	picker_add(&app->picker, &(struct picker_item){ .text = text,
					 .note = *number ? number : NULL,
					 .id = folder->id });
}

void
folder_picker_add_all(struct app *app)
{
	for (size_t i = 0; i < UNIFIED_FOLDERS; i++)
		if (app->folders.unified[i].of.n > 0)
			add_folder(app, &app->folders.unified[i].folder);
	for (size_t i = 0; i < app->folders.rows.n; i++)
		if (app->folders.rows.items[i].selectable)
			add_folder(app, &app->folders.rows.items[i]);
}

/* With its account, as the command line takes it. */
static char *
full_name(const struct app *app, const struct folder *folder)
{
	const struct account_row *account =
		view_folders_account(&app->folders, folder->account);

	return xasprintf("%s/%s", account ? account->name : "", folder->name);
}

int64_t
folder_split_account(
	const struct app *app, const char *name, const char **ret_name)
{
	for (size_t i = 0; i < app->folders.accounts.n; i++) {
		const struct account_row *row = &app->folders.accounts.items[i];
		size_t len = strlen(row->name);
		const char *behind = cli_behind_account(row->name, name);

		if (!behind &&
			slice_starts_nocase(
				slice_str(name), slice_str(row->name)) &&
			strncmp(name + len, ": ", 2) == 0)
			behind = name + len + 2;
		if (behind && *behind) {
			*ret_name = behind;
			return row->id;
		}
	}
	*ret_name = name;
	return 0;
}

/* "account: folder" is the same as "account/folder". */
static char *
slashed(const struct app *app, const char *name)
{
	const char *folder;
	int64_t id = folder_split_account(app, name, &folder);
	const struct account_row *account =
		id ? view_folders_account(&app->folders, id) : NULL;

	return account ? xasprintf("%s/%s", account->name, folder)
		       : xstrdup(name);
}

int64_t
folder_by_exact_name(const struct app *app, int64_t account, const char *name)
{
	char *wanted CLEANUP(freep) = slashed(app, name);

	for (size_t i = 0; i < app->folders.rows.n; i++) {
		const struct folder *folder = &app->folders.rows.items[i];
		char *full CLEANUP(freep) = full_name(app, folder);

		if (account != 0 && folder->account != account)
			continue;
		if (ascii_eq_nocase(folder->name, name) ||
			ascii_eq_nocase(full, wanted))
			return folder->id;
	}
	return 0;
}

int64_t
folder_by_name(const struct app *app, int64_t account, const char *name)
{
	int64_t best = folder_by_exact_name(app, account, name);
	char *wanted CLEANUP(freep) = slashed(app, name);
	int64_t best_id = 0;
	int best_score = -1;

	for (size_t i = 0; account == 0 && i < UNIFIED_FOLDERS; i++)
		if (app->folders.unified[i].of.n > 0 &&
			ascii_eq_nocase(
				app->folders.unified[i].folder.name, name))
			return app->folders.unified[i].folder.id;
	for (size_t i = 0; best == 0 && i < app->folders.rows.n; i++) {
		const struct folder *folder = &app->folders.rows.items[i];
		char *full CLEANUP(freep) = full_name(app, folder);
		int score = fuzzy_score(slice_str(wanted), slice_str(full));

		if (!folder->selectable ||
			(account != 0 && folder->account != account))
			continue;
		if (score > best_score) {
			best_score = score;
			best_id = folder->id;
		}
	}
	return best ? best : best_id;
}

static bool
is_added(const struct picker *picker, int64_t folder)
{
	for (size_t i = 0; i < picker->n; i++)
		if (picker->items[i].id == folder)
			return true;
	return false;
}

/* Not where the messages stand already, and no folder twice. */
static void
add_target(struct app *app, const struct targets *targets, int64_t id,
	const char *note)
{
	const struct folder *folder = view_folders_find(&app->folders, id);
	const struct account_row *account = NULL;
	struct picker_item item = { .id = id };

	if (!folder || !folder->selectable || id == targets->folder ||
		is_added(&app->picker, id))
		return;
	if (folder->account != targets->account)
		account = view_folders_account(&app->folders, folder->account);
	if (account && targets->account && !note)
		note = app->triage.asked.kind == DEED_MOVE
			       ? _("other account: will be copied, then "
				   "removed")
			       : _("other account");
	item.text = account ? xasprintf("%s: %s", account->name, folder->name)
			    : xstrdup(folder->name);
	item.also = account ? full_name(app, folder) : NULL;
	item.note = xstrdup_null(note);
	picker_add(&app->picker, &item);
	free(item.text);
	free(item.also);
	free(item.note);
}

static void
add_habits(struct app *app, const struct targets *targets, struct error *err)
{
	struct id_array recent = { NULL, 0, 0 };
	bool good = true;

	for (size_t i = 0; good && i < targets->n_senders; i++) {
		bool is_list = targets->senders[i][0] == 'l';
		int64_t folder;

		switch (habit_load(app->store, targets->account,
			targets->senders[i], &folder, err)) {
		case FOUND:
			add_target(app, targets, folder,
				is_list ? _("used last for this list")
					: _("used last for this sender"));
			break;
		case NOT_FOUND:
			break;
		case FOUND_ERROR:
			good = false;
			break;
		}
	}
	if (good && habit_load_recent(app->store, targets->account,
			    RECENT_FOLDERS, &recent, err))
		for (size_t i = 0; i < recent.n; i++)
			add_target(app, targets, recent.items[i],
				_("used lately"));
	array_clear(&recent);
}

/* Of several accounts' messages none comes first. */
static bool
is_own(const struct targets *targets, int64_t account)
{
	return targets->account == 0 || account == targets->account;
}

void
folder_picker_open(struct app *app, const char *title,
	const struct targets *targets, picker_done *done)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct view_folders *view = &app->folders;

	picker_open(&app->picker, title, done);
	add_habits(app, targets, &err);
	if (err.kind != ERR_NONE)
		app_fail(app, &err);
	/* As the folder pane has them, also those of closed lines. */
	for (size_t i = 0; i < view->n; i++)
		if (is_own(targets, view->lines[i].account))
			add_target(app, targets, view->lines[i].folder, NULL);
	for (size_t i = 0; i < view->rows.n; i++)
		if (is_own(targets, view->rows.items[i].account))
			add_target(app, targets, view->rows.items[i].id, NULL);
	for (size_t i = 0; i < view->rows.n; i++)
		add_target(app, targets, view->rows.items[i].id, NULL);
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
}
