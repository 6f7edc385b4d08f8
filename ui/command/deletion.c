/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/deletion.h"

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "command/targets.h"
#include "command/triage.h"
#include "i18n/format.h"
#include "sync/journal.h"

/* Threads whose messages are counted for a question. */
enum { COUNTED_MAX = 200 };

static void
delete_chosen(struct app *app, const struct picker_item *item)
{
	if (item && item->id == 1)
		(void)triage_do_asked(app);
	else
		targets_clear(&app->triage.asked_targets);
}

/* What of the deed would take effect: messages, or threads where they are too
 * many to look into now. */
static bool
count_for_good(struct app *app, const struct targets *targets, uint64_t *ret_n,
	bool *ret_are_threads, struct error *err)
{
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	struct journal_targets what = {
		.what = targets->are_threads ? JOURNAL_CONVERSATIONS
					     : JOURNAL_MESSAGES,
		.folder = targets->folder,
		.ids = targets->ids.items,
		.n = targets->ids.n,
	};

	*ret_are_threads = targets->are_threads && what.n > COUNTED_MAX;
	*ret_n = what.n;
	if (!targets->are_threads || *ret_are_threads)
		return true;
	journal.dry_run = true;
	if (!journal_delete(&journal, &what, true, &done, err))
		return false;
	*ret_n = done.n + done.n_waiting;
	return true;
}

/* Takes the targets. */
static bool
ask_for_good(struct app *app, const struct deed *deed, struct targets *targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *title CLEANUP(freep) = NULL;
	char number[FORMAT_SIZE];
	bool are_threads;
	uint64_t n;

	if (!count_for_good(app, targets, &n, &are_threads, &err)) {
		targets_clear(targets);
		app_fail(app, &err);
		return false;
	}
	format_number((int64_t)n, number);
	title = xasprintf(
		are_threads
			? P_("Delete %s thread for good? Once done, undo "
			     "cannot bring it back.",
				  "Delete %s threads for good? Once done, undo "
				  "cannot bring them back.",
				  (unsigned long)n)
			: P_("Delete %s message for good? Once done, undo "
			     "cannot bring it back.",
				  "Delete %s messages for good? Once done, "
				  "undo cannot bring them back.",
				  (unsigned long)n),
		number);
	deed_clear(&app->triage.asked);
	app->triage.asked = *deed;
	targets_clear(&app->triage.asked_targets);
	app->triage.asked_targets = *targets;
	triage_ask(app, title, n == 1 ? _("Keep it") : _("Keep them"),
		n == 1 ? _("Delete it for good") : _("Delete them for good"),
		delete_chosen);
	return true;
}

bool
deletion_of(struct app *app, struct targets *targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = triage_journal(app);
	struct deed deed = { .kind = DEED_DELETE };
	bool for_good = false;

	if (targets->folder != 0 && !app->read_only &&
		!journal_is_for_good(
			&journal, targets->folder, &for_good, &err)) {
		targets_clear(targets);
		app_fail(app, &err);
		return false;
	}
	if (!for_good)
		return triage_do(app, &deed, targets);
	deed.for_good = true;
	return ask_for_good(app, &deed, targets);
}
