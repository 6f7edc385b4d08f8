/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts as a store keeps them, maybe a damaged one. */
#include "base/bug.h"
#include "compose/draft.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(draft_row)
{
	struct draft draft;
	struct draft copy;
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!draft_unpack(input, &draft, &err))
		return;
	ASSERT(draft.attachments.n <= DRAFT_ATTACHMENTS_MAX);
	draft_count_recipients(&draft);
	strbuf_init(&packed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	draft_pack(&draft, &packed);
	draft_clear(&draft);
	if (!draft_unpack(strbuf_slice(&packed), &copy, &err))
		BUG(err.text);
	draft_pack(&copy, &again);
	draft_clear(&copy);
	ASSERT(slice_eq(strbuf_slice(&packed), strbuf_slice(&again)));
}
