/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/marking.h"

#include <stdlib.h>

#include "app.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/command.h"
#include "i18n/format.h"
#include "store/pick.h"
#include "view/list_private.h"

/* A slice is done within a few milliseconds. */
enum { RANGE_ROWS = 2000, COUNT_ROWS = 500, QUERY_US = 4000 };

/* A row of the list, and which of its folders it stands in. */
struct folder_row {
	struct pick_key row;
	int64_t folder;
};
ARRAY_OF(rows, struct folder_row);

void
marking_clear(struct marking *marking)
{
	mark_query_clear(&marking->query);
	free(marking->then);
	*marking = (struct marking){ .kind = MARKING_NOTHING };
}

static bool
is_newer(const struct list_key *a, const struct list_key *b)
{
	return a->date != b->date ? a->date > b->date : a->id > b->id;
}

void
marking_range(
	struct app *app, const struct list_key *a, const struct list_key *b)
{
	marking_clear(&app->marking);
	app->marking.kind = MARKING_RANGE;
	app->marking.from = is_newer(a, b) ? *a : *b;
	app->marking.until = is_newer(a, b) ? *b : *a;
	/* Most ranges fit into the first slice. */
	marking_step(app);
}

static size_t
count_keys(const struct app *app, int64_t folder, const struct list_key *from,
	const struct list_key *until, size_t max, bool *ret_more)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool threads = app->list.query.threads;
	struct list_query query = { .folder = folder, .threads = threads };
	struct pick_keys keys = { NULL, 0, 0 };
	size_t n = 0;
	size_t i = 0;

	/* Without the store the number is not worth a word. */
	if (!pick_load_keys(app->store, &query, from, true, LIST_OLDER, max,
		    &keys, &err))
		keys.n = 0;
	for (; i < keys.n && !is_newer(until, &keys.items[i].key); i++)
		n += !overlay_hides(
			&app->list.overlay, folder, threads, keys.items[i].id);
	*ret_more = *ret_more || (i == max && keys.n == max);
	array_clear(&keys);
	return n;
}

static bool
has_row(const struct view_list *list, int64_t placement)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->rows[i].row.placement == placement)
			return true;
	return false;
}

size_t
marking_range_size(const struct app *app, bool *ret_more)
{
	const struct view_list *list = &app->list;
	const struct id_array *parts = list->query.folders;
	const struct list_key *a = &app->marks.anchor;
	const struct list_key *b;
	size_t parts_n = parts ? parts->n : 1;
	size_t n = 0;

	*ret_more = false;
	if (list->cursor >= list->n)
		return 0;
	if (has_row(list, app->marks.anchor_placement)) {
		for (size_t i = 0; i < list->n; i++)
			n += marks_in_range(&app->marks, list, i);
		return n;
	}
	b = &list->rows[list_head(list, list->cursor)].row.key;
	for (size_t i = 0; i < parts_n; i++)
		n += count_keys(app,
			parts ? parts->items[i] : list->query.folder,
			is_newer(a, b) ? a : b, is_newer(a, b) ? b : a,
			RANGE_ROWS / parts_n, ret_more);
	return n;
}

void
marking_end_range(struct app *app)
{
	struct view_list *list = &app->list;
	struct list_key anchor = app->marks.anchor;
	size_t head = list_head(list, list->cursor);
	bool inside = false;

	if (head >= list->n) {
		marks_leave_range(&app->marks);
		return;
	}
	/* The messages of an opened thread are all at hand. */
	for (size_t i = head; i < list_next_head(list, head); i++) {
		const struct view_row *row = &list->rows[i];

		if (!row->is_member ||
			marks_of(&app->marks, list, i) != MARKED_WHOLE ||
			id_map_has(&app->marks.threads, row->row.conversation))
			continue;
		marks_set_message(&app->marks, row->row.placement,
			row->row.conversation, true);
		if (!view_folders_holds(
			    &app->folders, list->query.folder, row->row.folder))
			app->marks.strangers = true;
		inside = true;
	}
	marks_leave_range(&app->marks);
	if (!inside)
		marking_range(app, &anchor, &list->rows[head].row.key);
}

/* What of the thread at the cursor stands one by one is at hand. */
static size_t
count_members(struct app *app, size_t count)
{
	const struct view_list *list = &app->list;

	for (size_t i = list->cursor; count > 0 && i < list->n; i++, count--) {
		const struct list_row *row = &list->rows[i].row;

		if (!list->rows[i].is_member)
			break;
		marks_set_message(
			&app->marks, row->placement, row->conversation, true);
		if (!view_folders_holds(
			    &app->folders, list->query.folder, row->folder))
			app->marks.strangers = true;
	}
	return count;
}

void
marking_count(struct app *app, size_t count)
{
	const struct view_list *list = &app->list;
	struct marking *marking = &app->marking;

	marking_clear(marking);
	if (list->cursor >= list->n)
		return;
	marking->kind = MARKING_COUNT;
	marking->single = app->focus == PANE_VIEWER;
	marking->next = list->rows[list_head(list, list->cursor)].row.key;
	/* Of the thread the cursor is in, the messages are counted. */
	marking->begun = list->rows[list->cursor].is_member;
	marking->left = count_members(app, count);
	marking_step(app);
}

bool
marking_query(struct app *app, const char *text, struct error *err)
{
	struct mark_query query;

	if (!mark_query_parse(text, clock_wall_s(), &query, err))
		return false;
	marking_clear(&app->marking);
	app->marking.kind = MARKING_QUERY;
	app->marking.query = query;
	marking_step(app);
	return true;
}

void
marking_stop(struct app *app)
{
	marking_clear(&app->marking);
}

bool
marking_is_busy(const struct app *app)
{
	return app->marking.kind != MARKING_NOTHING;
}

bool
marking_defer(struct app *app, const char *line)
{
	if (!marking_is_busy(app))
		return false;
	str_replace(&app->marking.then, line);
	return true;
}

/* The folder being gone through: a list may be of several. */
static int64_t
part_folder(const struct app *app)
{
	const struct list_query *query = &app->list.query;

	return query->folders ? query->folders->items[app->marking.part]
			      : query->folder;
}

/* The next folder, where there is one. */
static bool
next_part(struct app *app)
{
	const struct list_query *query = &app->list.query;

	app->marking.begun = false;
	return query->folders && ++app->marking.part < query->folders->n;
}

static bool
step_range(struct app *app, bool *ret_end, struct error *err)
{
	struct marking *marking = &app->marking;
	struct list_query query = { .folder = part_folder(app),
		.threads = app->list.query.threads };
	struct pick_keys keys = { NULL, 0, 0 };
	bool good = pick_load_keys(app->store, &query,
		marking->begun ? &marking->next : &marking->from,
		!marking->begun, LIST_OLDER, RANGE_ROWS, &keys, err);

	*ret_end = keys.n < RANGE_ROWS;
	for (size_t i = 0; good && i < keys.n; i++) {
		if (is_newer(&marking->until, &keys.items[i].key)) {
			*ret_end = true;
			break;
		}
		if (query.threads)
			marks_set_thread(&app->marks, keys.items[i].id,
				query.folder, true);
		else
			marks_set_message(
				&app->marks, keys.items[i].id, 0, true);
		marking->next = keys.items[i].key;
	}
	array_clear(&keys);
	marking->begun = true;
	return good;
}

/* Rows of one of the folders, as if they were all. */
static bool
add_keys(struct app *app, int64_t folder, size_t max, struct rows *rows,
	struct error *err)
{
	const struct marking *marking = &app->marking;
	struct list_query query = { .folder = folder,
		.threads = app->list.query.threads };
	struct pick_keys keys = { NULL, 0, 0 };
	bool good = pick_load_keys(app->store, &query, &marking->next,
		!marking->begun, LIST_OLDER, max, &keys, err);

	for (size_t i = 0; good && i < keys.n; i++)
		array_push(rows, ((struct folder_row){ .row = keys.items[i],
					 .folder = folder }));
	array_clear(&keys);
	return good;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct folder_row *x = a;
	const struct folder_row *y = b;

	if (is_newer(&x->row.key, &y->row.key))
		return -1;
	return is_newer(&y->row.key, &x->row.key);
}

static void
take_row(struct app *app, const struct folder_row *it)
{
	struct marking *marking = &app->marking;
	bool threads = app->list.query.threads;

	marking->next = it->row.key;
	if (overlay_hides(&app->list.overlay, it->folder, threads, it->row.id))
		return;
	marking->left--;
	/* A thread's key is its newest message's. */
	if (threads && !marking->single)
		marks_set_thread(&app->marks, it->row.id, it->folder, true);
	else
		marks_set_message(&app->marks, it->row.key.id,
			threads ? it->row.id : 0, true);
}

static bool
step_count(struct app *app, bool *ret_end, struct error *err)
{
	struct marking *marking = &app->marking;
	const struct id_array *parts = app->list.query.folders;
	size_t n = parts ? parts->n : 1;
	/* So many of each are enough to know the next so many of all. */
	size_t max = COUNT_ROWS / (n > 0 ? n : 1) + 1;
	struct rows rows = { NULL, 0, 0 };
	bool good = true;

	for (size_t i = 0; good && i < n; i++)
		good = add_keys(app,
			parts ? parts->items[i] : app->list.query.folder, max,
			&rows, err);
	if (rows.n > 1)
		qsort(rows.items, rows.n, sizeof(rows.items[0]), compare_rows);
	for (size_t i = 0; i < rows.n && i < max && marking->left > 0; i++)
		take_row(app, &rows.items[i]);
	*ret_end = rows.n < max || marking->left == 0;
	array_clear(&rows);
	marking->begun = true;
	return good;
}

static void
take(void *ctx, const struct pick_message *message)
{
	struct app *app = ctx;

	if (mark_query_fits(&app->marking.query, message))
		marks_set_message(&app->marks, message->placement,
			message->conversation, true);
}

static bool
step_query(struct app *app, bool *ret_end, struct error *err)
{
	struct marking *marking = &app->marking;
	bool good = pick_walk(app->store, part_folder(app),
		marking->begun ? &marking->next : NULL, QUERY_US, take, app,
		&marking->next, ret_end, err);

	marking->begun = true;
	return good;
}

static void
finish(struct app *app)
{
	enum marking_kind kind = app->marking.kind;
	char *then CLEANUP(freep) = STEAL(app->marking.then);
	char n[FORMAT_SIZE];

	marking_clear(&app->marking);
	if (kind == MARKING_QUERY && marks_count(&app->marks) == 0)
		app_say(app, TONE_DIM, _("Nothing here fits"));
	else if (kind == MARKING_QUERY)
		app_say(app, TONE_PLAIN, _("%s marked"),
			format_number((int64_t)marks_count(&app->marks), n));
	if (then)
		command_run_line(app, then, 0);
}

void
marking_step(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool end = true;
	bool good = true;

	switch (app->marking.kind) {
	case MARKING_NOTHING:
		return;
	case MARKING_RANGE:
		good = step_range(app, &end, &err);
		break;
	case MARKING_QUERY:
		good = step_query(app, &end, &err);
		break;
	case MARKING_COUNT:
		good = step_count(app, &end, &err);
		break;
	}
	app->dirty |= DIRTY_LIST | DIRTY_STATUS;
	if (!good) {
		marking_stop(app);
		app_fail(app, &err);
	} else if (end &&
		   (app->marking.kind == MARKING_COUNT || !next_part(app))) {
		finish(app);
	}
}
