/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers found of a message's origin (RFC 8601), as the store keeps it,
 * and what follows from it.  Everybody can write such fields: only those of
 * servers that the reader trusts count, and mime/auth_results.h keeps only the
 * topmost of each server.
 *
 * Packed: a line a result, six columns with tabs between: the number of its
 * field from the top, server, method, result, reason, and properties
 * ("header.d=example.org") with blanks between.  Valid UTF-8 without control
 * characters.
 */
#ifndef TERCET_MAIL_AUTHENTICATION_H
#define TERCET_MAIL_AUTHENTICATION_H

#include <stdbool.h>

#include "base/slice.h"
#include "mail/address.h"
#include "mail/limits.h"
#include "mail/paragraph.h"

enum authentication_verdict {
	AUTHENTICATION_NONE, /* nothing is known */
	AUTHENTICATION_PASS, /* it is from the domain in From */
	AUTHENTICATION_FAIL, /* it is not, says the domain's own policy */
};

struct authentication {
	enum authentication_verdict verdict;
	char domain[AUTHENTICATION_DOMAIN_MAX + 1]; /* of From; "" with NONE */
};

/* Borrowed from the packed form. */
struct authentication_result {
	struct slice field;
	struct slice server;
	struct slice method;
	struct slice result;
	struct slice reason;
	struct slice properties;
};

/* Takes one off the front of `*packed`; false at the end. */
bool authentication_next(
	struct slice *packed, struct authentication_result *ret_result);
/* Whether it is one of `trusted`, which has commas or blanks between; NULL:
 * nobody is. */
bool authentication_is_trusted(struct slice server, const char *trusted);
/*
 * DMARC's result decides; without a clear one a DKIM signature of the domain in
 * From, or of one it lies in, passes.  Where a method stands in several fields
 * the topmost counts.  `packed` may be NULL.
 */
void authentication_judge(const char *packed, const char *trusted,
	const struct address_list *from, struct authentication *ret);
/* The same in words, with each result; and who spoke without being trusted. */
void authentication_describe(const char *packed, const char *trusted,
	const struct address_list *from, struct document *doc);

#endif /* TERCET_MAIL_AUTHENTICATION_H */
