/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flags and keywords, by words. */
#include "mail/flags.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static void
add_words(struct slice words, struct flags *flags)
{
	while (words.len > 0) {
		struct slice word = slice_head(words, slice_find(words, ' '));

		if (flags_add(flags, word) && !flags_has(flags, word))
			/* \Recent is not kept. */
			ASSERT(slice_eq_nocase(word, SLICE("\\Recent")));
		words = slice_skip(words, word.len + 1);
	}
}

FUZZ_TARGET(flags)
{
	struct flags flags = FLAGS_INIT;
	struct flags again = FLAGS_INIT;
	struct flags copy;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct slice rest = input;

	add_words(input, &flags);
	strbuf_init(&out, CHECK_OUT_MAX);
	flags_print(&flags, &out);
	add_words(strbuf_slice(&out), &again);
	ASSERT(flags_eq(&flags, &again));
	copy = flags_copy(&flags);
	ASSERT(flags_eq(&flags, &copy));
	while (rest.len > 0) {
		struct slice word = slice_head(rest, slice_find(rest, ' '));

		(void)!flags_remove(&flags, word);
		ASSERT(!flags_has(&flags, word));
		rest = slice_skip(rest, word.len + 1);
	}
	ASSERT(flags.bits == 0 && (!flags.keywords || !flags.keywords[0]));
	flags_clear(&copy);
	flags_clear(&again);
	flags_clear(&flags);
}
