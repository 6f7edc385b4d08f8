/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parsers of what an IMAP server says (RFC 9051 section 7 and its extensions),
 * fed with the `rest` of a response as net/frame.h cuts it: literals stand in
 * it as "{n}\r\n" and n bytes.
 *
 * Tolerant: an item that is unknown, misplaced or odd is passed over and only
 * that item is lost.  They never fail but where a `bool` says so, take time
 * linear in the bytes, and read numbers beyond their type as absent.
 *
 * Threads: any; a `struct imap_parser` belongs to one at a time.
 */
#ifndef TERCET_NET_IMAP_PARSE_H
#define TERCET_NET_IMAP_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/flags.h"
#include "mail/part.h"
#include "mail/uidset.h"
#include "net/imap.h"
#include "net/imap_change.h"

enum {
	IMAP_BODIES_MAX = 1000, /* in one FETCH response */
	IMAP_RANGES_MAX = UIDSET_RANGES_MAX,
	IMAP_NAMESPACES_MAX = 64,
	IMAP_CAPABILITY_TEXT_MAX = 4096,
};

/* What is reused from one FETCH to the next. */
struct imap_parser {
	struct strbuf unescaped; /* quoted strings that held a backslash */
	ARRAY_OF(imap_bodies, struct imap_body) bodies;
};

void imap_parser_init(struct imap_parser *parser);
void imap_parser_clear(struct imap_parser *parser);

/*
 * "(UID 5 FLAGS (\Seen) ...)".  Slices in `ret_fetch` point into `rest` or the
 * parser and live until either changes; flags and parts are the caller's.  A
 * section that does not exist (NIL) is a body whose bytes are NULL.
 */
void imap_parse_fetch(struct imap_parser *parser, struct slice rest,
	uint32_t sequence, struct imap_fetch *ret_fetch);
void imap_fetch_clear(struct imap_fetch *fetch);

/* "(\Seen work)"; `*ret_star` (NULL allowed) tells of \*. */
void imap_parse_flags(
	struct slice rest, struct flags *ret_flags, bool *ret_star);

/* LIST, LSUB, XLIST.  False for a name that cannot be used: none, a CR, LF or
 * NUL in it, longer than IMAP_NAME_MAX.  The name is the caller's. */
MUST_CHECK bool imap_parse_list(
	struct slice rest, struct imap_mailbox *ret_mailbox);
/* "name (MESSAGES 5 ...)"; as above.  Members that did not come are 0. */
MUST_CHECK bool imap_parse_status(
	struct slice rest, struct imap_mailbox *ret_mailbox);

/* What the responses to one SEARCH said, in any order and number. */
ARRAY_OF(imap_ranges, struct uid_range);
/* "1 2 3 (MODSEQ 5)" */
void imap_parse_search(struct slice rest, struct imap_ranges *ranges);
/* "(TAG "a") UID ALL 1:3 COUNT 3" */
void imap_parse_esearch(struct slice rest, struct imap_ranges *ranges);
/* Empties `ranges` into a set. */
void imap_ranges_finish(struct imap_ranges *ranges, struct uidset *ret_set);
/* "(EARLIER) 41,43:116"; false when there is no set. */
MUST_CHECK bool imap_parse_vanished(
	struct slice rest, struct uidset *ret_uids, bool *ret_earlier);

/* What a server can: one word after another. */
struct imap_abilities {
	uint32_t capabilities; /* enum imap_capability */
	uint32_t mechanisms;   /* auth_mechanism_bit() of AUTH=... */
	bool is_imap;          /* IMAP4rev1 or IMAP4rev2 */
	bool rev2_only;
	bool starttls;
	bool login_disabled;
};
void imap_parse_capabilities(
	struct slice words, struct imap_abilities *ret_abilities);
/* The words of ENABLED as enum imap_capability. */
uint32_t imap_parse_enabled(struct slice words);

struct imap_namespace {
	char *prefix;
	char delimiter;
};
ARRAY_OF(imap_namespaces, struct imap_namespace);
/* Personal, other users' and shared ones, in this order, in one array. */
void imap_parse_namespaces(
	struct slice rest, struct imap_namespaces *ret_namespaces);
void imap_namespaces_clear(struct imap_namespaces *namespaces);

/*
 * "38505 304,319:320 3956:3958" of COPYUID (RFC 4315 3).  False, and nothing
 * in `ret_pairs`, unless it is clear what went where: both sets ascending, the
 * same number of UIDs in them, no 0 and no `*`.
 */
MUST_CHECK bool imap_parse_copied(struct slice value, uint32_t *ret_uidvalidity,
	struct imap_pairs *ret_pairs);
/* "38505 3955" of APPENDUID; both 0 when it is not that. */
struct imap_appended imap_parse_appended(struct slice value);
/* "INBOX rwiptsldaex" of MYRIGHTS: enum imap_right. */
uint32_t imap_parse_myrights(struct slice rest);

/* The first word of a response code or of anything: "UIDNEXT" of
 * "UIDNEXT 7"; `*ret_value` gets what is behind it. */
struct slice imap_word(struct slice text, struct slice *ret_value);
/* A decimal number at the front; false when there is none below `max`. */
MUST_CHECK bool imap_number(struct slice text, uint64_t max, uint64_t *ret);

/* Server text for people: one line of valid UTF-8 without controls, cut to
 * IMAP_TEXT_MAX bytes.  The caller frees. */
enum { IMAP_TEXT_MAX = 300 };
char *imap_inert_text(struct slice text);

#endif /* TERCET_NET_IMAP_PARSE_H */
