/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a link really leads, and whether its words say something else.  What
 * browsers and RFC 3986 read differently is not read at all, but refused.
 */
#ifndef TERCET_UI_VIEW_LINK_TARGET_H
#define TERCET_UI_VIEW_LINK_TARGET_H

#include <stdbool.h>

#include "base/slice.h"

enum {
	LINK_HOST_MAX = 255,
	LINK_WORDS_MAX = 4096, /* bytes of a link's words that are looked at */
};

struct link_target {
	const char *refused;          /* why it is not opened; or NULL */
	bool is_mail;                 /* mailto: `host` is its domain or "" */
	bool is_foreign;              /* letters that can pass for others;
					 `host` has them as xn--... */
	char host[LINK_HOST_MAX + 1]; /* ASCII, without user and port */
};

void link_look(const char *url, struct link_target *ret_target);

/*
 * Whether the words name a host, and the link leads neither there nor to one
 * below it; `named` is the first such.  A leading www. makes no difference.
 */
bool link_lies(struct slice words, const struct link_target *target,
	char named[LINK_HOST_MAX + 1]);

#endif /* TERCET_UI_VIEW_LINK_TARGET_H */
