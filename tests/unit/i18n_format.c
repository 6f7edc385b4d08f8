/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "i18n/format.h"
#include "i18n/i18n.h"

#include "tap.h"

enum { NOW = 1795190520 }; /* Fri 20 Nov 2026, 16:02 UTC */

#define AT(days, hours, minutes)                                               \
	(NOW - ((days)*24 + (hours)) * 3600 - (minutes)*60)

static const struct {
	int64_t time;
	const char *shortly;
	const char *longer;
} dates[] = {
	{ AT(0, 0, 0), "16:02", "Fri 20 Nov 2026, 16:02 (just now)" },
	{ AT(0, 0, 1), "16:01", "Fri 20 Nov 2026, 16:01 (1 minute ago)" },
	{ AT(0, 2, 0), "14:02", "Fri 20 Nov 2026, 14:02 (2 hours ago)" },
	{ AT(0, 16, 2), "00:00", "Fri 20 Nov 2026, 00:00 (16 hours ago)" },
	{ AT(0, 16, 3), "Thu 23:59", "Thu 19 Nov 2026, 23:59 (16 hours ago)" },
	{ AT(1, 0, 0), "Thu 16:02", "Thu 19 Nov 2026, 16:02 (1 day ago)" },
	{ AT(6, 16, 2), "Sat 00:00", "Sat 14 Nov 2026, 00:00 (6 days ago)" },
	{ AT(6, 16, 3), "13 Nov", "Fri 13 Nov 2026, 23:59 (6 days ago)" },
	{ AT(14, 0, 0), "6 Nov", "Fri 6 Nov 2026, 16:02 (2 weeks ago)" },
	{ AT(100, 0, 0), "12 Aug", "Wed 12 Aug 2026, 16:02 (3 months ago)" },
	{ AT(323, 16, 2), "1 Jan", "Thu 1 Jan 2026, 00:00 (10 months ago)" },
	{ AT(323, 16, 3), "31 Dec 25",
		"Wed 31 Dec 2025, 23:59 (10 months ago)" },
	{ AT(2758, 0, 0), "3 May 19", "Fri 3 May 2019, 16:02 (7 years ago)" },
	{ 1, "1 Jan 70", "Thu 1 Jan 1970, 00:00 (56 years ago)" },
	{ AT(0, -3, 0), "19:02", "Fri 20 Nov 2026, 19:02 (in 3 hours)" },
	{ AT(-1, 0, 0), "21 Nov", "Sat 21 Nov 2026, 16:02 (in 1 day)" },
	{ AT(-50, 0, 0), "9 Jan 27", "Sat 9 Jan 2027, 16:02 (in 50 days)" },
	{ 253402300799, "31 Dec 99",
		"Fri 31 Dec 9999, 23:59 (in 2912119 days)" },
	{ 0, "", "" },
	{ -5, "", "" },
	{ INT64_MAX / 2, "", "" },
};

static const struct {
	uint64_t bytes;
	const char *text;
} sizes[] = {
	{ 0, "0 B" },
	{ 999, "999 B" },
	{ 1000, "1 KB" },
	{ 1536, "2 KB" },
	{ 48 * 1024, "48 KB" },
	{ 999 * 1024, "999 KB" },
	{ 999 * 1024 + 512, "1.0 MB" },
	{ 1258291, "1.2 MB" },
	{ 10 * 1024 * 1024 - 1, "10 MB" },
	{ 25 * 1024 * 1024, "25 MB" },
	{ 5368709120, "5.0 GB" },
	{ UINT64_MAX, "16 EB" },
};

static const struct {
	int64_t number;
	const char *text;
} numbers[] = {
	{ 0, "0" },
	{ 999, "999" },
	{ 1000, "1,000" },
	{ 48201, "48,201" },
	{ 100000, "100,000" },
	{ 1234567, "1,234,567" },
	{ -100, "-100" },
	{ -1000, "-1,000" },
	{ INT64_MAX, "9,223,372,036,854,775,807" },
	{ INT64_MIN, "-9,223,372,036,854,775,808" },
};

int
main(void)
{
	char buf[FORMAT_SIZE];

	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("LANGUAGE");
	ok(i18n_init(), "C.UTF-8 is UTF-8");
	for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
		is_str(format_date_short(dates[i].time, NOW, buf),
			dates[i].shortly, "short date");
		is_str(format_date_long(dates[i].time, NOW, buf),
			dates[i].longer, "long date");
	}
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		is_str(format_size(sizes[i].bytes, buf), sizes[i].text,
			sizes[i].text);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		is_str(format_number(numbers[i].number, buf), numbers[i].text,
			numbers[i].text);
	is_str(format_clock(NOW, buf), "16:02", "clock");

	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	is_str(format_date_short(NOW, NOW, buf), "01:02", "local time");

	setenv("LC_ALL", "C", 1);
	ok(!i18n_init(), "C is not UTF-8");
	setenv("LC_ALL", "xx_XX.utf8", 1);
	ok(i18n_init(), "a locale that is missing says so by its name");
	setenv("LC_ALL", "xx_XX", 1);
	ok(!i18n_init(), "one that does not say so is not believed");
	return tap_done();
}
