/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of messages. */
#include "mime/mbox.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(mbox)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct slice rest = input;
	struct slice message;

	strbuf_init(&out, CHECK_OUT_MAX);
	while (mbox_next(&rest, &message)) {
		check_within(message, input);
		check_within(rest, input);
		ASSERT(rest.len == 0 ||
			message.data + message.len <= rest.data);
		strbuf_reset(&out);
		ASSERT(mbox_unquote(message, &out));
		ASSERT(out.len <= message.len);
	}
	ASSERT(rest.len == 0);
}
