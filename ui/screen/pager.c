/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/pager.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "i18n/width.h"

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
