/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/fetch.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "screen/opener.h"
#include "sync/engine.h"

void
fetch_forget(struct app *app)
{
	free(app->wanted.section);
	free(app->wanted.argument);
	app->wanted = (struct wanted){ .what = WANT_NOTHING };
}

/* Writes the wanted part into a new file. */
static enum found
write_part(struct app *app, const struct message *message, const char *where,
	char **ret_path, struct error *err)
{
	const struct part *part =
		part_tree_find(&message->parts, app->wanted.section);
	char *name CLEANUP(freep) = NULL;
	char *path CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;
	enum found found;

	/* Nothing is made before there is something to write. */
	if (!export_is_held(app->store, message->id, app->wanted.section))
		return NOT_FOUND;
	name = part ? export_safe_name(part) : xstrdup("message.eml");
	if (!export_create(where, name, &path, &fd, err))
		return FOUND_ERROR;
	found = export_part(app->store, message, app->wanted.section, fd, err);
	if (found != FOUND)
		unlink(path);
	else
		*ret_path = STEAL(path);
	return found;
}

static enum found
save(struct app *app, const struct message *message, struct error *err)
{
	char *path CLEANUP(freep) = NULL;
	enum found found =
		write_part(app, message, app->wanted.argument, &path, err);

	if (found == FOUND)
		app_say(app, TONE_GOOD, _("Saved to %s"), path);
	return found;
}

static enum found
open_part(struct app *app, const struct message *message, struct error *err)
{
	const struct part *part =
		part_tree_find(&message->parts, app->wanted.section);
	const char *dir;
	char *path CLEANUP(freep) = NULL;
	enum found found;

	if (!export_is_held(app->store, message->id, app->wanted.section))
		return NOT_FOUND;
	if (!opener_directory(app, &dir, err))
		return FOUND_ERROR;
	found = write_part(app, message, dir, &path, err);
	if (found == FOUND &&
		!opener_open_file(app, part ? part->type : "", path, err))
		return FOUND_ERROR;
	return found;
}

static enum found
pipe_message(struct app *app, const struct message *message, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	enum found found;

	strbuf_init(&bytes, OPENER_PIPE_MAX);
	found = export_section(
		app->store, message->id, app->wanted.section, &bytes, err);
	if (found == FOUND && !opener_pipe(app, app->wanted.argument,
				      strbuf_slice(&bytes), err))
		return FOUND_ERROR;
	return found;
}

static enum found
show_source(struct app *app, struct error *err)
{
	enum viewer_mode mode =
		app->wanted.what == WANT_RAW ? VIEWER_RAW : VIEWER_HEADERS;

	app->dirty |= DIRTY_VIEWER;
	if (app->viewer.message_id != app->wanted.message)
		return FOUND; /* nobody looks at it any more */
	if (app->wanted.what == WANT_PART)
		return view_viewer_show_part(
			&app->viewer, app->store, app->wanted.section, err);
	return view_viewer_set_mode(&app->viewer, app->store, mode, err);
}

/* NOT_FOUND while its bytes are not here. */
static enum found
try(struct app *app, struct error *err)
{
	struct message message = { .id = 0 };
	enum found found;

	if (app->wanted.what == WANT_RAW || app->wanted.what == WANT_HEADERS ||
		app->wanted.what == WANT_PART)
		return show_source(app, err);
	found = message_load(app->store, app->wanted.message, &message, err);
	if (found != FOUND)
		return found;
	switch (app->wanted.what) {
	case WANT_SAVE:
		found = save(app, &message, err);
		break;
	case WANT_OPEN:
		found = open_part(app, &message, err);
		break;
	case WANT_PIPE:
		found = pipe_message(app, &message, err);
		break;
	case WANT_NOTHING:
	case WANT_RAW:
	case WANT_HEADERS:
	case WANT_PART:
		break;
	}
	message_clear(&message);
	return found;
}

void
fetch_want(struct app *app, enum want what, const char *section,
	const char *argument)
{
	const struct message *message = &app->viewer.message;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	fetch_forget(app);
	app->wanted = (struct wanted){ .what = what,
		.account = message->account,
		.message = message->id,
		.section = xstrdup(section),
		.argument = xstrdup_null(argument) };
	switch (try(app, &err)) {
	case FOUND:
		fetch_forget(app);
		return;
	case FOUND_ERROR:
		app_fail(app, &err);
		fetch_forget(app);
		return;
	case NOT_FOUND:
		break;
	}
	if (!app->engine) {
		app_say(app, TONE_WARNING,
			_("Its bytes are not held here, and there is no "
			  "server to ask"));
		fetch_forget(app);
		return;
	}
	app_say(app, TONE_DIM, _("Fetching…"));
	engine_fetch_section(
		app->engine, message->account, message->id, section);
}

void
fetch_arrived(struct app *app, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (app->wanted.what == WANT_NOTHING || app->wanted.message != message)
		return;
	view_status_seen(&app->status);
	app->dirty |= DIRTY_STATUS;
	switch (try(app, &err)) {
	case FOUND:
		fetch_forget(app);
		break;
	case FOUND_ERROR:
		app_fail(app, &err);
		fetch_forget(app);
		break;
	case NOT_FOUND: /* it was something else of the message */
		break;
	}
}

void
fetch_failed_for(struct app *app, int64_t message, const char *why)
{
	if (app->wanted.what == WANT_NOTHING || app->wanted.message != message)
		return;
	app_say(app, TONE_BAD, "%s", why);
	fetch_forget(app);
}
