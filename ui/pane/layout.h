/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where things stand on a screen of some size; pure.
 *
 *	columns (from 160)      stacked                 stacked under 100
 *	folders│list│viewer     folders│list            list
 *	                               ├──────          ──────
 *	                               │viewer          viewer
 *
 * Under 100 columns the folder pane slides in over the left; under 60 columns
 * or 16 rows one pane has the screen.
 */
#ifndef TERCET_UI_PANE_LAYOUT_H
#define TERCET_UI_PANE_LAYOUT_H

#include "term/screen.h"

enum layout_wish { LAYOUT_WISH_AUTO, LAYOUT_WISH_COLUMNS, LAYOUT_WISH_STACKED };

enum pane { PANE_FOLDERS, PANE_LIST, PANE_VIEWER };

enum {
	LAYOUT_COLUMNS_FROM = 160,
	LAYOUT_FOLDERS_FROM = 100,
	LAYOUT_PANES_FROM = 60,
	LAYOUT_PANES_FROM_ROWS = 16,
};

struct layout_options {
	int rows;
	int cols;
	enum layout_wish wish;
	enum pane focus;
	int status_rows;  /* at the bottom, at least 1 */
	int folders_cols; /* moved dividers; 0: by the table */
	int list_rows;
	int list_cols;
};

/* A rectangle without rows is not shown. */
struct layout {
	struct rect folders;
	struct rect title; /* of the list, one row */
	struct rect list;
	struct rect viewer;
	struct rect status;
	struct rect content; /* all but the status */
	int rule_folders;    /* column right of the folder pane; -1: none */
	int rule_viewer_col; /* column left of the viewer; -1: none */
	int rule_viewer_row; /* row above the viewer; -1: none */
	bool folders_slide;  /* the folder pane lies over the others */
	bool single;         /* one pane at a time */
	int row_height;      /* of a list row: 1, or 2 in a narrow column */
};

void layout_make(const struct layout_options *options, struct layout *ret);

/* Rows of the status: as many as `wanted`, where there is room. */
int layout_status_rows(int rows, int wanted);

/* Which divider is at a cell. */
enum divider { DIVIDER_NONE, DIVIDER_FOLDERS, DIVIDER_LIST };
enum divider layout_divider_at(const struct layout *layout, int row, int col);

#endif /* TERCET_UI_PANE_LAYOUT_H */
