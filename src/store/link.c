/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/link.h"

#include <stdlib.h>

#include "base/mem.h"
#include "mail/address.h"
#include "store/identity.h"
#include "store/message.h"
#include "store/private.h"

enum {
	/* A reply names few; more is a flood. */
	IDS_MAX = REFERENCES_MAX + 16,
	CHAIN_MAX = 64, /* of merges to follow */
	SUBJECTS_MAX = 20,
	/* Each lands on a page of its own, which COMMIT writes. */
	REFERENCE_COST_NS = 6000,
	BUCKET_S = SUBJECT_DAYS * 86400,
};

enum {
	LINK_RUN,
	LINK_RUN_OF_FOLDER,
	LINK_NEXT,
	LINK_ADVANCE_RUN,
	LINK_DROP_RUN,
	LINK_SIBLING,
	LINK_REFERENCE,
	LINK_NEW_REFERENCE,
	LINK_CONVERSATION,
	LINK_SAVE_CONVERSATION,
	LINK_JOIN,
	LINK_WANT,
	LINK_MERGE,
	LINK_FOLDERS,
	LINK_NEW_SUBJECT,
	LINK_SUBJECTS,
	LINK_CANDIDATE,
	LINK_SHRINK,
	LINK_ITEM,
	LINK_HAS_MEMBERS,
	LINK_DROP_REFERENCE,
	LINK_DROP_CONVERSATION,
	LINK_DROP_SUBJECT,
	LINK_LEFT,
	LINK_LEFT_IN_FOLDER,
	LINK_STATEMENTS,
};

static const char *const sql[] = {
	[LINK_RUN] = "SELECT id, folder, first, last "
		     "FROM run "
		     "WHERE kind = 0 AND account = ?1 "
		     "ORDER BY id DESC "
		     "LIMIT 1",
	[LINK_RUN_OF_FOLDER] =
		"SELECT id, folder, first, last "
		"FROM run "
		"WHERE kind = 0 AND account = ?1 AND folder = ?2 "
		"ORDER BY id DESC "
		"LIMIT 1",
	[LINK_NEXT] = "SELECT p.id, p.message, p.received, m.message_id, "
		      "m.in_reply_to, m.refs, m.subject, m.authors, "
		      "m.recipients, m.copies, m.state "
		      "FROM placement p "
		      "CROSS JOIN message m ON m.id = p.message "
		      "WHERE p.id BETWEEN ?1 AND ?2 AND +p.folder = ?3 "
		      "AND p.linked = 0 "
		      "ORDER BY p.id",
	[LINK_ADVANCE_RUN] = "UPDATE run SET first = ?2 WHERE id = ?1",
	[LINK_DROP_RUN] = "DELETE FROM run WHERE id = ?",
	[LINK_SIBLING] = "SELECT conversation "
			 "FROM placement "
			 "WHERE id = ?1 AND message = ?1 AND linked = 1 "
			 "UNION ALL "
			 "SELECT conversation "
			 "FROM placement "
			 "WHERE message = ?1 AND id <> message AND linked = 1 "
			 "LIMIT 1",
	[LINK_REFERENCE] = "SELECT conversation FROM reference WHERE hash = ?",
	[LINK_NEW_REFERENCE] = "INSERT INTO reference (hash, conversation) "
			       "VALUES (?, ?) "
			       "ON CONFLICT DO NOTHING",
	[LINK_CONVERSATION] = "SELECT merged_into, size "
			      "FROM conversation "
			      "WHERE id = ?",
	[LINK_SAVE_CONVERSATION] =
		"INSERT INTO conversation (id, merged_into, size) "
		"VALUES (?1, ?2, ?3) "
		"ON CONFLICT DO UPDATE SET merged_into = ?2, size = ?3",
	[LINK_JOIN] = "UPDATE placement "
		      "SET linked = 1, conversation = ?2 "
		      "WHERE id = ?1",
	[LINK_WANT] = "INSERT INTO wanted (account, received, message) "
		      "SELECT account, received, id "
		      "FROM message "
		      "WHERE id = ? "
		      "ON CONFLICT DO NOTHING",
	[LINK_MERGE] = "UPDATE placement "
		       "SET conversation = ?2 "
		       "WHERE conversation = ?1 AND linked = 1",
	/* Not from its thread rows, which may be due only now. */
	[LINK_FOLDERS] = "SELECT DISTINCT folder "
			 "FROM placement "
			 "WHERE conversation = ? AND linked = 1",
	[LINK_NEW_SUBJECT] = "INSERT INTO subject_link "
			     "(bucket, hash, orphan, message) "
			     "VALUES (?, ?, ?, ?) "
			     "ON CONFLICT DO NOTHING",
	/* Orphans first. */
	[LINK_SUBJECTS] = "SELECT message, orphan "
			  "FROM subject_link "
			  "WHERE bucket = ?1 AND hash = ?2 AND orphan >= ?3 "
			  "ORDER BY orphan DESC, message DESC "
			  "LIMIT ?4",
	[LINK_CANDIDATE] = "SELECT received, authors, recipients, copies "
			   "FROM message "
			   "WHERE id = ?",
	[LINK_SHRINK] = "UPDATE conversation "
			"SET size = size - 1 "
			"WHERE id = ? AND size > 1",
	[LINK_ITEM] = "SELECT 0, id, received, message_id, in_reply_to, refs, "
		      "subject, authors, recipients, copies, account "
		      "FROM message "
		      "WHERE id = ?",
	[LINK_HAS_MEMBERS] = "SELECT 1 "
			     "FROM placement "
			     "WHERE conversation = ? AND linked = 1 "
			     "LIMIT 1",
	[LINK_DROP_REFERENCE] = "DELETE FROM reference WHERE hash = ?",
	[LINK_DROP_CONVERSATION] = "DELETE FROM conversation WHERE id = ?",
	[LINK_DROP_SUBJECT] = "DELETE FROM subject_link "
			      "WHERE bucket = ? AND hash = ? AND orphan = ? "
			      "AND message = ?",
	[LINK_LEFT] = "SELECT sum(unlinked) "
		      "FROM folder "
		      "WHERE account = ? AND dropped = 0",
	[LINK_LEFT_IN_FOLDER] = "SELECT unlinked "
				"FROM folder "
				"WHERE id = ? AND dropped = 0",
};

const struct sql_table link_sql = { SQL_LINK, LINK_STATEMENTS, sql };

struct run {
	int64_t id; /* 0: none */
	int64_t folder;
	int64_t first;
	int64_t last;
};

/* A placement that waits; the slices live until the next one. */
struct item {
	int64_t placement;
	int64_t message;
	int64_t received;
	struct slice message_id;
	struct slice in_reply_to;
	struct slice references;
	struct slice subject;
	struct slice authors;
	struct slice recipients;
	struct slice copies;
};

/* Conversations a message points to. */
struct found_conversation {
	int64_t id;
	int64_t size;
};

struct linking {
	struct store *store;
	int64_t account;
	int64_t folder;
	const struct item *item;
	int64_t hashes[IDS_MAX];
	bool known[IDS_MAX]; /* the hash has a row */
	size_t n_hashes;
	struct found_conversation found[IDS_MAX + SUBJECTS_MAX];
	size_t n_found;
};

/* ---- reading what waits ---- */

static bool
find_run(struct store *store, int64_t account, int64_t folder,
	struct run *ret_run, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(
		store, &link_sql, folder ? LINK_RUN_OF_FOLDER : LINK_RUN, err);

	*ret_run = (struct run){ 0 };
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, account);
	if (folder)
		sqlite3_bind_int64(stmt, 2, folder);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_run = (struct run){
			.id = sqlite3_column_int64(stmt, 0),
			.folder = sqlite3_column_int64(stmt, 1),
			.first = sqlite3_column_int64(stmt, 2),
			.last = sqlite3_column_int64(stmt, 3),
		};
	return step != STEP_ERROR;
}

static void
read_item(sqlite3_stmt *stmt, struct item *item)
{
	*item = (struct item){
		.placement = sqlite3_column_int64(stmt, 0),
		.message = sqlite3_column_int64(stmt, 1),
		.received = sqlite3_column_int64(stmt, 2),
		.message_id = column_slice(stmt, 3),
		.in_reply_to = column_slice(stmt, 4),
		.references = column_slice(stmt, 5),
		.subject = column_slice(stmt, 6),
		.authors = column_slice(stmt, 7),
		.recipients = column_slice(stmt, 8),
		.copies = column_slice(stmt, 9),
	};
}

/* ---- conversations ---- */

static bool
save_conversation(struct store *store, int64_t id, int64_t merged_into,
	int64_t size, struct error *err)
{
	sqlite3_stmt *stmt =
		statement(store, &link_sql, LINK_SAVE_CONVERSATION, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	if (merged_into)
		sqlite3_bind_int64(stmt, 2, merged_into);
	else
		sqlite3_bind_null(stmt, 2);
	sqlite3_bind_int64(stmt, 3, size);
	return statement_run(store, stmt, err);
}

/* One step along the merges: `*id` moves on, or `*ret_size` is set. */
static bool
follow_merge(
	struct store *store, int64_t *id, int64_t *ret_size, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &link_sql, LINK_CONVERSATION, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, *id);
	step = statement_step(store, stmt, err);
	*ret_size = 1;
	if (step == STEP_ROW && sqlite3_column_int64(stmt, 0)) {
		*id = sqlite3_column_int64(stmt, 0);
		*ret_size = 0;
	} else if (step == STEP_ROW) {
		*ret_size = sqlite3_column_int64(stmt, 1);
	}
	return step != STEP_ERROR;
}

/* Notes a conversation the message belongs with, each once. */
static bool
add_conversation(struct linking *it, int64_t id, struct error *err)
{
	int64_t size = 0;

	for (int i = 0; i < CHAIN_MAX && size == 0; i++) {
		if (!follow_merge(it->store, &id, &size, err))
			return false;
	}
	for (size_t i = 0; i < it->n_found; i++) {
		if (it->found[i].id == id)
			return true;
	}
	it->found[it->n_found++] = (struct found_conversation){ id, size };
	return true;
}

/* ---- by reference ---- */

static void
add_hash(struct linking *it, struct slice id)
{
	int64_t hash;

	if (id.len == 0 || it->n_hashes == IDS_MAX)
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
	enum step step;
	int64_t id;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &link_sql, LINK_REFERENCE, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->hashes[at]);
	step = statement_step(it->store, stmt, err);
	it->known[at] = step == STEP_ROW;
	if (step != STEP_ROW)
		return step == STEP_DONE;
	id = sqlite3_column_int64(stmt, 0);
	return add_conversation(it, id, err);
}

static bool
find_by_references(struct linking *it, struct error *err)
{
	gather_hashes(it);
	for (size_t i = 0; i < it->n_hashes; i++) {
		if (!find_by_hash(it, i, err))
			return false;
	}
	return true;
}

static bool
save_references(struct linking *it, int64_t conversation, struct error *err)
{
	for (size_t i = 0; i < it->n_hashes; i++) {
		sqlite3_stmt *stmt;

		if (it->known[i])
			continue;
		stmt = statement(it->store, &link_sql, LINK_NEW_REFERENCE, err);
		if (!stmt)
			return false;
		sqlite3_bind_int64(stmt, 1, it->hashes[i]);
		sqlite3_bind_int64(stmt, 2, conversation);
		it->store->tally.cost_ns += REFERENCE_COST_NS;
		if (!statement_run(it->store, stmt, err))
			return false;
	}
	return true;
}

/* ---- by subject ---- */

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
	const struct item *item = it->item;
	int64_t apart;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &link_sql, LINK_CANDIDATE, err);

	*ret_fits = false;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(it->store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE;
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

/* The conversation a linked message is in; 0: none. */
static bool
conversation_of(struct store *store, int64_t message, int64_t *ret_id,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &link_sql, LINK_SIBLING, err);

	*ret_id = 0;
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step == STEP_ROW)
		*ret_id = sqlite3_column_int64(stmt, 0);
	return step != STEP_ERROR;
}

static bool
find_in_bucket(struct linking *it, int64_t bucket, int64_t hash, bool is_orphan,
	size_t *room, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &link_sql, LINK_SUBJECTS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, bucket);
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
		if (conversation && !add_conversation(it, conversation, err))
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

/* What the index by subject says of the message; false: nothing. */
static bool
subject_key(struct linking *it, int64_t *ret_bucket, int64_t *ret_hash,
	bool *ret_is_orphan)
{
	const struct item *item = it->item;
	char *subject CLEANUP(freep) = NULL;
	bool is_reply = false;
	struct slice base;

	if (item->subject.len == 0)
		return false;
	subject = xmemdup0(item->subject.data, item->subject.len);
	base = slice_trim(subject_base(subject, &is_reply));
	if (base.len == 0)
		return false;
	*ret_bucket = item->received / BUCKET_S;
	*ret_hash = hash_subject(it, base);
	*ret_is_orphan = is_reply && item->in_reply_to.len == 0 &&
			 item->references.len == 0;
	return true;
}

static bool
save_subject(struct linking *it, int64_t bucket, int64_t hash, bool is_orphan,
	struct error *err)
{
	sqlite3_stmt *stmt =
		statement(it->store, &link_sql, LINK_NEW_SUBJECT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, bucket);
	sqlite3_bind_int64(stmt, 2, hash);
	sqlite3_bind_int(stmt, 3, is_orphan);
	sqlite3_bind_int64(stmt, 4, it->item->message);
	return statement_run(it->store, stmt, err);
}

static bool
find_by_subject(struct linking *it, struct error *err)
{
	bool is_orphan = false;
	int64_t bucket = 0;
	int64_t hash = 0;
	size_t room = SUBJECTS_MAX;

	if (!subject_key(it, &bucket, &hash, &is_orphan))
		return true;
	/* Only a reply without a parent looks back. */
	for (int64_t i = is_orphan ? -1 : 0; i <= 1 && room > 0; i++) {
		if (!find_in_bucket(
			    it, bucket + i, hash, is_orphan, &room, err))
			return false;
	}
	return save_subject(it, bucket, hash, is_orphan, err);
}

/* ---- joining ---- */

/* Thread rows of both become due. */
static bool
touch_threads(struct linking *it, int64_t from, int64_t into, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &link_sql, LINK_FOLDERS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, from);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		int64_t folder = sqlite3_column_int64(stmt, 0);

		if (!tally_touch_thread(it->store, from, folder, 1, err) ||
			!tally_touch_thread(it->store, into, folder, 0, err))
			return false;
	}
	return step == STEP_DONE;
}

static bool
merge(struct linking *it, const struct found_conversation *from,
	struct found_conversation *into, struct error *err)
{
	sqlite3_stmt *stmt;

	if (!touch_threads(it, from->id, into->id, err))
		return false;
	stmt = statement(it->store, &link_sql, LINK_MERGE, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, from->id);
	sqlite3_bind_int64(stmt, 2, into->id);
	if (!statement_run(it->store, stmt, err) ||
		!save_conversation(it->store, from->id, into->id, 0, err))
		return false;
	into->size += from->size;
	return true;
}

/* The largest with room for one more; NULL: none. */
static struct found_conversation *
choose(struct linking *it)
{
	struct found_conversation *best = NULL;

	for (size_t i = 0; i < it->n_found; i++) {
		struct found_conversation *c = &it->found[i];

		if (c->size < CONVERSATION_MAX &&
			(!best || c->size > best->size))
			best = c;
	}
	return best;
}

/* Into one of those found, with the others; or one of its own. */
static bool
join_found(struct linking *it, int64_t *ret_conversation, struct error *err)
{
	struct found_conversation *into = choose(it);

	*ret_conversation = it->item->placement;
	if (!into)
		return true;
	into->size++;
	for (size_t i = 0; i < it->n_found; i++) {
		const struct found_conversation *c = &it->found[i];

		if (c != into && into->size + c->size <= CONVERSATION_MAX &&
			!merge(it, c, into, err))
			return false;
	}
	*ret_conversation = into->id;
	return save_conversation(it->store, into->id, 0, into->size, err);
}

static bool
find_conversation(
	struct linking *it, int64_t *ret_conversation, struct error *err)
{
	if (!conversation_of(
		    it->store, it->item->message, ret_conversation, err))
		return false;
	if (*ret_conversation)
		return true;
	it->n_found = 0;
	return find_by_references(it, err) && find_by_subject(it, err) &&
	       join_found(it, ret_conversation, err) &&
	       save_references(it, *ret_conversation, err);
}

static bool
link_one(struct linking *it, struct error *err)
{
	int64_t conversation = 0;
	struct tally_folder *folder;
	sqlite3_stmt *stmt;

	if (!find_conversation(it, &conversation, err))
		return false;
	stmt = statement(it->store, &link_sql, LINK_JOIN, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->item->placement);
	sqlite3_bind_int64(stmt, 2, conversation);
	if (!statement_run(it->store, stmt, err))
		return false;
	folder = tally_folder(it->store, it->folder, err);
	if (!folder)
		return false;
	folder->unlinked--;
	return tally_touch_thread(it->store, conversation, it->folder,
		conversation == it->item->placement ? 1 : 0, err);
}

/* ---- parting ---- */

static bool
run_with_id(struct store *store, int which, int64_t id, struct error *err)
{
	sqlite3_stmt *stmt = statement(store, &link_sql, which, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return statement_run(store, stmt, err);
}

bool
link_left(struct store *store, int64_t conversation, struct error *err)
{
	return run_with_id(store, LINK_SHRINK, conversation, err);
}

static bool
has_members(struct store *store, int64_t conversation, bool *ret_has,
	struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &link_sql, LINK_HAS_MEMBERS, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, conversation);
	step = statement_step(store, stmt, err);
	*ret_has = step == STEP_ROW;
	return step != STEP_ERROR;
}

/* Hashes that lead to conversations without messages. */
static bool
forget_references(struct linking *it, struct error *err)
{
	gather_hashes(it);
	for (size_t i = 0; i < it->n_hashes; i++) {
		bool has = true;

		it->n_found = 0;
		if (!find_by_hash(it, i, err))
			return false;
		if (it->n_found == 0)
			continue;
		if (!has_members(it->store, it->found[0].id, &has, err))
			return false;
		if (!has &&
			(!run_with_id(it->store, LINK_DROP_REFERENCE,
				 it->hashes[i], err) ||
				!run_with_id(it->store, LINK_DROP_CONVERSATION,
					it->found[0].id, err)))
			return false;
	}
	return true;
}

static bool
forget_subject(struct linking *it, struct error *err)
{
	bool is_orphan = false;
	int64_t bucket = 0;
	int64_t hash = 0;
	sqlite3_stmt *stmt;

	if (!subject_key(it, &bucket, &hash, &is_orphan))
		return true;
	stmt = statement(it->store, &link_sql, LINK_DROP_SUBJECT, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, bucket);
	sqlite3_bind_int64(stmt, 2, hash);
	sqlite3_bind_int(stmt, 3, is_orphan);
	sqlite3_bind_int64(stmt, 4, it->item->message);
	return statement_run(it->store, stmt, err);
}

bool
link_forget(struct store *store, int64_t message, struct error *err)
{
	struct linking *it CLEANUP(freep) = xnew(struct linking);
	struct item item;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(store, &link_sql, LINK_ITEM, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, message);
	step = statement_step(store, stmt, err);
	if (step != STEP_ROW)
		return step == STEP_DONE;
	read_item(stmt, &item);
	it->store = store;
	it->item = &item;
	it->account = sqlite3_column_int64(stmt, 10);
	return forget_references(it, err) && forget_subject(it, err);
}

/* ---- runs ---- */

static bool
save_run(struct store *store, const struct run *run, struct error *err)
{
	bool over = run->first > run->last;
	sqlite3_stmt *stmt = statement(
		store, &link_sql, over ? LINK_DROP_RUN : LINK_ADVANCE_RUN, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, run->id);
	if (!over)
		sqlite3_bind_int64(stmt, 2, run->first);
	return statement_run(store, stmt, err);
}

/* As far as the transaction's time goes. */
static bool
link_run(struct transaction *tx, struct linking *it, struct run *run,
	struct error *err)
{
	struct item item;
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &link_sql, LINK_NEXT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, run->first);
	sqlite3_bind_int64(stmt, 2, run->last);
	sqlite3_bind_int64(stmt, 3, run->folder);
	it->folder = run->folder;
	it->item = &item;
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		bool has_text = sqlite3_column_int(stmt, 10) != 0;

		read_item(stmt, &item);
		if (!link_one(it, err) ||
			(!has_text && !run_with_id(it->store, LINK_WANT,
					      item.message, err)))
			return false;
		run->first = item.placement + 1;
		if (transaction_is_due(tx))
			break;
	}
	if (step == STEP_ERROR)
		return false;
	if (step == STEP_DONE)
		run->first = run->last + 1;
	return save_run(it->store, run, err);
}

static bool
count_left(struct store *store, int64_t account, int64_t folder,
	int64_t *ret_left, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement(store, &link_sql,
		folder ? LINK_LEFT_IN_FOLDER : LINK_LEFT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, folder ? folder : account);
	step = statement_step(store, stmt, err);
	*ret_left = step == STEP_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	return step != STEP_ERROR;
}

bool
message_link_some(struct transaction *tx, int64_t account, int64_t folder,
	int64_t *ret_left, struct error *err)
{
	struct store *store = tx->store;
	struct linking *it CLEANUP(freep) = xnew(struct linking);
	struct run run;

	store_assert_writing(store);
	it->store = store;
	it->account = account;
	do {
		if (!find_run(store, account, folder, &run, err) ||
			(run.id && !link_run(tx, it, &run, err)))
			return false;
	} while (run.id && !transaction_is_due(tx));
	if (!count_left(store, account, folder, ret_left, err))
		return false;
	*ret_left += tally_unlinked(store, account, folder);
	return true;
}
