/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random acts, undos, redos, cancels, pulls, answers and refusals of a server,
 * by seed: after each the store is sound, which is to say that what is in force
 * is what the server said with what waits applied.  In the end, when all was
 * sent, the store holds what the server holds.
 */
#include "base/array.h"
#include "base/clock.h"
#include "store/action.h"
#include "store/operation.h"

#include "store_fixture.h"

enum {
	FOLDERS = 3,
	MAILS = 12,
	STEPS = 250,
	SEEDS = 40,
	SERVER_MAX = 2000,
	APPENDED = 100000, /* numbers of messages that began here */
};

/* A message as the server has it. */
struct kept {
	int folder; /* -1: gone */
	int number;
	uint32_t uid;
	uint32_t flags;
};

struct world {
	struct fixture f;
	uint64_t random;
	int64_t folders[FOLDERS];
	uint32_t next_uid[FOLDERS];
	struct kept kept[SERVER_MAX];
	size_t n;
	int appended;
	bool uidplus;
	bool broken;
};

static uint32_t
pick(struct world *w, uint32_t below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (uint32_t)((w->random >> 11) % below);
}

/* ---- the server ---- */

static struct kept *
server_find(struct world *w, int folder, uint32_t uid)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->kept[i].folder == folder && w->kept[i].uid == uid)
			return &w->kept[i];
	}
	return NULL;
}

static struct kept *
server_add(struct world *w, int folder, int number, uint32_t flags)
{
	struct kept *it = &w->kept[w->n++];

	*it = (struct kept){ folder, number, w->next_uid[folder]++, flags };
	return it;
}

static int
index_of(const struct world *w, int64_t folder)
{
	for (int i = 0; i < FOLDERS; i++) {
		if (w->folders[i] == folder)
			return i;
	}
	return -1;
}

/* ---- pulls ---- */

static void
pull_one(struct world *w, const struct kept *it)
{
	char id[32];
	char refs[32] = "";
	struct mail mail = {
		.uid = it->uid,
		.received = 1700000000 + it->number * 60,
		.flags = it->flags,
		.from = "ann@x",
		.subject = "s",
		.id = id,
		.references = refs,
	};

	snprintf(id, sizeof(id), "%d@x", it->number);
	if (it->number >= APPENDED) {
		mail.received = 1700000000;
		mail.from = "me@x";
		mail.subject = NULL;
	} else if (it->number % 3)
		snprintf(refs, sizeof(refs), "%d@x", it->number - 1);
	place_one(&w->f, w->folders[it->folder], &mail, NULL);
}

/* All the server has to say of a folder. */
static void
pull(struct world *w, int folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset have CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset gone CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset held CLEANUP(uidset_clear) = UIDSET_INIT;

	for (size_t i = 0; i < w->n; i++) {
		if (w->kept[i].folder != folder)
			continue;
		uidset_add(&held, w->kept[i].uid);
		pull_one(w, &w->kept[i]);
	}
	MUST(folder_uids(w->f.store, w->folders[folder], &have, &err));
	uidset_minus(&have, &held, &gone);
	while (gone.n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(w->f.store, &tx, &err));
		MUST(placement_remove(&tx, w->folders[folder], &gone, &err));
		MUST(transaction_commit(&tx, &err));
	}
	if (pick(w, 2))
		link_all(&w->f);
}

/* ---- the pusher ---- */

static bool
batch_of(struct world *w, struct operation_batch *ret_batch)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t next;
	enum found found = operation_next_batch(w->f.store, w->f.account,
		clock_wall_s() + 1000, 1 + pick(w, 5), ret_batch, &next, &err);

	MUST(found != FOUND_ERROR);
	return found == FOUND;
}

static void
server_flag(struct world *w, const struct operation_batch *batch, uint32_t uid)
{
	struct kept *it = server_find(w, index_of(w, batch->folder), uid);

	if (it)
		it->flags = (it->flags & ~batch->remove) | batch->add;
}

/* The UID it got, 0 where there was nothing. */
static uint32_t
server_copy(struct world *w, const struct operation_batch *batch, uint32_t uid,
	bool move)
{
	struct kept *it = server_find(w, index_of(w, batch->folder), uid);
	int target = index_of(w, batch->target_folder);
	struct kept *copy;

	if (!it)
		return 0;
	copy = server_add(w, target, it->number, it->flags);
	if (move && w->uidplus)
		it->folder = -1;
	else if (move)
		it->flags |= FLAG_DELETED;
	return copy->uid;
}

/* The number of a message stands in its Message-ID. */
static int
number_of(struct world *w, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message row CLEANUP(message_clear) = { 0 };

	MUST(message_load(w->f.store, message, &row, &err) == FOUND);
	return (int)strtol(row.envelope.message_id, NULL, 10);
}

static uint32_t
server_append(struct world *w, const struct operation_batch *batch,
	const struct operation_item *item)
{
	return server_add(w, index_of(w, batch->target_folder),
		number_of(w, item->message), FLAG_SEEN)
		->uid;
}

static void
fail_item(struct world *w, int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	MUST(operation_failed(w->f.store, &id, 1, "No", &err));
}

/* The server does it, and says so or not. */
static void
carry_out_one(struct world *w, const struct operation_batch *batch,
	const struct operation_item *item)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_outcome outcome = { .item = item->id,
		.uidvalidity = 7 };
	struct kept *it = server_find(w, index_of(w, batch->folder), item->uid);

	if (batch->kind == OPERATION_APPEND) {
		outcome.uid = server_append(w, batch, item);
	} else if (!it) {
		/* What waits is told of it by the pull. */
		fail_item(w, item->id);
		return;
	}
	switch ((int)batch->kind) {
	case OPERATION_FLAG:
		server_flag(w, batch, item->uid);
		break;
	case OPERATION_MOVE:
	case OPERATION_COPY:
		outcome.uid = server_copy(
			w, batch, item->uid, batch->kind == OPERATION_MOVE);
		break;
	case OPERATION_EXPUNGE:
		if (w->uidplus)
			it->folder = -1;
		else
			it->flags |= FLAG_DELETED;
		break;
	default:
		break;
	}
	if (outcome.uid && pick(w, 3) == 0)
		outcome.uid = 0; /* no COPYUID */
	if (pick(w, 4) == 0 && index_of(w, batch->target_folder) >= 0)
		pull(w, index_of(w, batch->target_folder));
	MUST(operation_done(w->f.store, &outcome, 1, !w->uidplus, NULL, &err));
}

static bool
do_push(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };

	if (!batch_of(w, &batch))
		return false;
	if (!batch.items[0].is_current && batch.kind != OPERATION_APPEND &&
		batch.items[0].uid) {
		int64_t id = batch.items[0].id;

		MUST(operation_deferred(w->f.store, &id, 1,
			clock_wall_s() + 500, "Numbered anew", &err));
		return true;
	}
	for (size_t i = 0; i < batch.n; i++) {
		int64_t id = batch.items[i].id;

		MUST(operation_running(w->f.store, &id, 1, &err));
		switch (pick(w, 12)) {
		case 0:
			fail_item(w, id);
			break;
		case 1:
			MUST(operation_deferred(w->f.store, &id, 1,
				clock_wall_s() + 500, "Later", &err));
			break;
		case 2:
			MUST(operation_requeue(w->f.store, &id, 1, &err));
			break;
		default:
			carry_out_one(w, &batch, &batch.items[i]);
			break;
		}
	}
	return true;
}

/* ---- acts ---- */

static void
do_act(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t folder = w->folders[pick(w, FOLDERS)];
	struct list_query query = { .folder = folder };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	int64_t ids[8];
	struct operation_new new = { .account = w->f.account,
		.folder = folder };
	struct selection selection = { SELECT_PLACEMENTS, ids, 0 };
	struct operation_made made;
	int64_t action = 0;

	MUST(list_load(
		w->f.store, &query, NULL, true, LIST_OLDER, 50, &rows, &err));
	for (size_t i = 0; i < rows.n && selection.n < 8; i++) {
		if (pick(w, 3) == 0)
			ids[selection.n++] = rows.items[i].placement;
	}
	switch (pick(w, 8)) {
	case 0:
	case 1:
	case 2:
		new.kind = OPERATION_FLAG;
		*(pick(w, 2) ? &new.add : &new.remove) = 1U << pick(w, 3);
		if (pick(w, 5) == 0) {
			new.keyword = "work";
			new.keyword_add = pick(w, 2);
		}
		break;
	case 3:
	case 4:
	case 5:
		new.kind = OPERATION_MOVE;
		break;
	case 6:
		new.kind = OPERATION_COPY;
		break;
	default:
		new.kind = OPERATION_EXPUNGE;
		if (pick(w, 3))
			return;
		break;
	}
	if (new.kind == OPERATION_MOVE || new.kind == OPERATION_COPY)
		new.target_folder = w->folders[pick(w, FOLDERS)];
	if (pick(w, 10) == 0)
		selection.kind = pick(w, 2) ? SELECT_UNREAD : SELECT_FOLDER;
	else if (pick(w, 4) == 0 && rows.n && rows.items[0].conversation) {
		selection.kind = SELECT_CONVERSATIONS;
		ids[0] = rows.items[0].conversation;
		selection.n = 1;
	}
	MUST(transaction_begin(w->f.store, &tx, &err));
	MUST(action_begin(w->f.store, ACTION_FLAGS, NULL, pick(w, 9) == 0,
		&action, &err));
	MUST(operation_append(&tx, action, &new, &selection, &made, &err));
	if (made.operation)
		MUST(transaction_commit(&tx, &err));
}

/* A message that begins here. */
static void
do_append(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t folder = w->folders[pick(w, FOLDERS)];
	char id[32];
	struct mail mail = { .received = 1700000000,
		.flags = FLAG_SEEN,
		.from = "me@x",
		.id = id };
	struct operation_new new = { .kind = OPERATION_APPEND,
		.account = w->f.account,
		.target_folder = folder };
	int64_t action = 0;
	int64_t operation = 0;
	int64_t placement;

	snprintf(id, sizeof(id), "%d@x", APPENDED + w->appended++);
	MUST(transaction_begin(w->f.store, &tx, &err));
	placement = place(&w->f, folder, &mail, NULL);
	MUST(action_begin(
		w->f.store, ACTION_APPEND, NULL, false, &action, &err));
	MUST(operation_append_message(
		&tx, action, &new, placement, &operation, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
do_undo(struct world *w, bool redo)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct action action = { 0 };
	struct id_array accounts CLEANUP(id_array_clear) = { 0 };
	struct id_array folders CLEANUP(id_array_clear) = { 0 };
	bool more;
	enum found found;

	MUST(transaction_begin(w->f.store, &tx, &err));
	found = redo ? action_redo(
			       &tx, &action, &accounts, &folders, &more, &err)
		     : action_undo(
			       &tx, &action, &accounts, &folders, &more, &err);
	action_clear(&action);
	if (found == FOUND_ERROR && err.kind == ERR_REFUSED) {
		error_clear(&err);
		found = FOUND;
	}
	MUST(found != FOUND_ERROR);
	MUST(transaction_commit(&tx, &err));
}

static void
do_activity(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct operations rows CLEANUP(operations_clear) = { 0 };
	struct id_array accounts CLEANUP(id_array_clear) = { 0 };
	struct id_array folders CLEANUP(id_array_clear) = { 0 };
	int64_t id;
	bool more;

	MUST(operation_load_all(w->f.store, false, 100, &rows, &err));
	if (rows.n == 0)
		return;
	id = rows.items[pick(w, (uint32_t)rows.n)].id;
	MUST(transaction_begin(w->f.store, &tx, &err));
	switch (pick(w, 3)) {
	case 0:
		MUST(operation_cancel(&tx, id, &accounts, &folders, &more,
			     &err) != FOUND_ERROR);
		break;
	case 1:
		MUST(operation_retry(&tx, id, &id, &accounts, &folders, &more,
			     &err) != FOUND_ERROR);
		break;
	default:
		MUST(operation_dismiss(&tx, id, &err) != FOUND_ERROR);
		break;
	}
	MUST(transaction_commit(&tx, &err));
}

static void
apply_all(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more = true;

	for (int i = 0; more && i < 1000; i++)
		MUST(operation_apply_some(w->f.store, &more, NULL, NULL, &err));
}

/* Another client. */
static void
do_other(struct world *w)
{
	struct kept *it = &w->kept[pick(w, (uint32_t)w->n)];

	if (it->folder < 0)
		return;
	switch (pick(w, 4)) {
	case 0:
		it->flags ^= 1U << pick(w, 3);
		break;
	case 1:
		it->flags &= ~(uint32_t)FLAG_DELETED;
		break;
	case 2:
		if (pick(w, 3) == 0)
			it->folder = -1;
		break;
	default:
		if (w->n < SERVER_MAX - 100)
			server_add(
				w, (int)pick(w, FOLDERS), (int)w->n + MAILS, 0);
		break;
	}
}

/* ---- */

static void
on_fault(void *ctx, const char *fault)
{
	struct world *w = ctx;

	printf("# %s\n", fault);
	w->broken = true;
}

static bool
is_whole(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint64_t faults = 0;

	MUST(store_check(w->f.store, true, on_fault, w, &faults, &err));
	return faults == 0;
}

/* The folder's UIDs are numbered anew. */
static void
do_new_uids(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int folder = (int)pick(w, FOLDERS);
	struct folder_sync sync = { .uidvalidity = 7,
		.state = FOLDER_COMPLETE };
	bool more = true;

	for (size_t i = 0; i < w->n; i++) {
		if (w->kept[i].folder == folder)
			w->kept[i].uid = w->next_uid[folder]++;
	}
	MUST(transaction_begin(w->f.store, &tx, &err));
	MUST(folder_forget_uids(w->f.store, w->folders[folder], &err));
	MUST(folder_save_sync(w->f.store, w->folders[folder], &sync, &err));
	MUST(transaction_commit(&tx, &err));
	if (pick(w, 2))
		do_push(w);
	pull(w, folder);
	while (more) {
		struct transaction stale CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(w->f.store, &stale, &err));
		MUST(folder_drop_stale(
			w->f.store, w->folders[folder], &more, &err));
		MUST(transaction_commit(&stale, &err));
	}
}

/* Killed between two transactions, and started again. */
static void
do_reopen(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	store_close(w->f.store);
	MUST(store_open(w->f.home, STORE_WORKER, &w->f.store, &err));
}

static const char *
step(struct world *w)
{
	switch (pick(w, 20)) {
	case 0:
		pull(w, (int)pick(w, FOLDERS));
		return "pull";
	case 1:
	case 2:
		do_other(w);
		return "other";
	case 3:
	case 4:
	case 5:
		do_push(w);
		return "push";
	case 6:
	case 7:
		do_undo(w, false);
		return "undo";
	case 8:
		do_undo(w, true);
		return "redo";
	case 9:
		do_activity(w);
		return "activity";
	case 10:
		apply_all(w);
		return "apply";
	case 11:
		if (pick(w, 4) == 0)
			do_new_uids(w);
		return "new UIDs";
	case 12:
		do_reopen(w);
		return "reopen";
	case 13:
		if (w->n < SERVER_MAX - 200 && pick(w, 3) == 0)
			do_append(w);
		return "append";
	default:
		if (w->n < SERVER_MAX - 200)
			do_act(w);
		return "act";
	}
}

/* What settles no more is given up, as the pusher does. */
static void
give_up_settling(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };

	MUST(operation_settling(
		w->f.store, w->f.account, 0, 10000, &batch, &err));
	for (size_t i = 0; i < batch.n; i++)
		fail_item(w, batch.items[i].id);
}

static size_t
count_standing(struct world *w, int folder, bool deleted)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->kept[i].folder == folder &&
		     (deleted || !(w->kept[i].flags & FLAG_DELETED));
	return n;
}

/* All is sent; then both sides hold the same. */
static bool
agrees(struct world *w)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool same = true;
	bool pending = true;

	apply_all(w);
	for (int round = 0; round < 20 && pending; round++) {
		for (int i = 0; i < 2000 && do_push(w); i++)
			;
		for (int i = 0; i < FOLDERS; i++)
			pull(w, i);
		give_up_settling(w);
		MUST(operation_is_pending(
			w->f.store, w->f.account, &pending, &err));
	}
	if (pending) {
		printf("# something waits for ever in %s\n", w->f.dir);
		return false;
	}
	for (int i = 0; i < FOLDERS; i++) {
		struct list_query query = { .folder = w->folders[i] };
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
		size_t n_all = count_standing(w, i, true);
		size_t n_shown = count_standing(w, i, false);
		size_t n_here = 0;

		MUST(list_load(w->f.store, &query, NULL, true, LIST_OLDER, 1000,
			&rows, &err));
		for (size_t j = 0; j < rows.n; j++) {
			const struct list_row *row = &rows.items[j];
			struct kept *it = server_find(w, i, row->uid);

			/* What no server took stays here. */
			if (row->uid == 0 &&
				number_of(w, row->message) >= APPENDED) {
				n_here++;
				continue;
			}
			if (!it || it->flags != row->flags.bits) {
				printf("# folder %d: uid %u differs\n", i,
					row->uid);
				same = false;
			}
		}
		if (rows.n - n_here > n_all || rows.n - n_here < n_shown) {
			printf("# folder %d: %zu rows, server has %zu (%zu)\n",
				i, rows.n - n_here, n_all, n_shown);
			same = false;
		}
	}
	return same;
}

static void
run(uint64_t seed)
{
	struct world *w = xnew(struct world);
	static const char *const names[] = { "INBOX", "Archive", "Trash" };

	fixture_open(&w->f);
	w->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	w->uidplus = seed % 4 != 0;
	for (int i = 0; i < FOLDERS; i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct folder_sync sync = { .uidvalidity = 7,
			.state = FOLDER_COMPLETE };

		w->folders[i] = make_folder(
			w->f.store, w->f.account, names[i], ROLE_NONE);
		w->next_uid[i] = 1;
		MUST(transaction_begin(w->f.store, &tx, &err));
		MUST(folder_save_sync(w->f.store, w->folders[i], &sync, &err));
		MUST(transaction_commit(&tx, &err));
	}
	for (int i = 0; i < MAILS; i++)
		server_add(w, 0, i, 0);
	pull(w, 0);
	for (int i = 0; i < STEPS && !w->broken; i++) {
		const char *what = step(w);

		if (!is_whole(w))
			printf("# seed %llu, step %d: %s (%s)\n",
				(unsigned long long)seed, i, what, w->f.dir);
	}
	if (!ok(!w->broken && agrees(w) && is_whole(w), "seed %llu",
		    (unsigned long long)seed))
		exit(1);
	fixture_close(&w->f);
	free(w);
}

int
main(void)
{
	const char *from = getenv("TERCET_SEED");

	if (from) {
		run((uint64_t)strtoull(from, NULL, 10));
		return tap_done();
	}
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run(seed);
	return tap_done();
}
