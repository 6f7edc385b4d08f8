/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where keys, pasted text and the mouse go. */
#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/attachment.h"
#include "command/command.h"
#include "command/find.h"
#include "command/question.h"
#include "config/config.h"
#include "pane/pane.h"

enum { WHEEL_ROWS = 3 };

static void
close_picker(struct app *app, bool chosen)
{
	const struct picker_item *item =
		chosen ? picker_at_cursor(&app->picker) : NULL;
	picker_done *done = app->picker.done;

	app->picker.is_open = false;
	app->dirty = DIRTY_ALL;
	/* The item lives until the picker opens again, which `done` may do
	 * once it has read it. */
	done(app, item);
}

static void
picker_input(struct app *app, uint32_t key)
{
	app->dirty |= DIRTY_OVER;
	/* An Escape and a key that came together: no hint has Alt. */
	if (app->picker.by_hint && key & KEYCODE_ALT) {
		app_key(app, KEYCODE_ESC);
		app_key(app, key & ~(uint32_t)KEYCODE_ALT);
		return;
	}
	switch (picker_key(&app->picker, key)) {
	case PICKER_GOES_ON:
		break;
	case PICKER_CHOSEN:
		close_picker(app, true);
		break;
	case PICKER_LEFT:
		close_picker(app, false);
		break;
	}
}

static void
say_unbound(struct app *app, const struct keyseq *keys)
{
	char *name CLEANUP(freep) = keyseq_format(keys);
	char *help CLEANUP(freep) =
		keymap_keys_of(app->keymap, "help", app_context(app), 1);

	if (help)
		app_say(app, TONE_DIM,
			_("%s does nothing here; %s shows the keys"), name,
			help);
	else
		app_say(app, TONE_DIM, _("%s does nothing here"), name);
}

static void
command_key(struct app *app, uint32_t key)
{
	bool was_pending = app->keys.count > 0 || app->keys.seq.n > 0;
	struct keyseq typed = app->keys.seq;
	const char *line;
	int count;

	if (typed.n < KEYSEQ_MAX)
		typed.keys[typed.n++] = key;
	app->dirty |= DIRTY_STATUS;
	/* There is nothing else to open. */
	if (app->config->n_accounts == 0 && key == KEYCODE_ENTER &&
		!was_pending && !app->pager.is_open) {
		setup_open(app);
		return;
	}
	if (was_pending && (key == KEYCODE_ESC || key == ('c' | KEYCODE_CTRL) ||
				   key == ('g' | KEYCODE_CTRL))) {
		key_state_reset(&app->keys);
		return;
	}
	if (!was_pending && find_key(app, key))
		return;
	view_status_seen(&app->status);
	switch (keymap_feed(app->keymap, &app->keys, app_context(app), key,
		&line, &count)) {
	case KEY_PENDING:
		break;
	case KEY_COMMAND:
		command_run_line(app, line, count);
		break;
	case KEY_UNBOUND:
		/* What came with Alt may be an Escape and a key. */
		if (key & KEYCODE_ALT) {
			app_key(app, KEYCODE_ESC);
			app_key(app, key & ~(uint32_t)KEYCODE_ALT);
		} else if (key != KEYCODE_ESC) {
			say_unbound(app, &typed);
		}
		break;
	}
}

void
app_key(struct app *app, uint32_t key)
{
	app->typed = true;
	question_key(app);
	if (app->prompt.is_open) {
		app->dirty |= DIRTY_STATUS;
		prompt_key(&app->prompt, app, key);
	} else if (app->picker.is_open) {
		picker_input(app, key);
	} else if (app->links.is_open) {
		links_key(app, key);
	} else {
		command_key(app, key);
	}
}

void
app_paste(struct app *app, struct slice text)
{
	if (app->prompt.is_open) {
		prompt_paste(&app->prompt, app, text);
		app->dirty |= DIRTY_STATUS;
	} else if (app->picker.is_open && !app->picker.by_hint) {
		line_edit_insert(&app->picker.filter, text);
		picker_match(&app->picker);
		app->dirty |= DIRTY_OVER;
	} else {
		app_say(app, TONE_DIM,
			_("Pasted text was left out: keys must be typed"));
	}
}

static void
drag(struct app *app, const struct input *input)
{
	struct layout_options *options = &app->layout_options;
	const struct layout *layout = &app->layout;

	if (app->dragging == DIVIDER_FOLDERS)
		options->folders_cols = input->col > 1 ? input->col : 1;
	else if (layout->rule_viewer_col >= 0)
		options->list_cols = input->col > layout->title.col
					     ? input->col - layout->title.col
					     : 1;
	else
		options->list_rows = input->row > 1 ? input->row : 1;
	app_relayout(app);
}

static void
click_folders(struct app *app, const struct input *input)
{
	size_t line;

	if (!pane_folders_line_at(
		    &app->folders, &app->layout.folders, input->row, &line))
		return;
	view_folders_set_cursor(&app->folders, line);
	app_set_focus(app, PANE_FOLDERS);
	command_run_line(app, "open", 0);
}

static void
click_list(struct app *app, const struct input *input)
{
	int i = (input->row - app->layout.list.row) / app->layout.row_height;
	size_t before = app->list.cursor;
	bool again = app->focus == PANE_LIST;

	if (!view_list_on_screen(&app->list, i))
		return;
	view_list_point(&app->list, i);
	app_set_focus(app, PANE_LIST);
	app->dirty |= DIRTY_LIST;
	/* The selected row once more, or where the list hides the viewer. */
	if ((again && app->list.cursor == before) || app->layout.single)
		command_run_line(app, "open", 0);
}

/* Links say where they lead, attachments ask, quoted text unfolds. */
static void
click_viewer(struct app *app, const struct input *input)
{
	struct view_viewer *viewer = &app->viewer;
	int row = input->row - app->layout.viewer.row;
	int col = input->col - app->layout.viewer.col - 1;
	const struct viewer_line *line = view_viewer_on_screen(viewer, row);
	int attachment = view_viewer_attachment_at(viewer, row, col);

	app_set_focus(app, PANE_VIEWER);
	if (attachment >= 0) {
		const struct viewer_attachment *it =
			&viewer->attachments[attachment];

		attachment_ask(
			app, viewer->message.parts.items[it->part].section);
	} else if (line && line->kind == VIEWER_LINE_FOLD) {
		command_run_line(app, "quotes", 0);
	} else {
		(void)links_point(app, row, col);
	}
}

static void
click(struct app *app, const struct input *input)
{
	const struct layout *layout = &app->layout;

	app->dragging = layout_divider_at(layout, input->row, input->col);
	if (app->dragging != DIVIDER_NONE)
		return;
	if (rect_has(&layout->folders, input->row, input->col))
		click_folders(app, input);
	else if (rect_has(&layout->list, input->row, input->col))
		click_list(app, input);
	else if (rect_has(&layout->viewer, input->row, input->col))
		click_viewer(app, input);
	else if (rect_has(&layout->title, input->row, input->col))
		app_set_focus(app, PANE_LIST);
}

static void
wheel(struct app *app, const struct input *input, int by)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct layout *layout = &app->layout;

	if (rect_has(&layout->folders, input->row, input->col)) {
		view_folders_move(&app->folders, by);
		app->dirty |= DIRTY_FOLDERS;
	} else if (rect_has(&layout->list, input->row, input->col)) {
		if (!view_list_scroll(&app->list, app->store, by, &err))
			app_fail(app, &err);
		app->dirty |= DIRTY_LIST;
	} else if (rect_has(&layout->viewer, input->row, input->col)) {
		view_viewer_scroll(&app->viewer, by);
		app->dirty |= DIRTY_VIEWER;
	}
}

/* Over the panes something else is open. */
static void
mouse_over(struct app *app, const struct input *input)
{
	int by = input->action == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
	bool is_wheel = input->action == MOUSE_WHEEL_UP ||
			input->action == MOUSE_WHEEL_DOWN;

	app->dirty = DIRTY_ALL;
	if (app->pager.is_open) {
		if (is_wheel)
			pager_scroll(&app->pager, by);
		return;
	}
	if (app->activity.is_open && !app->picker.is_open) {
		if (is_wheel)
			activity_move(&app->activity, by);
		return;
	}
	if (app->composer.is_open && !app->picker.is_open) {
		if (is_wheel)
			composer_scroll(&app->composer, by);
		return;
	}
	if (is_wheel) {
		picker_key(&app->picker, by < 0 ? KEYCODE_UP : KEYCODE_DOWN);
	} else if (input->action == MOUSE_PRESS &&
		   input->row >= app->picker.head &&
		   input->row < app->picker.head + app->picker.page) {
		picker_point(&app->picker, input->row - app->picker.head);
		close_picker(app, picker_at_cursor(&app->picker) != NULL);
	} else if (input->action == MOUSE_PRESS) {
		close_picker(app, false);
	}
}

void
app_mouse(struct app *app, const struct input *input)
{
	if (!app->mouse || app->prompt.is_open)
		return;
	if (app->picker.is_open || app->pager.is_open ||
		app->activity.is_open || app->composer.is_open) {
		mouse_over(app, input);
		return;
	}
	switch (input->action) {
	case MOUSE_PRESS:
		if (app->links.is_open)
			links_close(app);
		if (input->button == 1)
			click(app, input);
		break;
	case MOUSE_DRAG:
		if (app->dragging != DIVIDER_NONE)
			drag(app, input);
		break;
	case MOUSE_RELEASE:
		app->dragging = DIVIDER_NONE;
		break;
	case MOUSE_WHEEL_UP:
		wheel(app, input, -WHEEL_ROWS);
		break;
	case MOUSE_WHEEL_DOWN:
		wheel(app, input, WHEEL_ROWS);
		break;
	}
}

/* The terminal told its background: the theme may have to change. */
static void
learn_background(struct app *app, uint32_t rgb)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool light = color_is_light(rgb);
	bool same = light == app->is_light;

	app->knows_background = true;
	app->is_light = light;
	if (!same &&
		!app_load_theme(app,
			app->config->theme ? app->config->theme : "auto", &err))
		app_fail(app, &err);
}

void
app_input(struct app *app, const struct input *input)
{
	switch (input->kind) {
	case INPUT_KEY:
		app_key(app, input->key);
		break;
	case INPUT_MOUSE:
		app_mouse(app, input);
		break;
	case INPUT_PASTE:
		app_paste(app, input->paste);
		break;
	case INPUT_BACKGROUND:
		learn_background(app, input->rgb);
		break;
	}
}
