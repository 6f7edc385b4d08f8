/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paragraphs to lines, as far as they are asked for. */
#include "base/array.h"
#include "i18n/width.h"
#include "view/viewer_private.h"
#include "view/wrap.h"

/*
 * Quoted text folds where it is long: its first line is left and, between
 * somebody's own words, its last ones too, which are what they answer.
 */
enum {
	TAIL_FOLDS_PAST = 4,
	MIDDLE_FOLDS_PAST = 10,
	HEAD_LEFT = 1,
	END_LEFT = 3,
};

enum stage {
	STAGE_SOURCE,
	STAGE_FIELDS,
	STAGE_ATTACHMENTS,
	STAGE_NOTICES,
	STAGE_GAP,
	STAGE_TEXT,
	STAGE_NOTES,
	STAGE_DONE,
};

struct lines_view {
	struct viewer_line *items;
	size_t n;
	size_t cap;
};

void
viewer_add_line(struct view_viewer *view, const struct viewer_line *line)
{
	struct lines_view lines = { view->lines, view->n, view->cap };

	array_push(&lines, *line);
	view->lines = lines.items;
	view->n = lines.n;
	view->cap = lines.cap;
}

int
viewer_text_columns(const struct view_viewer *view)
{
	return view->width < VIEWER_COLUMNS_MAX ? view->width
						: VIEWER_COLUMNS_MAX;
}

/* A value under its label, or a note: words within `columns`. */
static void
wrap_value(struct view_viewer *view, enum viewer_line_kind kind, uint32_t item,
	const char *value, int columns)
{
	struct slice text = slice_str(value);
	uint32_t at = 0;
	bool first = true;

	do {
		struct slice rest = slice_skip(text, at);
		size_t next;
		size_t len = wrap_line(
			rest, columns > 0 ? columns : 1, WRAP_WORDS, &next);

		viewer_add_line(
			view, &(struct viewer_line){ .kind = (uint8_t)kind,
				      .first = first,
				      .item = item,
				      .start = at,
				      .len = (uint32_t)len });
		at += (uint32_t)next;
		first = false;
	} while (at < text.len);
}

/* Behind the last line of its field where it fits, else below. */
static void
wrap_badge(struct view_viewer *view, uint32_t item)
{
	const struct viewer_field *field = &view->fields[item];
	struct viewer_line *last = &view->lines[view->n - 1];
	const char *value = last->brief ? field->brief : field->value;
	int columns = VIEWER_LABEL_COLUMNS + VIEWER_BADGE_GAP +
		      VIEWER_BADGE_SIGN + width_text(slice_str(field->badge)) +
		      width_text(slice_make(value + last->start, last->len));

	if (columns <= view->width)
		last->n = 1;
	else
		viewer_add_line(
			view, &(struct viewer_line){ .kind = VIEWER_LINE_BADGE,
				      .item = item });
}

/* In one line: what counts of it, where not all has room. */
static void
add_short_field(struct view_viewer *view, uint32_t item)
{
	const struct viewer_field *field = &view->fields[item];
	bool brief =
		field->brief &&
		VIEWER_LABEL_COLUMNS + width_text(slice_str(field->value)) >
			view->width;
	size_t len = strlen(brief ? field->brief : field->value);

	viewer_add_line(view, &(struct viewer_line){ .kind = VIEWER_LINE_FIELD,
				      .first = true,
				      .brief = brief,
				      .item = item,
				      .len = (uint32_t)len });
}

/* Where room is short each field has one line; h shows all of it. */
static void
wrap_fields(struct view_viewer *view)
{
	bool is_low = view->page < VIEWER_MINOR_FROM;
	bool is_short = is_low || view->width < VIEWER_FIELD_LINES_FROM;

	for (int i = 0; i < view->n_fields; i++) {
		const struct viewer_field *field = &view->fields[i];

		if (field->is_minor && is_low)
			continue;
		if (is_short)
			add_short_field(view, (uint32_t)i);
		else
			wrap_value(view, VIEWER_LINE_FIELD, (uint32_t)i,
				field->value,
				view->width - VIEWER_LABEL_COLUMNS);
		if (field->badge)
			wrap_badge(view, (uint32_t)i);
	}
}

static void
wrap_attachments(struct view_viewer *view)
{
	for (size_t i = 0; i < view->n_attachments;) {
		int used = view->attachments[i].columns;
		size_t end = i + 1;

		while (end < view->n_attachments &&
			used + VIEWER_ATTACHMENT_GAP +
					view->attachments[end].columns <=
				view->width) {
			used += VIEWER_ATTACHMENT_GAP +
				view->attachments[end].columns;
			end++;
		}
		viewer_add_line(view,
			&(struct viewer_line){ .kind = VIEWER_LINE_ATTACHMENTS,
				.first = i == 0,
				.item = (uint32_t)i,
				.n = (uint32_t)(end - i) });
		i = end;
	}
}

static void
wrap_paragraph(struct view_viewer *view, bool source, uint32_t index)
{
	const struct document *doc = source ? &view->source : &view->text;
	const struct paragraph *paragraph = &doc->paragraphs[index];
	struct slice text = document_text(doc, paragraph);
	struct viewer_line line = { .kind = VIEWER_LINE_TEXT,
		.first = true,
		.source = source,
		.item = index };
	enum wrap_mode mode = WRAP_WORDS;
	int columns = viewer_text_columns(view);
	uint32_t at = 0;

	if (paragraph->kind == PARAGRAPH_PRE ||
		(paragraph->kind >= PARAGRAPH_DIFF_FILE &&
			paragraph->kind <= PARAGRAPH_DIFF_DEL)) {
		mode = WRAP_COLUMNS;
		columns = view->width;
	}
	if (paragraph->kind == PARAGRAPH_TABLE_ROW &&
		viewer_has_tables(view, source)) {
		viewer_wrap_row(view, index);
		return;
	}
	do {
		struct slice rest = slice_skip(text, at);
		int room = columns - view_viewer_indent(paragraph, line.first);
		size_t next;

		line.start = at;
		line.len = (uint32_t)wrap_line(
			rest, room > 1 ? room : 1, mode, &next);
		viewer_add_line(view, &line);
		at += (uint32_t)next;
		line.first = false;
	} while (at < text.len);
}

static bool
is_blank(const struct document *doc, const struct paragraph *paragraph)
{
	return paragraph->kind != PARAGRAPH_RULE &&
	       slice_trim(document_text(doc, paragraph)).len == 0;
}

/* Where the quoted text that begins at `from` ends. */
static uint32_t
quote_end(const struct document *doc, uint32_t from)
{
	uint32_t end = from;

	for (uint32_t i = from; i < doc->n_paragraphs; i++)
		if (doc->paragraphs[i].quote > 0)
			end = i + 1;
		else if (!is_blank(doc, &doc->paragraphs[i]))
			break;
	return end;
}

/* Whether somebody's own words stand in these paragraphs. */
static bool
has_own_words(const struct document *doc, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (doc->paragraphs[i].quote == 0 &&
			doc->paragraphs[i].kind != PARAGRAPH_SIGNATURE &&
			!is_blank(doc, &doc->paragraphs[i]))
			return true;
	return false;
}

/* Takes lines [from, from + n) out and says how many in their place. */
static void
fold(struct view_viewer *view, size_t from, size_t n)
{
	struct viewer_line line = view->lines[from];

	line.kind = VIEWER_LINE_FOLD;
	line.n = (uint32_t)n;
	view->lines[from] = line;
	memmove(view->lines + from + 1, view->lines + from + n,
		(view->n - from - n) * sizeof(view->lines[0]));
	view->n -= n - 1;
}

/* Then the quoted text is what it was sent for. */
static bool
is_forwarded(const char *subject)
{
	static const char *const words[] = {
		"Fwd:", "Fw:", "WG:", "TR:", "RV:", "VB:", "Enc:", "Doorst:"
	};

	for (size_t i = 0; subject && i < ARRAY_LEN(words); i++)
		if (slice_starts_nocase(
			    slice_str(subject), slice_str(words[i])))
			return true;
	return false;
}

static void
wrap_quote(struct view_viewer *view)
{
	const struct document *doc = &view->text;
	uint32_t first = view->next;
	uint32_t end = quote_end(doc, first);
	size_t from = view->n;
	size_t count;

	while (view->next < end)
		wrap_paragraph(view, false, view->next++);
	count = view->n - from;
	if (view->quotes_open || count <= TAIL_FOLDS_PAST ||
		is_forwarded(view->message.envelope.subject))
		return;
	if (!has_own_words(doc, end, (uint32_t)doc->n_paragraphs)) {
		/* With no word of its own the quote is the message. */
		if (has_own_words(doc, 0, first))
			fold(view, from + HEAD_LEFT, count - HEAD_LEFT);
	} else if (count > MIDDLE_FOLDS_PAST) {
		fold(view, from + HEAD_LEFT, count - HEAD_LEFT - END_LEFT);
	}
}

/* One step further; every step adds lines or moves on. */
static void
wrap_step(struct view_viewer *view)
{
	static const struct viewer_line blank = { .kind = VIEWER_LINE_BLANK };
	size_t before = view->n;

	switch ((enum stage)view->stage) {
	case STAGE_SOURCE:
		if (view->mode != VIEWER_TEXT &&
			view->next < view->source.n_paragraphs) {
			wrap_paragraph(view, true, view->next++);
			return;
		}
		view->next = 0;
		break;
	case STAGE_FIELDS:
		if (view->mode == VIEWER_TEXT)
			wrap_fields(view);
		break;
	case STAGE_ATTACHMENTS:
		if (view->mode == VIEWER_TEXT)
			wrap_attachments(view);
		break;
	case STAGE_NOTICES:
		for (int i = 0;
			view->mode == VIEWER_TEXT && i < view->n_notices; i++)
			wrap_value(view, VIEWER_LINE_NOTICE, (uint32_t)i,
				view->notices[i].text,
				viewer_text_columns(view));
		break;
	case STAGE_GAP:
		if (viewer_shows_text(view))
			viewer_add_line(view, &blank);
		break;
	case STAGE_TEXT:
		if (viewer_shows_text(view) &&
			view->next < view->text.n_paragraphs) {
			if (view->text.paragraphs[view->next].quote > 0)
				wrap_quote(view);
			else
				wrap_paragraph(view, false, view->next++);
			return;
		}
		break;
	case STAGE_NOTES:
		for (int i = 0; viewer_shows_text(view) && i < view->n_notes;
			i++) {
			if (view->n == before)
				viewer_add_line(view, &blank);
			wrap_value(view, VIEWER_LINE_NOTE, (uint32_t)i,
				view->notes[i], view->width);
		}
		break;
	case STAGE_DONE:
		view->done = true;
		return;
	}
	view->stage++;
}

void
viewer_unwrap(struct view_viewer *view)
{
	view->n = 0;
	view->n_tables = 0;
	view->stage = STAGE_SOURCE;
	view->next = 0;
	view->done = false;
}

void
viewer_wrap_to(struct view_viewer *view, size_t n)
{
	while (view->n < n && !view->done)
		wrap_step(view);
}
