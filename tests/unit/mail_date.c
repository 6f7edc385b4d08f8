/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/date.h"

#include "base/array.h"
#include "tap.h"

static const struct {
	const char *text;
	const char *want; /* "" for no date */
} cases[] = {
	{ "Fri, 20 Nov 2026 14:02:00 +0100", "2026-11-20T13:02:00Z" },
	{ "20 Nov 2026 14:02 GMT", "2026-11-20T14:02:00Z" },
	{ "Fri, 20 Nov 2026 14:02:00 -0730 (odd)", "2026-11-20T21:32:00Z" },
	{ "Fri,20 Nov 2026 14:02:00+0100", "2026-11-20T13:02:00Z" },
	{ "Tue, 1 Jul 2003 10:52:37 +0200 (CEST)", "2003-07-01T08:52:37Z" },
	{ "Thu, 13 Feb 1969 23:32:54 -0330", "" },
	{ "Thu, 13 Feb 69 23:32:54 EST", "" },
	{ "Thu, 13 Feb 97 23:32:54 PST", "1997-02-14T07:32:54Z" },
	{ "Thu, 13 Feb 07 23:32 EDT", "2007-02-14T03:32:00Z" },
	{ "1 Jan 103 00:00:00 +0000", "2003-01-01T00:00:00Z" },
	{ "Thu (day),\r\n 13 (of (month)) Feb (\\)) 1997 23:32:54 +0000",
		"1997-02-13T23:32:54Z" },
	{ "Tue Jul  1 10:52:37 2003", "2003-07-01T10:52:37Z" },
	{ "Tue Jul 1 10:52:37 EST 2003", "2003-07-01T15:52:37Z" },
	{ "2003-07-01T10:52:37Z", "2003-07-01T10:52:37Z" },
	{ "2003-07-01 10:52:37.123 +02:00", "2003-07-01T08:52:37Z" },
	{ "2003/07/01 10:52", "2003-07-01T10:52:00Z" },
	{ "17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z" },
	{ " 7-Jul-1996 02:44:25 +0000", "1996-07-07T02:44:25Z" },
	{ "Mon, 29 February 2016 12.30.45 UT", "2016-02-29T12:30:45Z" },
	{ "1 Jan 2001 12:05:00 am", "2001-01-01T00:05:00Z" },
	{ "1 Jan 2001 1:05:00 PM +0100", "2001-01-01T12:05:00Z" },
	{ "1 Jan 2001 01:05:00 GMT+0100", "2001-01-01T00:05:00Z" },
	{ "1 Jan 2001 01:05:00 +0100 (GMT+02:00)", "2001-01-01T00:05:00Z" },
	{ "1 Jan 2001 01:05:00 +9999", "2001-01-01T01:05:00Z" },
	{ "1 Jan 2001 23:59:60 +0000", "2001-01-02T00:00:00Z" },
	{ "1 Jan 2001", "2001-01-01T00:00:00Z" },
	{ "31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z" },
	{ "31 Dec 9999 23:59:59 -0100", "" },
	{ "1 Jan 1970 00:00:00 +0000", "" },
	{ "1 Jan 1970 00:00:01 +0000", "1970-01-01T00:00:01Z" },
	{ "32 Jan 2001 00:00:00", "" },
	{ "0 Jan 2001 00:00:00", "" },
	{ "1 Jan 2001 25:00:00", "" },
	{ "1 Jan 2001 00:60:00", "" },
	{ "1 Foo 2001 00:00:00", "" },
	{ "1 Jan 99999999999999999999 00:00:00", "" },
	{ "99999999999999999999", "" },
	{ "((((((((((", "" },
	{ "(", "" },
	{ "(\\", "" },
	{ "+", "" },
	{ ":", "" },
	{ "NIL", "" },
	{ "", "" },
};

int
main(void)
{
	char buf[32];
	char long_text[400];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t s = 0;
		bool parsed = date_parse(slice_str(cases[i].text), &s);

		date_print_rfc3339(s, buf);
		ok(parsed == (cases[i].want[0] != '\0'), "%s is%s a date",
			cases[i].text, cases[i].want[0] ? "" : " not");
		is_str(buf, cases[i].want, cases[i].text);
	}
	memset(long_text, '(', sizeof(long_text));
	ok(!date_parse(
		   slice_make(long_text, sizeof(long_text)), &(int64_t){ 0 }),
		"parentheses only");
	/* Every day of 400 years, there and back. */
	for (int64_t s = 86399, n = 0; n < 146097; n++, s += 86400) {
		int64_t again = 0;

		date_print_rfc3339(s, buf);
		if (!date_parse(slice_str(buf), &again) || again != s) {
			is_int(again, s, buf);
			break;
		}
	}
	return tap_done();
}
