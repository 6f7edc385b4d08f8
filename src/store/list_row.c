/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/list_row.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mail/address.h"
#include "store/private.h"

void
list_row_clear(struct list_row *row)
{
	free(row->subject);
	free(row->snippet);
	free(row->list_id);
	flags_clear(&row->flags);
	for (int i = 0; i < row->n_people; i++) {
		free(row->people[i].name);
		free(row->people[i].address);
	}
	*row = (struct list_row){ 0 };
}

void
list_rows_clear(struct list_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		list_row_clear(&rows->items[i]);
	array_clear(rows);
}

static void
add_person(struct list_row *row, const struct address *address, bool unread)
{
	struct list_person *it;

	if (row->n_people == LIST_PEOPLE_MAX) {
		row->more_people++;
		return;
	}
	it = &row->people[row->n_people++];
	it->name = xstrdup(address_display(address));
	it->address = xstrdup(address->address);
	it->unread = unread;
}

void
list_row_add_people(struct list_row *row, struct slice packed, bool unread)
{
	struct address_list list CLEANUP(address_list_clear) = { 0 };

	address_list_unpack(packed, &list);
	for (size_t i = 0; i < list.n; i++)
		add_person(row, &list.items[i], unread);
}

void
list_row_read(sqlite3_stmt *stmt, struct list_row *row)
{
	row->placement = sqlite3_column_int64(stmt, 0);
	row->message = sqlite3_column_int64(stmt, 1);
	row->conversation =
		sqlite3_column_int(stmt, 3) ? sqlite3_column_int64(stmt, 2) : 0;
	row->folder = sqlite3_column_int64(stmt, 4);
	row->role = (enum folder_role)sqlite3_column_int(stmt, 17);
	row->account = sqlite3_column_int64(stmt, 5);
	row->received = sqlite3_column_int64(stmt, 6);
	row->uid = (uint32_t)sqlite3_column_int64(stmt, 7);
	row->flags = (struct flags){
		.bits = (uint32_t)sqlite3_column_int64(stmt, 8),
		.keywords = column_text(stmt, 9),
	};
	row->subject = column_text(stmt, 10);
	row->snippet = column_text(stmt, 11);
	row->list_id = column_text(stmt, 12);
	row->attachments = sqlite3_column_int(stmt, 13);
	row->size = (uint64_t)sqlite3_column_int64(stmt, 14);
	row->state = sqlite3_column_int(stmt, 15);
	row->unread = !(row->flags.bits & FLAG_SEEN);
	row->flagged = (row->flags.bits & FLAG_FLAGGED) != 0;
	row->thread_size = 1;
	row->thread_unread = row->unread;
	row->key = (struct list_key){ row->received, row->placement };
}
