/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where responses end, whole and in pieces; the first bytes are their sizes. */
#include "base/array.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/frame_scan.h"

enum { SIZES = 4, ENDS_MAX = 64, LITERAL_MAX = 1 << 20 };

struct ends {
	size_t at[ENDS_MAX];
	size_t n;
	enum scan_result last;
};

/* One step; true while there is something left to look at. */
static bool
step(struct scan *scan, struct slice bytes, struct ends *ends, size_t *start)
{
	uint64_t literal = 0;

	ends->last = scan_step(scan, slice_skip(bytes, *start), &literal);
	ASSERT(scan->at <= bytes.len - *start);
	if (ends->last == SCAN_LITERAL && literal <= LITERAL_MAX) {
		scan->skip = literal;
		return true;
	}
	if (ends->last != SCAN_DONE)
		return false;
	ASSERT(scan->at > 0);
	*start += scan->at;
	*scan = (struct scan){ .at = 0 };
	ends->at[ends->n++] = *start;
	return ends->n < ENDS_MAX;
}

static struct ends
find_ends(struct slice bytes, struct slice sizes)
{
	struct ends ends = { .last = SCAN_MORE };
	struct scan scan = { .at = 0 };
	size_t start = 0;
	size_t shown = sizes.len ? 0 : bytes.len;

	for (size_t i = 0; shown <= bytes.len; i++) {
		while (step(&scan, slice_head(bytes, shown), &ends, &start))
			;
		if (ends.last != SCAN_MORE || shown == bytes.len)
			break;
		shown += (unsigned char)sizes.data[i % sizes.len] + 1u +
			 bytes.len / 64;
		if (shown > bytes.len)
			shown = bytes.len;
	}
	return ends;
}

FUZZ_TARGET(imap_scan)
{
	struct slice sizes = slice_head(input, SIZES);
	struct slice bytes = slice_skip(input, SIZES);
	struct ends whole;
	struct ends pieces;

	if (sizes.len == 0)
		return;
	whole = find_ends(bytes, slice_head(input, 0));
	pieces = find_ends(bytes, sizes);
	ASSERT(whole.last == pieces.last && whole.n == pieces.n);
	ASSERT(memcmp(whole.at, pieces.at, whole.n * sizeof(whole.at[0])) == 0);
}
