/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/label_picker.h"

#include "app.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "store/pick.h"
#include "view/labels.h"

/* Threads of the folder whose labels are looked at. */
enum { THREADS_LOOKED_AT = 1000 };

bool
label_toggle(struct app *app, struct targets *targets, const char *name)
{
	struct slice word = labels_word(slice_trim(slice_str(name)));
	struct deed deed = { .kind = DEED_FLAGS };
	bool has = flags_has(&targets->common, word) && targets->n_rows > 0;
	bool good;

	if (slice_find(word, '\\') < word.len ||
		!flags_add(has ? &deed.remove : &deed.add, word)) {
		app_say(app, TONE_WARNING,
			_("“%s” cannot be a label: letters without accents, "
			  "digits and a few signs, and no blanks"),
			name);
		targets_clear(targets);
		return false;
	}
	good = triage_do(app, &deed, targets);
	deed_clear(&deed);
	return good;
}

static void
label_chosen(struct app *app, const struct picker_item *item)
{
	struct targets targets = app->triage.asked_targets;

	app->triage.asked_targets = (struct targets){ .folder = 0 };
	if (item)
		(void)label_toggle(
			app, &targets, item->value ? item->value : item->text);
	else
		targets_clear(&targets);
}

static void
add_label(struct app *app, const struct label *label)
{
	const struct flags *common = &app->triage.asked_targets.common;
	char *word CLEANUP(freep) = xmemdup0(label->word.data, label->word.len);
	char *name CLEANUP(freep) = xmemdup0(label->name.data, label->name.len);
	char *note CLEANUP(freep) = NULL;

	for (size_t i = 0; i < app->picker.n; i++)
		if (ascii_eq_nocase(app->picker.items[i].value, word))
			return;
	if (flags_has(common, label->word))
		note = xstrdup(_("is on it; takes it off"));
	picker_add(&app->picker, &(struct picker_item){ .text = name,
					 .value = word,
					 .note = note,
					 .style = label->style });
}

static void
add_labels_of(void *ctx, const struct flags *flags)
{
	struct app *app = ctx;
	struct label label;
	size_t position = 0;

	while (labels_next(flags, &position, &label))
		add_label(app, &label);
}

void
label_picker_open(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	picker_open(&app->picker, _("Label"), label_chosen);
	for (int i = 0; i < LABELS_NAMED; i++) {
		struct label label = labels_named(i);

		add_label(app, &label);
	}
	for (size_t i = 0; i < app->list.n; i++)
		add_labels_of(app, &app->list.rows[i].row.flags);
	if (app->list.query.folder > 0 &&
		!pick_keywords(app->store, app->list.query.folder,
			THREADS_LOOKED_AT, add_labels_of, app, &err))
		app_fail(app, &err);
	picker_add_free(&app->picker, _("a new label"));
	picker_match(&app->picker);
	app->dirty = DIRTY_ALL;
}
