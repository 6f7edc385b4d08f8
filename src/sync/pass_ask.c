/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pass by the engine of another process, over its socket. */
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/account.h"
#include "store/folder.h"
#include "sync/line.h"
#include "sync/pass.h"
#include "sync/peer.h"
#include "sync/private.h"
#include "sync/socket.h"

/* A process that was stopped by its terminal says nothing. */
enum { ANSWER_US = 2000000 };

struct appeal {
	const struct pass_options *options;
	int64_t account;
	int64_t folder;
	int64_t token;
	bool taken;
	bool ended;
	struct error *err;
};

/* What no other process says just now. */
static int64_t
make_token(void)
{
	return ((int64_t)getpid() << 32) | (clock_mono_us() & 0xffffffff);
}

static void
hear(struct appeal *appeal, const struct event *event)
{
	const struct pass_options *options = appeal->options;
	bool answers = event->message == appeal->token &&
		       event->account == appeal->account;

	if (answers && event->type == EVENT_PASS_TAKEN) {
		appeal->taken = true;
	} else if (answers && event->type == EVENT_PASS_ENDED) {
		appeal->ended = true;
		if (event->done != ERR_NONE && event->done <= ERR_STORE)
			error_set(appeal->err, (enum error_kind)event->done,
				"%s", event->text ? event->text : "");
	} else if (event->account == appeal->account && options->tell) {
		options->tell(options->ctx, event);
	}
}

static void
on_line(void *ctx, struct slice line)
{
	struct event *event = line_parse_event(line);

	if (event)
		hear(ctx, event);
	event_free(event);
}

/* Until the pass has ended (`*ret_ended`), or nobody is there any more. */
static bool
converse(struct appeal *appeal, struct peer *peer, struct error *err)
{
	int64_t until = clock_mono_us() + ANSWER_US;
	int fds[] = { peer->fd, appeal->options->cancel->fd };
	bool there = true;

	while (there && !appeal->ended) {
		int ready;

		there = peer_send(peer);
		if (!there)
			break;
		ready = thread_wait(fds, 2, appeal->taken ? -1 : until);
		if (ready == 1)
			return error_set(err, ERR_CANCELLED, _("Cancelled"));
		there = ready == 0 && peer_receive(peer, on_line, appeal);
	}
	return true;
}

static void
put_request(struct appeal *appeal, struct peer *peer)
{
	struct command *command = command_new(COMMAND_SYNC_PASS);
	struct request *request = request_new(appeal->account, command);
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	command->folder = appeal->folder;
	command->message = appeal->token;
	strbuf_init(&line, LINE_MAX_BYTES);
	line_print_request(request, &line);
	peer_add(peer, &line);
	request_free(request);
}

/* The ids by which the engine knows account and folder; false with `err` empty
 * when there are none yet. */
static bool
find_rows(struct appeal *appeal, struct error *err)
{
	const struct pass_options *options = appeal->options;
	struct account_rows rows CLEANUP(account_rows_clear) = { 0 };
	struct folder folder CLEANUP(folder_clear) = { 0 };
	struct store *store = NULL;
	enum found found = NOT_FOUND;

	if (!store_open(options->home, STORE_TOOL, &store, err))
		return false;
	if (account_load_all(store, &rows, err)) {
		for (size_t i = 0; i < rows.n; i++) {
			if (strcmp(rows.items[i].name,
				    options->account->name) == 0)
				appeal->account = rows.items[i].id;
		}
	}
	if (appeal->account && options->folder) {
		found = folder_find(
			store, appeal->account, options->folder, &folder, err);
		appeal->folder = folder.id;
	}
	store_close(store);
	return appeal->account && (!options->folder || found == FOUND);
}

bool
pass_ask(
	const struct pass_options *options, bool *ret_served, struct error *err)
{
	struct appeal appeal = {
		.options = options,
		.token = make_token(),
		.err = err,
	};
	struct peer peer = { .fd = -1 };
	bool ok;

	*ret_served = false;
	/* The other one may write where this one must not. */
	if (options->read_only)
		return true;
	if (!peer_connect(&peer, store_home_dir(options->home)))
		return true;
	if (!find_rows(&appeal, err)) {
		peer_close(&peer);
		return err->kind == ERR_NONE;
	}
	put_request(&appeal, &peer);
	ok = converse(&appeal, &peer, err);
	peer_close(&peer);
	if (!ok)
		return false;
	if (!appeal.ended || err->kind == ERR_STALE) {
		error_clear(err);
		return true;
	}
	*ret_served = true;
	return err->kind == ERR_NONE;
}
