/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/push.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "sync/private.h"
#include "sync/push_private.h"

enum {
	LATER_S = 30, /* first time; doubles */
	LATER_MAX_S = 3600,
	BUSY_S = 2,      /* another process pushes */
	ROUNDS_MAX = 20, /* over one item before it is left for later */
	DOUBLINGS_MAX = 7,
};

/* --- items ---------------------------------------------------------------- */

void
push_job_clear(struct push_job *job)
{
	folder_clear(&job->folder);
	folder_clear(&job->target);
	flags_clear(&job->add);
	flags_clear(&job->remove);
}

void
push_ids(const struct operation_item *items, size_t n, struct id_array *ret_ids)
{
	for (size_t i = 0; i < n; i++)
		array_push(ret_ids, items[i].id);
}

bool
push_fail(struct push *push, const struct operation_item *items, size_t n,
	const char *text, struct error *err)
{
	struct id_array ids = { 0 };
	bool good;

	log_info("push", "%zu failed: %s", n, text);
	push_ids(items, n, &ids);
	good = operation_failed(push_store(push), ids.items, ids.n, text, err);
	array_clear(&ids);
	return good;
}

bool
push_defer(struct push *push, const struct operation_batch *batch,
	const struct operation_item *items, size_t n, const char *text,
	struct error *err)
{
	unsigned doublings = batch->attempts < DOUBLINGS_MAX ? batch->attempts
							     : DOUBLINGS_MAX;
	int64_t wait = (int64_t)LATER_S << doublings;
	struct id_array ids = { 0 };
	bool good;

	if (wait > LATER_MAX_S)
		wait = LATER_MAX_S;
	log_info("push", "%zu later: %s", n, text);
	push_ids(items, n, &ids);
	good = operation_deferred(push_store(push), ids.items, ids.n,
		clock_wall_s() + wait, text, err);
	array_clear(&ids);
	return good;
}

bool
push_requeue(struct push *push, const struct operation_item *items, size_t n,
	struct error *err)
{
	struct id_array ids = { 0 };
	bool good;

	push_ids(items, n, &ids);
	good = operation_requeue(push_store(push), ids.items, ids.n, err);
	array_clear(&ids);
	return good;
}

bool
push_mark_running(struct push *push, const struct operation_item *items,
	size_t n, struct error *err)
{
	struct id_array ids = { 0 };
	bool good;

	push_ids(items, n, &ids);
	good = operation_running(push_store(push), ids.items, ids.n, err);
	array_clear(&ids);
	return good;
}

bool
push_refused(struct push *push, const struct operation_batch *batch,
	const struct operation_item *items, size_t n, enum imap_why why,
	const char *text, struct error *err)
{
	/* Folders are not what they were here. */
	if (why == IMAP_WHY_TRY_CREATE || why == IMAP_WHY_NONEXISTENT ||
		why == IMAP_WHY_NO_PERMISSION)
		push->session->tree_changed = true;
	return imap_why_is_temporary(why)
		       ? push_defer(push, batch, items, n, text, err)
		       : push_fail(push, items, n, text, err);
}

/* --- folders -------------------------------------------------------------- */

bool
push_go_to(struct push *push, const struct folder *folder, struct error *err)
{
	struct session *session = push->session;

	if (session->at.folder == folder->id && !session->at.bodies_only)
		return true;
	if (pull_head(session, folder->id, push->pull, err))
		return true;
	/* It is open, and something in it cannot be fetched: all the same. */
	if (err->kind != ERR_REFUSED || session->at.folder != folder->id)
		return false;
	log_warning("push", "%s", err->text);
	error_clear(err);
	return true;
}

bool
push_pull_whole(struct push *push, const struct folder *folder, bool *ret_whole,
	struct error *err)
{
	*ret_whole = false;
	if (!pull_head(push->session, folder->id, push->pull, err))
		return false;
	if (push->pull->doubtful)
		return true;
	if (!push->pull->complete &&
		!pull_backfill(push->session, push->pull, err))
		return false;
	*ret_whole = push->pull->complete;
	return true;
}

/* --- one batch ------------------------------------------------------------ */

static void
tell(struct push *push, enum event_type type, int64_t folder)
{
	struct session *session = push->session;
	struct event *event = xnew(struct event);

	event->type = type;
	event->account = session->options.account_id;
	event->folder = folder;
	session->options.tell(session->options.ctx, event);
}

/* Another account's worker goes on with it. */
static void
tell_next(struct push *push, int64_t account)
{
	struct session *session = push->session;
	struct event *event = xnew(struct event);

	event->type = EVENT_HANDED_ON;
	event->account = account;
	session->options.tell(session->options.ctx, event);
}

static bool
load_folder(
	struct push *push, int64_t id, struct folder *ret, struct error *err)
{
	return id == 0 ||
	       folder_load(push_store(push), id, ret, err) != FOUND_ERROR;
}

/* Mail goes from and to folders that the server has. */
static bool
lacks_folder(const struct push_job *job)
{
	const struct operation_batch *batch = job->batch;

	return (batch->folder && !job->folder.remote) ||
	       (batch->target_folder && !job->target.remote);
}

static bool
run(struct push_job *job, struct error *err)
{
	struct operation_batch *batch = job->batch;

	if (!load_folder(job->push, batch->folder, &job->folder, err) ||
		!load_folder(
			job->push, batch->target_folder, &job->target, err))
		return false;
	if (lacks_folder(job))
		return push_fail(job->push, batch->items, batch->n,
			_("The folder is gone"), err);
	switch (batch->kind) {
	case OPERATION_FLAG:
	case OPERATION_MOVE:
	case OPERATION_COPY:
	case OPERATION_EXPUNGE:
		return push_messages(job, err);
	case OPERATION_APPEND:
		return push_append(job, err);
	case OPERATION_CREATE:
	case OPERATION_RENAME:
	case OPERATION_DELETE_FOLDER:
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
		return push_folder(job, err);
	case OPERATION_KINDS:
		break;
	}
	UNREACHABLE();
}

/* Whether the same item comes up again and again: then something is not as it
 * should be, and others must not wait for it. */
static bool
goes_round(struct push *push, const struct operation_batch *batch)
{
	if (batch->items[0].id != push->first_item)
		push->rounds = 0;
	push->first_item = batch->items[0].id;
	return ++push->rounds > ROUNDS_MAX;
}

/* What the server refused on the way, or cannot be sent at all, is no reason to
 * end the session. */
static bool
give_up(struct push *push, const struct operation_batch *batch,
	struct error *why, struct error *err)
{
	if (why->kind == ERR_REFUSED)
		return push_defer(
			push, batch, batch->items, batch->n, why->text, err);
	if (why->kind == ERR_INVALID)
		return push_fail(push, batch->items, batch->n, why->text, err);
	return error_move(err, why);
}

static bool
run_batch(struct push *push, struct operation_batch *batch, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct push_job job CLEANUP(
		push_job_clear) = { .push = push, .batch = batch };

	log_debug("push", "%zu of kind %d in folder %lld%s", batch->n,
		(int)batch->kind, (long long)batch->folder,
		batch->repeats ? ", perhaps sent before" : "");
	if (goes_round(push, batch)) {
		push->rounds = 0;
		return push_defer(push, batch, batch->items, batch->n,
			_("The server does not come to an end with it"), err);
	}
	if (!run(&job, &why) && !give_up(push, batch, &why, err))
		return false;
	tell(push, EVENT_JOURNAL_CHANGED, 0);
	if (batch->next_account)
		tell_next(push, batch->next_account);
	if (batch->kind >= OPERATION_CREATE)
		tell(push, EVENT_TREE_CHANGED, 0);
	if (batch->folder)
		tell(push, EVENT_FOLDER_CHANGED, batch->folder);
	if (batch->target_folder)
		tell(push, EVENT_FOLDER_CHANGED, batch->target_folder);
	return true;
}

/* Two processes that send the same would do it twice. */
static bool
lock_account(struct push *push, int *ret_fd, struct error *err)
{
	const char *dir = push->session->options.store_dir;
	char *name CLEANUP(freep) = xasprintf(
		"push.%lld.lock", (long long)push->session->options.account_id);
	char *path CLEANUP(freep) = file_join(dir, name);

	return file_lock(path, ret_fd, err);
}

bool
push_some(struct push *push, bool *ret_any, struct error *err)
{
	struct session *session = push->session;
	int64_t account = session->options.account_id;
	struct operation_batch batch CLEANUP(operation_batch_clear) = { 0 };
	int lock_fd CLEANUP(closep) = -1;
	bool pending;

	*ret_any = push->busy = false;
	push->next_s = 0;
	if (session->options.read_only)
		return true;
	if (!operation_is_pending(push_store(push), account, &pending, err))
		return false;
	if (!pending)
		return true;
	if (session->options.store_dir && !lock_account(push, &lock_fd, err))
		return false;
	if (session->options.store_dir && lock_fd < 0) {
		push->busy = true;
		push->next_s = clock_wall_s() + BUSY_S;
		return true;
	}
	switch (operation_next_batch(push_store(push), account, clock_wall_s(),
		OPERATION_BATCH_MAX, &batch, &push->next_s, err)) {
	case FOUND:
		*ret_any = true;
		return run_batch(push, &batch, err);
	case NOT_FOUND:
		return push_settle(push, ret_any, err);
	case FOUND_ERROR:
		break;
	}
	return false;
}
