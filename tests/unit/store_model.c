/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random operations, by seed, on the store and on a model of it that is an
 * array: in the end both list the same.  store_check() counts everything anew
 * on the way.
 */
#include "base/array.h"
#include "base/clock.h"

#include "store_fixture.h"

enum { FOLDERS = 3, MAILS_MAX = 4000, STEPS = 3000, CHECK_EVERY = 500 };

/* What should stand in a folder. */
struct standing {
	bool there;
	bool stale; /* its UID went with the UIDVALIDITY */
	int folder;
	uint32_t uid;
	int64_t received;
	uint32_t flags;
	int number; /* which mail */
	int64_t placement;
};

struct model {
	struct fixture fixture;
	uint64_t random;
	int64_t folders[FOLDERS];
	uint32_t next_uid[FOLDERS];
	struct standing mails[MAILS_MAX];
	size_t n;
	int64_t now;
};

static uint32_t
pick(struct model *model, uint32_t below)
{
	model->random ^= model->random << 13;
	model->random ^= model->random >> 7;
	model->random ^= model->random << 17;
	return (uint32_t)((model->random >> 11) % below);
}

/* ---- what one mail is ---- */

static uint32_t
mix(int number)
{
	uint32_t i = (uint32_t)number * 2654435761U;

	return i ^ (i >> 13);
}

static int64_t
received_of(int number)
{
	/* Many in one second, some out of order. */
	return 1700000000 + number / 7 * 60 - (int64_t)(mix(number) % 5) * 600;
}

static int64_t
place_mail(struct model *model, struct standing *it)
{
	static const char *const people[] = { "ann@x", "bo@x", "cy@x", "di@x" };
	uint32_t m = mix(it->number);
	char id[32];
	char refs[64] = "";
	char subject[64];
	struct mail mail = {
		.uid = it->uid,
		.received = it->received,
		.flags = it->flags,
		.from = people[m % 4],
		.to = people[m / 4 % 4],
		.id = id,
		.references = refs,
		.subject = subject,
	};

	snprintf(id, sizeof(id), "%d@x", it->number);
	if (m % 3 && it->number > 10)
		snprintf(refs, sizeof(refs), "%d@x %d@x",
			it->number - (int)(m % 10),
			it->number - (int)(m / 10 % 10));
	snprintf(subject, sizeof(subject), "%ssubject %d",
		m % 5 ? "" : "Re: ", it->number / 4);
	return place(&model->fixture, model->folders[it->folder], &mail, NULL);
}

/* ---- operations ---- */

static void
do_place(struct model *model)
{
	uint32_t n = 1 + pick(model, 12);

	for (uint32_t i = 0; i < n && model->n < MAILS_MAX; i++) {
		struct standing *it = &model->mails[model->n];

		*it = (struct standing){
			.there = true,
			.folder = (int)pick(model, FOLDERS),
			.flags = pick(model, 8),
			.number = (int)model->n,
		};
		/* Sometimes a copy of what stands elsewhere. */
		if (model->n > 20 && pick(model, 6) == 0)
			it->number =
				model->mails[pick(model, 20) + model->n - 20]
					.number;
		it->uid = model->next_uid[it->folder]++;
		it->received = received_of(it->number);
		it->placement = place_mail(model, it);
		model->n++;
	}
}

static struct standing *
pick_standing(struct model *model)
{
	for (int i = 0; model->n && i < 50; i++) {
		struct standing *it =
			&model->mails[pick(model, (uint32_t)model->n)];

		if (it->there && !it->stale)
			return it;
	}
	return NULL;
}

static void
do_flags(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct standing *it = pick_standing(model);
	struct flags flags = { pick(model, 8), NULL };
	bool known;

	if (!it)
		return;
	it->flags = flags.bits;
	MUST(placement_save_flags(model->fixture.store,
		model->folders[it->folder], it->uid, &flags, 0, &known, &err));
	if (!known)
		ok(false, "UID %u is known", it->uid);
}

static void
do_again(struct model *model)
{
	struct standing *it = pick_standing(model);

	if (!it)
		return;
	it->flags = pick(model, 8);
	if (place_mail(model, it) != it->placement)
		ok(false, "placed again, it is the same placement");
}

static void
do_remove(struct model *model, struct transaction *tx)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	struct standing *it = pick_standing(model);
	uint32_t last;

	if (!it)
		return;
	last = it->uid + pick(model, 6);
	uidset_add_range(&uids, it->uid, last);
	while (uids.n > 0)
		MUST(placement_remove(
			tx, model->folders[it->folder], &uids, &err));
	for (size_t i = 0; i < model->n; i++) {
		struct standing *other = &model->mails[i];

		if (other->there && !other->stale &&
			other->folder == it->folder && other->uid >= it->uid &&
			other->uid <= last && other != it)
			other->there = false;
	}
	it->there = false;
}

/* UIDVALIDITY changes; of what stood there, the server has some still. */
static void
do_new_uids(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int folder = (int)pick(model, FOLDERS);
	bool more = true;

	MUST(folder_forget_uids(
		model->fixture.store, model->folders[folder], &err));
	for (size_t i = 0; i < model->n; i++) {
		struct standing *it = &model->mails[i];

		if (it->there && it->folder == folder)
			it->stale = true;
	}
	for (size_t i = 0; i < model->n; i++) {
		struct standing *it = &model->mails[i];
		int64_t placement;

		if (!it->there || !it->stale || pick(model, 4) == 0)
			continue;
		it->stale = false;
		it->uid = model->next_uid[folder]++;
		placement = place_mail(model, it);
		/* Copies may change places among themselves. */
		for (size_t j = 0; j < model->n; j++) {
			if (model->mails[j].placement == placement)
				model->mails[j].placement = it->placement;
		}
		it->placement = placement;
	}
	while (more)
		MUST(folder_drop_stale(model->fixture.store,
			model->folders[folder], &more, &err));
	for (size_t i = 0; i < model->n; i++)
		model->mails[i].there =
			model->mails[i].there && !model->mails[i].stale;
}

static void
do_text(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct standing *it = pick_standing(model);
	struct document doc CLEANUP(document_clear) = { 0 };
	int64_t message;
	char words[64];

	if (!it)
		return;
	MUST(placement_find(model->fixture.store, model->folders[it->folder],
		     it->uid, NULL, &message, &err) == FOUND);
	document_init(&doc);
	snprintf(words, sizeof(words), "word%d other%u", it->number,
		pick(model, 50));
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, slice_str(words));
	MUST(text_save(model->fixture.store, message, &doc, "words", 1, &err));
}

static void
do_link(struct model *model, struct transaction *tx)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t left;
	int64_t folder =
		pick(model, 3) ? 0 : model->folders[pick(model, FOLDERS)];

	MUST(message_link_some(
		tx, model->fixture.account, folder, &left, &err));
}

static void
do_drop_folder(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int folder = (int)pick(model, FOLDERS);
	int64_t keep[FOLDERS];
	char name[40];
	size_t n = 0;
	bool changed = false;

	for (int i = 0; i < FOLDERS; i++) {
		if (i != folder)
			keep[n++] = model->folders[i];
	}
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(model->fixture.store, &tx, &err));
		MUST(folder_drop_others(model->fixture.store,
			model->fixture.account, keep, n, &changed, &err));
		MUST(transaction_commit(&tx, &err));
	}
	if (!changed)
		ok(false, "a folder went");
	for (size_t i = 0; i < model->n; i++) {
		if (model->mails[i].folder == folder)
			model->mails[i].there = false;
	}
	snprintf(name, sizeof(name), "Another %lld",
		(long long)model->folders[folder]);
	model->folders[folder] = make_folder(
		model->fixture.store, model->fixture.account, name, ROLE_NONE);
	model->next_uid[folder] = 1;
}

static void
do_purge(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more = true;

	model->now += 2000;
	clock_freeze(model->now);
	while (more)
		MUST(message_purge_some(model->fixture.store, &more, &err));
}

static void
do_step(struct model *model)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	uint32_t what = pick(model, 1000);

	if (what < 3) {
		do_drop_folder(model);
		return;
	}
	if (what < 20) {
		do_purge(model);
		return;
	}
	if (what < 60) {
		index_all(&model->fixture);
		return;
	}
	MUST(transaction_begin(model->fixture.store, &tx, &err));
	if (what < 400)
		do_place(model);
	else if (what < 550)
		do_flags(model);
	else if (what < 600)
		do_again(model);
	else if (what < 700)
		do_remove(model, &tx);
	else if (what < 705)
		do_new_uids(model);
	else if (what < 800)
		do_text(model);
	else
		do_link(model, &tx);
	/* Some end in a rollback, with the model none the wiser: only those
	 * that leave no trace there. */
	MUST(transaction_commit(&tx, &err));
}

/* ---- comparing ---- */

static int
newest_first(const void *a, const void *b)
{
	const struct standing *x = *(const struct standing *const *)a;
	const struct standing *y = *(const struct standing *const *)b;

	if (x->received != y->received)
		return x->received > y->received ? -1 : 1;
	return x->placement > y->placement ? -1 : x->placement < y->placement;
}

static size_t
sort_folder(struct model *model, int folder, struct standing **sorted)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n; i++) {
		if (model->mails[i].there && model->mails[i].folder == folder)
			sorted[n++] = &model->mails[i];
	}
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), newest_first);
	return n;
}

static bool
is_row(const struct list_row *row, const struct standing *want)
{
	return row->placement == want->placement && row->uid == want->uid &&
	       row->flags.bits == want->flags &&
	       row->received == want->received && row->key.id == row->placement;
}

/* From the newest on, in windows of any size, and back again. */
static bool
walk_messages(
	struct model *model, int folder, struct standing **sorted, size_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = model->folders[folder] };
	struct list_key key;
	bool good = true;
	size_t at = 0;

	for (;;) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

		MUST(list_load(model->fixture.store, &query, at ? &key : NULL,
			false, LIST_OLDER, 1 + pick(model, 40), &rows, &err));
		if (rows.n == 0)
			break;
		for (size_t i = 0; i < rows.n && good; i++)
			good = at + i < n &&
			       is_row(&rows.items[i], sorted[at + i]);
		at += rows.n;
		key = rows.items[rows.n - 1].key;
	}
	good = good && at == n;
	while (good && at > 0) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };
		struct list_key from = key;

		MUST(list_load(model->fixture.store, &query,
			at == n ? NULL : &from, false, LIST_NEWER,
			1 + pick(model, 40), &rows, &err));
		good = rows.n > 0 && rows.n <= at;
		for (size_t i = 0; i < rows.n && good; i++)
			good = is_row(&rows.items[i], sorted[at - rows.n + i]);
		if (good) {
			at -= rows.n;
			key = rows.items[0].key;
		}
	}
	return good;
}

static bool
walk_unread(struct model *model, int folder, struct standing **sorted, size_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = model->folders[folder] };
	struct list_key from = { INT64_MAX, INT64_MAX };
	struct list_key found;

	for (size_t i = 0; i < n; i++) {
		if (sorted[i]->flags & FLAG_SEEN)
			continue;
		if (list_find_unread(model->fixture.store, &query, &from,
			    LIST_OLDER, &found, &err) != FOUND ||
			found.id != sorted[i]->placement)
			return false;
		from = found;
	}
	return list_find_unread(model->fixture.store, &query, &from, LIST_OLDER,
		       &found, &err) == NOT_FOUND;
}

/* Thread rows in order, their sizes adding up, each holding what it says. */
static bool
walk_threads(struct model *model, int folder, size_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct list_query query = { .folder = model->folders[folder],
		.threads = true };
	struct list_key key = { INT64_MAX, INT64_MAX };
	size_t sum = 0;
	bool good = true;

	for (;;) {
		struct list_rows rows CLEANUP(list_rows_clear) = { 0 };

		MUST(list_load(model->fixture.store, &query, &key, false,
			LIST_OLDER, 1 + pick(model, 40), &rows, &err));
		if (rows.n == 0)
			break;
		for (size_t i = 0; i < rows.n; i++) {
			struct list_rows members CLEANUP(
				list_rows_clear) = { 0 };
			const struct list_row *row = &rows.items[i];

			MUST(list_load_thread(model->fixture.store, &query,
				row->conversation, &members, &err));
			good = good && (int)members.n == row->thread_size &&
			       members.items[members.n - 1].placement ==
				       row->placement &&
			       (row->key.date < key.date ||
				       (row->key.date == key.date &&
					       row->key.id < key.id));
			key = row->key;
			sum += members.n;
		}
	}
	return good && sum == n;
}

static void
check_folder(struct model *model, int folder, bool linked)
{
	static struct standing *sorted[MAILS_MAX];
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder row CLEANUP(folder_clear) = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	size_t n = sort_folder(model, folder, sorted);
	size_t unread = 0;
	bool same = true;

	for (size_t i = 0; i < n; i++)
		unread += !(sorted[i]->flags & FLAG_SEEN);
	MUST(folder_load(model->fixture.store, model->folders[folder], &row,
		     &err) == FOUND);
	ok(row.placed == (int64_t)n && row.unread == (int64_t)unread,
		"folder %d counts %zu, %zu unread", folder, n, unread);
	MUST(folder_uids(
		model->fixture.store, model->folders[folder], &uids, &err));
	for (size_t i = 0; i < n; i++)
		same = same && uidset_has(&uids, sorted[i]->uid);
	ok(same && uidset_count(&uids) == n, "the same UIDs");
	ok(walk_messages(model, folder, sorted, n), "the same messages");
	ok(walk_unread(model, folder, sorted, n), "the same unread ones");
	if (linked) {
		is_int(row.unlinked, 0, "all linked");
		ok(walk_threads(model, folder, n), "the same in threads");
	}
}

static void
run(uint64_t seed)
{
	struct model *model = xnew(struct model);

	printf("# seed %llu\n", (unsigned long long)seed);
	model->random = seed;
	model->now = 1800000000;
	clock_freeze(model->now);
	fixture_open(&model->fixture);
	model->folders[0] = model->fixture.inbox;
	model->folders[1] = make_folder(
		model->fixture.store, model->fixture.account, "One", ROLE_NONE);
	model->folders[2] = make_folder(
		model->fixture.store, model->fixture.account, "Two", ROLE_NONE);
	for (int i = 0; i < FOLDERS; i++)
		model->next_uid[i] = 1;
	for (int i = 1; i <= STEPS; i++) {
		do_step(model);
		if (i % CHECK_EVERY)
			continue;
		if (i % (2 * CHECK_EVERY) == 0)
			link_all(&model->fixture);
		is_sound(&model->fixture, "on the way");
		for (int j = 0; j < FOLDERS; j++)
			check_folder(model, j, i % (2 * CHECK_EVERY) == 0);
	}
	fixture_close(&model->fixture);
	clock_freeze(-1);
	free(model);
}

int
main(void)
{
	const char *seed = getenv("SEED");

	if (seed) {
		run(strtoull(seed, NULL, 10));
		return tap_done();
	}
	run(20261120);
	run(88172645463325252);
	return tap_done();
}
