/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is marked in the open folder: whole conversations, as far as they stand
 * in the folder, and single messages.  Marks belong to ids, so that they stay
 * whatever comes and goes around them.
 *
 * While a range is being drawn, the rows between its anchor and the cursor
 * show as marked; they are marks once it has ended.
 */
#ifndef TERCET_UI_VIEW_MARKS_H
#define TERCET_UI_VIEW_MARKS_H

#include "view/id_map.h"
#include "view/view_list.h"

enum { MARKS_MAX = 1000000 };

struct marks {
	struct id_map threads;  /* conversations; value: their folder */
	struct id_map messages; /* placements; value: conversation or 0 */
	struct id_map parts;    /* conversations; value: its marked messages */
	bool strangers;         /* some messages may stand in other folders */
	bool ranging;
	struct list_key anchor;   /* of a row of the list */
	int64_t anchor_placement; /* of the row itself */
};

enum marked { MARKED_NOT, MARKED_PART, MARKED_WHOLE };

void marks_clear(struct marks *marks);
/* Rows marked, the range being drawn aside. */
size_t marks_count(const struct marks *marks);
/* A whole conversation; marks of its messages go. */
void marks_set_thread(
	struct marks *marks, int64_t conversation, int64_t folder, bool on);
/* Nothing changes where its whole conversation is marked. */
void marks_set_message(
	struct marks *marks, int64_t placement, int64_t conversation, bool on);

/* Whether row `i` of the window stands for a thread: marks and actions are
 * about all of it. */
bool marks_is_thread_row(
	const struct view_list *view, const struct view_row *row);
/* How row `i` of the window is to be shown. */
enum marked marks_of(
	const struct marks *marks, const struct view_list *view, size_t i);

/* Whether row `i` of the window is in the range being drawn. */
bool marks_in_range(
	const struct marks *marks, const struct view_list *view, size_t i);
void marks_begin_range(struct marks *marks, const struct view_list *view);
/* Forgets the range; marks stay. */
void marks_leave_range(struct marks *marks);

#endif /* TERCET_UI_VIEW_MARKS_H */
