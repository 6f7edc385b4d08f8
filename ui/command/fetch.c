/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/fetch.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "command/here.h"
#include "screen/opener.h"
#include "screen/pipe.h"
#include "sync/engine.h"

void
fetch_forget(struct app *app)
{
	free(app->wanted.section);
	free(app->wanted.argument);
	id_array_clear(&app->wanted.messages);
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
	if (app->wanted.what == WANT_OPEN) {
		char *plain = opener_plain_name(name);

		free(name);
		name = plain;
	}
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

	if (found == FOUND) {
		char *place CLEANUP(freep) = here_print(path);

		app_say(app, TONE_GOOD, _("Saved to %s"), place);
	}
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

/* HTML goes there as it was sent, but for its charset. */
static enum found
browse(struct app *app, const struct message *message, struct error *err)
{
	const char *dir;
	char *path CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;
	enum found found;

	if (!export_is_held(app->store, message->id, app->wanted.section))
		return NOT_FOUND;
	if (!opener_directory(app, &dir, err) ||
		!export_create(dir, "message.html", &path, &fd, err))
		return FOUND_ERROR;
	found = export_html(app->store, message, app->wanted.section, fd, err);
	if (found != FOUND)
		unlink(path);
	else if (!opener_browse_file(app, path, err))
		return FOUND_ERROR;
	return found;
}

static enum found
read_anew(struct app *app)
{
	if (!export_is_held(
		    app->store, app->wanted.message, app->wanted.section))
		return NOT_FOUND;
	reading_go_on(app);
	return FOUND;
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
	if (app->wanted.messages.n > 0)
		return pipe_messages(app, &app->wanted.messages,
			app->wanted.argument, &app->wanted.message, err);
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
		found = pipe_message(app, &message, app->wanted.section,
			app->wanted.argument, err);
		break;
	case WANT_BROWSE:
		found = browse(app, &message, err);
		break;
	case WANT_READING:
		found = read_anew(app);
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

/* Asks the server for what is missing. */
static void
ask(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct wanted *wanted = &app->wanted;
	struct message message = { .id = 0 };

	if (wanted->messages.n > 0) { /* of any account */
		if (message_load(app->store, wanted->message, &message, &err) ==
			FOUND)
			wanted->account = message.account;
		message_clear(&message);
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
		app->engine, wanted->account, wanted->message, wanted->section);
}

static void
try_or_ask(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	switch (try(app, &err)) {
	case FOUND:
		fetch_forget(app);
		break;
	case FOUND_ERROR:
		app_fail(app, &err);
		fetch_forget(app);
		break;
	case NOT_FOUND:
		ask(app);
		break;
	}
}

void
fetch_want(struct app *app, enum want what, const char *section,
	const char *argument)
{
	const struct message *message = &app->viewer.message;

	fetch_forget(app);
	app->wanted = (struct wanted){ .what = what,
		.account = message->account,
		.message = message->id,
		.section = xstrdup(section),
		.argument = xstrdup_null(argument) };
	try_or_ask(app);
}

void
fetch_want_piped(
	struct app *app, const struct id_array *messages, const char *command)
{
	fetch_forget(app);
	app->wanted = (struct wanted){ .what = WANT_PIPE,
		.section = xstrdup(""),
		.argument = xstrdup(command) };
	for (size_t i = 0; i < messages->n && i < PIPE_MESSAGES_MAX; i++)
		array_push(&app->wanted.messages, messages->items[i]);
	if (app->wanted.messages.n > 0)
		try_or_ask(app);
	else
		fetch_forget(app);
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
	case NOT_FOUND:
		/* It was something else of the message; or it is another's
		 * turn. */
		if (app->wanted.message != message)
			ask(app);
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
