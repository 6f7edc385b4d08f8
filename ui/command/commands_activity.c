/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screen of what is not on the servers yet. */
#include "app.h"
#include "base/gettext.h"
#include "command/command.h"
#include "command/triage.h"
#include "config/config.h"
#include "screen/activity.h"
#include "sync/journal.h"

static const struct activity_row *
at_cursor(struct app *app)
{
	const struct activity_row *row = activity_at_cursor(&app->activity);

	if (!row)
		app_say(app, TONE_DIM, _("There is nothing here"));
	return row;
}

typedef bool act_on(const struct journal *journal, int64_t operation,
	struct journal_done *ret_done, struct error *err);

static enum command_result
act(struct app *app, act_on *do_it, const char *said)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = triage_journal(app);
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	const struct activity_row *row = at_cursor(app);

	if (!row)
		return COMMAND_FAILED;
	if (!do_it(&journal, row->id, &done, &err)) {
		app_fail(app, &err);
		activity_reload(app);
		return COMMAND_FAILED;
	}
	triage_after(app, &done, NULL, true);
	app_say(app, TONE_PLAIN, "%s", said);
	triage_count(app);
	activity_reload(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_retry(struct app *app, const struct command_args *args)
{
	(void)args;
	return act(app, journal_retry, _("It is tried again"));
}

static enum command_result
cmd_cancel(struct app *app, const struct command_args *args)
{
	(void)args;
	return act(app, journal_cancel,
		_("Cancelled: what was not sent is taken back"));
}

static enum command_result
dismiss(struct app *app, int64_t operation)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = triage_journal(app);

	if (!journal_dismiss(&journal, operation, &err)) {
		app_fail(app, &err);
		return COMMAND_FAILED;
	}
	app_say(app, TONE_PLAIN, "%s", _("Put away"));
	triage_count(app);
	activity_reload(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_dismiss(struct app *app, const struct command_args *args)
{
	const struct activity_row *row = at_cursor(app);

	(void)args;
	return row ? dismiss(app, row->id) : COMMAND_FAILED;
}

static enum command_result
cmd_dismiss_all(struct app *app, const struct command_args *args)
{
	(void)args;
	return dismiss(app, 0);
}

static enum command_result
cmd_details(struct app *app, const struct command_args *args)
{
	(void)args;
	if (!at_cursor(app))
		return COMMAND_FAILED;
	activity_explain(app);
	return COMMAND_DONE;
}

/* clang-format off */
const struct command activity_commands[] = {
	{
		.name = "details",
		.keys = { [KEYS_DEFAULT] = { "Enter", "o" } },
		.where = IN_ACTIVITY,
		.summary = N_("Tell all about an operation that waits or "
			"failed"),
		.hint = N_("details"),
		.run = cmd_details,
	},
	{
		.name = "retry",
		.keys = { [KEYS_DEFAULT] = { "r" } },
		.where = IN_ACTIVITY,
		.summary = N_("Try an operation again, at once"),
		.hint = N_("retry"),
		.run = cmd_retry,
	},
	{
		.name = "cancel",
		.keys = { [KEYS_DEFAULT] = { "c" } },
		.where = IN_ACTIVITY,
		.summary = N_("Take back what of an operation was not sent"),
		.hint = N_("cancel"),
		.run = cmd_cancel,
	},
	{
		.name = "dismiss",
		.keys = { [KEYS_DEFAULT] = { "d", "Del" } },
		.where = IN_ACTIVITY,
		.summary = N_("Put a failed operation away"),
		.hint = N_("dismiss"),
		.run = cmd_dismiss,
	},
	{
		.name = "dismiss-all",
		.keys = { [KEYS_DEFAULT] = { "D" } },
		.where = IN_ACTIVITY,
		.summary = N_("Put all failed operations away"),
		.run = cmd_dismiss_all,
	},
	{ .name = NULL },
};
/* clang-format on */
