/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report_note.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "i18n/format.h"

void
report_notes_clear(struct report_note_array *notes)
{
	for (size_t i = 0; i < notes->n; i++)
		free(notes->items[i].text);
	array_clear(notes);
}

static char *
shortened(const char *text, size_t max)
{
	struct slice whole = slice_str(text);
	size_t n = utf8_cut(whole, max);

	if (!text || n == whole.len)
		return xstrdup_null(text);
	return xasprintf("%.*s...", (int)n, text);
}

static void
add_note(struct report_note_array *notes, const struct report_found *report)
{
	struct report_note *note = array_add(notes);
	char *reason CLEANUP(freep) =
		shortened(report->entry.text, REPORT_NOTE_REASON_MAX);
	char *who CLEANUP(freep) =
		shortened(report->entry.recipient, REPORT_NOTE_ADDRESS_MAX);
	struct report_entry entry = report->entry;
	char *sentence CLEANUP(freep) = NULL;
	char date[FORMAT_SIZE];

	entry.text = reason;
	entry.recipient = who;
	sentence = report_sentence(&entry);
	/* TRANSLATORS: what a bounce or a receipt says, and when it came.
	 * Anybody could have written it. */
	note->text = xasprintf(_("%s (says a report of %s)"), sentence,
		format_date(report->received, date));
	note->bad = report->entry.action == REPORT_FAILED ||
		    report->entry.action == REPORT_DELAYED;
	note->message = report->message;
}

static void
add_rest(struct report_note_array *notes, size_t n)
{
	struct report_note *note = array_add(notes);

	note->text = xasprintf(
		P_("%lu more report", "%lu more reports", (unsigned long)n),
		(unsigned long)n);
}

bool
report_notes_load(struct store *store, int64_t message,
	struct report_note_array *ret_notes, struct error *err)
{
	struct report_found_array found CLEANUP(report_found_clear) = { 0 };

	if (!report_list(store, message, REPORT_ENTRIES_MAX, &found, err))
		return false;
	for (size_t i = 0; i < found.n && i < REPORT_NOTES_MAX; i++)
		add_note(ret_notes, &found.items[i]);
	if (found.n > REPORT_NOTES_MAX)
		add_rest(ret_notes, found.n - REPORT_NOTES_MAX);
	return true;
}

bool
json_put_reports(struct json *json, struct store *store, int64_t message,
	struct error *err)
{
	struct report_found_array found CLEANUP(report_found_clear) = { 0 };

	if (!report_list(store, message, REPORT_ENTRIES_MAX, &found, err))
		return false;
	if (found.n == 0)
		return true;
	json_key(json, "reports");
	json_array_begin(json);
	for (size_t i = 0; i < found.n; i++) {
		const struct report_found *it = &found.items[i];

		json_object_begin(json);
		json_put_int(json, "message", it->message);
		json_put_time_opt(json, "received", it->received);
		json_put_string(
			json, "action", report_action_name(it->entry.action));
		json_put_string_opt(json, "recipient", it->entry.recipient);
		json_put_string_opt(json, "status", it->entry.status);
		json_put_string_opt(json, "server", it->entry.server);
		json_put_string_opt(json, "text", it->entry.text);
		json_object_end(json);
	}
	json_array_end(json);
	return true;
}
