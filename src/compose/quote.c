/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/quote.h"

#include "base/gettext.h"
#include "compose/flow.h"
#include "i18n/format.h"
#include "i18n/width.h"

enum { DEPTH_MAX = 20, LEAST_COLUMNS = 20, NAMES_MAX = 64 * 1024 };

static bool
is_verbatim(const struct paragraph *it)
{
	switch ((enum paragraph_kind)it->kind) {
	case PARAGRAPH_PRE:
	case PARAGRAPH_DIFF_FILE:
	case PARAGRAPH_DIFF_HUNK:
	case PARAGRAPH_DIFF_ADD:
	case PARAGRAPH_DIFF_DEL:
	case PARAGRAPH_TABLE_ROW:
		return true;
	case PARAGRAPH_TEXT:
	case PARAGRAPH_HEADING:
	case PARAGRAPH_ITEM:
	case PARAGRAPH_SIGNATURE:
	case PARAGRAPH_RULE:
	case PARAGRAPH_PART:
	case PARAGRAPH_CARD:
	case PARAGRAPH_KINDS:
		return false;
	}
	return false;
}

static void
put_mark(int depth, bool blank, struct strbuf *out)
{
	for (int i = 0; i < depth && i < DEPTH_MAX; i++)
		strbuf_add_char(out, '>');
	if (depth > 0 && blank)
		strbuf_add_char(out, ' ');
}

/* One line of a paragraph, broken where it is longer than people read. */
static void
put_lines(struct slice text, int depth, bool verbatim, struct strbuf *out)
{
	int columns = FLOW_COLUMNS - depth - 1;

	if (columns < LEAST_COLUMNS)
		columns = LEAST_COLUMNS;
	do {
		size_t next = text.len;
		size_t n =
			verbatim ? text.len : width_wrap(text, columns, &next);

		put_mark(depth, n > 0, out);
		strbuf_add_slice(out, slice_head(text, n));
		strbuf_add_char(out, '\n');
		text = slice_skip(text, next);
	} while (text.len > 0);
}

static void
put_paragraph(const struct paragraph *it, struct slice text, int depth,
	struct strbuf *out)
{
	if (it->kind == PARAGRAPH_RULE) {
		put_lines(SLICE("-----"), depth, true, out);
		return;
	}
	do {
		size_t end = slice_find(text, '\n');

		put_lines(slice_head(text, end), depth, is_verbatim(it), out);
		text = slice_skip(text, end + 1);
	} while (text.len > 0);
}

/* Empty paragraphs at the end are left out, and the writer's signature. */
static size_t
count_quoted(const struct document *doc, bool with_signature)
{
	size_t n = doc->n_paragraphs;

	while (n > 0) {
		const struct paragraph *it = &doc->paragraphs[n - 1];

		if (it->len > 0 &&
			(with_signature || it->kind != PARAGRAPH_SIGNATURE ||
				it->quote > 0))
			break;
		n--;
	}
	return n;
}

static bool
put_text(const struct reply_source *source, int depth, bool with_signature,
	struct strbuf *out)
{
	const struct document *doc = source->document;
	size_t n = doc ? count_quoted(doc, with_signature) : 0;

	for (size_t i = 0; i < n; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		if (it->kind == PARAGRAPH_SIGNATURE && !with_signature &&
			it->quote == 0)
			continue;
		put_paragraph(it, document_text(doc, it),
			depth + (it->quote > 0 || depth > 0 ? it->quote : 0),
			out);
	}
	return n > 0;
}

static int64_t
date_of(const struct reply_source *source)
{
	return source->envelope->date ? source->envelope->date
				      : source->received;
}

bool
quote_answer(const struct reply_source *source, struct strbuf *out)
{
	const struct address_list *from = &source->envelope->from;
	char date[FORMAT_SIZE];
	const char *who = from->n > 0 ? address_display(&from->items[0]) : "?";

	if (!source->document || count_quoted(source->document, false) == 0)
		return false;
	if (date_of(source))
		/* TRANSLATORS: above the quoted text of an answer: date, name
		 */
		strbuf_addf(out, _("On %s, %s wrote:"),
			format_date(date_of(source), date), who);
	else
		strbuf_addf(out, _("%s wrote:"), who);
	strbuf_add_char(out, '\n');
	return put_text(source, 1, false, out);
}

static void
put_names(
	const char *label, const struct address_list *list, struct strbuf *out)
{
	struct strbuf names CLEANUP(strbuf_clear) = { 0 };

	if (list->n == 0)
		return;
	strbuf_init(&names, NAMES_MAX);
	address_list_print(list, &names);
	strbuf_addf(out, "%s: %s\n", label, names.data);
}

bool
quote_forward(const struct reply_source *source, struct strbuf *out)
{
	const struct envelope *envelope = source->envelope;
	char date[FORMAT_SIZE];

	strbuf_addf(out, "---------- %s ----------\n", _("Forwarded message"));
	put_names(_("From"), &envelope->from, out);
	if (date_of(source))
		strbuf_addf(out, "%s: %s\n", _("Date"),
			format_date(date_of(source), date));
	if (envelope->subject)
		strbuf_addf(out, "%s: %s\n", _("Subject"), envelope->subject);
	put_names(_("To"), &envelope->to, out);
	put_names(_("Cc"), &envelope->cc, out);
	strbuf_add_char(out, '\n');
	return put_text(source, 0, true, out);
}

void
quote_signature(const char *signature, struct strbuf *out)
{
	struct slice rest = slice_trim(slice_str(signature));

	if (rest.len == 0)
		return;
	/* Some keep the dashes in the file. */
	if (slice_starts(rest, SLICE("-- \n")))
		rest = slice_skip(rest, 4);
	strbuf_add_str(out, "\n-- \n");
	strbuf_add_slice(out, rest);
	strbuf_add_char(out, '\n');
}
