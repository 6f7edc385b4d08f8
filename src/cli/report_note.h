/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reports say of a message, as sentences and as JSON. */
#ifndef TERCET_CLI_REPORT_NOTE_H
#define TERCET_CLI_REPORT_NOTE_H

#include "base/array.h"
#include "cli/json.h"
#include "store/report.h"

/* So few and short that reports, which anybody can write, leave room for the
 * message; then one line says how many more. */
enum {
	REPORT_NOTES_MAX = 3,
	REPORT_NOTE_REASON_MAX = 160,
	REPORT_NOTE_ADDRESS_MAX = 80,
};

struct report_note {
	char *text;
	bool bad;        /* it did not arrive */
	int64_t message; /* the report; 0: of those left out */
};
ARRAY_OF(report_note_array, struct report_note);

/* For CLEANUP() too. */
void report_notes_clear(struct report_note_array *notes);
/*
 * "Not delivered to bo@example.net: 550 No such user (says a report of Fri 20
 * Nov 2026, 14:02)", what did not arrive first.  A limited query: the interface
 * may ask.
 */
MUST_CHECK bool report_notes_load(struct store *store, int64_t message,
	struct report_note_array *ret_notes, struct error *err);

/* The key "reports" with what is reported of the message; nothing without
 * any. */
MUST_CHECK bool json_put_reports(struct json *json, struct store *store,
	int64_t message, struct error *err);

#endif /* TERCET_CLI_REPORT_NOTE_H */
