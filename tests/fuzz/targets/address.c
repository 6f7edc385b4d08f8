/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists of header fields. */
#include "mime/address.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(address)
{
	struct address_list list = { 0 };

	mime_read_addresses(input, &list);
	check_addresses(&list);
	/* What is appended stands behind. */
	mime_read_addresses(SLICE("Ann <ann@example.org>"), &list);
	check_addresses(&list);
	address_list_clear(&list);
}
