/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/identity.h"
#include "store/linking.h"
#include "store/private.h"

/* Each lands on a page of its own, which COMMIT writes. */
enum { REFERENCE_COST_NS = 6000 };

enum {
	REFERENCE_FIND,
	REFERENCE_NEW,
	REFERENCE_DROP,
	REFERENCE_STATEMENTS,
};

static const char *const sql[] = {
	[REFERENCE_FIND] = "SELECT conversation FROM reference WHERE hash = ?",
	[REFERENCE_NEW] = "INSERT INTO reference (hash, conversation) "
			  "VALUES (?, ?) "
			  "ON CONFLICT DO NOTHING",
	[REFERENCE_DROP] = "DELETE FROM reference WHERE hash = ?",
};

const struct sql_table reference_sql = { SQL_REFERENCE, REFERENCE_STATEMENTS,
	sql };

static void
add_hash(struct linking *it, struct slice id)
{
	int64_t hash;

	if (id.len == 0 || it->n_hashes == LINKING_IDS_MAX)
		return;
	hash = identity_reference(it->store->home->hash_key, it->account, id);
	for (size_t i = 0; i < it->n_hashes; i++) {
		if (it->hashes[i] == hash)
			return;
	}
	it->hashes[it->n_hashes++] = hash;
}

static void
gather_hashes(struct linking *it)
{
	struct slice rest;
	struct slice line;

	it->n_hashes = 0;
	add_hash(it, it->item->message_id);
	for (rest = it->item->in_reply_to; slice_next_line(&rest, &line);)
		add_hash(it, line);
	for (rest = it->item->references; slice_next_line(&rest, &line);)
		add_hash(it, line);
}

static bool
find_by_hash(struct linking *it, size_t at, struct error *err)
{
	int64_t id = 0;
	enum found found = statement_ask(it->store, &reference_sql,
		REFERENCE_FIND, it->hashes[at], &id, err);

	it->known[at] = found == FOUND;
	if (found != FOUND)
		return found == NOT_FOUND;
	return linking_add(it, id, err);
}

bool
reference_find(struct linking *it, struct error *err)
{
	gather_hashes(it);
	for (size_t i = 0; i < it->n_hashes; i++) {
		if (!find_by_hash(it, i, err))
			return false;
	}
	return true;
}

bool
reference_save(struct linking *it, int64_t conversation, struct error *err)
{
	for (size_t i = 0; i < it->n_hashes; i++) {
		if (it->known[i])
			continue;
		it->store->tally.cost_ns += REFERENCE_COST_NS;
		if (!statement_run_ids(it->store, &reference_sql, REFERENCE_NEW,
			    it->hashes[i], conversation, err))
			return false;
	}
	return true;
}

bool
reference_forget(struct linking *it, struct error *err)
{
	gather_hashes(it);
	for (size_t i = 0; i < it->n_hashes; i++) {
		bool has = true;

		it->n_found = 0;
		if (!find_by_hash(it, i, err))
			return false;
		if (it->n_found == 0)
			continue;
		if (!conversation_has_members(
			    it->store, it->found[0].id, &has, err))
			return false;
		if (!has && (!statement_run_id(it->store, &reference_sql,
				     REFERENCE_DROP, it->hashes[i], err) ||
				    !conversation_drop(
					    it->store, it->found[0].id, err)))
			return false;
	}
	return true;
}
