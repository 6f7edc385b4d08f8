/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sets of UIDs, a blank between. */
#include "mail/uidset.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(uidset)
{
	struct slice first = slice_head(input, slice_find(input, ' '));
	struct slice second = slice_skip(input, first.len + 1);
	struct uidset a = UIDSET_INIT;
	struct uidset b = UIDSET_INIT;
	struct uidset rest = UIDSET_INIT;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint32_t uid = 0;

	if (uidset_parse(first, 7, &a, &err))
		check_uids(&a);
	error_clear(&err);
	if (uidset_parse(second, 0, &b, &err))
		check_uids(&b);
	uidset_minus(&a, &b, &rest);
	check_uids(&rest);
	ASSERT(uidset_count(&rest) <= uidset_count(&a));
	ASSERT(uidset_count(&rest) + uidset_count(&b) >= uidset_count(&a));
	for (int i = 0; i < 1000 && uidset_next(&a, &uid); i++) {
		ASSERT(uidset_has(&a, uid));
		ASSERT(uidset_has(&rest, uid) != uidset_has(&b, uid));
	}
	uidset_clear(&a);
	uidset_clear(&b);
	uidset_clear(&rest);
}
