/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo_date.h"

#include <time.h>

#include "mail/date.h"
#include "mime/header.h"

enum { HOUR_S = 3600, MINUTE_S = 60, ZONE_LENGTH = 5 };

int64_t
demo_date_of(struct slice message)
{
	struct slice value;
	int64_t s;

	return header_find(message, SLICE("Date"), &value) &&
			       date_parse(value, &s)
		       ? s
		       : 0;
}

/* "+0100" at the end of a date, in seconds; 0 for anything else. */
static int
zone_of(struct slice date)
{
	struct slice zone = slice_skip(
		date, date.len < ZONE_LENGTH ? 0 : date.len - ZONE_LENGTH);
	int digits[ZONE_LENGTH - 1];
	int s;

	if (zone.len != ZONE_LENGTH ||
		(zone.data[0] != '+' && zone.data[0] != '-'))
		return 0;
	for (int i = 0; i < ZONE_LENGTH - 1; i++) {
		if (!ascii_is_digit(zone.data[i + 1]))
			return 0;
		digits[i] = zone.data[i + 1] - '0';
	}
	s = (digits[0] * 10 + digits[1]) * HOUR_S +
	    (digits[2] * 10 + digits[3]) * MINUTE_S;
	return zone.data[0] == '-' ? -s : s;
}

/* RFC 5322 3.3, whatever the locale. */
static void
print_date(int64_t s, int zone, struct strbuf *out)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t local = (time_t)(s + zone);
	int minutes = (zone < 0 ? -zone : zone) / MINUTE_S;
	struct tm tm;

	if (!gmtime_r(&local, &tm))
		return;
	strbuf_addf(out, "%s, %d %s %d %02d:%02d:%02d %c%02d%02d",
		days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
		zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* The date in a field's value; empty where it has none. */
static struct slice
find_date(const struct header_field *field)
{
	struct slice value = field->value;

	if (slice_eq_nocase(field->name, SLICE("Date")))
		return slice_trim(value);
	if (!slice_eq_nocase(field->name, SLICE("Received")))
		return slice_make(NULL, 0);
	while (slice_find(value, ';') < value.len)
		value = slice_skip(value, slice_find(value, ';') + 1);
	return slice_trim(value);
}

void
demo_date_shift(struct slice message, int64_t by_s, struct strbuf *out)
{
	struct slice rest = message;
	struct header_field field;
	const char *done = message.data;

	while (header_next(&rest, &field)) {
		struct slice date = find_date(&field);
		int64_t s;

		if (!date_parse(date, &s))
			continue;
		strbuf_add(out, done, (size_t)(date.data - done));
		print_date(s + by_s, zone_of(date), out);
		done = date.data + date.len;
	}
	strbuf_add(out, done, (size_t)(message.data + message.len - done));
}
