/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The flags and keywords of one message as a value (RFC 9051 2.3.2).  System
 * flags and the keywords every client knows are bits; any other keyword is a
 * word in `keywords`.  \Recent is not kept.
 */
#ifndef TERCET_MAIL_FLAGS_H
#define TERCET_MAIL_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/strbuf.h"

enum flag {
	FLAG_SEEN = 1 << 0,
	FLAG_ANSWERED = 1 << 1,
	FLAG_FLAGGED = 1 << 2,
	FLAG_DELETED = 1 << 3,
	FLAG_DRAFT = 1 << 4,
	FLAG_FORWARDED = 1 << 5, /* $Forwarded */
	FLAG_JUNK = 1 << 6,      /* $Junk */
	FLAG_NOT_JUNK = 1 << 7,  /* $NotJunk */
	FLAG_MDN_SENT = 1 << 8,  /* $MDNSent */
	FLAG_PHISHING = 1 << 9,  /* $Phishing */
	FLAG_LABEL1 = 1 << 10,   /* $label1 */
	FLAG_LABEL2 = 1 << 11,
	FLAG_LABEL3 = 1 << 12,
	FLAG_LABEL4 = 1 << 13,
	FLAG_LABEL5 = 1 << 14,
};

/* Keywords beyond these limits are dropped, the rest kept. */
enum { FLAGS_KEYWORDS_MAX = 64, FLAGS_KEYWORD_LENGTH_MAX = 128 };

struct flags {
	uint32_t bits;  /* enum flag */
	char *keywords; /* sorted, once each, one blank between; or NULL */
};

#define FLAGS_INIT                                                             \
	{                                                                      \
		0, NULL                                                        \
	}

void flags_clear(struct flags *flags);
struct flags flags_copy(const struct flags *flags);
bool flags_eq(const struct flags *a, const struct flags *b);

/*
 * Adds or removes a flag by IMAP's spelling, any case.  False for a word that
 * is no flag (empty, a control or list character in it, too long, too many).
 */
bool flags_add(struct flags *flags, struct slice word);
bool flags_remove(struct flags *flags, struct slice word);
bool flags_has(const struct flags *flags, struct slice word);
/* The bit of a word, 0 when it has none. */
uint32_t flags_bit(struct slice word);

/* "\Seen $Forwarded work", in IMAP's spelling, appended. */
void flags_print(const struct flags *flags, struct strbuf *out);
/* The name of the lowest bit set in `*bits`, taken out of it; NULL at 0. */
const char *flags_next_name(uint32_t *bits);

#endif /* TERCET_MAIL_FLAGS_H */
