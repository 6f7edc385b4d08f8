/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html_quote.h"

#include "base/array.h"
#include "mime/html_style.h"

static bool
has_class(struct slice classes, struct slice name)
{
	while (classes.len > 0) {
		size_t n = 0;

		while (n < classes.len && !ascii_is_space(classes.data[n]))
			n++;
		if (slice_eq_nocase(slice_head(classes, n), name))
			return true;
		classes = slice_skip(classes, n + 1);
	}
	return false;
}

static bool
has_any_class(struct slice classes, const struct slice *names, size_t n)
{
	for (size_t i = 0; classes.len > 0 && i < n; i++) {
		if (has_class(classes, names[i]))
			return true;
	}
	return false;
}

/*
 * The line Word draws above the header of the mail that is answered:
 * "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in", or
 * at the left of all of it, "border:none;border-left:solid blue 1.5pt".
 */
static enum html_role
role_of_lines(struct slice style)
{
	struct slice value;

	if (!html_style_find(style, SLICE("border"), &value) ||
		!slice_eq_nocase(value, SLICE("none")))
		return HTML_ROLE_NONE;
	if (html_style_find(style, SLICE("border-top"), &value) &&
		slice_starts_nocase(value, SLICE("solid #")) &&
		html_style_find(style, SLICE("padding"), &value) &&
		slice_starts_nocase(value, SLICE("3.0pt 0")))
		return HTML_ROLE_REPLY;
	if (html_style_find(style, SLICE("border-left"), &value) &&
		slice_starts_nocase(value, SLICE("solid blue")))
		return HTML_ROLE_QUOTE;
	return HTML_ROLE_NONE;
}

enum html_role
html_role_of_block(const struct html_marks *marks)
{
	static const struct slice quotes[] = { { "yahoo_quoted", 12 },
		{ "yahoo-quoted-begin", 18 } };
	static const struct slice signatures[] = { { "gmail_signature", 15 },
		{ "moz-signature", 13 }, { "protonmail_signature_block", 26 } };
	static const struct slice replies[] = { { "divRplyFwdMsg", 13 },
		{ "x_divRplyFwdMsg", 15 } };

	for (size_t i = 0; marks->id.len > 0 && i < ARRAY_LEN(replies); i++) {
		if (slice_eq_nocase(marks->id, replies[i]))
			return HTML_ROLE_REPLY;
	}
	if (has_class(marks->class_, SLICE("OutlookMessageHeader")))
		return HTML_ROLE_REPLY;
	if (slice_eq(marks->id, SLICE("Signature")))
		return HTML_ROLE_SIGNATURE;
	if (has_any_class(marks->class_, quotes, ARRAY_LEN(quotes)) ||
		slice_eq(marks->marker, SLICE("__QUOTED_TEXT__")))
		return HTML_ROLE_QUOTE;
	if (has_any_class(marks->class_, signatures, ARRAY_LEN(signatures)))
		return HTML_ROLE_SIGNATURE;
	if (slice_starts(marks->class_, SLICE("MsoListParagraph")))
		return HTML_ROLE_WORD_ITEM;
	return marks->style.len > 0 ? role_of_lines(marks->style)
				    : HTML_ROLE_NONE;
}

bool
html_is_word_paragraph(struct slice classes, struct slice style)
{
	struct slice value;

	return slice_starts(classes, SLICE("Mso")) &&
	       !html_style_find(style, SLICE("mso-margin-top-alt"), &value) &&
	       !html_style_find(style, SLICE("margin-top"), &value);
}

enum html_role
html_role_of_blockquote(const struct html_marks *marks)
{
	static const struct slice quotes[] = { { "gmail_quote", 11 },
		{ "protonmail_quote", 16 } };
	struct slice value;

	if (slice_eq_nocase(marks->type, SLICE("cite")) ||
		has_any_class(marks->class_, quotes, ARRAY_LEN(quotes)))
		return HTML_ROLE_QUOTE;
	/* "Indent more" of Gmail and others. */
	if (html_style_find(marks->style, SLICE("border"), &value) &&
		(slice_starts_nocase(value, SLICE("none")) ||
			slice_starts(value, SLICE("0"))) &&
		!html_style_find(marks->style, SLICE("border-left"), &value))
		return HTML_ROLE_INDENT;
	return HTML_ROLE_QUOTE;
}

bool
html_is_original_message(struct slice text)
{
	static const char *const words[] = { "Original Message",
		"Original message", "Original-Nachricht",
		"Urspr\xc3\xbcngliche Nachricht", "Message d'origine",
		"Message d\xe2\x80\x99origine", "Mensaje original",
		"Messaggio originale", "Oorspronkelijk bericht",
		"Ursprungligt meddelande", "Mensagem original",
		"Oprindelig meddelelse",
		"\xd0\x98\xd1\x81\xd1\x85\xd0\xbe\xd0\xb4\xd0\xbd\xd0\xbe\xd0"
		"\xb5 \xd1\x81\xd0\xbe\xd0\xbe\xd0\xb1\xd1\x89\xd0\xb5\xd0\xbd"
		"\xd0\xb8\xd0\xb5" };
	size_t lines = 0;

	text = slice_trim(text);
	while (text.len > 0 && text.data[0] == '-') {
		text = slice_skip(text, 1);
		lines++;
	}
	if (lines < 3)
		return false;
	text = slice_trim(text);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (slice_starts(text, slice_str(words[i])))
			return slice_ends(text, SLICE("---"));
	}
	return false;
}

/* Lines of a header are looked for this far down. */
enum { HEADER_LINES_MAX = 8 };

static bool
starts_with_any(struct slice text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct slice word = slice_str(words[i]);
		struct slice rest = slice_skip(text, word.len);

		if (!slice_starts(text, word))
			continue;
		/* The French put a blank in front. */
		while (slice_starts(rest, SLICE(" ")) ||
			slice_starts(rest, SLICE("\xc2\xa0")))
			rest = slice_skip(rest, rest.data[0] == ' ' ? 1 : 2);
		if (slice_starts(rest, SLICE(":")))
			return true;
	}
	return false;
}

static bool
is_from(struct slice text)
{
	static const char *const words[] = { "From", "Von", "De", "Da", "Van",
		"Fr\xc3\xa5n", "Fra", "Od", "\xd0\x9e\xd1\x82",
		"\xe5\x8f\x91\xe4\xbb\xb6\xe4\xba\xba",
		"\xe5\xb7\xae\xe5\x87\xba\xe4\xba\xba" };

	return starts_with_any(text, words, ARRAY_LEN(words));
}

static bool
is_date(struct slice text)
{
	static const char *const words[] = { "Sent", "Date", "Gesendet",
		"Datum", "Envoy\xc3\xa9", "Enviado", "Enviado el", "Fecha",
		"Inviato", "Data", "Verzonden", "Skickat", "Sendt", "Dato",
		"\xd0\x94\xd0\xb0\xd1\x82\xd0\xb0",
		"\xd0\x9e\xd1\x82\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xbb"
		"\xd0\xb5\xd0\xbd\xd0\xbe",
		"\xe5\x8f\x91\xe9\x80\x81\xe6\x97\xb6\xe9\x97\xb4",
		"\xe6\x97\xa5\xe6\x99\x82" };

	return starts_with_any(text, words, ARRAY_LEN(words));
}

static bool
is_subject(struct slice text)
{
	static const char *const words[] = { "Subject", "Betreff", "Objet",
		"Asunto", "Oggetto", "Onderwerp", "\xc3\x84mne", "Emne",
		"Assunto", "Temat", "\xd0\xa2\xd0\xb5\xd0\xbc\xd0\xb0",
		"\xe4\xb8\xbb\xe9\xa2\x98", "\xe4\xbb\xb6\xe5\x90\x8d" };

	return starts_with_any(text, words, ARRAY_LEN(words));
}

/* Whether the lines of a mail's header begin there, all as deep. */
static bool
is_header(const struct document *doc, size_t at)
{
	const struct paragraph *from = &doc->paragraphs[at];
	bool has_date = false;

	if (!is_from(document_text(doc, from)))
		return false;
	for (size_t i = at + 1;
		i < doc->n_paragraphs && i <= at + HEADER_LINES_MAX; i++) {
		const struct paragraph *it = &doc->paragraphs[i];
		struct slice text = document_text(doc, it);

		if (it->quote != from->quote)
			return false;
		has_date = has_date || is_date(text);
		if (has_date && is_subject(text))
			return true;
	}
	return false;
}

void
html_quote_below_headers(struct document *doc, size_t first)
{
	bool has_words = false;

	for (size_t i = first; i < doc->n_paragraphs; i++) {
		struct paragraph *it = &doc->paragraphs[i];

		if (it->kind != PARAGRAPH_TEXT || it->len == 0)
			continue;
		if (!has_words || it->quote > 0 || !is_header(doc, i)) {
			has_words = true;
			continue;
		}
		for (size_t j = i; j < doc->n_paragraphs; j++) {
			if (doc->paragraphs[j].quote < PARAGRAPH_QUOTE_MAX)
				doc->paragraphs[j].quote++;
		}
		return;
	}
}
