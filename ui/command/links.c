/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/links.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/triage.h"
#include "screen/opener.h"
#include "term/key.h"
#include "term/term.h"

enum { LIST_MAX = 500, LIST_LETTERS = 26 };

/* Where the bar would hide where a link leads, the list shows it. */
enum { BAR_ROWS_MIN = 6, BAR_COLS_MIN = 30 };

void
links_clear(struct links *links)
{
	free(links->url);
	*links = (struct links){ .is_open = false };
}

/* As if no letter had been typed. */
static void
choose_again(struct app *app)
{
	app->links.is_chosen = false;
	app->viewer.hints_typed[0] = '\0';
	app->dirty = DIRTY_ALL;
}

void
links_close(struct app *app)
{
	choose_again(app);
	app->links.is_open = false;
	app->viewer.hints_shown = false;
}

void
links_settle(struct app *app)
{
	if (app->links.is_open &&
		(app->links.message != app->viewer.message_id ||
			app->links.mode != (int)app->viewer.mode))
		links_close(app);
}

/* Works out where the link leads. */
static void
look(struct app *app, const struct document *doc, size_t link)
{
	struct links *links = &app->links;
	struct strbuf words CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&words, LINK_WORDS_MAX);
	view_viewer_link_words(doc, link, &words);
	str_replace(&links->url, doc->links[link].url);
	link_look(links->url, &links->target);
	links->lies =
		!links->target.refused &&
		link_lies(strbuf_slice(&words), &links->target, links->named);
}

static void
open_it(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!opener_open_link(app, app->links.url, &err))
		app_fail(app, &err);
}

static void
asked(struct app *app, const struct picker_item *item)
{
	if (item && item->id)
		open_it(app);
}

static void
ask(struct app *app)
{
	const struct links *links = &app->links;
	char *yes CLEANUP(freep) = xasprintf(_("Open %s"), links->url);
	char *title CLEANUP(freep) =
		links->lies ? xasprintf(_("The text says %s, the link leads to "
					  "%s"),
				      links->named,
				      links->target.host[0] ? links->target.host
							    : links->url)
			    : xasprintf(_("The letters of %s can pass for "
					  "others"),
				      links->target.host);

	triage_ask(app, title, _("Leave it"), yes, asked);
}

/* Opens what was looked at, or says why not, or asks. */
static void
follow(struct app *app)
{
	const struct links *links = &app->links;

	if (links->target.refused)
		app_say(app, TONE_WARNING, "%s", links->target.refused);
	else if (links->lies || links->target.is_foreign)
		ask(app);
	else
		open_it(app);
}

static void
copy(struct app *app)
{
	if (app->terminal &&
		terminal_copy(app->terminal, slice_str(app->links.url)))
		app_say(app, TONE_GOOD, _("Given to the terminal to copy: %s"),
			app->links.url);
	else
		app_say(app, TONE_WARNING,
			_("This terminal cannot be given text to copy"));
}

static void
listed(struct app *app, const struct picker_item *item)
{
	const struct document *doc = view_viewer_shown(&app->viewer);

	/* Meanwhile another message may be shown. */
	if (!item || item->id < 0 || (size_t)item->id >= doc->n_links ||
		strcmp(doc->links[item->id].url, item->value) != 0)
		return;
	look(app, doc, (size_t)item->id);
	follow(app);
}

/* The address itself comes first: words may lie. */
static void
add_all(struct app *app, const struct document *doc)
{
	app->picker.by_hint = doc->n_links <= LIST_LETTERS;
	for (size_t i = 0; i < doc->n_links && i < LIST_MAX; i++) {
		char *url = doc->links[i].url;
		struct strbuf words CLEANUP(strbuf_clear) = { 0 };
		char hint[2] = { (char)('a' + i % LIST_LETTERS), '\0' };
		bool same;

		strbuf_init(&words, LINK_WORDS_MAX);
		view_viewer_link_words(doc, i, &words);
		same = words.len == 0 || strcmp(words.data, url) == 0;
		picker_add(&app->picker,
			&(struct picker_item){ .text = url,
				.note = same ? NULL : words.data,
				.key = app->picker.by_hint ? hint : NULL,
				.id = (int64_t)i,
				.value = url });
	}
}

/* Every link of the message, with its address. */
static void
show_list(struct app *app)
{
	links_close(app);
	picker_open(&app->picker, _("Links"), listed);
	add_all(app, view_viewer_shown(&app->viewer));
	picker_match(&app->picker);
}

/* For the bar. */
static bool
has_no_room(const struct app *app)
{
	return app->layout.content.rows < BAR_ROWS_MIN ||
	       app->layout.content.cols < BAR_COLS_MIN;
}

static void
begin(struct app *app)
{
	app->links.is_open = true;
	app->links.message = app->viewer.message_id;
	app->links.mode = (int)app->viewer.mode;
	app->viewer.hints_shown = true;
	choose_again(app);
}

bool
links_open(struct app *app)
{
	struct viewer_hint hints[VIEWER_HINTS_MAX];

	if (view_viewer_shown(&app->viewer)->n_links == 0) {
		app_say(app, TONE_DIM, _("There are no links in this message"));
		return false;
	}
	if (app->layout.viewer.rows <= 0)
		app_set_focus(app, PANE_VIEWER);
	if (has_no_room(app) || view_viewer_hints(&app->viewer, hints) == 0) {
		show_list(app);
		return true;
	}
	begin(app);
	return true;
}

bool
links_point(struct app *app, int row, int col)
{
	const struct document *doc;
	uint16_t link;

	if (has_no_room(app) ||
		!view_viewer_link_at(&app->viewer, row, col, &doc, &link))
		return false;
	begin(app);
	look(app, doc, link);
	app->links.is_chosen = true;
	return true;
}

bool
links_choose(struct app *app, int number)
{
	const struct document *doc = view_viewer_shown(&app->viewer);

	if (number < 1 || (size_t)number > doc->n_links) {
		app_say(app, TONE_WARNING, _("There is no link [%d]"), number);
		return false;
	}
	if (has_no_room(app)) {
		show_list(app);
		return true;
	}
	begin(app);
	look(app, doc, (size_t)number - 1);
	app->links.is_chosen = true;
	return true;
}

/* A letter of a hint: chooses once it names one. */
static void
type(struct app *app, char letter)
{
	struct viewer_hint hints[VIEWER_HINTS_MAX];
	size_t n = view_viewer_hints(&app->viewer, hints);
	char *typed = app->viewer.hints_typed;
	size_t len;
	bool begins = false;

	if (app->links.is_chosen)
		choose_again(app);
	len = strlen(typed);
	if (len + 2 > sizeof(app->viewer.hints_typed))
		len = 0;
	typed[len] = letter;
	typed[len + 1] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (strncmp(hints[i].letters, typed, len + 1) != 0)
			continue;
		begins = true;
		if (strcmp(hints[i].letters, typed) == 0) {
			look(app, hints[i].doc, hints[i].link);
			app->links.is_chosen = true;
		}
	}
	if (!begins) {
		app_say(app, TONE_DIM, _("No link here has the letters %s"),
			typed);
		typed[0] = '\0';
	}
}

static void
scroll(struct app *app, int by)
{
	choose_again(app);
	view_viewer_scroll(&app->viewer, by);
}

/* False for a key that means nothing here. */
static bool
move(struct app *app, uint32_t key)
{
	int page = app->viewer.page > 2 ? app->viewer.page - 1 : 1;

	switch (key) {
	case 'j':
	case KEYCODE_DOWN:
		scroll(app, 1);
		return true;
	case 'k':
	case KEYCODE_UP:
		scroll(app, -1);
		return true;
	case ' ':
	case KEYCODE_PAGE_DOWN:
		scroll(app, page);
		return true;
	case '-':
	case KEYCODE_PAGE_UP:
		scroll(app, -page);
		return true;
	default:
		return false;
	}
}

static void
leave(struct app *app)
{
	if (app->links.is_chosen)
		choose_again(app);
	else
		links_close(app);
}

void
links_key(struct app *app, uint32_t key)
{
	bool chosen = app->links.is_chosen;

	view_status_seen(&app->status);
	app->dirty = DIRTY_ALL;
	/* An Escape and a key that came together. */
	if (key & KEYCODE_ALT) {
		leave(app);
		app_key(app, key & ~(uint32_t)KEYCODE_ALT);
		return;
	}
	switch (key) {
	case KEYCODE_ESC:
	case 'c' | KEYCODE_CTRL:
	case 'g' | KEYCODE_CTRL:
	case 'q':
		leave(app);
		return;
	case KEYCODE_BACKSPACE:
		choose_again(app);
		return;
	case KEYCODE_TAB:
	case 'l' | KEYCODE_CTRL:
		show_list(app);
		return;
	case KEYCODE_ENTER:
	case LINKS_COPY_KEY:
		if (!chosen)
			return;
		links_close(app);
		if (key == KEYCODE_ENTER)
			follow(app);
		else
			copy(app);
		return;
	default:
		break;
	}
	if (view_viewer_is_hint(key))
		type(app, (char)key);
	else
		(void)move(app, key);
}
