/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/fold.h"

#include <utf8proc.h>

#include "base/ascii.h"

/* Letters that Unicode does not take apart, and keyboards do. */
static uint32_t
plain_letter(uint32_t code)
{
	switch (code) {
	case 0xf8: /* o with stroke */
		return 'o';
	case 0xf0:  /* eth */
	case 0x111: /* d with stroke */
		return 'd';
	case 0x127: /* h with stroke */
		return 'h';
	case 0x131: /* dotless i */
		return 'i';
	case 0x142: /* l with stroke */
		return 'l';
	default:
		return code;
	}
}

int
fold_letter(uint32_t code, uint32_t ret_letters[FOLD_MAX])
{
	utf8proc_int32_t letters[FOLD_MAX];
	utf8proc_ssize_t n;
	int boundary = UTF8PROC_BOUNDCLASS_START;

	if (code < 0x80) {
		ret_letters[0] = (uint32_t)ascii_lower((char)code);
		return 1;
	}
	n = utf8proc_decompose_char((utf8proc_int32_t)code, letters, FOLD_MAX,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
			UTF8PROC_STRIPMARK,
		&boundary);
	if (n < 0 || n > FOLD_MAX) {
		ret_letters[0] = code;
		return 1;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++)
		ret_letters[i] = plain_letter((uint32_t)letters[i]);
	return (int)n;
}
