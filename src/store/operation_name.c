/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operation_name.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/private.h"

enum {
	NAME_SET,
	NAME_SET_REMOTE,
	NAME_ALL,
	NAME_STATEMENTS,
};

static const char *const sql[] = {
	[NAME_SET] = "UPDATE folder "
		     "SET name = ?2, pending = (pending & ~2) | ?3 "
		     "WHERE id = ?1",
	[NAME_SET_REMOTE] = "UPDATE folder SET remote = ?2 WHERE id = ?1",
	[NAME_ALL] = "SELECT id, name, remote, pending "
		     "FROM folder "
		     "WHERE account = ? AND dropped = 0",
};

const struct sql_table operation_name_sql = { SQL_OPERATION_NAME,
	NAME_STATEMENTS, sql };

void
folder_names_clear(struct folder_names *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->items[i].name);
		free(all->items[i].remote);
	}
	array_clear(all);
}

bool
folder_name_is_within(const char *name, const char *top, char delimiter)
{
	size_t len = strlen(top);

	return strncmp(name, top, len) == 0 &&
	       (name[len] == '\0' || (delimiter && name[len] == delimiter));
}

bool
folder_names_load(struct store *store, int64_t account,
	struct folder_names *ret_all, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &operation_name_sql, NAME_ALL, account, err);

	if (!stmt)
		return false;
	while ((step = statement_step(store, stmt, err)) == STEP_ROW) {
		struct folder_name *it = array_add(ret_all);

		it->id = sqlite3_column_int64(stmt, 0);
		it->name = column_text_empty(stmt, 1);
		it->remote = column_blob(stmt, 2);
	}
	return step == STEP_DONE;
}

static bool
set_name(struct store *store, int64_t folder, const char *name, bool waits,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement_of(store, &operation_name_sql, NAME_SET, folder, err);

	if (!stmt)
		return false;
	bind_text(stmt, 2, name);
	sqlite3_bind_int(stmt, 3, waits ? FOLDER_RENAMING : 0);
	return statement_run(store, stmt, err);
}

bool
folder_show_name(struct store *store, int64_t account, const char *from,
	const char *to, bool waits, struct error *err)
{
	struct folder_names all CLEANUP(folder_names_clear) = { 0 };

	if (!folder_names_load(store, account, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		const struct folder_name *it = &all.items[i];
		char *name CLEANUP(freep) = NULL;

		if (!folder_name_is_within(it->name, from, '/'))
			continue;
		name = xasprintf("%s%s", to, it->name + strlen(from));
		if (!set_name(store, it->id, name, waits, err))
			return false;
	}
	return true;
}

static bool
set_remote(struct store *store, int64_t folder, const char *remote,
	struct error *err)
{
	sqlite3_stmt *stmt = statement_of(
		store, &operation_name_sql, NAME_SET_REMOTE, folder, err);

	if (!stmt)
		return false;
	bind_blob(stmt, 2, slice_str(remote));
	return statement_run(store, stmt, err);
}

bool
folder_rename_remote(
	struct store *store, const struct operation_row *row, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct folder_names all CLEANUP(folder_names_clear) = { 0 };
	enum found found = folder_load(store, row->folder, &folder, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	if (!folder.remote || !row->name_to)
		return true;
	if (!folder_names_load(store, row->account, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		const struct folder_name *it = &all.items[i];
		char *remote CLEANUP(freep) = NULL;

		if (!it->remote || !folder_name_is_within(it->remote,
					   folder.remote, folder.delimiter))
			continue;
		remote = xasprintf("%s%s", row->name_to,
			it->remote + strlen(folder.remote));
		if (!set_remote(store, it->id, remote, err))
			return false;
	}
	return true;
}
