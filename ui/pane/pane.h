/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panes: view models drawn into rectangles.  Drawing reads nothing but
 * what it is given and changes nothing but cells.
 */
#ifndef TERCET_UI_PANE_PANE_H
#define TERCET_UI_PANE_PANE_H

#include "command/picker.h"
#include "pane/layout.h"
#include "view/marks.h"
#include "view/view_folders.h"
#include "view/view_list.h"
#include "view/view_viewer.h"

struct activity;
struct composer;
struct config;
struct links;
struct pager;
struct setup;

/* Clears the rectangle and draws; `focus` shows the selection as that of the
 * keys. */
void pane_folders_draw(struct screen *screen, const struct rect *rect,
	const struct view_folders *view, bool focus);
/* The line of a row of the rectangle; false past the last. */
bool pane_folders_line_at(const struct view_folders *view,
	const struct rect *rect, int row, size_t *ret_line);

/* `account` is NULL where there is one alone. */
void pane_title_draw(struct screen *screen, const struct rect *rect,
	const char *account, const struct folder *folder,
	const struct view_list *list);
/* `accounts`: rows say by letter and colour which they belong to; NULL: they do
 * not. */
void pane_list_draw(struct screen *screen, const struct rect *rect,
	const struct view_list *view, const struct marks *marks,
	const struct account_rows *accounts, const struct config *config,
	int64_t now, int row_height, bool focus);

/* The chosen link, at the foot of the rectangle; nothing when none is. */
void pane_links_draw(struct screen *screen, const struct rect *rect,
	const struct links *links);

void pane_viewer_draw(struct screen *screen, const struct rect *rect,
	struct view_viewer *view, bool focus);

/* Text of a screen without mail: how to begin, or what is wrong. */
void pane_text_draw(
	struct screen *screen, const struct rect *rect, const char *text);

/* Account setup, which is to write to `path` (or NULL). */
void pane_setup_draw(struct screen *screen, const struct rect *rect,
	const struct setup *setup, const char *path);

/* The lines between panes, joined where they meet. */
void pane_rules_draw(struct screen *screen, const struct layout *layout);

/* From the top of the rectangle, as many rows as there are choices; returns
 * the rows taken. */
int pane_picker_draw(
	struct screen *screen, const struct rect *rect, struct picker *picker);

void pane_activity_draw(struct screen *screen, const struct rect *rect,
	struct activity *activity, int64_t now);
/* What will be sent. */
void pane_composer_draw(struct screen *screen, const struct rect *rect,
	struct composer *composer);
void pane_pager_draw(
	struct screen *screen, const struct rect *rect, struct pager *pager);

#endif /* TERCET_UI_PANE_PANE_H */
