/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes that other processes wish for (`tercet sync` beside an interface).
 * They are no work of their own: each looks again at what the sync thread looks
 * at anyway, and is told the end when that is done.
 */
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "sync/syncer.h"

enum { PASSES_MAX = 64 };

static void
tell_end(struct syncer *syncer, int64_t token, const struct error *why)
{
	const struct worker_options *options = &syncer->worker->options;
	struct event *event = xnew(struct event);

	event->type = EVENT_PASS_ENDED;
	event->account = options->account_id;
	event->message = token;
	event->done = (uint64_t)why->kind;
	event->text = xstrdup_null(why->text);
	options->tell(options->ctx, event);
}

/* Takes it out. */
static void
end_pass(struct syncer *syncer, size_t i)
{
	struct wished_passes *passes = &syncer->passes;

	tell_end(syncer, passes->items[i].token, &passes->items[i].failed);
	error_clear(&passes->items[i].failed);
	passes->n--;
	memmove(&passes->items[i], &passes->items[i + 1],
		(passes->n - i) * sizeof(passes->items[0]));
}

void
syncer_wish_pass(struct syncer *syncer, const struct command *command)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct wished_pass *pass;

	if (syncer->worker->offline)
		error_set(&why, ERR_OFFLINE, _("It is offline by your choice"));
	else if (syncer->passes.n == PASSES_MAX)
		error_set(&why, ERR_LIMIT, _("Too many wait for the same"));
	if (why.kind != ERR_NONE) {
		tell_end(syncer, command->message, &why);
		return;
	}
	pass = array_add(&syncer->passes);
	pass->token = command->message;
	pass->folder = command->folder;
}

void
syncer_fail_folder(
	struct syncer *syncer, int64_t folder, const struct error *why)
{
	for (size_t i = 0; i < syncer->passes.n; i++) {
		struct wished_pass *pass = &syncer->passes.items[i];

		if ((pass->folder == 0 || pass->folder == folder) &&
			pass->failed.kind == ERR_NONE)
			error_copy(&pass->failed, why);
	}
}

void
syncer_fail_passes(struct syncer *syncer, const struct error *why)
{
	while (syncer->passes.n > 0) {
		struct wished_pass *pass = &syncer->passes.items[0];

		error_clear(&pass->failed);
		error_copy(&pass->failed, why);
		end_pass(syncer, 0);
	}
}

int64_t
syncer_next_wished(struct syncer *syncer)
{
	for (size_t i = 0; i < syncer->passes.n; i++) {
		struct wished_pass *pass = &syncer->passes.items[i];

		if (pass->folder == 0 || pass->begun)
			continue;
		pass->begun = true;
		return pass->folder;
	}
	return 0;
}

/* Nothing more comes of it: in step, gone, or refused. */
static bool
is_over(struct syncer *syncer, struct wished_pass *pass, bool *ret_over,
	struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };
	enum found found;

	*ret_over = pass->begun && pass->failed.kind != ERR_NONE;
	if (!pass->begun || *ret_over)
		return true;
	found = folder_load(syncer->worker->store, pass->folder, &folder, err);
	if (found == NOT_FOUND)
		error_set(&pass->failed, ERR_REFUSED, _("The folder is gone"));
	*ret_over = found == NOT_FOUND ||
		    (folder.state == FOLDER_COMPLETE && folder.unlinked == 0);
	return found != FOUND_ERROR;
}

bool
syncer_end_folder_passes(struct syncer *syncer, struct error *err)
{
	size_t i = 0;

	while (i < syncer->passes.n) {
		struct wished_pass *pass = &syncer->passes.items[i];
		bool over = false;

		if (pass->folder != 0 && !is_over(syncer, pass, &over, err))
			return false;
		if (over)
			end_pass(syncer, i);
		else
			i++;
	}
	return true;
}

void
syncer_end_passes(struct syncer *syncer)
{
	while (syncer->passes.n > 0)
		end_pass(syncer, 0);
}

void
syncer_drop_passes(struct syncer *syncer)
{
	for (size_t i = 0; i < syncer->passes.n; i++)
		error_clear(&syncer->passes.items[i].failed);
	array_clear(&syncer->passes);
}
