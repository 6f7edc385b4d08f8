/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/auth_results.h"

#include "base/array.h"
#include "base/utf8.h"
#include "mail/authentication.h"
#include "mime/header.h"

/* Where a server's run of fields stands that still goes on. */
struct server_run {
	struct slice name; /* raw, of its first field */
	size_t last;       /* position of its last field */
};

struct reader {
	struct server_run servers[AUTH_RESULTS_SERVERS_MAX];
	size_t n_servers;
	size_t n_fields;
	struct strbuf *out;
};

/* RFC 5322 3.2.2: blanks, folds, and comments, which may hold each other. */
static void
skip_blanks(struct slice *s)
{
	size_t depth = 0;
	size_t i = 0;

	for (; i < s->len; i++) {
		char c = s->data[i];

		if (c == '(')
			depth++;
		else if (depth > 0 && c == ')')
			depth--;
		else if (depth > 0 && c == '\\')
			i++;
		else if (depth == 0 && !ascii_is_space(c))
			break;
	}
	*s = slice_skip(*s, i);
}

static bool
take(struct slice *s, char c)
{
	if (s->len == 0 || s->data[0] != c)
		return false;
	*s = slice_skip(*s, 1);
	return true;
}

/* A quoted string, as it stands between its quotes. */
static struct slice
quoted_word(struct slice *s)
{
	struct slice word = slice_skip(*s, 1);
	size_t n = 0;

	while (n < word.len && word.data[n] != '"')
		n += word.data[n] == '\\' ? 2 : 1;
	*s = slice_skip(word, n + 1);
	return slice_head(word, n);
}

/* A word up to a blank, a semicolon, a comment or one of `ends`. */
static struct slice
next_word(struct slice *s, struct slice ends)
{
	struct slice word = *s;
	size_t n = 0;

	if (s->len > 0 && s->data[0] == '"')
		return quoted_word(s);
	while (n < s->len && !ascii_is_space(s->data[n]) && s->data[n] != ';' &&
		s->data[n] != '(' && slice_find(ends, s->data[n]) == ends.len)
		n++;
	*s = slice_skip(*s, n);
	return slice_head(word, n);
}

/* Without quoting, control characters, and blanks unless they may stay. */
static void
add_word(struct slice word, bool blanks, struct strbuf *out)
{
	word = slice_head(word, utf8_cut(word, AUTH_RESULTS_WORD_MAX));
	for (size_t i = 0; i < word.len; i++) {
		struct slice one = slice_skip(word, i);

		if (one.data[0] == '\\' && one.len > 1)
			continue;
		if (ascii_is_control(one.data[0]) || one.data[0] == ' ')
			strbuf_add_char(out, blanks ? ' ' : '_');
		else
			strbuf_add_char(out, one.data[0]);
	}
}

/* To where the next result begins. */
static void
skip_result(struct slice *s)
{
	while (s->len > 0 && s->data[0] != ';') {
		if (s->data[0] == '"') {
			quoted_word(s);
		} else if (s->data[0] == '(') {
			skip_blanks(s);
		} else {
			*s = slice_skip(*s, 1);
		}
	}
}

/* "smtp.mailfrom=ann@example.org"; servers also write "action=none". */
static bool
read_property(struct slice *s, struct strbuf *properties, struct strbuf *reason)
{
	struct slice name = next_word(s, SLICE("=."));
	struct slice of = { 0 };
	struct slice value;

	skip_blanks(s);
	if (take(s, '.')) {
		skip_blanks(s);
		of = next_word(s, SLICE("="));
		skip_blanks(s);
	}
	if (name.len == 0 || !take(s, '='))
		return false;
	skip_blanks(s);
	value = next_word(s, SLICE(""));
	if (of.len == 0 && slice_eq_nocase(name, SLICE("reason"))) {
		strbuf_reset(reason);
		add_word(value, true, reason);
		return true;
	}
	if (properties->len > 0)
		strbuf_add_char(properties, ' ');
	add_word(name, false, properties);
	if (of.len > 0) {
		strbuf_add_char(properties, '.');
		add_word(of, false, properties);
	}
	strbuf_add_char(properties, '=');
	add_word(value, false, properties);
	return true;
}

/* A line of the packed form, or nothing where it would not fit. */
static void
add_line(struct reader *reader, struct slice server, struct slice method,
	struct slice result, const struct strbuf *reason,
	const struct strbuf *properties)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, AUTHENTICATION_PACKED_MAX);
	strbuf_addf(&line, "%zu\t", reader->n_fields);
	add_word(server, false, &line);
	strbuf_add_char(&line, '\t');
	add_word(method, false, &line);
	strbuf_add_char(&line, '\t');
	add_word(result, false, &line);
	strbuf_add_char(&line, '\t');
	strbuf_add_slice(&line, strbuf_slice(reason));
	strbuf_add_char(&line, '\t');
	strbuf_add_slice(&line, strbuf_slice(properties));
	strbuf_add_char(&line, '\n');
	if (!line.full && !reader->out->full &&
		reader->out->len + 3 * line.len <= reader->out->limit)
		utf8_repair(strbuf_slice(&line), reader->out);
}

/* "dkim/1 = pass reason="..." header.d=example.org" (RFC 8601 2.2). */
static void
read_result(struct reader *reader, struct slice server, struct slice *s)
{
	struct strbuf reason CLEANUP(strbuf_clear) = { 0 };
	struct strbuf properties CLEANUP(strbuf_clear) = { 0 };
	struct slice method = next_word(s, SLICE("=/"));
	struct slice result;

	strbuf_init(&reason, AUTH_RESULTS_WORD_MAX);
	strbuf_init(&properties, 4 * AUTH_RESULTS_WORD_MAX);
	skip_blanks(s);
	if (take(s, '/')) {
		skip_blanks(s);
		(void)next_word(s, SLICE("="));
		skip_blanks(s);
	}
	if (method.len == 0 || !take(s, '='))
		return;
	skip_blanks(s);
	result = next_word(s, SLICE("="));
	if (result.len == 0)
		return;
	for (skip_blanks(s); s->len > 0 && s->data[0] != ';'; skip_blanks(s)) {
		if (!read_property(s, &properties, &reason))
			break;
	}
	add_line(reader, server, method, result, &reason, &properties);
}

/* The server's name; false where the field does not begin with one. */
static bool
read_server(struct slice *s, struct slice *ret_server)
{
	skip_blanks(s);
	*ret_server = next_word(s, SLICE("="));
	if (ret_server->len == 0)
		return false;
	skip_blanks(s);
	/* RFC 8601 2.2: a version of the field's own may follow. */
	while (s->len > 0 && ascii_is_digit(s->data[0]))
		*s = slice_skip(*s, 1);
	skip_blanks(s);
	return s->len == 0 || s->data[0] == ';';
}

/* Whether the field at this position counts among those of its server. */
static bool
is_on_top(struct reader *reader, struct slice server, size_t position)
{
	for (size_t i = 0; i < reader->n_servers; i++) {
		struct server_run *run = &reader->servers[i];

		if (!slice_eq_nocase(run->name, server))
			continue;
		if (position != run->last + 1)
			return false;
		run->last = position;
		return true;
	}
	if (reader->n_servers == ARRAY_LEN(reader->servers))
		return false;
	reader->servers[reader->n_servers++] =
		(struct server_run){ server, position };
	return true;
}

static void
read_field(struct reader *reader, struct slice value, size_t position)
{
	struct slice s = slice_head(value, AUTH_RESULTS_FIELD_MAX);
	struct slice server;

	reader->n_fields++;
	if (!read_server(&s, &server) || !is_on_top(reader, server, position))
		return;
	for (int n = 0; n < AUTH_RESULTS_PER_FIELD_MAX && s.len > 0; n++) {
		skip_result(&s);
		if (!take(&s, ';'))
			return;
		skip_blanks(&s);
		read_result(reader, server, &s);
	}
}

/* What the same filters write between their fields. */
static bool
is_between(struct slice name)
{
	return slice_eq_nocase(name, SLICE("Received-SPF")) ||
	       slice_eq_nocase(name, SLICE("DKIM-Filter"));
}

void
auth_results_read(struct slice header, struct strbuf *out)
{
	struct reader reader = { .out = out };
	struct header_field field;
	size_t position = 0;

	while (reader.n_fields < AUTH_RESULTS_FIELDS_MAX &&
		position < HEADER_FIELDS_MAX && header_next(&header, &field)) {
		if (is_between(field.name))
			continue;
		position++;
		if (slice_eq_nocase(
			    field.name, SLICE("Authentication-Results")))
			read_field(&reader, field.value, position);
	}
}
