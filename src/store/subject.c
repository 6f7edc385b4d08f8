/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "mail/address.h"
#include "store/identity.h"
#include "store/link.h"
#include "store/linking.h"
#include "store/private.h"

enum { BUCKET_S = SUBJECT_DAYS * 86400 };

enum {
	SUBJECT_NEW,
	SUBJECT_FIND,
	SUBJECT_CANDIDATE,
	SUBJECT_DROP,
	SUBJECT_STATEMENTS,
};

static const char *const sql[] = {
	[SUBJECT_NEW] = "INSERT INTO subject_link "
			"(bucket, hash, orphan, message) "
			"VALUES (?, ?, ?, ?) "
			"ON CONFLICT DO NOTHING",
	/* Orphans first. */
	[SUBJECT_FIND] = "SELECT message, orphan "
			 "FROM subject_link "
			 "WHERE bucket = ?1 AND hash = ?2 AND orphan >= ?3 "
			 "ORDER BY orphan DESC, message DESC "
			 "LIMIT ?4",
	[SUBJECT_CANDIDATE] = "SELECT received, authors, recipients, copies "
			      "FROM message "
			      "WHERE id = ?",
	[SUBJECT_DROP] = "DELETE FROM subject_link "
			 "WHERE bucket = ? AND hash = ? AND orphan = ? "
			 "AND message = ?",
};

const struct sql_table subject_sql = { SQL_SUBJECT, SUBJECT_STATEMENTS, sql };

static bool
lists_address(struct slice packed, const char *address)
{
	struct address_list list CLEANUP(address_list_clear) = { 0 };

	address_list_unpack(packed, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (address_eq(list.items[i].address, address))
			return true;
	}
	return false;
}

/* Whether one's author takes part in the other.  That both went to the same
 * reader says nothing. */
static bool
author_takes_part(struct slice authors, struct slice other_authors,
	struct slice other_recipients, struct slice other_copies)
{
	struct address_list list CLEANUP(address_list_clear) = { 0 };

	address_list_unpack(authors, &list);
	return list.n > 0 &&
	       (lists_address(other_authors, list.items[0].address) ||
		       lists_address(other_recipients, list.items[0].address) ||
		       lists_address(other_copies, list.items[0].address));
}

/* `*ret_fits`: near enough in time, the right way round, with somebody in
 * common. */
static bool
check_candidate(struct linking *it, int64_t message, bool is_orphan,
	bool candidate_is_orphan, bool *ret_fits, struct error *err)
{
	const struct link_item *item = it->item;
	int64_t apart;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		it->store, &subject_sql, SUBJECT_CANDIDATE, message, err);
	enum found found = statement_find(it->store, stmt, err);

	*ret_fits = false;
	if (found != FOUND)
		return found == NOT_FOUND;
	apart = item->received - sqlite3_column_int64(stmt, 0);
	if (apart > BUCKET_S || apart < -BUCKET_S ||
		(apart > 0 && !is_orphan) ||
		(apart < 0 && !candidate_is_orphan))
		return true;
	*ret_fits = author_takes_part(item->authors, column_slice(stmt, 1),
			    column_slice(stmt, 2), column_slice(stmt, 3)) ||
		    author_takes_part(column_slice(stmt, 1), item->authors,
			    item->recipients, item->copies);
	return true;
}

static bool
find_in_bucket(struct linking *it, int64_t bucket, int64_t hash, bool is_orphan,
	size_t *room, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		it->store, &subject_sql, SUBJECT_FIND, bucket, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, hash);
	sqlite3_bind_int(stmt, 3, !is_orphan);
	sqlite3_bind_int64(stmt, 4, (int64_t)*room);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		int64_t message = sqlite3_column_int64(stmt, 0);
		bool orphan = sqlite3_column_int(stmt, 1) != 0;
		bool fits = false;
		int64_t conversation = 0;

		--*room;
		if (message == it->item->message)
			continue;
		if (!check_candidate(
			    it, message, is_orphan, orphan, &fits, err))
			return false;
		if (fits && !conversation_of(
				    it->store, message, &conversation, err))
			return false;
		if (conversation && !linking_add(it, conversation, err))
			return false;
	}
	return step == STEP_DONE;
}

static int64_t
hash_subject(struct linking *it, struct slice base)
{
	struct strbuf *lower = &it->store->scratch[0];

	strbuf_reset(lower);
	strbuf_add_char(lower, '\0'); /* apart from Message-IDs */
	for (size_t i = 0; i < base.len; i++)
		strbuf_add_char(lower, ascii_lower(base.data[i]));
	return identity_reference(
		it->store->home->hash_key, it->account, strbuf_slice(lower));
}

/* The message's row in the index by subject. */
struct subject_key {
	int64_t bucket;
	int64_t hash;
	bool is_orphan;
};

/* false: none. */
static bool
subject_key(struct linking *it, struct subject_key *ret_key)
{
	const struct link_item *item = it->item;
	char *subject CLEANUP(freep) = NULL;
	bool is_reply = false;
	struct slice base;

	if (item->subject.len == 0)
		return false;
	subject = xmemdup0(item->subject.data, item->subject.len);
	base = slice_trim(subject_base(subject, &is_reply));
	if (base.len == 0)
		return false;
	*ret_key = (struct subject_key){
		.bucket = item->received / BUCKET_S,
		.hash = hash_subject(it, base),
		.is_orphan = is_reply && item->in_reply_to.len == 0 &&
			     item->references.len == 0,
	};
	return true;
}

/* SUBJECT_NEW or SUBJECT_DROP. */
static bool
run_with_key(struct linking *it, int which, const struct subject_key *key,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement_of(it->store, &subject_sql, which, key->bucket, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, key->hash);
	sqlite3_bind_int(stmt, 3, key->is_orphan);
	sqlite3_bind_int64(stmt, 4, it->item->message);
	return statement_run(it->store, stmt, err);
}

bool
subject_find(struct linking *it, struct error *err)
{
	struct subject_key key;
	size_t room = LINKING_SUBJECTS_MAX;

	if (!subject_key(it, &key))
		return true;
	/* Only a reply without a parent looks back. */
	for (int64_t i = key.is_orphan ? -1 : 0; i <= 1 && room > 0; i++) {
		if (!find_in_bucket(it, key.bucket + i, key.hash, key.is_orphan,
			    &room, err))
			return false;
	}
	return run_with_key(it, SUBJECT_NEW, &key, err);
}

bool
subject_forget(struct linking *it, struct error *err)
{
	struct subject_key key;

	return !subject_key(it, &key) ||
	       run_with_key(it, SUBJECT_DROP, &key, err);
}
