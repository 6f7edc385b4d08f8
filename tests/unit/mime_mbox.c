/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "mime/mbox.h"

#include "tap.h"

static const struct {
	const char *what;
	const char *mbox;
	const char *messages; /* each in brackets, unquoted */
} cases[] = {
	{ "empty", "", "" },
	{ "two", "From a\nS: 1\n\nx\n\nFrom b\nS: 2\n\ny\n",
		"[S: 1\n\nx\n][S: 2\n\ny\n]" },
	{ "CRLF", "From a\r\nS: 1\r\n\r\nx\r\n\r\nFrom b\r\nS: 2\r\n",
		"[S: 1\r\n\r\nx\r\n][S: 2\r\n]" },
	{ "quoting", "From a\n\n>From x\n>>From y\n> From z\n",
		"[\nFrom x\n>From y\n> From z\n]" },
	{ "rubbish before", "rubbish\nFrom a\nS: 1\n", "[S: 1\n]" },
	{ "no last line end", "From a\nS: 1", "[S: 1]" },
	{ "only a From line", "From a", "[]" },
};

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct slice rest = slice_str(cases[i].mbox);
		struct slice message;

		strbuf_init(&got, 1000);
		while (mbox_next(&rest, &message)) {
			strbuf_add_char(&got, '[');
			mbox_unquote(message, &got);
			strbuf_add_char(&got, ']');
		}
		is_str(got.data, cases[i].messages, cases[i].what);
	}
	return tap_done();
}
