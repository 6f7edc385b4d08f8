/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a writer may have overlooked, told before a message is sent.  Nothing
 * of it keeps anybody from sending, but for what is no message at all.
 */
#ifndef TERCET_COMPOSE_CHECK_H
#define TERCET_COMPOSE_CHECK_H

#include "compose/draft.h"

enum draft_doubt {
	DOUBT_RECIPIENTS = 1 << 0, /* nobody is to get it: it cannot be sent */
	DOUBT_SUBJECT = 1 << 1,    /* none */
	DOUBT_TEXT = 1 << 2,       /* none */
	DOUBT_ATTACHMENT = 1
			   << 3, /* the text speaks of one, and none is there */
};

/* A set of enum draft_doubt. */
unsigned draft_doubts(const struct draft *draft);
/* A sentence on one of them; static, translated. */
const char *draft_doubt_text(enum draft_doubt doubt);

#endif /* TERCET_COMPOSE_CHECK_H */
