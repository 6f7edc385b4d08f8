/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small values, and those that come back out of a store somebody damaged. */
#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "mail/address.h"
#include "mail/date.h"
#include "mail/envelope.h"
#include "mail/flags.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "mail/uidset.h"
#include "sync/line.h"

enum { OUT_MAX = 64 * 1024 * 1024 };

static void
check_uids(struct slice input)
{
	struct uidset set = UIDSET_INIT;
	struct uidset again = UIDSET_INIT;
	struct error err = ERROR_INIT;
	struct strbuf out;

	strbuf_init(&out, OUT_MAX);
	if (uidset_parse(input, 7, &set, &err)) {
		uidset_print(&set, &out);
		if (set.n > 0 &&
			!uidset_parse(strbuf_slice(&out), 0, &again, &err))
			BUG(err.text);
		ASSERT(uidset_count(&set) == uidset_count(&again));
	}
	strbuf_clear(&out);
	uidset_clear(&set);
	uidset_clear(&again);
	error_clear(&err);
}

/* Dates, flags, sets of UIDs, subjects. */
void
fuzz_values(struct slice input)
{
	char *text = xmemdup0(input.data, input.len);
	struct flags flags = FLAGS_INIT;
	struct slice rest = input;
	struct slice base;
	int64_t seconds;
	char date[32];
	bool is_reply;

	check_uids(input);
	if (date_parse(input, &seconds) || date_parse_internal(input, &seconds))
		date_print_rfc3339(seconds, date);
	base = subject_base(text, &is_reply);
	ASSERT(base.len <= input.len);
	while (rest.len > 0) {
		struct slice word = slice_head(rest, slice_find(rest, ' '));

		(void)!flags_add(&flags, word);
		rest = slice_skip(rest, word.len + 1);
	}
	flags_clear(&flags);
	free(text);
}

/* The packed columns of message rows. */
void
fuzz_rows(struct slice input)
{
	struct document doc;
	struct part_tree tree;
	struct address_list list = { 0 };
	struct error err = ERROR_INIT;

	if (document_unpack(input, &doc, &err)) {
		for (size_t i = 0; i < doc.n_paragraphs; i++)
			document_text(&doc, &doc.paragraphs[i]);
		document_clear(&doc);
	}
	error_clear(&err);
	if (part_tree_unpack(input, &tree, &err)) {
		for (size_t i = 0; i < tree.n; i++)
			ASSERT(tree.items[i].parent < (int)i);
		part_tree_attachments(&tree);
		part_tree_clear(&tree);
	}
	error_clear(&err);
	address_list_unpack(input, &list);
	ASSERT(list.n <= ADDRESSES_MAX);
	address_list_clear(&list);
}

/* What crosses engine.sock. */
void
fuzz_line(struct slice input)
{
	struct event *event = line_parse_event(input);
	struct request *request = line_parse_request(input);
	struct strbuf out;

	strbuf_init(&out, OUT_MAX);
	if (event) {
		struct event *again;

		line_print_event(event, &out);
		again = line_parse_event(slice_trim(strbuf_slice(&out)));
		ASSERT(again && again->type == event->type &&
			again->account == event->account);
		event_free(again);
		event_free(event);
	}
	request_free(request);
	strbuf_clear(&out);
}
