/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/card_time.h"

#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"

enum {
	TIME_SIZE = 200,
	DAY_S = 86400,
	DIGITS_MAX = 15,
	REPEATS_MAX = 100000, /* intervals and counts that are told */
	DAYS_SIZE = 400,
};

bool
card_number(struct slice text, int64_t *ret)
{
	bool negative = text.len > 0 && text.data[0] == '-';
	int64_t n = 0;

	if (negative || (text.len > 0 && text.data[0] == '+'))
		text = slice_skip(text, 1);
	if (text.len == 0 || text.len > DIGITS_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.data[i]))
			return false;
		n = n * 10 + (text.data[i] - '0');
	}
	*ret = negative ? -n : n;
	return true;
}

/* --- times --------------------------------------------------------------- */

/* strftime whose format comes from a catalogue, blanks for padding left out. */
static const char *
print_time(const char *fmt, const struct tm *tm, char buf[TIME_SIZE])
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	size_t n = strftime(buf, TIME_SIZE, fmt, tm);
#pragma GCC diagnostic pop

	buf[n] = '\0';
	if (buf[0] == ' ')
		memmove(buf, buf + 1, n);
	for (char *p = strstr(buf, "  "); p; p = strstr(p, "  "))
		memmove(p, p + 1, strlen(p));
	return buf;
}

static bool
civil_time(int64_t s, bool local, struct tm *ret_tm)
{
	time_t t = (time_t)s;
	const int64_t limit = INT64_C(253402300799); /* the year 9999 */

	if (s < -limit || s > limit)
		return false;
	return (local ? localtime_r(&t, ret_tm) : gmtime_r(&t, ret_tm)) != NULL;
}

static bool
is_same_day(const struct tm *a, const struct tm *b)
{
	return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

static char *
print_range(const struct tm *start, const struct tm *end)
{
	char from[TIME_SIZE];
	char day[TIME_SIZE];
	char to[TIME_SIZE];

	if (!end)
		return xstrdup(
			print_time(_("%a %e %b %Y, %H:%M"), start, from));
	if (!is_same_day(start, end))
		return xasprintf(_("%s to %s"),
			print_time(_("%a %e %b %Y, %H:%M"), start, from),
			print_time(_("%a %e %b %Y, %H:%M"), end, to));
	/* TRANSLATORS: a day, and from when to when. */
	return xasprintf(_("%s, %s to %s"),
		print_time(_("%a %e %b %Y"), start, day),
		print_time(_("%H:%M"), start, from),
		print_time(_("%H:%M"), end, to));
}

/* Whole days; the last is the one before `end`. */
static char *
print_days(int64_t start, int64_t end)
{
	struct tm first;
	struct tm last;
	char from[TIME_SIZE];
	char to[TIME_SIZE];

	if (!civil_time(start, false, &first))
		return NULL;
	if (end - DAY_S <= start || !civil_time(end - DAY_S, false, &last))
		return xasprintf(_("%s, all day"),
			print_time(_("%a %e %b %Y"), &first, from));
	return xasprintf(_("%s to %s"),
		print_time(_("%a %e %b %Y"), &first, from),
		print_time(_("%a %e %b %Y"), &last, to));
}

/* The span moved by offsets, as clocks show it. */
static char *
print_moment(int64_t start, int64_t end, bool local)
{
	struct tm from;
	struct tm to;
	bool has_end = end > start && civil_time(end, local, &to);

	if (!civil_time(start, local, &from))
		return NULL;
	return print_range(&from, has_end ? &to : NULL);
}

static char *
with_zone(char *text, struct slice zone)
{
	char *both;

	if (!text || zone.len == 0)
		return text;
	/* TRANSLATORS: a time, and the name of the zone it is in. */
	both = xasprintf(_("%s (%.*s)"), text, (int)zone.len, zone.data);
	free(text);
	return both;
}

char *
card_time_here(const struct slice *columns)
{
	int64_t start;
	int64_t end = INT64_MIN / 2;

	if (!card_number(columns[2], &start))
		return NULL;
	(void)card_number(columns[3], &end);
	if (slice_eq(columns[1], SLICE("days")))
		return print_days(start, end);
	if (slice_eq(columns[1], SLICE("utc")))
		return print_moment(start, end, true);
	return with_zone(print_moment(start, end, false), columns[6]);
}

char *
card_time_there(const struct slice *columns)
{
	int64_t start;
	int64_t end = INT64_MIN / 2;
	int64_t start_offset;
	int64_t end_offset;
	struct tm here;

	if (!slice_eq(columns[1], SLICE("utc")) || columns[6].len == 0 ||
		!card_number(columns[2], &start) ||
		!card_number(columns[4], &start_offset) ||
		!civil_time(start, true, &here) ||
		here.tm_gmtoff == start_offset)
		return NULL;
	if (card_number(columns[3], &end))
		end += card_number(columns[5], &end_offset) ? end_offset
							    : start_offset;
	return with_zone(
		print_moment(start + start_offset, end, false), columns[6]);
}

/* --- repetitions --------------------------------------------------------- */

static const char weekdays[7][3] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };

/* -1 when it is none. */
static int
weekday_of(struct slice word)
{
	for (int i = 0; i < 7; i++) {
		if (slice_eq_nocase(word, slice_str(weekdays[i])))
			return i;
	}
	return -1;
}

static const char *
weekday_name(int day, char buf[TIME_SIZE])
{
	struct tm tm = { .tm_mday = 1, .tm_wday = day };

	return print_time("%A", &tm, buf);
}

/* "Tuesday, Thursday"; false when a word is no weekday. */
static bool
print_weekdays(struct slice days, struct strbuf *out)
{
	char name[TIME_SIZE];

	while (days.len > 0) {
		size_t end = slice_find(days, ',');
		int day = weekday_of(slice_head(days, end));

		if (day < 0)
			return false;
		if (out->len > 0)
			strbuf_add_str(out, ", ");
		strbuf_add_str(out, weekday_name(day, name));
		days = slice_skip(days, end + 1);
	}
	return out->len > 0;
}

static char *
every_week(int64_t n, struct slice days)
{
	struct strbuf names CLEANUP(strbuf_clear) = { 0 };
	unsigned long plural = (unsigned long)n;

	strbuf_init(&names, DAYS_SIZE);
	if (n == 1 && slice_eq(days, SLICE("MO,TU,WE,TH,FR")))
		return xstrdup(_("from Monday to Friday"));
	if (!print_weekdays(days, &names))
		return n == 1 ? xstrdup(_("every week"))
			      : xasprintf(P_("every %ld week",
						  "every %ld weeks", plural),
					(long)n);
	if (n == 1)
		/* TRANSLATORS: weekdays, with commas between. */
		return xasprintf(_("every %s"), names.data);
	return xasprintf(
		P_("every %ld week on %s", "every %ld weeks on %s", plural),
		(long)n, names.data);
}

/* "2TU" and "-1FR", as they stand in a month. */
static char *
every_nth_weekday(struct slice days)
{
	char name[TIME_SIZE];
	size_t n = days.len > 2 ? days.len - 2 : 0;
	int day = weekday_of(slice_skip(days, n));
	int64_t position;

	if (day < 0 || !card_number(slice_head(days, n), &position))
		return NULL;
	weekday_name(day, name);
	switch (position) {
	case 1:
		return xasprintf(_("every month on the first %s"), name);
	case 2:
		return xasprintf(_("every month on the second %s"), name);
	case 3:
		return xasprintf(_("every month on the third %s"), name);
	case 4:
		return xasprintf(_("every month on the fourth %s"), name);
	case -1:
		return xasprintf(_("every month on the last %s"), name);
	default:
		return NULL;
	}
}

static char *
every_month(int64_t n, struct slice days)
{
	int64_t day;
	char *text;

	if (n > 1)
		return xasprintf(P_("every %ld month", "every %ld months",
					 (unsigned long)n),
			(long)n);
	if (card_number(days, &day) && day > 0 && day <= 31)
		return xasprintf(_("every month on day %ld"), (long)day);
	text = every_nth_weekday(days);
	return text ? text : xstrdup(_("every month"));
}

static char *
every(struct slice frequency, int64_t n, struct slice days)
{
	unsigned long plural = (unsigned long)n;

	if (slice_eq(frequency, SLICE("WEEKLY")))
		return every_week(n, days);
	if (slice_eq(frequency, SLICE("MONTHLY")))
		return every_month(n, days);
	if (slice_eq(frequency, SLICE("DAILY")))
		return n == 1 ? xstrdup(_("every day"))
			      : xasprintf(P_("every %ld day", "every %ld days",
						  plural),
					(long)n);
	if (slice_eq(frequency, SLICE("YEARLY")))
		return n == 1 ? xstrdup(_("every year"))
			      : xasprintf(P_("every %ld year",
						  "every %ld years", plural),
					(long)n);
	return xstrdup(_("several times a day"));
}

/* How it ends, behind the rule. */
static char *
with_end(char *rule, const struct slice *columns)
{
	char *text = NULL;
	char day[TIME_SIZE];
	struct tm tm;
	int64_t n;

	if (card_number(columns[3], &n) && n > 0 && n <= REPEATS_MAX)
		text = xasprintf(
			P_("%s, %ld time", "%s, %ld times", (unsigned long)n),
			rule, (long)n);
	else if (card_number(columns[5], &n) &&
		 civil_time(n, slice_eq(columns[4], SLICE("utc")), &tm))
		text = xasprintf(_("%s until %s"), rule,
			print_time(_("%a %e %b %Y"), &tm, day));
	if (!text)
		return rule;
	free(rule);
	return text;
}

char *
card_repeat(const struct slice *columns)
{
	const char *fmt = NULL;
	int64_t n;
	char *rule;
	char *text;

	if (columns[1].len == 0)
		return NULL;
	if (!card_number(columns[2], &n) || n < 1 || n > REPEATS_MAX)
		n = 1;
	rule = with_end(every(columns[1], n, columns[6]), columns);
	if (slice_eq(columns[7], SLICE("1")))
		fmt = _("%s, with exceptions");
	else if (slice_eq(columns[7], SLICE("2")))
		fmt = _("%s, by further rules");
	if (!fmt)
		return rule;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	text = xasprintf(fmt, rule);
#pragma GCC diagnostic pop
	free(rule);
	return text;
}
