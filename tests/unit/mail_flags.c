/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/flags.h"

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

/* Words are added and, with a minus in front, removed; then printed. */
static const struct {
	const char *words[8];
	const char *want;
} cases[] = {
	{ { NULL }, "" },
	{ { "\\Seen" }, "\\Seen" },
	{ { "\\SEEN", "$junk" }, "\\Seen $Junk" },
	{ { "\\Recent", "\\Draft" }, "\\Draft" },
	{ { "work", "Alpha", "beta" }, "Alpha beta work" },
	{ { "work", "WORK", "Work" }, "work" },
	{ { "b", "a", "ab", "-ab" }, "a b" },
	{ { "b", "a", "-a" }, "b" },
	{ { "b", "a", "-b" }, "a" },
	{ { "b", "-B" }, "" },
	{ { "\\Seen", "\\Flagged", "-\\seen" }, "\\Flagged" },
	{ { "x", "$label5", "$Label1" }, "$label1 $label5 x" },
	{ { "-nothing", "\\Foo" }, "\\Foo" },
	{ { "a]b", "[x]" }, "[x] a]b" },
};

static const char *const refused[] = { "", "a b", "a\r\nb", "(", ")", "{3}",
	"a\"b", "a\\b", "\\", "\\*", "*", "%",
	"\x80"
	"x",
	"\x7f" };

static void
run(const char *const words[8], const char *want)
{
	struct flags flags = FLAGS_INIT;
	struct flags copy;
	struct strbuf out;

	for (int i = 0; i < 8 && words[i]; i++) {
		if (words[i][0] == '-')
			flags_remove(&flags, slice_str(words[i] + 1));
		else
			flags_add(&flags, slice_str(words[i]));
	}
	strbuf_init(&out, 4096);
	flags_print(&flags, &out);
	is_str(out.data, want, want);
	copy = flags_copy(&flags);
	ok(flags_eq(&flags, &copy), "a copy is equal");
	strbuf_clear(&out);
	flags_clear(&flags);
	flags_clear(&copy);
}

static void
limits(void)
{
	struct flags flags = FLAGS_INIT;
	char word[200];
	bool all = true;

	for (int i = 0; i < FLAGS_KEYWORDS_MAX; i++) {
		snprintf(word, sizeof(word), "k%d", i);
		all = flags_add(&flags, slice_str(word)) && all;
	}
	ok(all, "as many keywords as allowed");
	ok(!flags_add(&flags, SLICE("one-more")), "one more is refused");
	ok(flags_add(&flags, SLICE("k7")), "one that is there is not");
	ok(flags_has(&flags, SLICE("K63")), "found without case");
	ok(!flags_has(&flags, SLICE("k64")), "not there");
	memset(word, 'a', sizeof(word));
	ok(!flags_remove(&flags, slice_make(word, 129)), "too long");
	flags_clear(&flags);
}

int
main(void)
{
	struct flags flags = FLAGS_INIT;
	uint32_t bits = FLAG_LABEL5 | FLAG_SEEN | (1u << 30);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		run(cases[i].words, cases[i].want);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		ok(!flags_add(&flags, slice_str(refused[i])),
			"refused word %zu", i);
	ok(!flags.bits && !flags.keywords, "nothing came of them");
	is_str(flags_next_name(&bits), "\\Seen", "first name");
	is_str(flags_next_name(&bits), "$label5", "last name");
	is_str(flags_next_name(&bits), NULL, "no more");
	limits();
	return tap_done();
}
