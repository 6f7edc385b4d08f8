/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts between writer, store and the server's Drafts folder. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "compose/build.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "store/draft.h"
#include "store/message.h"
#include "store/part.h"
#include "sync/ingest.h"
#include "sync/journal_private.h"
#include "sync/send_private.h"

enum { DECODED_MAX = 4 * 1024 * 1024 };

/* ---- attachments that stand in a stored message ---- */

struct decoder {
	struct transfer *transfer; /* NULL: as it is */
	struct strbuf out;
	bool (*sink)(void *to, struct slice piece);
	void *to;
};

static bool
decode(void *ctx, struct slice piece)
{
	struct decoder *it = ctx;

	if (!it->transfer)
		return it->sink(it->to, piece);
	strbuf_reset(&it->out);
	return transfer_add(it->transfer, piece, &it->out) &&
	       it->sink(it->to, strbuf_slice(&it->out));
}

static bool
decode_end(struct decoder *it)
{
	strbuf_reset(&it->out);
	return !it->transfer ||
	       (transfer_end(it->transfer, &it->out) &&
		       it->sink(it->to, strbuf_slice(&it->out)));
}

/* The section out of the whole message, where only that is held. */
static enum found
cut_out(struct store *store, const struct draft_attachment *from,
	struct decoder *it, struct error *err)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	const struct part *part;
	struct slice rest;
	enum found found;

	strbuf_init(&whole, MESSAGE_BYTES_MAX);
	found = section_load(store, from->message, "", &whole, err);
	if (found != FOUND)
		return found;
	mime_walk(strbuf_slice(&whole), &tree);
	part = part_tree_find(&tree, from->section);
	if (!part)
		return NOT_FOUND;
	rest = mime_part_body(strbuf_slice(&whole), part);
	while (rest.len > 0) {
		if (!decode(it, slice_head(rest, BUILD_PIECE))) {
			error_set(err, ERR_CANCELLED, _("Cancelled"));
			return FOUND_ERROR;
		}
		rest = slice_skip(rest, BUILD_PIECE);
	}
	return FOUND;
}

/* What undoes the section's encoding. */
static bool
find_encoding(struct store *store, const struct draft_attachment *from,
	struct decoder *it, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	const struct part *part;
	enum found found = message_load(store, from->message, &message, err);

	if (found == FOUND_ERROR)
		return false;
	part = found == FOUND ? part_tree_find(&message.parts, from->section)
			      : NULL;
	if (!part)
		return error_set(err, ERR_INVALID, _("it is no longer there"));
	it->transfer = transfer_new(part->encoding);
	strbuf_init(&it->out, DECODED_MAX);
	return true;
}

bool
send_read_section(void *ctx, const struct draft_attachment *attachment,
	bool (*sink)(void *to, struct slice piece), void *to, struct error *err)
{
	struct store *store = ctx;
	struct decoder it = { .sink = sink, .to = to };
	bool is_whole = !attachment->section || !*attachment->section;
	enum found found = NOT_FOUND;
	bool ok = is_whole || find_encoding(store, attachment, &it, err);

	if (ok)
		found = section_stream(store, attachment->message,
			is_whole ? "" : attachment->section, decode, &it, err);
	if (ok && found == NOT_FOUND && !is_whole)
		found = cut_out(store, attachment, &it, err);
	if (ok && found == NOT_FOUND)
		error_set(err, ERR_INVALID,
			_("its bytes are not held here: open it first"));
	ok = ok && found == FOUND;
	if (ok && !decode_end(&it))
		ok = error_set(err, ERR_CANCELLED, _("Cancelled"));
	transfer_free(it.transfer);
	strbuf_clear(&it.out);
	return ok;
}

/* ---- drafts ---- */

bool
send_save_draft(struct store *store, int64_t account, const struct draft *draft,
	int64_t *draft_id, struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&packed, DRAFT_BYTES_MAX);
	draft_pack(draft, &packed);
	if (packed.full)
		return error_set(err, ERR_LIMIT, _("The draft is too large"));
	return draft_save(store, draft_id, account, draft->subject,
		strbuf_slice(&packed), err);
}

static enum found
load(struct store *store, int64_t draft_id, struct draft *ret_draft,
	struct draft_row *ret_row, struct error *err)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	enum found found;

	strbuf_init(&packed, DRAFT_BYTES_MAX);
	found = draft_load(store, draft_id, ret_row, &packed, err);
	if (found == FOUND &&
		!draft_unpack(strbuf_slice(&packed), ret_draft, err))
		return FOUND_ERROR;
	return found;
}

enum found
send_load_draft(struct store *store, int64_t draft_id, struct draft *ret_draft,
	int64_t *ret_account, struct error *err)
{
	struct draft_row row CLEANUP(draft_row_clear) = { 0 };
	enum found found = load(store, draft_id, ret_draft, &row, err);

	if (found == FOUND)
		*ret_account = row.account;
	return found;
}

/* Deletes the copy that stands at `placement`, from the server too. */
static bool
remove_copy(const struct journal *journal, int64_t placement,
	struct journal_done *done, struct error *err)
{
	struct journal_done made CLEANUP(journal_done_clear) = { 0 };
	struct journal_targets targets = {
		.what = JOURNAL_MESSAGES,
		.ids = &placement,
		.n = 1,
	};

	if (!placement)
		return true;
	if (!journal_delete(journal, &targets, true, &made, err))
		return false;
	send_merge_done(done, &made);
	return true;
}

static bool
give_build(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct build *build = ctx;

	if (!sink(to, build_header(build)) || !sink(to, build_bcc(build)))
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	return build_write(build, sink, to, err);
}

static uint64_t
expected_size(const struct draft *draft)
{
	uint64_t size = slice_str(draft->body).len;

	for (size_t i = 0; i < draft->attachments.n; i++)
		size += draft->attachments.items[i].size * 4 / 3;
	return size * 2;
}

/* Where the message was put in the folder. */
static bool
find_placement(struct store *store, int64_t message, int64_t folder,
	int64_t *ret_placement, struct error *err)
{
	struct message row CLEANUP(message_clear) = { 0 };
	enum found found = message_load(store, message, &row, err);

	*ret_placement = 0;
	for (size_t i = 0; found == FOUND && i < row.n_placements; i++) {
		if (row.placements[i].folder == folder)
			*ret_placement = row.placements[i].id;
	}
	return found != FOUND_ERROR;
}

static bool
append_draft(const struct journal *journal, const struct draft *draft,
	const struct folder *folder, int64_t *ret_placement,
	struct journal_done *done, struct error *err)
{
	struct build_options options = {
		.now = clock_wall_s(),
		.unfinished = true,
		.read = send_read_section,
		.ctx = journal->store,
	};
	struct build *build CLEANUP(build_freep) = NULL;
	struct whole whole CLEANUP(whole_clear) = { 0 };
	struct journal_done made CLEANUP(journal_done_clear) = { 0 };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	int64_t message;

	flags.bits = FLAG_SEEN | FLAG_DRAFT;
	if (!build_begin(draft, &options, &build, err) ||
		!whole_of(store_dir(journal->store), expected_size(draft),
			false, give_build, build, &whole, err) ||
		!journal_append(journal, folder->id, whole.bytes, &flags,
			clock_wall_s(), &message, &made, err))
		return false;
	send_merge_done(done, &made);
	return find_placement(
		journal->store, message, folder->id, ret_placement, err);
}

bool
send_keep_draft(const struct journal *given, int64_t draft_id,
	struct journal_done *ret_done, struct error *err)
{
	struct journal journal = *given;
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct draft_row row CLEANUP(draft_row_clear) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	int64_t placement = 0;
	enum found found;

	journal.automatic = true;
	*ret_done = (struct journal_done){ 0 };
	found = load(journal.store, draft_id, &draft, &row, err);
	if (found != FOUND || row.is_kept || row.outbox)
		return found != FOUND_ERROR;
	found = send_role_folder(
		&journal, row.account, ROLE_DRAFTS, &folder, &done, err);
	if (found == NOT_FOUND)
		return true;
	if (found == FOUND_ERROR ||
		!append_draft(
			&journal, &draft, &folder, &placement, &done, err) ||
		!draft_kept(
			journal.store, draft_id, placement, row.changed, err) ||
		!remove_copy(&journal, row.placement, &done, err))
		return false;
	*ret_done = done;
	done = (struct journal_done){ 0 };
	return true;
}

bool
send_drop_draft(const struct journal *given, int64_t draft_id,
	struct journal_done *ret_done, struct error *err)
{
	struct journal journal = *given;
	struct draft_row row CLEANUP(draft_row_clear) = { 0 };
	enum found found = draft_load(journal.store, draft_id, &row, NULL, err);

	journal.automatic = true;
	*ret_done = (struct journal_done){ 0 };
	if (found != FOUND)
		return found == NOT_FOUND;
	return remove_copy(&journal, row.placement, ret_done, err) &&
	       draft_drop(journal.store, draft_id, err);
}
