/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/strbuf.h"
#include "sync/backoff.h"
#include "sync/plan.h"

#include "tap.h"

/* uidvalidity 7, uidnext 101, modseq 500, 100 messages placed, complete */
#define COMPLETE                                                               \
	{                                                                      \
		true, true, 7, 101, 500, 100                                   \
	}
#define NOTHING                                                                \
	{                                                                      \
		false, false, 0, 0, 0, 0                                       \
	}

static const struct {
	const char *what;
	struct plan_local local;
	struct plan_server server;
	const char *steps;
} cases[] = {
	{ "first sight", NOTHING, { .exists = 9, .uidvalidity = 7 },
		"newest search backfill" },
	{ "first sight of an empty folder", NOTHING,
		{ .exists = 0, .uidvalidity = 7 }, "" },
	{ "the same where positions are needed", NOTHING,
		{ .exists = 0, .uidvalidity = 7, .needs_positions = true },
		"search backfill" },
	{ "nothing new, QRESYNC", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 500,
			.qresync = true },
		"" },
	{ "new mail, QRESYNC", COMPLETE,
		{ .exists = 103,
			.uidvalidity = 7,
			.uidnext = 104,
			.modseq = 520,
			.qresync = true },
		"new" },
	{ "UIDNEXT not told", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.modseq = 500,
			.qresync = true },
		"new" },
	{ "interrupted first sight, QRESYNC", { false, true, 7, 101, 500, 40 },
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 500,
			.qresync = true },
		"search backfill" },
	{ "nothing new, CONDSTORE", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 500 },
		"" },
	{ "flags changed, CONDSTORE", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 501 },
		"flags-since" },
	{ "one gone, CONDSTORE", COMPLETE,
		{ .exists = 99,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 501 },
		"flags-since search backfill" },
	{ "one gone and one new", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 102,
			.modseq = 502 },
		"new flags-since search backfill" },
	{ "neither", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.needs_positions = true },
		"search flags-all backfill" },
	{ "CONDSTORE came since", { true, true, 7, 101, 0, 100 },
		{ .exists = 100,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 900 },
		"search flags-all backfill" },
	{ "UIDVALIDITY changed", COMPLETE,
		{ .exists = 100,
			.uidvalidity = 8,
			.uidnext = 101,
			.modseq = 500 },
		"forget-uids newest search backfill" },
	{ "killed between two UIDVALIDITIES", { true, true, 0, 0, 0, 100 },
		{ .exists = 100, .uidvalidity = 8, .uidnext = 101 },
		"newest search backfill" },
	{ "much new mail", COMPLETE,
		{ .exists = 5000,
			.uidvalidity = 7,
			.uidnext = 5001,
			.modseq = 600,
			.qresync = true },
		"newest search backfill" },
	{ "much new mail, neither", COMPLETE,
		{ .exists = 5000, .uidvalidity = 7, .uidnext = 5001 },
		"newest search flags-all backfill" },
	{ "suddenly empty, and UIDNEXT went back", COMPLETE,
		{ .exists = 0, .uidvalidity = 7, .uidnext = 1 },
		"doubt-empty" },
	{ "empty for the second time", { true, true, 7, 0, 0, 100 },
		{ .exists = 0, .uidvalidity = 7, .uidnext = 1 },
		"confirm-empty" },
	{ "doubted, and all is back", { true, true, 7, 0, 0, 100 },
		{ .exists = 100, .uidvalidity = 7, .uidnext = 101 },
		"search flags-all backfill" },
	{ "suddenly empty", COMPLETE,
		{ .exists = 0,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 600,
			.qresync = true },
		"confirm-empty" },
	{ "suddenly empty under another UIDVALIDITY", COMPLETE,
		{ .exists = 0, .uidvalidity = 9 }, "confirm-empty" },
	{ "empty, and a second session says so", COMPLETE,
		{ .exists = 0,
			.uidvalidity = 7,
			.uidnext = 101,
			.modseq = 600,
			.qresync = true,
			.empty_confirmed = true },
		"" },
};

static void
test_plans(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct plan plan;

		strbuf_init(&got, 200);
		plan_folder(&cases[i].local, &cases[i].server, &plan);
		for (size_t j = 0; j < plan.n; j++)
			strbuf_addf(&got, "%s%s", j ? " " : "",
				step_name(plan.steps[j]));
		is_str(got.data, cases[i].steps, cases[i].what);
	}
}

static void
test_backoff(void)
{
	struct backoff backoff = { 0 };
	int64_t last = 0;
	bool grows = true;

	ok(backoff_is_over(&backoff, 0), "the first try waits for nothing");
	for (int i = 0; i < 20; i++) {
		backoff_failed(&backoff, 0, true, (uint32_t)i * 977);
		grows = grows && backoff.next_us * 13 >= last * 10;
		last = backoff.next_us;
	}
	ok(grows, "it waits longer each time, but for chance");
	ok(last >= 13500000 && last <= 16500000, "15 s with a route");
	for (int i = 0; i < 20; i++)
		backoff_failed(&backoff, 0, false, 0);
	ok(backoff.next_us >= 800LL * 1000000, "15 min without one");
	backoff_failed(&backoff, 5000000, false, 0);
	backoff_hurry(&backoff, 5400000);
	ok(!backoff_is_over(&backoff, 5400000) &&
			backoff_is_over(&backoff, 6000000),
		"in a hurry: a second after the last try");
	backoff_hurry(&backoff, 9000000);
	ok(backoff_is_over(&backoff, 9000000), "or at once");
	backoff_reset(&backoff);
	ok(backoff_is_over(&backoff, 0), "reset");
}

int
main(void)
{
	test_plans();
	test_backoff();
	return tap_done();
}
