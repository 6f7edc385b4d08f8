/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/question.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/act.h"
#include "config/config.h"
#include "i18n/format.h"
#include "store/question.h"
#include "sync/engine.h"

/* Nobody types blindly into a prompt that has only just opened: it waits for a
 * pause, and for a moment it does not take what is typed on. */
enum { QUIET_US = 800000, NOTICED_US = 400000 };

void
question_arrived(struct app *app, int64_t account)
{
	struct asking *asking = &app->asking;

	app->stale |= STALE_FOLDERS;
	for (int i = 0; i < asking->n; i++)
		if (asking->accounts[i] == account)
			return;
	if (asking->n < ASKING_MAX)
		asking->accounts[asking->n++] = account;
}

static void
take_password(struct app *app, const char *text)
{
	const struct account_row *row =
		view_folders_account(&app->folders, app->asked_account);
	const char *name = row ? row->name : "?";

	if (!text || !*text) {
		app_say(app, TONE_WARNING,
			_("Not logged in to %s; :password answers later"),
			name);
		return;
	}
	app_say(app, TONE_DIM, _("Logging in to %s…"), name);
	app->logging_in = app->asked_account;
	if (app->engine)
		engine_answer_password(app->engine, app->asked_account, text);
}

static void
open_prompt(struct app *app, const struct account_row *row)
{
	char *label CLEANUP(freep) =
		xasprintf(_("Password for %s:"), row->name);

	app->asked_account = row->id;
	prompt_open(&app->prompt, label, "", take_password);
	app->prompt.is_secret = true;
	app->dirty |= DIRTY_STATUS;
}

/* What was said of logging in does not outlive it. */
static void
watch_login(struct app *app)
{
	const struct account_row *row =
		view_folders_account(&app->folders, app->logging_in);

	if (row && row->state != ACCOUNT_SYNCING &&
		row->state != ACCOUNT_ONLINE)
		return;
	app->logging_in = 0;
	if (row)
		app_say(app, TONE_GOOD, _("Logged in to %s"), row->name);
}

/* Keys go to something, or are half typed. */
static bool
is_busy(const struct app *app)
{
	return app->prompt.is_open || app->picker.is_open ||
	       app->links.is_open || app->pager.is_open ||
	       app->activity.is_open || app->keys.seq.n > 0 ||
	       app->keys.count > 0;
}

void
question_settle(struct app *app, int64_t now_us)
{
	struct asking *asking = &app->asking;

	if (app->typed) {
		app->typed = false;
		app->typed_us = now_us;
	}
	if (app->logging_in)
		watch_login(app);
	/* The accounts' states are read first. */
	if (asking->n == 0 || app->stale & STALE_FOLDERS || is_busy(app))
		return;
	if (now_us - app->typed_us < QUIET_US) {
		app->timers.ask = app->typed_us + QUIET_US;
		return;
	}
	while (asking->n > 0 && !app->prompt.is_open) {
		const struct account_row *row = view_folders_account(
			&app->folders, asking->accounts[0]);

		asking->n--;
		memmove(asking->accounts, asking->accounts + 1,
			(size_t)asking->n * sizeof(asking->accounts[0]));
		if (!row || row->state != ACCOUNT_NEEDS_LOGIN)
			continue;
		open_prompt(app, row);
		app->asked_now = true;
		app->timers.noticed = now_us + NOTICED_US;
	}
}

void
question_key(struct app *app)
{
	if (!app->asked_now)
		return;
	app->asked_now = false;
	app->timers.noticed = -1;
	app->prompt.is_open = false;
	app->dirty |= DIRTY_STATUS;
	question_arrived(app, app->asked_account);
}

void
question_password(struct app *app, int64_t account)
{
	const struct account_row *row = NULL;

	for (size_t i = 0; i < app->folders.accounts.n && !row; i++) {
		const struct account_row *it = &app->folders.accounts.items[i];

		if (account ? it->id == account
			    : it->state == ACCOUNT_NEEDS_LOGIN)
			row = it;
	}
	if (!row) {
		app_say(app, TONE_DIM, _("No account asks for a password"));
		return;
	}
	open_prompt(app, row);
}

static void
explain_questions(struct app *app, const struct account_row *row, int cols)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct questions questions = { NULL, 0, 0 };

	if (!question_load_all(app->store, &questions, &err)) {
		app_fail(app, &err);
		return;
	}
	for (size_t i = 0; i < questions.n; i++) {
		const struct question *it = &questions.items[i];

		if (it->account != row->id)
			continue;
		/* Most repeat what keeps the account from its server. */
		if (!row->error || strcmp(it->text, row->error) != 0)
			pager_add_text(&app->pager, it->text, cols);
		if (it->detail)
			pager_add_text(&app->pager, it->detail, cols);
	}
	questions_clear(&questions);
}

static const char *
state_words(enum account_state state)
{
	switch (state) {
	case ACCOUNT_OFFLINE:
		return _("offline");
	case ACCOUNT_CONNECTING:
		return _("connecting");
	case ACCOUNT_SYNCING:
		return _("online, being brought in step");
	case ACCOUNT_ONLINE:
		return _("online, in step");
	case ACCOUNT_NEEDS_LOGIN:
		return _("not logged in");
	case ACCOUNT_UNTRUSTED:
		return _("the server is not trusted");
	case ACCOUNT_DISABLED:
		return _("offline by hand");
	}
	UNREACHABLE();
}

/* What there is to do about a state. */
static const char *
advice(enum account_state state)
{
	switch (state) {
	case ACCOUNT_OFFLINE:
		return _("tercet tries again by itself; $ tries now. Mail that "
			 "is held here can be read meanwhile.");
	case ACCOUNT_NEEDS_LOGIN:
		return _(":password enters it for this session; "
			 "password-command in the configuration fetches it "
			 "each time.");
	case ACCOUNT_UNTRUSTED:
		return _("Nothing was sent to this server. If you know that "
			 "it is the right one, name its authority with "
			 "tls-ca-file or its key with tls-pin in the "
			 "configuration.");
	case ACCOUNT_DISABLED:
		return _(":online lets it connect again.");
	case ACCOUNT_CONNECTING:
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
		break;
	}
	return NULL;
}

static void
explain_account(struct app *app, const struct account_config *config,
	const struct account_row *row, int cols)
{
	char when[FORMAT_SIZE];
	char *server CLEANUP(freep) = NULL;
	const char *what;

	pager_add_heading(&app->pager, config->name);
	if (config->imap.present) {
		server = xasprintf("%s, %s:%u",
			url_scheme(config->imap.security, "imap"),
			config->imap.host, config->imap.port);
		pager_add(&app->pager, _("server"), server, false);
	}
	if (!row)
		return;
	if (config->protocol == PROTOCOL_LOCAL) {
		pager_add(
			&app->pager, _("state"), _("local, no server"), false);
		return;
	}
	pager_add(&app->pager, _("state"), state_words(row->state), false);
	if (row->last_sync)
		pager_add(&app->pager, _("last in step"),
			format_date(row->last_sync, when), false);
	if (row->error)
		pager_add_text(&app->pager, row->error, cols);
	explain_questions(app, row, cols);
	what = advice(row->state);
	if (what)
		pager_add_text(&app->pager, what, cols);
	if (row->state == ACCOUNT_OFFLINE && !row->last_sync &&
		app->config->path) {
		char *hint CLEANUP(freep) =
			xasprintf(_("It has never been reached: look whether "
				    "the server's name in %s is right."),
				app->config->path);

		pager_add_text(&app->pager, hint, cols);
	}
	if (row->capabilities)
		pager_add(&app->pager, _("capabilities"), row->capabilities,
			true);
}

void
question_explain(struct app *app)
{
	int cols = app->screen->cols - 4;

	pager_open(&app->pager, _("Accounts"));
	for (size_t i = 0; i < app->config->n_accounts; i++) {
		const struct account_config *config = &app->config->accounts[i];
		const struct account_row *row = NULL;

		for (size_t k = 0; k < app->folders.accounts.n; k++)
			if (strcmp(app->folders.accounts.items[k].name,
				    config->name) == 0)
				row = &app->folders.accounts.items[k];
		explain_account(app, config, row, cols < 90 ? cols : 90);
	}
	if (app->config->n_accounts == 0)
		pager_add_text(
			&app->pager, _("No account is configured."), cols);
	pager_wrap(&app->pager, app->screen->cols);
	app->dirty = DIRTY_ALL;
}
