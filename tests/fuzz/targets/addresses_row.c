/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as a store keeps them, maybe a damaged one. */
#include "base/bug.h"
#include "base/strbuf.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/address.h"

FUZZ_TARGET(addresses_row)
{
	struct address_list list = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	address_list_unpack(input, &list);
	ASSERT(list.n <= ADDRESSES_MAX);
	strbuf_init(&out, CHECK_OUT_MAX);
	address_list_print(&list, &out);
	for (size_t i = 0; i < list.n; i++) {
		ASSERT(address_eq(
			list.items[i].address, list.items[i].address));
		check_touch(slice_str(address_display(&list.items[i])));
	}
	address_list_clear(&list);
}
