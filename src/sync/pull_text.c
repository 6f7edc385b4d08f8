/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts and sections of single messages. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/pull.h"

enum { SECTIONS_MAX = TEXT_PARTS_MAX + 1 };

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
	return slice_make(xmemdup0(bytes.data, bytes.len), bytes.len);
}

static void
tell_message(struct session *session, int64_t message)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_MESSAGE_CHANGED;
	event->account = session->options.account_id;
	event->folder = session->at.folder;
	event->message = message;
	session->options.tell(session->options.ctx, event);
}

static void
save(struct wanted_texts *all, struct wanted_text *wanted,
	const struct imap_body *bodies, size_t n)
{
	wanted->done = true;
	if (!ingest_bodies(all->session->options.store, wanted->message.id,
		    &wanted->message.parts, bodies, n, &all->failed))
		return;
	tell_message(all->session, wanted->message.id);
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

/* The server answered without it: an empty text of version 0 says that it was
 * tried, so that it is not asked for over and over. */
static bool
mark_tried(struct session *session, int64_t message, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct document empty CLEANUP(document_clear) = { 0 };

	document_init(&empty);
	return transaction_begin(session->options.store, &tx, err) &&
	       text_save(
		       session->options.store, message, &empty, NULL, 0, err) &&
	       transaction_commit(&tx, err);
}

static bool
load_wanted(struct wanted_texts *all, int64_t message, uint32_t uid,
	struct error *err)
{
	struct wanted_text *wanted = &all->items[all->n];
	enum found found = message_load(
		all->session->options.store, message, &wanted->message, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND)
		return true;
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
fetch_wanted(struct wanted_texts *all, struct error *err)
{
	struct session *session = all->session;
	struct imap_wanted wanted[PULL_TEXTS_MAX];
	bool ok;

	for (size_t i = 0; i < all->n; i++) {
		wanted[i] = (struct imap_wanted){
			.uid = all->items[i].uid,
			.sections = all->items[i].sections,
			.n_sections = all->items[i].n_sections,
		};
	}
	session->bodies = on_bodies;
	session->bodies_ctx = all;
	ok = imap_fetch_many(
		session->imap, wanted, all->n, TEXT_PART_BYTES_MAX, err);
	session->bodies = NULL;
	if (all->failed.kind != ERR_NONE)
		return error_move(err, &all->failed);
	return ok || (err->kind == ERR_REFUSED && session_is_open(session));
}

bool
pull_texts(struct session *session, const struct message_wanted *wanted,
	size_t n, struct error *err)
{
	struct wanted_texts all CLEANUP(wanted_texts_clear) = {
		.session = session,
	};

	ASSERT(n <= PULL_TEXTS_MAX);
	all.items = xcalloc(n, sizeof(*all.items));
	for (size_t i = 0; i < n; i++) {
		if (wanted[i].folder == session->at.folder &&
			!load_wanted(
				&all, wanted[i].message, wanted[i].uid, err))
			return false;
	}
	if (all.n == 0)
		return true;
	if (!fetch_wanted(&all, err) || !session_flush(session, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		if (!all.items[i].done &&
			!mark_tried(session, all.items[i].message.id, err))
			return false;
	}
	return true;
}

/* --- one message --------------------------------------------------------- */

static bool
gone(struct error *err)
{
	return error_set(
		err, ERR_STALE, _("This message is no longer on the server"));
}

/* The placement to fetch by: the selected folder's, else the first that has a
 * UID. */
static const struct message_placement *
choose_placement(const struct session *session, const struct message *message)
{
	const struct message_placement *chosen = NULL;

	for (size_t i = 0; i < message->n_placements; i++) {
		const struct message_placement *it = &message->placements[i];

		if (it->uid && it->folder == session->at.folder)
			return it;
		if (it->uid && !chosen)
			chosen = it;
	}
	return chosen;
}

/* Selects where the message stands; its UID goes to `*ret_uid`. */
static bool
go_to(struct session *session, int64_t message_id, struct message *message,
	uint32_t *ret_uid, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	const struct message_placement *placement;
	struct imap_selected selected;
	enum found found =
		message_load(session->options.store, message_id, message, err);

	if (found == FOUND_ERROR)
		return false;
	placement = found == FOUND ? choose_placement(session, message) : NULL;
	if (!placement)
		return gone(err);
	*ret_uid = placement->uid;
	if (placement->folder == session->at.folder)
		return true;
	if (folder_load(session->options.store, placement->folder, &folder,
		    err) != FOUND)
		return gone(err);
	folder.highestmodseq = 0; /* no changes wanted here */
	if (!session_select(session, &folder, &selected, err))
		return false;
	if (selected.uidvalidity != folder.uidvalidity) {
		session->at.folder = 0;
		return gone(err);
	}
	return true;
}

bool
pull_message(struct session *session, int64_t message_id, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct wanted_texts all CLEANUP(wanted_texts_clear) = {
		.session = session,
	};
	uint32_t uid;

	if (!go_to(session, message_id, &message, &uid, err))
		return false;
	all.items = xcalloc(1, sizeof(*all.items));
	if (!load_wanted(&all, message_id, uid, err) ||
		!fetch_wanted(&all, err) || !session_flush(session, err))
		return false;
	if (all.n == 0 || !all.items[0].done)
		return gone(err);
	return true;
}

/* --- streaming ----------------------------------------------------------- */

struct stream {
	struct session *session;
	int64_t message;
	const char *section;
	struct strbuf piece;
	uint64_t done;
	uint64_t total;
	bool began;
	struct error failed;
};

static bool
write_piece(struct stream *stream, bool last, struct error *err)
{
	struct store *store = stream->session->options.store;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin(store, &tx, err) ||
		!section_append(store, stream->message, stream->section,
			!stream->began, strbuf_slice(&stream->piece), last,
			err) ||
		!transaction_commit(&tx, err))
		return false;
	stream->began = true;
	strbuf_reset(&stream->piece);
	return true;
}

static void
tell_part_progress(struct stream *stream)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_PROGRESS;
	event->account = stream->session->options.account_id;
	event->message = stream->message;
	event->progress = PROGRESS_PART;
	event->done = stream->done;
	event->total = stream->total;
	stream->session->options.tell(stream->session->options.ctx, event);
}

static bool
on_piece(void *ctx, struct slice piece, uint64_t total)
{
	struct stream *stream = ctx;

	stream->total = total;
	while (piece.len > 0) {
		size_t room = PART_SLICE_BYTES - stream->piece.len;
		struct slice head = slice_head(piece, room);

		strbuf_add_slice(&stream->piece, head);
		piece = slice_skip(piece, head.len);
		stream->done += head.len;
		if (stream->piece.len < PART_SLICE_BYTES)
			break;
		if (!write_piece(stream, false, &stream->failed))
			return false;
		tell_part_progress(stream);
	}
	return stream->done <= MESSAGE_BYTES_MAX;
}

bool
pull_section(struct session *session, int64_t message_id, const char *section,
	struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct stream stream = {
		.session = session,
		.message = message_id,
		.section = section,
	};
	uint32_t uid;
	bool ok;

	if (!go_to(session, message_id, &message, &uid, err))
		return false;
	strbuf_init(&stream.piece, PART_SLICE_BYTES);
	ok = imap_fetch_stream(
		session->imap, uid, section, on_piece, &stream, err);
	if (!ok && stream.failed.kind != ERR_NONE)
		error_move(err, &stream.failed);
	error_clear(&stream.failed);
	ok = ok && session_flush(session, err) &&
	     write_piece(&stream, true, err);
	strbuf_clear(&stream.piece);
	if (ok) {
		stream.total = stream.done;
		tell_part_progress(&stream);
		tell_message(session, message_id);
	}
	return ok;
}
