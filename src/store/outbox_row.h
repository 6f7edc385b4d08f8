/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the two files of the outbox share. */
#ifndef TERCET_STORE_OUTBOX_ROW_H
#define TERCET_STORE_OUTBOX_ROW_H

#include "store/outbox.h"
#include "store/private.h"

/* For outbox_read_row(), of a table that is called `box`. */
#define OUTBOX_FATE_COUNT(fate)                                                \
	"(SELECT count(*) FROM outbox_recipient r "                            \
	"WHERE r.outbox = box.id AND r.state = " fate ")"
#define OUTBOX_COLUMNS                                                                            \
	"box.id, box.account, box.state, box.created, box.hold_until, box.attempts, "             \
	"box.next_attempt, box.changed, box.filed, box.eight_bit, box.utf8, "                     \
	"box.forwards, box.answers, box.draft, box.size, box.message_id, box.sender, "            \
	"box.subject, box.recipients, box.error, " OUTBOX_FATE_COUNT("0") ", " OUTBOX_FATE_COUNT( \
		"1") ", " OUTBOX_FATE_COUNT("2") ", " OUTBOX_FATE_COUNT("3")

void outbox_read_row(sqlite3_stmt *stmt, struct outbox_entry *ret);
/* In a transaction. */
MUST_CHECK bool outbox_drop_slices(
	struct store *store, int64_t id, struct error *err);

#endif /* TERCET_STORE_OUTBOX_ROW_H */
