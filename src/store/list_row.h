/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a list row is read, for the files that list. */
#ifndef TERCET_STORE_LIST_ROW_H
#define TERCET_STORE_LIST_ROW_H

#include <sqlite3.h>

#include "base/slice.h"
#include "store/list.h"

/* Columns of every row, 0 to 18. */
#define ROW_COLUMNS                                                            \
	"p.id, p.message, p.conversation, p.linked, p.folder, m.account, "     \
	"p.received, iif(p.uid_space = f.uid_space, p.uid, 0), p.flags, "      \
	"p.keywords, m.subject, m.snippet, m.list_id, m.attachments, m.size, " \
	"m.state, m.authors, f.role, m.recipients"

/* From ROW_COLUMNS; without people. */
void list_row_read(sqlite3_stmt *stmt, struct list_row *row);
/* Of a packed address list; what finds no room is counted. */
void list_row_add_people(
	struct list_row *row, struct slice packed, bool unread);

#endif /* TERCET_STORE_LIST_ROW_H */
