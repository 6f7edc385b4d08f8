/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/pager.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "i18n/width.h"

/* Columns that neither side has. */
enum { PAGER_MARGIN = 4 };

void
pager_init(struct pager *pager)
{
	*pager = (struct pager){ .page = 1 };
}

static void
clear_lines(struct pager *pager)
{
	for (size_t i = 0; i < pager->n; i++) {
		free(pager->lines[i].left);
		free(pager->lines[i].right);
	}
	pager->n = 0;
}

void
pager_clear(struct pager *pager)
{
	clear_lines(pager);
	free(pager->lines);
	free(pager->title);
	pager_init(pager);
}

void
pager_open(struct pager *pager, const char *title)
{
	clear_lines(pager);
	str_replace(&pager->title, title);
	pager->top = 0;
	pager->is_open = true;
}

void
pager_close(struct pager *pager)
{
	clear_lines(pager);
	pager->is_open = false;
}

/* Takes the strings. */
static void
add(struct pager *pager, struct pager_line line)
{
	struct {
		struct pager_line *items;
		size_t n;
		size_t cap;
	} lines = { pager->lines, pager->n, pager->cap };

	array_push(&lines, line);
	pager->lines = lines.items;
	pager->n = lines.n;
	pager->cap = lines.cap;
}

void
pager_add_heading(struct pager *pager, const char *text)
{
	if (pager->n > 0)
		add(pager, (struct pager_line){ .right = xstrdup("") });
	add(pager, (struct pager_line){ .left = xstrdup(text),
			   .right = xstrdup(""),
			   .is_heading = true });
}

void
pager_add(struct pager *pager, const char *left, const char *right, bool dim)
{
	add(pager, (struct pager_line){ .left = xstrdup(left),
			   .right = xstrdup(right),
			   .is_dim = dim });
}

void
pager_add_text(struct pager *pager, const char *text, int cols)
{
	struct slice rest = slice_str(text);

	do {
		size_t next;
		size_t len = width_wrap(rest, cols > 1 ? cols : 1, &next);

		add(pager, (struct pager_line){
				   .right = xmemdup0(rest.data, len) });
		rest = slice_skip(rest, next);
	} while (rest.len > 0);
}

static void
add_part(struct pager *pager, const char *left, struct slice right,
	const struct pager_line *like)
{
	add(pager, (struct pager_line){ .left = xstrdup(left),
			   .right = xmemdup0(right.data, right.len),
			   .is_dim = like->is_dim });
}

void
pager_wrap(struct pager *pager, int cols)
{
	struct pager whole = *pager;
	int room = cols - PAGER_MARGIN - pager_left_columns(pager, cols);

	pager->lines = NULL;
	pager->n = 0;
	pager->cap = 0;
	for (size_t i = 0; i < whole.n; i++) {
		struct pager_line *line = &whole.lines[i];
		struct slice rest = slice_str(line->right);
		size_t next;
		size_t len = rest.len;

		if (line->left && !line->is_heading && room > 0)
			len = width_wrap(rest, room, &next);
		if (len == rest.len) {
			add(pager, *line);
			continue;
		}
		add_part(pager, line->left, slice_head(rest, len), line);
		for (rest = slice_skip(rest, next); rest.len > 0;
			rest = slice_skip(rest, next)) {
			len = width_wrap(rest, room, &next);
			add_part(pager, "", slice_head(rest, len), line);
		}
		free(line->left);
		free(line->right);
	}
	free(whole.lines);
}

static void
keep_in(struct pager *pager)
{
	size_t page = pager->page > 0 ? (size_t)pager->page : 1;
	size_t most = pager->n > page ? pager->n - page : 0;

	if (pager->top > most)
		pager->top = most;
}

void
pager_set_page(struct pager *pager, int page)
{
	pager->page = page;
	keep_in(pager);
}

void
pager_scroll(struct pager *pager, long by)
{
	if (by < 0 && (size_t)-by > pager->top)
		pager->top = 0;
	else
		pager->top += (size_t)by;
	keep_in(pager);
}

const struct pager_line *
pager_on_screen(const struct pager *pager, int i)
{
	size_t at = pager->top + (size_t)i;

	return i >= 0 && i < pager->page && at < pager->n ? &pager->lines[at]
							  : NULL;
}

int
pager_percent(const struct pager *pager)
{
	size_t end = pager->top + (size_t)(pager->page > 0 ? pager->page : 0);

	if (pager->top == 0 && end >= pager->n)
		return -1;
	return end >= pager->n ? 100 : (int)(end * 100 / pager->n);
}

int
pager_left_columns(const struct pager *pager, int cols)
{
	int widest = 0;

	for (size_t i = 0; i < pager->n; i++) {
		const struct pager_line *line = &pager->lines[i];
		int columns = line->left && !line->is_heading
				      ? width_text(slice_str(line->left))
				      : 0;

		if (columns > widest)
			widest = columns;
	}
	widest += 2;
	return widest < cols / 3 ? widest : cols / 3;
}
