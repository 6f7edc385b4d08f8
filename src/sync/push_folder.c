/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders made, renamed, deleted, subscribed. */
#include "base/gettext.h"
#include "base/log.h"
#include "sync/push_private.h"

static bool
exists(struct push *push, const char *mailbox, bool *ret_exists,
	uint32_t *ret_messages, struct error *err)
{
	struct imap_mailboxes found CLEANUP(imap_mailboxes_clear) = { 0 };
	char *names[] = { (char *)mailbox };

	if (!imap_status(push->session->imap, names, 1, &found, err))
		return false;
	*ret_exists = found.n > 0;
	*ret_messages = found.n > 0 ? found.items[0].messages : 0;
	return true;
}

/* Not while it is selected: servers refuse, or hang up. */
static bool
leave(struct push *push, int64_t folder, struct error *err)
{
	struct session *session = push->session;

	if (session->at.folder != folder)
		return true;
	session_leave(session);
	pull_clear(push->pull);
	return imap_unselect(session->imap, err);
}

/* Subscriptions follow; that they do not is no failure. */
static bool
follow(struct push *push, const char *mailbox, bool subscribe,
	struct error *err)
{
	enum imap_why why;

	if (imap_subscribe(push->session->imap, mailbox, subscribe, &why, err))
		return true;
	if (err->kind != ERR_REFUSED)
		return false;
	log_info("push", "%s", err->text);
	error_clear(err);
	return true;
}

/* ERR_REFUSED with `*ret_why`; what is so already has been done. */
static bool
create(struct push_job *job, enum imap_why *ret_why, struct error *err)
{
	struct push *push = job->push;
	const char *mailbox = job->batch->remote;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	uint32_t messages;
	bool there = false;

	if (!imap_create(push->session->imap, mailbox, ret_why, &why)) {
		if (why.kind != ERR_REFUSED)
			return error_move(err, &why);
		if (*ret_why != IMAP_WHY_ALREADY_EXISTS &&
			!exists(push, mailbox, &there, &messages, err))
			return false;
		if (*ret_why != IMAP_WHY_ALREADY_EXISTS && !there)
			return error_move(err, &why);
	}
	return follow(push, mailbox, true, err);
}

static bool
rename_folder(struct push_job *job, enum imap_why *ret_why, struct error *err)
{
	struct push *push = job->push;
	const char *from = job->folder.remote;
	const char *to = job->batch->remote;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	uint32_t messages;
	bool was = true, is = false;

	if (!leave(push, job->folder.id, err))
		return false;
	if (!imap_rename(push->session->imap, from, to, ret_why, &why)) {
		if (why.kind != ERR_REFUSED)
			return error_move(err, &why);
		/* Perhaps it went through before a break. */
		if (!exists(push, from, &was, &messages, err) ||
			!exists(push, to, &is, &messages, err))
			return false;
		if (was || !is || !job->batch->repeats)
			return error_move(err, &why);
	}
	return !job->folder.subscribed ||
	       (follow(push, from, false, err) && follow(push, to, true, err));
}

/*
 * What takes a CREATE back must not take mail with it that others brought.
 * There is no DELETE on a condition, so mail that comes between the two
 * commands is lost; nothing is deleted that could not be looked into.
 */
static bool
look_into(struct push_job *job, bool *ret_there, struct error *err)
{
	uint32_t messages = 0;

	if (!exists(job->push, job->folder.remote, ret_there, &messages, err))
		return false;
	if (messages == 0)
		return true;
	return error_set(err, ERR_REFUSED,
		_("The folder %s holds mail now and stays"), job->folder.name);
}

static bool
delete_folder(struct push_job *job, enum imap_why *ret_why, struct error *err)
{
	struct push *push = job->push;
	const char *mailbox = job->folder.remote;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	uint32_t messages = 0;
	bool there = true;

	if (!leave(push, job->folder.id, err))
		return false;
	if (job->batch->only_empty && !look_into(job, &there, err))
		return false;
	/* Gone already; where it is not, LIST shows it again. */
	if (!there)
		return true;
	if (!imap_delete(push->session->imap, mailbox, ret_why, &why)) {
		if (why.kind != ERR_REFUSED)
			return error_move(err, &why);
		if (*ret_why != IMAP_WHY_NONEXISTENT &&
			!exists(push, mailbox, &there, &messages, err))
			return false;
		if (*ret_why != IMAP_WHY_NONEXISTENT && there)
			return error_move(err, &why);
	}
	return follow(push, mailbox, false, err);
}

static bool
run(struct push_job *job, enum imap_why *ret_why, struct error *err)
{
	enum operation_kind kind = job->batch->kind;

	if (kind == OPERATION_CREATE)
		return create(job, ret_why, err);
	if (kind == OPERATION_RENAME)
		return rename_folder(job, ret_why, err);
	if (kind == OPERATION_DELETE_FOLDER)
		return delete_folder(job, ret_why, err);
	return imap_subscribe(job->push->session->imap, job->folder.remote,
		kind == OPERATION_SUBSCRIBE, ret_why, err);
}

bool
push_folder(struct push_job *job, struct error *err)
{
	struct push *push = job->push;
	struct operation_batch *batch = job->batch;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	enum imap_why reason = IMAP_WHY_NONE;

	if ((batch->kind == OPERATION_CREATE ||
		    batch->kind == OPERATION_RENAME) &&
		!batch->remote)
		return push_fail(push, batch->items, batch->n,
			_("The server cannot have a folder of this name"), err);
	if (!push_mark_running(push, batch->items, batch->n, err))
		return false;
	/* What the server lists is another now. */
	push->session->tree_changed = true;
	if (!run(job, &reason, &why)) {
		if (why.kind != ERR_REFUSED)
			return error_move(err, &why);
		return push_refused(push, batch, batch->items, batch->n, reason,
			why.text, err);
	}
	for (size_t i = 0; i < batch->n; i++) {
		struct operation_outcome one = { .item = batch->items[i].id };

		if (!operation_done(
			    push_store(push), &one, 1, false, NULL, err))
			return false;
	}
	return true;
}
