/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/date.h"

#include <stdlib.h>

#include "base/array.h"

#define DATE_LAST INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

enum { NUMBER_DIGITS_MAX = 9, COMMENT_DEPTH_MAX = 100 };

/* What has been read so far; -1 for what has not. */
struct reading {
	int year;
	int month; /* 0 to 11 */
	int day;
	int hour;
	int minute;
	int second;
	int zone; /* minutes east */
	bool zone_numeric;
	bool pm;
	bool am;
};

static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

static const struct {
	char name[5];
	short minutes;
} zones[] = {
	/* RFC 5322 4.3, and what else is seen */
	{ "ut", 0 },
	{ "utc", 0 },
	{ "gmt", 0 },
	{ "est", -300 },
	{ "edt", -240 },
	{ "cst", -360 },
	{ "cdt", -300 },
	{ "mst", -420 },
	{ "mdt", -360 },
	{ "pst", -480 },
	{ "pdt", -420 },
	{ "wet", 0 },
	{ "west", 60 },
	{ "cet", 60 },
	{ "cest", 120 },
	{ "met", 60 },
	{ "mest", 120 },
	{ "eet", 120 },
	{ "eest", 180 },
	{ "msk", 180 },
	{ "jst", 540 },
	{ "kst", 540 },
};

static bool
starts_with_digit(struct slice s)
{
	return s.len > 0 && ascii_is_digit(s.data[0]);
}

/* Takes digits off the front; how many there were, 0 for none or too many. */
static size_t
take_number(struct slice *s, int *ret)
{
	size_t n = 0;
	int value = 0;

	while (n < s->len && ascii_is_digit(s->data[n])) {
		if (n < NUMBER_DIGITS_MAX)
			value = value * 10 + (s->data[n] - '0');
		n++;
	}
	*s = slice_skip(*s, n);
	*ret = value;
	return n <= NUMBER_DIGITS_MAX ? n : 0;
}

static void
skip_comment(struct slice *s)
{
	int depth = 0;

	while (s->len > 0) {
		char c = s->data[0];

		if (c == '\\')
			*s = slice_skip(*s, 1);
		else if (c == '(' && depth < COMMENT_DEPTH_MAX)
			depth++;
		else if (c == ')')
			depth--;
		*s = slice_skip(*s, 1);
		if (depth == 0)
			return;
	}
}

/* "+0200", "-07:00", "+2". */
static void
read_zone(struct slice *s, struct reading *r)
{
	int sign = s->data[0] == '-' ? -1 : 1;
	int value;
	int minutes = 0;
	size_t n;

	*s = slice_skip(*s, 1);
	n = take_number(s, &value);
	if (n > 0 && n <= 2) {
		if (s->len > 1 && s->data[0] == ':' &&
			ascii_is_digit(s->data[1])) {
			*s = slice_skip(*s, 1);
			take_number(s, &minutes);
		}
	} else if (n == 3 || n == 4) {
		minutes = value % 100;
		value /= 100;
	} else {
		return;
	}
	if (r->zone_numeric || value > 23 || minutes > 59)
		return;
	r->zone = sign * (value * 60 + minutes);
	r->zone_numeric = true;
}

/* What follows the hour: ":44", ":25", and a fraction nobody wants. */
static void
read_time(struct slice *s, int hour, struct reading *r)
{
	char separator = s->data[0];
	int fraction;

	r->hour = hour;
	r->second = 0;
	*s = slice_skip(*s, 1);
	take_number(s, &r->minute);
	if (s->len > 1 && s->data[0] == separator &&
		ascii_is_digit(s->data[1])) {
		*s = slice_skip(*s, 1);
		take_number(s, &r->second);
	}
	if (s->len > 1 && (s->data[0] == '.' || s->data[0] == ',') &&
		ascii_is_digit(s->data[1])) {
		*s = slice_skip(*s, 1);
		take_number(s, &fraction);
	}
}

static bool
is_time(struct slice s, size_t digits, const struct reading *r)
{
	if (r->hour >= 0 || digits > 2 || s.len < 2 ||
		!ascii_is_digit(s.data[1]))
		return false;
	return s.data[0] == ':' ||
	       (s.data[0] == '.' && r->day >= 0 && r->month >= 0);
}

/* "2003-07-01" with its year already taken. */
static bool
read_iso(struct slice *s, int year, struct reading *r)
{
	struct slice at = *s;
	int month;
	int day;

	if (r->day >= 0 || r->month >= 0 || at.len < 4 ||
		(at.data[0] != '-' && at.data[0] != '/'))
		return false;
	at = slice_skip(at, 1);
	if (take_number(&at, &month) == 0 || month < 1 || month > 12 ||
		at.len < 2 || (at.data[0] != '-' && at.data[0] != '/'))
		return false;
	at = slice_skip(at, 1);
	if (take_number(&at, &day) == 0)
		return false;
	r->year = year;
	r->month = month - 1;
	r->day = day;
	*s = at;
	return true;
}

/* "29-04-2017" or "29/04/2017" with its day already taken; months come first
 * where the day could be none. */
static bool
read_day_first(struct slice *s, int day, struct reading *r)
{
	struct slice at = slice_skip(*s, 1);
	int month;
	int year;

	if (s->len < 6 || (s->data[0] != '-' && s->data[0] != '/') ||
		take_number(&at, &month) == 0 || at.len < 5 ||
		at.data[0] != s->data[0])
		return false;
	at = slice_skip(at, 1);
	if (take_number(&at, &year) != 4)
		return false;
	if (month > 12) {
		int swap = month;

		month = day;
		day = swap;
	}
	if (month < 1 || month > 12)
		return false;
	r->year = year;
	r->month = month - 1;
	r->day = day;
	*s = at;
	return true;
}

static void
read_number(struct slice *s, struct reading *r)
{
	int value;
	size_t n = take_number(s, &value);

	if (n == 0)
		return;
	if (is_time(*s, n, r)) {
		read_time(s, value, r);
		return;
	}
	if (n == 4 && r->year < 0 && read_iso(s, value, r))
		return;
	if (n <= 2 && r->day < 0 && r->month < 0 && r->year < 0 &&
		read_day_first(s, value, r))
		return;
	if (r->day < 0 && (n <= 2 || (n == 3 && value <= 31))) {
		r->day = value;
	} else if (r->year < 0) {
		/* RFC 5322 4.3, and "0102" for 2002, of which there is much. */
		if (value < 50)
			value += 2000;
		else if (value < 1000)
			value += 1900;
		r->year = value;
	}
}

static void
read_word(struct slice *s, struct reading *r)
{
	char word[8] = "";
	size_t n = 0;

	while (n < s->len && ascii_is_alpha(s->data[n])) {
		if (n < sizeof(word) - 1)
			word[n] = ascii_lower(s->data[n]);
		n++;
	}
	*s = slice_skip(*s, n);
	if (n == 2 && r->hour >= 0 && (word[0] == 'a' || word[0] == 'p') &&
		word[1] == 'm') {
		r->am = word[0] == 'a';
		r->pm = word[0] == 'p';
		return;
	}
	if (n >= 3 && r->month < 0) {
		for (int i = 0; i < 12; i++) {
			if (memcmp(months + 3 * i, word, 3) == 0) {
				r->month = i;
				return;
			}
		}
	}
	if (r->hour < 0 || r->zone_numeric)
		return;
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		if (strcmp(zones[i].name, word) == 0)
			r->zone = zones[i].minutes;
	}
}

static void
read_all(struct slice s, struct reading *r)
{
	while (s.len > 0) {
		char c = s.data[0];

		if (c == '(') {
			skip_comment(&s);
		} else if (ascii_is_digit(c)) {
			read_number(&s, r);
		} else if (ascii_is_alpha(c)) {
			read_word(&s, r);
		} else if ((c == '+' || c == '-') && r->hour >= 0 &&
			   starts_with_digit(slice_skip(s, 1))) {
			read_zone(&s, r);
		} else {
			s = slice_skip(s, 1);
		}
	}
}

/* Days from 1970-01-01, proleptic Gregorian; month 0 to 11. */
static int64_t
days_from_civil(int year, int month, int day)
{
	int64_t y = month < 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t shifted = (month + 10) % 12; /* March is 0 */
	int64_t of_year = (153 * shifted + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

bool
date_parse(struct slice text, int64_t *ret_s)
{
	struct reading r = { -1, -1, -1, -1, 0, 0, 0, false, false, false };
	int64_t s;

	read_all(slice_head(text, 256), &r);
	if (r.year < 1 || r.year > 9999 || r.month < 0 || r.day < 1 ||
		r.day > 31 || r.hour > 24 || r.minute > 59 || r.second > 61)
		return false;
	if (r.hour < 0)
		r.hour = 0;
	if (r.pm && r.hour < 12)
		r.hour += 12;
	if (r.am && r.hour == 12)
		r.hour = 0;
	s = days_from_civil(r.year, r.month, r.day) * 86400 +
	    (r.hour * 60 + r.minute - r.zone) * INT64_C(60) + r.second;
	if (s < 1 || s > DATE_LAST)
		return false;
	*ret_s = s;
	return true;
}

bool
date_parse_internal(struct slice text, int64_t *ret_s)
{
	return date_parse(text, ret_s);
}

static void
put_digits(char *to, int64_t value, int n, char behind)
{
	to[n] = behind;
	while (n-- > 0) {
		to[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

void
date_print_rfc3339(int64_t s, char buf[32])
{
	int64_t days;
	int64_t era;
	int64_t of_era;
	int64_t of_year;
	int64_t y;
	int64_t m;

	buf[0] = '\0';
	if (s < 1 || s > DATE_LAST)
		return;
	days = s / 86400 + 719468;
	s %= 86400;
	era = days / 146097;
	days -= era * 146097;
	of_era = (days - days / 1460 + days / 36524 - days / 146096) / 365;
	of_year = days - (365 * of_era + of_era / 4 - of_era / 100);
	m = (5 * of_year + 2) / 153;
	y = of_era + era * 400 + (m >= 10);
	put_digits(buf, y, 4, '-');
	put_digits(buf + 5, m < 10 ? m + 3 : m - 9, 2, '-');
	put_digits(buf + 8, of_year - (153 * m + 2) / 5 + 1, 2, 'T');
	put_digits(buf + 11, s / 3600, 2, ':');
	put_digits(buf + 14, s / 60 % 60, 2, ':');
	put_digits(buf + 17, s % 60, 2, 'Z');
	buf[20] = '\0';
}
