/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>

#include "base/array.h"
#include "mail/envelope.h"

/*
 * What mail programs put in front of the subject when they answer or forward,
 * without the colon.  Longer words stand before their own beginnings.
 */
static const char *const reply_words[] = {
	/* English and everybody */
	"re",
	"fwd",
	"fw",
	"antwort",
	"antw",
	"aw",
	"wg",
	"sv",
	"vs",
	"vb",
	"vl",
	"doorst",
	"betr",
	"ref",
	"rif",
	"res",
	"enc",
	"rv",
	"tr",
	"odp",
	"pd",
	"ynt",
	"ilt",
	"atb",
	"bls",
	"trs",
	/* beyond ASCII the case counts */
	"Ré",
	"RÉ",
	"Vá",
	"VÁ",
	"Továbbítás",
	"Αντ",
	"ΑΝΤ",
	"Απ",
	"ΑΠ",
	"Σχετ",
	"ΣΧΕΤ",
	"Πρθ",
	"ΠΡΘ",
	"Ответ",
	"Отв",
	"Пересл",
	"回复",
	"回覆",
	"答复",
	"答覆",
	"转发",
	"轉寄",
	"転送",
	"返信",
	"답장",
	"전달",
	"הועבר",
	"השב",
};

/* One letter is Italian Outlook; only capitals, or "i: x" would go. */
static const char *const reply_letters[] = { "R", "I" };

static struct slice
skip_blanks(struct slice s)
{
	while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t'))
		s = slice_skip(s, 1);
	return s;
}

/* The ideographic space and U+FF1A count where such words are written. */
static bool
skip_colon(struct slice *s)
{
	*s = skip_blanks(*s);
	if (slice_starts(*s, SLICE(":"))) {
		*s = skip_blanks(slice_skip(*s, 1));
		return true;
	}
	if (slice_starts(*s, SLICE("\xef\xbc\x9a"))) {
		*s = skip_blanks(slice_skip(*s, 3));
		return true;
	}
	return false;
}

/* "[...]" without brackets in it, and the blanks behind. */
static bool
skip_tag(struct slice *s)
{
	size_t i = 1;

	if (s->len == 0 || s->data[0] != '[')
		return false;
	while (i < s->len && s->data[i] != ']' && s->data[i] != '[')
		i++;
	if (i == s->len || s->data[i] != ']')
		return false;
	*s = skip_blanks(slice_skip(*s, i + 1));
	return true;
}

/* "[2]", "(2)", "^2", "2", "*2" between the word and its colon. */
static void
skip_count(struct slice *s)
{
	struct slice at = skip_blanks(*s);
	char open;
	size_t digits = 0;

	if (at.len == 0)
		return;
	open = at.data[0];
	if (open == '[' || open == '(' || open == '^' || open == '*')
		at = slice_skip(at, 1);
	while (digits < at.len && ascii_is_digit(at.data[digits]))
		digits++;
	if (digits == 0 || digits > 4)
		return;
	at = slice_skip(at, digits);
	if (open == '[' || open == '(') {
		if (at.len == 0 || at.data[0] != (open == '[' ? ']' : ')'))
			return;
		at = slice_skip(at, 1);
	}
	*s = at;
}

static bool
skip_word(struct slice *s, const char *word, bool same_case)
{
	struct slice prefix = slice_str(word);
	struct slice at;

	if (same_case ? !slice_starts(*s, prefix)
		      : !slice_starts_nocase(*s, prefix))
		return false;
	at = slice_skip(*s, prefix.len);
	if (skip_colon(&at)) {
		*s = at;
		return true;
	}
	skip_count(&at);
	/* RFC 5256 5, subj-refwd: a tag may stand before the colon. */
	at = skip_blanks(at);
	skip_tag(&at);
	if (!skip_colon(&at))
		return false;
	*s = at;
	return true;
}

static bool
skip_reply(struct slice *s)
{
	for (size_t i = 0; i < ARRAY_LEN(reply_words); i++) {
		if (skip_word(s, reply_words[i], false))
			return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(reply_letters); i++) {
		if (skip_word(s, reply_letters[i], true))
			return true;
	}
	return false;
}

static bool
cut_trailer(struct slice *s)
{
	struct slice trailer = SLICE("(fwd)");

	if (s->len < trailer.len ||
		!slice_eq_nocase(slice_skip(*s, s->len - trailer.len), trailer))
		return false;
	s->len -= trailer.len;
	return true;
}

/* "[fwd: ...]" around all of it. */
static bool
unwrap_forward(struct slice *s)
{
	struct slice inner = *s;

	if (!slice_starts_nocase(inner, SLICE("[fwd:")) ||
		inner.data[inner.len - 1] != ']')
		return false;
	inner = slice_skip(inner, 5);
	inner.len--;
	*s = slice_trim(inner);
	return true;
}

/* RFC 5256 2.1, steps 3 to 5. */
static void
strip_front(struct slice *s, bool *is_reply)
{
	for (;;) {
		struct slice without = *s;

		if (skip_reply(s)) {
			*is_reply = true;
			continue;
		}
		if (!skip_tag(&without) || without.len == 0)
			return;
		*s = without;
	}
}

struct slice
subject_base(const char *subject, bool *ret_is_reply)
{
	struct slice s = slice_trim(slice_str(subject));

	*ret_is_reply = false;
	for (;;) {
		while (cut_trailer(&s)) {
			*ret_is_reply = true;
			s = slice_trim(s);
		}
		strip_front(&s, ret_is_reply);
		if (!unwrap_forward(&s))
			return s;
		*ret_is_reply = true;
	}
}
