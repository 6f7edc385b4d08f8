/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/calendar_rule.h"

#include "mail/card.h"
#include "mime/calendar_zone.h"

enum { DAYS_SIZE = 100 };

static size_t
count(const short *list, size_t size)
{
	size_t n = 0;

	while (n < size && list[n] != ICAL_RECURRENCE_ARRAY_MAX)
		n++;
	return n;
}

static const char *
weekday_word(int day)
{
	static const char words[7][3] = { "SU", "MO", "TU", "WE", "TH", "FR",
		"SA" };

	return words[((day % 7) + 7) % 7];
}

static int
weekday_of(short encoded)
{
	return (int)icalrecurrencetype_day_day_of_week(encoded) - 1;
}

/* "TU,TH"; of a rule that names none, the day it begins on. */
static void
print_week(const struct icalrecurrencetype *rule, int64_t civil_s,
	struct strbuf *out)
{
	size_t n = count(rule->by_day, ICAL_BY_DAY_SIZE);

	for (size_t i = 0; i < n && i < 7; i++) {
		if (i > 0)
			strbuf_add_char(out, ',');
		strbuf_add_str(out, weekday_word(weekday_of(rule->by_day[i])));
	}
	if (n == 0)
		strbuf_add_str(out, weekday_word(calendar_weekday(civil_s)));
}

/* "2TU" or "15", where one of them says it. */
static void
print_month(const struct icalrecurrencetype *rule, struct icaltimetype start,
	struct strbuf *out)
{
	size_t n_days = count(rule->by_day, ICAL_BY_DAY_SIZE);
	size_t n_dates = count(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE);
	size_t n_positions = count(rule->by_set_pos, ICAL_BY_SETPOS_SIZE);
	int position;

	if (n_days == 0 && n_dates <= 1) {
		strbuf_addf(
			out, "%d", n_dates ? rule->by_month_day[0] : start.day);
		return;
	}
	if (n_days != 1 || n_dates > 0 || n_positions > 1)
		return;
	position = icalrecurrencetype_day_position(rule->by_day[0]);
	if (n_positions == 1)
		position = rule->by_set_pos[0];
	if (position)
		strbuf_addf(out, "%d%s", position,
			weekday_word(weekday_of(rule->by_day[0])));
}

static const char *
frequency_of(const struct icalrecurrencetype *rule)
{
	switch (rule->freq) {
	case ICAL_YEARLY_RECURRENCE:
		return "YEARLY";
	case ICAL_MONTHLY_RECURRENCE:
		return "MONTHLY";
	case ICAL_WEEKLY_RECURRENCE:
		return "WEEKLY";
	case ICAL_DAILY_RECURRENCE:
		return "DAILY";
	case ICAL_HOURLY_RECURRENCE:
	case ICAL_MINUTELY_RECURRENCE:
	case ICAL_SECONDLY_RECURRENCE:
		return "HOURLY";
	case ICAL_NO_RECURRENCE:
		break;
	}
	return NULL;
}

/* Whether there is more to it than what is told. */
static bool
has_more(const struct icalrecurrencetype *rule, bool has_days)
{
	bool monthly = rule->freq == ICAL_MONTHLY_RECURRENCE;
	bool yearly = rule->freq == ICAL_YEARLY_RECURRENCE;
	size_t n_days = count(rule->by_day, ICAL_BY_DAY_SIZE);
	size_t n_dates = count(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE);

	if (count(rule->by_week_no, ICAL_BY_WEEKNO_SIZE) > 0 ||
		count(rule->by_year_day, ICAL_BY_YEARDAY_SIZE) > 0 ||
		count(rule->by_hour, ICAL_BY_HOUR_SIZE) > 1 ||
		count(rule->by_minute, ICAL_BY_MINUTE_SIZE) > 1)
		return true;
	if (count(rule->by_month, ICAL_BY_MONTH_SIZE) > (yearly ? 1u : 0u))
		return true;
	if (monthly)
		return !has_days || rule->interval > 1;
	if (yearly)
		return n_days > 1 || n_dates > 1;
	if (count(rule->by_set_pos, ICAL_BY_SETPOS_SIZE) > 0 || n_dates > 0)
		return true;
	return n_days > 0 && rule->freq != ICAL_WEEKLY_RECURRENCE;
}

static void
add_until(struct document *doc, const struct icalrecurrencetype *rule)
{
	int64_t until;

	if (icaltime_is_null_time(rule->until) ||
		!calendar_civil(rule->until, &until)) {
		card_add_column(doc, SLICE(""));
		card_add_column(doc, SLICE(""));
		return;
	}
	card_add_column(doc,
		slice_str(icaltime_is_utc(rule->until) ? "utc" : "floating"));
	card_add_number(doc, until);
}

void
calendar_tell_rule(icalcomponent *event, struct document *doc)
{
	struct strbuf days CLEANUP(strbuf_clear) = { 0 };
	icalproperty *property =
		icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	const icalvalue *value =
		property ? icalproperty_get_value(property) : NULL;
	icalproperty *from =
		icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
	const icalvalue *start = from ? icalproperty_get_value(from) : NULL;
	struct icaltimetype t = icaltime_null_time();
	struct icalrecurrencetype rule;
	int64_t civil_s = 0;
	bool except = icalcomponent_get_first_property(
			      event, ICAL_EXDATE_PROPERTY) != NULL;

	if (!value || icalvalue_isa(value) != ICAL_RECUR_VALUE || !start)
		return;
	rule = icalvalue_get_recur(value);
	if (icalvalue_isa(start) == ICAL_DATE_VALUE)
		t = icalvalue_get_date(start);
	else if (icalvalue_isa(start) == ICAL_DATETIME_VALUE)
		t = icalvalue_get_datetime(start);
	if (!frequency_of(&rule) || !calendar_civil(t, &civil_s) ||
		rule.count == 1)
		return;
	/* "Every day, but Monday to Friday only" is a week's rule. */
	if (rule.freq == ICAL_DAILY_RECURRENCE && rule.interval <= 1 &&
		count(rule.by_day, ICAL_BY_DAY_SIZE) > 0)
		rule.freq = ICAL_WEEKLY_RECURRENCE;
	strbuf_init(&days, DAYS_SIZE);
	if (rule.freq == ICAL_WEEKLY_RECURRENCE)
		print_week(&rule, civil_s, &days);
	else if (rule.freq == ICAL_MONTHLY_RECURRENCE)
		print_month(&rule, t, &days);
	card_begin(doc, "repeat");
	card_add_column(doc, slice_str(frequency_of(&rule)));
	card_add_number(doc, rule.interval);
	card_add_number_if(doc, rule.count > 0, rule.count);
	add_until(doc, &rule);
	card_add_column(doc, strbuf_slice(&days));
	card_add_column(doc,
		slice_str(except ? "1"
				 : (has_more(&rule, days.len > 0) ? "2" : "")));
}
