/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pane/layout.h"

enum {
	FOLDERS_COLS = 24,
	FOLDERS_COLS_MIN = 12,
	SLIDE_COLS = 30,
	LIST_COLS_MIN = 36,
	VIEWER_COLS_MIN = 30,
	LIST_ROWS_MIN = 3, /* with the title */
	VIEWER_ROWS_MIN = 3,
};

static int
clamp(int value, int low, int high)
{
	if (value > high)
		value = high;
	return value < low ? low : value;
}

int
layout_status_rows(int rows, int wanted)
{
	int most = rows < LAYOUT_PANES_FROM_ROWS ? 1 : rows / 4;

	return clamp(wanted, 1, most < 1 ? 1 : most);
}

/* A list is a heading and rows. */
static void
place_list(struct layout *ret, struct rect all)
{
	ret->title = all;
	ret->title.rows = all.rows > 0 ? 1 : 0;
	ret->list = all;
	ret->list.row += ret->title.rows;
	ret->list.rows -= ret->title.rows;
}

static void
place_columns(const struct layout_options *options, struct layout *ret,
	struct rect all)
{
	int list =
		options->list_cols ? options->list_cols : (all.cols * 43) / 100;
	struct rect left = all;

	list = clamp(list, LIST_COLS_MIN, all.cols - 1 - VIEWER_COLS_MIN);
	left.cols = list;
	ret->rule_viewer_col = all.col + list;
	ret->viewer = all;
	ret->viewer.col += list + 1;
	ret->viewer.cols -= list + 1;
	ret->row_height = 2;
	place_list(ret, left);
}

static void
place_stacked(const struct layout_options *options, struct layout *ret,
	struct rect all)
{
	int list = options->list_rows ? options->list_rows
				      : 9 + (all.rows - 20) / 6;
	struct rect upper = all;

	if (!options->list_rows && list > (all.rows - 1) / 2)
		list = (all.rows - 1) / 2;
	list = clamp(list, LIST_ROWS_MIN, all.rows - 1 - VIEWER_ROWS_MIN);
	upper.rows = list;
	ret->rule_viewer_row = all.row + list;
	ret->viewer = all;
	ret->viewer.row += list + 1;
	ret->viewer.rows -= list + 1;
	place_list(ret, upper);
}

static void
place_single(const struct layout_options *options, struct layout *ret,
	struct rect all)
{
	ret->single = true;
	switch (options->focus) {
	case PANE_FOLDERS:
		ret->folders = all;
		break;
	case PANE_LIST:
		place_list(ret, all);
		break;
	case PANE_VIEWER:
		ret->viewer = all;
		break;
	}
}

void
layout_make(const struct layout_options *options, struct layout *ret)
{
	int status = layout_status_rows(options->rows, options->status_rows);
	struct rect all = { 0, 0, options->rows - status, options->cols };
	bool columns;
	int folders;

	*ret = (struct layout){ .rule_folders = -1,
		.rule_viewer_col = -1,
		.rule_viewer_row = -1,
		.row_height = 1 };
	if (all.rows < 1)
		all.rows = 1;
	ret->content = all;
	ret->status = (struct rect){ all.rows, 0, options->rows - all.rows,
		all.cols };
	if (options->cols < LAYOUT_PANES_FROM ||
		options->rows < LAYOUT_PANES_FROM_ROWS) {
		place_single(options, ret, all);
		return;
	}
	folders = options->folders_cols ? options->folders_cols : FOLDERS_COLS;
	folders = clamp(folders, FOLDERS_COLS_MIN, options->cols / 2);
	if (options->cols >= LAYOUT_FOLDERS_FROM) {
		ret->folders = all;
		ret->folders.cols = folders;
		ret->rule_folders = folders;
		all.col += folders + 1;
		all.cols -= folders + 1;
	} else if (options->focus == PANE_FOLDERS) {
		ret->folders = all;
		ret->folders.cols = SLIDE_COLS;
		ret->rule_folders = SLIDE_COLS;
		ret->folders_slide = true;
	}
	columns = options->wish == LAYOUT_WISH_COLUMNS ||
		  (options->wish == LAYOUT_WISH_AUTO &&
			  options->cols >= LAYOUT_COLUMNS_FROM);
	if (columns && all.cols >= LIST_COLS_MIN + 1 + VIEWER_COLS_MIN)
		place_columns(options, ret, all);
	else
		place_stacked(options, ret, all);
}

enum divider
layout_divider_at(const struct layout *layout, int row, int col)
{
	if (!rect_has(&layout->content, row, col))
		return DIVIDER_NONE;
	if (col == layout->rule_folders)
		return DIVIDER_FOLDERS;
	if (col == layout->rule_viewer_col)
		return DIVIDER_LIST;
	if (row == layout->rule_viewer_row && col > layout->rule_folders)
		return DIVIDER_LIST;
	return DIVIDER_NONE;
}
