/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subjects without what replies put in front. */
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mail/envelope.h"
#include "mime/header.h"

FUZZ_TARGET(subject)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	char *base_text CLEANUP(freep) = NULL;
	struct slice base;
	bool is_reply;

	strbuf_init(&text, CHECK_OUT_MAX);
	header_decode(input, &text);
	base = subject_base(text.data, &is_reply);
	check_within(base, slice_str(text.data));
	/* Nothing is left in front of what is left. */
	base_text = xmemdup0(base.data, base.len);
	ASSERT(subject_base(base_text, &is_reply).len == base.len);
}
