/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/bug.h"
#include "base/mem.h"
#include "compose/domain.h"

enum { ID_BYTES = 20, BOUNDARY_BYTES = 15 };

void
stamp_date(int64_t when, struct strbuf *out)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)when;
	struct tm tm = { 0 };
	long minutes;

	if (!localtime_r(&t, &tm)) {
		t = 0;
		tm = (struct tm){ .tm_mday = 1, .tm_year = 70, .tm_wday = 4 };
	}
	minutes = tm.tm_gmtoff / 60;
	strbuf_addf(out, "%s, %d %s %d %02d:%02d:%02d %c%02ld%02ld",
		days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec,
		minutes < 0 ? '-' : '+', labs(minutes) / 60,
		labs(minutes) % 60);
}

/* Letters and digits, five bits each. */
static void
put_random(char *to, size_t n)
{
	static const char digits[] = "abcdefghijkmnpqrstuvwxyz23456789";
	unsigned char bytes[ID_BYTES * 2];

	ASSERT(n <= sizeof(bytes));
	if (getrandom(bytes, n, 0) != (ssize_t)n)
		BUG("no random bytes");
	for (size_t i = 0; i < n; i++)
		to[i] = digits[bytes[i] & 31];
	to[n] = '\0';
}

char *
stamp_message_id(const char *address)
{
	char random[ID_BYTES * 2 + 1];
	char *wire CLEANUP(freep) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const char *domain = NULL;
	bool utf8 = false;

	put_random(random, 26);
	if (address && address_to_wire(address, &wire, &utf8, &err))
		domain = address_domain(wire);
	if (domain && domain[0] == '[')
		domain = NULL;
	return xasprintf("%s@%s", random, domain ? domain : "localhost");
}

void
stamp_boundary(char ret[40])
{
	char random[BOUNDARY_BYTES * 2 + 1];

	put_random(random, 24);
	/* "=_" stands in neither quoted-printable nor base64. */
	snprintf(ret, 40, "=_%s", random);
}
