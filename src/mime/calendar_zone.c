/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/calendar_zone.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"

enum {
	DAY_S = 86400,
	OFFSET_MAX = 18 * 3600,
	ZONE_NAME_MAX = 64,
	ZONE_SUFFIXES_MAX = 4,
};

/* --- the calendar -------------------------------------------------------- */

/* Days since 1970 in the Gregorian calendar; months from 1. */
static int64_t
days_of(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year =
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

bool
calendar_civil(struct icaltimetype t, int64_t *ret_s)
{
	if (t.year < 1 || t.year > 9998 || t.month < 1 || t.month > 12 ||
		t.day < 1 || t.day > 31)
		return false;
	*ret_s = days_of(t.year, t.month, t.day) * DAY_S;
	if (t.is_date)
		return true;
	if (t.hour < 0 || t.hour > 24 || t.minute < 0 || t.minute > 59 ||
		t.second < 0 || t.second > 60)
		return false;
	*ret_s += t.hour * 3600 + t.minute * 60 + t.second;
	return true;
}

static int64_t
day_number(int64_t civil_s)
{
	return (civil_s >= 0 ? civil_s : civil_s - (DAY_S - 1)) / DAY_S;
}

static int
weekday_of_day(int64_t day)
{
	int64_t n = (day + 4) % 7;

	return (int)(n < 0 ? n + 7 : n);
}

int
calendar_weekday(int64_t civil_s)
{
	return weekday_of_day(day_number(civil_s));
}

static int
year_of(int64_t civil_s)
{
	/* A guess that is one off at most, then looked up. */
	int64_t day = day_number(civil_s);
	int year = (int)(1970 + day / 366);

	while (days_of(year + 1, 1, 1) <= day)
		year++;
	while (days_of(year, 1, 1) > day)
		year--;
	return year;
}

/* --- a VTIMEZONE --------------------------------------------------------- */

/* STANDARD or DAYLIGHT: when its clocks begin to show its offset. */
struct observance {
	int64_t start; /* civil, by the clocks before the change */
	struct icaltimetype first;
	int64_t from;
	int64_t to;
	icalcomponent *component;
};

static const icalvalue *
value_of(icalproperty *property, icalvalue_kind kind)
{
	const icalvalue *value =
		property ? icalproperty_get_value(property) : NULL;

	return value && icalvalue_isa(value) == kind ? value : NULL;
}

static bool
read_offset(
	icalcomponent *component, icalproperty_kind kind, int64_t *ret_offset)
{
	const icalvalue *value =
		value_of(icalcomponent_get_first_property(component, kind),
			ICAL_UTCOFFSET_VALUE);

	if (!value)
		return false;
	*ret_offset = icalvalue_get_utcoffset(value);
	return *ret_offset >= -OFFSET_MAX && *ret_offset <= OFFSET_MAX;
}

static bool
read_observance(icalcomponent *component, struct observance *ret)
{
	const icalvalue *start =
		value_of(icalcomponent_get_first_property(
				 component, ICAL_DTSTART_PROPERTY),
			ICAL_DATETIME_VALUE);

	if (!start ||
		!read_offset(component, ICAL_TZOFFSETTO_PROPERTY, &ret->to))
		return false;
	if (!read_offset(component, ICAL_TZOFFSETFROM_PROPERTY, &ret->from))
		ret->from = ret->to;
	ret->first = icalvalue_get_datetime(start);
	ret->component = component;
	return calendar_civil(ret->first, &ret->start);
}

/* The day in a month that the rule means; 0 for none. */
static int64_t
day_in_month(const struct icalrecurrencetype *rule, const struct observance *it,
	int year, int month)
{
	int64_t first = days_of(year, month, 1);
	int64_t next = month == 12 ? days_of(year + 1, 1, 1)
				   : days_of(year, month + 1, 1);
	bool has_day = rule->by_day[0] != ICAL_RECURRENCE_ARRAY_MAX;
	bool has_month_day = rule->by_month_day[0] != ICAL_RECURRENCE_ARRAY_MAX;
	int want;
	int position;
	int64_t day;

	if (!has_day)
		return first - 1 +
		       (has_month_day ? rule->by_month_day[0] : it->first.day);
	want = (int)icalrecurrencetype_day_day_of_week(rule->by_day[0]) - 1;
	position = icalrecurrencetype_day_position(rule->by_day[0]);
	if (has_month_day && rule->by_month_day[0] > 0) {
		/* "The Sunday from the 8th on", the days spelt out. */
		day = first + rule->by_month_day[0] - 1;
		position = 1;
	} else if (position < 0) {
		day = next - 1;
		day -= (weekday_of_day(day) - want + 7) % 7;
		return day + 7 * (position + 1);
	} else {
		day = first;
	}
	day += (want - weekday_of_day(day) + 7) % 7;
	return day + 7 * (position > 0 ? position - 1 : 0);
}

/* The last change by the rule that is not behind `civil_s`. */
static bool
last_by_rule(const struct icalrecurrencetype *rule, const struct observance *it,
	int64_t civil_s, int64_t *ret_onset)
{
	int month = it->first.month;
	int year = year_of(civil_s);
	int64_t until = INT64_MAX;

	if (rule->freq != ICAL_YEARLY_RECURRENCE || rule->interval > 1)
		return false;
	if (rule->by_month[0] >= 1 && rule->by_month[0] <= 12)
		month = rule->by_month[0];
	if (!icaltime_is_null_time(rule->until) &&
		calendar_civil(rule->until, &until))
		until += it->from;
	for (int y = year; y >= year - 1; y--) {
		int64_t onset = day_in_month(rule, it, y, month) * DAY_S +
				it->start - day_number(it->start) * DAY_S;

		if (onset > civil_s || onset < it->start)
			continue;
		/* The rule has ended: its last year's, near enough. */
		if (onset > until)
			onset = until;
		*ret_onset = onset;
		return true;
	}
	return false;
}

static void
consider(int64_t onset, int64_t civil_s, bool *found, int64_t *best)
{
	if (onset <= civil_s && (!*found || onset > *best)) {
		*found = true;
		*best = onset;
	}
}

/* The last change to this observance that is not behind `civil_s`. */
static bool
last_onset(const struct observance *it, int64_t civil_s, int64_t *ret_onset)
{
	bool found = false;
	int64_t onset;
	icalproperty *property;

	consider(it->start, civil_s, &found, ret_onset);
	property = icalcomponent_get_first_property(
		it->component, ICAL_RDATE_PROPERTY);
	while (property) {
		const icalvalue *value =
			value_of(property, ICAL_DATETIME_VALUE);

		if (value &&
			calendar_civil(icalvalue_get_datetime(value), &onset))
			consider(onset, civil_s, &found, ret_onset);
		property = icalcomponent_get_next_property(
			it->component, ICAL_RDATE_PROPERTY);
	}
	property = icalcomponent_get_first_property(
		it->component, ICAL_RRULE_PROPERTY);
	if (value_of(property, ICAL_RECUR_VALUE)) {
		struct icalrecurrencetype rule =
			icalvalue_get_recur(icalproperty_get_value(property));

		if (last_by_rule(&rule, it, civil_s, &onset))
			consider(onset, civil_s, &found, ret_onset);
	}
	return found;
}

static bool
offset_by_component(icalcomponent *zone, int64_t civil_s, int64_t *ret_offset)
{
	int64_t latest = 0;
	int64_t earliest = 0;
	bool any = false;
	bool known = false;
	icalcompiter next =
		icalcomponent_begin_component(zone, ICAL_ANY_COMPONENT);

	for (icalcomponent *it = icalcompiter_deref(&next); it;
		it = icalcompiter_next(&next)) {
		struct observance observance;
		int64_t onset;

		if (!read_observance(it, &observance))
			continue;
		if (last_onset(&observance, civil_s, &onset)) {
			if (!known || onset > latest) {
				latest = onset;
				*ret_offset = observance.to;
			}
			known = true;
		} else if (!known && (!any || observance.start < earliest)) {
			/* Before all changes. */
			earliest = observance.start;
			*ret_offset = observance.from;
		}
		any = true;
	}
	return any;
}

static bool
has_name(icalcomponent *zone, const char *name)
{
	icalproperty *property =
		icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY);
	const icalvalue *value = value_of(property, ICAL_TEXT_VALUE);
	const char *text = value ? icalvalue_get_text(value) : NULL;

	return text && strcmp(text, name) == 0;
}

/* --- the system's database ----------------------------------------------- */

/* "Europe/Berlin", "Etc/GMT+3": what can be no other file's name. */
static bool
is_zone_name(const char *name)
{
	if (strlen(name) > ZONE_NAME_MAX || !ascii_is_alpha(*name))
		return false;
	for (; *name; name++) {
		if (!ascii_is_alnum(*name) && !strchr("_-+/", *name))
			return false;
	}
	return true;
}

static struct icaltimetype
time_of(int64_t civil_s)
{
	struct icaltimetype t = icaltime_null_time();
	int64_t day = day_number(civil_s);
	int64_t s = civil_s - day * DAY_S;

	t.year = year_of(civil_s);
	t.month = 1;
	while (t.month < 12 && days_of(t.year, t.month + 1, 1) <= day)
		t.month++;
	t.day = (int)(day - days_of(t.year, t.month, 1)) + 1;
	t.hour = (int)(s / 3600);
	t.minute = (int)(s / 60 % 60);
	t.second = (int)(s % 60);
	return t;
}

/* Names may bear a prefix: "/example.org/2024a/Europe/Berlin". */
static icaltimezone *
find_builtin(const char *name)
{
	for (int i = 0; i < ZONE_SUFFIXES_MAX && name; i++) {
		icaltimezone *zone;

		if (*name == '/')
			name++;
		zone = is_zone_name(name)
			       ? icaltimezone_get_builtin_timezone(name)
			       : NULL;
		if (zone)
			return zone;
		name = strchr(name, '/');
	}
	return NULL;
}

bool
calendar_offset(icalcomponent *calendar, const char *zone, int64_t civil_s,
	int64_t *ret_offset)
{
	icaltimezone *builtin;
	struct icaltimetype t;
	icalcompiter next = icalcomponent_begin_component(
		calendar, ICAL_VTIMEZONE_COMPONENT);

	for (icalcomponent *it = icalcompiter_deref(&next); it;
		it = icalcompiter_next(&next)) {
		if (has_name(it, zone))
			return offset_by_component(it, civil_s, ret_offset);
	}
	builtin = find_builtin(zone);
	if (!builtin)
		return false;
	t = time_of(civil_s);
	*ret_offset = icaltimezone_get_utc_offset(builtin, &t, NULL);
	return *ret_offset >= -OFFSET_MAX && *ret_offset <= OFFSET_MAX;
}
