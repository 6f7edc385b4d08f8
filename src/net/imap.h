/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One IMAP session (RFC 9051, RFC 3501): plain blocking calls, each bounded by
 * a deadline and by the session's cancel flag.
 *
 * Untagged data reach the caller through `struct imap_handler` as they arrive,
 * whatever command is under way; what a handler is given lives until it
 * returns.  A failed call with ERR_REFUSED leaves the session usable; after
 * any other kind it is dead and every further call fails at once with the
 * same error.
 *
 * Mailbox names are the server's own bytes, as LIST gave them; imap_name.h
 * turns them into UTF-8 and back.  CR, LF and NUL in any argument are refused.
 *
 * Threads: one session belongs to one thread; only its cancel flag is shared.
 */
#ifndef TERCET_NET_IMAP_H
#define TERCET_NET_IMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"
#include "base/thread.h"
#include "mail/flags.h"
#include "mail/part.h"
#include "mail/role.h"
#include "mail/uidset.h"
#include "net/endpoint.h"

struct imap;
struct tls_certificate;

enum imap_capability {
	IMAP_IDLE = 1 << 0,
	IMAP_CONDSTORE = 1 << 1,
	IMAP_QRESYNC = 1 << 2,
	IMAP_ENABLE = 1 << 3,
	IMAP_NOTIFY = 1 << 4,
	IMAP_ESEARCH = 1 << 5,
	IMAP_UIDPLUS = 1 << 6,
	IMAP_MOVE = 1 << 7,
	IMAP_LIST_EXTENDED = 1 << 8,
	IMAP_LIST_STATUS = 1 << 9,
	IMAP_SPECIAL_USE = 1 << 10,
	IMAP_NAMESPACE = 1 << 11,
	IMAP_ID = 1 << 12,
	IMAP_COMPRESS = 1 << 13,
	IMAP_UTF8_ACCEPT = 1 << 14,
	IMAP_LITERAL_PLUS = 1 << 15,
	IMAP_LITERAL_MINUS = 1 << 16,
	IMAP_SASL_IR = 1 << 17,
	IMAP_OBJECTID = 1 << 18,
	IMAP_GMAIL = 1 << 19, /* X-GM-EXT-1 */
	IMAP_STATUS_SIZE = 1 << 20,
	IMAP_ACL = 1 << 21,
	IMAP_XLIST = 1 << 22,
	IMAP_UNSELECT = 1 << 23,
};

/* How the session logs in; `password` is called at most once per login and
 * gives a secret the session wipes (a token for xoauth2 and oauthbearer). */
struct imap_login {
	const char *mechanism; /* product words: auto plain login cram-md5
				  scram-sha-256 xoauth2 oauthbearer */
	bool (*password)(void *ctx, char **ret_secret, struct error *err);
	void *ctx;
};

/* One FETCH response; absent items are zero, and `has` tells which came. */
struct imap_fetch {
	uint32_t sequence;
	uint32_t uid; /* 0: did not come */
	enum {
		IMAP_HAS_FLAGS = 1,
		IMAP_HAS_SIZE = 2,
		IMAP_HAS_DATE = 4,
		IMAP_HAS_HEADER = 8,
		IMAP_HAS_PARTS = 16,
		IMAP_HAS_MODSEQ = 32,
		IMAP_HAS_BODY = 64,
	} has;
	struct flags flags;
	uint64_t modseq;
	uint64_t size;
	int64_t date;           /* INTERNALDATE */
	struct slice header;    /* BODY[HEADER.FIELDS (...)] */
	struct part_tree parts; /* BODYSTRUCTURE, parameters raw */
	struct slice email_id;  /* OBJECTID, X-GM-MSGID */
	/* BODY[section] that was no HEADER.FIELDS; several may come */
	struct imap_body {
		struct slice section; /* as the server writes it */
		struct slice bytes;   /* encoded as in the message; NULL when
					 there is no such section */
	} * bodies;
	size_t n_bodies;
};

/* One LIST response, with its STATUS when that came along. */
struct imap_mailbox {
	char *name;     /* the server's bytes, unquoted */
	char delimiter; /* 0: none */
	bool selectable;
	bool subscribed;
	bool has_children;
	enum folder_role role;
	bool has_status;
	uint32_t messages;
	uint32_t unseen;
	uint32_t uidnext;
	uint32_t uidvalidity;
	uint64_t highestmodseq;
};

struct imap_mailboxes {
	struct imap_mailbox *items;
	size_t n;
	size_t cap;
};

enum { IMAP_MAILBOXES_MAX = 100000 };

void imap_mailboxes_clear(struct imap_mailboxes *mailboxes);

/* Every member may be NULL. */
struct imap_handler {
	void *ctx;
	/* The callee may steal flags and parts from it. */
	void (*fetch)(void *ctx, struct imap_fetch *fetch);
	/* Not during a SELECT, which returns it. */
	void (*exists)(void *ctx, uint32_t messages);
	/* By position: only while QRESYNC is not enabled. */
	void (*expunge)(void *ctx, uint32_t sequence);
	/* `earlier`: gone before this SELECT (RFC 7162 3.2.10). */
	void (*vanished)(void *ctx, const struct uidset *uids, bool earlier);
	/* Unsolicited STATUS (NOTIFY); what did not come is 0. */
	void (*status)(void *ctx, const struct imap_mailbox *mailbox);
	/* The mailbox tree changed, or notices were lost (NOTIFY): LIST
	 * again. */
	void (*tree_changed)(void *ctx);
	/* Text the server wants people to see; already inert and short. */
	void (*alert)(void *ctx, const char *text);
};

struct imap_options {
	const struct endpoint *endpoint;
	struct imap_login login;
	struct cancel *cancel;
	const struct imap_handler *handler; /* lives as long as the session */
	/* What the server said last time ("IMAP4rev1 IDLE ..."), or NULL: saves
	 * a round trip before login; never trusted for security. */
	const char *remembered_capabilities;
	bool compress; /* may COMPRESS be used at all */
	/* Told of the certificate when it is why opening failed; or NULL. */
	void (*untrusted)(void *ctx, const struct tls_certificate *certificate);
	void *untrusted_ctx;
	int timeout_s; /* for each answer; 0: as long as each step may take */
};

/*
 * Connects, secures and logs in; ID, NAMESPACE and ENABLE
 * QRESYNC/CONDSTORE/UTF8=ACCEPT, where offered, go out with the first command
 * and are not waited for.  Kinds: ERR_OFFLINE,
 * ERR_UNTRUSTED, ERR_LOGIN, ERR_PROTOCOL, ERR_CANCELLED.
 */
MUST_CHECK bool imap_open(const struct imap_options *options,
	struct imap **ret_imap, struct error *err);
/* Says LOGOUT without waiting for the answer, and frees.  NULL is fine. */
void imap_close(struct imap *imap);

uint32_t imap_capabilities(const struct imap *imap); /* enum imap_capability */
/* As the server spelt them, with what it told before login about logging in;
 * for the store (`remembered_capabilities`) and for doctor; borrowed. */
const char *imap_capability_text(const struct imap *imap);
bool imap_is_enabled(const struct imap *imap, enum imap_capability which);
/* The session's socket has bytes, or it waits: for poll(). */
int imap_fd(const struct imap *imap);
/* The server's certificate; NULL without TLS.  Borrowed. */
const struct tls_certificate *imap_certificate(const struct imap *imap);
/* Begins COMPRESS=DEFLATE where offered; one round trip.  Nothing may be under
 * way.  A refusal is no error. */
MUST_CHECK bool imap_compress(struct imap *imap, struct error *err);

/*
 * Every mailbox of the personal, other and shared namespaces, with SPECIAL-USE
 * and STATUS in the same round trip where the server can, else by LIST, LSUB
 * and a pipelined STATUS each.
 */
MUST_CHECK bool imap_list(struct imap *imap,
	struct imap_mailboxes *ret_mailboxes, struct error *err);

struct imap_select {
	bool read_only;       /* EXAMINE */
	uint32_t uidvalidity; /* what the store knows, 0: nothing */
	uint64_t modseq;      /* with QRESYNC: changes since; 0: none asked */
	const struct uidset *known; /* with QRESYNC; NULL: all up to uidnext */
};

struct imap_selected {
	uint32_t exists;
	uint32_t uidvalidity;
	uint32_t uidnext;       /* 0: not told */
	uint64_t highestmodseq; /* 0: NOMODSEQ */
	bool read_only;
	bool qresync; /* changes since `modseq` came during this call */
	bool keywords_allowed;        /* PERMANENTFLAGS \* */
	struct flags permanent_flags; /* borrowed, until the next SELECT */
};

/*
 * SELECT or EXAMINE.  With QRESYNC enabled and the same UIDVALIDITY, flag
 * changes and VANISHED (EARLIER) reach the handler before it returns.
 */
MUST_CHECK bool imap_select(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_selected *ret_selected,
	struct error *err);
/*
 * SELECT, the headers of the newest message (to the handler, before this
 * returns) and LIST in one round trip.  STATUS only where it comes with LIST,
 * so that imap_status() may be needed afterwards.
 */
MUST_CHECK bool imap_list_and_select(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_mailboxes *ret_mailboxes,
	struct imap_selected *ret_selected, struct error *err);

enum imap_items {
	IMAP_ITEMS_FLAGS,   /* UID FLAGS (MODSEQ) */
	IMAP_ITEMS_HEADERS, /* UID FLAGS INTERNALDATE RFC822.SIZE
			       BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (...)] */
};

/*
 * FETCH in two halves, so that several are in flight: send returns at once
 * with a ticket, and imap_fetch_wait reads until that command's tagged answer,
 * giving the handler all that comes.  Tickets are waited for in order.  A long
 * set goes out as several commands under one ticket; an empty one asks
 * nothing.
 */
MUST_CHECK bool imap_fetch_send(struct imap *imap, const struct uidset *set,
	bool by_sequence, enum imap_items items, uint64_t changed_since,
	uint64_t *ret_ticket, struct error *err);
MUST_CHECK bool imap_fetch_wait(
	struct imap *imap, uint64_t ticket, struct error *err);

/*
 * BODY.PEEK of sections ("HEADER", "1.2", "1.MIME"; "" for the whole message)
 * of several messages, each with its own, waited for by imap_fetch_wait(); they
 * come as bodies of one or more FETCH responses to the handler.  `limit`: a
 * section longer than this is cut there (partial fetch).
 */
enum { IMAP_WANTED_MAX = 64 }; /* messages at a time */
struct imap_wanted {
	uint32_t uid;
	const char *const *sections;
	size_t n_sections;
};
MUST_CHECK bool imap_fetch_bodies_send(struct imap *imap,
	const struct imap_wanted *wanted, size_t n, uint64_t limit,
	uint64_t *ret_ticket, struct error *err);

/* Gives a large section piece by piece instead of whole, an empty one or NIL
 * as one empty piece, and nothing where the server knows no such UID; `sink`
 * returning false stops it and kills the session (a FETCH cannot be taken
 * back). */
MUST_CHECK bool imap_fetch_stream(struct imap *imap, uint32_t uid,
	const char *section,
	bool (*sink)(void *ctx, struct slice piece, uint64_t total), void *ctx,
	struct error *err);

/* All UIDs of the selected mailbox, by ESEARCH where offered. */
MUST_CHECK bool imap_search_all(
	struct imap *imap, struct uidset *ret_uids, struct error *err);
/* UIDs whose Message-ID field is this. */
MUST_CHECK bool imap_search_message_id(struct imap *imap,
	const char *message_id, struct uidset *ret_uids, struct error *err);

/* STATUS of several mailboxes, pipelined; one that is refused is left out. */
MUST_CHECK bool imap_status(struct imap *imap, char *const *names, size_t n,
	struct imap_mailboxes *ret_mailboxes, struct error *err);

/*
 * NOTIFY SET for the selected mailbox and STATUS of all personal ones.
 * ERR_REFUSED where the server will not.
 */
MUST_CHECK bool imap_notify(struct imap *imap, struct error *err);

/*
 * Waits for news in the selected mailbox: IDLE where offered (ended and begun
 * again within 28 minutes by the caller's deadline), else a NOOP at the
 * deadline.  Returns when the handler was given anything, `wake_fd` can be
 * read, or the clock_mono_us() deadline has passed.
 */
MUST_CHECK bool imap_watch(
	struct imap *imap, int wake_fd, int64_t deadline_us, struct error *err);
MUST_CHECK bool imap_noop(struct imap *imap, struct error *err);

/* Bytes so far, compressed where they are, without TLS's own. */
struct imap_traffic {
	uint64_t bytes_in;
	uint64_t bytes_out;
};
struct imap_traffic imap_traffic(const struct imap *imap);

#endif /* TERCET_NET_IMAP_H */
