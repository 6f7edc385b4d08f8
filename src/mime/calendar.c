/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/calendar.h"

#include <string.h>

#include <libical/ical.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mail/card.h"
#include "mime/calendar_guard.h"
#include "mime/calendar_rule.h"
#include "mime/calendar_zone.h"
#include "mime/charset.h"
#include "mime/link.h"
#include "mime/transfer.h"

enum {
	CALENDARS_MAX = 10,
	NOTE_LINES_MAX = 200,
	DAY_S = 86400,
	DURATION_MAX = 10000, /* weeks, days, hours ...: of each */
	DURATION_SECONDS_MAX = 366 * DAY_S,
};

/* What is told. */
struct teller {
	struct document *doc;
	icalcomponent *calendar; /* that the event is in */
	char *method;            /* or NULL */
	size_t n_events;
	bool notes;
};

/* --- what libical has ---------------------------------------------------- */

/* For CLEANUP() on what it gave away. */
static void
free_ical(char **text)
{
	if (*text)
		icalmemory_free_buffer(*text);
}

static void
free_component(icalcomponent **component)
{
	if (*component)
		icalcomponent_free(*component);
}

static icalproperty *
find(icalcomponent *component, icalproperty_kind kind)
{
	return icalcomponent_get_first_property(component, kind);
}

/* The text of a property that is one, unescaped; NULL when it is not.  What a
 * value is depends on the mail: asking for another kind reads wild pointers. */
static const char *
text_of(icalproperty *property)
{
	const icalvalue *value =
		property ? icalproperty_get_value(property) : NULL;

	return value && icalvalue_isa(value) == ICAL_TEXT_VALUE
		       ? icalvalue_get_text(value)
		       : NULL;
}

static struct slice
text_slice(icalcomponent *component, icalproperty_kind kind)
{
	return slice_str(text_of(find(component, kind)));
}

/* A word such as "REQUEST", whatever its kind; the caller frees, as mail. */
static char *
word_of(icalproperty *property)
{
	char *text CLEANUP(free_ical) = NULL;

	if (!property || !icalproperty_get_value(property))
		return NULL;
	text = icalproperty_get_value_as_string_r(property);
	return xstrdup_null(text);
}

static char *
param_of(icalproperty *property, const char *name)
{
	char *text CLEANUP(free_ical) =
		icalproperty_get_parameter_as_string_r(property, name);

	return text && *text ? xstrdup(text) : NULL;
}

/* --- times --------------------------------------------------------------- */

struct moment {
	const char *kind; /* as in card.h; NULL: there is none */
	int64_t s;
	int64_t offset;
	bool has_offset;
	char *zone; /* or NULL */
};

static void
moment_clear(struct moment *moment)
{
	freep(&moment->zone);
}

static void
moment_set_zone(struct teller *teller, struct moment *moment)
{
	if (!moment->zone)
		return;
	if (!calendar_offset(
		    teller->calendar, moment->zone, moment->s, &moment->offset))
		return;
	moment->s -= moment->offset;
	moment->kind = "utc";
	moment->has_offset = true;
}

static void
moment_read(
	struct teller *teller, icalproperty *property, struct moment *moment)
{
	const icalvalue *value =
		property ? icalproperty_get_value(property) : NULL;
	struct icaltimetype t;

	*moment = (struct moment){ 0 };
	if (!value)
		return;
	if (icalvalue_isa(value) == ICAL_DATE_VALUE)
		t = icalvalue_get_date(value);
	else if (icalvalue_isa(value) == ICAL_DATETIME_VALUE)
		t = icalvalue_get_datetime(value);
	else
		return;
	if (!calendar_civil(t, &moment->s))
		return;
	moment->kind = t.is_date ? "days" : "floating";
	if (t.is_date)
		return;
	if (icaltime_is_utc(t)) {
		moment->kind = "utc";
		return;
	}
	moment->zone = param_of(property, "TZID");
	moment_set_zone(teller, moment);
}

/* RFC 5545 3.3.6, within reason. */
static bool
read_duration(icalproperty *property, int64_t *ret_s)
{
	const icalvalue *value =
		property ? icalproperty_get_value(property) : NULL;
	struct icaldurationtype d;

	if (!value || icalvalue_isa(value) != ICAL_DURATION_VALUE)
		return false;
	d = icalvalue_get_duration(value);
	if (d.is_neg || d.weeks > DURATION_MAX || d.days > DURATION_MAX ||
		d.hours > DURATION_MAX || d.minutes > DURATION_SECONDS_MAX ||
		d.seconds > DURATION_SECONDS_MAX)
		return false;
	*ret_s = (int64_t)d.weeks * 7 * DAY_S + (int64_t)d.days * DAY_S +
		 (int64_t)d.hours * 3600 + (int64_t)d.minutes * 60 + d.seconds;
	return *ret_s > 0;
}

static void
add_when(struct teller *teller, const char *key, const struct moment *start,
	const struct moment *end, int64_t duration)
{
	struct document *doc = teller->doc;
	bool same = end->kind && strcmp(end->kind, start->kind) == 0;
	bool has_zone = same && end->has_offset;

	card_begin(doc, key);
	card_add_column(doc, slice_str(start->kind));
	card_add_number(doc, start->s);
	card_add_number_if(
		doc, same || duration > 0, same ? end->s : start->s + duration);
	card_add_number_if(doc, start->has_offset, start->offset);
	card_add_number_if(
		doc, start->has_offset, has_zone ? end->offset : start->offset);
	card_add_column(doc, slice_str(start->zone));
}

static void
tell_when(struct teller *teller, icalcomponent *event, struct moment *start)
{
	struct moment end CLEANUP(moment_clear) = { 0 };
	struct moment due CLEANUP(moment_clear) = { 0 };
	const struct moment none = { 0 };
	int64_t duration = 0;

	moment_read(teller, find(event, ICAL_DTEND_PROPERTY), &end);
	moment_read(teller, find(event, ICAL_DUE_PROPERTY), &due);
	if (!end.kind)
		(void)read_duration(
			find(event, ICAL_DURATION_PROPERTY), &duration);
	if (start->kind)
		add_when(teller, "when", start, &end, duration);
	if (due.kind)
		add_when(teller, "due", &due, &none, 0);
}

/* --- people -------------------------------------------------------------- */

static struct slice
without_scheme(struct slice address)
{
	if (slice_starts_nocase(address, SLICE("mailto:")))
		return slice_trim(slice_skip(address, 7));
	return address;
}

/* "Ann Example <ann@example.org>"; whichever there is. */
static void
add_person(icalproperty *property, struct strbuf *out)
{
	char *name CLEANUP(freep) = param_of(property, "CN");
	char *value CLEANUP(freep) = word_of(property);
	char *email CLEANUP(freep) = param_of(property, "EMAIL");
	struct slice address = without_scheme(slice_str(value));

	/* Exchange's own addresses say nothing to people. */
	if (slice_find(address, '@') == address.len && email)
		address = slice_str(email);
	if (slice_find(address, '@') == address.len && name)
		address.len = 0;
	if (name && !slice_eq_nocase(slice_str(name), address)) {
		strbuf_add_str(out, name);
		if (address.len > 0) {
			strbuf_add_str(out, " <");
			strbuf_add_slice(out, address);
			strbuf_add_char(out, '>');
		}
		return;
	}
	strbuf_add_slice(out, address);
}

static void
tell_organizer(struct teller *teller, icalcomponent *event)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	icalproperty *property = find(event, ICAL_ORGANIZER_PROPERTY);

	if (!property)
		return;
	strbuf_init(&text, GUARD_LINE_MAX);
	add_person(property, &text);
	if (text.len == 0)
		return;
	card_begin(teller->doc, "organizer");
	card_add_column(teller->doc, strbuf_slice(&text));
}

static void
tell_attendee(struct teller *teller, icalproperty *property)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	char *answer CLEANUP(freep) = param_of(property, "PARTSTAT");
	char *role CLEANUP(freep) = param_of(property, "ROLE");

	strbuf_init(&text, GUARD_LINE_MAX);
	add_person(property, &text);
	card_begin(teller->doc, "attendee");
	card_add_column(teller->doc, slice_str(answer));
	card_add_column(teller->doc, slice_str(role));
	card_add_column(teller->doc, strbuf_slice(&text));
}

static void
tell_attendees(struct teller *teller, icalcomponent *event)
{
	size_t n = 0;
	icalproperty *it = find(event, ICAL_ATTENDEE_PROPERTY);

	for (; it; it = icalcomponent_get_next_property(
			   event, ICAL_ATTENDEE_PROPERTY)) {
		if (n++ < CALENDAR_ATTENDEES_MAX)
			tell_attendee(teller, it);
	}
	if (n > CALENDAR_ATTENDEES_MAX) {
		card_begin(teller->doc, "more");
		card_add_number(
			teller->doc, (int64_t)(n - CALENDAR_ATTENDEES_MAX));
	}
}

/* --- the event ----------------------------------------------------------- */

static bool
is_reply(const struct teller *teller)
{
	return teller->method &&
	       slice_eq_nocase(slice_str(teller->method), SLICE("REPLY"));
}

static void
tell_title(struct teller *teller, icalcomponent *event)
{
	struct document *doc = teller->doc;
	struct strbuf who CLEANUP(strbuf_clear) = { 0 };
	char *answer CLEANUP(freep) = NULL;
	char *status CLEANUP(freep) =
		word_of(find(event, ICAL_STATUS_PROPERTY));
	char *sequence CLEANUP(freep) =
		word_of(find(event, ICAL_SEQUENCE_PROPERTY));
	icalproperty *attendee = find(event, ICAL_ATTENDEE_PROPERTY);
	bool todo = icalcomponent_isa(event) == ICAL_VTODO_COMPONENT;

	strbuf_init(&who, GUARD_LINE_MAX);
	if (attendee && is_reply(teller)) {
		add_person(attendee, &who);
		answer = param_of(attendee, "PARTSTAT");
	}
	card_begin(doc, "title");
	card_add_column(doc, slice_str(teller->method));
	card_add_column(doc, slice_str(status));
	card_add_column(doc, slice_str(sequence));
	card_add_column(doc, slice_str(todo ? "VTODO" : "VEVENT"));
	card_add_column(doc, strbuf_slice(&who));
	card_add_column(doc, slice_str(answer));
	card_add_column(doc, text_slice(event, ICAL_SUMMARY_PROPERTY));
}

/* Text as its writer broke it into lines, with its links. */
static void
tell_text(struct teller *teller, struct slice text)
{
	struct strbuf fine CLEANUP(strbuf_clear) = { 0 };
	struct slice rest;
	struct slice line;

	if (slice_trim(text).len == 0)
		return;
	/* A character may have been cut in two. */
	strbuf_init(&fine, 4 * GUARD_LINE_MAX);
	utf8_repair(slice_trim(text), &fine);
	rest = strbuf_slice(&fine);
	document_begin(teller->doc, PARAGRAPH_TEXT, 0, 0);
	for (int n = 0; n < NOTE_LINES_MAX && slice_next_line(&rest, &line);
		n++) {
		document_begin(teller->doc, PARAGRAPH_TEXT, 0, 0);
		link_add_text(teller->doc, line, 0);
	}
	if (rest.len > 0)
		teller->doc->truncated = true;
}

static void
tell_where(struct teller *teller, icalcomponent *event)
{
	struct slice where = text_slice(event, ICAL_LOCATION_PROPERTY);

	if (slice_trim(where).len == 0)
		return;
	card_begin(teller->doc, "where");
	card_add_column(teller->doc, slice_trim(where));
}

static bool
has_link(struct slice text)
{
	for (; text.len > 3; text = slice_skip(text, 1)) {
		if (slice_starts(text, SLICE("://")))
			return true;
	}
	return false;
}

static void
tell_notes(struct teller *teller, icalcomponent *event)
{
	char *url CLEANUP(freep) = word_of(find(event, ICAL_URL_PROPERTY));
	struct slice where = text_slice(event, ICAL_LOCATION_PROPERTY);

	/* A row of the card holds no links. */
	if (has_link(where))
		tell_text(teller, where);
	if (url)
		tell_text(teller, slice_str(url));
	if (!teller->notes)
		return;
	tell_text(teller, text_slice(event, ICAL_DESCRIPTION_PROPERTY));
	tell_text(teller, text_slice(event, ICAL_COMMENT_PROPERTY));
}

static void
tell_event(struct teller *teller, icalcomponent *event)
{
	struct moment start CLEANUP(moment_clear) = { 0 };

	moment_read(teller, find(event, ICAL_DTSTART_PROPERTY), &start);
	tell_title(teller, event);
	tell_when(teller, event, &start);
	calendar_tell_rule(event, teller->doc);
	tell_where(teller, event);
	tell_organizer(teller, event);
	if (!is_reply(teller))
		tell_attendees(teller, event);
	tell_notes(teller, event);
}

/* --- the calendar -------------------------------------------------------- */

static void
tell_calendar(struct teller *teller, icalcomponent *calendar)
{
	icalcompiter next =
		icalcomponent_begin_component(calendar, ICAL_ANY_COMPONENT);

	teller->calendar = calendar;
	freep(&teller->method);
	teller->method = word_of(find(calendar, ICAL_METHOD_PROPERTY));
	for (icalcomponent *it = icalcompiter_deref(&next); it;
		it = icalcompiter_next(&next)) {
		icalcomponent_kind kind = icalcomponent_isa(it);

		if (kind != ICAL_VEVENT_COMPONENT &&
			kind != ICAL_VTODO_COMPONENT)
			continue;
		if (teller->n_events++ < CALENDAR_EVENTS_MAX)
			tell_event(teller, it);
	}
}

static void
tell_all(struct teller *teller, icalcomponent *root)
{
	icalcompiter next;
	int n = 0;

	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) {
		tell_calendar(teller, root);
		return;
	}
	next = icalcomponent_begin_component(root, ICAL_VCALENDAR_COMPONENT);
	for (icalcomponent *it = icalcompiter_deref(&next);
		it && n < CALENDARS_MAX; it = icalcompiter_next(&next), n++)
		tell_calendar(teller, it);
}

bool
calendar_read_text(struct slice text, bool notes, struct document *doc)
{
	struct strbuf lines CLEANUP(strbuf_clear) = { 0 };
	icalcomponent *root CLEANUP(free_component) = NULL;
	struct teller teller = { .doc = doc, .notes = notes };

	strbuf_init(&lines, GUARD_OUTPUT_MAX);
	calendar_guard(text, &lines);
	if (lines.len == 0)
		return false;
	/* Else a value that cannot be read ends the process. */
	if (icalerror_get_errors_are_fatal())
		icalerror_set_errors_are_fatal(0);
	root = icalparser_parse_string(lines.data);
	if (!root)
		return false;
	tell_all(&teller, root);
	freep(&teller.method);
	if (teller.n_events > CALENDAR_EVENTS_MAX) {
		card_begin(doc, "events");
		card_add_number(
			doc, (int64_t)(teller.n_events - CALENDAR_EVENTS_MAX));
	}
	return teller.n_events > 0;
}

/* --- the part ------------------------------------------------------------ */

bool
calendar_is_part(const struct part *part)
{
	return part_is_type(part, "text/calendar") ||
	       part_is_type(part, "application/ics") ||
	       part_is_type(part, "text/x-vcalendar");
}

/* RFC 5545 3.1: lines may be folded in the middle of a character, so this comes
 * before the charset. */
static void
unfold(struct slice bytes, struct strbuf *out)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.data[i];
		size_t n = i;

		if (c == '\r' && n + 1 < bytes.len && bytes.data[n + 1] == '\n')
			n++;
		if (bytes.data[n] == '\n' && n + 1 < bytes.len &&
			(bytes.data[n + 1] == ' ' ||
				bytes.data[n + 1] == '\t')) {
			i = n + 1;
			continue;
		}
		if (c != '\0')
			strbuf_add_char(out, c);
	}
}

bool
calendar_read(const struct part *part, struct slice bytes, bool notes,
	struct document *doc)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };
	struct strbuf unfolded CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&decoded, CALENDAR_BYTES_MAX);
	strbuf_init(&unfolded, CALENDAR_BYTES_MAX);
	strbuf_init(&text, 4 * CALENDAR_BYTES_MAX);
	bytes = slice_head(bytes, CALENDAR_BYTES_MAX);
	if (part->encoding != ENCODING_IDENTITY) {
		transfer_decode(part->encoding, bytes, &decoded);
		bytes = strbuf_slice(&decoded);
	}
	unfold(bytes, &unfolded);
	charset_to_utf8(slice_str(part->charset), CHARSET_DECLARED,
		strbuf_slice(&unfolded), &text);
	return calendar_read_text(strbuf_slice(&text), notes, doc);
}
