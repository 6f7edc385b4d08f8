/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bounces in prose.  qmail's have a form of their own (QSBMF); the others have
 * in common that an address begins a line, the reason follows it, and the
 * message comes back below a line of dashes.
 */
#include "base/array.h"
#include "mime/header.h"
#include "mime/report.h"
#include "mime/report_private.h"

enum {
	LINES_MAX = 2000, /* of the text that are read */
	ADDRESS_MAX = 320,
	LINE_MAX = 1000,
	REASON_LINES_MAX = 8,
	GUESSED_MAX = 20, /* recipients; more is a list, not a report */
	BORDER_MAX = 80,  /* a line that says what follows is short */
};

/* --- whether it is one --------------------------------------------------- */

static bool
contains(struct slice text, struct slice word)
{
	for (; text.len >= word.len; text = slice_skip(text, 1)) {
		if (slice_starts_nocase(text, word))
			return true;
	}
	return false;
}

static bool
contains_any(struct slice text, const struct slice *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (contains(text, words[i]))
			return true;
	}
	return false;
}

/* People write as postmaster; programs write as the mailer daemon. */
static bool
is_from(struct slice header, struct slice who)
{
	struct slice value;

	return header_find(header, SLICE("From"), &value) &&
	       contains(slice_head(value, LINE_MAX), who);
}

static bool
has_subject_of_bounce(struct slice header)
{
	static const struct slice words[] = {
		{ "deliver", 7 }, /* delivery, undeliverable */
		{ "returned mail", 13 },
		{ "failure notice", 14 },
		{ "mail failure", 12 },
		{ "mail system error", 17 },
		{ "could not be sent", 17 },
	};
	struct slice subject;

	return header_find(header, SLICE("Subject"), &subject) &&
	       contains_any(slice_head(subject, 1000), words, ARRAY_LEN(words));
}

/* RFC 5321 4.5.5: bounces have an empty reverse path. */
static bool
has_no_return(struct slice header)
{
	struct slice value;

	return header_find(header, SLICE("Return-Path"), &value) &&
	       slice_eq(value, SLICE("<>"));
}

bool
report_is_bounce(struct slice header)
{
	struct slice value;

	if (header_find(header, SLICE("X-Failed-Recipients"), &value))
		return true;
	if (is_from(header, SLICE("mailer-daemon")) ||
		is_from(header, SLICE("MailerDaemon@")))
		return true;
	return (has_no_return(header) ||
		       is_from(header, SLICE("postmaster@"))) &&
	       has_subject_of_bounce(header);
}

/* --- addresses and reasons ----------------------------------------------- */

static bool
is_in_address(char c)
{
	return !ascii_is_space(c) && !ascii_is_control(c) && c != '<' &&
	       c != '>' && c != '(' && c != ')' && c != '"' && c != ',' &&
	       c != ';' && c != ':' && c != '[' && c != ']';
}

/*
 * The address a line begins with, and what stands behind it; with angles or
 * quotes, or without.
 */
static bool
take_address(
	struct slice line, struct slice *ret_address, struct slice *ret_rest)
{
	size_t n = 0;
	size_t at;

	if (line.len > 0 && (line.data[0] == '<' || line.data[0] == '"'))
		line = slice_skip(line, 1);
	if (slice_starts_nocase(line, SLICE("mailto:")))
		line = slice_skip(line, 7);
	while (n < line.len && is_in_address(line.data[n]))
		n++;
	*ret_address = slice_head(line, n);
	at = slice_find(*ret_address, '@');
	if (at == 0 || at + 3 >= n || n > ADDRESS_MAX)
		return false;
	/* A full stop ends a sentence. */
	if (ret_address->data[n - 1] == '.')
		ret_address->len--;
	if (slice_find(slice_skip(*ret_address, at), '.') + at ==
		ret_address->len)
		return false;
	*ret_rest = slice_skip(line, n);
	while (ret_rest->len > 0 &&
		slice_find(SLICE(">\"): \t"), ret_rest->data[0]) < 6)
		*ret_rest = slice_skip(*ret_rest, 1);
	*ret_rest = slice_trim(*ret_rest);
	return true;
}

/* RFC 5321 4.2: "550 ", "451-", "#5.1.1"; where it begins, or the length. */
static size_t
find_code(struct slice line)
{
	for (size_t i = 0; i + 3 < line.len; i++) {
		const char *s = line.data + i;

		if (i > 0 && (ascii_is_alnum(s[-1]) || s[-1] == '.'))
			continue;
		if ((s[0] != '4' && s[0] != '5') || !ascii_is_digit(s[2]))
			continue;
		if (ascii_is_digit(s[1]) && (s[3] == ' ' || s[3] == '-'))
			return i;
		if (s[1] == '.' && s[3] == '.')
			return i;
	}
	return line.len;
}

/* "5.1.1" in it, as RFC 3463 has it. */
static void
find_status(struct slice text, struct report_entry *entry)
{
	for (size_t i = 0; i + 4 < text.len; i++) {
		struct slice s = slice_skip(text, i);
		size_t n = 5;

		if ((i > 0 && (ascii_is_alnum(s.data[-1]) ||
				      s.data[-1] == '.')) ||
			(s.data[0] != '4' && s.data[0] != '5') ||
			s.data[1] != '.' || !ascii_is_digit(s.data[2]) ||
			s.data[3] != '.' || !ascii_is_digit(s.data[4]))
			continue;
		while (n < s.len && n < 7 && ascii_is_digit(s.data[n]))
			n++;
		if (n < s.len && s.data[n] == '.')
			continue; /* an address of IPv4 */
		report_set(&entry->status, slice_head(s, n));
		return;
	}
}

/* Below it stands the message that came back. */
static bool
is_border(struct slice line)
{
	static const struct slice words[] = {
		{ "original message", 16 },
		{ "copy of", 7 },
		{ "message follows", 15 },
		{ "your message", 12 },
		{ "unsent message", 14 },
		{ "returned message", 16 },
		{ "message header", 14 },
		{ "included", 8 },
		{ "undelivered message", 19 },
		{ "rejected message", 16 },
		{ "forwarded message", 17 },
		{ "below this line", 15 },
		{ "message text follows", 20 },
	};

	if (line.len < BORDER_MAX &&
		(contains(line, SLICE("headers follow")) ||
			contains(line, SLICE("original message follows")) ||
			slice_eq_nocase(line, SLICE("Original message:"))))
		return true;
	return (slice_starts(line, SLICE("--")) ||
		       slice_starts(line, SLICE("==")) ||
		       slice_starts(line, SLICE("**")) ||
		       slice_starts_nocase(line, SLICE("Below"))) &&
	       contains_any(slice_head(line, 200), words, ARRAY_LEN(words));
}

static bool
starts_header(struct slice line)
{
	return slice_starts_nocase(line, SLICE("Received: ")) ||
	       slice_starts_nocase(line, SLICE("Return-Path: "));
}

/* --- the text ------------------------------------------------------------ */

struct guesser {
	struct report *report;
	struct slice own;     /* To: whom the bounce itself went to */
	struct strbuf reason; /* of the last entry */
	struct slice code;    /* the first line with a reply code */
	int n_reason;         /* lines */
	bool open;            /* the reason goes on */
	bool returned;        /* below the border */
};

static void
finish_entry(struct guesser *g)
{
	struct report_entry *entry;

	if (g->report->n == 0)
		return;
	entry = &g->report->items[g->report->n - 1];
	if (!entry->text && g->reason.len > 0)
		report_set(&entry->text, strbuf_slice(&g->reason));
	if (entry->text && !entry->status)
		find_status(slice_str(entry->text), entry);
	strbuf_reset(&g->reason);
	g->n_reason = 0;
	g->open = false;
}

static void
add_reason(struct guesser *g, struct slice line)
{
	if (g->n_reason++ >= REASON_LINES_MAX || g->reason.full)
		return;
	if (g->reason.len > 0)
		strbuf_add_char(&g->reason, ' ');
	strbuf_add_slice(&g->reason, slice_head(line, REPORT_TEXT_MAX));
}

static struct report_entry *
find_entry(struct report *report, struct slice address)
{
	for (size_t i = 0; i < report->n; i++) {
		const char *known = report->items[i].recipient;

		if (known && slice_eq_nocase(slice_str(known), address))
			return &report->items[i];
	}
	return NULL;
}

static bool
begin_entry(struct guesser *g, struct slice address, struct slice rest)
{
	struct report_entry *entry;

	if (find_entry(g->report, address) || g->report->n >= GUESSED_MAX)
		return false;
	finish_entry(g);
	entry = report_add(g->report);
	if (!entry)
		return false;
	entry->action = REPORT_FAILED;
	report_set(&entry->recipient, address);
	g->open = true;
	if (rest.len > 0)
		add_reason(g, rest);
	return true;
}

/* A line of prose that begins with an address is about something else. */
static bool
may_follow_address(struct slice line, struct slice rest)
{
	size_t end = slice_find(line, ':');
	bool colon = end < line.len && line.data + end < rest.data;

	return rest.len == 0 || line.data[0] == '<' || colon ||
	       rest.data[0] == '[' || slice_starts_nocase(rest, SLICE("on ")) ||
	       slice_starts(rest, SLICE("...")) || find_code(rest) < rest.len;
}

static void
read_line(struct guesser *g, struct slice raw)
{
	struct slice line = slice_trim(raw);
	struct slice address;
	struct slice rest;

	if (line.len == 0) {
		/* QSBMF: an empty line ends a recipient's paragraph. */
		if (g->reason.len > 0)
			g->open = false;
		return;
	}
	if (take_address(line, &address, &rest) &&
		may_follow_address(line, rest) && begin_entry(g, address, rest))
		return;
	if (g->open)
		add_reason(g, line);
	if (g->code.len == 0 && find_code(line) < line.len)
		g->code = line;
}

/* "Your message to <bo@example.net> could not be delivered": any address but
 * the reader's own, where none begins a line. */
static void
read_prose(struct guesser *g, struct slice line)
{
	for (size_t i = 0; i < line.len && i < LINE_MAX; i++) {
		struct slice address;
		struct slice rest;

		if (i > 0 && line.data[i - 1] != ' ' &&
			line.data[i - 1] != '<' && line.data[i - 1] != ':')
			continue;
		if (take_address(slice_skip(line, i), &address, &rest) &&
			!contains(g->own, address))
			(void)begin_entry(g, address, slice_trim(line));
	}
}

static void
read_returned(struct guesser *g, struct slice line)
{
	struct slice id;

	line = slice_trim(line);
	if (!g->report->about &&
		slice_starts_nocase(line, SLICE("Message-ID:")) &&
		report_find_id(line, &id))
		report_set(&g->report->about, id);
}

static void
read_text(struct guesser *g, struct slice text, bool prose)
{
	struct slice line;

	g->returned = false;
	for (int n = 0; n < LINES_MAX && slice_next_line(&text, &line); n++) {
		struct slice trimmed = slice_trim(line);

		if (!g->returned &&
			(is_border(trimmed) || starts_header(trimmed)))
			g->returned = true;
		if (g->returned)
			read_returned(g, line);
		else if (prose)
			read_prose(g, line);
		else
			read_line(g, line);
	}
	finish_entry(g);
}

/* What Exim, Gmail and others write beside the prose: addresses with commas
 * between. */
static void
read_failed_recipients(struct guesser *g, struct slice header)
{
	struct slice value;

	if (!header_find(header, SLICE("X-Failed-Recipients"), &value))
		return;
	while (value.len > 0) {
		size_t end = slice_find(value, ',');
		struct slice address;
		struct slice rest;

		if (take_address(slice_trim(slice_head(value, end)), &address,
			    &rest))
			(void)begin_entry(g, address, slice_make(NULL, 0));
		value = slice_skip(value, end + 1);
	}
	finish_entry(g);
}

static bool
tells_of_delay(struct slice header, struct slice text)
{
	static const struct slice words[] = {
		{ "delayed", 7 },
		{ "(delay)", 7 },
		{ "warning message only", 20 },
		{ "will be retried", 15 },
		{ "still being retried", 19 },
		{ "not yet been delivered", 22 },
		{ "will continue to be", 19 },
		{ "could not send message for past", 31 },
	};
	struct slice subject = { 0 };

	(void)header_find(header, SLICE("Subject"), &subject);
	return contains_any(
		       slice_head(subject, 500), words, ARRAY_LEN(words)) ||
	       contains_any(slice_head(text, 2000), words, ARRAY_LEN(words));
}

/* The message it answers, as some servers have it. */
static void
read_reference(struct slice header, struct report *report)
{
	struct slice value;
	struct slice id;

	if (!report->about &&
		header_find(header, SLICE("In-Reply-To"), &value) &&
		report_find_id(value, &id))
		report_set(&report->about, id);
}

void
report_guess(struct slice header, struct slice text, struct report *report)
{
	struct guesser g = { .report = report };
	bool delayed = tells_of_delay(header, text);
	size_t first = report->n;

	strbuf_init(&g.reason, 4 * REPORT_TEXT_MAX);
	read_text(&g, text, false);
	read_failed_recipients(&g, header);
	if (report->n == first && has_subject_of_bounce(header)) {
		(void)header_find(header, SLICE("To"), &g.own);
		g.own = slice_head(g.own, LINE_MAX);
		read_text(&g, text, true);
	}
	for (size_t i = first; i < report->n; i++) {
		struct report_entry *entry = &report->items[i];

		if (delayed)
			entry->action = REPORT_DELAYED;
		if (!entry->text && g.code.len > 0) {
			report_set(&entry->text, g.code);
			find_status(g.code, entry);
		}
	}
	if (report->n > first)
		read_reference(header, report);
	strbuf_clear(&g.reason);
}
