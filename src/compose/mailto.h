/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mailto: links (RFC 6068) become drafts.  They come from web pages and mail,
 * so that only these fields count: to, cc, bcc, subject, body, in-reply-to.  No
 * link can attach a file, set a sender, or put a field into another.
 */
#ifndef TERCET_COMPOSE_MAILTO_H
#define TERCET_COMPOSE_MAILTO_H

#include "compose/draft.h"

enum { MAILTO_MAX = 64 * 1024 };

bool mailto_is_one(const char *url);
/* Adds to `draft`, which may hold sender and signature: a text goes in front of
 * its own.  ERR_INVALID: it is no such link, or too long. */
MUST_CHECK bool mailto_read(
	const char *url, struct draft *draft, struct error *err);

#endif /* TERCET_COMPOSE_MAILTO_H */
