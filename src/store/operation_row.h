/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of operations and their items, for the other files of this room. */
#ifndef TERCET_STORE_OPERATION_ROW_H
#define TERCET_STORE_OPERATION_ROW_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "store/operation.h"

struct operation_row {
	int64_t id;
	int64_t action;
	int64_t account;
	enum operation_kind kind;
	enum operation_state state;
	int64_t folder;
	int64_t target_folder;
	uint32_t add;
	uint32_t remove;
	bool keyword_add;
	int64_t generation;
	int64_t inverts;
	int64_t inverted;
	bool local;
	bool cancelling;
	int rest; /* enum selection_kind; 0: nothing waits */
	bool dropped;
	int64_t rest_from;
	int64_t rest_id;
	int64_t rest_below;
	int64_t n_items;
	int64_t n_left;
	int64_t n_running;
	int64_t n_failed;
	int64_t n_kept;
	int64_t attempts;
	int64_t created;
	int64_t next_attempt;
	char *keyword;
	char *name;
	char *name_to; /* the server's bytes of CREATE and RENAME */
	char *name_was;
	char *remote_was;
	char *error;
};

/* In the order of operation_row_read(); others may follow. */
#define OPERATION_COLUMNS                                                      \
	"id, action, account, kind, state, folder, target_folder, "            \
	"add_flags, remove_flags, keyword_add, generation, inverts, "          \
	"inverted, cancelling, rest, dropped, rest_from, rest_id, "            \
	"rest_below, n_items, n_left, n_running, n_failed, attempts, "         \
	"created, next_attempt, keyword, name, name_to, error, local, "        \
	"name_was, remote_was, n_kept"

enum { OPERATION_COLUMNS_N = 34 };

struct item_row {
	int64_t id;
	int64_t operation;
	int64_t account;
	int64_t placement;
	int64_t target;
	int64_t message;
	enum item_state state;
	uint32_t changed;
	bool superseded;
	int64_t generation;
	int64_t inverts;
	enum item_phase phase;
	uint32_t uid_floor;
};
ARRAY_OF(item_rows, struct item_row);

/* In `changed`, beside enum flag: the operation's keyword. */
enum { CHANGED_KEYWORD = 1 << 30 };

void operation_row_clear(struct operation_row *row);
void item_rows_clear(struct item_rows *rows);

void operation_row_read(sqlite3_stmt *stmt, struct operation_row *row);
enum found operation_row_load(struct store *store, int64_t id,
	struct operation_row *ret_row, struct error *err);
/* Fills `row->id`. */
MUST_CHECK bool operation_row_insert(
	struct store *store, struct operation_row *row, struct error *err);
MUST_CHECK bool operation_row_delete(
	struct store *store, int64_t id, struct error *err);

enum found item_row_load(struct store *store, int64_t id,
	struct item_row *ret_row, struct error *err);
/* Fills `row->id`, which is above all others; counts it. */
MUST_CHECK bool item_row_insert(
	struct store *store, struct item_row *row, struct error *err);
/* With the operation's counts and state. */
MUST_CHECK bool item_row_set_state(struct store *store, struct item_row *row,
	enum item_state state, struct error *err);
MUST_CHECK bool item_row_set_target(struct store *store, struct item_row *row,
	int64_t target, struct error *err);
MUST_CHECK bool item_row_set_generation(struct store *store,
	struct item_row *row, int64_t generation, bool superseded,
	struct error *err);

/* Unsettled items that name the placement, oldest first. */
MUST_CHECK bool item_rows_of_placement(struct store *store, int64_t placement,
	struct item_rows *ret_rows, struct error *err);
/* Unsettled items (and APPENDs that failed) it is the target of. */
MUST_CHECK bool item_rows_of_target(struct store *store, int64_t target,
	struct item_rows *ret_rows, struct error *err);
/* QUEUED in the next phase, for the worker of that account. */
MUST_CHECK bool item_row_pass_on(struct store *store, struct item_row *row,
	enum item_phase phase, int64_t account, struct error *err);
/* It is about another message's placement, of that account; 0: of none. */
MUST_CHECK bool item_row_set_placement(struct store *store,
	struct item_row *row, int64_t placement, int64_t message,
	int64_t account, struct error *err);
/* Whatever names one placement names another from now on, but for `except`. */
MUST_CHECK bool item_rows_repoint(struct store *store, int64_t from, int64_t to,
	int64_t except, struct error *err);

/* The operation's state follows its counts; for those who changed its other
 * columns. */
MUST_CHECK bool operation_row_settle(
	struct store *store, int64_t id, struct error *err);
MUST_CHECK bool operation_row_set_error(
	struct store *store, int64_t id, const char *text, struct error *err);

/*
 * Whether any item of the store is not settled: asked of the database once a
 * transaction, so that what is placed by the thousand pays nothing.
 */
MUST_CHECK bool items_pending(
	struct store *store, bool *ret_pending, struct error *err);

#endif /* TERCET_STORE_OPERATION_ROW_H */
