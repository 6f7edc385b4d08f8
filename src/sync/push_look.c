/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of commands whose answer did not come, or did not say it all. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "sync/push_private.h"

enum { SETTLE_LATER_S = 60, SECOND_US = 1000000 };

/* --- after a break -------------------------------------------------------- */

bool
push_believe(struct push_job *job, const struct operation_item *items, size_t n,
	struct error *err)
{
	struct outcome_array done = { 0 };
	bool good;

	for (size_t i = 0; i < n; i++) {
		struct operation_outcome one = {
			.item = items[i].id,
			.uid = items[i].target_uid,
			.uidvalidity = job->target.uidvalidity,
		};

		array_push(&done, one);
	}
	good = n == 0 || operation_done(push_store(job->push), done.items,
				 done.n, false, NULL, err);
	array_clear(&done);
	return good;
}

/* Parts the items by whether `set` has them: those first; how many. */
static size_t
part(struct operation_item *items, size_t n, const struct uidset *set)
{
	size_t have = 0;

	for (size_t i = 0; i < n; i++) {
		struct operation_item item = items[i];

		if (!uidset_has(set, item.uid))
			continue;
		items[i] = items[have];
		items[have++] = item;
	}
	return have;
}

/* Those that were copied already: first; how many. */
static size_t
part_copied(struct operation_item *items, size_t n)
{
	size_t copied = 0;

	for (size_t i = 0; i < n; i++) {
		struct operation_item item = items[i];

		if (!item.target_uid)
			continue;
		items[i] = items[copied];
		items[copied++] = item;
	}
	return copied;
}

/* A MOVE that got as far as its copies. */
static bool
finish_moves(struct push_job *job, const struct operation_item *items, size_t n,
	struct error *err)
{
	struct imap_outcome copied CLEANUP(imap_outcome_clear) = { 0 };

	copied.uidvalidity = job->target.uidvalidity;
	for (size_t i = 0; i < n; i++) {
		struct imap_pair pair = { items[i].uid, items[i].target_uid };

		uidset_add(&copied.done, items[i].uid);
		array_push(&copied.pairs, pair);
	}
	imap_sort_pairs(&copied);
	return push_go_to(job->push, &job->folder, err) &&
	       push_finish_move(job, items, n, &copied, err);
}

/* Copies may be there though the messages are still here. */
static bool
look_for_copies(struct push_job *job, struct operation_item *items, size_t n,
	struct error *err)
{
	struct push *push = job->push;
	size_t copied;
	bool whole;

	if (!push_pull_whole(push, &job->target, &whole, err))
		return false;
	/* The next try looks again. */
	if (!whole)
		return true;
	folder_clear(&job->target);
	switch (folder_load(push_store(push), job->batch->target_folder,
		&job->target, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return push_requeue(push, items, n, err);
	case FOUND_ERROR:
		return false;
	}
	if (!operation_reload(push_store(push), items, n, err))
		return false;
	copied = part_copied(items, n);
	if (!push_requeue(push, items + copied, n - copied, err))
		return false;
	if (job->batch->kind == OPERATION_COPY)
		return push_believe(job, items, copied, err);
	return copied == 0 || finish_moves(job, items, copied, err);
}

bool
push_look(struct push_job *job, struct error *err)
{
	struct push *push = job->push;
	struct operation_batch *batch = job->batch;
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset there CLEANUP(uidset_clear) = UIDSET_INIT;
	size_t here;

	for (size_t i = 0; i < batch->n; i++)
		uidset_add(&set, batch->items[i].uid);
	if (!imap_search_in(push->session->imap, &set, &there, err))
		return false;
	here = part(batch->items, batch->n, &there);
	log_info("push", "of %zu that were sent before, %zu are still there",
		batch->n, here);
	if (!push_believe(job, batch->items + here, batch->n - here, err))
		return false;
	if (here == 0)
		return true;
	/* A MOVE takes and puts in one. */
	if (batch->kind == OPERATION_MOVE && push_can(push, IMAP_MOVE))
		return push_requeue(push, batch->items, here, err);
	return look_for_copies(job, batch->items, here, err);
}

/* --- after an answer that did not say where ------------------------------- */

/* The newest that came since and is not another item's: a message may stand
 * there twice. */
static bool
choose(struct push *push, const struct operation_item *item,
	const struct uidset *found, uint32_t *ret_uid, struct error *err)
{
	for (size_t i = found->n; i-- > 0;) {
		const struct uid_range *range = &found->ranges[i];

		for (uint32_t uid = range->last; uid >= range->first; uid--) {
			bool taken = false;

			if (uid < item->uid_floor)
				return true;
			if (!operation_has_uid(push_store(push), item,
				    push->session->at.folder, uid, &taken, err))
				return false;
			if (!taken) {
				*ret_uid = uid;
				return true;
			}
		}
	}
	return true;
}

bool
push_find(struct push *push, const struct operation_item *item,
	uint32_t *ret_uid, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	struct uidset found CLEANUP(uidset_clear) = UIDSET_INIT;
	enum found known =
		message_load(push_store(push), item->message, &message, err);

	*ret_uid = 0;
	if (known != FOUND || !message.envelope.message_id ||
		!*message.envelope.message_id)
		return known != FOUND_ERROR;
	if (!imap_search_message_id(push->session->imap,
		    message.envelope.message_id, &found, err)) {
		if (err->kind != ERR_REFUSED && err->kind != ERR_INVALID)
			return false;
		error_clear(err);
		return true;
	}
	return choose(push, item, &found, ret_uid, err);
}

/* The folder is in step and has not taken them up by itself. */
static bool
settle_items(struct push *push, const struct folder *folder,
	const struct operation_item *items, size_t n, struct error *err)
{
	char *lost CLEANUP(freep) = xasprintf(
		_("The server said that it took the message, but it is not in "
		  "%s"),
		folder->name);

	for (size_t i = 0; i < n; i++) {
		struct operation_outcome one = {
			.item = items[i].id,
			.uidvalidity = push->session->at.uidvalidity,
		};
		size_t left = 0;

		if (!push_find(push, &items[i], &one.uid, err))
			return false;
		if (one.uid && !operation_done(push_store(push), &one, 1, false,
				       &left, err))
			return false;
		if ((!one.uid || left > 0) &&
			!push_fail(push, &items[i], 1, lost, err))
			return false;
	}
	return true;
}

/* The server says no: in a while; or nobody can look, and that is said. */
static bool
settle_refused(
	struct push *push, int64_t folder, const char *text, struct error *err)
{
	enum imap_why why = imap_select_why(push->session->imap);
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };

	if (imap_why_is_temporary(why)) {
		push->settle_us =
			clock_mono_us() + SETTLE_LATER_S * (int64_t)SECOND_US;
		push->next_s = clock_wall_s() + SETTLE_LATER_S;
		return true;
	}
	return operation_settling(push_store(push),
		       push->session->options.account_id, folder,
		       OPERATION_BATCH_MAX, &batch, err) &&
	       push_fail(push, batch.items, batch.n, text, err);
}

static bool
settle_folder(struct push *push, int64_t id, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	enum found found = folder_load(push_store(push), id, &folder, err);
	bool whole;

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND || !folder.remote)
		return settle_refused(push, id, _("The folder is gone"), err);
	if (!push_pull_whole(push, &folder, &whole, &why)) {
		if (why.kind != ERR_REFUSED)
			return error_move(err, &why);
		return settle_refused(push, id, why.text, err);
	}
	if (!whole) {
		if (push->pull->doubtful)
			push->settle_us = clock_mono_us() +
					  SETTLE_LATER_S * (int64_t)SECOND_US;
		return true;
	}
	return operation_settling(push_store(push),
		       push->session->options.account_id, id,
		       OPERATION_BATCH_MAX, &batch, err) &&
	       settle_items(push, &folder, batch.items, batch.n, err);
}

bool
push_settle(struct push *push, bool *ret_any, struct error *err)
{
	struct id_array folders = { 0 };
	int64_t first;

	if (clock_mono_us() < push->settle_us) {
		push->next_s = clock_wall_s() + SETTLE_LATER_S;
		return true;
	}
	if (!operation_settling_folders(push_store(push),
		    push->session->options.account_id, &folders, err))
		return false;
	*ret_any = folders.n > 0;
	first = folders.n > 0 ? folders.items[0] : 0;
	array_clear(&folders);
	return first == 0 || settle_folder(push, first, err);
}
