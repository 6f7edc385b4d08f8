/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 2047. */
#include "mime/encoded_word.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/header.h"

FUZZ_TARGET(encoded_word)
{
	struct slice rest = input;
	struct encoded_word word;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	while (rest.len > 0) {
		size_t before = rest.len;

		if (encoded_word_next(&rest, &word)) {
			ASSERT(rest.len < before);
			ASSERT(word.encoding == 'b' || word.encoding == 'q');
			check_within(word.charset, input);
			check_within(word.text, input);
		} else {
			rest = slice_skip(rest, 1);
			rest = slice_skip(rest, slice_find(rest, '='));
		}
	}
	strbuf_init(&out, CHECK_OUT_MAX);
	encoded_words_decode(input, &out);
	check_utf8(strbuf_slice(&out));
	strbuf_reset(&out);
	header_decode(input, &out);
	ASSERT(out.len == 0 || strlen(out.data) == out.len);
	check_line(out.data);
}
