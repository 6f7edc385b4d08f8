/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Host names of any script. */
#include "i18n/idna.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(idna)
{
	char ascii[IDNA_HOST_MAX + 1];
	char again[IDNA_HOST_MAX + 1];

	if (!idna_to_ascii(input, ascii))
		return;
	ASSERT(strlen(ascii) <= IDNA_HOST_MAX);
	for (const char *p = ascii; *p; p++)
		ASSERT(*p > ' ' && *p < 0x7f && !(*p >= 'A' && *p <= 'Z'));
	/* Once in ASCII it stays. */
	ASSERT(idna_to_ascii(slice_str(ascii), again));
	ASSERT(strcmp(ascii, again) == 0);
}
