/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fetch thread: brings what somebody waits for.  Its connection is opened
 * by the first wish, or when the sync worker says which folder is on the
 * screen, so that it is warm by then; and closed after some minutes without
 * one.
 */
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/private.h"

enum { IDLE_US = 5 * 60 * 1000000, SLEPT_US = 5 * 1000000 };

static bool
is_worth_another_try(const struct error *err)
{
	return err->kind == ERR_OFFLINE || err->kind == ERR_PROTOCOL;
}

/* Where the sync worker waits for a person, more tries of the same password
 * or of the same certificate help nobody. */
static bool
may_connect(struct worker *worker, struct error *err)
{
	struct account_row row CLEANUP(account_row_clear) = { 0 };

	if (!account_load(worker->store, worker->options.account_id, &row, err))
		return false;
	if (row.state != ACCOUNT_NEEDS_LOGIN && row.state != ACCOUNT_UNTRUSTED)
		return true;
	return error_set(err, ERR_LOGIN, "%s",
		row.error ? row.error : _("The account waits for you"));
}

static bool
fetch(struct worker *worker, const struct command *command, struct error *err)
{
	struct session *session = &worker->session;

	if (!session_is_open(session) &&
		(!may_connect(worker, err) || !session_open(session, err)))
		return false;
	if (command->type == COMMAND_FETCH_TEXT)
		return pull_message(session, command->message, err);
	return pull_section(session, command->message, command->section, err);
}

static bool
is_here(struct worker *worker, const struct command *command)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct document doc CLEANUP(document_clear) = { 0 };
	uint64_t size;
	int version = 0;

	if (command->type == COMMAND_FETCH_SECTION)
		return section_size(worker->store, command->message,
			       command->section, &size, &err) == FOUND;
	if (text_load(worker->store, command->message, &doc, &version, &err) !=
		FOUND)
		return false;
	/* Without its bytes an old text is better than none. */
	if (version < TEXT_EXTRACTOR_VERSION &&
		ingest_text_again(worker->store, command->message, &err) ==
			FOUND_ERROR)
		log_warning("fetch", "message %lld: %s",
			(long long)command->message, err.text);
	return true;
}

/* A command that asks nothing of the server. */
static void
obey_setting(struct worker *worker, struct command *command)
{
	if (command->type == COMMAND_SET_OFFLINE) {
		worker->offline = command->flag;
		if (worker->offline)
			session_close(&worker->session);
	} else if (command->type == COMMAND_PASSWORD) {
		session_set_password(&worker->session, STEAL(command->secret));
	}
}

/* Who waited meanwhile waits no longer for a server that does not answer. */
static void
fail_others(struct worker *worker, const char *why)
{
	struct command *command;

	while ((command = worker_next_command(worker))) {
		if (command->type == COMMAND_FETCH_TEXT ||
			command->type == COMMAND_FETCH_SECTION)
			worker_tell(worker, EVENT_FETCH_FAILED,
				command->message, why);
		else
			obey_setting(worker, command);
		command_free(command);
	}
}

static void
serve(struct worker *worker, const struct command *command)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool was_open = session_is_open(&worker->session);
	bool ok;

	if (is_here(worker, command)) {
		worker_tell(
			worker, EVENT_MESSAGE_CHANGED, command->message, NULL);
		return;
	}
	if (worker->offline) {
		worker_tell(worker, EVENT_FETCH_FAILED, command->message,
			_("Not held here, and offline by your choice"));
		return;
	}
	ok = fetch(worker, command, &err);
	if (!ok && err.kind == ERR_OFFLINE)
		cancel_fire(&worker->doubt);
	if (!ok && was_open && is_worth_another_try(&err)) {
		/* The warm connection had died meanwhile. */
		session_close(&worker->session);
		ok = fetch(worker, command, &err);
	}
	if (ok || cancel_is_fired(&worker->stop))
		return;
	log_info("fetch", "message %lld: %s", (long long)command->message,
		err.text);
	if (err.kind != ERR_REFUSED && err.kind != ERR_STALE)
		session_close(&worker->session);
	worker_tell(worker, EVENT_FETCH_FAILED, command->message, err.text);
	if (err.kind == ERR_OFFLINE)
		fail_others(worker, err.text);
}

/* Gets ready for wishes in this folder; a failure shows with the first one. */
static void
warm_up(struct worker *worker, int64_t folder_id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct imap_selected selected = { 0 };
	struct session *session = &worker->session;

	if (worker->offline || session->at.folder == folder_id ||
		folder_load(worker->store, folder_id, &folder, &err) != FOUND ||
		!folder.remote || folder.uidvalidity == 0)
		return;
	if ((session_is_open(session) ||
		    (may_connect(worker, &err) && session_open(session, &err) &&
			    imap_compress(session->imap, &err))) &&
		session_select(session, &folder, false, &selected, &err))
		return;
	if (err.kind != ERR_REFUSED)
		session_close(session);
}

static void
obey(struct worker *worker, struct command *command)
{
	if (command->type == COMMAND_FETCH_TEXT ||
		command->type == COMMAND_FETCH_SECTION)
		serve(worker, command);
	else if (command->type == COMMAND_OPEN_FOLDER)
		warm_up(worker, command->folder);
	else
		obey_setting(worker, command);
}

/* A connection that slept with the machine is not worth asking. */
static void
drop_if_slept(struct worker *worker, int64_t *asleep_us)
{
	int64_t asleep = clock_boot_us() - clock_mono_us();

	if (asleep - *asleep_us > SLEPT_US)
		session_close(&worker->session);
	*asleep_us = asleep;
}

static void
fetcher_run(struct worker *worker)
{
	int fds[] = { worker->stop.fd, queue_fd(worker->commands) };
	int64_t asleep_us = clock_boot_us() - clock_mono_us();

	while (!cancel_is_fired(&worker->stop)) {
		struct command *command = worker_next_command(worker);
		int64_t until = session_is_open(&worker->session)
					? clock_mono_us() + IDLE_US
					: -1;

		if (command) {
			drop_if_slept(worker, &asleep_us);
			obey(worker, command);
			command_free(command);
		} else if (thread_wait(fds, 2, until) < 0) {
			session_close(&worker->session);
		}
	}
}

bool
fetcher_start(const struct worker_options *options, struct worker **ret_fetcher,
	struct error *err)
{
	return worker_start_thread(
		options, "fetch", true, fetcher_run, ret_fetcher, err);
}
