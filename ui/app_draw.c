/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen, as far as it is dirty. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/find.h"
#include "config/config.h"
#include "i18n/format.h"
#include "pane/pane.h"
#include "pane/statusbar.h"

enum { PENDING_MAX = 100, BRIEF_PLACE_COLS = 60 };

/* In the place of panes as long as there is no account. */
static char *
welcome_text(const struct app *app)
{
	return xasprintf(_("Welcome to tercet. No account is configured yet.\n"
			   "\n"
			   "Enter sets one up. It is written to %s, which "
			   "can be edited too:\n"
			   "\n"
			   "[account work]\n"
			   "name = Ann Example\n"
			   "address = ann@example.org\n"
			   "imap = imaps://imap.example.org\n"
			   "password-command = pass show mail/ann\n"
			   "\n"
			   "`tercet account test work` tries it, "
			   "`tercet --demo` shows sample mail.\n"
			   "\n"
			   "? shows the keys, q quits."),
		app->config->path ? app->config->path
				  : "~/.config/tercet/config");
}

/* What keeps an account from its server; NULL when nothing does. */
static char *
hindrance(const struct account_row *row)
{
	switch (row->state) {
	case ACCOUNT_NEEDS_LOGIN:
		return xasprintf(_("Not logged in to %s. :password enters the "
				   "password, :doctor explains."),
			row->name);
	case ACCOUNT_UNTRUSTED:
		return xasprintf(_("Not connected to %s: its server is not "
				   "trusted. :doctor explains."),
			row->name);
	case ACCOUNT_DISABLED:
		return xasprintf(
			_("%s is offline by hand. :online lets it connect."),
			row->name);
	case ACCOUNT_OFFLINE:
		return xasprintf(_("%s is offline; its messages come when the "
				   "server can be reached."),
			row->name);
	case ACCOUNT_CONNECTING:
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
		break;
	}
	return NULL;
}

/* No folder is known: what the first account in trouble needs. */
static char *
no_folder_text(const struct app *app)
{
	const struct account_rows *accounts = &app->folders.accounts;

	for (size_t i = 0; app->engine && i < accounts->n; i++) {
		char *text = hindrance(&accounts->items[i]);

		if (text)
			return text;
	}
	return xstrdup(app->engine ? _("Connecting; the folders come first.")
				   : _("No folders are known yet."));
}

/* What stands in an empty list. */
static char *
empty_text(const struct app *app)
{
	const struct folder *folder = act_folder(app);
	const struct account_row *row;
	char *why = NULL;

	if (!folder)
		return no_folder_text(app);
	row = view_folders_account(&app->folders, folder->account);
	if (row && folder->state != FOLDER_COMPLETE)
		why = hindrance(row);
	if (why)
		return why;
	if (folder->state == FOLDER_COMPLETE || folder->server_total == 0)
		return xstrdup(_("No messages."));
	if (app->engine && row &&
		(row->state == ACCOUNT_CONNECTING ||
			row->state == ACCOUNT_SYNCING ||
			row->state == ACCOUNT_ONLINE))
		return xstrdup(_("Its messages are on their way."));
	return xstrdup(_("Its messages are not held here yet; they come when "
			 "the server can be reached."));
}

static void
draw_title(struct app *app)
{
	const struct folder *folder = act_folder(app);
	const struct account_row *account =
		folder && app->config->n_accounts > 1
			? view_folders_account(&app->folders, folder->account)
			: NULL;

	pane_title_draw(app->screen, &app->layout.title,
		account ? account->name : NULL, folder, &app->list);
}

static void
draw_list(struct app *app)
{
	const struct layout *layout = &app->layout;

	if (layout->list.rows <= 0)
		return;
	draw_title(app);
	if (view_list_is_empty(&app->list)) {
		char *text CLEANUP(freep) = empty_text(app);

		pane_text_draw(app->screen, &layout->list, text);
		return;
	}
	pane_list_draw(app->screen, &layout->list, &app->list, &app->marks,
		app->list.parts.n > 0 ? &app->folders.accounts : NULL,
		app->config, clock_wall_s(), layout->row_height,
		app->focus == PANE_LIST);
}

static void
draw_panes(struct app *app)
{
	const struct layout *layout = &app->layout;

	if (app->dirty & DIRTY_LIST)
		draw_list(app);
	if (app->dirty & DIRTY_VIEWER && layout->viewer.rows > 0)
		pane_viewer_draw(app->screen, &layout->viewer, &app->viewer,
			app->focus == PANE_VIEWER);
	/* Over the others where it slides in. */
	if ((app->dirty & DIRTY_FOLDERS || layout->folders_slide) &&
		layout->folders.rows > 0)
		pane_folders_draw(app->screen, &layout->folders, &app->folders,
			app->focus == PANE_FOLDERS);
	pane_rules_draw(app->screen, layout);
}

static void
draw_welcome(struct app *app)
{
	char *text CLEANUP(freep) = welcome_text(app);

	pane_text_draw(app->screen, &app->layout.content, text);
}

static void
add_hint(struct statusbar *bar, const char *keys, const char *word)
{
	bar->hints[bar->n_hints++] = (struct hint){ .keys = xstrdup(keys),
		.word = word,
		.keep = strcmp(keys, "Esc") == 0 };
}

/* What ends a prompt or a picker; those keys are not in any keymap. */
static void
add_fixed_hints(const struct app *app, struct statusbar *bar)
{
	if (app->setup.is_open) {
		add_hint(bar, "Enter",
			app->setup.at < DRAFT_FIELDS ? _("next") : _("write"));
		add_hint(bar, "Esc", _("back"));
		return;
	}
	if (app->prompt.is_open) {
		add_hint(bar, "Enter",
			app->prompt.is_secret ? _("log in") : _("accept"));
		if (app->prompt.complete)
			add_hint(bar, "Tab", _("complete"));
	} else {
		add_hint(bar, "Enter", _("choose"));
		add_hint(
			bar, app->screen->ascii ? "Up/Down" : "↑ ↓", _("move"));
		if (app->picker.by_hint)
			add_hint(bar, _("its letter"), _("choose"));
		else
			add_hint(bar, _("letters"), _("search"));
	}
	add_hint(bar, "Esc", _("leave"));
}

static void
add_link_hints(const struct app *app, struct statusbar *bar)
{
	static const char copy[] = { LINKS_COPY_KEY, '\0' };

	if (app->links.is_chosen) {
		add_hint(bar, "Enter", _("open"));
		add_hint(bar, copy, _("copy"));
		add_hint(bar, "Esc", _("back"));
		return;
	}
	add_hint(bar, _("its letter"), _("choose"));
	add_hint(bar, "Tab", _("all links"));
	add_hint(bar, "Esc", _("leave"));
}

/* The way to all the others goes last, the way back before it. */
static int
how_kept(const struct command *command)
{
	if (strcmp(command->name, "help") == 0)
		return 2;
	return strcmp(command->name, "back") == 0;
}

/* Commands worth telling of, with their first key. */
static void
add_hints(const struct app *app, struct statusbar *bar)
{
	const struct command *command;
	unsigned context = app_context(app);
	bool is_alone = app->config->n_accounts == 0;

	if (app->prompt.is_open || app->picker.is_open) {
		add_fixed_hints(app, bar);
		return;
	}
	if (app->links.is_open) {
		add_link_hints(app, bar);
		return;
	}
	if (find_is_active(app)) {
		add_hint(bar, "n", _("next match"));
		add_hint(bar, "N", _("previous"));
		add_hint(bar, "Esc", _("leave"));
		return;
	}
	if (is_alone && !app->pager.is_open)
		add_hint(bar, "Enter", _("set up an account"));
	for (size_t i = 0; (command = command_at(i)); i++) {
		char *keys;

		if (!command->hint || command->later ||
			!(command->where & context) ||
			(is_alone && !(command->where & IN_PAGER)) ||
			bar->n_hints == HINTS_MAX)
			continue;
		keys = keymap_keys_of(app->keymap, command->name, context, 1);
		if (keys)
			bar->hints[bar->n_hints++] = (struct hint){ keys,
				_(command->hint), how_kept(command) };
	}
}

static void
add_outbox_notes(const struct app *app, struct statusbar *bar)
{
	const struct outbox_counts *outbox = &app->triage.outbox;
	uint64_t stuck = outbox->failed + outbox->unconfirmed;
	char n[FORMAT_SIZE];

	if (stuck > 0)
		bar->notes[bar->n_notes++] = (struct status_note){
			/* TRANSLATORS: `tercet outbox` is a command. */
			.text = xasprintf(_("%s not sent (`tercet outbox`)"),
				format_number((int64_t)stuck, n)),
			.style = STYLE_BAD,
		};
	if (outbox->waiting > 0)
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = xasprintf(_("%s to send"),
				format_number((int64_t)outbox->waiting, n)),
			.style = STYLE_STATUS,
		};
}

/* What is so at this moment, in front of what is so for longer. */
static void
add_notes(const struct app *app, struct statusbar *bar)
{
	const struct operation_counts *counts = &app->triage.counts;
	size_t marked = marks_count(&app->marks);
	char *key CLEANUP(freep) =
		keymap_keys_of(app->keymap, "activity", IN_PANES, 1);
	char n[FORMAT_SIZE];
	bool more;

	if (find_is_active(app) && app->viewer.find.is_at)
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = find_print_place(app),
			.style = STYLE_ACCENT,
		};
	if (app->marks.ranging) {
		size_t rows = marking_range_size(app, &more);

		format_number((int64_t)rows, n);
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = xasprintf(
				_("marking %s%s"), n, more ? "+" : ""),
			.style = STYLE_MARKED,
		};
	}
	if (marked > 0)
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = xasprintf(_("%s marked"),
				format_number((int64_t)marked, n)),
			.style = STYLE_MARKED,
		};
	if (counts->unseen > 0)
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = xasprintf(_("%s failed (%s)"),
				format_number((int64_t)counts->failed, n),
				key ? key : ":activity"),
			.style = STYLE_BAD,
		};
	if (counts->waiting > 0)
		bar->notes[bar->n_notes++] = (struct status_note){
			.text = xasprintf(
				P_("%s change waiting", "%s changes waiting",
					(unsigned long)counts->waiting),
				format_number((int64_t)counts->waiting, n)),
			.style = STYLE_STATUS,
		};
	add_outbox_notes(app, bar);
}

static void
print_pending(const struct app *app, char text[PENDING_MAX])
{
	char *keys CLEANUP(freep) = keyseq_format(&app->keys.seq);

	text[0] = '\0';
	if (app->keys.count > 0)
		snprintf(text, PENDING_MAX, "%d%s", app->keys.count, keys);
	else if (app->keys.seq.n > 0)
		snprintf(text, PENDING_MAX, "%s", keys);
}

/* Right below a text: whether it goes on. */
static char *
print_place(struct app *app)
{
	struct view_viewer *viewer = &app->viewer;
	int percent;

	if (app->pager.is_open)
		percent = pager_percent(&app->pager);
	else if (app->setup.is_open || app->activity.is_open ||
		 app->composer.is_open || app->layout.viewer.rows <= 0 ||
		 viewer->state == VIEWER_EMPTY || view_viewer_is_whole(viewer))
		percent = -1;
	else
		percent = view_viewer_percent(viewer);
	if (percent < 0)
		return xstrdup("");
	if (percent == 0)
		percent = 1;
	if (app->screen->cols < BRIEF_PLACE_COLS)
		return percent == 100 ? xstrdup(_("end"))
				      : xasprintf(_("more, %d %%"), percent);
	if (percent == 100)
		return xstrdup(_("-- end --"));
	return xasprintf(_("-- more -- %d %%"), percent);
}

static void
draw_status(struct app *app, int64_t now_us)
{
	const struct folder *folder = act_folder(app);
	char *place CLEANUP(freep) = print_place(app);
	char pending[PENDING_MAX];
	struct statusbar bar = {
		.status = &app->status,
		.prompt = &app->prompt,
		.work = view_status_work(
			&app->status, folder ? folder->account : 0, now_us),
		.pending = pending,
		.place = place,
	};

	print_pending(app, pending);
	add_notes(app, &bar);
	add_hints(app, &bar);
	statusbar_draw(app->screen, &app->layout.status, &bar);
	for (int i = 0; i < bar.n_hints; i++)
		free(bar.hints[i].keys);
	for (int i = 0; i < bar.n_notes; i++)
		free(bar.notes[i].text);
}

/* Where the real cursor rests while nothing is typed: at what has the focus,
 * since screen readers follow it. */
static void
rest_cursor(struct app *app)
{
	const struct layout *layout = &app->layout;
	int row = 0;
	int col = 0;

	if (app->pager.is_open) {
		row = 2;
	} else if (app->activity.is_open) {
		row = 2 + (int)(app->activity.cursor - app->activity.top);
	} else if (app->composer.is_open) {
		row = 0;
	} else if (app->focus == PANE_FOLDERS) {
		row = layout->folders.row +
		      (int)(app->folders.cursor - app->folders.top);
		col = layout->folders.col;
	} else if (app->focus == PANE_LIST) {
		row = layout->list.row +
		      (int)(app->list.cursor - app->list.top) *
			      layout->row_height;
		col = layout->list.col;
	} else {
		row = layout->viewer.row;
		col = layout->viewer.col;
	}
	screen_cursor(app->screen, row, col, app->screen->ascii);
}

/* Over the list and what is below it; over everything where panes take
 * turns. */
static void
draw_picker(struct app *app)
{
	const struct layout *layout = &app->layout;
	struct rect place = layout->content;
	int rows;

	if (layout->rule_folders >= 0 && !layout->folders_slide) {
		place.col = layout->rule_folders + 1;
		place.cols -= place.col;
	}
	rows = pane_picker_draw(app->screen, &place, &app->picker);
	if (place.col == 0)
		return;
	screen_vline(app->screen, 0, layout->rule_folders, rows, STYLE_RULE);
	screen_put_symbol(app->screen, rows - 1, layout->rule_folders,
		SYMBOL_TEE, STYLE_RULE);
}

bool
app_draw(struct app *app, int64_t now_us)
{
	if (app->dirty == 0)
		return false;
	/* What lies over the panes is drawn after them. */
	if (app->picker.is_open || app->links.is_open ||
		app->layout.folders_slide)
		app->dirty = DIRTY_ALL;
	rest_cursor(app);
	if (app->pager.is_open) {
		pane_pager_draw(app->screen, &app->layout.content, &app->pager);
	} else if (app->activity.is_open) {
		pane_activity_draw(app->screen, &app->layout.content,
			&app->activity, clock_wall_s());
	} else if (app->composer.is_open) {
		pane_composer_draw(
			app->screen, &app->layout.content, &app->composer);
	} else {
		if (app->setup.is_open)
			pane_setup_draw(app->screen, &app->layout.content,
				&app->setup, app->config->path);
		else if (app->config->n_accounts > 0)
			draw_panes(app);
		else
			draw_welcome(app);
		if (app->picker.is_open)
			draw_picker(app);
		else if (app->links.is_open)
			pane_links_draw(
				app->screen, &app->layout.content, &app->links);
	}
	draw_status(app, now_us);
	app->dirty = 0;
	return true;
}
