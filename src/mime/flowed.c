/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/flowed.h"

#include "base/strbuf.h"
#include "mime/plain.h"

/* A paragraph being put together. */
struct flow {
	struct plain plain;
	struct strbuf text;
	int quote;
	bool open;
};

static void
end_paragraph(struct flow *flow, struct slice after)
{
	struct plain_line line = {
		.quote = flow->quote,
		.text = strbuf_slice(&flow->text),
		.after = after,
	};

	if (flow->open)
		plain_add_line(&flow->plain, &line);
	strbuf_reset(&flow->text);
	flow->open = false;
}

static void
add_line(struct flow *flow, struct slice line, struct slice after, bool delsp)
{
	int quote = plain_take_quote(&line);
	bool is_signature;
	bool is_flowed;

	/* RFC 3676 4.4: a blank in front is stuffing; behind quote marks it is
	 * gone already. */
	if (quote == 0 && line.len > 0 && line.data[0] == ' ')
		line = slice_skip(line, 1);
	is_signature = slice_eq(line, SLICE("-- "));
	is_flowed =
		line.len > 0 && line.data[line.len - 1] == ' ' && !is_signature;
	/* 4.5: a change of depth ends a paragraph, and so does an empty line,
	 * which is kept. */
	if (flow->open &&
		(quote != flow->quote || is_signature || line.len == 0))
		end_paragraph(flow, line);
	flow->quote = quote;
	flow->open = true;
	if (is_flowed && delsp)
		line.len--;
	strbuf_add_slice(&flow->text, line);
	if (!is_flowed)
		end_paragraph(flow, after);
}

void
flowed_extract(struct slice text, bool delsp, struct document *doc)
{
	struct flow flow = { .open = false };
	struct slice line;

	plain_init(&flow.plain, doc);
	strbuf_init(&flow.text, text.len + 1);
	while (slice_next_line(&text, &line) && !doc->text.full)
		add_line(&flow, line, text, delsp);
	end_paragraph(&flow, text);
	strbuf_clear(&flow.text);
}
