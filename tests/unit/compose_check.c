/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/mem.h"
#include "compose/check.h"
#include "compose/recipients.h"

#include "tap.h"

/* ---- doubts ---- */

static const struct {
	const char *what;
	const char *to;
	const char *subject;
	const char *body;
	bool attached;
	unsigned doubts;
} doubts[] = {
	{ "a message like any other", "bo@example.net", "Friday",
		"Ten works.\n", false, 0 },
	{ "nothing at all", NULL, NULL, NULL, false,
		DOUBT_RECIPIENTS | DOUBT_SUBJECT | DOUBT_TEXT },
	{ "only a quote and a signature", "bo@example.net", "Re: Friday",
		"> Ten?\n\n-- \nAnn\n", false, DOUBT_TEXT },
	{ "a file without words", "bo@example.net", "The plan", "", true, 0 },
	{ "a file that was forgotten", "bo@example.net", "The plan",
		"I have attached it.\n", false, DOUBT_ATTACHMENT },
	{ "at the beginning of a line", "bo@example.net", "The plan",
		"Attached.\n", false, DOUBT_ATTACHMENT },
	{ "one that was not", "bo@example.net", "The plan",
		"I have attached it.\n", true, 0 },
	{ "somebody else's words", "bo@example.net", "The plan",
		"Thanks.\n> it is attached\n", false, 0 },
	{ "within a word", "bo@example.net", "The plan", "Reattached, say I?\n",
		false, 0 },
	{ "below the signature's mark", "bo@example.net", "The plan",
		"Thanks.\n-- \nNothing attached\n", false, 0 },
	{ "in German", "bo@example.net", "Plan", "Im Anhang der Plan.\n", false,
		DOUBT_ATTACHMENT },
	{ "in Japanese", "bo@example.net", "Plan", "資料を添付します。\n",
		false, DOUBT_ATTACHMENT },
};

static void
test_doubts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(doubts); i++) {
		struct draft draft CLEANUP(draft_clear) = { 0 };

		draft_init(&draft);
		if (doubts[i].to)
			address_list_add(&draft.to, NULL, doubts[i].to);
		draft.subject = xstrdup_null(doubts[i].subject);
		draft.body = xstrdup_null(doubts[i].body);
		if (doubts[i].attached)
			draft_attach_file(&draft, "/nowhere/plan.pdf", 1);
		ok(draft_doubts(&draft) == doubts[i].doubts, "%s: %u",
			doubts[i].what, draft_doubts(&draft));
	}
}

/* ---- recipients ---- */

static const struct {
	const char *typed;
	int n; /* -1: refused */
	const char *last;
} lines[] = {
	{ "", 0, NULL },
	{ "  ", 0, NULL },
	{ "bo@example.net", 1, "bo@example.net" },
	{ "Bo <bo@example.net>, \"Kern, David\" <dk@example.net>", 2,
		"dk@example.net" },
	{ "bo@example.net;ann@example.org", 2, "ann@example.org" },
	{ "bo", -1, NULL },
	{ "bo@example.net, carl", -1, NULL },
	{ "bo@", -1, NULL },
};

static void
test_recipients(void)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct address_list list = { NULL, 0, 0 };
		bool taken = recipients_read(lines[i].typed, &list, &err);

		ok(taken ? (int)list.n == lines[i].n : lines[i].n < 0,
			"“%s”: %s", lines[i].typed, taken ? "taken" : err.text);
		if (taken && list.n > 0)
			is_str(list.items[list.n - 1].address, lines[i].last,
				"  the last of them");
		address_list_clear(&list);
	}
}

int
main(void)
{
	test_doubts();
	test_recipients();
	return tap_done();
}
