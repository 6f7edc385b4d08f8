/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done, in the status line. */
#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/command.h"
#include "command/triage_private.h"
#include "config/config.h"
#include "sync/journal.h"
#include "view/labels.h"

enum { SENTENCE_MAX = 2000 };

bool
triage_is_local(const struct app *app, int64_t account)
{
	const struct account_row *row =
		view_folders_account(&app->folders, account);
	const struct account_config *config =
		row ? config_account(app->config, row->name) : NULL;

	return config && config->protocol == PROTOCOL_LOCAL;
}

/* Whether the account's server is told nothing for the time being. */
static bool
is_cut_off(const struct app *app, int64_t account)
{
	const struct account_row *row =
		view_folders_account(&app->folders, account);

	if (!row || triage_is_local(app, account))
		return false;
	switch (row->state) {
	case ACCOUNT_OFFLINE:
	case ACCOUNT_NEEDS_LOGIN:
	case ACCOUNT_UNTRUSTED:
	case ACCOUNT_DISABLED:
		return true;
	case ACCOUNT_CONNECTING:
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
		break;
	}
	return false;
}

/* A folder's deletion stands once the server was told: at once, unless that
 * cannot be reached. */
static void
say_folder_deleted(struct app *app, const struct journal_done *done,
	const char *sentence, const char *key)
{
	if (done->accounts.n > 0 && is_cut_off(app, done->accounts.items[0]))
		/* TRANSLATORS: "Deleted the folder Old.  u undoes until the
		 * server is told" */
		app_say(app, TONE_PLAIN,
			_("%s.  %s undoes until the server is told"), sentence,
			key);
	else
		app_say(app, TONE_PLAIN, "%s", sentence);
}

/* A label by the name people know it by. */
static char *
shown_target(const struct journal_done *done)
{
	struct label label;

	if (!done->target ||
		(done->verb != ACTION_LABEL && done->verb != ACTION_UNLABEL))
		return xstrdup_null(done->target);
	label = labels_of(slice_str(done->target));
	return xmemdup0(label.name.data, label.name.len);
}

void
triage_say(struct app *app, const struct journal_done *done)
{
	struct strbuf sentence CLEANUP(strbuf_clear) = { 0 };
	struct journal_done shown = *done;
	char *target CLEANUP(freep) = shown_target(done);
	char *key CLEANUP(freep) =
		keymap_keys_of(app->keymap, "undo", app_context(app), 1);

	strbuf_init(&sentence, SENTENCE_MAX);
	shown.target = target;
	journal_sentence(&shown, &sentence);
	if (done->action == 0)
		app_say(app, TONE_DIM, "%s", sentence.data);
	else if (done->is_undo || done->is_redo ||
		 done->verb == ACTION_DELETE_FOR_GOOD)
		app_say(app, TONE_PLAIN, "%s", sentence.data);
	else if (done->verb == ACTION_FOLDER_DELETE)
		say_folder_deleted(
			app, done, sentence.data, key ? key : ":undo");
	else
		/* TRANSLATORS: "Archived 3 messages.  u undoes" */
		app_say(app, TONE_PLAIN, _("%s.  %s undoes"), sentence.data,
			key ? key : ":undo");
}
