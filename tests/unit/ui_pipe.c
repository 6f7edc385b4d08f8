/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages in an mbox. */
#include "base/array.h"
#include "screen/pipe.h"

#include "tap.h"

static const struct {
	const char *what;
	const char *message;
	int64_t date;
	const char *mbox;
} cases[] = {
	{ "line ends", "A: b\r\n\r\nc\r\n", 1795183320,
		"From tercet@localhost Fri Nov 20 14:02:00 2026\n"
		"A: b\n\nc\n\n" },
	{ "no line end at the end", "A: b\r\n\r\nc", 1793880000,
		"From tercet@localhost Thu Nov  5 12:00:00 2026\n"
		"A: b\n\nc\n\n" },
	{ "lines that begin a message", "A: b\n\nFrom me\n>From you\n> From\n",
		0,
		"From tercet@localhost Thu Jan  1 00:00:00 1970\n"
		"A: b\n\n>From me\n>>From you\n> From\n\n" },
	{ "a line that was in front", "From x Thu\nA: b\n\nFrom me\n", 0,
		"From tercet@localhost Thu Jan  1 00:00:00 1970\n"
		"A: b\n\n>From me\n\n" },
	{ "a year past all", "A: b\n\n", INT64_MAX,
		"From tercet@localhost Thu Jan  1 00:00:00 1970\n"
		"A: b\n\n\n" },
	{ "nothing", "", 0,
		"From tercet@localhost Thu Jan  1 00:00:00 1970\n\n" },
};

int
main(void)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf mbox CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&mbox, 1000);
		ok(pipe_add_mbox(
			   &mbox, slice_str(cases[i].message), cases[i].date) &&
				strcmp(mbox.data, cases[i].mbox) == 0,
			"%s", cases[i].what);
	}
	strbuf_init(&out, 60);
	ok(!pipe_add_mbox(&out, SLICE("A: b\n\na long line\n"), 0),
		"no more than its limit");
	return tap_done();
}
