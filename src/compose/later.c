/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/later.h"

#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/slice.h"

enum {
	MORNING = 8,
	NOON = 12,
	AFTERNOON = 14,
	EVENING = 18,
	TONIGHT = 20,
	DAY_S = 24 * 3600,
	COUNT_MAX = 100000,
	WORD_MAX = 40,
	FURTHEST_S = 366 * DAY_S * 10,
};

struct later {
	struct tm at;
	int64_t now;
	int64_t from_now; /* -1: not said so */
	bool has_day;
	bool has_time;
	bool weekday; /* and it may be today */
};

static struct slice
take_word(struct slice *rest)
{
	struct slice word;
	size_t n = 0;

	*rest = slice_trim(*rest);
	while (n < rest->len && rest->data[n] != ' ' && rest->data[n] != ',')
		n++;
	word = slice_head(*rest, n);
	*rest = slice_skip(*rest, n + 1);
	return word;
}

/* Digits off the front; -1 when there are none. */
static int
take_number(struct slice *s)
{
	int n = -1;

	while (s->len > 0 && ascii_is_digit(s->data[0]) && n < COUNT_MAX) {
		n = (n < 0 ? 0 : n) * 10 + (s->data[0] - '0');
		*s = slice_skip(*s, 1);
	}
	return n;
}

static int64_t
unit_seconds(struct slice unit)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = { { "s", 1 }, { "sec", 1 }, { "second", 1 },
		{ "seconds", 1 }, { "m", 60 }, { "min", 60 }, { "mins", 60 },
		{ "minute", 60 }, { "minutes", 60 }, { "h", 3600 },
		{ "hour", 3600 }, { "hours", 3600 }, { "d", DAY_S },
		{ "day", DAY_S }, { "days", DAY_S }, { "w", 7 * DAY_S },
		{ "week", 7 * DAY_S }, { "weeks", 7 * DAY_S } };

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (slice_eq_nocase(unit, slice_str(units[i].name)))
			return units[i].seconds;
	}
	return 0;
}

/* "2h" or "2" "hours"; `word` is the first. */
static bool
add_span(struct later *it, struct slice word, struct slice *rest)
{
	int n = take_number(&word);
	int64_t unit;

	if (n < 0 && (slice_eq_nocase(word, SLICE("a")) ||
			     slice_eq_nocase(word, SLICE("an")))) {
		n = 1;
		word = SLICE("");
	}
	unit = unit_seconds(word.len > 0 ? word : take_word(rest));
	if (n < 0 || unit == 0)
		return false;
	it->from_now = (it->from_now < 0 ? 0 : it->from_now) + n * unit;
	return true;
}

static void
set_time(struct later *it, int hour, int minute)
{
	it->at.tm_hour = hour;
	it->at.tm_min = minute;
	it->at.tm_sec = 0;
	it->has_time = true;
}

static void
set_day(struct later *it, int days)
{
	it->at.tm_mday += days;
	it->has_day = true;
}

/* "14:30", "8am", "8:30pm", "8" */
static bool
add_clock(struct later *it, struct slice word)
{
	int hour = take_number(&word);
	int minute = 0;

	if (hour < 0 || it->has_time)
		return false;
	if (word.len > 1 && (word.data[0] == ':' || word.data[0] == '.')) {
		word = slice_skip(word, 1);
		minute = take_number(&word);
	}
	if (slice_eq_nocase(word, SLICE("am")) ||
		slice_eq_nocase(word, SLICE("pm"))) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + (ascii_lower(word.data[0]) == 'p' ? 12 : 0);
		word = slice_skip(word, 2);
	}
	if (word.len > 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	set_time(it, hour, minute);
	return true;
}

/* "2026-12-01", with "T09:00" or without */
static bool
add_date(struct later *it, struct slice word)
{
	int year = take_number(&word);
	int month, day;

	if (year < 1970 || word.len == 0 || word.data[0] != '-')
		return false;
	word = slice_skip(word, 1);
	month = take_number(&word);
	if (month < 1 || month > 12 || word.len == 0 || word.data[0] != '-')
		return false;
	word = slice_skip(word, 1);
	day = take_number(&word);
	if (day < 1 || day > 31 || it->has_day)
		return false;
	it->at.tm_year = year - 1900;
	it->at.tm_mon = month - 1;
	it->at.tm_mday = day;
	it->has_day = true;
	if (word.len > 1 && word.data[0] == 'T')
		return add_clock(it, slice_skip(word, 1));
	return word.len == 0;
}

static bool
add_weekday(struct later *it, struct slice word)
{
	static const char *const days[] = { "sunday", "monday", "tuesday",
		"wednesday", "thursday", "friday", "saturday" };

	for (int i = 0; i < 7; i++) {
		struct slice name = slice_str(days[i]);

		if (word.len < 3 || word.len > name.len ||
			!slice_eq_nocase(word, slice_head(name, word.len)))
			continue;
		set_day(it, (i - it->at.tm_wday + 7) % 7);
		it->weekday = true;
		return true;
	}
	return false;
}

static bool
add_name(struct later *it, struct slice word)
{
	static const struct {
		const char *name;
		int hour; /* -1: says nothing of it */
		int days; /* -1: the same */
	} names[] = { { "today", -1, 0 }, { "tomorrow", -1, 1 },
		{ "morning", MORNING, -1 }, { "noon", NOON, -1 },
		{ "afternoon", AFTERNOON, -1 }, { "evening", EVENING, -1 },
		{ "tonight", TONIGHT, 0 }, { "midnight", 0, 1 } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!slice_eq_nocase(word, slice_str(names[i].name)))
			continue;
		if (names[i].hour >= 0 && !it->has_time)
			set_time(it, names[i].hour, 0);
		if (names[i].days >= 0 && !it->has_day)
			set_day(it, names[i].days);
		return true;
	}
	return false;
}

static bool
add_word(struct later *it, struct slice word, struct slice *rest)
{
	if (word.len == 0 || slice_eq_nocase(word, SLICE("at")) ||
		slice_eq_nocase(word, SLICE("on")) ||
		slice_eq_nocase(word, SLICE("and")) ||
		slice_eq_nocase(word, SLICE("the")) ||
		slice_eq_nocase(word, SLICE("next")))
		return true;
	if (slice_eq_nocase(word, SLICE("in")))
		return add_span(it, take_word(rest), rest);
	if (word.data[0] == '+')
		return add_span(it, slice_skip(word, 1), rest);
	if (it->from_now >= 0)
		return add_span(it, word, rest);
	if (it->has_time && it->at.tm_hour >= 1 && it->at.tm_hour <= 12 &&
		(slice_eq_nocase(word, SLICE("am")) ||
			slice_eq_nocase(word, SLICE("pm")))) {
		it->at.tm_hour = it->at.tm_hour % 12 +
				 (ascii_lower(word.data[0]) == 'p' ? 12 : 0);
		return true;
	}
	return add_name(it, word) || add_weekday(it, word) ||
	       add_date(it, word) || add_clock(it, word);
}

static int64_t
resolve(struct later *it)
{
	int64_t when;

	if (it->from_now >= 0)
		return it->now + it->from_now;
	if (!it->has_time)
		set_time(it, MORNING, 0);
	it->at.tm_isdst = -1;
	when = (int64_t)mktime(&it->at);
	if (when <= it->now && (it->weekday || !it->has_day)) {
		it->at.tm_mday += it->weekday ? 7 : 1;
		it->at.tm_isdst = -1;
		when = (int64_t)mktime(&it->at);
	}
	return when;
}

bool
later_parse(const char *text, int64_t now, int64_t *ret_when, struct error *err)
{
	struct later it = { .now = now, .from_now = -1 };
	struct slice rest = slice_trim(slice_str(text));
	time_t t = (time_t)now;
	bool ok = rest.len > 0 && localtime_r(&t, &it.at) != NULL;
	int64_t when;

	while (ok && rest.len > 0) {
		struct slice word = take_word(&rest);

		ok = word.len <= WORD_MAX && add_word(&it, word, &rest);
	}
	if (!ok || (it.from_now < 0 && !it.has_day && !it.has_time))
		return error_set(err, ERR_INVALID,
			_("“%s” is no time: say “tomorrow 8:00”, “in 2 hours”, "
			  "“monday 9am” or “2026-12-01 09:00”"),
			text);
	when = resolve(&it);
	if (when <= now || when > now + FURTHEST_S)
		return error_set(
			err, ERR_INVALID, _("“%s” is not to come"), text);
	*ret_when = when;
	return true;
}
