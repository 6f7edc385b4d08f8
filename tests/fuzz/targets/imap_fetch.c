/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands behind "* 12 FETCH ". */
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/param.h"
#include "net/imap_parse.h"

FUZZ_TARGET(imap_fetch)
{
	struct imap_parser parser;
	struct imap_fetch fetch;

	imap_parser_init(&parser);
	imap_parse_fetch(&parser, input, 1, &fetch);
	check_touch(fetch.header);
	check_touch(fetch.email_id);
	ASSERT(fetch.n_bodies <= IMAP_BODIES_MAX);
	for (size_t i = 0; i < fetch.n_bodies; i++) {
		check_touch(fetch.bodies[i].bytes);
		check_touch(fetch.bodies[i].section);
	}
	ASSERT(fetch.date >= 0);
	mime_params_settle(&fetch.parts);
	for (size_t i = 0; i < fetch.parts.n; i++)
		ASSERT(strchr(fetch.parts.items[i].type, '/'));
	check_tree(&fetch.parts);
	imap_fetch_clear(&fetch);
	imap_parser_clear(&parser);
}
