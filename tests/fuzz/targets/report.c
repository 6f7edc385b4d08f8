/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reports: a letter for the type, then its bytes; 'g' a bounce of old. */
#include <stdlib.h>

#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/card.h"
#include "mime/report.h"
#include "mime/walk.h"

static void
check_report(const struct report *report)
{
	struct document doc;

	ASSERT(report->n <= REPORT_ENTRIES_MAX);
	check_line(report->about);
	for (size_t i = 0; i < report->n; i++) {
		const struct report_entry *it = &report->items[i];
		char *sentence = report_sentence(it);

		ASSERT(it->action < REPORT_ACTIONS);
		check_line(it->recipient);
		check_line(it->status);
		check_line(it->server);
		check_line(it->text);
		check_line(sentence);
		ASSERT(!it->text || strlen(it->text) <= REPORT_TEXT_MAX);
		free(sentence);
	}
	document_init(&doc);
	card_add_report(report, &doc);
	check_document(&doc);
	card_expand(&doc);
	check_document(&doc);
	document_clear(&doc);
}

FUZZ_TARGET(report)
{
	static const char *const types[] = {
		"message/delivery-status",
		"message/disposition-notification",
		"message/feedback-report",
	};
	char letter = input.len ? input.data[0] : '\0';
	struct part part = { .type = (char *)types[(unsigned char)letter % 3] };
	struct report report CLEANUP(report_clear) = { 0 };
	struct slice header;

	input = slice_skip(input, 1);
	header = mime_header(input);
	if (letter == 'g') {
		(void)report_is_bounce(header);
		report_guess(header, input, &report);
	} else {
		ASSERT(report_is_part(&part));
		report_read(&part, input, &report);
	}
	report_read_returned(header, &report);
	check_report(&report);
}
