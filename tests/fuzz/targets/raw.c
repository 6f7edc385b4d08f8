/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that other programs wrote, made ready for the way. */
#include "compose/raw.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/header.h"

/* ASCII and UTF-8 in lines that end in CRLF, each a field's. */
static void
check_fields(struct slice header, bool utf8, bool allow_bcc)
{
	struct slice rest = header;
	struct header_field field;

	for (size_t i = 0; i < header.len; i++) {
		unsigned char c = (unsigned char)header.data[i];

		ASSERT(c != '\r' ||
			(i + 1 < header.len && header.data[i + 1] == '\n'));
		ASSERT(c != '\n' || (i > 0 && header.data[i - 1] == '\r'));
		ASSERT(c >= ' ' || c == '\t' || c == '\r' || c == '\n');
		ASSERT(utf8 || c < 0x7f);
	}
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\n');
		struct slice line = slice_head(rest, end);

		ASSERT(end < rest.len && line.len > 1);
		ASSERT(line.data[0] == ' ' || line.data[0] == '\t' ||
			header_line_is_field(line));
		rest = slice_skip(rest, end + 1);
	}
	rest = header;
	while (header_next(&rest, &field))
		ASSERT(allow_bcc || !slice_eq_nocase(field.name, SLICE("Bcc")));
	check_utf8(header);
}

FUZZ_TARGET(raw)
{
	struct raw_header header = { 0 };
	struct text_scan scan = { 0 };
	struct raw_options options = {
		.now = 1795176000,
		.name = "Ann",
		.address = "ann@example.org",
		.message_id = "1@example.org",
	};
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf bcc CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum raw_form form;
	bool utf8 = false;

	if (!raw_read_header(input, &header, &err))
		return;
	ASSERT(header.size <= input.len);
	check_addresses(&header.from);
	check_addresses(&header.to);
	check_addresses(&header.bcc);
	check_line(header.subject);
	check_line(header.message_id);
	text_scan_add(&scan, slice_skip(input, header.size));
	strbuf_init(&out, CHECK_OUT_MAX);
	strbuf_init(&bcc, CHECK_OUT_MAX);
	if (raw_write_header(
		    &header, &scan, &options, &out, &bcc, &form, &utf8, &err)) {
		check_fields(strbuf_slice(&out), utf8, false);
		check_fields(strbuf_slice(&bcc), utf8, true);
	}
	raw_header_clear(&header);
}
