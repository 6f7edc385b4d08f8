/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST, or behind "t" STATUS. */
#include <stdlib.h>

#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/imap_name.h"
#include "net/imap_parse.h"

FUZZ_TARGET(imap_mailbox)
{
	bool is_status = slice_starts(input, SLICE("t"));
	struct slice rest = slice_skip(input, is_status);
	struct imap_mailbox mailbox = { 0 };
	char *name;

	if (!(is_status ? imap_parse_status(rest, &mailbox)
			: imap_parse_list(rest, &mailbox)))
		return;
	ASSERT(mailbox.name[0] && strlen(mailbox.name) <= IMAP_NAME_MAX);
	ASSERT(!strpbrk(mailbox.name, "\r\n"));
	name = imap_name_decode(mailbox.name, mailbox.delimiter, is_status);
	check_line(name);
	free(imap_name_encode(name, mailbox.delimiter, is_status));
	free(name);
	free(mailbox.name);
}
