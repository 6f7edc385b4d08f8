/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outbox and drafts of a damaged store, which exist nowhere else. */
#include "base/gettext.h"
#include "store/outbox.h"
#include "store/recover.h"

/* Ids passed over where rows cannot be read. */
enum { GAPS_MAX = 10000 };

#define OUTBOX_COPIED                                                          \
	"account, state, created, hold_until, attempts, next_attempt, "        \
	"changed, filed, eight_bit, utf8, forwards, answers, draft, size, "    \
	"slices, message_id, sender, subject, recipients, error, header, bcc"
#define RECIPIENT_COPIED "outbox, n, address, state, code, reply"
#define DRAFT_COPIED     "account, created, changed, outbox, subject, packed"

enum {
	OLD_OUTBOX,
	OLD_RECIPIENTS,
	OLD_SLICE,
	OLD_DRAFT,
	NEW_OUTBOX,
	NEW_RECIPIENT,
	NEW_SLICE,
	NEW_DRAFT,
	RECOVER_STATEMENTS,
};

static const char *const sql[] = {
	[OLD_OUTBOX] = "SELECT id, " OUTBOX_COPIED " "
		       "FROM outbox NOT INDEXED "
		       "WHERE id >= ? AND state BETWEEN 1 AND 6 "
		       "ORDER BY id "
		       "LIMIT 1",
	[OLD_RECIPIENTS] = "SELECT " RECIPIENT_COPIED " "
			   "FROM outbox_recipient "
			   "WHERE outbox = ? "
			   "ORDER BY n",
	[OLD_SLICE] = "SELECT id, bytes FROM outbox_slice WHERE id = ?",
	[OLD_DRAFT] = "SELECT id, " DRAFT_COPIED " "
		      "FROM draft NOT INDEXED "
		      "WHERE id >= ? "
		      "ORDER BY id "
		      "LIMIT 1",
	[NEW_OUTBOX] = "INSERT INTO outbox (id, " OUTBOX_COPIED ") "
		       "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		       "?, ?, ?, ?, ?, ?, ?, ?)",
	[NEW_RECIPIENT] = "INSERT INTO outbox_recipient (" RECIPIENT_COPIED ") "
			  "VALUES (?, ?, ?, ?, ?, ?)",
	[NEW_SLICE] = "INSERT INTO outbox_slice (id, bytes) VALUES (?, ?)",
	/* Its copy on the server has another row by now. */
	[NEW_DRAFT] = "INSERT INTO draft "
		      "(id, " DRAFT_COPIED ", placement, kept) "
		      "VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
};

const struct sql_table recover_outbox_sql = { SQL_RECOVER_OUTBOX,
	RECOVER_STATEMENTS, sql };

/* The row as it stands. */
static bool
copy_row(struct recovery *it, sqlite3_stmt *row, int which, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->new, &recover_outbox_sql, which, err);

	if (!stmt)
		return false;
	for (int i = 0; i < sqlite3_column_count(row); i++)
		sqlite3_bind_value(stmt, i + 1, sqlite3_column_value(row, i));
	return statement_run(it->new, stmt, err);
}

static bool
damaged(struct error *err)
{
	return error_set(err, ERR_STORE, _("The message is damaged"));
}

static bool
copy_recipients(struct recovery *it, int64_t id, struct error *err)
{
	sqlite3_stmt *row CLEANUP(statement_done) =
		recover_statement(it, &recover_outbox_sql, OLD_RECIPIENTS, id);
	struct error unread CLEANUP(error_clear) = ERROR_INIT;
	enum step step = STEP_ERROR;
	size_t n = 0;

	while (row && n <= OUTBOX_RECIPIENTS_MAX &&
		(step = statement_step(it->old, row, &unread)) == STEP_ROW) {
		if (!copy_row(it, row, NEW_RECIPIENT, err))
			return false;
		n++;
	}
	return (step == STEP_DONE && n > 0) || damaged(err);
}

/* With its header they are as many bytes as it had, or it is not whole. */
static bool
copy_slices(struct recovery *it, int64_t id, int64_t slices, int64_t size,
	struct error *err)
{
	if (slices < 1 || slices >= OUTBOX_SLICES_MAX)
		return damaged(err);
	for (int64_t i = 0; i < slices; i++) {
		sqlite3_stmt *row CLEANUP(statement_done) =
			recover_statement(it, &recover_outbox_sql, OLD_SLICE,
				id * OUTBOX_SLICES_MAX + i);

		if (!row || !recover_find(it, row))
			return damaged(err);
		size -= sqlite3_column_bytes(row, 1);
		if (!copy_row(it, row, NEW_SLICE, err))
			return false;
	}
	return size == 0 || damaged(err);
}

static bool
copy_outbox(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t id = sqlite3_column_int64(row, 0);
	int64_t account = sqlite3_column_int64(row, 1);
	int64_t size = sqlite3_column_int64(row, 14);
	int64_t slices = sqlite3_column_int64(row, 15);

	if (account <= 0 || account > RECOVER_FOLDER_MAX)
		return damaged(err);
	return transaction_begin_durable(it->new, &tx, err) &&
	       recover_account(it, account, err) &&
	       copy_row(it, row, NEW_OUTBOX, err) &&
	       copy_recipients(it, id, err) &&
	       copy_slices(it, id, slices, size - sqlite3_column_bytes(row, 21),
		       err) &&
	       transaction_commit(&tx, err);
}

static bool
copy_draft(struct recovery *it, sqlite3_stmt *row, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t account = sqlite3_column_int64(row, 1);

	if (account <= 0 || account > RECOVER_FOLDER_MAX)
		return damaged(err);
	return transaction_begin_durable(it->new, &tx, err) &&
	       recover_account(it, account, err) &&
	       copy_row(it, row, NEW_DRAFT, err) &&
	       transaction_commit(&tx, err);
}

/* Each row of a table; what cannot be read or taken is lost, and counted. */
static bool
copy_all(struct recovery *it, int which,
	bool (*copy)(struct recovery *it, sqlite3_stmt *row, struct error *err),
	uint64_t *ret_n, struct error *err)
{
	int64_t at = 1;

	for (int gaps = 0; gaps < GAPS_MAX;) {
		sqlite3_stmt *row CLEANUP(statement_done) =
			recover_statement(it, &recover_outbox_sql, which, at);
		struct error unread CLEANUP(error_clear) = ERROR_INIT;
		enum found found;

		if (!row) /* an older store has no such table */
			return true;
		found = statement_find(it->old, row, &unread);
		if (found == NOT_FOUND)
			return true;
		if (found == FOUND_ERROR) {
			gaps++;
			at++;
			continue;
		}
		at = sqlite3_column_int64(row, 0) + 1;
		if (at < 2 || at > RECOVER_ID_MAX)
			return true;
		if (copy(it, row, err)) {
			(*ret_n)++;
		} else {
			if (!recover_was_refused(err))
				return false;
			it->lost++;
		}
	}
	return true;
}

bool
recover_outbox(struct recovery *it, uint64_t *ret_n, struct error *err)
{
	*ret_n = 0;
	return copy_all(it, OLD_DRAFT, copy_draft, ret_n, err) &&
	       copy_all(it, OLD_OUTBOX, copy_outbox, ret_n, err);
}
