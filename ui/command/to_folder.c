/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/to_folder.h"

#include "app.h"
#include "base/gettext.h"
#include "command/folder_picker.h"
#include "command/targets.h"
#include "sync/journal.h"

/* A folder that is not there yet: made first, and a step of undo by itself. */
static bool
create_target(struct app *app, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	int64_t account = folder_split_account(app, name, &name);

	if (!account)
		account = app->triage.asked_targets.account;
	if (!account) {
		app_say(app, TONE_WARNING,
			_("Say which account it is for: “work: %s”"), name);
		return false;
	}
	if (!journal_folder_create(&journal, account, name,
		    &app->triage.asked.folder, &done, &err)) {
		app_fail(app, &err);
		return false;
	}
	triage_after(app, &done, NULL, true);
	return true;
}

static void
target_chosen(struct app *app, const struct picker_item *item)
{
	if (!item) {
		targets_clear(&app->triage.asked_targets);
		return;
	}
	app->triage.asked.folder = item->id;
	if (item->id == 0 && !create_target(app, item->text)) {
		targets_clear(&app->triage.asked_targets);
		return;
	}
	(void)triage_do_asked(app);
}

/* Another account's only where it is named whole.  0: none. */
static int64_t
named_target(struct app *app, const struct targets *targets, const char *text)
{
	int64_t folder = 0;

	if (targets->account)
		folder = folder_by_name(app, targets->account, text);
	return folder ? folder : folder_by_exact_name(app, 0, text);
}

static bool
bring_to_named(struct app *app, struct deed *deed, const char *name,
	struct targets *targets)
{
	deed->folder = named_target(app, targets, name);
	if (deed->folder)
		return triage_do(app, deed, targets);
	targets_clear(targets);
	app_say(app, TONE_WARNING, _("No folder is called “%s”"), name);
	return false;
}

bool
to_folder(struct app *app, enum deed_kind kind, const char *name,
	struct targets *targets)
{
	struct deed deed = { .kind = kind };

	if (name)
		return bring_to_named(app, &deed, name, targets);
	deed_clear(&app->triage.asked);
	app->triage.asked = deed;
	targets_clear(&app->triage.asked_targets);
	app->triage.asked_targets = *targets;
	folder_picker_open(app, kind == DEED_MOVE ? _("Move to") : _("Copy to"),
		&app->triage.asked_targets, target_chosen);
	picker_add_free(&app->picker, _("creates this folder"));
	picker_match(&app->picker);
	return true;
}
