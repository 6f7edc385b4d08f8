/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came of a command: 'r' MYRIGHTS, 'a' APPENDUID, else COPYUID. */
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/imap_parse.h"

FUZZ_TARGET(imap_change)
{
	struct slice rest = slice_skip(input, 1);
	char kind = input.len ? input.data[0] : '\0';
	struct imap_pairs pairs = { 0 };
	uint32_t uidvalidity = 0;
	struct imap_appended appended;

	if (kind == 'r') {
		ASSERT(imap_parse_myrights(rest) <= IMAP_RIGHTS_ALL);
		return;
	}
	appended = imap_parse_appended(rest);
	ASSERT((appended.uid == 0) == (appended.uidvalidity == 0));
	if (!imap_parse_copied(rest, &uidvalidity, &pairs)) {
		ASSERT(pairs.n == 0);
		return;
	}
	ASSERT(uidvalidity > 0 && pairs.n > 0 && pairs.n <= IMAP_PAIRS_MAX);
	for (size_t i = 0; i < pairs.n; i++) {
		ASSERT(pairs.items[i].from > 0 && pairs.items[i].to > 0);
		ASSERT(i == 0 ||
			(pairs.items[i].from > pairs.items[i - 1].from &&
				pairs.items[i].to > pairs.items[i - 1].to));
	}
	array_clear(&pairs);
}
