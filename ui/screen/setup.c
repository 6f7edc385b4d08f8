/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/setup.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"

static void ask(struct app *app);

void
setup_clear(struct setup *setup)
{
	account_draft_clear(&setup->draft);
	free(setup->fault);
	*setup = (struct setup){ .is_open = false };
}

static void
finish(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!app->config->path ||
		!draft_write(&app->setup.draft, app->config->path, &err)) {
		str_replace(&app->setup.fault,
			err.text ? err.text : _("There is nowhere to write"));
		ask(app);
		return;
	}
	setup_clear(&app->setup);
	app->wants_restart = true;
	app->wants_quit = true;
}

static void
take_answer(struct app *app, const char *text)
{
	struct setup *setup = &app->setup;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (setup->at == DRAFT_ADDRESS)
		draft_set_address(&setup->draft, text, app->config);
	else
		draft_set(&setup->draft, (enum draft_field)setup->at, text);
	if (draft_check((enum draft_field)setup->at, text, app->config, &err))
		setup->at++;
	else
		str_replace(&setup->fault, err.text);
}

static void
answered(struct app *app, const char *text)
{
	struct setup *setup = &app->setup;

	app->dirty = DIRTY_ALL;
	str_replace(&setup->fault, NULL);
	if (!text && setup->at == 0) {
		setup_clear(setup);
		app_say(app, TONE_DIM,
			_("No account was set up; :account-add does it later"));
		return;
	}
	if (text && setup->at == DRAFT_FIELDS) {
		finish(app);
		return;
	}
	if (text)
		take_answer(app, text);
	else
		setup->at--;
	ask(app);
}

static void
ask(struct app *app)
{
	struct setup *setup = &app->setup;
	enum draft_field field = (enum draft_field)setup->at;
	const char *value;
	char *guess CLEANUP(freep) = NULL;
	char *label CLEANUP(freep) = NULL;

	if (setup->at == DRAFT_FIELDS) {
		prompt_open(&app->prompt, _("Is this right? Enter writes it"),
			"", answered);
		return;
	}
	value = setup->draft.values[field];
	if (!value)
		value = guess = draft_guess(&setup->draft, field, app->config);
	label = xasprintf("%s:", draft_label(field));
	prompt_open(&app->prompt, label, value, answered);
}

void
setup_open(struct app *app)
{
	setup_clear(&app->setup);
	app->setup.is_open = true;
	app->dirty = DIRTY_ALL;
	ask(app);
}
