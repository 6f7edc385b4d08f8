/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "pane/pane.h"

enum { LABEL_COLUMNS = 9 };

static uint16_t
style_of_kind(const struct paragraph *paragraph)
{
	switch ((enum paragraph_kind)paragraph->kind) {
	case PARAGRAPH_HEADING:
		return STYLE_TITLE;
	case PARAGRAPH_SIGNATURE:
		return STYLE_SIGNATURE;
	case PARAGRAPH_RULE:
		return STYLE_RULE;
	case PARAGRAPH_PART:
		return STYLE_DIM;
	case PARAGRAPH_DIFF_FILE:
		return STYLE_TITLE;
	case PARAGRAPH_DIFF_HUNK:
		return STYLE_DIFF_HUNK;
	case PARAGRAPH_DIFF_ADD:
		return STYLE_DIFF_ADD;
	case PARAGRAPH_DIFF_DEL:
		return STYLE_DIFF_DEL;
	case PARAGRAPH_TEXT:
	case PARAGRAPH_PRE:
	case PARAGRAPH_ITEM:
	case PARAGRAPH_TABLE_ROW:
	case PARAGRAPH_CARD:
	case PARAGRAPH_KINDS:
		break;
	}
	return STYLE_TEXT;
}

static uint16_t
quote_style(int depth)
{
	static const uint16_t styles[] = { STYLE_TEXT, STYLE_QUOTE1,
		STYLE_QUOTE2, STYLE_QUOTE3, STYLE_QUOTE4 };

	return styles[depth < 4 ? depth : 4];
}

/* The theme's own shade, which can be read on its background. */
static uint16_t
hue_style(uint16_t span)
{
	unsigned hue = (unsigned)(span & SPAN_HUE_MASK) / SPAN_HUE_RED;

	return (uint16_t)(hue <= STYLE_MAGENTA - STYLE_RED + 1
				  ? STYLE_RED + hue - 1
				  : STYLE_TEXT);
}

static uint16_t
style_of(const struct paragraph *paragraph, uint16_t span)
{
	uint16_t style = style_of_kind(paragraph);

	if (style == STYLE_TEXT || style == STYLE_SIGNATURE)
		style = paragraph->quote ? quote_style(paragraph->quote)
					 : style;
	if (style == STYLE_TEXT && (span & SPAN_HUE_MASK))
		style = hue_style(span);
	if (span & SPAN_WARNING)
		style = STYLE_WARNING;
	else if (span & SPAN_LINK)
		style = STYLE_LINK;
	else if (span & SPAN_DIM || span & SPAN_STRIKE)
		style = STYLE_DIM;
	if (span & SPAN_BOLD)
		style |= OVER_BOLD;
	if (span & SPAN_ITALIC)
		style |= OVER_ITALIC;
	if (span & SPAN_UNDERLINE)
		style |= OVER_UNDERLINE;
	return style;
}

/* One bar for each level of quoting; returns the columns. */
static int
draw_quote_marks(struct screen *screen, int row, int col,
	const struct paragraph *paragraph)
{
	int marks = view_viewer_quote_marks(paragraph);

	for (int i = 0; i < marks; i++)
		screen_put_symbol(screen, row, col + i * 2, SYMBOL_QUOTE,
			quote_style(i + 1));
	return marks * 2;
}

/* "✓ example.org" */
static void
draw_badge(struct screen *screen, int row, int col, int cols,
	const struct viewer_field *field)
{
	uint16_t style = field->is_bad ? STYLE_WARNING : STYLE_GOOD;

	if (cols < VIEWER_BADGE_SIGN)
		return;
	screen_put_symbol(screen, row, col,
		field->is_bad ? SYMBOL_WARNING : SYMBOL_GOOD, style);
	screen_put_str(screen, row, col + VIEWER_BADGE_SIGN,
		cols - VIEWER_BADGE_SIGN, field->badge, style);
}

static void
draw_field(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	const struct viewer_field *field = &view->fields[line->item];
	const char *text = line->brief ? field->brief : field->value;
	struct slice value = slice_make(text + line->start, line->len);
	int used;

	if (line->first)
		screen_put_str(screen, row, col, LABEL_COLUMNS - 1, field->name,
			STYLE_HEADER_NAME);
	used = LABEL_COLUMNS + screen_put_fit(screen, row, col + LABEL_COLUMNS,
				       cols - LABEL_COLUMNS, value,
				       STYLE_HEADER_VALUE);
	if (line->n > 0)
		draw_badge(screen, row, col + used + VIEWER_BADGE_GAP,
			cols - used - VIEWER_BADGE_GAP, field);
}

static void
draw_attachments(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	int end = col + cols;

	for (uint32_t i = 0; i < line->n; i++) {
		const struct viewer_attachment *it =
			&view->attachments[line->item + i];

		screen_put_symbol(
			screen, row, col, SYMBOL_ATTACHMENT, STYLE_ATTACHMENT);
		screen_put_str(screen, row, col + 2, end - col - 2, it->label,
			STYLE_ATTACHMENT);
		col += it->columns + VIEWER_ATTACHMENT_GAP;
	}
}

/* A line across, with the part's name in it. */
static void
draw_part(struct screen *screen, int row, int col, int cols, struct slice name)
{
	int used = 0;

	screen_hline(screen, row, col, cols, STYLE_RULE);
	if (name.len == 0 || cols < 8)
		return;
	used = screen_put_fit(screen, row, col + 4, cols - 8, name, STYLE_DIM);
	screen_put_str(screen, row, col + 3, 1, " ", STYLE_RULE);
	screen_put_str(screen, row, col + 4 + used, 1, " ", STYLE_RULE);
}

/* RFC 5322 2.2: printable ASCII; a folded line has none. */
static bool
is_field_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (name.data[i] <= ' ' || name.data[i] >= 0x7f)
			return false;
	}
	return name.len > 0;
}

/* The name of a header field in front of its value. */
static void
style_field_name(struct screen *screen, int row, int col, int cols,
	const struct viewer_line *line, struct slice text)
{
	size_t colon = slice_find(text, ':');

	if (!line->source || !line->first || colon == text.len ||
		!is_field_name(slice_head(text, colon)))
		return;
	screen_put(screen, row, col, cols, slice_head(text, colon + 1),
		STYLE_HEADER_NAME);
}

/* Over what was found: `piece` is drawn at that column. */
static void
mark_matches(struct screen *screen, int row, int col, int cols,
	const struct viewer_piece *piece, struct slice text,
	const struct viewer_match *matches, int n)
{
	/* Far behind everything for what is not of the paragraph. */
	size_t start = (uintptr_t)piece->text.data - (uintptr_t)text.data;

	for (int i = 0; i < n; i++) {
		size_t from = matches[i].start;
		size_t to = from + matches[i].len;
		uint16_t over = OVER_MATCH;
		int before;
		int width;

		if (to <= start || from >= start + piece->text.len)
			continue;
		from = from > start ? from - start : 0;
		to = to - start < piece->text.len ? to - start
						  : piece->text.len;
		before = glyph_columns(slice_head(piece->text, from));
		width = glyph_columns(slice_head(piece->text, to)) - before;
		if (width > cols - before)
			width = cols - before;
		if (matches[i].is_at)
			over |= OVER_BOLD | OVER_UNDERLINE;
		if (width > 0)
			screen_over(screen, row, col + before, width, over);
	}
}

/* For terminals on which links can be clicked. */
static void
link_piece(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct document *doc,
	const struct viewer_piece *piece)
{
	struct strbuf url CLEANUP(strbuf_clear) = { 0 };
	int width = glyph_columns(piece->text);

	strbuf_init(&url, SCREEN_LINK_BYTES_MAX);
	if (view_viewer_link_url(view, doc, piece->link, &url))
		screen_link(screen, row, col, width < cols ? width : cols,
			strbuf_slice(&url));
}

static void
draw_text(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	struct viewer_piece pieces[VIEWER_PIECES_MAX];
	struct viewer_match matches[VIEWER_MATCHES_MAX];
	const struct document *doc;
	const struct paragraph *paragraph =
		view_viewer_paragraph(view, line, &doc);
	struct slice text = document_text(doc, paragraph);
	int indent = view_viewer_indent(paragraph, line->first);
	int n_matches;
	int n;

	draw_quote_marks(screen, row, col, paragraph);
	if (paragraph->kind == PARAGRAPH_RULE ||
		paragraph->kind == PARAGRAPH_PART) {
		draw_part(screen, row, col + indent, cols - indent, text);
		return;
	}
	n = view_viewer_pieces(view, line, pieces);
	n_matches = view_viewer_matches(view, line, matches);
	for (int i = 0; i < n; i++) {
		int at = indent + pieces[i].col;

		screen_put(screen, row, col + at, cols - at, pieces[i].text,
			style_of(paragraph, pieces[i].span));
		if (pieces[i].span & SPAN_LINK && screen->shows_links)
			link_piece(screen, row, col + at, cols - at, view, doc,
				&pieces[i]);
		mark_matches(screen, row, col + at, cols - at, &pieces[i], text,
			matches, n_matches);
	}
	if (view->mode == VIEWER_HEADERS)
		style_field_name(screen, row, col, cols, line, text);
}

/* Under the names of the columns. */
static void
draw_table_rule(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	const struct document *doc;
	const struct paragraph *paragraph =
		view_viewer_paragraph(view, line, &doc);
	int indent = draw_quote_marks(screen, row, col, paragraph);
	int width = (int)line->n;

	screen_hline(screen, row, col + indent,
		width < cols - indent ? width : cols - indent, STYLE_RULE);
}

static void
draw_fold(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	const struct document *doc;
	const struct paragraph *paragraph =
		view_viewer_paragraph(view, line, &doc);
	char number[FORMAT_SIZE];
	char *text CLEANUP(freep) = xasprintf(
		P_("%s quoted line", "%s quoted lines", (unsigned long)line->n),
		format_number(line->n, number));

	int used;

	(void)draw_quote_marks(screen, row, col, paragraph);
	screen_put_symbol(screen, row, col + 2, SYMBOL_FOLDED, STYLE_DIM);
	used = 4 +
	       screen_put_str(screen, row, col + 4, cols - 4, text, STYLE_DIM);
	if (view->fold_keys)
		screen_put_str(screen, row, col + used + 2, cols - used - 2,
			view->fold_keys, STYLE_HINT_KEY);
}

static void
draw_notice(struct screen *screen, int row, int col, int cols,
	const struct viewer_notice *notice, const struct viewer_line *line)
{
	static const uint16_t styles[] = {
		[VIEWER_TONE_DIM] = STYLE_DIM,
		[VIEWER_TONE_GOOD] = STYLE_GOOD,
		[VIEWER_TONE_WARNING] = STYLE_WARNING,
		[VIEWER_TONE_BAD] = STYLE_BAD,
	};

	screen_put(screen, row, col, cols,
		slice_make(notice->text + line->start, line->len),
		styles[notice->tone]);
}

static void
draw_line(struct screen *screen, int row, int col, int cols,
	const struct view_viewer *view, const struct viewer_line *line)
{
	struct slice note;

	switch ((enum viewer_line_kind)line->kind) {
	case VIEWER_LINE_FIELD:
		draw_field(screen, row, col, cols, view, line);
		break;
	case VIEWER_LINE_BADGE:
		draw_badge(screen, row, col + LABEL_COLUMNS,
			cols - LABEL_COLUMNS, &view->fields[line->item]);
		break;
	case VIEWER_LINE_ATTACHMENTS:
		draw_attachments(screen, row, col, cols, view, line);
		break;
	case VIEWER_LINE_TEXT:
		draw_text(screen, row, col, cols, view, line);
		break;
	case VIEWER_LINE_FOLD:
		draw_fold(screen, row, col, cols, view, line);
		break;
	case VIEWER_LINE_NOTICE:
		draw_notice(screen, row, col, cols, &view->notices[line->item],
			line);
		break;
	case VIEWER_LINE_TABLE_RULE:
		draw_table_rule(screen, row, col, cols, view, line);
		break;
	case VIEWER_LINE_NOTE:
		note = slice_make(
			view->notes[line->item] + line->start, line->len);
		screen_put(screen, row, col, cols, note, STYLE_DIM);
		break;
	case VIEWER_LINE_BLANK:
		break;
	}
}

/* Below the header, where the text would be. */
static void
draw_state(struct screen *screen, const struct rect *rect, int row, int col,
	const struct view_viewer *view)
{
	struct slice rest = slice_make(NULL, 0);
	uint16_t style = STYLE_DIM;
	int cols = rect->cols - 2;

	if (view->state == VIEWER_WAITING && view->waiting_shown)
		rest = slice_str(_("Fetching…"));
	else if (view->state == VIEWER_FAILED) {
		rest = slice_str(view->trouble);
		style = STYLE_WARNING;
	}
	while (rest.len > 0 && row < rect->row + rect->rows) {
		size_t next;
		size_t len = width_wrap(rest, cols > 1 ? cols : 1, &next);

		screen_put(
			screen, row++, col, cols, slice_head(rest, len), style);
		rest = slice_skip(rest, next);
	}
}

/* The letters stand over the beginning of the words. */
static void
draw_hints(struct screen *screen, const struct rect *rect,
	struct view_viewer *view)
{
	struct viewer_hint hints[VIEWER_HINTS_MAX];
	size_t n = view_viewer_hints(view, hints);
	size_t typed = strlen(view->hints_typed);

	for (size_t i = 0; i < n; i++)
		if (strncmp(hints[i].letters, view->hints_typed, typed) == 0)
			screen_put_str(screen, rect->row + hints[i].row,
				rect->col + 1 + hints[i].col,
				rect->cols - 2 - hints[i].col, hints[i].letters,
				STYLE_MATCH | OVER_BOLD);
}

void
pane_viewer_draw(struct screen *screen, const struct rect *rect,
	struct view_viewer *view, bool focus)
{
	int row = rect->row;
	int col = rect->col + 1;

	(void)focus;
	screen_clear(screen, rect, STYLE_TEXT);
	if (screen->n_links > SCREEN_LINKS_MAX / 2)
		screen_forget_links(screen);
	if (view->state == VIEWER_EMPTY)
		return;
	for (int i = 0; i < rect->rows; i++) {
		const struct viewer_line *line = view_viewer_on_screen(view, i);

		if (!line)
			break;
		draw_line(screen, row++, col, rect->cols - 2, view, line);
	}
	if (view->hints_shown)
		draw_hints(screen, rect, view);
	if (view->state != VIEWER_READY && view->mode == VIEWER_TEXT)
		draw_state(screen, rect, row, col, view);
}
