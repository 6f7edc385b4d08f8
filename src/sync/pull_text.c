/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts: of many messages for reading offline, or of one somebody opened.
 *
 * Messages are asked for in groups, two in flight; what comes is read at once
 * and saved many at a time.
 */
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "mime/message.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/private.h"

enum {
	SECTIONS_MAX = MESSAGE_PARTS_MAX + 1,
	/* How far ahead of the newest a folder is worked off, before another
	 * is selected for a newer message. */
	LOOK_AHEAD = 1000,
	IN_FLIGHT = 2,
	/* A group is bounded by what it makes the server say, and by the length
	 * of its commands: neither side may stand still for the other. */
	GROUP_BYTES = 512 * 1024,
	GROUP_SECTIONS = 256,
	WAITING_BYTES = 1024 * 1024, /* read, and not saved yet */
	PIECE_US = 500000,           /* before others have their turn */
};

/* One message whose sections are awaited. */
struct wanted_text {
	struct message message;
	uint32_t uid;
	const char *sections[SECTIONS_MAX];
	size_t n_sections;
	/* Sections that came in an answer of their own. */
	struct imap_body bodies[SECTIONS_MAX];
	size_t n_bodies;
	bool came;
	bool saved;
};

/* What was asked for under one ticket. */
struct text_group {
	struct wanted_text *items;
	size_t n;
	uint64_t ticket;
	uint64_t bytes; /* at least so many will come */
	size_t n_sections;
};

ARRAY_OF(ingest_text_array, struct ingest_text);

struct text_run {
	struct session *session;
	struct text_group groups[IN_FLIGHT];
	size_t n_groups;
	struct ingest_text_array waiting; /* to be saved */
	size_t bytes;
	struct error failed; /* met in a handler */
};

static void
drop_bodies(struct wanted_text *wanted)
{
	for (size_t i = 0; i < wanted->n_bodies; i++) {
		free((char *)(uintptr_t)wanted->bodies[i].section.data);
		free((char *)(uintptr_t)wanted->bodies[i].bytes.data);
	}
	wanted->n_bodies = 0;
}

static void
group_clear(struct text_group *group)
{
	for (size_t i = 0; i < group->n; i++) {
		drop_bodies(&group->items[i]);
		message_clear(&group->items[i].message);
	}
	free(group->items);
	*group = (struct text_group){ 0 };
}

static void
drop_waiting(struct text_run *run)
{
	for (size_t i = 0; i < run->waiting.n; i++)
		ingest_text_clear(&run->waiting.items[i]);
	run->waiting.n = 0;
	run->bytes = 0;
}

static void
text_run_clear(struct text_run *run)
{
	for (size_t i = 0; i < run->n_groups; i++)
		group_clear(&run->groups[i]);
	drop_waiting(run);
	array_clear(&run->waiting);
	error_clear(&run->failed);
	*run = (struct text_run){ 0 };
}

/* --- what comes ---------------------------------------------------------- */

static struct wanted_text *
find_wanted(struct text_run *run, uint32_t uid)
{
	for (size_t i = 0; i < run->n_groups; i++) {
		struct text_group *group = &run->groups[i];

		for (size_t j = 0; j < group->n; j++) {
			if (group->items[j].uid == uid && !group->items[j].came)
				return &group->items[j];
		}
	}
	return NULL;
}

static void
note_saved(struct text_run *run, int64_t message)
{
	for (size_t i = 0; i < run->n_groups; i++) {
		struct text_group *group = &run->groups[i];

		for (size_t j = 0; j < group->n; j++) {
			if (group->items[j].message.id == message)
				group->items[j].saved = true;
		}
	}
}

static bool
save_waiting(struct text_run *run, struct error *err)
{
	struct session *session = run->session;

	if (!ingest_texts_save(session->options.store, run->waiting.items,
		    run->waiting.n, err))
		return false;
	for (size_t i = 0; i < run->waiting.n; i++) {
		const struct ingest_text *text = &run->waiting.items[i];

		if (!text->saved)
			continue;
		note_saved(run, text->message);
		session_tell_message(session, text->message);
	}
	drop_waiting(run);
	return true;
}

static void
read_text(struct text_run *run, struct wanted_text *wanted,
	const struct imap_body *bodies, size_t n)
{
	struct ingest_text *text = array_add(&run->waiting);

	wanted->came = true;
	ingest_text_read(wanted->message.id, &wanted->message.parts, bodies, n,
		TEXT_PART_BYTES_MAX, text);
	ingest_text_keep(text);
	for (size_t i = 0; i < n; i++)
		run->bytes += bodies[i].bytes.len;
	if (run->bytes >= WAITING_BYTES && !save_waiting(run, &run->failed))
		drop_waiting(run);
}

static struct slice
keep(struct slice bytes)
{
	if (!bytes.data)
		return bytes;
	return slice_make(xmemdup0(bytes.data, bytes.len), bytes.len);
}

static void
on_bodies(void *ctx, struct imap_fetch *fetch)
{
	struct text_run *run = ctx;
	struct wanted_text *wanted = find_wanted(run, fetch->uid);

	if (!wanted || run->failed.kind != ERR_NONE)
		return;
	/* NIL for a whole message: it cannot be had. */
	if (*wanted->sections[0] == '\0' && fetch->n_bodies > 0 &&
		!fetch->bodies[0].bytes.data)
		return;
	if (wanted->n_bodies == 0 && fetch->n_bodies >= wanted->n_sections) {
		read_text(run, wanted, fetch->bodies, fetch->n_bodies);
		return;
	}
	for (size_t i = 0;
		i < fetch->n_bodies && wanted->n_bodies < SECTIONS_MAX; i++) {
		wanted->bodies[wanted->n_bodies++] = (struct imap_body){
			keep(fetch->bodies[i].section),
			keep(fetch->bodies[i].bytes),
		};
	}
	if (wanted->n_bodies >= wanted->n_sections) {
		read_text(run, wanted, wanted->bodies, wanted->n_bodies);
		drop_bodies(wanted);
	}
}

/* --- what is asked for --------------------------------------------------- */

static bool
is_full(const struct text_group *group)
{
	return group->n == IMAP_WANTED_MAX || group->bytes >= GROUP_BYTES ||
	       group->n_sections + SECTIONS_MAX > GROUP_SECTIONS;
}

static bool
add_wanted(struct text_run *run, struct text_group *group, int64_t message,
	uint32_t uid, struct error *err)
{
	struct wanted_text *wanted = &group->items[group->n];
	enum found found = message_load(
		run->session->options.store, message, &wanted->message, err);

	if (found != FOUND)
		return found == NOT_FOUND;
	wanted->uid = uid;
	if (wanted->message.parts.n > 0) {
		wanted->n_sections = ingest_sections(&wanted->message.parts,
			wanted->message.size, wanted->sections, SECTIONS_MAX);
	} else {
		wanted->sections[0] = "";
		wanted->n_sections = 1;
	}
	group->n++;
	group->n_sections += wanted->n_sections;
	if (*wanted->sections[0] == '\0')
		group->bytes += wanted->message.size;
	for (size_t i = 1; i < wanted->n_sections; i++) {
		const struct part *part = part_tree_find(
			&wanted->message.parts, wanted->sections[i]);

		group->bytes += part ? part->size : 0;
	}
	return true;
}

/* A group of the run; its items stay where they are. */
static struct text_group *
add_group(struct text_run *run)
{
	struct text_group *group = &run->groups[run->n_groups++];

	*group = (struct text_group){ 0 };
	group->items = xcalloc(IMAP_WANTED_MAX, sizeof(*group->items));
	return group;
}

static bool
ask(struct text_run *run, const struct wanted_text *items, size_t n,
	uint64_t *ret_ticket, struct error *err)
{
	struct imap_wanted wanted[IMAP_WANTED_MAX];

	for (size_t i = 0; i < n; i++) {
		wanted[i] = (struct imap_wanted){
			.uid = items[i].uid,
			.sections = items[i].sections,
			.n_sections = items[i].n_sections,
		};
	}
	return imap_fetch_bodies_send(run->session->imap, wanted, n,
		TEXT_PART_BYTES_MAX, ret_ticket, err);
}

static bool
is_refusal(const struct error *err)
{
	return err->kind == ERR_REFUSED || err->kind == ERR_INVALID;
}

/* The server refuses all together: one by one, so that only what it cannot
 * give is missing. */
static bool
ask_one_by_one(
	struct text_run *run, const struct text_group *group, struct error *err)
{
	struct imap *imap = run->session->imap;

	for (size_t i = 0; i < group->n; i++) {
		struct error why CLEANUP(error_clear) = ERROR_INIT;
		uint64_t ticket;

		if (group->items[i].came ||
			(ask(run, &group->items[i], 1, &ticket, &why) &&
				imap_fetch_wait(imap, ticket, &why)))
			continue;
		log_warning("sync", "message %lld: %s",
			(long long)group->items[i].message.id, why.text);
		if (!is_refusal(&why))
			return error_move(err, &why);
	}
	error_clear(err);
	return true;
}

/* What did not come is not asked for over and over; opening the message asks
 * again. */
static bool
give_up_rest(
	struct text_run *run, const struct text_group *group, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = run->session->options.store;

	for (size_t i = 0; i < group->n; i++) {
		if (group->items[i].saved)
			continue;
		if (!tx.store && !transaction_begin(store, &tx, err))
			return false;
		if (!text_give_up(store, group->items[i].message.id, err))
			return false;
	}
	return !tx.store || transaction_commit(&tx, err);
}

/* The oldest group, to its end. */
static bool
finish_group(struct text_run *run, struct error *err)
{
	struct text_group *group = &run->groups[0];
	bool came = group->ticket &&
		    imap_fetch_wait(run->session->imap, group->ticket, err);

	if (!came && group->ticket && !is_refusal(err))
		return false;
	if (!came && !ask_one_by_one(run, group, err))
		return false;
	if (run->failed.kind != ERR_NONE)
		return error_move(err, &run->failed);
	return save_waiting(run, err) && session_flush(run->session, err);
}

static void
drop_group(struct text_run *run)
{
	group_clear(&run->groups[0]);
	memmove(&run->groups[0], &run->groups[1],
		--run->n_groups * sizeof(run->groups[0]));
}

/* --- many, for reading offline ------------------------------------------- */

/* The next ones of the selected folder. */
static bool
send_group(struct text_run *run, const struct message_wanted_array *wanted,
	size_t *next, struct error *err)
{
	struct text_group *group = add_group(run);

	for (; *next < wanted->n && !is_full(group); (*next)++) {
		const struct message_wanted *it = &wanted->items[*next];

		if (it->folder == run->session->at.folder &&
			!add_wanted(run, group, it->message, it->uid, err))
			return false;
	}
	if (group->n == 0 ||
		ask(run, group->items, group->n, &group->ticket, err))
		return true;
	if (!is_refusal(err))
		return false;
	/* Without a ticket they are asked for one by one. */
	group->ticket = 0;
	error_clear(err);
	return true;
}

static void
tell_progress(struct session *session, uint64_t left)
{
	session_tell_progress(session, PROGRESS_TEXT, session->texts_done,
		session->texts_done + left);
}

static bool
pull_some(struct session *session, const struct message_wanted_array *wanted,
	uint64_t left, struct error *err)
{
	struct text_run run CLEANUP(text_run_clear) = { .session = session };
	int64_t until = clock_mono_us() + PIECE_US;
	size_t next = 0;
	bool ok = imap_compress(session->imap, err);

	session->bodies = on_bodies;
	session->bodies_ctx = &run;
	while (ok) {
		bool stop = session_is_interrupted(session) ||
			    clock_mono_us() >= until;

		while (ok && !stop && run.n_groups < IN_FLIGHT &&
			next < wanted->n)
			ok = send_group(&run, wanted, &next, err);
		if (!ok || run.n_groups == 0)
			break;
		ok = finish_group(&run, err) &&
		     give_up_rest(&run, &run.groups[0], err);
		if (!ok)
			break;
		session->texts_done += run.groups[0].n;
		left -= run.groups[0].n < left ? run.groups[0].n : left;
		tell_progress(session, left);
		drop_group(&run);
	}
	session->bodies = NULL;
	return ok;
}

static bool
has(const struct id_array *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++) {
		if (ids->items[i] == id)
			return true;
	}
	return false;
}

/* The selected folder when it holds any of them, else the newest's. */
static int64_t
choose_folder(const struct session *session,
	const struct message_wanted_array *wanted,
	const struct id_array *refused)
{
	int64_t chosen = 0;

	for (size_t i = 0; i < wanted->n; i++) {
		int64_t folder = wanted->items[i].folder;

		if (folder == session->at.folder)
			return folder;
		if (!chosen && !has(refused, folder))
			chosen = folder;
	}
	return chosen;
}

bool
pull_texts(struct session *session, const struct id_array *refused,
	int64_t *ret_folder, struct error *err)
{
	struct store *store = session->options.store;
	int64_t account = session->options.account_id;
	int days = session->options.config->offline_days;
	struct message_wanted_array wanted = { 0 };
	int64_t since = 0;
	uint64_t left;
	bool ok = true;

	*ret_folder = 0;
	if (days == OFFLINE_NONE)
		return true;
	if (days > 0)
		since = clock_wall_s() - (int64_t)days * 86400;
	if (!message_wanting_text(
		    store, account, since, LOOK_AHEAD, &wanted, err))
		return false;
	*ret_folder = choose_folder(session, &wanted, refused);
	if (*ret_folder && *ret_folder == session->at.folder)
		ok = message_count_wanting_text(
			     store, account, since, &left, err) &&
		     pull_some(session, &wanted, left, err);
	array_clear(&wanted);
	if (*ret_folder == 0 && session->texts_done > 0) {
		/* What is left cannot be had now. */
		tell_progress(session, 0);
		session->texts_done = 0;
	}
	return ok;
}

/* --- one ----------------------------------------------------------------- */

static bool
ask_for_one(struct text_run *run, struct text_group *group, struct error *err)
{
	return ask(run, group->items, group->n, &group->ticket, err) &&
	       imap_fetch_wait(run->session->imap, group->ticket, err);
}

static bool
fetch_one(struct text_run *run, struct text_group *group, struct error *err)
{
	if (group->n == 0)
		return true;
	if (!ask_for_one(run, group, err) && !is_refusal(err))
		return false;
	return group->items[0].came || (pull_look_again(run->session, err) &&
					       ask_for_one(run, group, err));
}

bool
pull_message(struct session *session, int64_t message_id, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct text_run run CLEANUP(text_run_clear) = { .session = session };
	struct text_group *group;
	uint32_t uid;
	bool ok;

	if (!pull_go_to(session, message_id, &message, &uid, err))
		return false;
	group = add_group(&run);
	session->bodies = on_bodies;
	session->bodies_ctx = &run;
	ok = add_wanted(&run, group, message_id, uid, err) &&
	     fetch_one(&run, group, err) &&
	     (run.failed.kind == ERR_NONE || error_move(err, &run.failed)) &&
	     save_waiting(&run, err);
	session->bodies = NULL;
	if (!ok)
		return false;
	return (group->n > 0 && group->items[0].saved) || pull_gone(err);
}
