/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/targets.h"

#include <stdlib.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/pick.h"
#include "view/list_private.h"
#include "view/people.h"

/* What was found, before it is one kind of ids. */
struct found_ids {
	struct id_array threads;
	struct id_array folders; /* of each of these */
	struct id_array messages;
};

void
targets_clear(struct targets *targets)
{
	array_clear(&targets->ids);
	id_map_clear(&targets->rows);
	flags_clear(&targets->common);
	for (size_t i = 0; i < targets->n_senders; i++)
		free(targets->senders[i]);
	*targets = (struct targets){ .folder = 0 };
}

/* Keeps of the common flags those that the row has too. */
static void
narrow(struct flags *common, const struct flags *flags)
{
	struct flags kept = { .bits = common->bits & flags->bits };
	struct slice rest = slice_str(common->keywords ? common->keywords : "");

	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		struct slice word = slice_head(rest, end);

		if (flags_has(flags, word))
			(void)flags_add(&kept, word);
		rest = slice_skip(rest, end + 1);
	}
	flags_clear(common);
	*common = kept;
}

static void
add_sender(struct targets *targets, const struct list_row *row,
	const struct app *app)
{
	const char *address = NULL;
	char *key;

	if (targets->n_senders == TARGETS_SENDERS_MAX)
		return;
	for (int i = 0; i < row->n_people && !address; i++)
		if (!people_is_me(app->config, row->people[i].address))
			address = row->people[i].address;
	if (row->list_id && *row->list_id)
		key = xasprintf("list:%s", row->list_id);
	else if (address)
		key = xasprintf("from:%s", address);
	else
		return;
	ascii_lower_str(key);
	for (size_t i = 0; i < targets->n_senders; i++)
		if (strcmp(targets->senders[i], key) == 0) {
			free(key);
			return;
		}
	targets->senders[targets->n_senders++] = key;
}

/* What the rows at hand tell of the whole. */
static void
add_row(struct targets *targets, const struct view_row *view_row,
	const struct app *app)
{
	const struct list_row *row = &view_row->row;

	if (id_map_has(&targets->rows, row->placement))
		return;
	if (targets->n_rows == 0) {
		targets->folder = row->folder;
		targets->account = row->account;
		targets->common = flags_copy(&row->flags);
	} else {
		if (targets->folder != row->folder)
			targets->folder = 0;
		if (targets->account != row->account)
			targets->account = 0;
		narrow(&targets->common, &row->flags);
	}
	id_map_put(&targets->rows, row->placement, 1);
	targets->n_rows++;
	targets->any_unread = targets->any_unread || row->unread;
	targets->any_unflagged = targets->any_unflagged || !row->flagged;
	add_sender(targets, row, app);
}

static void
find_marked(struct app *app, struct targets *targets, struct found_ids *ids)
{
	const struct folder *folder =
		view_folders_find(&app->folders, app->list.query.folder);
	size_t at = 0;
	int64_t id;
	int64_t value;

	targets->are_marks = true;
	while (id_map_next(&app->marks.threads, &at, &id, &value)) {
		array_push(&ids->threads, id);
		array_push(&ids->folders, value);
	}
	at = 0;
	while (id_map_next(&app->marks.messages, &at, &id, &value))
		array_push(&ids->messages, id);
	for (size_t i = 0; i < app->list.n; i++)
		if (marks_of(&app->marks, &app->list, i) == MARKED_WHOLE)
			add_row(targets, &app->list.rows[i], app);
	/* Rows out of sight may stand elsewhere. */
	if (!app->marks.strangers && !app->list.query.folders)
		targets->folder = app->list.query.folder;
	else if (app->marks.threads.n > 0 ||
		 targets->n_rows != app->marks.messages.n)
		targets->folder = 0;
	if (folder && !app->list.query.folders)
		targets->account = folder->account;
}

static bool
stands_for_thread(const struct app *app, const struct view_row *row)
{
	return app->focus != PANE_VIEWER &&
	       marks_is_thread_row(&app->list, row) &&
	       (row->row.thread_size > 1 || row->is_open);
}

/* The row that counts next: an opened thread's own are counted with it. */
static size_t
next_counted(const struct app *app, size_t i)
{
	return stands_for_thread(app, &app->list.rows[i])
		       ? list_next_head(&app->list, i)
		       : i + 1;
}

bool
targets_at_hand(const struct app *app, int count)
{
	const struct view_list *list = &app->list;
	size_t i = list->cursor;

	while (i < list->n && count > 0) {
		i = next_counted(app, i);
		count--;
	}
	return count <= 0 || list->at_oldest;
}

static void
find_counted(struct app *app, int count, struct targets *targets,
	struct found_ids *ids)
{
	const struct view_list *list = &app->list;

	for (size_t i = list->cursor; i < list->n && count-- > 0;
		i = next_counted(app, i)) {
		const struct view_row *row = &list->rows[i];

		if (stands_for_thread(app, row)) {
			array_push(&ids->threads, row->row.conversation);
			array_push(&ids->folders, row->row.folder);
		} else {
			array_push(&ids->messages, row->row.placement);
		}
		add_row(targets, row, app);
	}
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return x > y ? -1 : x < y;
}

static bool
are_alike(const struct id_array *ids)
{
	for (size_t i = 1; i < ids->n; i++)
		if (ids->items[i] != ids->items[0])
			return false;
	return true;
}

/* One kind of ids, newest first and each once: conversations of one folder, or
 * messages. */
static bool
unify(struct app *app, struct found_ids *ids, struct targets *targets,
	struct error *err)
{
	size_t kept = 0;

	targets->are_threads = ids->messages.n == 0 && are_alike(&ids->folders);
	if (targets->are_threads && ids->folders.n > 0)
		targets->folder = ids->folders.items[0];
	for (size_t i = 0; !targets->are_threads && i < ids->threads.n; i++)
		if (!pick_load_members(app->store, ids->threads.items[i],
			    ids->folders.items[i], &ids->messages, err))
			return false;
	targets->ids = targets->are_threads ? ids->threads : ids->messages;
	if (targets->are_threads)
		ids->threads = (struct id_array){ NULL, 0, 0 };
	else
		ids->messages = (struct id_array){ NULL, 0, 0 };
	if (targets->ids.n > 1)
		qsort(targets->ids.items, targets->ids.n, sizeof(int64_t),
			compare_ids);
	for (size_t i = 0; i < targets->ids.n; i++)
		if (i == 0 ||
			targets->ids.items[i] != targets->ids.items[i - 1])
			targets->ids.items[kept++] = targets->ids.items[i];
	targets->ids.n = kept;
	return true;
}

bool
targets_find(struct app *app, int count, struct targets *ret_targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct targets targets = { .folder = 0 };
	struct found_ids ids = { { NULL, 0, 0 }, { NULL, 0, 0 },
		{ NULL, 0, 0 } };
	bool good;

	if (marks_count(&app->marks) > 0)
		find_marked(app, &targets, &ids);
	else
		find_counted(app, count > 0 ? count : 1, &targets, &ids);
	good = unify(app, &ids, &targets, &err);
	array_clear(&ids.threads);
	array_clear(&ids.folders);
	array_clear(&ids.messages);
	if (good && targets.ids.n > 0) {
		*ret_targets = targets;
		return true;
	}
	if (!good)
		app_fail(app, &err);
	else
		app_say(app, TONE_DIM, _("There is no message here"));
	targets_clear(&targets);
	return false;
}

bool
targets_have(const void *targets, const struct view_list *view, size_t i)
{
	const struct targets *it = targets;
	size_t head = list_head(view, i);

	if (id_map_has(&it->rows, view->rows[i].row.placement))
		return true;
	/* A member goes with its thread as far as it stands here. */
	return view->rows[i].is_member && head < i &&
	       view->rows[i].row.folder == view->rows[head].row.folder &&
	       it->are_threads &&
	       id_map_has(&it->rows, view->rows[head].row.placement);
}
