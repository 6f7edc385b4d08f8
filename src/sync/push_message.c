/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to messages that stand in a folder. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "sync/push_private.h"

/* Messages refused one by one before the rest is taken to be, too. */
enum { ALONE_MAX = 8 };

/* What one change came to, over some items. */
struct change {
	struct push_job *job;
	unsigned alone; /* refused one by one, in a row */
};

static void
set_of(const struct operation_item *items, size_t n, struct uidset *ret)
{
	for (size_t i = 0; i < n; i++)
		uidset_add(ret, items[i].uid);
}

/* --- what the folder takes ------------------------------------------------ */

static bool
keeps_word(const struct selected *at, struct slice word)
{
	return flags_has(&at->permanent_flags, word) ||
	       (at->keywords_allowed && word.len > 0 && word.data[0] != '\\');
}

/* Of `flags`, what the folder keeps for good (RFC 9051 7.1, PERMANENTFLAGS);
 * `*ret_left` (owned) is the first word it does not. */
static void
keep_permanent(const struct selected *at, struct flags *flags, char **ret_left)
{
	uint32_t bits = flags->bits;
	const char *name;

	while ((name = flags_next_name(&bits)) != NULL) {
		struct slice word = slice_str(name);

		if (keeps_word(at, word))
			continue;
		flags_remove(flags, word);
		if (!*ret_left)
			*ret_left = xstrdup(name);
	}
	if (flags->keywords && !keeps_word(at, slice_str(flags->keywords))) {
		if (!*ret_left)
			*ret_left = xstrdup(flags->keywords);
		free(flags->keywords);
		flags->keywords = NULL;
	}
}

static bool
is_empty(const struct flags *flags)
{
	return flags->bits == 0 && !flags->keywords;
}

/* Sets what goes out of FLAG; when nothing is left of it, a sentence (owned)
 * that says why. */
static char *
choose_flags(struct push_job *job)
{
	const struct operation_batch *batch = job->batch;
	const struct selected *at = &job->push->session->at;
	char *left CLEANUP(freep) = NULL;

	job->add.bits = batch->add;
	job->remove.bits = batch->remove;
	if (batch->keyword)
		flags_add(batch->keyword_add ? &job->add : &job->remove,
			slice_str(batch->keyword));
	keep_permanent(at, &job->add, &left);
	keep_permanent(at, &job->remove, &left);
	if (!is_empty(&job->add) || !is_empty(&job->remove))
		return NULL;
	return xasprintf(_("The server does not keep the mark %s in %s"),
		left ? left : "-", job->folder.name);
}

/* `*ret_why` (owned): why there is nothing to be tried; NULL: there is. */
static bool
find_hindrance(struct push_job *job, char **ret_why, struct error *err)
{
	enum operation_kind kind = job->batch->kind;
	uint32_t rights;

	*ret_why = NULL;
	/* Before it is sent elsewhere: whether it can be taken away then. */
	if (job->batch->phase == PHASE_FETCH && kind == OPERATION_MOVE)
		kind = OPERATION_EXPUNGE;
	if (job->push->session->at.read_only && kind != OPERATION_COPY) {
		*ret_why = xasprintf(_("%s can only be read at the server"),
			job->folder.name);
		return true;
	}
	if (kind == OPERATION_FLAG) {
		*ret_why = choose_flags(job);
		return true;
	}
	/* What is copied and cannot be taken away would be there twice. */
	if (kind == OPERATION_COPY ||
		(kind == OPERATION_MOVE && push_can(job->push, IMAP_MOVE)))
		return true;
	if (!imap_myrights(
		    job->push->session->imap, job->folder.remote, &rights, err))
		return false;
	if (!(rights & IMAP_RIGHT_DELETE_MESSAGES))
		*ret_why = xasprintf(
			_("The server does not let you delete mail from %s"),
			job->folder.name);
	return true;
}

/* --- what became of it ---------------------------------------------------- */

/* Writes down those of the items that went through. */
static bool
save_done(struct push_job *job, const struct operation_item *items, size_t n,
	const struct imap_outcome *outcome, bool keeps_deleted,
	struct error *err)
{
	struct outcome_array done = { 0 };
	bool good;

	for (size_t i = 0; i < n; i++) {
		struct operation_outcome one = {
			.item = items[i].id,
			.uid = imap_outcome_find(outcome, items[i].uid),
		};

		if (!uidset_has(&outcome->done, items[i].uid))
			continue;
		if (one.uid)
			one.uidvalidity = outcome->uidvalidity;
		array_push(&done, one);
	}
	good = done.n == 0 || operation_done(push_store(job->push), done.items,
				      done.n, keeps_deleted, NULL, err);
	array_clear(&done);
	return good;
}

/* Those of the items that did not, as a list of its own. */
static size_t
take_rest(const struct operation_item *items, size_t n,
	const struct imap_outcome *outcome, struct operation_item **ret_rest)
{
	struct operation_item *rest = xreallocarray(NULL, n + 1, sizeof(*rest));
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		if (!uidset_has(&outcome->done, items[i].uid))
			rest[left++] = items[i];
	}
	*ret_rest = rest;
	return left;
}

/* --- commands ------------------------------------------------------------- */

/* UID EXPUNGE of what carries \Deleted now; `outcome` is that of the STORE. */
static bool
expunge_marked(
	struct push_job *job, struct imap_outcome *outcome, struct error *err)
{
	struct imap_outcome gone CLEANUP(imap_outcome_clear) = { 0 };
	bool good = imap_expunge(
		job->push->session->imap, &outcome->done, &gone, err);
	struct uidset done = gone.done;

	gone.done = outcome->done;
	outcome->done = done;
	if (outcome->why == IMAP_WHY_NONE)
		outcome->why = gone.why;
	return good;
}

/* UID STORE, and with UIDPLUS UID EXPUNGE; a plain EXPUNGE would take what
 * others marked, too. */
static bool
delete_set(struct push_job *job, const struct uidset *set,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct flags deleted = { FLAG_DELETED, NULL };
	bool marked = imap_store(job->push->session->imap, set, true, &deleted,
		ret_outcome, err);

	if (!push_can(job->push, IMAP_UIDPLUS) ||
		(marked && ret_outcome->done.n == 0))
		return marked;
	if (!marked && err->kind != ERR_REFUSED) {
		uidset_clear(&ret_outcome->done);
		return false;
	}
	if (ret_outcome->done.n > 0 && !expunge_marked(job, ret_outcome, &why))
		return error_move(err, &why);
	return marked;
}

/* Half of a change is none. */
static bool
store_set(struct push_job *job, const struct uidset *set,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct imap *imap = job->push->session->imap;

	if (is_empty(&job->remove))
		return imap_store(imap, set, true, &job->add, ret_outcome, err);
	if (!is_empty(&job->add) &&
		!imap_store(imap, set, true, &job->add, ret_outcome, err)) {
		uidset_clear(&ret_outcome->done);
		return false;
	}
	imap_outcome_clear(ret_outcome);
	return imap_store(imap, set, false, &job->remove, ret_outcome, err);
}

static bool
send_set(struct push_job *job, const struct uidset *set,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct imap *imap = job->push->session->imap;

	switch (job->batch->kind) {
	case OPERATION_FLAG:
		return store_set(job, set, ret_outcome, err);
	case OPERATION_EXPUNGE:
		return delete_set(job, set, ret_outcome, err);
	case OPERATION_MOVE:
		if (push_can(job->push, IMAP_MOVE))
			return imap_move(imap, set, job->target.remote,
				ret_outcome, err);
		return imap_copy(
			imap, set, job->target.remote, ret_outcome, err);
	case OPERATION_COPY:
		return imap_copy(
			imap, set, job->target.remote, ret_outcome, err);
	case OPERATION_APPEND:
	case OPERATION_CREATE:
	case OPERATION_RENAME:
	case OPERATION_DELETE_FOLDER:
	case OPERATION_SUBSCRIBE:
	case OPERATION_UNSUBSCRIBE:
	case OPERATION_KINDS:
		break;
	}
	UNREACHABLE();
}

/* Keeps what was found out, whether the session lives or not; the first
 * failure counts. */
static bool
after(bool sent, bool saved, struct error *why, struct error *err)
{
	if (!sent && why->kind != ERR_REFUSED)
		return error_move(err, why);
	return saved;
}

bool
push_finish_move(struct push_job *job, const struct operation_item *items,
	size_t n, const struct imap_outcome *copied, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct imap_outcome gone CLEANUP(imap_outcome_clear) = { 0 };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct operation_item *rest CLEANUP(freep) = NULL;
	size_t left;
	bool sent, saved;

	for (size_t i = 0; i < n; i++) {
		if (uidset_has(&copied->done, items[i].uid))
			uidset_add(&set, items[i].uid);
	}
	if (set.n == 0)
		return true;
	sent = delete_set(job, &set, &gone, &why);
	/* Of what was taken away it is known where it went. */
	for (size_t i = 0; i < copied->pairs.n; i++)
		array_push(&gone.pairs, copied->pairs.items[i]);
	gone.uidvalidity = copied->uidvalidity;
	saved = save_done(
		job, items, n, &gone, !push_can(job->push, IMAP_UIDPLUS), err);
	if (!after(sent, saved, &why, err) || sent)
		return saved && sent;
	left = take_rest(items, n, &gone, &rest);
	for (size_t i = left; i-- > 0;) {
		if (!uidset_has(&set, rest[i].uid))
			rest[i] = rest[--left];
	}
	return left == 0 || push_refused(job->push, job->batch, rest, left,
				    gone.why, why.text, err);
}

static bool
is_about_all(enum imap_why why)
{
	switch (why) {
	case IMAP_WHY_CANNOT:
	case IMAP_WHY_NONEXISTENT:
	case IMAP_WHY_NO_PERMISSION:
	case IMAP_WHY_OVER_QUOTA:
	case IMAP_WHY_READ_ONLY:
	case IMAP_WHY_TRY_CREATE:
		return true;
	case IMAP_WHY_NONE:
	case IMAP_WHY_OTHER:
	case IMAP_WHY_BAD:
	case IMAP_WHY_ALREADY_EXISTS:
	case IMAP_WHY_EXPUNGE_ISSUED:
	case IMAP_WHY_HAS_CHILDREN:
	case IMAP_WHY_IN_USE:
	case IMAP_WHY_LIMIT:
	case IMAP_WHY_SERVER_BUG:
	case IMAP_WHY_TOO_BIG:
	case IMAP_WHY_UNAVAILABLE:
		return false;
	}
	return false;
}

static bool send_items(struct change *change,
	const struct operation_item *items, size_t n, struct error *err);

/* One message may be why all were refused: halves, down to it. */
static bool
split(struct change *change, const struct operation_item *items, size_t n,
	enum imap_why why, const char *text, struct error *err)
{
	struct push_job *job = change->job;

	if (n > 1 && !is_about_all(why) && !imap_why_is_temporary(why) &&
		change->alone < ALONE_MAX)
		return send_items(change, items, n / 2, err) &&
		       send_items(change, items + n / 2, n - n / 2, err);
	change->alone++;
	return push_refused(job->push, job->batch, items, n, why, text, err);
}

static bool
send_items(struct change *change, const struct operation_item *items, size_t n,
	struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct imap_outcome outcome CLEANUP(imap_outcome_clear) = { 0 };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct operation_item *rest CLEANUP(freep) = NULL;
	struct push_job *job = change->job;
	bool by_copy = job->batch->kind == OPERATION_MOVE &&
		       !push_can(job->push, IMAP_MOVE);
	bool keeps = job->batch->kind == OPERATION_EXPUNGE &&
		     !push_can(job->push, IMAP_UIDPLUS);
	bool sent, saved;
	size_t left;

	set_of(items, n, &set);
	sent = send_set(job, &set, &outcome, &why);
	if (sent || why.kind == ERR_REFUSED)
		saved = by_copy ? push_finish_move(job, items, n, &outcome, err)
				: save_done(
					  job, items, n, &outcome, keeps, err);
	else /* A copy that is not followed up is looked for. */
		saved = by_copy ||
			save_done(job, items, n, &outcome, keeps, err);
	if (outcome.done.n > 0)
		change->alone = 0;
	if (!after(sent, saved, &why, err) || sent)
		return saved && sent;
	left = take_rest(items, n, &outcome, &rest);
	return left == 0 ||
	       split(change, rest, left, outcome.why, why.text, err);
}

/* --- a batch -------------------------------------------------------------- */

/* The items whose UIDs count here and now; what cannot be named waits for the
 * folder to be in step. */
static bool
settle_uids(struct push_job *job, bool *ret_go, struct error *err)
{
	struct operation_batch *batch = job->batch;
	size_t n = 0;
	bool whole;

	for (size_t i = 0; i < batch->n; i++) {
		if (batch->items[i].is_current && batch->items[i].uid)
			batch->items[n++] = batch->items[i];
	}
	*ret_go = n > 0;
	if (n > 0) {
		batch->n = n;
		return true;
	}
	if (!push_pull_whole(job->push, &job->folder, &whole, err))
		return false;
	if (!whole)
		return true;
	return push_fail(job->push, batch->items, batch->n,
		_("The message is no longer there"), err);
}

static bool
send_all(struct push_job *job, struct error *err)
{
	struct operation_batch *batch = job->batch;
	struct change change = { .job = job };

	return push_mark_running(job->push, batch->items, batch->n, err) &&
	       send_items(&change, batch->items, batch->n, err) &&
	       /* Last: what the server says of them counts. */
	       session_flush(job->push->session, err);
}

/* Sent before a break, and the messages have left the folder since: of FLAG
 * nothing remains to be said, else it was most likely our doing. */
static bool
push_gone(struct push_job *job, struct error *err)
{
	struct operation_batch *batch = job->batch;
	size_t n = 0;

	for (size_t i = 0; i < batch->n; i++) {
		if (batch->items[i].uid == 0)
			batch->items[n++] = batch->items[i];
	}
	if (batch->kind == OPERATION_FLAG)
		return push_fail(job->push, batch->items, n,
			_("The message is no longer there"), err);
	return push_believe(job, batch->items, n, err);
}

static bool
has_gone(const struct operation_batch *batch)
{
	for (size_t i = 0; batch->repeats && i < batch->n; i++) {
		if (batch->items[i].uid == 0)
			return true;
	}
	return false;
}

static bool
push_here(struct push_job *job, struct error *err)
{
	struct operation_batch *batch = job->batch;
	char *hindrance CLEANUP(freep) = NULL;
	bool go;

	if (has_gone(batch))
		return push_gone(job, err);

	if (!settle_uids(job, &go, err))
		return false;
	if (!go)
		return true;
	if (!find_hindrance(job, &hindrance, err))
		return false;
	if (hindrance)
		return push_fail(
			job->push, batch->items, batch->n, hindrance, err);
	if (batch->phase == PHASE_FETCH)
		return push_fetch(job, err);
	if (batch->repeats && (batch->kind == OPERATION_MOVE ||
				      batch->kind == OPERATION_COPY))
		return push_look(job, err);
	return send_all(job, err);
}

bool
push_messages(struct push_job *job, struct error *err)
{
	struct push *push = job->push;
	struct operation_batch *batch = job->batch;
	bool was_here = push->session->at.folder == batch->folder &&
			!push->session->at.bodies_only;
	struct error why CLEANUP(error_clear) = ERROR_INIT;

	/* Selecting brings news: the batch is taken anew with them. */
	if (was_here)
		return push_here(job, err);
	if (push_go_to(push, &job->folder, &why))
		return true;
	if (why.kind != ERR_REFUSED)
		return error_move(err, &why);
	push->session->tree_changed = true;
	return push_refused(push, batch, batch->items, batch->n,
		imap_select_why(push->session->imap), why.text, err);
}
