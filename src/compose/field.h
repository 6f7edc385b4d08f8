/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Header fields as they go out (RFC 5322 2.2, 2047, 2231): CRLF, folded at 76
 * columns where a blank allows it, ASCII but for addresses that need SMTPUTF8.
 * Whatever is given, a field is one field: control characters become blanks.
 */
#ifndef TERCET_COMPOSE_FIELD_H
#define TERCET_COMPOSE_FIELD_H

#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/envelope.h"

/* A field of free text, UTF-8. */
void field_add_text(struct strbuf *out, const char *name, struct slice text);
/*
 * A field of addresses, domains in their xn-- form; nothing for an empty list.
 * With `strict`, what is no address is ERR_INVALID, which names field and
 * address; else it goes as a name.  `*ret_utf8` as in domain.h.
 */
MUST_CHECK bool field_add_addresses(struct strbuf *out, const char *name,
	const struct address_list *list, bool strict, bool *ret_utf8,
	struct error *err);
/* "<id> <id>"; what could not be a Message-ID is left out.  Nothing for none.
 */
void field_add_ids(struct strbuf *out, const char *name,
	const struct message_ids *ids, const char *last);
/* A whole value in ASCII that needs no care, such as a date. */
void field_add_ascii(struct strbuf *out, const char *name, const char *value);
/* "; name=value" behind what is there, on a line of its own: quoted, or by RFC
 * 2231. */
void field_add_param(struct strbuf *out, const char *name, struct slice value);

/* Whether it can stand between < and > of a Message-ID as it is. */
bool field_id_is_sound(struct slice id);

#endif /* TERCET_COMPOSE_FIELD_H */
