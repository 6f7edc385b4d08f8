/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in the message, found without case and accents. */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "i18n/fold.h"
#include "view/viewer_private.h"

/* Bytes in front of a line in which a match that reaches into it begins. */
enum { LOOK_BACK = VIEWER_NEEDLE_MAX * 4 };

/* A place in what is shown: header or source first, then the text. */
struct place {
	bool source;
	uint32_t item;
	uint32_t at;
};

/* Its letters, folded; returns their number. */
static size_t
fold_text(struct slice text, uint32_t *letters, size_t max)
{
	size_t n = 0;

	while (text.len > 0) {
		uint32_t folded[FOLD_MAX];
		int more = fold_letter(utf8_next(&text), folded);

		for (int i = 0; i < more && n < max; i++)
			letters[n++] = folded[i];
	}
	return n;
}

bool
view_viewer_find(struct view_viewer *view, const char *text)
{
	struct viewer_find *find = &view->find;

	find->n = fold_text(
		slice_str(text ? text : ""), find->needle, VIEWER_NEEDLE_MAX);
	find->is_at = false;
	return find->n > 0;
}

/* Bytes that match at the front of `text`; 0: none do. */
static size_t
match_length(const struct viewer_find *find, struct slice text)
{
	struct slice rest = text;
	size_t n = 0;

	while (rest.len > 0) {
		struct slice before = rest;
		uint32_t folded[FOLD_MAX];
		int more = fold_letter(utf8_next(&rest), folded);

		/* The marks of the last letter belong to it. */
		if (n == find->n && more > 0)
			return text.len - before.len;
		/* None is the first. */
		if (n == 0 && more == 0)
			return 0;
		for (int i = 0; i < more && n < find->n; i++)
			if (folded[i] != find->needle[n++])
				return 0;
	}
	return n == find->n ? text.len : 0;
}

/* Most of a long text is passed over by this alone. */
static bool
cannot_begin(const struct viewer_find *find, char c)
{
	return (unsigned char)c < 0x80 &&
	       (uint32_t)ascii_lower(c) != find->needle[0];
}

/* The first match that begins in [from, to); false when there is none. */
static bool
find_in(const struct viewer_find *find, struct slice text, size_t from,
	size_t to, struct viewer_match *ret_match)
{
	struct slice rest = slice_skip(text, from);

	while (rest.len > 0 && text.len - rest.len < to) {
		size_t at = text.len - rest.len;
		size_t len;

		if (cannot_begin(find, rest.data[0])) {
			rest = slice_skip(rest, 1);
			continue;
		}
		len = match_length(find, rest);
		if (len > 0) {
			*ret_match =
				(struct viewer_match){ .start = (uint32_t)at,
					.len = (uint32_t)len };
			return true;
		}
		(void)utf8_next(&rest);
	}
	return false;
}

static bool
find_last_in(const struct viewer_find *find, struct slice text, size_t to,
	struct viewer_match *ret_match)
{
	struct viewer_match match;
	bool found = false;
	size_t from = 0;

	while (find_in(find, text, from, to, &match)) {
		*ret_match = match;
		found = true;
		from = match.start + match.len;
	}
	return found;
}

static const struct document *
document_of(const struct view_viewer *view, bool source)
{
	return source ? &view->source : &view->text;
}

/* What is drawn as a line across has no words to find. */
static struct slice
text_of(const struct document *doc, uint32_t item)
{
	const struct paragraph *paragraph = &doc->paragraphs[item];

	if (paragraph->kind == PARAGRAPH_RULE ||
		paragraph->kind == PARAGRAPH_PART)
		return slice_make("", 0);
	return document_text(doc, paragraph);
}

static bool
shows(const struct view_viewer *view, bool source)
{
	return source ? view->mode != VIEWER_TEXT : viewer_shows_text(view);
}

static bool
search_down(struct view_viewer *view, struct place from)
{
	struct viewer_find *find = &view->find;
	struct viewer_match match;

	for (int pass = from.source ? 0 : 1; pass < 2; pass++) {
		const struct document *doc = document_of(view, pass == 0);
		bool first = (pass == 0) == from.source;
		uint32_t item = first ? from.item : 0;

		if (!shows(view, pass == 0))
			continue;
		for (uint32_t i = item; i < doc->n_paragraphs; i++) {
			size_t at = first && i == from.item ? from.at : 0;

			if (!find_in(find, text_of(doc, i), at, SIZE_MAX,
				    &match))
				continue;
			find->is_at = true;
			find->source = pass == 0;
			find->item = i;
			find->match = match;
			return true;
		}
	}
	return false;
}

static bool
search_up(struct view_viewer *view, struct place from)
{
	struct viewer_find *find = &view->find;
	struct viewer_match match;

	for (int pass = from.source ? 0 : 1; pass >= 0; pass--) {
		const struct document *doc = document_of(view, pass == 0);
		bool first = (pass == 0) == from.source;
		size_t n = doc->n_paragraphs;

		if (!shows(view, pass == 0))
			continue;
		if (first && n > (size_t)from.item + 1)
			n = (size_t)from.item + 1;
		while (n-- > 0) {
			size_t to =
				first && n == from.item ? from.at : SIZE_MAX;

			if (!find_last_in(find, text_of(doc, (uint32_t)n), to,
				    &match))
				continue;
			find->is_at = true;
			find->source = pass == 0;
			find->item = (uint32_t)n;
			find->match = match;
			return true;
		}
	}
	return false;
}

/* From the match one is at, else from the top of the screen. */
static struct place
place_now(struct view_viewer *view, bool up)
{
	const struct viewer_find *find = &view->find;

	if (find->is_at)
		return (struct place){ find->source, find->item,
			find->match.start + (up ? 0 : find->match.len) };
	for (int i = 0; i < view->page; i++) {
		const struct viewer_line *line = view_viewer_on_screen(view, i);

		if (!line)
			break;
		if (line->kind == VIEWER_LINE_TEXT)
			return (struct place){ line->source, line->item,
				line->start };
	}
	return (struct place){ .source = true };
}

/* The line the match begins in; false when it is folded away. */
static bool
find_line(struct view_viewer *view, size_t *ret_line)
{
	const struct viewer_find *find = &view->find;
	bool found = false;

	for (size_t i = 0;; i++) {
		const struct viewer_line *line;

		viewer_wrap_to(view, i + 1);
		if (i >= view->n)
			return found;
		line = &view->lines[i];
		/* The rest of its paragraph. */
		if (found && line->kind == VIEWER_LINE_FOLD &&
			find->match.start >= view->lines[*ret_line].start +
						     view->lines[*ret_line].len)
			return false;
		if (line->kind != VIEWER_LINE_TEXT ||
			line->source != find->source || line->item < find->item)
			continue;
		if (line->item > find->item || line->start > find->match.start)
			return found;
		*ret_line = i;
		found = true;
	}
}

static void
reveal(struct view_viewer *view)
{
	size_t page = (size_t)view->page;
	size_t at = 0;

	if (!find_line(view, &at)) {
		view_viewer_set_quotes(view, true);
		if (!find_line(view, &at))
			return;
	}
	if (at < view->top || at >= view->top + page)
		view->top = at > page / 3 ? at - page / 3 : 0;
	view_viewer_scroll(view, 0);
}

/* Whether `match` of that paragraph begins at the one that was gone to, or
 * before it. */
static bool
is_up_to(const struct viewer_find *find, bool source, uint32_t item,
	const struct viewer_match *match)
{
	if (source != find->source)
		return source;
	return item < find->item ||
	       (item == find->item && match->start <= find->match.start);
}

/* Those of a document. */
static void
count_in(struct view_viewer *view, bool source)
{
	struct viewer_find *find = &view->find;
	const struct document *doc = document_of(view, source);

	for (uint32_t i = 0; i < doc->n_paragraphs; i++) {
		struct slice text = text_of(doc, i);
		struct viewer_match match;
		size_t from = 0;

		while (find->total < VIEWER_COUNT_MAX &&
			find_in(find, text, from, SIZE_MAX, &match)) {
			find->total++;
			if (is_up_to(find, source, i, &match))
				find->number = find->total;
			from = match.start + match.len;
		}
	}
}

/* The number of the match that was gone to: counted once, then followed. */
static void
number_match(struct view_viewer *view, bool was_at, bool up)
{
	struct viewer_find *find = &view->find;

	if (!was_at || find->total == VIEWER_COUNT_MAX) {
		find->number = 0;
		find->total = 0;
		for (int pass = 0; pass < 2; pass++)
			if (shows(view, pass == 0))
				count_in(view, pass == 0);
	} else if (up) {
		find->number =
			find->number > 1 ? find->number - 1 : find->total;
	} else {
		find->number =
			find->number < find->total ? find->number + 1 : 1;
	}
}

enum viewer_found
view_viewer_find_next(struct view_viewer *view, bool up)
{
	bool was_at = view->find.is_at;
	static const struct place top = { .source = true };
	static const struct place bottom = { false, UINT32_MAX, UINT32_MAX };
	struct place from = place_now(view, up);
	enum viewer_found found = VIEWER_FOUND;

	if (view->find.n == 0)
		return VIEWER_FOUND_NOT;
	if (!(up ? search_up(view, from) : search_down(view, from))) {
		found = VIEWER_FOUND_AROUND;
		if (!(up ? search_up(view, bottom) : search_down(view, top)))
			return VIEWER_FOUND_NOT;
	}
	number_match(view, was_at, up);
	reveal(view);
	return found;
}

int
view_viewer_matches(const struct view_viewer *view,
	const struct viewer_line *line,
	struct viewer_match matches[VIEWER_MATCHES_MAX])
{
	const struct viewer_find *find = &view->find;
	const struct document *doc = document_of(view, line->source);
	struct slice text = text_of(doc, line->item);
	uint32_t end = line->start + line->len;
	size_t from = line->start > LOOK_BACK ? line->start - LOOK_BACK : 0;
	int n = 0;

	if (find->n == 0)
		return 0;
	while (from > 0 && from < text.len &&
		((unsigned char)text.data[from] & 0xc0) == 0x80)
		from--;
	while (n < VIEWER_MATCHES_MAX &&
		find_in(find, text, from, end, &matches[n])) {
		struct viewer_match *match = &matches[n];

		from = match->start + match->len;
		match->is_at = find->is_at && find->source == line->source &&
			       find->item == line->item &&
			       find->match.start == match->start;
		if (from > line->start)
			n++;
	}
	return n;
}
