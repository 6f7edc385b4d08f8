/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mailing list says of itself in a header (RFC 2369, RFC 8058); its
 * List-Id (RFC 2919) is part of the envelope. */
#ifndef TERCET_MIME_LIST_H
#define TERCET_MIME_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "mail/limits.h"

enum list_command {
	LIST_POST,
	LIST_UNSUBSCRIBE,
	LIST_SUBSCRIBE,
	LIST_HELP,
	LIST_OWNER,
	LIST_ARCHIVE,
	LIST_COMMANDS,
};

/* URLs in the order the sender prefers. */
struct list_urls {
	char *items[LIST_URLS_MAX];
	size_t n;
};

struct list_info {
	struct list_urls commands[LIST_COMMANDS];
	bool closed;    /* "List-Post: NO" */
	bool one_click; /* List-Unsubscribe-Post: its https URL takes a POST */
};

/*
 * Of repeated fields the first counts.  URLs are of mailto, https, http or ftp,
 * printable ASCII, without the blanks that folding left in them; others are
 * passed over, and nothing is ever asked for here.
 */
void mime_read_list(struct slice header, struct list_info *ret_info);
void list_info_clear(struct list_info *info);

#endif /* TERCET_MIME_LIST_H */
