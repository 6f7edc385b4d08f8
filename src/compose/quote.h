/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an answer or a forward takes over of a message's text. */
#ifndef TERCET_COMPOSE_QUOTE_H
#define TERCET_COMPOSE_QUOTE_H

#include "compose/reply.h"

/* "On ..., Ann Example wrote:" and the text behind marks, without signature;
 * false when there was none. */
bool quote_answer(const struct reply_source *source, struct strbuf *out);
/* Under a line with the sender, date, subject and recipients. */
bool quote_forward(const struct reply_source *source, struct strbuf *out);
/* "-- " and the signature, behind an empty line. */
void quote_signature(const char *signature, struct strbuf *out);

#endif /* TERCET_COMPOSE_QUOTE_H */
