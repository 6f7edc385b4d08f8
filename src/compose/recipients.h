/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as a person types them, with commas between. */
#ifndef TERCET_COMPOSE_RECIPIENTS_H
#define TERCET_COMPOSE_RECIPIENTS_H

#include "base/error.h"
#include "mail/address.h"

enum { RECIPIENTS_LINE_MAX = 64 * 1024 };

/*
 * ERR_INVALID names the first that is no address; ERR_LIMIT past
 * RECIPIENTS_LINE_MAX.  Nothing but blanks is an empty list.  The caller
 * clears `*ret_list`.
 */
MUST_CHECK bool recipients_read(
	const char *text, struct address_list *ret_list, struct error *err);

#endif /* TERCET_COMPOSE_RECIPIENTS_H */
