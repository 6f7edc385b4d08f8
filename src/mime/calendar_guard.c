/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/calendar_guard.h"

#include <stdbool.h>

#include "base/array.h"

/* What the ends of all that can be open take. */
enum { END_ROOM = GUARD_DEPTH_MAX * 32 };

/* Components that are told, and where each may stand. */
enum component {
	COMPONENT_NONE, /* outside of all */
	COMPONENT_CALENDAR,
	COMPONENT_EVENT,
	COMPONENT_TODO,
	COMPONENT_TIMEZONE,
	COMPONENT_STANDARD,
	COMPONENT_DAYLIGHT,
	COMPONENTS,
};

static const struct {
	const char *name;
	enum component parent;
} components[COMPONENTS] = {
	[COMPONENT_CALENDAR] = { "VCALENDAR", COMPONENT_NONE },
	[COMPONENT_EVENT] = { "VEVENT", COMPONENT_CALENDAR },
	[COMPONENT_TODO] = { "VTODO", COMPONENT_CALENDAR },
	[COMPONENT_TIMEZONE] = { "VTIMEZONE", COMPONENT_CALENDAR },
	[COMPONENT_STANDARD] = { "STANDARD", COMPONENT_TIMEZONE },
	[COMPONENT_DAYLIGHT] = { "DAYLIGHT", COMPONENT_TIMEZONE },
};

/* Properties that are read; the text of some may be cut. */
static const struct {
	const char *name;
	bool text;
} properties[] = {
	{ "ATTENDEE", false },
	{ "COMMENT", true },
	{ "DESCRIPTION", true },
	{ "DTEND", false },
	{ "DTSTART", false },
	{ "DUE", false },
	{ "DURATION", false },
	{ "EXDATE", false },
	{ "LOCATION", true },
	{ "METHOD", false },
	{ "ORGANIZER", false },
	{ "RDATE", false },
	{ "RECURRENCE-ID", false },
	{ "RRULE", false },
	{ "SEQUENCE", false },
	{ "STATUS", false },
	{ "SUMMARY", true },
	{ "TZID", false },
	{ "TZNAME", true },
	{ "TZOFFSETFROM", false },
	{ "TZOFFSETTO", false },
	{ "URL", false },
};

struct guard {
	enum component open[GUARD_DEPTH_MAX];
	size_t depth;
	size_t skipping; /* depth below a component that is left out */
	size_t n_components;
	size_t n_properties; /* of the one that is open */
	struct strbuf *out;
};

/* Takes one line with its continuations off the front, unfolded. */
static bool
next_line(struct slice *rest, struct strbuf *line, bool *ret_long)
{
	struct slice piece;

	strbuf_reset(line);
	*ret_long = false;
	if (!slice_next_line(rest, &piece))
		return false;
	for (;;) {
		for (size_t i = 0; i < piece.len; i++) {
			char c = piece.data[i];

			if (c == '\t')
				c = ' ';
			if (ascii_is_control(c))
				continue;
			if (!strbuf_add_char(line, c)) {
				*ret_long = true;
				line->full = false;
				break;
			}
		}
		if (rest->len == 0 ||
			(rest->data[0] != ' ' && rest->data[0] != '\t'))
			return true;
		*rest = slice_skip(*rest, 1);
		if (!slice_next_line(rest, &piece))
			return true;
	}
}

static void
add_line(struct guard *guard, struct slice line)
{
	if (guard->out->len + line.len + 2 + END_ROOM > guard->out->limit)
		return;
	strbuf_add_slice(guard->out, line);
	strbuf_add_str(guard->out, "\r\n");
}

static enum component
component_of(struct slice name)
{
	for (int i = COMPONENT_CALENDAR; i < COMPONENTS; i++) {
		if (slice_eq_nocase(name, slice_str(components[i].name)))
			return (enum component)i;
	}
	return COMPONENT_NONE;
}

static void
begin(struct guard *guard, struct slice name)
{
	enum component it = component_of(name);
	enum component parent = guard->depth > 0 ? guard->open[guard->depth - 1]
						 : COMPONENT_NONE;

	if (guard->skipping > 0 || it == COMPONENT_NONE ||
		components[it].parent != parent ||
		guard->depth == GUARD_DEPTH_MAX ||
		guard->n_components == GUARD_COMPONENTS_MAX ||
		guard->out->len + 2 * END_ROOM > guard->out->limit) {
		guard->skipping++;
		return;
	}
	guard->n_components++;
	guard->n_properties = 0;
	guard->open[guard->depth++] = it;
	strbuf_addf(guard->out, "BEGIN:%s\r\n", components[it].name);
}

static void
close_one(struct guard *guard)
{
	enum component it = guard->open[--guard->depth];

	strbuf_addf(guard->out, "END:%s\r\n", components[it].name);
}

static void
end(struct guard *guard, struct slice name)
{
	enum component it = component_of(name);
	size_t at = guard->depth;

	if (guard->skipping > 0) {
		guard->skipping--;
		return;
	}
	while (at > 0 && guard->open[at - 1] != it)
		at--;
	while (at > 0 && guard->depth >= at)
		close_one(guard);
}

/* Length of a name; 0 when the line does not begin with one. */
static size_t
name_length(struct slice line)
{
	size_t n = 0;

	while (n < line.len &&
		(ascii_is_alnum(line.data[n]) || line.data[n] == '-'))
		n++;
	return n < line.len && (line.data[n] == ':' || line.data[n] == ';') ? n
									    : 0;
}

/*
 * RFC 5545 3.1: name, parameters, value.  Where the value begins; 0 when there
 * is none, or too many parameters, or a quote that is left open.
 */
static size_t
value_start(struct slice line)
{
	bool quoted = false;
	int params = 0;

	for (size_t i = name_length(line); i < line.len; i++) {
		char c = line.data[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == ';' && ++params > GUARD_PARAMS_MAX)
			return 0;
		else if (!quoted && c == ':')
			return i + 1;
	}
	return 0;
}

/* Where a word stands in the text, or its length. */
static size_t
find(struct slice text, struct slice word)
{
	for (size_t i = 0; i + word.len <= text.len; i++) {
		if (slice_starts_nocase(slice_skip(text, i), word))
			return i;
	}
	return text.len;
}

/*
 * RFC 5545 3.2.20.  Of a value of another kind libical tells standard error, in
 * the mail's words.
 */
static bool
has_odd_kind(struct slice params)
{
	static const char *const kinds[] = { "DATE", "DATE-TIME", "TEXT", "URI",
		"CAL-ADDRESS" };
	size_t at = find(params, SLICE(";VALUE="));
	struct slice kind = slice_skip(params, at + 7);
	size_t n = 0;

	if (at == params.len)
		return false;
	while (n < kind.len && kind.data[n] != ';' && kind.data[n] != ':')
		n++;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (slice_eq_nocase(slice_head(kind, n), slice_str(kinds[i])))
			return find(kind, SLICE(";VALUE=")) < kind.len;
	}
	return true;
}

/* What nobody needs, and what other readers stumbled over. */
static bool
is_refused(struct slice line, struct slice name, size_t value)
{
	struct slice params = slice_head(line, value);

	if (find(params, SLICE("ENCODING=")) < params.len ||
		has_odd_kind(params))
		return true;
	return slice_eq_nocase(name, SLICE("RRULE")) &&
	       find(line, SLICE("RSCALE")) < line.len;
}

static void
property(struct guard *guard, struct slice line, bool is_long)
{
	struct slice name = slice_head(line, name_length(line));
	size_t value = value_start(line);

	if (value == 0 || guard->depth == 0 || guard->skipping > 0 ||
		guard->n_properties >= GUARD_PROPERTIES_MAX ||
		is_refused(line, name, value))
		return;
	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		if (!slice_eq_nocase(name, slice_str(properties[i].name)))
			continue;
		if (is_long && !properties[i].text)
			return;
		guard->n_properties++;
		add_line(guard, line);
		return;
	}
}

static void
read_line(struct guard *guard, struct slice line, bool is_long)
{
	struct slice word = slice_trim(line);

	if (slice_starts_nocase(word, SLICE("BEGIN:")))
		begin(guard, slice_trim(slice_skip(word, 6)));
	else if (slice_starts_nocase(word, SLICE("END:")))
		end(guard, slice_trim(slice_skip(word, 4)));
	else
		property(guard, line, is_long);
}

void
calendar_guard(struct slice text, struct strbuf *out)
{
	struct guard guard = { .out = out };
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct slice mark = SLICE("\xef\xbb\xbf");
	bool is_long;

	strbuf_init(&line, GUARD_LINE_MAX);
	if (slice_starts(text, mark))
		text = slice_skip(text, mark.len);
	while (next_line(&text, &line, &is_long))
		read_line(&guard, strbuf_slice(&line), is_long);
	while (guard.depth > 0)
		close_one(&guard);
}
