/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message that another program wrote, as sendmail gets them: header and text
 * of whatever care, from a file of any size.
 *
 * Its header is put right: Bcc is taken out, Date, From and Message-ID are
 * added where they are missing, text beyond ASCII is encoded, lines end in
 * CRLF, and nothing in a field can begin another.  Its body stays as it is but
 * for line ends; text that cannot be sent so (lines over 998 bytes, 8-bit
 * without MIME) goes as quoted-printable.
 */
#ifndef TERCET_COMPOSE_RAW_H
#define TERCET_COMPOSE_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "compose/encode.h"
#include "mail/address.h"

enum { RAW_HEADER_MAX = 1024 * 1024 };

/* What the header says, as it came. */
struct raw_header {
	struct address_list from;
	struct address_list to; /* To and Cc */
	struct address_list bcc;
	char *subject;    /* or NULL */
	char *message_id; /* without < and >; NULL: none that is sound */
	size_t size;      /* bytes of it in the input, with the empty line */
	char *text;       /* the fields; owned */
	bool has_mime;    /* MIME-Version or a Content- field */
	bool is_text;     /* no multipart, no message, nothing encoded */
};
void raw_header_clear(struct raw_header *header);

/*
 * Reads the header at the front of `text`, which holds all of it, or so much
 * that it is longer than RAW_HEADER_MAX (ERR_LIMIT).  Input that begins with no
 * field has none.
 */
MUST_CHECK bool raw_read_header(
	struct slice text, struct raw_header *ret_header, struct error *err);

struct raw_options {
	int64_t now;
	const char *name;       /* for From where that is missing; or NULL */
	const char *address;    /* the same, and for one without a domain */
	const char *message_id; /* without < and > */
};

/* The body behind it, and how it goes out. */
enum raw_form {
	RAW_AS_IS,
	RAW_ENCODED, /* by qp_stream_add() */
};
/*
 * The header as it goes out (without the empty line), and Bcc apart, which may
 * be empty.  `body` says what stands behind it.  `*ret_utf8` is set where an
 * address needs SMTPUTF8.
 */
MUST_CHECK bool raw_write_header(const struct raw_header *header,
	const struct text_scan *body, const struct raw_options *options,
	struct strbuf *out, struct strbuf *bcc, enum raw_form *ret_form,
	bool *ret_utf8, struct error *err);

#endif /* TERCET_COMPOSE_RAW_H */
