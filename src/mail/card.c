/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/card.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mail/card_time.h"

enum { COLUMN_MAX = 4 * 1024, NUMBER_SIZE = 24 };

/* --- making -------------------------------------------------------------- */

void
card_begin(struct document *doc, const char *key)
{
	document_add(doc, PARAGRAPH_CARD, 0, 0, slice_str(key));
}

void
card_add_column(struct document *doc, struct slice text)
{
	struct strbuf column CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&column, 4 * COLUMN_MAX);
	strbuf_add_char(&column, '\t');
	text = slice_head(text, utf8_cut(text, COLUMN_MAX));
	while (text.len > 0) {
		uint32_t cp = utf8_next(&text);

		if (cp < ' ' || (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 ||
			cp == 0x2029)
			strbuf_add_char(&column, ' ');
		else
			strbuf_add_utf8(&column, cp);
	}
	document_add_text(doc, strbuf_slice(&column));
}

void
card_add_number(struct document *doc, int64_t n)
{
	char text[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	card_add_column(doc, slice_str(text));
}

void
card_add_number_if(struct document *doc, bool has, int64_t n)
{
	if (has)
		card_add_number(doc, n);
	else
		card_add_column(doc, SLICE(""));
}

void
card_add_report(const struct report *report, struct document *doc)
{
	for (size_t i = 0; i < report->n; i++) {
		const struct report_entry *it = &report->items[i];

		card_begin(doc, "report");
		card_add_column(doc, slice_str(report_action_name(it->action)));
		card_add_column(doc, slice_str(it->recipient));
		card_add_column(doc, slice_str(it->status));
		card_add_column(doc, slice_str(it->server));
		card_add_column(doc, slice_str(it->text));
	}
}

/* --- reading ------------------------------------------------------------- */

void
card_split(struct slice text, struct slice columns[CARD_COLUMNS_MAX])
{
	for (int i = 0; i < CARD_COLUMNS_MAX; i++) {
		size_t end = slice_find(text, '\t');

		if (i == CARD_COLUMNS_MAX - 1)
			end = text.len;
		columns[i] = slice_head(text, end);
		text = slice_skip(text, end + 1);
	}
}

bool
card_is_searchable(struct slice text)
{
	struct slice columns[CARD_COLUMNS_MAX];

	card_split(text, columns);
	return !slice_eq(columns[0], SLICE("when")) &&
	       !slice_eq(columns[0], SLICE("due")) &&
	       !slice_eq(columns[0], SLICE("repeat"));
}

/* One of a few words, to what is said for it. */
struct saying {
	const char *word;
	const char *text;
};

static const char *
say(const struct saying *sayings, size_t n, struct slice word)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_eq_nocase(word, slice_str(sayings[i].word)))
			return _(sayings[i].text);
	}
	return NULL;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
printed(const char *fmt, struct slice a)
{
	return xasprintf(fmt, (int)a.len, a.data ? a.data : "");
}

static char *
printed_two(const char *fmt, struct slice a, struct slice b)
{
	return xasprintf(fmt, (int)a.len, a.data ? a.data : "", (int)b.len,
		b.data ? b.data : "");
}
#pragma GCC diagnostic pop

static void
add_row(struct document *doc, const char *label, struct slice text)
{
	document_begin(doc, PARAGRAPH_TABLE_ROW, 0, 0);
	document_add_text(doc, slice_str(label));
	document_add_span(doc, strlen(label), SPAN_DIM, 0);
	document_add_text(doc, SLICE("\t"));
	document_add_text(doc, text);
}

/* --- invitations --------------------------------------------------------- */

/* Who answered, and how. */
static char *
reply_title(struct slice who, struct slice answer, struct slice summary)
{
	static const struct saying answers[] = {
		{ "ACCEPTED", N_("%.*s accepts: %.*s") },
		{ "DECLINED", N_("%.*s declines: %.*s") },
		{ "TENTATIVE", N_("%.*s may come: %.*s") },
		{ "DELEGATED", N_("%.*s sends somebody else: %.*s") },
		{ "COMPLETED", N_("%.*s is done: %.*s") },
		{ "IN-PROCESS", N_("%.*s is at it: %.*s") },
	};
	const char *fmt = say(answers, ARRAY_LEN(answers), answer);

	if (who.len == 0)
		return printed(_("Answer: %.*s"), summary);
	return printed_two(fmt ? fmt : _("%.*s answers: %.*s"), who, summary);
}

static char *
title_of(const struct slice columns[CARD_COLUMNS_MAX])
{
	static const struct saying methods[] = {
		{ "REQUEST", N_("Invitation: %.*s") },
		{ "CANCEL", N_("Cancelled: %.*s") },
		{ "ADD", N_("More dates: %.*s") },
		{ "COUNTER", N_("Another time is proposed: %.*s") },
		{ "DECLINECOUNTER", N_("The proposed time is refused: %.*s") },
		{ "REFRESH", N_("Asks for the invitation again: %.*s") },
	};
	struct slice method = columns[1];
	struct slice summary = columns[7];
	const char *fmt;

	if (summary.len == 0)
		summary = slice_str(_("(no title)"));
	if (slice_eq_nocase(method, SLICE("REPLY")))
		return reply_title(columns[5], columns[6], summary);
	if (slice_eq_nocase(columns[2], SLICE("CANCELLED")))
		method = SLICE("CANCEL");
	if (slice_eq_nocase(method, SLICE("REQUEST")) && columns[3].len > 0 &&
		!slice_eq(columns[3], SLICE("0")))
		return printed(_("Changed: %.*s"), summary);
	fmt = say(methods, ARRAY_LEN(methods), method);
	if (!fmt && slice_eq_nocase(columns[4], SLICE("VTODO")))
		fmt = _("Task: %.*s");
	return printed(fmt ? fmt : _("Event: %.*s"), summary);
}

static void
expand_title(struct document *doc, const struct slice *columns)
{
	char *title CLEANUP(freep) = title_of(columns);

	if (doc->n_paragraphs > 0)
		document_begin(doc, PARAGRAPH_TEXT, 0, 0);
	document_add(doc, PARAGRAPH_HEADING, 0, 2, slice_str(title));
}

static void
expand_when(struct document *doc, const struct slice *columns)
{
	bool due = slice_eq(columns[0], SLICE("due"));
	char *here CLEANUP(freep) = card_time_here(columns);
	char *there CLEANUP(freep) = card_time_there(columns);

	if (here)
		add_row(doc, due ? _("Due") : _("When"), slice_str(here));
	if (there)
		add_row(doc, _("There"), slice_str(there));
}

static void
expand_repeat(struct document *doc, const struct slice *columns)
{
	char *text CLEANUP(freep) = card_repeat(columns);

	if (text)
		add_row(doc, _("Repeats"), slice_str(text));
}

static void
expand_attendee(struct document *doc, const struct slice *columns)
{
	static const struct saying answers[] = {
		{ "ACCEPTED", N_("%.*s: accepted") },
		{ "DECLINED", N_("%.*s: declined") },
		{ "TENTATIVE", N_("%.*s: may come") },
		{ "DELEGATED", N_("%.*s: sends somebody else") },
		{ "COMPLETED", N_("%.*s: done") },
		{ "IN-PROCESS", N_("%.*s: at it") },
	};
	const char *fmt = say(answers, ARRAY_LEN(answers), columns[1]);
	char *text CLEANUP(freep) = printed(fmt ? fmt : "%.*s", columns[3]);
	const char *label = _("Invited");

	if (slice_eq_nocase(columns[2], SLICE("OPT-PARTICIPANT")))
		label = _("Optional");
	else if (slice_eq_nocase(columns[2], SLICE("NON-PARTICIPANT")))
		label = _("Informed");
	add_row(doc, label, slice_str(text));
}

static void
expand_more(struct document *doc, const struct slice *columns)
{
	int64_t n;
	char *text CLEANUP(freep) = NULL;
	bool events = slice_eq(columns[0], SLICE("events"));

	if (!card_number(columns[1], &n) || n <= 0)
		return;
	if (events)
		text = xasprintf(P_("%ld more event", "%ld more events",
					 (unsigned long)n),
			(long)n);
	else
		text = xasprintf(
			P_("and %ld more", "and %ld more", (unsigned long)n),
			(long)n);
	if (events)
		document_add(doc, PARAGRAPH_TEXT, 0, 0, slice_str(text));
	else
		add_row(doc, "", slice_str(text));
}

static void
expand_where(struct document *doc, const struct slice *columns)
{
	add_row(doc, _("Where"), columns[1]);
}

static void
expand_organizer(struct document *doc, const struct slice *columns)
{
	add_row(doc, _("Organizer"), columns[1]);
}

/* --- reports ------------------------------------------------------------- */

static void
add_dim(struct document *doc, const char *text)
{
	document_add(doc, PARAGRAPH_TEXT, 0, 0, slice_str(text));
	document_add_span(
		doc, doc->paragraphs[doc->n_paragraphs - 1].len, SPAN_DIM, 0);
}

static void
expand_report(struct document *doc, const struct slice *columns)
{
	struct report_entry entry CLEANUP(report_entry_clear) = { 0 };
	char *sentence CLEANUP(freep) = NULL;
	char *detail CLEANUP(freep) = NULL;

	entry.action = REPORT_ACTIONS;
	for (int i = 0; i < REPORT_ACTIONS; i++) {
		const char *name = report_action_name((enum report_action)i);

		if (slice_eq(columns[1], slice_str(name)))
			entry.action = (enum report_action)i;
	}
	if (entry.action == REPORT_ACTIONS)
		return;
	report_set(&entry.recipient, columns[2]);
	report_set(&entry.text, columns[5]);
	sentence = report_sentence(&entry);
	document_add(doc, PARAGRAPH_TEXT, 0, 0, slice_str(sentence));
	document_add_span(
		doc, doc->paragraphs[doc->n_paragraphs - 1].len, SPAN_BOLD, 0);
	if (columns[4].len > 0 && columns[3].len > 0)
		detail = printed_two(
			_("Said by %.*s; status %.*s"), columns[4], columns[3]);
	else if (columns[4].len > 0)
		detail = printed(_("Said by %.*s"), columns[4]);
	else if (columns[3].len > 0)
		detail = printed(_("Status %.*s"), columns[3]);
	if (detail)
		add_dim(doc, detail);
}

/* --- the document -------------------------------------------------------- */

static const struct {
	const char *key;
	void (*expand)(struct document *doc, const struct slice *columns);
} keys[] = {
	{ "title", expand_title },
	{ "when", expand_when },
	{ "due", expand_when },
	{ "repeat", expand_repeat },
	{ "where", expand_where },
	{ "organizer", expand_organizer },
	{ "attendee", expand_attendee },
	{ "more", expand_more },
	{ "events", expand_more },
	{ "report", expand_report },
};

static void
expand(struct document *doc, struct slice text)
{
	struct slice columns[CARD_COLUMNS_MAX];

	card_split(text, columns);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (slice_eq(columns[0], slice_str(keys[i].key))) {
			keys[i].expand(doc, columns);
			return;
		}
	}
}

/* A paragraph with its spans, whose links keep their numbers. */
static void
copy(struct document *to, const struct document *from,
	const struct paragraph *it)
{
	struct slice text = document_text(from, it);
	uint32_t at = 0;

	document_begin(
		to, (enum paragraph_kind)it->kind, it->quote, it->indent);
	for (uint32_t i = 0; i < it->n_spans && !to->text.full; i++) {
		const struct span *span = &from->spans[it->first_span + i];
		uint32_t end = span->start + span->len;

		if (span->start < at || end > it->len)
			continue;
		document_add_text(to, slice_make(text.data + at, end - at));
		if (!to->text.full)
			document_add_span(
				to, span->len, span->style, span->link);
		at = end;
	}
	document_add_text(to, slice_skip(text, at));
}

void
card_expand(struct document *doc)
{
	struct document out;
	size_t i = 0;

	while (i < doc->n_paragraphs &&
		doc->paragraphs[i].kind != PARAGRAPH_CARD)
		i++;
	if (i == doc->n_paragraphs)
		return;
	document_init(&out);
	out.links = STEAL(doc->links);
	out.n_links = doc->n_links;
	out.cap_links = doc->cap_links;
	out.link_index = STEAL(doc->link_index);
	doc->n_links = doc->cap_links = 0;
	out.images = doc->images;
	out.trackers = doc->trackers;
	out.hidden = doc->hidden;
	out.lossy = doc->lossy;
	out.truncated = doc->truncated;
	for (i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		if (it->kind == PARAGRAPH_CARD)
			expand(&out, document_text(doc, it));
		else
			copy(&out, doc, it);
	}
	document_clear(doc);
	*doc = out;
}
