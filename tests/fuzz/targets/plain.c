/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain text. */
#include "mime/plain.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/text.h"

FUZZ_TARGET(plain)
{
	struct part part = { .type = (char *)"text/plain" };
	struct document doc;

	document_init(&doc);
	mime_text_extract(&part, input, NULL, &doc);
	check_document(&doc);
	document_clear(&doc);
}
