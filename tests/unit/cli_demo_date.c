/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo_date.h"

#include "base/array.h"
#include "base/clock.h"
#include "cli/demo.h"
#include "store/message.h"

#include "tap.h"

enum { HOUR = 3600, DAY = 24 * HOUR, IDS = 2000 };

/* Headers, and what they become some time later. */
static const struct {
	const char *before;
	int64_t by;
	const char *after;
} shifts[] = {
	{ "Subject: x\nDate: Fri, 20 Nov 2026 14:02:00 +0100\nTo: a\n\nDate: b",
		DAY,
		"Subject: x\nDate: Sat, 21 Nov 2026 14:02:00 +0100\nTo: a\n\n"
		"Date: b" },
	{ "Date: Tue, 3 Nov 2026 00:10:03 +0530\r\n\r\n", -HOUR,
		"Date: Mon, 2 Nov 2026 23:10:03 +0530\r\n\r\n" },
	{ "Date: Thu, 31 Dec 2026 23:00:00 -0330\n", 2 * HOUR,
		"Date: Fri, 1 Jan 2027 01:00:00 -0330\n" },
	{ "Received: from a by b with C;\n Fri, 20 Nov 2026 14:02:00 +0000\n"
	  "Date: Fri, 20 Nov 2026 14:02:00 +0000\n\nx",
		60,
		"Received: from a by b with C;\n Fri, 20 Nov 2026 14:03:00 "
		"+0000\nDate: Fri, 20 Nov 2026 14:03:00 +0000\n\nx" },
	{ "Date: when I like\n\nx", DAY, "Date: when I like\n\nx" },
	{ "\nno header", DAY, "\nno header" },
	{ "", DAY, "" },
};

static void
test_shifts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(shifts); i++) {
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&out, 10000);
		demo_date_shift(
			slice_str(shifts[i].before), shifts[i].by, &out);
		is_str(out.data ? out.data : "", shifts[i].after,
			shifts[i].before);
	}
}

/* Whenever it is looked at, its newest mail has just come. */
static void
test_mailbox(int64_t now)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct demo demo = { 0 };
	struct store *store = NULL;
	int64_t newest = 0;
	int64_t n = 0;

	clock_freeze(now);
	if (!ok(demo_make(&demo, &err) &&
			    store_open(demo.home, STORE_TOOL, &store, &err),
		    "sample mailbox %s", err.text ? err.text : ""))
		return;
	for (int64_t id = 1; id < IDS; id++) {
		struct message message = { .id = 0 };

		if (message_load(store, id, &message, &err) != FOUND)
			continue;
		n++;
		if (message.envelope.date > newest)
			newest = message.envelope.date;
		message_clear(&message);
	}
	ok(n >= 200 && newest <= now && newest > now - HOUR,
		"%lld messages, the newest %lld s old", (long long)n,
		(long long)(now - newest));
	store_close(store);
	demo_clear(&demo);
}

int
main(void)
{
	test_shifts();
	test_mailbox(1795179720 - 400 * (int64_t)DAY);
	test_mailbox(1795179720 + 4000 * (int64_t)DAY);
	return tap_done();
}
