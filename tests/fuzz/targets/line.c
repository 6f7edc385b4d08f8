/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What crosses engine.sock. */
#include "sync/line.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(line)
{
	struct event *event = line_parse_event(input);
	struct request *request = line_parse_request(input);
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf once_more CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&once_more, CHECK_OUT_MAX);
	if (event) {
		struct event *again;

		line_print_event(event, &out);
		again = line_parse_event(slice_trim(strbuf_slice(&out)));
		ASSERT(again && again->type == event->type &&
			again->account == event->account);
		line_print_event(again, &once_more);
		ASSERT(slice_eq(strbuf_slice(&out), strbuf_slice(&once_more)));
		event_free(again);
		event_free(event);
	}
	if (request) {
		struct request *again;

		strbuf_reset(&out);
		strbuf_reset(&once_more);
		line_print_request(request, &out);
		again = line_parse_request(slice_trim(strbuf_slice(&out)));
		ASSERT(again);
		line_print_request(again, &once_more);
		ASSERT(slice_eq(strbuf_slice(&out), strbuf_slice(&once_more)));
		request_free(again);
		request_free(request);
	}
}
