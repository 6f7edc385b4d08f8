/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Behind links whose words name another place: where they really lead. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "view/link_target.h"
#include "view/viewer_private.h"

/* What is looked at in a message; of others one learns when one is chosen. */
enum { CLAIMS_MAX = 5000 };

/* What is to stand behind the span of that number. */
struct claim {
	size_t span;
	char *host;
};

struct claims {
	struct claim *items;
	size_t n;
	size_t cap;
};

static void
claims_clear(struct claims *claims)
{
	for (size_t i = 0; i < claims->n; i++)
		free(claims->items[i].host);
	array_clear(claims);
}

/* Where the link leads, when its words say something else; or NULL. */
static char *
judge(const char *url, struct slice words, uint8_t *trust)
{
	struct link_target target;
	char named[LINK_HOST_MAX + 1];

	link_look(url, &target);
	if (target.refused || target.is_foreign)
		*trust = LINK_DOUBTED;
	else if (*trust == LINK_UNSEEN)
		*trust = LINK_TRUSTED;
	if (target.refused)
		return NULL;
	if (link_lies(words, &target, named)) {
		*trust = LINK_DOUBTED;
		return xstrdup(target.host[0] ? target.host : url);
	}
	/* Words in the letters of the host do not say which those are. */
	if (target.is_foreign && !memmem(words.data, words.len, target.host,
					 strlen(target.host)))
		return xstrdup(target.host);
	return NULL;
}

/* Bytes of the paragraph's text from span `first` on that are one link, and the
 * last span of them. */
static struct slice
link_run(const struct document *doc, const struct paragraph *paragraph,
	uint32_t first, uint32_t *ret_last)
{
	const struct span *spans = &doc->spans[paragraph->first_span];
	uint32_t last = first;

	while (last + 1 < paragraph->n_spans &&
		spans[last + 1].style & SPAN_LINK &&
		spans[last + 1].link == spans[first].link &&
		spans[last + 1].start == spans[last].start + spans[last].len)
		last++;
	*ret_last = last;
	return slice_make(
		document_text(doc, paragraph).data + spans[first].start,
		spans[last].start + spans[last].len - spans[first].start);
}

static void
find_claims(const struct document *doc, struct claims *claims, uint8_t *trust)
{
	size_t looked_at = 0;

	for (size_t p = 0; p < doc->n_paragraphs; p++) {
		const struct paragraph *paragraph = &doc->paragraphs[p];
		uint32_t last;

		for (uint32_t i = 0; i < paragraph->n_spans; i = last + 1) {
			const struct span *span =
				&doc->spans[paragraph->first_span + i];
			struct claim claim;
			struct slice words;

			last = i;
			if (!(span->style & SPAN_LINK) ||
				span->link >= doc->n_links)
				continue;
			if (looked_at++ == CLAIMS_MAX) {
				memset(trust, LINK_UNSEEN, doc->n_links);
				return;
			}
			words = link_run(doc, paragraph, i, &last);
			claim.span = paragraph->first_span + last;
			claim.host = judge(doc->links[span->link].url, words,
				&trust[span->link]);
			if (claim.host)
				array_push(claims, claim);
		}
	}
}

static void
add_claim(struct document *doc, const struct claim *claim)
{
	/* TRANSLATORS: behind a link whose words name another host */
	char *text CLEANUP(freep) = xasprintf(_("[leads to %s]"), claim->host);

	document_add_text(doc, SLICE(" "));
	document_add_text(doc, slice_str(text));
	document_add_span(doc, strlen(text), SPAN_WARNING, 0);
}

/* A paragraph with the claims of its links, which are next in the row. */
static void
copy_paragraph(const struct document *from, const struct paragraph *paragraph,
	const struct claims *claims, size_t *next, struct document *to)
{
	struct slice text = document_text(from, paragraph);
	uint32_t at = 0;

	document_begin(to, (enum paragraph_kind)paragraph->kind,
		paragraph->quote, paragraph->indent);
	for (uint32_t i = 0; i < paragraph->n_spans; i++) {
		const struct span *span =
			&from->spans[paragraph->first_span + i];

		if (span->start < at || span->start + span->len > text.len)
			continue;
		document_add_text(
			to, slice_make(text.data + at, span->start - at));
		document_add_text(
			to, slice_make(text.data + span->start, span->len));
		document_add_span(to, span->len, span->style, span->link);
		at = span->start + span->len;
		if (*next < claims->n &&
			claims->items[*next].span == paragraph->first_span + i)
			add_claim(to, &claims->items[(*next)++]);
	}
	document_add_text(to, slice_skip(text, at));
}

/* The document with the claims in it. */
static void
put_claims(struct document *doc, const struct claims *claims)
{
	struct document made;
	size_t next = 0;

	document_init(&made);
	for (size_t i = 0; i < doc->n_links; i++)
		(void)document_add_link(&made, slice_str(doc->links[i].url));
	/* The indices have to be the same. */
	if (made.n_links != doc->n_links) {
		document_clear(&made);
		return;
	}
	for (size_t i = 0; i < doc->n_paragraphs; i++)
		copy_paragraph(doc, &doc->paragraphs[i], claims, &next, &made);
	made.images = doc->images;
	made.trackers = doc->trackers;
	made.hidden = doc->hidden;
	made.truncated = made.truncated || doc->truncated;
	made.lossy = doc->lossy;
	document_clear(doc);
	*doc = made;
}

void
viewer_mark_claims(struct document *doc, uint8_t **trust)
{
	struct claims claims = { NULL, 0, 0 };

	free(*trust);
	*trust = xcalloc(doc->n_links + 1, 1);
	find_claims(doc, &claims, *trust);
	if (claims.n > 0)
		put_claims(doc, &claims);
	claims_clear(&claims);
}

bool
view_viewer_link_url(const struct view_viewer *view, const struct document *doc,
	uint16_t link, struct strbuf *out)
{
	static const char digits[] = "0123456789ABCDEF";
	const uint8_t *trust =
		doc == &view->source ? view->source_trust : view->text_trust;

	if (!trust || link >= doc->n_links || trust[link] != LINK_TRUSTED)
		return false;
	for (const char *c = doc->links[link].url; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte < 0x80) {
			strbuf_add_char(out, *c);
			continue;
		}
		strbuf_add_char(out, '%');
		strbuf_add_char(out, digits[byte >> 4]);
		strbuf_add_char(out, digits[byte & 15]);
	}
	return !out->full;
}
