/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first byte is the encoding, the second the size of pieces. */
#include "mime/transfer.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(transfer)
{
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct strbuf pieces CLEANUP(strbuf_clear) = { 0 };
	enum part_encoding encoding;
	struct transfer *transfer;
	size_t cut;

	if (input.len < 2)
		return;
	encoding = (enum part_encoding)(
		(unsigned char)input.data[0] % (ENCODING_YENC + 1));
	cut = (unsigned char)input.data[1] + 1u;
	input = slice_skip(input, 2);
	strbuf_init(&whole, 16 * input.len + 256);
	strbuf_init(&pieces, 16 * input.len + 256);
	ASSERT(transfer_decode(encoding, input, &whole));
	transfer = transfer_new(encoding);
	for (; input.len > 0; input = slice_skip(input, cut))
		ASSERT(transfer_add(transfer, slice_head(input, cut), &pieces));
	ASSERT(transfer_end(transfer, &pieces));
	transfer_free(transfer);
	/* Lines of base64 that are no base64 are judged by what is seen. */
	ASSERT(encoding == ENCODING_BASE64 ||
		slice_eq(strbuf_slice(&whole), strbuf_slice(&pieces)));
}
