/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/fuzzy.h"

#include "base/utf8.h"
#include "i18n/fold.h"

/* Longer ones are compared by their beginnings. */
enum { TYPED_MAX = 64, TEXT_MAX = 512 };

/* More than any text is worth by its letters. */
enum { SCORE_TIER = 1 << 20 };

enum { POINT_LETTER = 1, POINT_RUN = 4, POINT_WORD = 6, POINT_WHOLE = 8 };

struct letters {
	uint32_t code[TEXT_MAX];
	bool begins[TEXT_MAX]; /* a word */
	int n;
};

static bool
is_separator(uint32_t code)
{
	return code == ' ' || code == '/' || code == '.' || code == '-' ||
	       code == '_' || code == ':' || code == '@' || code == '[' ||
	       code == ',';
}

/* Neither case nor accents count. */
static void
take_letters(struct slice text, int max, struct letters *ret)
{
	uint32_t before = ' ';

	ret->n = 0;
	while (text.len > 0 && ret->n < max) {
		uint32_t folded[FOLD_MAX];
		int n = fold_letter(utf8_next(&text), folded);

		for (int i = 0; i < n && ret->n < max; i++) {
			ret->begins[ret->n] = is_separator(before) &&
					      !is_separator(folded[i]);
			ret->code[ret->n++] = folded[i];
			before = folded[i];
		}
	}
}

/* The best run of the word's letters from `from` on; -1 when they are not
 * there.  Greedy, tried from each place its first letter stands. */
static int
score_word(const uint32_t *word, int n, const struct letters *text)
{
	int best = -1;

	for (int start = 0; start + n <= text->n; start++) {
		int score = 0;
		int at = start;
		int last = start - 1;

		if (text->code[start] != word[0])
			continue;
		for (int i = 0; i < n; i++) {
			while (at < text->n && text->code[at] != word[i])
				at++;
			if (at == text->n) {
				score = -1;
				break;
			}
			score += POINT_LETTER;
			if (i > 0 && at == last + 1)
				score += POINT_RUN;
			if (text->begins[at])
				score += POINT_WORD;
			last = at++;
		}
		/* Later starts only miss more. */
		if (score < 0)
			break;
		if (score > best)
			best = score;
	}
	return best;
}

int
fuzzy_score(struct slice typed, struct slice text)
{
	struct letters letters;
	struct letters wanted;
	int total = 0;
	int from = 0;

	take_letters(text, TEXT_MAX, &letters);
	take_letters(slice_trim(typed), TYPED_MAX, &wanted);
	while (from < wanted.n) {
		int end = from;
		int score;

		while (end < wanted.n && wanted.code[end] != ' ')
			end++;
		if (end > from) {
			score = score_word(
				wanted.code + from, end - from, &letters);
			if (score < 0)
				return -1;
			total += score;
		}
		from = end + 1;
	}
	if (wanted.n > 0 && wanted.n == letters.n)
		total += POINT_WHOLE;
	return total;
}

int
fuzzy_score_named(struct slice typed, struct slice text, size_t name_len)
{
	struct slice name = slice_head(text, name_len);
	int score;

	typed = slice_trim(typed);
	if (typed.len == 0)
		return 0;
	score = fuzzy_score(typed, name);
	if (score < 0)
		return fuzzy_score(typed, text);
	if (slice_eq_nocase(typed, name))
		return score + 3 * SCORE_TIER;
	return score + (slice_starts_nocase(name, typed) ? 2 : 1) * SCORE_TIER;
}

bool
fuzzy_contains(struct slice typed, struct slice text)
{
	struct letters wanted;
	uint32_t last[TYPED_MAX]; /* the letters gone by, a ring */
	size_t gone = 0;
	size_t n;

	take_letters(typed, TYPED_MAX, &wanted);
	n = (size_t)wanted.n;
	while (n > 0 && text.len > 0) {
		uint32_t folded[FOLD_MAX];
		int more = fold_letter(utf8_next(&text), folded);

		for (int k = 0; k < more; k++) {
			size_t i = 0;

			last[gone++ % TYPED_MAX] = folded[k];
			while (i < n && gone >= n &&
				last[(gone - n + i) % TYPED_MAX] ==
					wanted.code[i])
				i++;
			if (i == n)
				return true;
		}
	}
	return n == 0;
}
