/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/envelope.h"

#include <stdlib.h>

#include "base/mem.h"

void
message_ids_clear(struct message_ids *ids)
{
	for (size_t i = 0; i < ids->n; i++)
		free(ids->items[i]);
	free(ids->items);
	*ids = (struct message_ids){ 0 };
}

void
message_ids_add(struct message_ids *ids, struct slice id)
{
	if (ids->n >= REFERENCES_MAX)
		return;
	id = slice_head(id, MESSAGE_ID_LENGTH_MAX);
	/* No capacity is kept: it is the next power of two. */
	if ((ids->n & (ids->n - 1)) == 0)
		ids->items = xreallocarray(ids->items, ids->n ? ids->n * 2 : 1,
			sizeof(ids->items[0]));
	ids->items[ids->n++] = xmemdup0(id.data, id.len);
}

void
envelope_clear(struct envelope *envelope)
{
	free(envelope->subject);
	address_list_clear(&envelope->from);
	address_list_clear(&envelope->sender);
	address_list_clear(&envelope->reply_to);
	address_list_clear(&envelope->to);
	address_list_clear(&envelope->cc);
	address_list_clear(&envelope->bcc);
	free(envelope->message_id);
	message_ids_clear(&envelope->in_reply_to);
	message_ids_clear(&envelope->references);
	free(envelope->list_id);
	*envelope = (struct envelope){ 0 };
}
