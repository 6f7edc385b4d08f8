/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes in any charset to UTF-8.  Labels lie or are missing: what is valid
 * UTF-8 is taken for it, then what was declared counts where it can be true,
 * then what mime/charset_detect.h makes of it, then windows-1252, which is what
 * undeclared bytes mostly are.  Never fails; what is no text in its charset
 * becomes U+FFFD.  Any thread.
 */
#ifndef TERCET_MIME_CHARSET_H
#define TERCET_MIME_CHARSET_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

enum charset_trust {
	CHARSET_DECLARED, /* the mail says so */
	CHARSET_SHORT,    /* so too, but it is not worth a closer look */
	CHARSET_FORCED,   /* the user says so: no guessing */
};

/*
 * Appends `bytes` as UTF-8.  An empty or unknown name means that nobody said.
 * False when something was lost: bytes replaced, or cut at the limit of `out`.
 */
bool charset_to_utf8(struct slice name, enum charset_trust trust,
	struct slice bytes, struct strbuf *out);
/* Whether the name means anything here; for `:charset`. */
bool charset_is_known(struct slice name);

#endif /* TERCET_MIME_CHARSET_H */
