/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/format.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/slice.h"
#include "base/utf8.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 60 * MINUTE_S,
	DAY_S = 24 * HOUR_S,
	DAYS_A_WEEK = 7,
	DAYS_A_MONTH = 30,
	DAYS_A_YEAR = 365,
	WEEKS_UNTIL_DAYS = 60, /* told in weeks, then in months */
	MONTHS_UNTIL_DAYS = 730,
	UNIT = 1024,
	NEXT_UNIT = 999 * UNIT + UNIT / 2,
};

static bool
local_time(int64_t time_s, struct tm *ret_tm)
{
	time_t t = (time_t)time_s;

	return time_s > 0 && localtime_r(&t, ret_tm) != NULL;
}

/* strftime whose format comes from a table or a catalogue. */
static const char *
print_time(const char *fmt, const struct tm *tm, char buf[FORMAT_SIZE])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	size_t n = strftime(buf, FORMAT_SIZE, fmt, tm);
#pragma GCC diagnostic pop

	buf[n] = '\0';
	/* %e pads with a blank. */
	if (buf[0] == ' ')
		memmove(buf, buf + 1, n);
	for (char *p = strstr(buf, "  "); p; p = strstr(p, "  "))
		memmove(p, p + 1, strlen(p));
	return buf;
}

/* Days since some day, in the local calendar. */
static int64_t
day_number(const struct tm *tm)
{
	struct tm noon = {
		.tm_year = tm->tm_year,
		.tm_mon = tm->tm_mon,
		.tm_mday = tm->tm_mday,
		.tm_hour = 12,
	};

	return (int64_t)timegm(&noon) / DAY_S;
}

const char *
format_date_short(int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE])
{
	struct tm tm;
	struct tm now;
	int64_t days;

	buf[0] = '\0';
	if (!local_time(time_s, &tm) || !local_time(now_s, &now))
		return buf;
	days = day_number(&now) - day_number(&tm);
	if (days == 0)
		/* TRANSLATORS: strftime formats for the message list: a time
		 * today, this week, this year, and earlier. */
		return print_time(_("%H:%M"), &tm, buf);
	if (days > 0 && days < DAYS_A_WEEK)
		return print_time(_("%a %H:%M"), &tm, buf);
	if (tm.tm_year == now.tm_year)
		return print_time(_("%e %b"), &tm, buf);
	return print_time(_("%e %b %y"), &tm, buf);
}

const char *
format_date(int64_t time_s, char buf[FORMAT_SIZE])
{
	struct tm tm;

	buf[0] = '\0';
	if (!local_time(time_s, &tm))
		return buf;
	/* TRANSLATORS: strftime format for a date in full. */
	return print_time(_("%a %e %b %Y, %H:%M"), &tm, buf);
}

const char *
format_clock(int64_t time_s, char buf[FORMAT_SIZE])
{
	struct tm tm;

	buf[0] = '\0';
	if (!local_time(time_s, &tm))
		return buf;
	return print_time(_("%H:%M"), &tm, buf);
}

static void
print_ago(int64_t age_s, char buf[FORMAT_SIZE])
{
	unsigned long days = (unsigned long)(age_s / DAY_S);
	unsigned long n;

	if (age_s < HOUR_S) {
		n = (unsigned long)(age_s / MINUTE_S);
		snprintf(buf, FORMAT_SIZE,
			P_("%lu minute ago", "%lu minutes ago", n), n);
	} else if (age_s < DAY_S) {
		n = (unsigned long)(age_s / HOUR_S);
		snprintf(buf, FORMAT_SIZE,
			P_("%lu hour ago", "%lu hours ago", n), n);
	} else if (days < (unsigned long)2 * DAYS_A_WEEK) {
		snprintf(buf, FORMAT_SIZE,
			P_("%lu day ago", "%lu days ago", days), days);
	} else if (days < WEEKS_UNTIL_DAYS) {
		n = days / DAYS_A_WEEK;
		snprintf(buf, FORMAT_SIZE,
			P_("%lu week ago", "%lu weeks ago", n), n);
	} else if (days < MONTHS_UNTIL_DAYS) {
		n = days / DAYS_A_MONTH;
		snprintf(buf, FORMAT_SIZE,
			P_("%lu month ago", "%lu months ago", n), n);
	} else {
		n = days / DAYS_A_YEAR;
		snprintf(buf, FORMAT_SIZE,
			P_("%lu year ago", "%lu years ago", n), n);
	}
}

static void
print_ahead(int64_t wait_s, char buf[FORMAT_SIZE])
{
	unsigned long n;

	if (wait_s < HOUR_S) {
		n = (unsigned long)(wait_s / MINUTE_S);
		snprintf(buf, FORMAT_SIZE,
			P_("in %lu minute", "in %lu minutes", n), n);
	} else if (wait_s < DAY_S) {
		n = (unsigned long)(wait_s / HOUR_S);
		snprintf(buf, FORMAT_SIZE, P_("in %lu hour", "in %lu hours", n),
			n);
	} else {
		n = (unsigned long)(wait_s / DAY_S);
		snprintf(buf, FORMAT_SIZE, P_("in %lu day", "in %lu days", n),
			n);
	}
}

const char *
format_ago(int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE])
{
	int64_t age_s = now_s - time_s;

	if (age_s >= MINUTE_S)
		print_ago(age_s, buf);
	else if (age_s <= -MINUTE_S)
		print_ahead(-age_s, buf);
	else
		snprintf(buf, FORMAT_SIZE, "%s", _("just now"));
	return buf;
}

const char *
format_date_long(int64_t time_s, int64_t now_s, char buf[FORMAT_SIZE])
{
	char date[FORMAT_SIZE];
	char ago[FORMAT_SIZE];
	size_t cut;

	buf[0] = '\0';
	if (!format_date(time_s, date)[0])
		return buf;
	format_ago(time_s, now_s, ago);
	/* TRANSLATORS: a date, and how long ago it was. */
	snprintf(buf, FORMAT_SIZE, _("%s (%s)"), date, ago);
	cut = utf8_cut(slice_str(buf), FORMAT_SIZE - 1);
	buf[cut] = '\0';
	return buf;
}

const char *
format_size(uint64_t bytes, char buf[FORMAT_SIZE])
{
	static const char *const units[] = { N_("KB"), N_("MB"), N_("GB"),
		N_("TB"), N_("PB"), N_("EB") };
	uint64_t tenths;
	uint64_t left = bytes;
	size_t unit = 0;

	if (bytes < 1000) {
		/* TRANSLATORS: bytes. */
		snprintf(buf, FORMAT_SIZE, _("%u B"), (unsigned)bytes);
		return buf;
	}
	/* What would be printed as 1000 is one of the next unit. */
	while (left >= NEXT_UNIT && unit + 1 < ARRAY_LEN(units)) {
		left /= UNIT;
		unit++;
	}
	tenths = (left * 10 + UNIT / 2) / UNIT;
	if (tenths < 100 && unit > 0)
		snprintf(buf, FORMAT_SIZE, "%u%s%u %s", (unsigned)(tenths / 10),
			nl_langinfo(RADIXCHAR), (unsigned)(tenths % 10),
			_(units[unit]));
	else
		snprintf(buf, FORMAT_SIZE, "%u %s",
			(unsigned)((left + UNIT / 2) / UNIT), _(units[unit]));
	return buf;
}

const char *
format_number(int64_t number, char buf[FORMAT_SIZE])
{
	char digits[32];
	const char *separator = nl_langinfo(THOUSEP);
	int n = snprintf(digits, sizeof(digits), "%" PRId64, number);
	size_t used = 0;

	if (!separator[0])
		separator = ",";
	for (int i = 0; i < n && used + 8 < FORMAT_SIZE; i++) {
		int left = n - i;

		if (i > 0 && left % 3 == 0 && digits[i - 1] != '-')
			used += (size_t)snprintf(buf + used, FORMAT_SIZE - used,
				"%s", separator);
		buf[used++] = digits[i];
	}
	buf[used] = '\0';
	return buf;
}
