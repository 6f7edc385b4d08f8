/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/fetch.h"
#include "command/question.h"
#include "config/config.h"
#include "pane/statusbar.h"
#include "screen/opener.h"
#include "term/term.h"

/* While a folder fills, events come faster than anybody reads. */
enum { RELOAD_EVERY_US = 60000, THEME_FILE_MAX = 1 << 16 };

void
app_say(struct app *app, enum tone tone, const char *fmt, ...)
{
	char *text CLEANUP(freep) = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	view_status_say(&app->status, tone, text);
	app->looking_since_s = 0;
	app->dirty |= DIRTY_STATUS;
}

void
app_fail(struct app *app, struct error *err)
{
	/* Somebody was quicker: what is on the screen will be read again. */
	if (err->kind != ERR_CANCELLED && err->text) {
		app_say(app, TONE_BAD, "%s", err->text);
		log_error("ui", "%s (%s)", err->text,
			err->detail ? err->detail : "-");
	}
	error_clear(err);
}

bool
app_load_theme(struct app *app, const char *name, struct error *err)
{
	bool light = app->is_light;
	bool own = strcmp(name, "auto") != 0 && strcmp(name, "dark") != 0 &&
		   strcmp(name, "light") != 0;
	struct theme *theme;

	if (strcmp(name, "dark") == 0 || strcmp(name, "light") == 0)
		light = name[0] == 'l';
	theme = theme_new(light);
	if (own) {
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };
		char *path CLEANUP(freep) =
			xasprintf("%s/themes/%s", app->config_dir, name);

		strbuf_init(&text, THEME_FILE_MAX);
		if (strchr(name, '/') || !app->config_dir ||
			!file_read(path, &text, err) ||
			!theme_read(theme, path, strbuf_slice(&text), err)) {
			theme_free(theme);
			if (err->kind == ERR_NONE)
				error_set(err, ERR_INVALID,
					_("There is no theme “%s”; there are "
					  "auto, dark, light and files in "
					  "themes/"),
					name);
			return false;
		}
	}
	if (app->terminal)
		terminal_set_theme(app->terminal, theme);
	theme_free(app->theme);
	app->theme = theme;
	app->dirty = DIRTY_ALL;
	return true;
}

void
app_load_keys(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	char *path CLEANUP(freep) = NULL;

	keymap_free(app->keymap);
	app->keymap = keymap_new((int)app->config->keys);
	strbuf_init(&text, KEYMAP_FILE_MAX);
	path = app->config_dir ? file_join(app->config_dir, "keys") : NULL;
	if (path && file_exists(path) &&
		(!file_read(path, &text, &err) ||
			!keymap_read(
				app->keymap, path, strbuf_slice(&text), &err)))
		app_fail(app, &err);
	free(app->viewer.fold_keys);
	app->viewer.fold_keys =
		keymap_keys_of(app->keymap, "quotes", IN_VIEWER, 1);
}

void
app_load_looks(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const char *name = app->config->theme ? app->config->theme : "auto";

	if (app_load_theme(app, name, &err))
		return;
	app_fail(app, &err);
	if (!app_load_theme(app, "auto", &err))
		app_fail(app, &err);
}

static enum layout_wish
wish_of(enum config_layout layout)
{
	switch (layout) {
	case LAYOUT_COLUMNS:
		return LAYOUT_WISH_COLUMNS;
	case LAYOUT_STACKED:
		return LAYOUT_WISH_STACKED;
	case LAYOUT_AUTO:
		break;
	}
	return LAYOUT_WISH_AUTO;
}

static void
init_views(struct app *app)
{
	view_folders_init(&app->folders);
	view_list_init(&app->list);
	view_viewer_init(&app->viewer);
	view_status_init(&app->status);
	prompt_init(&app->prompt);
	picker_init(&app->picker);
	pager_init(&app->pager);
	app->focus = PANE_LIST;
	app->timers = (struct timers){ -1, -1, -1, -1, -1 };
}

void
app_load_hyperlinks(struct app *app)
{
	switch (app->config->hyperlinks) {
	case HYPERLINKS_AUTO:
		app->screen->shows_links = app->knows_hyperlinks;
		break;
	case HYPERLINKS_YES:
		app->screen->shows_links = true;
		break;
	case HYPERLINKS_NO:
		app->screen->shows_links = false;
		break;
	}
}

struct app *
app_new(const struct app_options *options)
{
	struct app *app = xnew(struct app);

	app->config = config_ref(options->config);
	app->store = options->store;
	app->home = options->home;
	app->terminal = options->terminal;
	app->config_dir = xstrdup_null(options->config_dir);
	app->first_account = xstrdup_null(options->account);
	app->is_light = options->is_light;
	app->knows_background = options->knows_background;
	app->read_only = options->read_only;
	app->is_demo = options->is_demo;
	app->mouse = options->config->mouse;
	app->screen = screen_new(options->rows, options->cols, options->ascii);
	app->screen->plain = options->plain;
	app->knows_hyperlinks = options->knows_hyperlinks;
	app_load_hyperlinks(app);
	app->layout_options = (struct layout_options){
		.rows = app->screen->rows,
		.cols = app->screen->cols,
		.wish = wish_of(options->config->layout),
		.status_rows = 2,
	};
	init_views(app);
	app_load_looks(app);
	app_load_keys(app);
	app_relayout(app);
	act_reload_folders(app);
	triage_count(app);
	app->dirty = DIRTY_ALL;
	if (options->sets_up && app->config->n_accounts == 0)
		setup_open(app);
	return app;
}

void
app_free(struct app *app)
{
	if (!app)
		return;
	fetch_forget(app);
	opener_clean(app);
	history_clear(&app->command_history);
	history_clear(&app->path_history);
	history_clear(&app->pipe_history);
	history_clear(&app->find_history);
	history_clear(&app->mark_history);
	pager_clear(&app->pager);
	setup_clear(&app->setup);
	activity_clear(&app->activity);
	composer_clear(&app->composer);
	links_clear(&app->links);
	picker_clear(&app->picker);
	prompt_clear(&app->prompt);
	view_status_clear(&app->status);
	view_viewer_clear(&app->viewer);
	triage_clear(&app->triage);
	marking_clear(&app->marking);
	marks_clear(&app->marks);
	view_list_clear(&app->list);
	view_folders_clear(&app->folders);
	keymap_free(app->keymap);
	theme_free(app->theme);
	screen_free(app->screen);
	config_unref(app->config);
	reading_clear_wish(app);
	free(app->config_dir);
	free(app->first_account);
	free(app->asked_part);
	id_array_clear(&app->asked_messages);
	free(app);
}

void
app_set_engine(struct app *app, struct engine *engine)
{
	const struct folder *folder;

	app->engine = engine;
	act_reload_folders(app);
	/* The folder opened before there was an engine to tell. */
	folder = act_folder(app);
	if (folder)
		act_open_folder(app, folder->id);
}

/* Sizes of the views follow the layout. */
static void
fit_views(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct layout *layout = &app->layout;

	if (layout->folders.rows > 0)
		view_folders_set_page(&app->folders, layout->folders.rows);
	if (layout->list.rows > 0 &&
		!view_list_set_page(&app->list, app->store,
			layout->list.rows / layout->row_height, &err))
		app_fail(app, &err);
	if (layout->viewer.rows > 0)
		view_viewer_set_size(&app->viewer, layout->viewer.cols - 2,
			layout->viewer.rows);
}

void
app_relayout(struct app *app)
{
	struct layout layout;

	app->layout_options.rows = app->screen->rows;
	app->layout_options.cols = app->screen->cols;
	app->layout_options.focus = app->focus;
	app->layout_options.status_rows = statusbar_rows(
		&app->status, app->screen->cols, app->prompt.is_open);
	layout_make(&app->layout_options, &layout);
	if (memcmp(&layout, &app->layout, sizeof(layout)) == 0)
		return;
	app->layout = layout;
	fit_views(app);
	app->dirty = DIRTY_ALL;
}

void
app_resize(struct app *app, int rows, int cols)
{
	if (rows == app->screen->rows && cols == app->screen->cols)
		return;
	screen_resize(app->screen, rows, cols);
	app_relayout(app);
	app->dirty = DIRTY_ALL;
}

void
app_set_focus(struct app *app, enum pane pane)
{
	if (app->focus == pane)
		return;
	app->focus = pane;
	key_state_reset(&app->keys);
	app->dirty |= DIRTY_FOLDERS | DIRTY_LIST | DIRTY_VIEWER | DIRTY_STATUS;
	app_relayout(app);
}

unsigned
app_context(const struct app *app)
{
	if (app->pager.is_open)
		return IN_PAGER;
	if (app->activity.is_open)
		return IN_ACTIVITY;
	if (app->composer.is_open)
		return IN_COMPOSER;
	switch (app->focus) {
	case PANE_FOLDERS:
		return IN_FOLDERS;
	case PANE_VIEWER:
		return IN_VIEWER;
	case PANE_LIST:
		break;
	}
	return IN_LIST;
}

void
app_tick(struct app *app, int64_t now_us)
{
	if (app->timers.rest >= 0 && now_us >= app->timers.rest)
		act_show(app, now_us, true);
	marking_step(app);
	triage_tick(app, now_us);
	if (app->timers.reload >= 0 && now_us >= app->timers.reload)
		app->timers.reload = -1;
	if (app->timers.ask >= 0 && now_us >= app->timers.ask)
		app->timers.ask = -1;
	if (app->timers.noticed >= 0 && now_us >= app->timers.noticed) {
		app->timers.noticed = -1;
		app->asked_now = false;
	}
	if (app->timers.waiting >= 0 && now_us >= app->timers.waiting) {
		app->timers.waiting = -1;
		app->viewer.waiting_shown = true;
		app->dirty |= DIRTY_VIEWER;
	}
}

static int64_t
earlier(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

int64_t
app_next_us(const struct app *app, int64_t now_us)
{
	int64_t next = earlier(app->timers.rest, app->timers.waiting);

	if (marking_is_busy(app))
		return now_us;
	next = earlier(next, triage_next_us(app, now_us));
	next = earlier(next, app->timers.reload);
	next = earlier(next, app->timers.ask);
	next = earlier(next, app->timers.noticed);
	return earlier(next, view_status_next_us(&app->status, now_us));
}

static bool
is_looking(const struct app *app, const struct account_row *row)
{
	const struct account_config *config =
		config_account(app->config, row->name);

	if (!config || config->protocol == PROTOCOL_LOCAL)
		return false;
	switch (row->state) {
	case ACCOUNT_CONNECTING:
	case ACCOUNT_SYNCING:
		return true;
	case ACCOUNT_ONLINE:
		return row->last_sync < app->looking_since_s;
	case ACCOUNT_OFFLINE:
	case ACCOUNT_NEEDS_LOGIN:
	case ACCOUNT_UNTRUSTED:
	case ACCOUNT_DISABLED:
		break;
	}
	return false;
}

/* What was said of looking for mail does not outlive it. */
static void
watch_looking(struct app *app)
{
	const struct account_rows *accounts = &app->folders.accounts;

	for (size_t i = 0; i < accounts->n; i++)
		if (is_looking(app, &accounts->items[i]))
			return;
	app->looking_since_s = 0;
	view_status_seen(&app->status);
	app->dirty |= DIRTY_STATUS;
}

/* Reads again what events made stale: at once, but not all the time; the first
 * rows of an empty list are worth any. */
static void
reload(struct app *app, int64_t now_us)
{
	unsigned stale = app->stale;
	bool first = (stale & STALE_LIST) && view_list_is_empty(&app->list);

	if (!stale)
		return;
	if (now_us - app->reloaded_us < RELOAD_EVERY_US && !first) {
		app->timers.reload = app->reloaded_us + RELOAD_EVERY_US;
		return;
	}
	app->stale = 0;
	app->timers.reload = -1;
	app->reloaded_us = now_us;
	/* A fast sync has progress to tell some hundred times a second. */
	if (stale & STALE_STATUS)
		app->dirty |= DIRTY_STATUS;
	if (stale & (STALE_FOLDERS | STALE_LIST))
		act_reload_folders(app);
	if (app->looking_since_s && stale & STALE_FOLDERS)
		watch_looking(app);
	if (stale & STALE_JOURNAL) {
		triage_count(app);
		activity_reload(app);
	}
	if (stale & STALE_LIST)
		act_reload_list(app);
}

void
app_settle(struct app *app, int64_t now_us)
{
	reload(app, now_us);
	question_settle(app, now_us);
	app_relayout(app);
	if (app->layout.viewer.rows > 0)
		act_show(app, now_us, false);
	links_settle(app);
}
