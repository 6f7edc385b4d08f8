/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/uidset.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

static const struct {
	const char *text;
	uint32_t star;
	const char *want; /* NULL: refused */
} parses[] = {
	{ "1", 0, "1" },
	{ "1:5,9", 0, "1:5,9" },
	{ "5:1", 0, "1:5" },
	{ "9,1:5", 0, "1:5,9" },
	{ "3,2,1", 0, "1:3" },
	{ "1,2,3,5", 0, "1:3,5" },
	{ "1:10,5:20", 0, "1:20" },
	{ "*", 7, "7" },
	{ "5:*", 7, "5:7" },
	{ "9:*", 7, "7:9" },
	{ "4294967295,1", 0, "1,4294967295" },
	{ "4294967294:4294967295,4294967293", 0, "4294967293:4294967295" },
	{ "*", 0, NULL },
	{ "", 0, NULL },
	{ "0", 0, NULL },
	{ "1,", 0, NULL },
	{ ",1", 0, NULL },
	{ "1:", 0, NULL },
	{ ":1", 0, NULL },
	{ "1:2:3", 0, NULL },
	{ "4294967296", 0, NULL },
	{ "-1", 0, NULL },
	{ "1 2", 0, NULL },
	{ "a", 0, NULL },
};

static const struct {
	const char *a;
	const char *b;
	const char *want;
} differences[] = {
	{ "1:10", "5", "1:4,6:10" },
	{ "1:10", "1:10", "" },
	{ "1:10", "20", "1:10" },
	{ "1,3,5,7", "3:5", "1,7" },
	{ "1:10,20:30", "5:25", "1:4,26:30" },
	{ "1:10,20:30,40", "2,4,22,24,40", "1,3,5:10,20:21,23,25:30" },
	{ "4294967290:4294967295", "4294967295", "4294967290:4294967294" },
	{ "5:6", "1:4294967295", "" },
};

static bool
prints_as(const struct uidset *set, const char *want)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 1024 * 1024);
	uidset_print(set, &out);
	return is_str(out.data, want, want);
}

static void
parse_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(parses); i++) {
		struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		bool parsed = uidset_parse(
			slice_str(parses[i].text), parses[i].star, &set, &err);

		ok(parsed == (parses[i].want != NULL), "\"%s\" is%s a set",
			parses[i].text, parses[i].want ? "" : " not");
		if (parsed)
			prints_as(&set, parses[i].want);
		else
			is_int(err.kind, ERR_INVALID, "its error");
	}
}

static void
subtract_all(void)
{
	for (size_t i = 0; i < ARRAY_LEN(differences); i++) {
		struct uidset a CLEANUP(uidset_clear) = UIDSET_INIT;
		struct uidset b CLEANUP(uidset_clear) = UIDSET_INIT;
		struct uidset got CLEANUP(uidset_clear) = UIDSET_INIT;
		struct error err = ERROR_INIT;

		if (!uidset_parse(slice_str(differences[i].a), 0, &a, &err) ||
			!uidset_parse(slice_str(differences[i].b), 0, &b, &err))
			return;
		uidset_minus(&a, &b, &got);
		prints_as(&got, differences[i].want);
	}
}

/* Against a plain table of bits, on all kinds of ranges. */
static void
compare_with_bits(void)
{
	enum { N = 300 };
	bool bits[N + 2] = { false };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	uint32_t random = 1;
	bool same = true;
	uint32_t uid = 0;
	uint64_t count = 0;

	for (int round = 0; round < 200; round++) {
		uint32_t first;
		uint32_t last;

		random = random * 1103515245 + 12345;
		first = (random >> 8) % N + 1;
		last = first + (random >> 20) % 4;
		if (last > N)
			last = N;
		(void)uidset_add_range(&set, first, last);
		for (uint32_t i = first; i <= last; i++)
			bits[i] = true;
		for (uint32_t i = 0; i <= N + 1; i++)
			same = same && uidset_has(&set, i) == bits[i];
		for (size_t i = 1; i < set.n; i++)
			same = same &&
			       set.ranges[i].first > set.ranges[i - 1].last + 1;
	}
	ok(same, "says what a table of bits says");
	for (uint32_t i = 0; i <= N; i++)
		count += bits[i];
	is_int((int64_t)uidset_count(&set), (int64_t)count, "count");
	for (uint32_t i = 1; i <= N; i++) {
		if (!bits[i])
			continue;
		if (!uidset_next(&set, &uid) || uid != i)
			break;
		count--;
	}
	ok(count == 0 && !uidset_next(&set, &uid), "walked in order");
}

static void
backwards(void)
{
	enum { N = 300000 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&text, 16 * 1024 * 1024);
	for (int i = N; i > 0; i--)
		strbuf_addf(&text, "%d,", 2 * i);
	strbuf_add_char(&text, '1');
	ok(uidset_parse(strbuf_slice(&text), 0, &set, &err) &&
			uidset_count(&set) == N + 1,
		"a long set written backwards");
}

int
main(void)
{
	struct uidset set = UIDSET_INIT;

	parse_all();
	subtract_all();
	compare_with_bits();
	backwards();
	uidset_add(&set, UINT32_MAX);
	uidset_add(&set, UINT32_MAX - 1);
	uidset_add(&set, 0);
	prints_as(&set, "4294967294:4294967295");
	uidset_clear(&set);
	return tap_done();
}
