/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of actions, for the other files of this room. */
#ifndef TERCET_STORE_ACTION_ROW_H
#define TERCET_STORE_ACTION_ROW_H

#include "store/action.h"

struct action_row {
	int64_t id;
	enum action_verb verb;
	enum action_state state;
	int64_t n;
	int64_t changed;
	int64_t generation;
	bool inverting;
	int64_t created;
	char *target;
};

void action_row_clear(struct action_row *row);
enum found action_row_load(struct store *store, int64_t id,
	struct action_row *ret_row, struct error *err);
/* Whether an undo or redo is not through yet; the oldest of them. */
enum found action_inverting(
	struct store *store, struct action_row *ret_row, struct error *err);
/* Ids that are there once each. */
void push_once(struct id_array *ids, int64_t id);

#endif /* TERCET_STORE_ACTION_ROW_H */
