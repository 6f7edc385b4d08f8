/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations: their effect, what is sent, and what becomes of it. */
#include <inttypes.h>

#include "base/array.h"
#include "base/clock.h"
#include "store/action.h"
#include "store/operation.h"

#include "store_fixture.h"

struct scene {
	struct fixture f;
	int64_t archive;
	int64_t trash;
	int64_t next_id; /* of mails made up */
};

static void
scene_open(struct scene *scene)
{
	*scene = (struct scene){ 0 };
	fixture_open(&scene->f);
	scene->archive = make_folder(
		scene->f.store, scene->f.account, "Archive", ROLE_ARCHIVE);
	scene->trash = make_folder(
		scene->f.store, scene->f.account, "Trash", ROLE_TRASH);
}

static void
scene_close(struct scene *scene, const char *what)
{
	is_sound(&scene->f, what);
	fixture_close(&scene->f);
}

static int64_t
mail(struct scene *scene, int64_t folder, uint32_t uid, uint32_t flags)
{
	char id[32];
	struct mail mail = {
		.uid = uid,
		.received = 1700000000 + ++scene->next_id * 60,
		.flags = flags,
		.subject = "north wing",
		.from = "ann@example.org",
		.id = id,
	};

	snprintf(id, sizeof(id), "%lld@x", (long long)scene->next_id);
	return place_one(&scene->f, folder, &mail, NULL);
}

/* The same message seen in another folder. */
static int64_t
mail_again(struct scene *scene, int64_t n, int64_t folder, uint32_t uid,
	uint32_t flags)
{
	char id[32];
	struct mail mail = {
		.uid = uid,
		.received = 1700000000 + n * 60,
		.flags = flags,
		.subject = "north wing",
		.from = "ann@example.org",
		.id = id,
	};

	snprintf(id, sizeof(id), "%lld@x", (long long)n);
	return place_one(&scene->f, folder, &mail, NULL);
}

static struct operation_made
append(struct scene *scene, const struct operation_new *what,
	const int64_t *ids, size_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct operation_new new = *what;
	struct selection selection = { SELECT_PLACEMENTS, ids, n };
	struct operation_made made = { 0 };
	int64_t action = 0;

	new.account = scene->f.account;
	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(action_begin(
		scene->f.store, ACTION_FLAGS, NULL, false, &action, &err));
	MUST(operation_append(&tx, action, &new, &selection, &made, &err));
	MUST(transaction_commit(&tx, &err));
	return made;
}

static struct operation_made
flag(struct scene *scene, int64_t folder, int64_t id, uint32_t add,
	uint32_t remove)
{
	return append(scene,
		&(struct operation_new){ .kind = OPERATION_FLAG,
			.folder = folder,
			.add = add,
			.remove = remove },
		&id, 1);
}

static struct operation_made
move(struct scene *scene, int64_t from, int64_t id, int64_t to)
{
	return append(scene,
		&(struct operation_new){ .kind = OPERATION_MOVE,
			.folder = from,
			.target_folder = to },
		&id, 1);
}

static struct folder
folder_of(struct scene *scene, int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder = { 0 };

	MUST(folder_load(scene->f.store, id, &folder, &err) == FOUND);
	free(folder.name);
	free(folder.remote);
	return folder;
}

/* "seen flagged" of the rows of a folder, newest first, and their UIDs. */
static void
is_listed(
	struct scene *scene, int64_t folder, const char *want, const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = folder };
	struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct folder row = folder_of(scene, folder);

	strbuf_init(&text, 10000);
	MUST(list_load(scene->f.store, &query, NULL, true, LIST_OLDER, 100,
		&rows, &err));
	for (size_t i = 0; i < rows.n; i++) {
		strbuf_addf(&text, "%s%u", i ? ", " : "", rows.items[i].uid);
		if (rows.items[i].flags.bits) {
			strbuf_add_char(&text, ' ');
			flags_print(&rows.items[i].flags, &text);
		}
	}
	is_str(text.data, want, what);
	is_int(row.placed, (int64_t)rows.n, "counted");
}

/* "MOVE 1,2" of what would be sent next. */
static struct operation_batch
next_batch(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch = { 0 };
	int64_t next = 0;

	MUST(operation_next_batch(scene->f.store, scene->f.account,
		     clock_wall_s(), OPERATION_BATCH_MAX, &batch, &next,
		     &err) != FOUND_ERROR);
	return batch;
}

static void
is_next(struct scene *scene, const char *want, const char *what)
{
	static const char *const kinds[] = { "flag", "move", "copy", "expunge",
		"append", "create", "rename", "delete", "subscribe",
		"unsubscribe" };
	struct operation_batch batch CLEANUP(operation_batch_clear) =
		next_batch(scene);
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, 10000);
	if (batch.n)
		strbuf_add_str(&text, kinds[batch.kind]);
	for (size_t i = 0; i < batch.n; i++)
		strbuf_addf(&text, " %u", batch.items[i].uid);
	if (batch.repeats)
		strbuf_add_str(&text, " again");
	is_str(text.data, want, what);
}

/* The server carries out the next batch; UIDs of targets count from `uid`. */
static void
carry_out(struct scene *scene, uint32_t uid, bool keeps_deleted)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) =
		next_batch(scene);
	struct operation_outcome outcomes[100];
	int64_t ids[100];

	for (size_t i = 0; i < batch.n && i < 100; i++) {
		ids[i] = batch.items[i].id;
		outcomes[i] = (struct operation_outcome){ ids[i],
			uid ? uid + (uint32_t)i : 0, 7 };
	}
	MUST(operation_running(scene->f.store, ids, batch.n, &err));
	MUST(operation_done(
		scene->f.store, outcomes, batch.n, keeps_deleted, NULL, &err));
}

static void
refuse(struct scene *scene, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) =
		next_batch(scene);
	int64_t ids[100];

	for (size_t i = 0; i < batch.n && i < 100; i++)
		ids[i] = batch.items[i].id;
	MUST(operation_failed(scene->f.store, ids, batch.n, text, &err));
}

/* What the server says of flags in the inbox. */
static void
hear(struct scene *scene, int64_t folder, uint32_t uid, uint32_t bits)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct flags flags = { bits, NULL };
	bool known = false;

	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(placement_save_flags(
		scene->f.store, folder, uid, &flags, 3, &known, &err));
	MUST(transaction_commit(&tx, &err));
	ok(known, "heard of %u", uid);
}

static void
vanish(struct scene *scene, int64_t folder, uint32_t uid)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_add(&uids, uid);
	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(placement_remove(&tx, folder, &uids, &err));
	MUST(transaction_commit(&tx, &err));
}

/* So that UIDs of COPYUID count. */
static void
set_uidvalidity(struct scene *scene, int64_t folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_sync sync = { .uidvalidity = 7,
		.state = FOLDER_COMPLETE };

	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(folder_save_sync(scene->f.store, folder, &sync, &err));
	MUST(transaction_commit(&tx, &err));
}

/* ---- */

static void
test_flag(void)
{
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	is_int((long long)flag(&s, s.f.inbox, a, FLAG_SEEN, 0).n, 1,
		"one item");
	is_listed(&s, s.f.inbox, "1 \\Seen", "in force at once");
	is_int(folder_of(&s, s.f.inbox).unread, 0, "counted at once");
	is_int((long long)flag(&s, s.f.inbox, a, FLAG_SEEN, 0).operation, 0,
		"nothing to change: no operation");
	hear(&s, s.f.inbox, 1, FLAG_FLAGGED);
	is_listed(&s, s.f.inbox, "1 \\Seen \\Flagged",
		"a pull takes nothing back that waits");
	is_next(&s, "flag 1", "to be sent");
	carry_out(&s, 0, false);
	is_next(&s, "", "sent");
	is_listed(&s, s.f.inbox, "1 \\Seen \\Flagged", "the server has it");
	hear(&s, s.f.inbox, 1, 0);
	is_listed(&s, s.f.inbox, "1", "then the server's word holds");
	flag(&s, s.f.inbox, a, FLAG_FLAGGED, 0);
	flag(&s, s.f.inbox, a, FLAG_SEEN, FLAG_FLAGGED);
	refuse(&s, "No");
	is_listed(&s, s.f.inbox, "1 \\Seen", "a refused one falls back");
	scene_close(&s, "flags");
}

static void
test_move(void)
{
	struct scene s;
	int64_t a;
	int64_t b;

	scene_open(&s);
	set_uidvalidity(&s, s.archive);
	a = mail(&s, s.f.inbox, 1, 0);
	b = mail(&s, s.f.inbox, 2, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	is_listed(&s, s.f.inbox, "2", "gone from where it was");
	is_listed(&s, s.archive, "0", "shown where it goes");
	is_sound(&s.f, "while it waits");
	move(&s, s.f.inbox, b, s.archive);
	is_next(&s, "move 1 2", "two moves are one command");
	carry_out(&s, 11, false);
	is_listed(&s, s.archive, "12, 11", "with UIDs by COPYUID");
	is_sound(&s.f, "moved");
	is_int((long long)flag(&s, s.f.inbox, a, FLAG_SEEN, 0).n_skipped, 1,
		"what is gone is passed over");
	scene_close(&s, "moves");
}

static void
test_move_settles(void)
{
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, FLAG_SEEN);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	carry_out(&s, 0, false);
	is_listed(&s, s.archive, "0 \\Seen", "without COPYUID it waits");
	mail_again(&s, 1, s.archive, 9, FLAG_SEEN);
	is_listed(&s, s.archive, "9 \\Seen", "until a pull finds it");
	scene_close(&s, "settled");
}

static void
test_move_refused(void)
{
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	flag(&s, s.archive, a + 1, FLAG_FLAGGED, 0);
	is_listed(&s, s.archive, "0 \\Flagged", "flagged where it goes");
	is_next(&s, "move 1", "the flag waits for the UID");
	refuse(&s, "No");
	is_listed(&s, s.archive, "", "the move fell back");
	is_listed(&s, s.f.inbox, "1 \\Flagged", "the flag followed");
	is_next(&s, "flag 1", "and is sent");
	scene_close(&s, "refused");
}

static void
test_vanished(void)
{
	struct scene s;
	int64_t a;
	int64_t b;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	b = mail(&s, s.f.inbox, 2, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	flag(&s, s.f.inbox, b, FLAG_SEEN, 0);
	vanish(&s, s.f.inbox, 1);
	is_listed(&s, s.archive, "", "a move of what is gone shows nothing");
	is_next(&s, "flag 2", "nor is it sent");
	vanish(&s, s.f.inbox, 2);
	is_next(&s, "", "nor a flag");
	scene_close(&s, "vanished");
}

static void
test_no_uidplus(void)
{
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	carry_out(&s, 0, true);
	is_listed(&s, s.f.inbox, "", "kept with \\Deleted: hidden");
	hear(&s, s.f.inbox, 1, FLAG_DELETED | FLAG_SEEN);
	is_listed(&s, s.f.inbox, "", "and stays so");
	hear(&s, s.f.inbox, 1, FLAG_SEEN);
	is_listed(&s, s.f.inbox, "1 \\Seen", "until another takes it back");
	scene_close(&s, "without UIDPLUS");
}

/* ---- what is sent ---- */

static void
defer(struct scene *scene, int64_t until)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) =
		next_batch(scene);
	int64_t ids[100];

	for (size_t i = 0; i < batch.n && i < 100; i++)
		ids[i] = batch.items[i].id;
	MUST(operation_running(scene->f.store, ids, batch.n, &err));
	MUST(operation_deferred(
		scene->f.store, ids, batch.n, until, "In use", &err));
}

static void
test_batches(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct scene s;
	int64_t a;
	int64_t b;
	int64_t c;
	int64_t next = 0;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	b = mail(&s, s.f.inbox, 2, 0);
	c = mail(&s, s.f.inbox, 3, 0);
	flag(&s, s.f.inbox, a, FLAG_FLAGGED, 0);
	flag(&s, s.f.inbox, b, FLAG_SEEN, 0);
	flag(&s, s.f.inbox, c, FLAG_FLAGGED, 0);
	flag(&s, s.f.inbox, b, FLAG_FLAGGED, 0);
	is_next(&s, "flag 1 3",
		"the same of others goes with it, but not past its own");
	carry_out(&s, 0, false);
	is_next(&s, "flag 2", "in order");
	defer(&s, clock_wall_s() + 60);
	is_next(&s, "", "what is deferred waits, and holds up its own");
	MUST(operation_next_batch(s.f.store, s.f.account, clock_wall_s(), 10,
		     &batch, &next, &err) == NOT_FOUND);
	ok(next > clock_wall_s(), "until its time");
	flag(&s, s.f.inbox, c, FLAG_SEEN, 0);
	is_next(&s, "flag 3", "others go on");
	MUST(operation_next_batch(s.f.store, s.f.account, clock_wall_s() + 61,
		     10, &batch, &next, &err) == FOUND);
	is_int(batch.items[0].uid, 2, "its time comes");
	is_int((int64_t)batch.n, 2, "with what is alike");
	scene_close(&s, "batches");
}

static void
test_again(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	mail(&s, s.f.inbox, 2, 0);
	move(&s, s.f.inbox, a, s.archive);
	batch = next_batch(&s);
	MUST(operation_running(s.f.store, &batch.items[0].id, 1, &err));
	is_next(&s, "move 1 again", "what was perhaps sent is told apart");
	vanish(&s, s.f.inbox, 1);
	is_listed(&s, s.archive, "0", "it may have been our own move");
	is_next(&s, "move 0 again", "which is looked for");
	mail_again(&s, 1, s.archive, 5, FLAG_SEEN);
	is_listed(&s, s.archive, "5 \\Seen", "a pull knows it again");
	{
		struct operation_batch found CLEANUP(operation_batch_clear) =
			next_batch(&s);

		is_int(found.items[0].target_uid, 5, "and says so");
	}
	carry_out(&s, 0, false);
	is_next(&s, "", "done");
	scene_close(&s, "again");
}

static void
test_nameless(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct scene s;
	struct mail mail = {
		.uid = 1,
		.received = 1700000000,
		.subject = "no id",
		.from = "ann@example.org",
	};
	int64_t a;

	scene_open(&s);
	a = place_one(&s.f, s.f.inbox, &mail, NULL);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	carry_out(&s, 0, false);
	mail.uid = 8;
	place_one(&s.f, s.archive, &mail, NULL);
	is_listed(
		&s, s.archive, "8", "without a Message-ID, by size and header");
	mail.uid = 9;
	place_one(&s.f, s.archive, &mail, NULL);
	is_listed(&s, s.archive, "9, 8", "another is another");
	scene_close(&s, "nameless");
}

static void
test_uid_known(void)
{
	struct scene s;
	int64_t a;

	scene_open(&s);
	set_uidvalidity(&s, s.archive);
	a = mail(&s, s.f.inbox, 1, 0);
	move(&s, s.f.inbox, a, s.archive);
	flag(&s, s.archive, a + 1, FLAG_FLAGGED, 0);
	/* A pull that does not know it again, as its size differs there. */
	{
		struct mail other = {
			.uid = 30,
			.received = 1700000000,
			.size = 999,
			.id = "1@x",
		};

		place_one(&s.f, s.archive, &other, NULL);
	}
	is_listed(&s, s.archive, "0 \\Flagged, 30", "twice for a while");
	carry_out(&s, 30, false);
	is_listed(&s, s.archive, "30 \\Flagged", "COPYUID says who it is");
	is_next(&s, "flag 30", "what waited goes there");
	scene_close(&s, "UID known");
}

static void
test_activity(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array accounts CLEANUP(id_array_clear) = { 0 };
	struct id_array folders CLEANUP(id_array_clear) = { 0 };
	struct operation_counts counts;
	struct scene s;
	int64_t a;
	int64_t operation;
	bool more;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	operation = move(&s, s.f.inbox, a, s.archive).operation;
	flag(&s, s.archive, a + 1, FLAG_SEEN, 0);
	MUST(operation_count(s.f.store, 0, &counts, &err));
	is_int((int64_t)counts.waiting, 2, "two wait");
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(operation_cancel(&tx, operation, &accounts, &folders,
			     &more, &err) == FOUND);
		MUST(transaction_commit(&tx, &err));
	}
	is_listed(&s, s.f.inbox, "1 \\Seen", "cancelled: it never left");
	operation = move(&s, s.f.inbox, a, s.archive).operation;
	carry_out(&s, 0, false); /* the flag */
	refuse(&s, "Over quota");
	{
		struct operation row = { 0 };

		MUST(operation_load(s.f.store, operation, &row, &err) == FOUND);
		is_int(row.state, OPERATION_FAILED, "failed");
		is_str(row.error, "Over quota", "and why");
		operation_clear(&row);
	}
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(operation_retry(&tx, operation, &operation, &accounts,
			     &folders, &more, &err) == FOUND);
		MUST(transaction_commit(&tx, &err));
	}
	is_next(&s, "move 1", "once more");
	refuse(&s, "Over quota");
	MUST(operation_count(s.f.store, 0, &counts, &err));
	is_int((int64_t)counts.failed, 1,
		"one failed, the one before was dealt with");
	is_int((int64_t)counts.unseen, 1, "and nobody knows yet");
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(operation_look_at(s.f.store, &err));
		MUST(transaction_commit(&tx, &err));
	}
	MUST(operation_count(s.f.store, 0, &counts, &err));
	is_int((int64_t)counts.unseen, 0, "somebody looked");
	is_int((int64_t)counts.failed, 1, "it failed all the same");
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(operation_dismiss(&tx, 0, &err) == FOUND);
		MUST(transaction_commit(&tx, &err));
	}
	MUST(operation_count(s.f.store, 0, &counts, &err));
	is_int((int64_t)(counts.waiting + counts.failed), 0, "dismissed");
	scene_close(&s, "activity");
}

static void
test_history(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct action action CLEANUP(action_clear) = { 0 };
	struct scene s;
	int64_t a;
	int64_t first;
	bool more = true;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	for (int i = 0; i < ACTION_HISTORY_MAX + 20; i++) {
		flag(&s, s.f.inbox, a, i % 2 ? 0 : FLAG_SEEN,
			i % 2 ? FLAG_SEEN : 0);
		if (i == 10)
			refuse(&s, "No");
		else
			carry_out(&s, 0, false);
	}
	while (more)
		MUST(action_purge_some(s.f.store, &more, &err));
	first = 0;
	for (int64_t id = 1; !first && id < 100; id++) {
		if (action_load(s.f.store, id, &action, &err) == FOUND)
			first = id;
	}
	is_int(first, 11, "what failed stays");
	action_clear(&action);
	first = 0;
	for (int64_t id = 12; !first && id < 100; id++) {
		if (action_load(s.f.store, id, &action, &err) == FOUND)
			first = id;
	}
	is_int(first, 21, "and the last thousand");
	scene_close(&s, "history");
}

static void
test_dropped_folder(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct scene s;
	int64_t a;
	bool more = true;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(folder_drop_others(
			s.f.store, s.f.account, &s.f.inbox, 1, NULL, &err));
		MUST(transaction_commit(&tx, &err));
	}
	while (more)
		MUST(message_purge_some(s.f.store, &more, &err));
	is_listed(&s, s.f.inbox, "1", "its folder went: it stays");
	is_next(&s, "", "nothing is sent");
	scene_close(&s, "dropped");
}

static void
test_new_uids(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	struct scene s;
	int64_t a;

	scene_open(&s);
	a = mail(&s, s.f.inbox, 1, 0);
	link_all(&s.f);
	move(&s, s.f.inbox, a, s.archive);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(s.f.store, &tx, &err));
		MUST(folder_forget_uids(s.f.store, s.f.inbox, &err));
		MUST(transaction_commit(&tx, &err));
	}
	batch = next_batch(&s);
	ok(batch.n == 1 && !batch.items[0].is_current,
		"a UID of before is told apart");
	mail_again(&s, 1, s.f.inbox, 77, 0);
	is_listed(&s, s.f.inbox, "", "known again, it stays hidden");
	is_next(&s, "move 77", "and goes by its new UID");
	scene_close(&s, "UIDVALIDITY");
}

/* --- counts of a folder that is not here as a whole --------------------- */

static void
save_counts(struct scene *scene, int64_t folder, int64_t total, int64_t unread)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool changed;

	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(folder_save_counts(
		scene->f.store, folder, total, unread, &changed, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
counts(struct scene *scene, int64_t id, int64_t total, int64_t unread,
	const char *what)
{
	struct folder folder = folder_of(scene, id);

	ok(folder.server_total == total && folder.server_unread == unread,
		"%s: %" PRId64 " of %" PRId64, what, folder.server_unread,
		folder.server_total);
}

static void
cancel(struct scene *scene, int64_t operation)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct id_array accounts CLEANUP(id_array_clear) = { 0 };
	struct id_array folders CLEANUP(id_array_clear) = { 0 };
	bool more = false;

	MUST(transaction_begin(scene->f.store, &tx, &err));
	MUST(operation_cancel(&tx, operation, &accounts, &folders, &more,
		     &err) == FOUND);
	MUST(transaction_commit(&tx, &err));
}

static void
test_counts(void)
{
	struct scene s;
	struct operation_made made;
	int64_t one, two, three;

	scene_open(&s);
	one = mail(&s, s.f.inbox, 91, 0);
	two = mail(&s, s.f.inbox, 92, 0);
	three = mail(&s, s.f.inbox, 93, 0);
	counts(&s, s.f.inbox, -1, -1, "nothing was told");
	flag(&s, s.f.inbox, three, FLAG_SEEN, 0);
	counts(&s, s.f.inbox, -1, -1, "nothing to count from");
	save_counts(&s, s.f.inbox, 100, 50);
	counts(&s, s.f.inbox, 100, 49, "told, with what waits");
	save_counts(&s, s.archive, 1000, 0);
	flag(&s, s.f.inbox, one, FLAG_SEEN, 0);
	counts(&s, s.f.inbox, 100, 48, "read");
	made = move(&s, s.f.inbox, two, s.archive);
	counts(&s, s.f.inbox, 99, 47, "archived");
	counts(&s, s.archive, 1001, 1, "there");
	save_counts(&s, s.f.inbox, 101, 51);
	counts(&s, s.f.inbox, 100, 48, "one more came, all waits still");
	save_counts(&s, s.archive, 1000, 0);
	counts(&s, s.archive, 1001, 1, "there, too");
	cancel(&s, made.operation);
	counts(&s, s.f.inbox, 101, 49, "not archived after all");
	counts(&s, s.archive, 1000, 0, "nor there");
	scene_close(&s, "counts");
}

int
main(void)
{
	test_flag();
	test_move();
	test_move_settles();
	test_move_refused();
	test_vanished();
	test_no_uidplus();
	test_batches();
	test_again();
	test_nameless();
	test_uid_known();
	test_activity();
	test_history();
	test_dropped_folder();
	test_new_uids();
	test_counts();
	return tap_done();
}
