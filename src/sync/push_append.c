/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that were put into a folder here. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/message.h"
#include "store/part.h"
#include "sync/push_private.h"

/* Where the bytes come from. */
struct source {
	struct store *store;
	int64_t message;
	bool missing;
};

/* What imap_append() and section_stream() call it. */
struct relay {
	bool (*sink)(void *to, struct slice piece);
	void *to;
};

static bool
relay_piece(void *ctx, struct slice piece)
{
	struct relay *relay = ctx;

	return relay->sink(relay->to, piece);
}

static bool
give(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct source *source = ctx;
	struct relay relay = { sink, to };

	switch (section_stream(
		source->store, source->message, "", relay_piece, &relay, err)) {
	case FOUND:
		return true;
	case NOT_FOUND:
		source->missing = true;
		return error_set(err, ERR_STALE,
			_("Not all of the message is held here"));
	case FOUND_ERROR:
		break;
	}
	return false;
}

static bool
done(struct push_job *job, const struct operation_item *item, uint32_t uid,
	uint32_t uidvalidity, struct error *err)
{
	struct operation_outcome one = { item->id, uid, uidvalidity };

	return operation_done(push_store(job->push), &one, 1, false, NULL, err);
}

static bool
send_message(struct push_job *job, const struct operation_item *item,
	const struct message *message, struct error *err)
{
	struct push *push = job->push;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct source source = { push_store(push), item->message, false };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	struct imap_append append = {
		.mailbox = job->target.remote,
		.give = give,
		.ctx = &source,
		.flags = &flags,
		.date = message->received,
	};
	struct imap_appended appended;
	enum imap_why reason;

	switch (operation_target_flags(push_store(push), item, &flags, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		return push_fail(push, item, 1, _("The message is gone"), err);
	case FOUND_ERROR:
		return false;
	}
	/* \Deleted is said once it is there. */
	flags.bits &= ~(uint32_t)FLAG_DELETED;
	if (imap_append(push->session->imap, &append, &appended, &reason, &why))
		return done(job, item, appended.uid, appended.uidvalidity, err);
	if (source.missing)
		return push_fail(push, item, 1, why.text, err);
	if (why.kind != ERR_REFUSED)
		return error_move(err, &why);
	return push_refused(push, job->batch, item, 1, reason, why.text, err);
}

static bool
append_one(struct push_job *job, const struct operation_item *item,
	struct error *err)
{
	struct push *push = job->push;
	struct message message CLEANUP(message_clear) = { 0 };
	enum found found =
		message_load(push_store(push), item->message, &message, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND)
		return push_fail(push, item, 1, _("The message is gone"), err);
	return push_mark_running(push, item, 1, err) &&
	       send_message(job, item, &message, err);
}

/* After a break: what is there already is not sent again. */
static bool
look(struct push_job *job, struct error *err)
{
	struct push *push = job->push;
	struct operation_batch *batch = job->batch;
	bool whole;

	if (!push_pull_whole(push, &job->target, &whole, err))
		return false;
	if (!whole)
		return true;
	if (!operation_reload(push_store(push), batch->items, batch->n, err))
		return false;
	for (size_t i = 0; i < batch->n; i++) {
		const struct operation_item *item = &batch->items[i];
		uint32_t uid = item->target_uid;

		if (!uid && !push_find(push, item, &uid, err))
			return false;
		if (uid ? !done(job, item, uid, push->session->at.uidvalidity,
				  err)
			: !push_requeue(push, item, 1, err))
			return false;
	}
	return true;
}

bool
push_append(struct push_job *job, struct error *err)
{
	const struct operation_batch *batch = job->batch;

	if (batch->repeats)
		return look(job, err);
	for (size_t i = 0; i < batch->n; i++) {
		if (!append_one(job, &batch->items[i], err))
			return false;
		if (session_is_interrupted(job->push->session))
			break;
	}
	return true;
}
