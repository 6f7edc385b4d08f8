/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/pass.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/account.h"
#include "store/operation.h"
#include "sync/private.h"
#include "sync/push.h"
#include "sync/socket.h"
#include "sync/tree.h"

struct pass {
	const struct pass_options *options;
	struct store *store;
	int64_t account_id;
	struct session session;
	struct cancel wrote;
	struct housekeeper *housekeeper; /* NULL: nothing big is written */
	struct id_array refused;         /* folders that did not go through */
	uint64_t linking;
	struct error first; /* the first failure that did not stop us */
};

static void
tell(void *ctx, struct event *event)
{
	struct pass *pass = ctx;

	cancel_fire(&pass->wrote);
	if (pass->options->tell)
		pass->options->tell(pass->options->ctx, event);
	event_free(event);
}

static bool
ensure_account(struct pass *pass, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(pass->store, &tx, err) &&
	       account_ensure(pass->store, pass->options->account->name,
		       &pass->account_id, err) &&
	       transaction_commit(&tx, err);
}

static void
pass_end(struct pass *pass)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	housekeeper_stop(pass->housekeeper);
	housekeeper_join(pass->housekeeper);
	cancel_destroy(&pass->wrote);
	/* Who opens the store next need not read the log. */
	if (pass->housekeeper && !store_checkpoint(pass->store, &err))
		log_warning("store", "checkpoint: %s", err.text);
	session_clear(&pass->session);
	store_close(pass->store);
	array_clear(&pass->refused);
	error_clear(&pass->first);
}

static bool
pass_begin(struct pass *pass, const struct pass_options *options,
	struct error *err)
{
	struct session_options session = {
		.config = options->config,
		.account = options->account,
		.store_dir = store_home_dir(options->home),
		.cancel = options->cancel,
		.read_only = options->read_only,
		.tell = tell,
		.ctx = pass,
	};

	*pass = (struct pass){ .options = options };
	cancel_init(&pass->wrote);
	if (!store_open(options->home, STORE_TOOL, &pass->store, err) ||
		!ensure_account(pass, err)) {
		pass_end(pass);
		return false;
	}
	session.store = pass->store;
	session.account_id = pass->account_id;
	session_init(&pass->session, &session);
	if (options->password)
		session_set_password(
			&pass->session, xstrdup(options->password));
	return true;
}

/* A running engine knows better.  Within a transaction: an engine that starts
 * now writes behind it, and no other pass of this process looks. */
static bool
engine_runs(const struct pass *pass)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int lock_fd CLEANUP(closep) = -1;

	return !engine_lock(
		       store_home_dir(pass->options->home), &lock_fd, &err) ||
	       lock_fd < 0;
}

/* `in_step`: everything was fetched, not only tried. */
static void
save_state(struct pass *pass, bool in_step, const struct error *why)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum account_state state = ACCOUNT_OFFLINE;

	if (why && why->kind == ERR_LOGIN)
		state = ACCOUNT_NEEDS_LOGIN;
	else if (why && why->kind == ERR_UNTRUSTED)
		state = ACCOUNT_UNTRUSTED;
	if (!transaction_begin(pass->store, &tx, &err)) {
		log_error("sync", "state: %s", err.text);
		return;
	}
	if (engine_runs(pass))
		return;
	if (!account_save_state(pass->store, pass->account_id, state,
		    why ? why->text : NULL, &err) ||
		(in_step && !account_save_synced(pass->store, pass->account_id,
				    clock_wall_s(), &err)) ||
		!transaction_commit(&tx, &err))
		log_error("sync", "state: %s", err.text);
}

/* Steps that end in ERR_STALE are asked once more over a new session. */
static bool
pull_whole_folder(struct pass *pass, int64_t folder, struct error *err)
{
	struct pull pull = { 0 };
	struct session *session = &pass->session;
	bool ok = pull_head(session, folder, &pull, err);

	if (!ok && err->kind == ERR_STALE) {
		session_close(session);
		error_clear(err);
		ok = session_open(session, err) &&
		     pull_head(session, folder, &pull, err);
	}
	if (ok && pull.doubtful)
		ok = pull_doubt(err);
	if (ok && !pull.complete)
		ok = pull_backfill(session, &pull, err);
	pull_clear(&pull);
	if (ok && cancel_is_fired(pass->options->cancel))
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	return ok;
}

/* Keeps the first failure of a folder and goes on with the next, unless the
 * session is over. */
static bool
note_folder_failure(struct pass *pass, int64_t folder, struct error *err)
{
	if (err->kind != ERR_REFUSED && err->kind != ERR_STALE)
		return false;
	log_warning("sync", "%s", err->text);
	array_push(&pass->refused, folder);
	if (pass->first.kind == ERR_NONE)
		error_move(&pass->first, err);
	error_clear(err);
	return true;
}

static bool
is_settled(const struct pass *pass, int64_t folder)
{
	const struct id_array *settled = &pass->session.settled;

	for (size_t i = 0; i < settled->n; i++) {
		if (settled->items[i] == folder)
			return true;
	}
	return false;
}

static bool
pull_all_folders(struct pass *pass, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };

	if (!folder_load_all(pass->store, pass->account_id, &folders, err))
		return false;
	for (int rank = 0; rank < TREE_RANKS; rank++) {
		for (size_t i = 0; i < folders.n; i++) {
			int64_t id = folders.items[i].id;

			if (tree_rank(&folders.items[i]) != rank ||
				is_settled(pass, id))
				continue;
			if (!pull_whole_folder(pass, id, err) &&
				!note_folder_failure(pass, id, err))
				return false;
		}
	}
	return true;
}

static bool
pull_one_folder(struct pass *pass, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found = folder_find(pass->store, pass->account_id,
		pass->options->folder, &folder, err);

	if (found == FOUND_ERROR)
		return false;
	if (found == NOT_FOUND)
		return error_set(err, ERR_REFUSED,
			_("Account %s has no folder %s"),
			pass->options->account->name, pass->options->folder);
	return pull_whole_folder(pass, folder.id, err);
}

static void
link_progress(void *ctx, int64_t left)
{
	struct pass *pass = ctx;

	if (left < 0)
		return;
	if ((uint64_t)left > pass->linking)
		pass->linking = (uint64_t)left;
	session_tell_progress(&pass->session, PROGRESS_THREADS,
		pass->linking - (uint64_t)left, pass->linking);
}

static bool
is_cancelled(void *ctx)
{
	return cancel_is_fired(((struct pass *)ctx)->options->cancel);
}

static bool
pull_all_texts(struct pass *pass, struct error *err)
{
	while (!cancel_is_fired(pass->options->cancel)) {
		int64_t folder;

		if (!pull_texts(&pass->session, &pass->refused, &folder, err))
			return false;
		if (folder == 0)
			return true;
		if (folder != pass->session.at.folder &&
			!pull_whole_folder(pass, folder, err) &&
			!note_folder_failure(pass, folder, err))
			return false;
	}
	return error_set(err, ERR_CANCELLED, _("Cancelled"));
}

/* `*ret_busy`: another process is at it. */
static bool
push_all(struct pass *pass, bool *ret_busy, struct error *err)
{
	struct pull pull = { 0 };
	struct push push = { .session = &pass->session, .pull = &pull };
	bool any = true, more = true, good = true;

	while (more && good && !cancel_is_fired(pass->options->cancel))
		good = operation_apply_some(
			pass->store, &more, NULL, NULL, err);
	while (any && good && !cancel_is_fired(pass->options->cancel))
		good = push_some(&push, &any, err);
	pull_clear(&pull);
	*ret_busy = push.busy;
	return good;
}

/* Operations that wait go first, so that what is fetched knows of them. */
static bool
push_and_list(struct pass *pass, struct error *err)
{
	struct session *session = &pass->session;
	bool busy;

	if (!tree_pull(session, err) || !push_all(pass, &busy, err))
		return false;
	/* What was settled before it need not be so now. */
	return session->at.folder == 0 || tree_pull(session, err);
}

static bool
run(struct pass *pass, struct error *err)
{
	struct session *session = &pass->session;
	bool ok;

	if (!session_open(session, err) || !push_and_list(pass, err))
		return false;
	ok = pass->options->folder ? pull_one_folder(pass, err)
				   : pull_all_folders(pass, err);
	if (!ok ||
		!ingest_link(pass->store, pass->account_id, 0, is_cancelled,
			link_progress, pass, err) ||
		!pull_all_texts(pass, err) ||
		!ingest_link(pass->store, pass->account_id, 0, is_cancelled,
			link_progress, pass, err) ||
		!ingest_index(pass->store, pass->account_id, is_cancelled, NULL,
			pass, err))
		return false;
	if (pass->first.kind != ERR_NONE)
		return error_move(err, &pass->first);
	return true;
}

static bool
start_housekeeper(struct pass *pass, struct error *err)
{
	struct housekeeper_options options = {
		.home = pass->options->home,
		.wrote = &pass->wrote,
	};

	return housekeeper_start(&options, &pass->housekeeper, err);
}

bool
pass_run(const struct pass_options *options, struct error *err)
{
	struct pass pass;
	bool ok;

	if (!pass_begin(&pass, options, err))
		return false;
	ok = start_housekeeper(&pass, err) && run(&pass, err);
	save_state(&pass, ok, ok ? NULL : err);
	pass_end(&pass);
	return ok;
}

bool
pass_push(const struct pass_options *options, struct error *err)
{
	struct pass pass;
	bool ok, busy = false;

	if (!pass_begin(&pass, options, err))
		return false;
	ok = start_housekeeper(&pass, err) &&
	     session_open(&pass.session, err) &&
	     tree_pull(&pass.session, err) && push_all(&pass, &busy, err);
	save_state(&pass, false, ok ? NULL : err);
	pass_end(&pass);
	if (ok && busy)
		return error_set(err, ERR_STALE,
			_("Another tercet is sending what waits"));
	return ok;
}

void
pass_probe_clear(struct pass_probe *probe)
{
	free(probe->capabilities);
	*probe = (struct pass_probe){ 0 };
}

/* How far a failed opening got, as far as its kind tells. */
static void
note_progress(struct pass_probe *probe, enum error_kind kind)
{
	probe->connected = kind == ERR_UNTRUSTED || kind == ERR_LOGIN ||
			   kind == ERR_PROTOCOL || kind == ERR_REFUSED;
	probe->resolved = probe->connected;
	probe->secured = kind == ERR_LOGIN;
}

bool
pass_probe(const struct pass_options *options, struct pass_probe *probe,
	struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct pass pass;
	bool ok;

	*probe = (struct pass_probe){ 0 };
	if (!pass_begin(&pass, options, err))
		return false;
	ok = session_open(&pass.session, err);
	if (!ok) {
		note_progress(probe, err->kind);
	} else {
		probe->resolved = probe->connected = true;
		probe->secured = probe->logged_in = true;
		probe->capabilities =
			xstrdup_null(imap_capability_text(pass.session.imap));
		ok = tree_pull(&pass.session, err) &&
		     folder_load_all(
			     pass.store, pass.account_id, &folders, err);
		probe->listed = ok;
		probe->folders = (uint32_t)folders.n;
	}
	if (ok) /* what was wrong before is no longer */
		save_state(&pass, false, NULL);
	pass_end(&pass);
	return ok;
}

bool
pass_fetch(const struct pass_options *options, int64_t message,
	const char *section, struct error *err)
{
	struct pass pass;
	bool ok;

	if (!pass_begin(&pass, options, err))
		return false;
	ok = session_open(&pass.session, err) &&
	     (section ? pull_section(&pass.session, message, section, err)
		      : pull_message(&pass.session, message, err));
	pass_end(&pass);
	return ok;
}
