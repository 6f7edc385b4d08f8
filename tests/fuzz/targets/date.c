/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of header fields, and of IMAP. */
#include "mail/date.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static void
check_date(int64_t seconds)
{
	char text[32];
	int64_t again;

	ASSERT(seconds >= 1 && seconds <= INT64_C(253402300799));
	date_print_rfc3339(seconds, text);
	ASSERT(strlen(text) == strlen("2026-11-20T13:02:00Z"));
	check_line(text);
	(void)!date_parse(slice_str(text), &again);
}

FUZZ_TARGET(date)
{
	int64_t seconds;

	if (date_parse(input, &seconds))
		check_date(seconds);
	if (date_parse_internal(input, &seconds))
		check_date(seconds);
}
