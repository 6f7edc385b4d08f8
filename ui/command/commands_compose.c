/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing, and the page of a message being written. */
#include "app.h"
#include "base/gettext.h"
#include "command/command.h"
#include "config/config.h"
#include "screen/composer.h"

static bool
may_write(struct app *app)
{
	if (app->composer.is_open) {
		app_say(app, TONE_WARNING, _("A message is being written"));
		return false;
	}
	return true;
}

static enum command_result
cmd_compose(struct app *app, const struct command_args *args)
{
	(void)args;
	if (!may_write(app))
		return COMMAND_FAILED;
	composer_new(app);
	return COMMAND_DONE;
}

/* The message that is shown, else that of the row. */
static enum command_result
answer(struct app *app, enum reply_kind kind)
{
	const struct view_row *row = view_list_at_cursor(&app->list);
	int64_t message = app->focus == PANE_VIEWER && app->viewer.message_id
				  ? app->viewer.message_id
			  : row ? row->row.message
				: 0;

	if (!message || !may_write(app))
		return COMMAND_FAILED;
	composer_reply(app, kind, message);
	return COMMAND_DONE;
}

static enum command_result
cmd_reply(struct app *app, const struct command_args *args)
{
	(void)args;
	return answer(app, REPLY_TO_SENDER);
}

static enum command_result
cmd_reply_all(struct app *app, const struct command_args *args)
{
	(void)args;
	return answer(app, REPLY_TO_ALL);
}

static enum command_result
cmd_reply_list(struct app *app, const struct command_args *args)
{
	(void)args;
	return answer(app, REPLY_TO_LIST);
}

static enum command_result
cmd_forward(struct app *app, const struct command_args *args)
{
	(void)args;
	return answer(app, REPLY_FORWARD);
}

static enum command_result
cmd_recall(struct app *app, const struct command_args *args)
{
	(void)args;
	if (!may_write(app))
		return COMMAND_FAILED;
	return composer_recall(app) ? COMMAND_DONE : COMMAND_FAILED;
}

/* --- the page --- */

static enum command_result
cmd_send(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_send(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_edit_text(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_edit(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_attach(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_ATTACH);
	return COMMAND_DONE;
}

static enum command_result
cmd_detach(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_detach(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_to(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_TO);
	return COMMAND_DONE;
}

static enum command_result
cmd_cc(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_CC);
	return COMMAND_DONE;
}

static enum command_result
cmd_bcc(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_BCC);
	return COMMAND_DONE;
}

static enum command_result
cmd_subject(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_SUBJECT);
	return COMMAND_DONE;
}

static enum command_result
cmd_from(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_FROM);
	return COMMAND_DONE;
}

static enum command_result
cmd_later(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_ask(app, COMPOSER_LATER);
	return COMMAND_DONE;
}

static enum command_result
cmd_postpone(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_postpone(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_discard(struct app *app, const struct command_args *args)
{
	(void)args;
	composer_discard(app);
	return COMMAND_DONE;
}

/* clang-format off */
const struct command compose_commands[] = {
	{
		.name = "compose",
		.keys = {
			[KEYS_DEFAULT] = { "C" },
			[KEYS_MUTT] = { "m" },
			[KEYS_GMAIL] = { "c" },
		},
		.where = IN_PANES,
		.summary = N_("Write a message"),
		.run = cmd_compose,
	},
	{
		.name = "reply",
		.keys = { [KEYS_DEFAULT] = { "r" } },
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Reply to the sender"),
		.hint = N_("reply"),
		.run = cmd_reply,
	},
	{
		.name = "reply-all",
		.keys = {
			[KEYS_DEFAULT] = { "R" },
			[KEYS_MUTT] = { "g" },
			[KEYS_GMAIL] = { "a" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Reply to everybody"),
		.run = cmd_reply_all,
	},
	{
		.name = "reply-list",
		.keys = {
			[KEYS_DEFAULT] = { "L" },
			[KEYS_MUTT] = { "L" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Reply to the mailing list"),
		.run = cmd_reply_list,
	},
	{
		.name = "forward",
		.keys = {
			[KEYS_DEFAULT] = { "F" },
			[KEYS_MUTT] = { "f" },
			[KEYS_GMAIL] = { "f" },
		},
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_MESSAGE,
		.summary = N_("Forward the message"),
		.run = cmd_forward,
	},
	{
		.name = "edit",
		.keys = {
			[KEYS_DEFAULT] = { "E" },
			[KEYS_MUTT] = { "e" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_PANES,
		.summary = N_("Go on with the draft that was written last"),
		.run = cmd_recall,
	},
	{
		.name = "send",
		.keys = { [KEYS_DEFAULT] = { "y" } },
		.where = IN_COMPOSER,
		.summary = N_("Send the message"),
		.hint = N_("send"),
		.run = cmd_send,
	},
	{
		.name = "edit-text",
		.keys = { [KEYS_DEFAULT] = { "e" } },
		.where = IN_COMPOSER,
		.summary = N_("Go back into the editor"),
		.hint = N_("edit"),
		.run = cmd_edit_text,
	},
	{
		.name = "attach",
		.keys = { [KEYS_DEFAULT] = { "a" } },
		.where = IN_COMPOSER,
		.summary = N_("Attach a file"),
		.hint = N_("attach"),
		.run = cmd_attach,
	},
	{
		.name = "detach",
		.keys = { [KEYS_DEFAULT] = { "D" } },
		.where = IN_COMPOSER,
		.summary = N_("Leave out the last attachment"),
		.run = cmd_detach,
	},
	{
		.name = "to",
		.keys = { [KEYS_DEFAULT] = { "t" } },
		.where = IN_COMPOSER,
		.summary = N_("Change to whom the message goes"),
		.hint = N_("to"),
		.run = cmd_to,
	},
	{
		.name = "cc",
		.keys = { [KEYS_DEFAULT] = { "c" } },
		.where = IN_COMPOSER,
		.summary = N_("Change who gets a copy"),
		.hint = N_("cc"),
		.run = cmd_cc,
	},
	{
		.name = "bcc",
		.keys = { [KEYS_DEFAULT] = { "b" } },
		.where = IN_COMPOSER,
		.summary = N_("Change who gets a copy that nobody else sees"),
		.run = cmd_bcc,
	},
	{
		.name = "subject",
		.keys = { [KEYS_DEFAULT] = { "s" } },
		.where = IN_COMPOSER,
		.summary = N_("Change the subject"),
		.hint = N_("subject"),
		.run = cmd_subject,
	},
	{
		.name = "from",
		.keys = { [KEYS_DEFAULT] = { "f" } },
		.where = IN_COMPOSER,
		.summary = N_("Write as somebody else of your addresses"),
		.hint = N_("from"),
		.run = cmd_from,
	},
	{
		.name = "send-later",
		.keys = { [KEYS_DEFAULT] = { "l" } },
		.where = IN_COMPOSER,
		.summary = N_("Send the message at a time to come"),
		.hint = N_("later"),
		.run = cmd_later,
	},
	{
		.name = "postpone",
		.keys = { [KEYS_DEFAULT] = { "p", "Esc" } },
		.where = IN_COMPOSER,
		.summary = N_("Keep the message as a draft"),
		.hint = N_("postpone"),
		.run = cmd_postpone,
	},
	{
		.name = "discard",
		.keys = { [KEYS_DEFAULT] = { "q" } },
		.where = IN_COMPOSER,
		.summary = N_("Throw the draft away"),
		.hint = N_("discard"),
		.run = cmd_discard,
	},
	{ .name = NULL },
};
/* clang-format on */
