/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages. */
#include "mime/html.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/text.h"

FUZZ_TARGET(html)
{
	struct part part = { .type = (char *)"text/html" };
	struct document doc;

	check_within(html_charset(input), input);
	document_init(&doc);
	mime_text_extract(&part, input, NULL, &doc);
	check_document(&doc);
	document_clear(&doc);
}
