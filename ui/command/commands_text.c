/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message's text in another form: HTML, a charset, a browser. */
#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "command/browser.h"
#include "command/command.h"
#include "command/reading.h"

static enum command_result
cmd_html(struct app *app, const struct command_args *args)
{
	(void)args;
	reading_toggle(app);
	return COMMAND_DONE;
}

static enum command_result
cmd_charset(struct app *app, const struct command_args *args)
{
	const char *charset =
		strcmp(args->text, "auto") == 0 ? NULL : args->text;

	return reading_set_charset(app, charset) ? COMMAND_DONE
						 : COMMAND_FAILED;
}

static enum command_result
cmd_browser(struct app *app, const struct command_args *args)
{
	(void)args;
	return browser_ask(app) ? COMMAND_DONE : COMMAND_FAILED;
}

/* clang-format off */
const struct command text_commands[] = {
	{
		.name = "html",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Show the HTML in place of the plain text, or "
			"go back"),
		.run = cmd_html,
	},
	{
		.name = "charset",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.arg = ARG_CHARSET,
		.arg_needed = true,
		.arg_name = N_("a charset, or auto"),
		.summary = N_("Read the message in another charset than it "
			"says"),
		.run = cmd_charset,
	},
	{
		.name = "browser",
		.where = IN_LIST | IN_VIEWER,
		.needs = NEEDS_SHOWN,
		.summary = N_("Open the message's HTML in a browser, asking "
			"first"),
		.run = cmd_browser,
	},
	{ .name = NULL },
};
/* clang-format on */
