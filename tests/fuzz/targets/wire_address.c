/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as servers want them. */
#include "base/bug.h"
#include "base/mem.h"
#include "compose/domain.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "net/smtp.h"

FUZZ_TARGET(wire_address)
{
	char *address CLEANUP(freep) = xmemdup0(input.data, input.len);
	char *wire CLEANUP(freep) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool utf8 = false;

	(void)smtp_address_is_sound(address);
	if (!address_to_wire(address, &wire, &utf8, &err)) {
		ASSERT(err.text && err.text[0]);
		return;
	}
	check_line(wire);
	ASSERT(address_domain(wire));
	/* Nothing in it ends the command it stands in. */
	ASSERT(!strpbrk(wire, "\r\n"));
	for (const char *p = wire; *p; p++)
		ASSERT(utf8 || !(*p & 0x80));
}
