/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that another account is to have, or a folder that is only here:
 * every byte of them is brought here before anything is done with it. */
#include <stdlib.h>

#include "base/gettext.h"
#include "store/part.h"
#include "sync/private.h"
#include "sync/push_private.h"

static bool
is_whole(struct store *store, int64_t message, bool *ret, struct error *err)
{
	uint64_t size;
	enum found found = section_size(store, message, "", &size, err);

	*ret = found == FOUND;
	return found != FOUND_ERROR;
}

/* What is held of the source becomes the target's own. */
static bool
give(struct store *store, int64_t from, int64_t to, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct ingest_text text CLEANUP(ingest_text_clear) = { 0 };
	struct imap_body body = { .section = SLICE("") };
	enum found found;

	strbuf_init(&bytes, (size_t)MESSAGE_BYTES_MAX + 1);
	found = section_load(store, from, "", &bytes, err);
	if (found == NOT_FOUND)
		return error_set(err, ERR_STALE, _("The message is gone"));
	if (found == FOUND_ERROR)
		return false;
	body.bytes = strbuf_slice(&bytes);
	ingest_text_read(to, NULL, &body, 1, UINT64_MAX, &text);
	return ingest_texts_save(store, &text, 1, err);
}

static bool
fetch_one(
	struct push *push, const struct operation_item *item, struct error *err)
{
	struct store *store = push_store(push);
	bool here = false;
	bool given = false;

	if (!is_whole(store, item->target_message, &given, err) || given)
		return given;
	if (!is_whole(store, item->message, &here, err))
		return false;
	if (!here && !pull_section_at(
			     push->session, item->message, item->uid, "", err))
		return false;
	if (item->message == item->target_message)
		return true;
	if (!give(store, item->message, item->target_message, err) ||
		!is_whole(store, item->target_message, &given, err))
		return false;
	if (!given)
		return error_set(err, ERR_STALE, _("The message is gone"));
	/* Somebody may have opened it before it could be read. */
	session_tell_message(push->session, item->target_message);
	return true;
}

/* One message's trouble is not the others'. */
static bool
is_its_own(const struct error *why)
{
	return why->kind == ERR_REFUSED || why->kind == ERR_STALE ||
	       why->kind == ERR_LIMIT || why->kind == ERR_INVALID;
}

static bool
fetch_all(struct push_job *job, struct id_array *ret_fetched, struct error *err)
{
	const struct operation_batch *batch = job->batch;

	for (size_t i = 0; i < batch->n; i++) {
		struct error why CLEANUP(error_clear) = ERROR_INIT;
		const struct operation_item *item = &batch->items[i];

		if (fetch_one(job->push, item, &why)) {
			array_push(ret_fetched, item->id);
		} else if (!is_its_own(&why)) {
			return error_move(err, &why);
		} else if (!push_fail(job->push, item, 1, why.text, err)) {
			return false;
		}
		if (session_is_interrupted(job->push->session))
			break;
	}
	return true;
}

bool
push_fetch(struct push_job *job, struct error *err)
{
	struct id_array fetched CLEANUP(id_array_clear) = { 0 };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	bool good = fetch_all(job, &fetched, &why);

	/* What came before a break is here all the same. */
	if (!operation_fetched(
		    push_store(job->push), fetched.items, fetched.n, err))
		return false;
	return good || error_move(err, &why);
}
