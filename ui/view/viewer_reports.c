/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bounces and receipts say of the message, above its text. */
#include "cli/report_note.h"
#include "view/viewer_private.h"

bool
viewer_add_reports(
	struct view_viewer *view, struct store *store, struct error *err)
{
	struct report_note_array notes CLEANUP(report_notes_clear) = { 0 };

	if (!report_notes_load(store, view->message_id, &notes, err))
		return false;
	for (size_t i = 0; i < notes.n; i++)
		viewer_add_notice(view, notes.items[i].text,
			notes.items[i].bad ? VIEWER_TONE_BAD : VIEWER_TONE_DIM);
	return true;
}
