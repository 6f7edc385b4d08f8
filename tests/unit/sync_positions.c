/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "sync/positions.h"

#include "tap.h"

enum { MANY = 200000, ROUNDS = 20000 };

/* What stands there, in a line; `n` and one more. */
static void
is_known(const struct positions *positions, const char *want, const char *what)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 1000);
	for (uint32_t i = 1; i <= positions->n + 1; i++)
		strbuf_addf(&got, "%s%u", i > 1 ? " " : "",
			positions_uid(positions, i));
	is_str(got.data, want, what);
}

static void
test_words(void)
{
	struct positions positions = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;

	is_known(&positions, "0", "nothing is known");
	positions_note(&positions, 900, 5);
	is_known(&positions, "0", "far out: passed over");
	positions_remove(&positions, 1);
	positions_remove(&positions, 0);
	is_known(&positions, "0", "nothing to remove");
	uidset_add_range(&uids, 11, 15);
	positions_fill(&positions, &uids);
	is_known(&positions, "11 12 13 14 15 0", "filled");
	positions_remove(&positions, 2);
	positions_remove(&positions, 2);
	is_known(&positions, "11 14 15 0", "what is behind moves up");
	positions_note(&positions, 4, 20);
	positions_note(&positions, 2, 17);
	is_known(&positions, "11 17 15 20 0", "one came, one is corrected");
	positions_remove(&positions, 4);
	positions_remove(&positions, 9);
	positions_remove(&positions, 1);
	is_known(&positions, "17 15 0", "the last, none, the first");
	uidset_clear(&uids);
	uidset_add_range(&uids, 1, UINT32_MAX);
	positions_fill(&positions, &uids);
	is_known(&positions, "0", "four billion are not tracked");
	positions_clear(&positions);
}

/* The same by an array that is moved each time. */
static void
test_against_array(void)
{
	struct positions positions = { 0 };
	uint32_t *plain CLEANUP(freep) =
		xreallocarray(NULL, ROUNDS * 2, sizeof(*plain));
	size_t n = 0;
	uint32_t chance = 1, next = 1;
	bool same = true;

	for (int i = 0; i < ROUNDS && same; i++) {
		chance = chance * 1103515245 + 12345;
		if (n == 0 || (chance >> 16) % 5 < 3) {
			positions_note(&positions, (uint32_t)n + 1, next);
			plain[n++] = next++;
		} else {
			size_t at = (chance >> 8) % n;

			positions_remove(&positions, (uint32_t)at + 1);
			n--;
			memmove(plain + at, plain + at + 1,
				(n - at) * sizeof(*plain));
		}
		same = positions.n == n;
		for (size_t j = 0; j < n && same; j += 1 + n / 50)
			same = positions_uid(&positions, (uint32_t)j + 1) ==
			       plain[j];
	}
	ok(same, "the same as an array");
	positions_clear(&positions);
}

/* Would take minutes if each moved all that stands behind. */
static void
test_many(void)
{
	struct positions positions = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_add_range(&uids, 1, MANY);
	positions_fill(&positions, &uids);
	for (uint32_t i = 0; i < MANY / 2; i++)
		positions_remove(&positions, 1);
	for (uint32_t i = MANY / 2; i > 1; i--)
		positions_remove(&positions, i);
	is_known(&positions, "100001 0", "many expunges from both ends");
	positions_clear(&positions);
}

int
main(void)
{
	test_words();
	test_against_array();
	test_many();
	return tap_done();
}
