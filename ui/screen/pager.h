/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of text over the whole screen: help, explanations. */
#ifndef TERCET_UI_SCREEN_PAGER_H
#define TERCET_UI_SCREEN_PAGER_H

#include <stdbool.h>
#include <stddef.h>

struct pager_line {
	char *left; /* a heading, a key; or NULL */
	char *right;
	bool is_heading;
	bool is_dim;
};

struct pager {
	bool is_open;
	char *title;
	struct pager_line *lines;
	size_t n;
	size_t cap;
	size_t top;
	int page;
};

void pager_init(struct pager *pager);
void pager_clear(struct pager *pager);
/* Opens it empty. */
void pager_open(struct pager *pager, const char *title);
void pager_close(struct pager *pager);
void pager_add_heading(struct pager *pager, const char *text);
void pager_add(
	struct pager *pager, const char *left, const char *right, bool dim);
/* Breaks right sides that are longer than a screen of `cols` has room for; once
 * all lines are there. */
void pager_wrap(struct pager *pager, int cols);
/* A paragraph, broken into lines of `cols`. */
void pager_add_text(struct pager *pager, const char *text, int cols);

void pager_set_page(struct pager *pager, int page);
void pager_scroll(struct pager *pager, long by);
const struct pager_line *pager_on_screen(const struct pager *pager, int i);
/* How far down, in percent; 100 when the end shows, -1 when all of it does. */
int pager_percent(const struct pager *pager);
/* Columns of the widest left side, within a third of `cols`. */
int pager_left_columns(const struct pager *pager, int cols);

#endif /* TERCET_UI_SCREEN_PAGER_H */
