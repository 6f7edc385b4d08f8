/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UIDs: 's' SEARCH, 'e' ESEARCH, else VANISHED. */
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/imap_parse.h"

FUZZ_TARGET(imap_numbers)
{
	struct slice rest = slice_skip(input, 1);
	char kind = input.len ? input.data[0] : '\0';
	struct uidset set = UIDSET_INIT;
	struct imap_ranges ranges = { 0 };
	bool earlier;

	if (kind == 's' || kind == 'e') {
		if (kind == 's')
			imap_parse_search(rest, &ranges);
		else
			imap_parse_esearch(rest, &ranges);
		ASSERT(ranges.n <= IMAP_RANGES_MAX);
		imap_ranges_finish(&ranges, &set);
	} else {
		(void)!imap_parse_vanished(rest, &set, &earlier);
	}
	check_uids(&set);
	uidset_clear(&set);
}
