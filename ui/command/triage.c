/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/triage.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "command/act.h"
#include "command/command.h"
#include "command/triage_private.h"
#include "config/config.h"
#include "store/habit.h"
#include "store/pick.h"
#include "sync/engine.h"
#include "sync/journal.h"
#include "view/labels.h"

enum { OVERLAY_LOOK_US = 100000 };

void
deed_clear(struct deed *deed)
{
	flags_clear(&deed->add);
	flags_clear(&deed->remove);
	*deed = (struct deed){ .kind = DEED_NOTHING };
}

void
triage_clear(struct triage *triage)
{
	deed_clear(&triage->last);
	deed_clear(&triage->asked);
	targets_clear(&triage->asked_targets);
}

static void
copy_deed(struct deed *to, const struct deed *from)
{
	struct deed copy = *from;

	copy.add = flags_copy(&from->add);
	copy.remove = flags_copy(&from->remove);
	deed_clear(to);
	*to = copy;
}

struct journal
triage_journal(struct app *app)
{
	return (struct journal){ .store = app->store,
		.config = app->config,
		.read_only = app->read_only };
}

static bool
takes_away(const struct deed *deed)
{
	switch (deed->kind) {
	case DEED_NOTHING:
	case DEED_FLAGS:
	case DEED_COPY:
		return false;
	case DEED_ARCHIVE:
	case DEED_DELETE:
	case DEED_SPAM:
	case DEED_NOT_SPAM:
	case DEED_MOVE:
		break;
	}
	return true;
}

static bool
write_deed(struct app *app, const struct deed *deed,
	const struct targets *targets, struct journal_done *done,
	struct error *err)
{
	struct journal journal = triage_journal(app);
	struct journal_targets what = {
		.what = targets->are_threads ? JOURNAL_CONVERSATIONS
					     : JOURNAL_MESSAGES,
		.folder = targets->folder,
		.ids = targets->ids.items,
		.n = targets->ids.n,
	};

	switch (deed->kind) {
	case DEED_NOTHING:
		break;
	case DEED_ARCHIVE:
		return journal_archive(&journal, &what, done, err);
	case DEED_DELETE:
		return journal_delete(
			&journal, &what, deed->for_good, done, err);
	case DEED_FLAGS:
		return journal_flag(
			&journal, &what, &deed->add, &deed->remove, done, err);
	case DEED_SPAM:
	case DEED_NOT_SPAM:
		return journal_spam(
			&journal, &what, deed->kind == DEED_SPAM, done, err);
	case DEED_MOVE:
		return journal_move(&journal, &what, deed->folder, done, err);
	case DEED_COPY:
		return journal_copy(&journal, &what, deed->folder, done, err);
	}
	UNREACHABLE();
}

/* The marks' own map where it holds just these ids: filling another with tens
 * of thousands would be felt. */
static bool
take_marks(struct app *app, const struct targets *targets, struct id_map *ids)
{
	struct id_map *marked = targets->are_threads ? &app->marks.threads
						     : &app->marks.messages;

	if (!targets->are_marks || marked->n != targets->ids.n)
		return false;
	*ids = *marked;
	*marked = (struct id_map){ NULL, 0, 0 };
	return true;
}

/* What is not in the store yet is shown as it will be. */
static void
lay_over(struct app *app, const struct deed *deed,
	const struct targets *targets, const struct journal_done *done)
{
	struct overlay_layer *layer;
	struct id_map *ids;

	if (done->n_waiting == 0)
		return;
	layer = overlay_add(&app->list.overlay);
	layer->action = done->action;
	layer->folder = targets->folder;
	layer->hides = takes_away(deed);
	layer->add = deed->add.bits;
	layer->remove = deed->remove.bits;
	ids = targets->are_threads ? &layer->threads : &layer->messages;
	if (take_marks(app, targets, ids))
		return;
	for (size_t i = 0; i < targets->ids.n; i++)
		id_map_put(ids, targets->ids.items[i], 1);
}

/* Moving more of the same begins with this folder. */
static void
learn(struct app *app, const struct deed *deed, const struct targets *targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool good;

	if (deed->kind != DEED_MOVE || targets->account == 0 ||
		targets->n_senders == 0)
		return;
	good = transaction_begin(app->store, &tx, &err);
	for (size_t i = 0; good && i < targets->n_senders; i++)
		good = habit_save(app->store, targets->account,
			targets->senders[i], deed->folder, &err);
	if (!good || !transaction_commit(&tx, &err))
		log_warning("ui", "%s (%s)", err.text ? err.text : "-",
			err.detail ? err.detail : "-");
}

static void
keep_place(struct app *app, int64_t action, const struct list_place *place)
{
	struct triage *triage = &app->triage;

	triage->places[triage->n_places++ % TRIAGE_PLACES_MAX] =
		(struct triage_place){ action, *place };
	if (triage->n_places == 2 * TRIAGE_PLACES_MAX)
		triage->n_places = TRIAGE_PLACES_MAX;
}

void
triage_after(struct app *app, const struct journal_done *done,
	const struct list_place *place, bool quiet)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct folder *folder = act_folder(app);

	if (!quiet)
		triage_say(app, done);
	if (done->action == 0)
		return;
	if (!quiet)
		app->composer.sent.deeds++;
	if (app->engine)
		engine_acted(app->engine, done);
	else if (done->n_waiting > 0)
		app->triage.applying = true;
	triage_count(app);
	app->stale |= STALE_FOLDERS;
	app->dirty |= DIRTY_LIST | DIRTY_STATUS;
	if (!place)
		act_reload_list(app);
	else if (folder && !view_list_reload_at(&app->list, app->store, folder,
				   act_parts(app), place, &err))
		app_fail(app, &err);
}

/* The next message comes into the viewer, or the list gets the keys. */
static void
advance(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (app->focus != PANE_VIEWER)
		return;
	if (app->config->advance == ADVANCE_LIST ||
		!view_list_at_cursor(&app->list)) {
		app_set_focus(app, PANE_LIST);
		return;
	}
	if (!view_list_open_thread(&app->list, app->store, &err))
		app_fail(app, &err);
	act_show(app, clock_mono_us(), true);
}

/* Done: the view follows. */
static void
show_done(struct app *app, const struct deed *deed,
	const struct targets *targets, const struct journal_done *done)
{
	bool leaves = takes_away(deed);
	struct list_place before = view_list_place(&app->list);
	struct list_place place;
	bool moves = leaves && view_list_after(&app->list,
				       app->config->advance == ADVANCE_PREVIOUS
					       ? LIST_NEWER
					       : LIST_OLDER,
				       targets_have, targets, &place);

	/* The cursor's own row stays when something else was marked. */
	if (moves && !targets_have(targets, &app->list, app->list.cursor))
		moves = false;
	if (leaves)
		keep_place(app, done->action, &before);
	marks_clear(&app->marks);
	triage_after(app, done, moves ? &place : NULL, false);
	if (leaves)
		advance(app);
}

/* What is where it was to go is no mistake. */
static bool
say_already(
	struct app *app, const struct deed *deed, const struct targets *targets)
{
	const struct folder *folder =
		view_folders_find(&app->folders, targets->folder);
	bool is_there =
		folder && (deed->kind == DEED_ARCHIVE
					  ? folder->role == ROLE_ARCHIVE
					  : deed->kind == DEED_MOVE &&
						    deed->folder == folder->id);

	if (is_there)
		app_say(app, TONE_DIM, _("Already in %s"), folder->name);
	return is_there;
}

bool
triage_do(struct app *app, const struct deed *deed, struct targets *targets)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { .action = 0 };

	if (!write_deed(app, deed, targets, &done, &err)) {
		targets_clear(targets);
		app_fail(app, &err);
		return false;
	}
	if (deed != &app->triage.last)
		copy_deed(&app->triage.last, deed);
	if (done.action != 0) {
		lay_over(app, deed, targets, &done);
		learn(app, deed, targets);
		show_done(app, deed, targets, &done);
	} else if (!say_already(app, deed, targets)) {
		triage_after(app, &done, NULL, false);
	}
	targets_clear(targets);
	return true;
}

bool
triage_do_asked(struct app *app)
{
	struct targets targets = app->triage.asked_targets;

	app->triage.asked_targets = (struct targets){ .folder = 0 };
	return triage_do(app, &app->triage.asked, &targets);
}

static void
add_choice(struct app *app, const char *key, const char *text, int64_t id)
{
	char *k CLEANUP(freep) = xstrdup(key);
	char *t CLEANUP(freep) = xstrdup(text);

	picker_add(&app->picker,
		&(struct picker_item){ .key = k, .text = t, .id = id });
}

void
triage_ask(struct app *app, const char *title, const char *no, const char *yes,
	picker_done *done)
{
	picker_open(&app->picker, title, done);
	app->picker.by_hint = true;
	/* TRANSLATORS: the key for No */
	add_choice(app, _("n"), no, 0);
	/* TRANSLATORS: the key for Yes */
	add_choice(app, _("y"), yes, 1);
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
}

void
triage_count(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct triage *triage = &app->triage;

	if (!operation_count(app->store, 0, &triage->counts, &err) ||
		!outbox_counts(app->store, 0, &triage->outbox, &err))
		app_fail(app, &err);
	app->dirty |= DIRTY_STATUS;
}

/* A slice of what a long action has left. */
static void
apply_some(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array accounts = { NULL, 0, 0 };
	struct id_array folders = { NULL, 0, 0 };
	bool more = false;

	if (!operation_apply_some(
		    app->store, &more, &accounts, &folders, &err)) {
		app_fail(app, &err);
		more = false;
	}
	app->triage.applying = more;
	app->stale |= STALE_FOLDERS;
	if (!more)
		app->stale |= STALE_LIST;
	array_clear(&accounts);
	array_clear(&folders);
}

/* Layers whose actions are in the store. */
static void
drop_layers(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool waits = false;

	if (app->list.overlay.n == 0)
		return;
	if (!operation_work_waits(app->store, &waits, &err)) {
		app_fail(app, &err);
		return;
	}
	if (waits)
		return;
	overlay_clear(&app->list.overlay);
	app->stale |= STALE_LIST | STALE_FOLDERS;
}

void
triage_tick(struct app *app, int64_t now_us)
{
	if (app->triage.applying)
		apply_some(app);
	drop_layers(app);
	triage_follow_viewer(app, now_us);
}

int64_t
triage_next_us(const struct app *app, int64_t now_us)
{
	if (app->triage.applying)
		return now_us;
	if (app->list.overlay.n > 0)
		return now_us + OVERLAY_LOOK_US;
	if (app->config->mark_read_s > 0 && triage_will_read(app) &&
		app->triage.shown == app->viewer.message_id)
		return app->triage.shown_us +
		       (int64_t)app->config->mark_read_s * 1000000;
	return -1;
}
