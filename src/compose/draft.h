/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft: a message as its writer sees it.  A value; compose/build.h makes the
 * bytes of it.
 *
 * Text is UTF-8 with line feeds.  Nothing in it is trusted to be free of
 * control characters: what builds headers takes them out.
 */
#ifndef TERCET_COMPOSE_DRAFT_H
#define TERCET_COMPOSE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "mail/envelope.h"

enum { DRAFT_ATTACHMENTS_MAX = 500, DRAFT_BODY_MAX = 16 * 1024 * 1024 };

enum draft_priority { PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_LOW };

/* Where the bytes of an attachment are: a file, or a stored message's section
 * ("": all of it). */
struct draft_attachment {
	char *path;      /* of a file; or NULL */
	int64_t message; /* without a path */
	char *section;   /* the same */
	char *name;      /* what recipients see; or NULL */
	char *type;      /* "image/png"; NULL: by the name */
	uint64_t size;   /* as last seen, for people; 0: unknown */
};
ARRAY_OF(draft_attachments, struct draft_attachment);
void draft_attachment_clear(struct draft_attachment *attachment);

struct draft {
	char *from_name; /* or NULL */
	char *from;      /* the address; or NULL */
	struct address_list to;
	struct address_list cc;
	struct address_list bcc;
	struct address_list reply_to;
	/* Where answers by all are to go (Mail-Followup-To); empty: not said.
	 */
	struct address_list followup_to;
	char *subject;     /* or NULL */
	char *body;        /* or NULL */
	char *in_reply_to; /* Message-ID without < and >; or NULL */
	struct message_ids references;
	enum draft_priority priority;
	bool wants_receipt;
	struct draft_attachments attachments;
	int64_t answers; /* the stored message it answers or forwards; 0 */
	bool forwards;   /* it forwards that */
};

void draft_init(struct draft *draft);
/* For CLEANUP() too. */
void draft_clear(struct draft *draft);
/* A zeroed one at the end; NULL past DRAFT_ATTACHMENTS_MAX. */
struct draft_attachment *draft_add_attachment(struct draft *draft);
/* A file; its name without the directory. */
void draft_attach_file(struct draft *draft, const char *path, uint64_t size);
void draft_remove_attachment(struct draft *draft, size_t at);
/* To, Cc and Bcc, each address once. */
size_t draft_count_recipients(const struct draft *draft);

/* For the store: exact round trip.  ERR_STORE when damaged. */
void draft_pack(const struct draft *draft, struct strbuf *out);
MUST_CHECK bool draft_unpack(
	struct slice packed, struct draft *ret_draft, struct error *err);

#endif /* TERCET_COMPOSE_DRAFT_H */
