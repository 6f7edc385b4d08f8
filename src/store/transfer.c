/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/transfer.h"

#include "base/bug.h"
#include "base/gettext.h"
#include "store/action_row.h"
#include "store/link.h"
#include "store/message.h"
#include "store/operation_settle.h"
#include "store/part.h"
#include "store/private.h"

/* Of a message's beginning, for what tells it from others. */
enum { HEADER_MAX = PART_SLICE_BYTES };

enum {
	TRANSFER_FOLDER,
	TRANSFER_STATEMENTS,
};

static const char *const sql[] = {
	[TRANSFER_FOLDER] = "SELECT account, remote IS NULL "
			    "FROM folder "
			    "WHERE id = ?",
};

const struct sql_table transfer_sql = { SQL_TRANSFER, TRANSFER_STATEMENTS,
	sql };

/* ---- which way ---- */

/* A folder that is gone is nobody's. */
static bool
find_side(struct store *store, int64_t folder, int64_t *ret_account,
	bool *ret_local, struct error *err)
{
	sqlite3_stmt *stmt CLEANUP(statement_done) = statement_of(
		store, &transfer_sql, TRANSFER_FOLDER, folder, err);
	enum found found = statement_find(store, stmt, err);

	*ret_account = 0;
	*ret_local = false;
	if (found != FOUND)
		return found == NOT_FOUND;
	*ret_account = sqlite3_column_int64(stmt, 0);
	*ret_local = sqlite3_column_int(stmt, 1) != 0;
	return true;
}

bool
route_find(struct store *store, const struct operation_row *operation,
	struct route *ret_route, struct error *err)
{
	struct route route = { 0 };

	if (!find_side(store, operation->folder, &route.from_account,
		    &route.from_local, err) ||
		!find_side(store, operation->target_folder, &route.to_account,
			&route.to_local, err))
		return false;
	/* The account has no server, whatever its folders say. */
	if (operation->local) {
		route.from_local = true;
		route.to_local |= route.to_account == route.from_account;
	}
	route.transfers = (operation->kind == OPERATION_MOVE ||
				  operation->kind == OPERATION_COPY) &&
			  route.from_account && route.to_account &&
			  (route.from_account != route.to_account ||
				  route.from_local != route.to_local);
	*ret_route = route;
	return true;
}

bool
route_settle(struct store *store, struct operation_row *row, struct error *err)
{
	struct route route;

	if (!route_find(store, row, &route, err))
		return false;
	/* What is said of another account says nothing. */
	if (route.from_account && route.from_account != row->account)
		row->local = false;
	if (route.from_account)
		row->account = route.from_account;
	row->local = (row->local || route.from_local) &&
		     (!route.transfers || route.to_local);
	return true;
}

bool
route_accounts(struct store *store, const struct operation_row *operation,
	struct id_array *ret_accounts, struct error *err)
{
	struct route route;

	if (!route_find(store, operation, &route, err))
		return false;
	push_once(ret_accounts, operation->account);
	if (route.transfers)
		push_once(ret_accounts, route.to_account);
	return true;
}

/* ---- the message as the other account has it ---- */

static bool
add_header(void *ctx, struct slice piece)
{
	struct strbuf *header = ctx;

	strbuf_add_slice(header, slice_head(piece, HEADER_MAX - header->len));
	return header->len < HEADER_MAX;
}

/* Its first bytes, where they are held; `*ret_whole`: all are. */
static bool
load_header(struct store *store, int64_t message, struct strbuf *out,
	bool *ret_whole, struct error *err)
{
	static const char *const sections[] = { "", "HEADER" };

	*ret_whole = false;
	strbuf_init(out, HEADER_MAX + 1);
	for (size_t i = 0; i < ARRAY_LEN(sections) && !out->len; i++) {
		enum found found = section_stream(
			store, message, sections[i], add_header, out, err);

		/* There was more than is wanted. */
		if (found == FOUND_ERROR && err->kind == ERR_CANCELLED) {
			error_clear(err);
			found = FOUND;
		}
		if (found == FOUND_ERROR)
			return false;
		*ret_whole = *ret_whole || (i == 0 && found == FOUND);
	}
	return true;
}

/* Counts of the server's are ours to lead until it tells its own. */
static bool
count_ahead(struct store *store, int64_t folder, const struct flags *flags,
	struct error *err)
{
	struct tally_folder *entry = tally_folder(store, folder, err);

	if (!entry)
		return false;
	entry->server_total++;
	entry->server_unread += placement_is_unread(flags->bits);
	return true;
}

static bool
make_target(struct store *store, const struct route *route, int64_t folder,
	const struct placement_row *from, const struct message *message,
	struct slice header, int64_t *ret_message, int64_t *ret_target,
	struct error *err)
{
	struct flags flags = { from->facts.flags & ~(uint32_t)FLAG_DELETED,
		from->keywords };
	struct message_new new = {
		.envelope = &message->envelope,
		.parts = message->parts.n ? &message->parts : NULL,
		.flags = &flags,
		.header = header,
		.received = from->facts.received,
		.size = message->size,
	};

	return message_place(store, route->to_account, folder, &new,
		       ret_message, ret_target, err) &&
	       count_ahead(store, folder, &flags, err) &&
	       text_copy(store, from->facts.message, *ret_message, err) &&
	       link_placement(
		       store, route->to_account, folder, *ret_target, err);
}

/* What lives only here brings its bytes along. */
static bool
bring_bytes(struct store *store, int64_t from, int64_t to, struct error *err)
{
	uint64_t size;
	enum found found = section_size(store, to, "", &size, err);

	if (found == NOT_FOUND)
		return section_copy(store, from, to, "", err);
	return found == FOUND;
}

bool
transfer_begin(struct store *store, const struct route *route,
	int64_t target_folder, const struct placement_row *from,
	struct item_row *item, bool *ret_began, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	int64_t source = from->facts.message;
	int64_t copy = 0;
	bool whole = false;
	enum found found = message_load(store, source, &message, err);

	*ret_began = false;
	if (found != FOUND)
		return found == NOT_FOUND;
	if (!load_header(store, source, &header, &whole, err))
		return false;
	/* Nobody can bring what is missing. */
	if (route->from_local && !whole)
		return true;
	if (!make_target(store, route, target_folder, from, &message,
		    strbuf_slice(&header), &copy, &item->target, err) ||
		(route->from_local && !bring_bytes(store, source, copy, err)))
		return false;
	*ret_began = true;
	if (route->from_local && route->to_local)
		return true;
	item->phase = route->from_local ? PHASE_SEND : PHASE_FETCH;
	item->account =
		route->from_local ? route->to_account : route->from_account;
	return true;
}

/* ---- phases ---- */

/* What was moved and what it became bear each other's names. */
static bool
leave_nothing(struct store *store, struct item_row *item, struct error *err)
{
	return (!item->placement || !item->target ||
		       item_rows_repoint(store, item->placement, item->target,
			       item->id, err)) &&
	       item_row_set_state(store, item, ITEM_DONE, err);
}

bool
transfer_arrived(struct store *store, const struct operation_row *operation,
	struct item_row *item, struct error *err)
{
	struct placement_row source CLEANUP(placement_row_clear) = { 0 };
	int64_t account = 0;
	bool local = false;
	enum found found = NOT_FOUND;

	if (operation->kind == OPERATION_COPY)
		return item_row_set_state(store, item, ITEM_DONE, err);
	if (item->placement)
		found = placement_row_load(
			store, item->placement, &source, err);
	if (found != FOUND)
		return found == NOT_FOUND && leave_nothing(store, item, err);
	if (!find_side(store, source.facts.folder, &account, &local, err))
		return false;
	if (!local)
		return item_row_pass_on(
			store, item, PHASE_REMOVE, account, err);
	return item_row_set_state(store, item, ITEM_DONE, err) &&
	       item_leave_source(store, item, false, err);
}

static bool
fetched(struct store *store, const struct operation_row *operation,
	struct item_row *item, struct error *err)
{
	struct placement_row target CLEANUP(placement_row_clear) = { 0 };
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	struct route route;
	bool whole = false;

	if (!route_find(store, operation, &route, err) ||
		placement_row_load(store, item->target, &target, err) ==
			FOUND_ERROR ||
		!load_header(
			store, target.facts.message, &header, &whole, err) ||
		!message_identify(store, target.facts.message,
			strbuf_slice(&header), err))
		return false;
	return route.to_local ? transfer_arrived(store, operation, item, err)
			      : item_row_pass_on(store, item, PHASE_SEND,
					route.to_account, err);
}

static bool
sent(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, bool *ret_settling,
	struct error *err)
{
	enum item_state state;

	if (!item_take_uid(store, operation, item, uid, &state, err))
		return false;
	*ret_settling = state == ITEM_SETTLING;
	return *ret_settling
		       ? item_row_set_state(store, item, ITEM_SETTLING, err)
		       : transfer_arrived(store, operation, item, err);
}

bool
transfer_finish(struct store *store, const struct operation_row *operation,
	struct item_row *item, uint32_t uid, bool keeps_deleted,
	bool *ret_settling, struct error *err)
{
	*ret_settling = false;
	switch (item->phase) {
	case PHASE_FETCH:
		return fetched(store, operation, item, err) &&
		       effect_refresh(store, item->target, false, err);
	case PHASE_SEND:
		return sent(store, operation, item, uid, ret_settling, err) &&
		       effect_refresh(store, item->target, false, err);
	case PHASE_REMOVE:
		return item_row_set_state(store, item, ITEM_DONE, err) &&
		       item_leave_source(store, item, keeps_deleted, err);
	case PHASE_NONE:
		break;
	}
	UNREACHABLE();
}

/* ---- taken back ---- */

bool
transfer_is_last_copy(const struct item_row *item)
{
	return item->phase == PHASE_SEND && item->placement == 0;
}

/* It is at its target, and stays at its source as well. */
static bool
keep_both(struct store *store, struct item_row *item, enum item_state state,
	const char *text, struct error *err)
{
	struct placement_row source CLEANUP(placement_row_clear) = { 0 };

	switch (placement_row_load(store, item->placement, &source, err)) {
	case FOUND:
		return item_end(store, item, state, text, err) &&
		       effect_refresh(store, item->placement, true, err);
	case NOT_FOUND:
		return leave_nothing(store, item, err);
	case FOUND_ERROR:
		break;
	}
	return false;
}

bool
transfer_withdraw(struct store *store, const struct operation_row *operation,
	struct item_row *item, enum item_state state, const char *text,
	struct error *err)
{
	int64_t target = item->target;

	if (item->phase == PHASE_REMOVE)
		return keep_both(store, item, state, text, err);
	if (transfer_is_last_copy(item)) {
		if (!text)
			text = _("It is only here by now, and stays");
		return item_end(store, item, ITEM_FAILED, text, err) &&
		       item_keep_here(store, target, text, err);
	}
	return item_end(store, item, state, text, err) &&
	       (!target || (item_redirect_followers(store, item,
				    operation->kind, state, text, err) &&
				   item_row_set_target(store, item, 0, err) &&
				   effect_remove(store, target, err))) &&
	       effect_refresh(store, item->placement, true, err);
}

bool
transfer_source_gone(
	struct store *store, struct item_row *item, struct error *err)
{
	switch (item->phase) {
	case PHASE_FETCH:
		return item->state != ITEM_QUEUED ||
		       item_withdraw(store, item, ITEM_FAILED,
			       _("The message is no longer there"), err);
	case PHASE_SEND:
		/* Every byte is here, and is to arrive all the same. */
		return item_row_set_placement(
			store, item, 0, item->message, item->account, err);
	case PHASE_REMOVE:
		return item->state != ITEM_QUEUED ||
		       leave_nothing(store, item, err);
	case PHASE_NONE:
		break;
	}
	UNREACHABLE();
}
