/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/flags.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"

/* In the order of enum flag. */
static const char *const flag_names[] = {
	"\\Seen",
	"\\Answered",
	"\\Flagged",
	"\\Deleted",
	"\\Draft",
	"$Forwarded",
	"$Junk",
	"$NotJunk",
	"$MDNSent",
	"$Phishing",
	"$label1",
	"$label2",
	"$label3",
	"$label4",
	"$label5",
};

_Static_assert(1 << (ARRAY_LEN(flag_names) - 1) == FLAG_LABEL5,
	"one name for each flag");

/* RFC 9051 9, flag; `]` and the like are let through, servers use them. */
static bool
is_flag_word(struct slice word)
{
	if (word.len > 0 && word.data[0] == '\\')
		word = slice_skip(word, 1);
	if (word.len == 0 || word.len > FLAGS_KEYWORD_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (c == ' ' || ascii_is_control(c) || (c & 0x80) ||
			strchr("(){%*\"\\", c))
			return false;
	}
	return true;
}

/* As slice_eq_nocase, but ordered. */
static int
compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		int d = ascii_lower(a.data[i]) - ascii_lower(b.data[i]);

		if (d)
			return d;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

/* Takes the next keyword off the front. */
static bool
next_keyword(struct slice *rest, struct slice *ret_word)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = slice_find(*rest, ' ');
	*ret_word = slice_head(*rest, end);
	*rest = slice_skip(*rest, end + 1);
	return true;
}

/*
 * Where `word` stands in the keywords, or would: its offset; `*ret_found`
 * tells which.  `*ret_n` is how many there are before it, or, when it is not
 * found, altogether.
 */
static size_t
place_of(const struct flags *flags, struct slice word, bool *ret_found,
	size_t *ret_n)
{
	struct slice all = slice_str(flags->keywords);
	struct slice rest = all;
	struct slice it;
	size_t place = all.len;
	bool placed = false;

	*ret_found = false;
	*ret_n = 0;
	while (next_keyword(&rest, &it)) {
		int d = compare(it, word);

		if (d >= 0 && !placed) {
			place = (size_t)(it.data - all.data);
			placed = true;
			*ret_found = d == 0;
			if (d == 0)
				return place;
		}
		++*ret_n;
	}
	return place;
}

void
flags_clear(struct flags *flags)
{
	free(flags->keywords);
	*flags = (struct flags)FLAGS_INIT;
}

struct flags
flags_copy(const struct flags *flags)
{
	return (struct flags){ flags->bits, xstrdup_null(flags->keywords) };
}

bool
flags_eq(const struct flags *a, const struct flags *b)
{
	return a->bits == b->bits &&
	       slice_eq_nocase(slice_str(a->keywords), slice_str(b->keywords));
}

uint32_t
flags_bit(struct slice word)
{
	for (size_t i = 0; i < ARRAY_LEN(flag_names); i++) {
		if (slice_eq_nocase(word, slice_str(flag_names[i])))
			return (uint32_t)1 << i;
	}
	return 0;
}

static void
insert_keyword(struct flags *flags, size_t place, struct slice word)
{
	struct slice old = slice_str(flags->keywords);
	char *made;
	char *to;

	if (old.len == 0) {
		free(flags->keywords);
		flags->keywords = xmemdup0(word.data, word.len);
		return;
	}
	made = xmalloc(old.len + word.len + 2);
	to = made;
	memcpy(to, old.data, place);
	to += place;
	if (place == old.len)
		*to++ = ' ';
	memcpy(to, word.data, word.len);
	to += word.len;
	if (place < old.len)
		*to++ = ' ';
	memcpy(to, old.data + place, old.len - place);
	to[old.len - place] = '\0';
	free(flags->keywords);
	flags->keywords = made;
}

bool
flags_add(struct flags *flags, struct slice word)
{
	uint32_t bit = flags_bit(word);
	size_t place;
	size_t n;
	bool found;

	flags->bits |= bit;
	if (bit || slice_eq_nocase(word, SLICE("\\Recent")))
		return true;
	if (!is_flag_word(word))
		return false;
	place = place_of(flags, word, &found, &n);
	if (found)
		return true;
	if (n >= FLAGS_KEYWORDS_MAX)
		return false;
	insert_keyword(flags, place, word);
	return true;
}

bool
flags_remove(struct flags *flags, struct slice word)
{
	uint32_t bit = flags_bit(word);
	size_t place;
	size_t end;
	size_t len;
	size_t n;
	bool found;

	flags->bits &= ~bit;
	if (bit)
		return true;
	if (!is_flag_word(word))
		return false;
	place = place_of(flags, word, &found, &n);
	if (!found)
		return true;
	len = strlen(flags->keywords);
	end = place + word.len;
	if (end < len)
		end++;
	else if (place > 0)
		place--;
	memmove(flags->keywords + place, flags->keywords + end, len - end + 1);
	if (flags->keywords[0] == '\0') {
		free(flags->keywords);
		flags->keywords = NULL;
	}
	return true;
}

bool
flags_has(const struct flags *flags, struct slice word)
{
	uint32_t bit = flags_bit(word);
	bool found;
	size_t n;

	if (bit)
		return (flags->bits & bit) != 0;
	place_of(flags, word, &found, &n);
	return found;
}

const char *
flags_next_name(uint32_t *bits)
{
	for (size_t i = 0; i < ARRAY_LEN(flag_names); i++) {
		uint32_t bit = (uint32_t)1 << i;

		if (*bits & bit) {
			*bits &= ~bit;
			return flag_names[i];
		}
	}
	*bits = 0;
	return NULL;
}

void
flags_print(const struct flags *flags, struct strbuf *out)
{
	uint32_t bits = flags->bits;
	const char *name;
	bool first = true;

	while ((name = flags_next_name(&bits))) {
		if (!first)
			strbuf_add_char(out, ' ');
		strbuf_add_str(out, name);
		first = false;
	}
	if (flags->keywords) {
		if (!first)
			strbuf_add_char(out, ' ');
		strbuf_add_str(out, flags->keywords);
	}
}
