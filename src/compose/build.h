/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft becomes a message (RFC 5322, 2045 to 2049).
 *
 * The writer is our own: libetpan's builds a tree that holds every attachment,
 * and encodes it in one piece of memory.  This one gives the header first, and
 * the rest as a stream of pieces: attachments are read twice from where they
 * are, once to see what encoding they need, once on their way out.
 *
 * What goes out is 7bit: ASCII as it is, other text in quoted-printable or
 * base64, files in base64.  The exceptions are messages as attachments, which
 * no encoding may wrap (RFC 2046 5.2.1; what is 8-bit in them makes the whole
 * 8-bit), and addresses that need SMTPUTF8.
 *
 * No field tells of the machine, the user's login or the program.  Threads:
 * any; it reads files.
 */
#ifndef TERCET_COMPOSE_BUILD_H
#define TERCET_COMPOSE_BUILD_H

#include "compose/draft.h"

enum { BUILD_HEADER_MAX = 1024 * 1024, BUILD_PIECE = 64 * 1024 };

struct build_options {
	int64_t now;            /* Date; seconds */
	const char *message_id; /* NULL: a new one */
	/* A draft to be kept: it may lack sender and recipients, and what is no
	 * address yet stays as it is written. */
	bool unfinished;
	/* Reads an attachment that is not a file: gives its bytes to `sink`,
	 * transfer encoding undone (of a whole message: as they are), until
	 * that returns false.  NULL: there are none. */
	bool (*read)(void *ctx, const struct draft_attachment *attachment,
		bool (*sink)(void *to, struct slice piece), void *to,
		struct error *err);
	void *ctx;
};

struct build; /* borrows the draft and the options' ctx */

/*
 * Looks at everything once and makes the header.  ERR_INVALID: no sender, no
 * recipient, or what is no address, with words that name the field; errors of
 * reading name the attachment.
 */
MUST_CHECK bool build_begin(const struct draft *draft,
	const struct build_options *options, struct build **ret_build,
	struct error *err);
void build_free(struct build *build);
void build_freep(struct build **build);

/* With CRLF, without Bcc and without the empty line behind it; borrowed. */
struct slice build_header(const struct build *build);
/* The Bcc field, for the copy in Sent alone; or empty. */
struct slice build_bcc(const struct build *build);
const char *build_message_id(const struct build *build);
/* The envelope: each address once, domains in their xn-- form; borrowed. */
const char *build_sender(const struct build *build);
size_t build_recipients(
	const struct build *build, const char *const **ret_addresses);
bool build_is_eight_bit(const struct build *build);
bool build_needs_utf8(const struct build *build);

/* The empty line and all behind it, in pieces of any size; `sink` returning
 * false ends it with ERR_CANCELLED.  ERR_STALE: an attachment has changed since
 * it was looked at. */
MUST_CHECK bool build_write(struct build *build,
	bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err);

#endif /* TERCET_COMPOSE_BUILD_H */
