/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The links that are on the screen, and the letters to choose them by. */
#include "term/glyph.h"
#include "view/viewer_private.h"

/* Without those that scroll, leave and copy; home row first. */
static const char alphabet[] = "asdfghlrtuiowecvbnmpxz";

enum { LETTERS = sizeof(alphabet) - 1 };

_Static_assert(VIEWER_HINTS_MAX <= LETTERS * LETTERS, "two letters do");

bool
view_viewer_is_hint(uint32_t key)
{
	return key > 0 && key < 0x80 && strchr(alphabet, (int)key);
}

const struct document *
view_viewer_shown(const struct view_viewer *view)
{
	return viewer_shows_text(view) ? &view->text : &view->source;
}

/* The links of a line that were not met before. */
static size_t
add_line_links(const struct view_viewer *view, const struct viewer_line *line,
	int row, struct viewer_hint *hints, size_t n)
{
	struct viewer_piece pieces[VIEWER_PIECES_MAX];
	const struct document *doc;
	const struct paragraph *paragraph =
		view_viewer_paragraph(view, line, &doc);
	int indent = view_viewer_indent(paragraph, line->first);
	int n_pieces = view_viewer_pieces(view, line, pieces);

	for (int i = 0; i < n_pieces && n < VIEWER_HINTS_MAX; i++) {
		bool known = !(pieces[i].span & SPAN_LINK) ||
			     pieces[i].link >= doc->n_links;

		for (size_t k = 0; k < n && !known; k++)
			known = hints[k].doc == doc &&
				hints[k].link == pieces[i].link;
		if (!known)
			hints[n++] = (struct viewer_hint){ .row = row,
				.col = indent + pieces[i].col,
				.doc = doc,
				.link = pieces[i].link };
	}
	return n;
}

size_t
view_viewer_hints(
	struct view_viewer *view, struct viewer_hint hints[VIEWER_HINTS_MAX])
{
	size_t n = 0;

	for (int i = 0; i < view->page; i++) {
		const struct viewer_line *line = view_viewer_on_screen(view, i);

		if (!line)
			break;
		if (line->kind == VIEWER_LINE_TEXT)
			n = add_line_links(view, line, i, hints, n);
	}
	for (size_t i = 0; i < n; i++) {
		bool two = n > LETTERS;

		hints[i].letters[0] = alphabet[two ? i / LETTERS : i];
		if (two)
			hints[i].letters[1] = alphabet[i % LETTERS];
	}
	return n;
}

bool
view_viewer_link_at(struct view_viewer *view, int row, int col,
	const struct document **ret_doc, uint16_t *ret_link)
{
	const struct viewer_line *line = view_viewer_on_screen(view, row);
	struct viewer_piece pieces[VIEWER_PIECES_MAX];
	const struct paragraph *paragraph;
	int n;

	if (!line || line->kind != VIEWER_LINE_TEXT)
		return false;
	paragraph = view_viewer_paragraph(view, line, ret_doc);
	col -= view_viewer_indent(paragraph, line->first);
	n = view_viewer_pieces(view, line, pieces);
	for (int i = 0; i < n; i++) {
		const struct viewer_piece *piece = &pieces[i];

		if (!(piece->span & SPAN_LINK) ||
			piece->link >= (*ret_doc)->n_links ||
			col < piece->col ||
			col >= piece->col + glyph_columns(piece->text))
			continue;
		*ret_link = piece->link;
		return true;
	}
	return false;
}

int
view_viewer_attachment_at(struct view_viewer *view, int row, int col)
{
	const struct viewer_line *line = view_viewer_on_screen(view, row);
	int from = 0;

	if (!line || line->kind != VIEWER_LINE_ATTACHMENTS)
		return -1;
	for (uint32_t i = line->item; i < line->item + line->n; i++) {
		int columns = view->attachments[i].columns;

		if (col >= from && col < from + columns)
			return (int)i;
		from += columns + VIEWER_ATTACHMENT_GAP;
	}
	return -1;
}

void
view_viewer_link_words(
	const struct document *doc, size_t link, struct strbuf *out)
{
	uint32_t end = UINT32_MAX;

	for (size_t p = 0; p < doc->n_paragraphs && !out->full; p++) {
		const struct paragraph *paragraph = &doc->paragraphs[p];

		for (uint32_t s = 0; s < paragraph->n_spans; s++) {
			const struct span *span =
				&doc->spans[paragraph->first_span + s];

			struct slice words;

			if (!(span->style & SPAN_LINK) || span->link != link)
				continue;
			if (out->len > 0 && span->start != end)
				strbuf_add_char(out, ' ');
			words = slice_make(document_text(doc, paragraph).data +
						   span->start,
				span->len);
			strbuf_add_slice(
				out, slice_head(words, out->limit - out->len));
			end = span->start + span->len;
		}
		end = UINT32_MAX;
	}
}
