/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 'c' CAPABILITY and ENABLED, 'n' NAMESPACE, 'F' FLAGS, else text for people.
 */
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/imap_parse.h"

FUZZ_TARGET(imap_words)
{
	struct slice rest = slice_skip(input, 1);
	char kind = input.len ? input.data[0] : '\0';
	struct imap_abilities abilities;
	struct imap_namespaces namespaces = { 0 };
	struct flags flags = FLAGS_INIT;
	char *text CLEANUP(freep) = NULL;
	bool star;

	if (kind == 'c') {
		imap_parse_capabilities(rest, &abilities);
		(void)imap_parse_enabled(rest);
	} else if (kind == 'n') {
		imap_parse_namespaces(rest, &namespaces);
		ASSERT(namespaces.n <= IMAP_NAMESPACES_MAX);
		for (size_t i = 0; i < namespaces.n; i++)
			ASSERT(!namespaces.items[i].delimiter ||
				(namespaces.items[i].delimiter > ' ' &&
					namespaces.items[i].delimiter < 0x7f));
		imap_namespaces_clear(&namespaces);
	} else if (kind == 'F') {
		imap_parse_flags(rest, &flags, &star);
		flags_clear(&flags);
	} else {
		text = imap_inert_text(rest);
		check_line(text);
		ASSERT(!text || strlen(text) <= IMAP_TEXT_MAX);
	}
}
