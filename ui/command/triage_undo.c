/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and redo, and where the cursor goes with them. */
#include "app.h"
#include "command/triage_private.h"
#include "store/pick.h"
#include "sync/journal.h"

static const struct list_place *
kept_place(const struct app *app, int64_t action)
{
	const struct triage *triage = &app->triage;

	for (int i = 0; i < TRIAGE_PLACES_MAX; i++)
		if (triage->places[i].action == action && action != 0 &&
			triage->places[i].place.folder ==
				app->list.query.folder)
			return &triage->places[i].place;
	return NULL;
}

static bool
took_away(const struct journal_done *done)
{
	return done->verb == ACTION_ARCHIVE || done->verb == ACTION_DELETE ||
	       done->verb == ACTION_SPAM || done->verb == ACTION_NOT_SPAM ||
	       done->verb == ACTION_MOVE;
}

/* Where it is not remembered: to what came back into the open folder. */
static bool
find_place(struct app *app, const struct journal_done *done,
	struct list_place *ret_place)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct list_query *query = &app->list.query;
	size_t n = query->folders ? query->folders->n : 1;
	enum found found = NOT_FOUND;

	*ret_place = (struct list_place){ .folder = query->folder };
	if (done->action == 0 || !took_away(done))
		return false;
	for (size_t i = 0; i < n && found == NOT_FOUND; i++)
		found = pick_of_action(app->store, done->action,
			query->folders ? query->folders->items[i]
				       : query->folder,
			&ret_place->placement, &err);
	if (found == FOUND_ERROR)
		app_fail(app, &err);
	return found == FOUND;
}

bool
triage_undo(struct app *app, bool redo, bool again)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };
	struct journal journal = triage_journal(app);
	const struct list_place *place = NULL;
	struct list_place found;

	if (!(redo ? journal_redo(&journal, &done, &err)
		   : journal_undo(&journal, &done, &err))) {
		app_fail(app, &err);
		return false;
	}
	/* There were fewer than asked for: what was said of the last stands. */
	if (done.action == 0 && again)
		return false;
	overlay_drop(&app->list.overlay, done.action);
	if (!redo)
		place = kept_place(app, done.action);
	if (!redo && !place && find_place(app, &done, &found))
		place = &found;
	triage_after(app, &done, place, false);
	/* It is one deed less, not one more. */
	if (!redo && done.action != 0)
		app->composer.sent.deeds =
			app->composer.sent.deeds > 2
				? app->composer.sent.deeds - 2
				: 0;
	return done.action != 0;
}
