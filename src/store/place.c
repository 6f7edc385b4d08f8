/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placing: a message comes to a folder, new or known from elsewhere. */
#include "base/gettext.h"
#include "store/identity.h"
#include "store/message.h"
#include "store/operation_settle.h"
#include "store/part.h"
#include "store/placement.h"
#include "store/private.h"

enum {
	/* Looked at for one new message; only a hostile server has more. */
	CANDIDATES_MAX = 16,
	SIBLINGS_MAX = 64,
};

enum {
	PLACE_CANDIDATES,
	PLACE_SIBLINGS,
	PLACE_NEW_MESSAGE,
	PLACE_NEW_PLACEMENT,
	PLACE_ADOPT,
	PLACE_UNINDEXED,
	PLACE_UNORPHAN,
	PLACE_IDENTIFY,
	PLACE_STATEMENTS,
};

static const char *const sql[] = {
	[PLACE_CANDIDATES] = "SELECT id, account, size, received, header_hash, "
			     "message_id, email_id "
			     "FROM message "
			     "WHERE identity = ? "
			     "LIMIT ?",
	/* Its first placement and the others. */
	[PLACE_SIBLINGS] =
		"SELECT " PLACEMENT_FACTS ", uid_space, uid "
		"FROM placement "
		"WHERE id = ?1 AND message = ?1 "
		"UNION ALL SELECT " PLACEMENT_FACTS ", uid_space, uid "
		"FROM placement "
		"WHERE message = ?1 AND id <> message "
		"LIMIT ?2",
	[PLACE_NEW_MESSAGE] =
		"INSERT INTO message "
		"(id, account, state, attachments, received, size, date, "
		"subject, authors, list_id, recipients, copies, message_id, "
		"in_reply_to, refs, sender, reply_to, blind_copies, identity, "
		"header_hash, email_id, parts_stamp, parts) "
		"VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		"?, ?, ?, 0, ?)",
	[PLACE_NEW_PLACEMENT] =
		"INSERT INTO placement "
		"(id, message, folder, hidden, linked, received, uid_space, "
		"uid, conversation, flags, keywords, server_flags, "
		"server_keywords, modseq) "
		"VALUES (?1, ?2, ?3, 0, 0, ?4, ?5, ?6, ?1, ?7, ?8, ?7, ?8, ?9) "
		"ON CONFLICT DO NOTHING",
	[PLACE_ADOPT] = "UPDATE placement "
			"SET uid_space = ?2, uid = ?3 "
			"WHERE id = ?1",
	[PLACE_UNINDEXED] = "INSERT INTO run "
			    "(kind, account, folder, first, last, newest) "
			    "SELECT 1, m.account, 0, m.id, m.id, 0 "
			    "FROM orphan o JOIN message m ON m.id = o.message "
			    "WHERE o.message = ? AND o.unindexed = 1",
	[PLACE_IDENTIFY] = "UPDATE message "
			   "SET size = ?2, header_hash = ?3, identity = ?4 "
			   "WHERE id = ?1 AND identity IS NULL",
	[PLACE_UNORPHAN] = "DELETE FROM orphan WHERE message = ?",
};

const struct sql_table place_sql = { SQL_PLACE, PLACE_STATEMENTS, sql };

/* A message that is to be placed, and what was found out about it. */
struct placing {
	struct store *store;
	const struct message_new *new;
	struct tally_folder *folder;
	struct identity identity;
	int64_t account;
	int64_t message;   /* 0: not here yet */
	int64_t adopted;   /* a placement without UID that is this one */
	int64_t placement; /* the outcome */
};

static bool
is_same(const struct placing *it, sqlite3_stmt *candidate)
{
	struct slice message_id = column_slice(candidate, 5);
	struct slice email_id = column_slice(candidate, 6);

	if (sqlite3_column_int64(candidate, 1) != it->account)
		return false;
	if (email_id.len > 0 && it->new->email_id.len > 0)
		return slice_eq(email_id, it->new->email_id);
	return message_id.len > 0 && it->identity.header_hash != 0 &&
	       sqlite3_column_int64(candidate, 2) == store_int(it->new->size) &&
	       sqlite3_column_int64(candidate, 4) == it->identity.header_hash &&
	       slice_eq(message_id, slice_str(it->new->envelope->message_id));
}

/* What the candidate's other placements allow. */
enum fit { FIT_NO, FIT_YES, FIT_KNOWN, FIT_ADOPT, FIT_ERROR };

/*
 * Another copy in the same folder is another message, since two of them could
 * differ where we have not looked; the server's own identity alone says more.
 */
static enum fit
try_siblings(struct placing *it, int64_t message, bool certain, bool same_time,
	struct error *err)
{
	enum fit fit = certain || same_time ? FIT_YES : FIT_NO;
	enum step step;
	bool awaited;
	int n = 0;
	sqlite3_stmt *stmt CLEANUP(statement_done) =
		statement(it->store, &place_sql, PLACE_SIBLINGS, err);

	if (!stmt)
		return FIT_ERROR;
	sqlite3_bind_int64(stmt, 1, message);
	sqlite3_bind_int(stmt, 2, SIBLINGS_MAX);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		struct placement_facts facts;
		int64_t space = sqlite3_column_int64(stmt, 8);

		placement_read_facts(stmt, &facts);
		n++;
		if (facts.folder != it->folder->id)
			continue;
		if (it->new->uid &&
			space ==
				it->folder->uid_space &&sqlite3_column_int64(
					stmt, 9) == it->new->uid)
			return FIT_KNOWN;
		if (space != it->folder->uid_space && space != 0 &&
			it->new->uid) {
			it->adopted = facts.id;
			return FIT_ADOPT;
		}
		if (space == 0 && it->new->uid) {
			if (!items_may_adopt(
				    it->store, facts.id, &awaited, err))
				return FIT_ERROR;
			if (awaited) {
				it->adopted = facts.id;
				return FIT_ADOPT;
			}
		}
		if (!certain)
			fit = FIT_NO;
	}
	if (step == STEP_ERROR)
		return FIT_ERROR;
	return n < SIBLINGS_MAX ? fit : FIT_NO;
}

/* Looks for the same message in the account. */
static bool
find_same(struct placing *it, struct error *err)
{
	enum step step;
	sqlite3_stmt *stmt CLEANUP(statement_done) = NULL;

	if (!it->identity.known)
		return !it->new->uid ||
		       items_find_awaited(it->store, it->account,
			       it->folder->id, store_int(it->new->size),
			       it->identity.header_hash, it->new->received,
			       &it->adopted, &it->message, err);
	stmt = statement(it->store, &place_sql, PLACE_CANDIDATES, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->identity.key);
	sqlite3_bind_int(stmt, 2, CANDIDATES_MAX);
	while ((step = statement_step(it->store, stmt, err)) == STEP_ROW) {
		int64_t message = sqlite3_column_int64(stmt, 0);
		bool certain = sqlite3_column_bytes(stmt, 6) > 0 &&
			       it->new->email_id.len > 0;
		bool same_time =
			sqlite3_column_int64(stmt, 3) == it->new->received;

		if (!is_same(it, stmt))
			continue;
		switch (try_siblings(it, message, certain, same_time, err)) {
		case FIT_NO:
			continue;
		case FIT_YES:
		case FIT_KNOWN:
		case FIT_ADOPT:
			it->message = message;
			return true;
		case FIT_ERROR:
			return false;
		}
	}
	return step == STEP_DONE;
}

/* Packs into a buffer of the handle, which lives until the next message. */
static struct slice
pack_addresses(
	struct store *store, int scratch, const struct address_list *list)
{
	struct strbuf *buf = &store->scratch[scratch];

	strbuf_reset(buf);
	if (list->n)
		address_list_pack(list, buf);
	return strbuf_slice(buf);
}

/* One a line, appended; `*ret` is where. */
static void
pack_ids(struct strbuf *buf, const struct message_ids *ids, size_t *ret_start)
{
	*ret_start = buf->len;
	for (size_t i = 0; i < ids->n; i++) {
		if (strchr(ids->items[i], '\n'))
			continue;
		if (buf->len > *ret_start)
			strbuf_add_char(buf, '\n');
		strbuf_add_str(buf, ids->items[i]);
	}
}

static void
bind_lists(struct store *store, sqlite3_stmt *stmt,
	const struct envelope *envelope)
{
	struct strbuf *ids = &store->scratch[6];
	size_t refs;
	size_t parents;

	bind_slice_text_null(
		stmt, 8, pack_addresses(store, 0, &envelope->from));
	bind_slice_text_null(stmt, 10, pack_addresses(store, 1, &envelope->to));
	bind_slice_text_null(stmt, 11, pack_addresses(store, 2, &envelope->cc));
	bind_slice_text_null(
		stmt, 15, pack_addresses(store, 3, &envelope->sender));
	bind_slice_text_null(
		stmt, 16, pack_addresses(store, 4, &envelope->reply_to));
	bind_slice_text_null(
		stmt, 17, pack_addresses(store, 5, &envelope->bcc));
	strbuf_reset(ids);
	pack_ids(ids, &envelope->in_reply_to, &parents);
	pack_ids(ids, &envelope->references, &refs);
	bind_slice_text_null(stmt, 13, slice_make(ids->data, refs));
	bind_slice_text_null(
		stmt, 14, slice_make(ids->data + refs, ids->len - refs));
}

static bool
insert_message(struct placing *it, struct error *err)
{
	const struct message_new *new = it->new;
	const struct envelope *envelope = new->envelope;
	struct strbuf *parts = &it->store->scratch[7];
	sqlite3_stmt *stmt =
		statement(it->store, &place_sql, PLACE_NEW_MESSAGE, err);
	bool done;

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->message);
	sqlite3_bind_int64(stmt, 2, it->account);
	sqlite3_bind_int(
		stmt, 3, new->parts ? part_tree_attachments(new->parts) : 0);
	sqlite3_bind_int64(stmt, 4, new->received);
	sqlite3_bind_int64(stmt, 5, store_int(new->size));
	sqlite3_bind_int64(stmt, 6, envelope->date);
	bind_text(stmt, 7, envelope->subject);
	bind_lists(it->store, stmt, envelope);
	bind_text(stmt, 9, envelope->list_id);
	bind_text(stmt, 12, envelope->message_id);
	if (it->identity.known)
		sqlite3_bind_int64(stmt, 18, it->identity.key);
	else
		sqlite3_bind_null(stmt, 18);
	sqlite3_bind_int64(stmt, 19, it->identity.header_hash);
	if (new->email_id.len)
		bind_blob(stmt, 20, new->email_id);
	else
		sqlite3_bind_null(stmt, 20);
	strbuf_reset(parts);
	if (new->parts &&new->parts->n)
		part_tree_pack(new->parts, parts);
	if (parts->len && !parts->full)
		bind_blob(stmt, 21, strbuf_slice(parts));
	else
		sqlite3_bind_null(stmt, 21);
	done = statement_run(it->store, stmt, err);
	return done;
}

/* `*ret_known`: its UID stands there already and nothing was written. */
static bool
insert_placement(struct placing *it, bool *ret_known, struct error *err)
{
	const struct message_new *new = it->new;
	sqlite3_stmt *stmt =
		statement(it->store, &place_sql, PLACE_NEW_PLACEMENT, err);

	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->placement);
	sqlite3_bind_int64(stmt, 2, it->message);
	sqlite3_bind_int64(stmt, 3, it->folder->id);
	sqlite3_bind_int64(stmt, 4, new->received);
	if (new->uid) {
		sqlite3_bind_int64(stmt, 5, it->folder->uid_space);
		sqlite3_bind_int64(stmt, 6, new->uid);
	} else {
		sqlite3_bind_null(stmt, 5);
		sqlite3_bind_null(stmt, 6);
	}
	sqlite3_bind_int64(stmt, 7, new->flags->bits);
	bind_slice_text_null(stmt, 8, slice_str(new->flags->keywords));
	sqlite3_bind_int64(stmt, 9, (int64_t) new->modseq);
	if (!statement_run(it->store, stmt, err))
		return false;
	*ret_known = sqlite3_changes(it->store->db) == 0;
	if (*ret_known)
		return true;
	it->folder->placed++;
	it->folder->unlinked++;
	it->folder->unread += placement_is_unread(new->flags->bits);
	if (new->received > it->folder->newest || !it->folder->first[RUN_LINK])
		it->folder->newest = new->received;
	tally_queue(it->folder, RUN_LINK, it->placement);
	return true;
}

/* The UID stands in the folder. */
static bool
place_known(struct placing *it, bool *ret_done, struct error *err)
{
	struct placement_facts facts;
	enum found found = placement_update(it->store, it->folder->uid_space,
		it->new->uid, it->new->flags, it->new->modseq, &facts, err);

	*ret_done = found == FOUND;
	if (found == FOUND) {
		it->message = facts.message;
		it->placement = facts.id;
	}
	return found != FOUND_ERROR;
}

bool
message_returns(struct store *store, int64_t message, struct error *err)
{
	return statement_run_id(
		       store, &place_sql, PLACE_UNINDEXED, message, err) &&
	       statement_run_id(
		       store, &place_sql, PLACE_UNORPHAN, message, err);
}

/* A message the account has: it gets a placement more, or a placement that
 * lost its UID gets the new one. */
static bool
place_again(struct placing *it, struct error *err)
{
	sqlite3_stmt *stmt;
	bool done;

	if (!it->adopted)
		return tally_new_id(it->store, &it->placement, err) &&
		       insert_placement(it, &done, err) &&
		       message_returns(it->store, it->message, err);
	stmt = statement(it->store, &place_sql, PLACE_ADOPT, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, it->adopted);
	sqlite3_bind_int64(stmt, 2, it->folder->uid_space);
	sqlite3_bind_int64(stmt, 3, it->new->uid);
	return statement_run(it->store, stmt, err) &&
	       place_known(it, &done, err) &&
	       items_adopted(it->store, it->adopted, err);
}

static bool
place_new(struct placing *it, struct error *err)
{
	bool known = false;

	if (!tally_new_id(it->store, &it->message, err))
		return false;
	it->placement = it->message;
	if (!insert_placement(it, &known, err))
		return false;
	if (known)
		return place_known(it, &known, err);
	tally_queue(it->folder, RUN_INDEX, it->message);
	return insert_message(it, err);
}

bool
message_place(struct store *store, int64_t account, int64_t folder,
	const struct message_new *message, int64_t *ret_message,
	int64_t *ret_placement, struct error *err)
{
	struct placing it = {
		.store = store, .new = message, .account = account
	};
	bool done = false;

	store_assert_writing(store);
	it.folder = tally_folder(store, folder, err);
	if (!it.folder)
		return false;
	if (it.folder->dropped)
		return error_set(err, ERR_STALE, _("The folder is gone"));
	it.identity = identity_of(store->home->hash_key, account,
		message->envelope, message->size, message->header,
		message->email_id, &store->scratch[0]);
	if (!find_same(&it, err))
		return false;
	if (it.message && message->uid && !place_known(&it, &done, err))
		return false;
	if (!done &&
		!(it.message ? place_again(&it, err) : place_new(&it, err)))
		return false;
	if (ret_message)
		*ret_message = it.message;
	if (ret_placement)
		*ret_placement = it.placement;
	return true;
}

bool
message_identify(struct store *store, int64_t message, struct slice header,
	struct error *err)
{
	struct message row CLEANUP(message_clear) = { 0 };
	struct identity identity;
	sqlite3_stmt *stmt;
	enum found found = message_load(store, message, &row, err);

	store_assert_writing(store);
	if (found == FOUND)
		found = section_size(store, message, "", &row.size, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	identity = identity_of(store->home->hash_key, row.account,
		&row.envelope, row.size, header, SLICE(""), &store->scratch[0]);
	stmt = statement_of(store, &place_sql, PLACE_IDENTIFY, message, err);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 2, store_int(row.size));
	sqlite3_bind_int64(stmt, 3, identity.header_hash);
	if (identity.known)
		sqlite3_bind_int64(stmt, 4, identity.key);
	else
		sqlite3_bind_null(stmt, 4);
	return statement_run(store, stmt, err);
}

bool
message_set_aside(struct store *store, int64_t account, int64_t folder,
	const struct message_new *message, int64_t *ret_message,
	struct error *err)
{
	struct placement_row row CLEANUP(placement_row_clear) = { 0 };
	int64_t placement;

	return message_place(store, account, folder, message, ret_message,
		       &placement, err) &&
	       placement_row_load(store, placement, &row, err) == FOUND &&
	       placement_delete_row(store, &row.facts, err);
}

bool
message_bring(struct store *store, int64_t folder, int64_t message,
	const struct flags *flags, int64_t received, int64_t *ret_placement,
	struct error *err)
{
	struct message_new new = { .flags = flags, .received = received };
	struct placing it = {
		.store = store,
		.new = &new,
		.message = message,
	};

	store_assert_writing(store);
	it.folder = tally_folder(store, folder, err);
	if (!it.folder || !place_again(&it, err))
		return false;
	*ret_placement = it.placement;
	return true;
}
