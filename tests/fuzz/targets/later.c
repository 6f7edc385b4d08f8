/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times to come, in words. */
#include "compose/later.h"
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(later)
{
	static const int64_t now = 1795176000;
	char *text CLEANUP(freep) = xmemdup0(input.data, input.len);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t when;

	if (later_parse(text, now, &when, &err))
		ASSERT(when > now && when <= INT64_C(253402300799));
	else
		ASSERT(err.text && err.text[0]);
}
