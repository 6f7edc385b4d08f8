/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What lists say of themselves. */
#include "mime/list.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(list)
{
	struct list_info info;

	mime_read_list(input, &info);
	for (size_t i = 0; i < LIST_COMMANDS; i++) {
		const struct list_urls *urls = &info.commands[i];

		ASSERT(urls->n <= LIST_URLS_MAX);
		for (size_t j = 0; j < urls->n; j++)
			for (const char *p = urls->items[j]; *p; p++)
				ASSERT(*p > ' ' && *p < 0x7f);
	}
	list_info_clear(&info);
}
