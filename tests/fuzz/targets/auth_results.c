/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Authentication-Results, and what follows from them. */
#include "mime/auth_results.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/authentication.h"

static void
check_packed(struct slice packed)
{
	struct authentication_result result;
	struct slice rest = packed;

	ASSERT(packed.len <= AUTHENTICATION_PACKED_MAX);
	check_utf8(packed);
	for (size_t i = 0; i < packed.len; i++)
		ASSERT((unsigned char)packed.data[i] >= ' ' ||
			packed.data[i] == '\t' || packed.data[i] == '\n');
	while (authentication_next(&rest, &result)) {
		check_within(result.field, packed);
		check_within(result.server, packed);
		check_within(result.method, packed);
		check_within(result.result, packed);
		check_within(result.reason, packed);
		check_within(result.properties, packed);
		(void)authentication_is_trusted(result.server, "mx.example");
	}
}

static void
judge(const char *packed, const char *trusted)
{
	struct address_list from = { 0 };
	struct authentication verdict;
	struct document doc;

	address_list_add(&from, "Ann", "ann@example.org");
	authentication_judge(packed, trusted, &from, &verdict);
	check_line(verdict.domain);
	/* Who is not trusted decides nothing. */
	ASSERT(trusted || verdict.verdict == AUTHENTICATION_NONE);
	ASSERT(verdict.verdict == AUTHENTICATION_NONE ||
		strcmp(verdict.domain, "example.org") == 0);
	document_init(&doc);
	authentication_describe(packed, trusted, &from, &doc);
	check_document(&doc);
	document_clear(&doc);
	address_list_clear(&from);
}

FUZZ_TARGET(auth_results)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&packed, AUTHENTICATION_PACKED_MAX);
	auth_results_read(input, &packed);
	check_packed(strbuf_slice(&packed));
	judge(packed.data, "mx.example, other.example");
	judge(packed.data, NULL);
	/* As a damaged store may give it. */
	strbuf_reset(&packed);
	for (size_t i = 0; i < input.len; i++)
		if (input.data[i] && !(input.data[i] & 0x80))
			strbuf_add_char(&packed, input.data[i]);
	judge(packed.data, "mx.example");
}
