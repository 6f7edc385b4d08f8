/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailbox names both ways: the delimiter, U for UTF-8, the name. */
#include "net/imap_name.h"
#include "base/bug.h"
#include "base/mem.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static void
check_decoded(const char *wire, char delimiter, bool utf8)
{
	char *name CLEANUP(freep) = imap_name_decode(wire, delimiter, utf8);
	char *encoded CLEANUP(freep) = imap_name_encode(name, delimiter, utf8);

	check_line(name);
	ASSERT(!encoded || strlen(encoded) <= IMAP_NAME_MAX);
}

/* A name that can be written reads the same. */
static void
check_encoded(const char *name, char delimiter, bool utf8)
{
	char *wire CLEANUP(freep) = imap_name_encode(name, delimiter, utf8);
	char *read CLEANUP(freep) = NULL;
	char *again CLEANUP(freep) = NULL;

	if (!wire)
		return;
	ASSERT(wire[0] && strlen(wire) <= IMAP_NAME_MAX);
	for (const char *p = wire; *p; p++)
		ASSERT((*p >= ' ' && *p < 0x7f) || (utf8 && (*p & 0x80)));
	read = imap_name_decode(wire, delimiter, utf8);
	again = imap_name_encode(read, delimiter, utf8);
	ASSERT(again && strcmp(again, wire) == 0);
}

FUZZ_TARGET(imap_name)
{
	char *name CLEANUP(freep) = NULL;
	char delimiter = '\0';

	if (input.len < 2)
		return;
	name = xmemdup0(input.data + 2, input.len - 2);
	/* As imap_parse_list() lets through. */
	if (input.data[0] > ' ' && input.data[0] < 0x7f)
		delimiter = input.data[0];
	check_decoded(name, delimiter, input.data[1] == 'U');
	check_encoded(name, delimiter, input.data[1] == 'U');
}
