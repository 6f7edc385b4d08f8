/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a list row and threading need of a message's header, decoded.  Made by
 * mime/envelope.h from header bytes.
 */
#ifndef TERCET_MAIL_ENVELOPE_H
#define TERCET_MAIL_ENVELOPE_H

#include <stdint.h>

#include "mail/address.h"
#include "mail/limits.h"

struct message_ids {
	char **items; /* without < and > */
	size_t n;
};

struct envelope {
	char *subject; /* UTF-8, one line; NULL when there is none */
	struct address_list from;
	struct address_list sender;
	struct address_list reply_to;
	struct address_list to;
	struct address_list cc;
	struct address_list bcc;
	int64_t date;     /* of the Date field, seconds UTC; 0 unknown */
	char *message_id; /* without < and >; or NULL */
	struct message_ids in_reply_to;
	struct message_ids references; /* oldest first */
	char *list_id;                 /* between < and >; or NULL */
};

void envelope_clear(struct envelope *envelope);
void message_ids_clear(struct message_ids *ids);
/* Copies; nothing happens past REFERENCES_MAX. */
void message_ids_add(struct message_ids *ids, struct slice id);

/*
 * The base subject (RFC 5256 2.1, and Re:-words of other languages): what is
 * left without reply and forward prefixes and list tags, as a slice of
 * `subject`.  `*ret_is_reply` tells whether anything of the kind was there.
 */
struct slice subject_base(const char *subject, bool *ret_is_reply);

#endif /* TERCET_MAIL_ENVELOPE_H */
