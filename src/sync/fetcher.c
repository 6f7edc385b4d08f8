/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fetch thread: brings what somebody waits for.  Its connection is opened
 * by the first wish (or when a folder is opened, so that it is warm by then)
 * and closed after some minutes without one.
 */
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/private.h"

enum { IDLE_US = 5 * 60 * 1000000 };

static bool
is_worth_another_try(const struct error *err)
{
	return err->kind == ERR_OFFLINE || err->kind == ERR_PROTOCOL;
}

static bool
fetch(struct worker *worker, const struct command *command, struct error *err)
{
	struct session *session = &worker->session;

	if (!session_is_open(session) && !session_open(session, err))
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
	return text_load(worker->store, command->message, &doc, &version,
		       &err) == FOUND &&
	       version > 0;
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
}

/* Gets ready for wishes in this folder; a failure shows with the first one. */
static void
warm_up(struct worker *worker, int64_t folder_id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct session *session = &worker->session;
	struct imap_selected selected;

	if (worker->offline || session->at.folder == folder_id)
		return;
	if (!session_is_open(session) && !session_open(session, &err))
		return;
	if (folder_load(worker->store, folder_id, &folder, &err) != FOUND ||
		!folder.remote || folder.uidvalidity == 0)
		return;
	folder.highestmodseq = 0;
	if (!session_select(session, &folder, &selected, &err) &&
		err.kind != ERR_REFUSED)
		session_close(session);
}

static void
obey(struct worker *worker, struct command *command)
{
	switch (command->type) {
	case COMMAND_FETCH_TEXT:
	case COMMAND_FETCH_SECTION:
		serve(worker, command);
		break;
	case COMMAND_OPEN_FOLDER:
		warm_up(worker, command->folder);
		break;
	case COMMAND_SET_OFFLINE:
		worker->offline = command->flag;
		if (worker->offline)
			session_close(&worker->session);
		break;
	case COMMAND_PASSWORD:
		session_set_password(&worker->session, STEAL(command->secret));
		break;
	case COMMAND_SYNC_NOW:
	case COMMAND_WAKE:
		break;
	}
}

static void
fetcher_run(struct worker *worker)
{
	int fds[] = { worker->stop.fd, queue_fd(worker->commands) };

	while (!cancel_is_fired(&worker->stop)) {
		struct command *command = worker_next_command(worker);
		int64_t until = session_is_open(&worker->session)
					? clock_mono_us() + IDLE_US
					: -1;

		if (command) {
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
