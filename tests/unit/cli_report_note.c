/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report_note.h"

#include "store_fixture.h"

/* Whatever a report says, the message below it stays in sight. */
static void
test_flood(struct fixture *fixture, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct report_note_array notes CLEANUP(report_notes_clear) = { 0 };
	size_t sum = 0;

	MUST(report_notes_load(fixture->store, message, &notes, &err));
	is_int((int64_t)notes.n, REPORT_NOTES_MAX + 1, "a few are told");
	for (size_t i = 0; i < notes.n; i++)
		sum += strlen(notes.items[i].text);
	ok(sum < 1200, "in few words: %zu bytes", sum);
	ok(notes.n > 0 && notes.items[0].bad, "what did not arrive first");
	is_str(notes.items[notes.n - 1].text, "18 more reports",
		"and how many more there are");
}

int
main(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture fixture;
	struct report report CLEANUP(report_clear) = { 0 };
	struct mail sent = { .uid = 1, .received = 1, .id = "a@example.org" };
	struct mail bounce = { .uid = 2, .received = 2, .id = "b@example.org" };
	char text[REPORT_TEXT_MAX + 1];
	int64_t message = 0;
	int64_t other = 0;

	fixture_open(&fixture);
	(void)place_one(&fixture, fixture.inbox, &sent, &message);
	(void)place_one(&fixture, fixture.inbox, &bounce, &other);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	report.about = xstrdup("a@example.org");
	for (int i = 0; i < 21; i++) {
		struct report_entry *entry = report_add(&report);

		entry->action = i < 20 ? REPORT_DISPLAYED : REPORT_FAILED;
		entry->recipient = xstrdup(text);
		entry->text = xstrdup(text);
	}
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(report_save(fixture.store, other, &report, &err));
		MUST(transaction_commit(&tx, &err));
	}
	test_flood(&fixture, message);
	fixture_close(&fixture);
	return tap_done();
}
