/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server says compressed; the first byte is the size of pieces. */
#include "net/deflate.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static bool
inflate_all(struct deflate *pair, struct strbuf *out)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char buffer[4096];
	size_t n = 1;

	while (n > 0) {
		if (!deflate_inflate(pair, buffer, sizeof(buffer), &n, &err)) {
			ASSERT(err.kind == ERR_PROTOCOL ||
				err.kind == ERR_LIMIT);
			return false;
		}
		ASSERT(n <= sizeof(buffer));
		strbuf_add(out, buffer, n);
	}
	return true;
}

/* Whether it came to the end. */
static bool
inflate(struct slice bytes, size_t piece, struct strbuf *out)
{
	struct deflate *pair;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool good = true;

	if (!deflate_new(&pair, &err))
		BUG(err.text);
	while (good && bytes.len > 0) {
		size_t cap;
		char *room = deflate_input_room(pair, &cap);
		struct slice part =
			slice_head(bytes, piece < cap ? piece : cap);

		ASSERT(part.len > 0);
		memcpy(room, part.data, part.len);
		deflate_input_add(pair, part.len);
		bytes = slice_skip(bytes, part.len);
		good = inflate_all(pair, out);
	}
	deflate_free(pair);
	return good;
}

FUZZ_TARGET(deflate)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct strbuf pieces CLEANUP(strbuf_clear) = { 0 };
	size_t piece = input.len ? (unsigned char)input.data[0] + 1u : 1;
	bool good;

	input = slice_skip(input, 1);
	strbuf_init(&whole, CHECK_OUT_MAX);
	strbuf_init(&pieces, CHECK_OUT_MAX);
	good = inflate(input, SIZE_MAX, &whole);
	ASSERT(inflate(input, piece, &pieces) == good);
	ASSERT(!good || slice_eq(strbuf_slice(&whole), strbuf_slice(&pieces)));
}
