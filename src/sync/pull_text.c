/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts: of many messages for reading offline, or of one somebody opened. */
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/private.h"

enum {
	SECTIONS_MAX = TEXT_PARTS_MAX + 1,
	/* How far ahead of the newest a folder is worked off, before another
	 * is selected for a newer message. */
	LOOK_AHEAD = 1000,
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
	bool done;
};

struct wanted_texts {
	struct session *session;
	struct wanted_text *items;
	size_t n;
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
wanted_texts_clear(struct wanted_texts *wanted)
{
	for (size_t i = 0; i < wanted->n; i++) {
		drop_bodies(&wanted->items[i]);
		message_clear(&wanted->items[i].message);
	}
	free(wanted->items);
	error_clear(&wanted->failed);
	*wanted = (struct wanted_texts){ 0 };
}

static struct slice
keep(struct slice bytes)
{
	if (!bytes.data)
		return bytes;
	return slice_make(xmemdup0(bytes.data, bytes.len), bytes.len);
}

/* A message that is gone, or holds more than fits, is not worth the session. */
static void
save(struct wanted_texts *all, struct wanted_text *wanted,
	const struct imap_body *bodies, size_t n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t id = wanted->message.id;

	if (ingest_bodies(all->session->options.store, id,
		    &wanted->message.parts, bodies, n, TEXT_PART_BYTES_MAX,
		    &err)) {
		wanted->done = true;
		session_tell_message(all->session, id);
	} else if (err.kind == ERR_STALE || err.kind == ERR_LIMIT) {
		log_warning(
			"sync", "message %lld: %s", (long long)id, err.text);
	} else {
		error_move(&all->failed, &err);
	}
}

static void
on_bodies(void *ctx, struct imap_fetch *fetch)
{
	struct wanted_texts *all = ctx;
	struct wanted_text *wanted = NULL;

	for (size_t i = 0; i < all->n && !wanted; i++) {
		if (all->items[i].uid == fetch->uid && !all->items[i].done)
			wanted = &all->items[i];
	}
	if (!wanted || all->failed.kind != ERR_NONE)
		return;
	/* NIL for a whole message: it cannot be had. */
	if (*wanted->sections[0] == '\0' && fetch->n_bodies > 0 &&
		!fetch->bodies[0].bytes.data)
		return;
	if (wanted->n_bodies == 0 && fetch->n_bodies >= wanted->n_sections) {
		save(all, wanted, fetch->bodies, fetch->n_bodies);
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
		save(all, wanted, wanted->bodies, wanted->n_bodies);
		drop_bodies(wanted);
	}
}

/* An empty text of version 0 says that it was tried, so that it is not asked
 * for over and over; opening the message asks again. */
static bool
mark_tried(struct session *session, int64_t message, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct document empty CLEANUP(document_clear) = { 0 };
	bool saved;

	document_init(&empty);
	if (!transaction_begin(session->options.store, &tx, err))
		return false;
	saved = text_save(
		session->options.store, message, &empty, NULL, 0, err);
	if (!saved && err->kind == ERR_STALE) {
		error_clear(err);
		return true;
	}
	return saved && transaction_commit(&tx, err);
}

static bool
load_wanted(struct wanted_texts *all, int64_t message, uint32_t uid,
	struct error *err)
{
	struct wanted_text *wanted = &all->items[all->n];
	enum found found = message_load(
		all->session->options.store, message, &wanted->message, err);

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
	all->n++;
	return true;
}

static bool
fetch(struct wanted_texts *all, size_t first, size_t n, struct error *err)
{
	struct session *session = all->session;
	struct imap_wanted wanted[PULL_TEXTS_MAX];
	bool ok;

	for (size_t i = 0; i < n; i++) {
		const struct wanted_text *it = &all->items[first + i];

		wanted[i] = (struct imap_wanted){
			.uid = it->uid,
			.sections = it->sections,
			.n_sections = it->n_sections,
		};
	}
	session->bodies = on_bodies;
	session->bodies_ctx = all;
	ok = imap_fetch_many(
		session->imap, wanted, n, TEXT_PART_BYTES_MAX, err);
	session->bodies = NULL;
	if (all->failed.kind != ERR_NONE)
		return error_move(err, &all->failed);
	return ok;
}

static bool
is_refusal(const struct error *err)
{
	return err->kind == ERR_REFUSED || err->kind == ERR_INVALID;
}

/* All at once; if the server refuses, one by one, so that only what it cannot
 * give is missing. */
static bool
fetch_all(struct wanted_texts *all, struct error *err)
{
	if (fetch(all, 0, all->n, err))
		return true;
	for (size_t i = 0; i < all->n && is_refusal(err); i++) {
		struct error why CLEANUP(error_clear) = ERROR_INIT;

		if (all->items[i].done || fetch(all, i, 1, &why))
			continue;
		log_warning("sync", "message %lld: %s",
			(long long)all->items[i].message.id, why.text);
		if (!is_refusal(&why))
			error_move(err, &why);
	}
	if (!is_refusal(err))
		return false;
	error_clear(err);
	return true;
}

static bool
pull_some(struct session *session, const struct message_wanted_array *wanted,
	struct error *err)
{
	struct wanted_texts all CLEANUP(wanted_texts_clear) = {
		.session = session,
	};

	all.items = xcalloc(PULL_TEXTS_MAX, sizeof(*all.items));
	for (size_t i = 0; i < wanted->n && all.n < PULL_TEXTS_MAX; i++) {
		const struct message_wanted *it = &wanted->items[i];

		if (it->folder == session->at.folder &&
			!load_wanted(&all, it->message, it->uid, err))
			return false;
	}
	if (all.n > 0 &&
		(!imap_compress(session->imap, err) || !fetch_all(&all, err) ||
			!session_flush(session, err)))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		if (!all.items[i].done &&
			!mark_tried(session, all.items[i].message.id, err))
			return false;
	}
	session->texts_done += all.n;
	return true;
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

static bool
tell_progress(struct session *session, int64_t since, struct error *err)
{
	uint64_t left;

	if (!message_count_wanting_text(session->options.store,
		    session->options.account_id, since, &left, err))
		return false;
	session_tell_progress(session, PROGRESS_TEXT, session->texts_done,
		session->texts_done + left);
	if (left == 0)
		session->texts_done = 0;
	return true;
}

bool
pull_texts(struct session *session, const struct id_array *refused,
	int64_t *ret_folder, struct error *err)
{
	int days = session->options.config->offline_days;
	struct message_wanted_array wanted = { 0 };
	int64_t since = 0;
	bool ok = true;

	*ret_folder = 0;
	if (days == OFFLINE_NONE)
		return true;
	if (days > 0)
		since = clock_wall_s() - (int64_t)days * 86400;
	if (!message_wanting_text(session->options.store,
		    session->options.account_id, since, LOOK_AHEAD, &wanted,
		    err))
		return false;
	*ret_folder = choose_folder(session, &wanted, refused);
	if (*ret_folder && *ret_folder == session->at.folder)
		ok = pull_some(session, &wanted, err) &&
		     tell_progress(session, since, err);
	array_clear(&wanted);
	if (*ret_folder == 0 && session->texts_done > 0) {
		/* What is left cannot be had now. */
		session_tell_progress(session, PROGRESS_TEXT,
			session->texts_done, session->texts_done);
		session->texts_done = 0;
	}
	return ok;
}

bool
pull_message(struct session *session, int64_t message_id, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct wanted_texts all CLEANUP(wanted_texts_clear) = {
		.session = session,
	};
	uint32_t uid;

	if (!pull_go_to(session, message_id, &message, &uid, err))
		return false;
	all.items = xcalloc(1, sizeof(*all.items));
	if (!load_wanted(&all, message_id, uid, err) ||
		!fetch(&all, 0, all.n, err))
		return false;
	return (all.n > 0 && all.items[0].done) || pull_gone(err);
}
