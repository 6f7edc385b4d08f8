/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To where a message stands, and the bytes of one of its sections. */
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/part.h"
#include "sync/private.h"

bool
pull_gone(struct error *err)
{
	return error_set(
		err, ERR_STALE, _("This message is no longer on the server"));
}

bool
pull_look_again(struct session *session, struct error *err)
{
	error_clear(err);
	return imap_noop(session->imap, err);
}

/* Whether the placement's UID means that message in the selected folder. */
static enum found
select_placement(struct session *session,
	const struct message_placement *placement, struct error *err)
{
	struct imap_selected selected = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found;

	if (placement->uid == 0)
		return NOT_FOUND;
	found = folder_load(
		session->options.store, placement->folder, &folder, err);
	if (found != FOUND)
		return found;
	if (!folder.remote || folder.uidvalidity == 0)
		return NOT_FOUND;
	if (session->at.folder == folder.id &&
		session->at.uidvalidity == folder.uidvalidity)
		return FOUND;
	if (!session_select(session, &folder, false, &selected, err)) {
		if (err->kind != ERR_REFUSED)
			return FOUND_ERROR;
		log_info("sync", "%s", err->text);
		return NOT_FOUND;
	}
	return selected.uidvalidity == folder.uidvalidity ? FOUND : NOT_FOUND;
}

/* First where we are, which costs nothing. */
static void
sort_placements(const struct session *session, struct message *message)
{
	struct message_placement *items = message->placements;

	for (size_t i = 1; i < message->n_placements; i++) {
		struct message_placement it = items[i];

		if (it.folder != session->at.folder)
			continue;
		items[i] = items[0];
		items[0] = it;
		return;
	}
}

/* What is on its way elsewhere is still where it was. */
static enum found
go_where_it_was(struct session *session, int64_t message_id, uint32_t *ret_uid,
	struct error *err)
{
	struct message_wanted wanted = { .message = message_id };
	struct message_placement placement = { 0 };
	enum found found =
		message_find_at_server(session->options.store, &wanted, err);

	*ret_uid = 0;
	if (found != FOUND)
		return found;
	placement.folder = wanted.folder;
	placement.uid = wanted.uid;
	found = select_placement(session, &placement, err);
	if (found == FOUND)
		*ret_uid = wanted.uid;
	return found;
}

/* Moved here from elsewhere, and no server has it under this account yet. */
static bool
is_on_its_way(const struct message *message)
{
	for (size_t i = 0; i < message->n_placements; i++) {
		if (message->placements[i].uid)
			return false;
	}
	return message->n_placements > 0;
}

bool
pull_go_to(struct session *session, int64_t message_id, struct message *message,
	uint32_t *ret_uid, struct error *err)
{
	enum found found =
		message_load(session->options.store, message_id, message, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND)
		sort_placements(session, message);
	for (size_t i = 0; found == FOUND && i < message->n_placements; i++) {
		const struct message_placement *it = &message->placements[i];

		error_clear(err);
		switch (select_placement(session, it, err)) {
		case FOUND:
			*ret_uid = it->uid;
			return true;
		case NOT_FOUND:
			break;
		case FOUND_ERROR:
			return false;
		}
	}
	if (found == FOUND && err->kind == ERR_NONE)
		found = go_where_it_was(session, message_id, ret_uid, err);
	if (found == FOUND && err->kind == ERR_NONE && *ret_uid)
		return true;
	/* The server's own words, where it had any. */
	if (err->kind != ERR_NONE)
		return false;
	return is_on_its_way(message)
		       ? error_set(err, ERR_STALE,
				 _("This message is still on its way here from "
				   "another account"))
		       : pull_gone(err);
}

struct stream {
	struct session *session;
	int64_t message;
	const char *section;
	struct strbuf piece;
	uint64_t done;
	uint64_t total; /* as the message's structure has it; 0: unknown */
	bool came;      /* if only to say that it is empty */
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

/* Until the end `done` stays below the total, whatever the server said. */
static void
tell_progress(struct stream *stream, bool last)
{
	struct event *event = xnew(struct event);

	event->type = EVENT_PROGRESS;
	event->account = stream->session->options.account_id;
	event->message = stream->message;
	event->progress = PROGRESS_PART;
	event->done = stream->done;
	event->total = stream->total;
	if (last)
		event->total = event->done;
	else if (event->total <= event->done)
		event->total = event->done + 1;
	stream->session->options.tell(stream->session->options.ctx, event);
}

static bool
on_piece(void *ctx, struct slice piece, uint64_t so_far)
{
	struct stream *stream = ctx;

	stream->came = true;
	if (so_far > MESSAGE_BYTES_MAX)
		return error_set(&stream->failed, ERR_LIMIT,
			_("This part is larger than %d MB"),
			MESSAGE_BYTES_MAX / 1024 / 1024);
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
		tell_progress(stream, false);
	}
	return true;
}

static uint64_t
size_of(const struct message *message, const char *section)
{
	const struct part *part;

	if (*section == '\0')
		return message->size;
	part = part_tree_find(&message->parts, section);
	return part ? part->size : 0;
}

static bool
ask(struct stream *stream, uint32_t uid, struct error *err)
{
	bool fetched = imap_fetch_stream(stream->session->imap, uid,
		stream->section, on_piece, stream, err);

	if (!fetched && stream->failed.kind != ERR_NONE)
		error_move(err, &stream->failed);
	return fetched;
}

/* Something came, or it is empty. */
static bool
is_here(const struct stream *stream)
{
	return stream->came && (stream->done > 0 || stream->total == 0);
}

static bool
stream_section(struct stream *stream, uint32_t uid, struct error *err)
{
	if (!ask(stream, uid, err) && err->kind != ERR_REFUSED)
		return false;
	if (!is_here(stream) && (!pull_look_again(stream->session, err) ||
					!ask(stream, uid, err)))
		return false;
	if (!is_here(stream))
		return pull_gone(err);
	return write_piece(stream, true, err);
}

static bool
fetch_section(struct session *session, const struct message *message,
	uint32_t uid, const char *section, struct error *err)
{
	struct stream stream = {
		.session = session,
		.message = message->id,
		.section = section,
		.total = size_of(message, section),
	};
	bool ok;

	strbuf_init(&stream.piece, PART_SLICE_BYTES);
	ok = stream_section(&stream, uid, err);
	strbuf_clear(&stream.piece);
	error_clear(&stream.failed);
	if (!ok)
		return false;
	tell_progress(&stream, true);
	session_tell_message(session, message->id);
	return true;
}

bool
pull_section(struct session *session, int64_t message_id, const char *section,
	struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	uint32_t uid;

	return pull_go_to(session, message_id, &message, &uid, err) &&
	       fetch_section(session, &message, uid, section, err);
}

bool
pull_section_at(struct session *session, int64_t message_id, uint32_t uid,
	const char *section, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };

	switch (message_load(
		session->options.store, message_id, &message, err)) {
	case FOUND:
		return fetch_section(session, &message, uid, section, err);
	case NOT_FOUND:
		return pull_gone(err);
	case FOUND_ERROR:
		break;
	}
	return false;
}
