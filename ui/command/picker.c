/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/picker.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "command/fuzzy.h"
#include "term/key.h"

void
picker_init(struct picker *picker)
{
	*picker = (struct picker){ .page = 1, .head = 1 };
	line_edit_init(&picker->filter);
}

static void
clear_items(struct picker *picker)
{
	for (size_t i = 0; i < picker->n; i++) {
		free(picker->items[i].text);
		free(picker->items[i].note);
		free(picker->items[i].key);
		free(picker->items[i].value);
		free(picker->items[i].also);
	}
	picker->n = 0;
	picker->n_shown = 0;
}

void
picker_clear(struct picker *picker)
{
	clear_items(picker);
	free(picker->items);
	free(picker->shown);
	free(picker->title);
	line_edit_clear(&picker->filter);
	*picker = (struct picker){ .page = 1, .head = 1 };
}

void
picker_open(struct picker *picker, const char *title, picker_done *done)
{
	clear_items(picker);
	str_replace(&picker->title, title);
	line_edit_set(&picker->filter, "");
	picker->is_open = true;
	picker->by_hint = false;
	picker->is_free = false;
	picker->cursor = 0;
	picker->top = 0;
	picker->done = done;
}

void
picker_add(struct picker *picker, const struct picker_item *item)
{
	if (picker->n == PICKER_ITEMS_MAX)
		return;
	if (picker->n == picker->cap) {
		picker->cap = picker->cap ? picker->cap * 2 : 64;
		picker->items = xreallocarray(
			picker->items, picker->cap, sizeof(picker->items[0]));
	}
	picker->items[picker->n++] = (struct picker_item){
		.text = xstrdup(item->text),
		.note = xstrdup_null(item->note),
		.key = xstrdup_null(item->key),
		.value = xstrdup_null(item->value),
		.also = xstrdup_null(item->also),
		.id = item->id,
		.style = item->style,
		.name_len = item->name_len,
	};
}

void
picker_add_free(struct picker *picker, const char *note)
{
	size_t before = picker->n;
	char nothing[] = "";
	char *copy CLEANUP(freep) = xstrdup(note);

	picker_add(
		picker, &(struct picker_item){ .text = nothing, .note = copy });
	picker->is_free = picker->n > before;
}

static bool
is_item(const struct picker_item *item, const char *typed)
{
	return ascii_eq_nocase(item->text, typed) ||
	       (item->also && ascii_eq_nocase(item->also, typed));
}

/* What is typed, unless there is an item for it already. */
static void
show_free(struct picker *picker, const char *typed)
{
	size_t last = picker->n - 1;

	if (!*typed)
		return;
	for (size_t i = 0; i < picker->n_shown; i++)
		if (is_item(&picker->items[picker->shown[i]], typed))
			return;
	str_replace(&picker->items[last].text, typed);
	picker->shown[picker->n_shown++] = last;
}

/* By score; those alike stay in their order. */
static int
compare(const void *a, const void *b, void *arg)
{
	const struct picker_item *items = arg;
	size_t x = *(const size_t *)a;
	size_t y = *(const size_t *)b;

	if (items[x].score != items[y].score)
		return items[x].score > items[y].score ? -1 : 1;
	return x < y ? -1 : 1;
}

static int
score(const struct picker_item *item, struct slice typed)
{
	struct slice text = slice_str(item->text);
	int also = item->also ? fuzzy_score(typed, slice_str(item->also)) : -1;
	int by_text = item->name_len > 0
			      ? fuzzy_score_named(typed, text, item->name_len)
			      : fuzzy_score(typed, text);

	return by_text > also ? by_text : also;
}

void
picker_match(struct picker *picker)
{
	struct slice typed = strbuf_slice(&picker->filter.text);

	picker->shown = xreallocarray(picker->shown, picker->n ? picker->n : 1,
		sizeof(picker->shown[0]));
	picker->n_shown = 0;
	for (size_t i = 0; i < picker->n - picker->is_free; i++) {
		struct picker_item *item = &picker->items[i];

		item->score = score(item, typed);
		if (item->score >= 0)
			picker->shown[picker->n_shown++] = i;
	}
	if (typed.len > 0 && picker->n_shown > 1)
		qsort_r(picker->shown, picker->n_shown,
			sizeof(picker->shown[0]), compare, picker->items);
	if (picker->is_free)
		show_free(picker, picker->filter.text.data);
	picker->cursor = 0;
	picker->top = 0;
}

const struct picker_item *
picker_at_cursor(const struct picker *picker)
{
	return picker->cursor < picker->n_shown
		       ? &picker->items[picker->shown[picker->cursor]]
		       : NULL;
}

static void
keep_cursor_shown(struct picker *picker)
{
	size_t page = picker->page > 0 ? (size_t)picker->page : 1;

	if (picker->cursor >= picker->n_shown)
		picker->cursor = picker->n_shown ? picker->n_shown - 1 : 0;
	if (picker->cursor < picker->top)
		picker->top = picker->cursor;
	if (picker->cursor >= picker->top + page)
		picker->top = picker->cursor - page + 1;
}

void
picker_set_page(struct picker *picker, int page)
{
	picker->page = page;
	keep_cursor_shown(picker);
}

void
picker_point(struct picker *picker, int i)
{
	if (i >= 0 && picker->top + (size_t)i < picker->n_shown)
		picker->cursor = picker->top + (size_t)i;
}

static void
move_cursor(struct picker *picker, int by)
{
	size_t n = picker->n_shown;

	if (by < 0 && (size_t)-by > picker->cursor)
		picker->cursor = by == -1 && n > 0 ? n - 1 : 0;
	else if (by == 1 && picker->cursor + 1 >= n)
		picker->cursor = 0;
	else
		picker->cursor += (size_t)by;
	keep_cursor_shown(picker);
}

/* In a list by hints, a key that is one chooses. */
static bool
choose_by_hint(struct picker *picker, uint32_t key)
{
	char bytes[5] = "";

	if (!picker->by_hint || !keycode_is_text(key))
		return false;
	bytes[utf8_encode(key, bytes)] = '\0';
	for (size_t i = 0; i < picker->n_shown; i++) {
		const char *hint = picker->items[picker->shown[i]].key;

		if (hint && strcmp(hint, bytes) == 0) {
			picker->cursor = i;
			return true;
		}
	}
	return false;
}

enum picker_result
picker_key(struct picker *picker, uint32_t key)
{
	bool changed = false;

	switch (key) {
	case KEYCODE_ESC:
	case 'c' | KEYCODE_CTRL:
	case 'g' | KEYCODE_CTRL:
		return PICKER_LEFT;
	case KEYCODE_ENTER:
		return picker_at_cursor(picker) ? PICKER_CHOSEN
						: PICKER_GOES_ON;
	case KEYCODE_UP:
	case 'p' | KEYCODE_CTRL:
	case KEYCODE_TAB | KEYCODE_SHIFT:
		move_cursor(picker, -1);
		return PICKER_GOES_ON;
	case KEYCODE_DOWN:
	case 'n' | KEYCODE_CTRL:
	case KEYCODE_TAB:
		move_cursor(picker, 1);
		return PICKER_GOES_ON;
	case KEYCODE_PAGE_UP:
		move_cursor(picker, -picker->page);
		return PICKER_GOES_ON;
	case KEYCODE_PAGE_DOWN:
		move_cursor(picker, picker->page);
		return PICKER_GOES_ON;
	default:
		break;
	}
	if (choose_by_hint(picker, key))
		return PICKER_CHOSEN;
	if (picker->by_hint) {
		if (key == 'q')
			return PICKER_LEFT;
		if (key == 'j' || key == 'k')
			move_cursor(picker, key == 'j' ? 1 : -1);
		return PICKER_GOES_ON;
	}
	if (key == KEYCODE_BACKSPACE && picker->filter.text.len == 0)
		return PICKER_LEFT;
	line_edit_key(&picker->filter, key, &changed);
	if (changed)
		picker_match(picker);
	return PICKER_GOES_ON;
}
