/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset_detect.h"

#include <uchardet/uchardet.h>

#include "base/array.h"
#include "base/utf8.h"

enum { SAMPLE_MAX = 4 * 1024, BEFORE_MAX = 256 };

/*
 * Answers that may be right, with the bytes from 0x80 it takes until they
 * mostly are.  Others, such as MAC-CENTRALEUROPE, are chance.
 */
static const struct {
	const char *name;
	size_t high_min;
	bool is_latin;
} answers[] = {
	{ "BIG5", 6, false },
	{ "EUC-JP", 6, false },
	{ "EUC-KR", 6, false },
	{ "EUC-TW", 24, false },
	{ "GB18030", 6, false },
	{ "SHIFT_JIS", 6, false },
	{ "UHC", 6, false },
	{ "IBM866", 8, false },
	{ "ISO-8859-5", 6, false },
	{ "KOI8-R", 4, false },
	{ "MAC-CYRILLIC", 40, false },
	{ "WINDOWS-1251", 4, false },
	{ "ISO-8859-6", 6, false },
	{ "ISO-8859-7", 6, false },
	{ "ISO-8859-8", 6, false },
	{ "TIS-620", 6, false },
	{ "WINDOWS-1253", 6, false },
	{ "WINDOWS-1255", 6, false },
	{ "WINDOWS-1256", 6, false },
	{ "ISO-8859-11", 6, false },
	{ "ISO-8859-2", 5, true },
	{ "ISO-8859-4", 40, true },
	{ "ISO-8859-9", 5, true },
	{ "ISO-8859-13", 40, true },
	{ "VISCII", 40, true },
	{ "WINDOWS-1250", 5, true },
	{ "WINDOWS-1254", 5, true },
	{ "WINDOWS-1257", 40, true },
	{ "WINDOWS-1258", 40, true },
};

/* From shortly before the first byte that tells something. */
static struct slice
sample_of(struct slice bytes)
{
	size_t n = utf8_ascii_prefix(bytes);

	n = n > BEFORE_MAX ? n - BEFORE_MAX : 0;
	return slice_head(slice_skip(bytes, n), SAMPLE_MAX);
}

/* Length of a tag at the front, whose letters say nothing; 0 for none. */
static size_t
tag_length(struct slice s)
{
	size_t n;

	if (s.len < 3 || s.data[0] != '<' ||
		!(ascii_is_alpha(s.data[1]) || s.data[1] == '/' ||
			s.data[1] == '!'))
		return 0;
	n = slice_find(s, '>');
	return n < s.len ? n + 1 : 0;
}

struct charset_look
charset_look(struct slice bytes)
{
	struct slice sample = sample_of(bytes);
	struct charset_look look = { 0, 0, 0 };
	bool seen[128] = { false };

	while (sample.len > 0) {
		unsigned char c = (unsigned char)sample.data[0];
		size_t tag = tag_length(sample);

		sample = slice_skip(sample, tag ? tag : 1);
		if (tag)
			continue;
		look.letters += ascii_is_alpha((char)c);
		if (c < 0x80)
			continue;
		look.high++;
		look.kinds += !seen[c - 0x80];
		seen[c - 0x80] = true;
	}
	return look;
}

bool
charset_is_not_latin(struct charset_look look)
{
	return look.kinds >= 4 && look.high > look.letters;
}

static bool
is_right(const char *answer, struct charset_look look)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		if (strcmp(answers[i].name, answer) == 0)
			return look.high >= answers[i].high_min &&
			       (answers[i].is_latin ||
				       charset_is_not_latin(look));
	}
	return false;
}

bool
charset_detect(struct slice bytes, struct charset *ret_charset)
{
	struct slice sample = sample_of(bytes);
	struct charset_look look = charset_look(bytes);
	uchardet_t detector;
	bool found;

	if (look.kinds < 4)
		return false;
	detector = uchardet_new();
	found = uchardet_handle_data(detector, sample.data, sample.len) == 0;
	uchardet_data_end(detector);
	found = found && is_right(uchardet_get_charset(detector), look);
	if (found)
		*ret_charset = charset_by_name(
			slice_str(uchardet_get_charset(detector)));
	uchardet_delete(detector);
	return found;
}
