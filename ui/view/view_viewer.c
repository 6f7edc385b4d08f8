/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view_viewer.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "cli/readable.h"
#include "config/config.h"
#include "mail/authentication.h"
#include "store/part.h"
#include "view/viewer_private.h"

/* Bytes of a message's source that are shown. */
enum { SOURCE_MAX = DOCUMENT_TEXT_MAX, PART_BYTES_MAX = 4 * 1024 * 1024 };

void
view_viewer_init(struct view_viewer *view)
{
	*view = (struct view_viewer){ .width = 1, .page = 1 };
	document_init(&view->text);
	document_init(&view->source);
}

void
view_viewer_clear(struct view_viewer *view)
{
	message_clear(&view->message);
	document_clear(&view->text);
	document_clear(&view->source);
	viewer_undescribe(view);
	free(view->trouble);
	free(view->section);
	free(view->fold_keys);
	free(view->trusted);
	free(view->charset);
	free(view->text_trust);
	free(view->source_trust);
	free(view->lines);
	free(view->tables);
	*view = (struct view_viewer){ .width = 1, .page = 1 };
}

static void
renew(struct document *doc)
{
	document_clear(doc);
	document_init(doc);
}

static void
forget(struct view_viewer *view)
{
	message_clear(&view->message);
	view->message = (struct message){ .id = 0 };
	if (!view->is_chosen) {
		renew(&view->text);
		freep(&view->text_trust);
		view->text_trust = NULL;
	}
	renew(&view->source);
	freep(&view->source_trust);
	view->source_trust = NULL;
	viewer_undescribe(view);
	viewer_unwrap(view);
	str_replace(&view->trouble, NULL);
	view->waiting_shown = false;
	view->find.is_at = false;
}

void
view_viewer_close(struct view_viewer *view)
{
	view_viewer_drop_text(view);
	forget(view);
	view->message_id = 0;
	view->state = VIEWER_EMPTY;
	view->mode = VIEWER_TEXT;
	view->top = 0;
	(void)view_viewer_find(view, NULL);
}

/* What is shown beside a document's own words goes into a copy. */
static void
take_text(struct view_viewer *view, struct document *doc)
{
	document_clear(&view->text);
	document_number_links(doc, &view->text);
	document_clear(doc);
	viewer_mark_claims(&view->text, &view->text_trust);
	view->state = VIEWER_READY;
}

/* The text as far as it is held; decides between READY and WAITING. */
static bool
load_text(struct view_viewer *view, struct store *store, struct error *err)
{
	struct document doc;

	if (view->is_chosen) {
		view->state = VIEWER_READY;
		return true;
	}
	switch (text_load(
		store, view->message_id, &doc, &view->text_version, err)) {
	case FOUND:
		take_text(view, &doc);
		return true;
	case NOT_FOUND:
		view->state = VIEWER_WAITING;
		return true;
	case FOUND_ERROR:
		break;
	}
	return false;
}

bool
view_viewer_load(struct view_viewer *view, struct store *store,
	const struct config *config, int64_t message, struct error *err)
{
	bool same = view->message_id == message && view->state != VIEWER_EMPTY;
	size_t top = same ? view->top : 0;
	enum viewer_mode mode = same ? view->mode : VIEWER_TEXT;

	if (!same)
		view_viewer_drop_text(view);
	forget(view);
	view->message_id = message;
	view->mode = VIEWER_TEXT;
	view->top = 0;
	if (!same) {
		view->quotes_open = false;
		(void)view_viewer_find(view, NULL);
	}
	switch (message_load(store, message, &view->message, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		view_viewer_close(view);
		return true;
	case FOUND_ERROR:
		view->state = VIEWER_EMPTY;
		return false;
	}
	if (!load_text(view, store, err)) {
		view->state = VIEWER_EMPTY;
		return false;
	}
	str_replace(&view->trusted, config->trust_auth_results);
	viewer_describe(view, config);
	if (!viewer_add_reports(view, store, err))
		return false;
	if (mode != VIEWER_TEXT &&
		view_viewer_set_mode(view, store, mode, err) == FOUND_ERROR)
		return false;
	view->top = top;
	view_viewer_scroll(view, 0);
	return true;
}

void
view_viewer_set_text(struct view_viewer *view, const struct config *config,
	struct document *text, bool is_other, const char *charset)
{
	take_text(view, text);
	view->is_chosen = true;
	view->is_other = is_other;
	str_replace(&view->charset, charset);
	viewer_undescribe(view);
	viewer_describe(view, config);
	view->mode = VIEWER_TEXT;
	renew(&view->source);
	view->top = 0;
	view->find.is_at = false;
	viewer_unwrap(view);
}

void
view_viewer_drop_text(struct view_viewer *view)
{
	view->is_chosen = false;
	view->is_other = false;
	str_replace(&view->charset, NULL);
}

void
view_viewer_fail(struct view_viewer *view, const char *sentence)
{
	if (view->state != VIEWER_WAITING && view->state != VIEWER_FAILED)
		return;
	view->state = VIEWER_FAILED;
	str_replace(&view->trouble, sentence);
}

/* Source being taken from the store, no more than is shown. */
struct source {
	struct strbuf bytes;
	bool cut;
};

static bool
take_source(void *ctx, struct slice piece)
{
	struct source *source = ctx;
	size_t room = SOURCE_MAX - source->bytes.len;

	if (piece.len > room) {
		piece.len = room;
		source->cut = true;
	}
	strbuf_add_slice(&source->bytes, piece);
	return !source->cut;
}

static void
make_source(struct document *doc, struct slice bytes, bool cut, bool header)
{
	struct slice line;

	renew(doc);
	if (header)
		readable_header(bytes, doc);
	while (!header && slice_next_line(&bytes, &line))
		document_add(doc, PARAGRAPH_PRE, 0, 0, line);
	if (cut)
		document_add(doc, PARAGRAPH_PART, 0, 0,
			slice_str(_("the rest is not shown")));
}

static enum found
load_source(struct view_viewer *view, struct store *store,
	enum viewer_mode mode, struct error *err)
{
	struct error first CLEANUP(error_clear) = ERROR_INIT;
	struct source source = { .cut = false };
	enum found found = NOT_FOUND;

	strbuf_init(&source.bytes, SOURCE_MAX);
	if (mode == VIEWER_HEADERS)
		found = section_stream(store, view->message_id, "HEADER",
			take_source, &source, &first);
	if (found == NOT_FOUND)
		found = section_stream(store, view->message_id, "", take_source,
			&source, &first);
	if (found == FOUND_ERROR && source.cut)
		found = FOUND;
	if (found == FOUND)
		make_source(&view->source, strbuf_slice(&source.bytes),
			source.cut, mode == VIEWER_HEADERS);
	else if (found == FOUND_ERROR)
		error_move(err, &first);
	strbuf_clear(&source.bytes);
	return found;
}

static enum found
load_part(struct view_viewer *view, struct store *store, const char *section,
	struct error *err)
{
	const struct part *part =
		part_tree_find(&view->message.parts, section ? section : "");
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	char *title CLEANUP(freep) = NULL;
	enum found found;

	if (!part)
		return NOT_FOUND;
	strbuf_init(&bytes, PART_BYTES_MAX);
	found = export_section(
		store, view->message_id, part->section, &bytes, err);
	if (found != FOUND)
		return found;
	renew(&view->source);
	title = xasprintf("%s  %s", part->section, part_title(part));
	document_add(&view->source, PARAGRAPH_PART, 0, 0, slice_str(title));
	readable_message(part, strbuf_slice(&bytes), &view->source);
	viewer_mark_claims(&view->source, &view->source_trust);
	return FOUND;
}

enum found
view_viewer_show_part(struct view_viewer *view, struct store *store,
	const char *section, struct error *err)
{
	enum found found = load_part(view, store, section, err);

	if (found != FOUND)
		return found;
	str_replace(&view->section, section);
	view->mode = VIEWER_PART;
	view->top = 0;
	view->find.is_at = false;
	viewer_unwrap(view);
	return FOUND;
}

static void
make_security(struct view_viewer *view)
{
	const struct message *message = &view->message;

	renew(&view->source);
	authentication_describe(message->authentication, view->trusted,
		&message->envelope.from, &view->source);
}

enum found
view_viewer_set_mode(struct view_viewer *view, struct store *store,
	enum viewer_mode mode, struct error *err)
{
	enum found found = FOUND;

	if (view->state == VIEWER_EMPTY)
		return NOT_FOUND;
	if (mode == VIEWER_SECURITY)
		make_security(view);
	else if (mode == VIEWER_PART)
		found = load_part(view, store, view->section, err);
	else if (mode != VIEWER_TEXT)
		found = load_source(view, store, mode, err);
	else
		renew(&view->source);
	if (found != FOUND)
		return found;
	view->mode = mode;
	view->top = 0;
	view->find.is_at = false;
	viewer_unwrap(view);
	return FOUND;
}

void
view_viewer_set_quotes(struct view_viewer *view, bool open)
{
	view->quotes_open = open;
	viewer_unwrap(view);
	view_viewer_scroll(view, 0);
}

bool
view_viewer_has_folds(const struct view_viewer *view)
{
	for (size_t i = 0; i < view->n; i++)
		if (view->lines[i].kind == VIEWER_LINE_FOLD)
			return true;
	return false;
}

void
view_viewer_set_size(struct view_viewer *view, int width, int page)
{
	bool was_small = view->page < VIEWER_MINOR_FROM;

	width = width > 0 ? width : 1;
	view->page = page > 0 ? page : 1;
	if (view->width != width ||
		was_small != (view->page < VIEWER_MINOR_FROM)) {
		/* The place is kept by its share of what was made. */
		size_t share = view->n > 0 ? view->top * 1000 / view->n : 0;
		size_t made = view->n;

		view->width = width;
		viewer_unwrap(view);
		viewer_wrap_to(view, made);
		view->top = view->n * share / 1000;
	}
	view_viewer_scroll(view, 0);
}

bool
view_viewer_scroll(struct view_viewer *view, int by)
{
	size_t before = view->top;
	size_t page = (size_t)view->page;
	size_t back = by < 0 ? (size_t) - (int64_t)by : 0;

	view->top = back > view->top ? 0 : view->top - back;
	if (by > 0)
		view->top += (size_t)by;
	viewer_wrap_to(view, view->top + page);
	if (view->top + page > view->n)
		view->top = view->n > page ? view->n - page : 0;
	return view->top != before;
}

void
view_viewer_first(struct view_viewer *view)
{
	view->top = 0;
}

void
view_viewer_last(struct view_viewer *view)
{
	viewer_wrap_to(view, SIZE_MAX);
	view->top =
		view->n > (size_t)view->page ? view->n - (size_t)view->page : 0;
}

int
view_viewer_percent(const struct view_viewer *view)
{
	size_t end = view->top + (size_t)view->page;
	const struct document *doc =
		viewer_shows_text(view) ? &view->text : &view->source;
	uint64_t seen;

	if (view->done && end >= view->n)
		return 100;
	if (view->done)
		return (int)(end * 100 / view->n);
	/* Not all lines are made: by the paragraphs that were, and how much of
	 * those has been seen. */
	seen = doc->n_paragraphs && view->n > 0
		       ? (uint64_t)view->next * 100 / doc->n_paragraphs *
				 (end < view->n ? end : view->n) / view->n
		       : 0;
	return seen > 99 ? 99 : (int)seen;
}

bool
view_viewer_is_whole(struct view_viewer *view)
{
	viewer_wrap_to(view, view->top + (size_t)view->page + 1);
	return view->top == 0 && view->done && view->n <= (size_t)view->page;
}

const struct viewer_line *
view_viewer_on_screen(struct view_viewer *view, int i)
{
	size_t at = view->top + (size_t)i;

	if (i < 0 || i >= view->page)
		return NULL;
	viewer_wrap_to(view, at + 1);
	return at < view->n ? &view->lines[at] : NULL;
}
