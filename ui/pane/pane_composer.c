/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a message that is being written. */
#include "base/gettext.h"
#include "base/mem.h"
#include "compose/check.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "pane/pane.h"
#include "screen/composer.h"

enum { LEFT = 1, GAP = 2, FIELD_BYTES_MAX = 64 * 1024, NOTES_ROWS_MAX = 6 };

struct page {
	struct screen *screen;
	int row;
	int end; /* behind the last row */
	int col;
	int cols;
	int label_cols;
};

static void
draw_field(struct page *page, const char *label, struct slice value)
{
	int col = page->col + page->label_cols + GAP;

	if (page->row >= page->end)
		return;
	screen_put_str(page->screen, page->row, page->col, page->label_cols,
		label, STYLE_HEADER_NAME);
	screen_put_fit(page->screen, page->row, col,
		page->cols - page->label_cols - GAP, value, STYLE_HEADER_VALUE);
	page->row++;
}

static void
draw_addresses(
	struct page *page, const char *label, const struct address_list *list)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, FIELD_BYTES_MAX);
	address_list_print(list, &text);
	draw_field(page, label, strbuf_slice(&text));
}

static void
draw_header(struct page *page, const struct draft *draft)
{
	struct strbuf from CLEANUP(strbuf_clear) = { 0 };
	struct address_list self = { NULL, 0, 0 };
	const char *const labels[] = { _("From"), _("To"), _("Cc"), _("Bcc"),
		_("Subject") };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		int cols = width_text(slice_str(labels[i]));

		if (cols > page->label_cols)
			page->label_cols = cols;
	}
	strbuf_init(&from, FIELD_BYTES_MAX);
	if (draft->from)
		address_list_add(&self, draft->from_name, draft->from);
	address_list_print(&self, &from);
	draw_field(page, _("From"), strbuf_slice(&from));
	address_list_clear(&self);
	draw_addresses(page, _("To"), &draft->to);
	if (draft->cc.n > 0)
		draw_addresses(page, _("Cc"), &draft->cc);
	if (draft->bcc.n > 0)
		draw_addresses(page, _("Bcc"), &draft->bcc);
	draw_field(page, _("Subject"),
		slice_str(draft->subject ? draft->subject : ""));
}

static void
draw_attachments(struct page *page, const struct draft *draft)
{
	for (size_t i = 0; i < draft->attachments.n; i++) {
		const struct draft_attachment *it =
			&draft->attachments.items[i];
		char size[FORMAT_SIZE];
		char *text CLEANUP(freep) = NULL;

		if (page->row >= page->end)
			return;
		text = xasprintf("%zu  %s  %s", i + 1,
			it->name   ? it->name
			: it->path ? it->path
				   : _("a message"),
			it->size ? format_size(it->size, size) : "");
		screen_put_symbol(page->screen, page->row, page->col,
			SYMBOL_ATTACHMENT, STYLE_ATTACHMENT);
		screen_put_str(page->screen, page->row, page->col + 2,
			page->cols - 2, text, STYLE_ATTACHMENT);
		page->row++;
	}
}

/* How many rows the text takes in all. */
static size_t
draw_text(struct page *page, const char *body, size_t top)
{
	struct slice rest = slice_str(body ? body : "");
	struct slice line;
	size_t n = 0;

	while (slice_next_line(&rest, &line)) {
		uint16_t style = line.len > 0 && line.data[0] == '>'
					 ? STYLE_QUOTE1
					 : STYLE_TEXT;

		do {
			size_t next = line.len;
			size_t len = width_wrap(
				line, page->cols > 1 ? page->cols : 1, &next);

			if (n >= top && page->row < page->end)
				screen_put(page->screen, page->row++, page->col,
					page->cols, slice_head(line, len),
					style);
			n++;
			line = slice_skip(line, next > 0 ? next : 1);
		} while (line.len > 0);
	}
	return n;
}

static void
draw_note(struct page *page, const char *text, uint16_t style)
{
	if (page->row >= page->end)
		return;
	screen_put_str(
		page->screen, page->row, page->col, page->cols, "!", style);
	screen_put_str(page->screen, page->row, page->col + 2, page->cols - 2,
		text, style);
	page->row++;
}

static const char *
reply_note(const struct reply_notes *notes, int i)
{
	switch (i) {
	case 0:
		return notes->munged ? _("The list asks for answers to "
					 "itself; this goes to the sender "
					 "alone.")
				     : NULL;
	case 1:
		return notes->goes_wider
			       ? _("It goes to everybody on the mailing list.")
			       : NULL;
	case 2:
		return notes->no_text
			       ? _("The text it answers is not held here.")
			       : NULL;
	default:
		return NULL;
	}
}

static int
count_notes(const struct composer *composer, unsigned doubts)
{
	int n = 0;

	for (int i = 0; i < 3; i++)
		n += reply_note(&composer->notes, i) != NULL;
	for (unsigned bit = 1; bit <= DOUBT_ATTACHMENT; bit <<= 1)
		n += (doubts & bit) != 0;
	return n < NOTES_ROWS_MAX ? n : NOTES_ROWS_MAX;
}

static void
draw_notes(struct page *page, const struct composer *composer, unsigned doubts)
{
	for (unsigned bit = 1; bit <= DOUBT_ATTACHMENT; bit <<= 1)
		if (doubts & bit)
			draw_note(page, draft_doubt_text((enum draft_doubt)bit),
				STYLE_WARNING);
	for (int i = 0; i < 3; i++)
		if (reply_note(&composer->notes, i))
			draw_note(page, reply_note(&composer->notes, i),
				STYLE_WARNING);
}

void
pane_composer_draw(struct screen *screen, const struct rect *rect,
	struct composer *composer)
{
	unsigned doubts = draft_doubts(&composer->draft);
	int notes = count_notes(composer, doubts);
	int end = rect->row + rect->rows;
	struct page page = {
		.screen = screen,
		.row = rect->row,
		.end = end,
		.col = rect->col + LEFT,
		.cols = rect->cols - 2 * LEFT,
	};

	screen_clear(screen, rect, STYLE_TEXT);
	draw_header(&page, &composer->draft);
	draw_attachments(&page, &composer->draft);
	page.row++;
	page.end = notes > 0 ? end - notes - 1 : end;
	composer->page = page.end > page.row ? page.end - page.row : 0;
	composer->lines = draw_text(&page, composer->draft.body, composer->top);
	if (notes == 0)
		return;
	screen_hline(
		screen, end - notes - 1, rect->col, rect->cols, STYLE_RULE);
	page.row = end - notes;
	page.end = end;
	draw_notes(&page, composer, doubts);
}
