/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of an IMAP session, for the files it is made of.
 *
 * Every public function goes the same way: imap_enter() names the step, one or
 * more commands are written into `out` and sent together, and imap_wait()
 * reads until a command's tagged answer is there.  Whatever is read meanwhile
 * goes through imap_dispatch(), the one place that knows what to do with it:
 * tagged answers to their commands, what somebody collects into `collecting`,
 * all else to the caller's handler.
 *
 * What fails kills the session through imap_die(), but for a refusal.
 */
#ifndef TERCET_NET_IMAP_PRIVATE_H
#define TERCET_NET_IMAP_PRIVATE_H

#include "base/array.h"
#include "base/map.h"
#include "net/frame.h"
#include "net/imap.h"
#include "net/imap_change.h"
#include "net/imap_parse.h"

enum imap_step {
	STEP_GREETING,
	STEP_CAPABILITY,
	STEP_STARTTLS,
	STEP_LOGIN,
	STEP_SETUP, /* ID, ENABLE, NAMESPACE: nobody waits for them */
	STEP_COMPRESS,
	STEP_LIST,
	STEP_SELECT,
	STEP_FETCH,
	STEP_SEARCH,
	STEP_STATUS,
	STEP_NOTIFY,
	STEP_WATCH,
	STEP_NOOP,
	STEP_STORE,
	STEP_MOVE,
	STEP_COPY,
	STEP_EXPUNGE,
	STEP_APPEND,
	STEP_FOLDER, /* CREATE, RENAME, DELETE, SUBSCRIBE */
	STEP_RIGHTS,
	STEPS,
};

enum imap_answer {
	ANSWER_NONE, /* not yet */
	ANSWER_OK,
	ANSWER_NO,
	ANSWER_BAD,
};

enum {
	/* RFC 7162 4: servers take lines of 8192 bytes. */
	IMAP_COMMAND_MAX = 8000,
	IMAP_OUT_MAX = 4 * 1024 * 1024,    /* commands not sent yet */
	IMAP_NAMES_MAX = 16 * 1024 * 1024, /* bytes of names in one list */
	IMAP_ALERTS_MAX = 20,              /* passed on in one session */
};

struct imap_command {
	uint64_t tag;
	uint64_t group; /* commands that are waited for as one */
	enum imap_step step;
	enum imap_answer answer;
	bool forgotten; /* nobody waits: goes when it is answered */
	char *code;     /* of the answer: "AUTHENTICATIONFAILED"; or NULL */
	char *said;     /* inert words of a NO or BAD; or NULL */
};

/* What LIST, LSUB and STATUS are collected into. */
struct imap_listing {
	struct imap_mailboxes *mailboxes; /* owned by who asked */
	struct map *by_name;              /* name to index + 1 */
	size_t bytes;                     /* of names */
	bool is_status;                   /* only STATUS is collected */
};

struct imap_selecting {
	struct imap_selected *selected; /* NULL: no SELECT under way */
	uint64_t tag;
	bool others; /* what comes is still of the mailbox before */
	bool has_permanent_flags;
};

struct imap_stream {
	const char *section;
	bool (*sink)(void *ctx, struct slice piece, uint64_t total);
	void *ctx;
	uint64_t total;
	bool stopped;
};

struct imap {
	struct wire *wire;
	struct frame *frame;
	struct mailimap *library; /* libetpan's session over `frame` */
	const struct imap_handler *handler;
	struct error dead; /* ERR_NONE while alive */
	enum imap_step step;
	int timeout_s; /* 0: each step's own */
	bool may_compress;

	/* the server */
	struct imap_abilities can;
	char *capability_text;
	char *login_words; /* " AUTH=PLAIN ...", told before login; or NULL */
	unsigned capabilities_told; /* how often, since TLS */
	uint32_t enabled;           /* enum imap_capability */
	uint64_t enabling;          /* tag of ENABLE; 0: not sent */
	struct imap_namespaces namespaces;
	bool greeted;
	bool authenticated;
	bool selected;
	bool compressed;
	bool from_memory;       /* capabilities are those of last time */
	bool volunteers;        /* it tells capabilities unasked */
	bool list_return_fails; /* it offers LIST RETURN, and refuses it */
	bool qresync_fails;     /* the same for SELECT's QRESYNC */
	unsigned alerts;

	/* commands */
	struct strbuf out;
	ARRAY_OF(imap_commands, struct imap_command) commands;
	uint64_t last_tag;
	bool continued;                  /* a '+' came, */
	struct strbuf challenge;         /* and what it said */
	bool library_asks;               /* tagged answers are libetpan's, */
	enum imap_answer library_answer; /* which got this one, */
	char *library_said;              /* with these words */

	/* what is being collected; NULL when nobody asked */
	struct imap_listing *listing;
	struct imap_ranges *found;
	struct imap_selecting selecting;
	struct flags permanent_flags; /* of the SELECT */
	enum imap_why select_why;
	struct imap_stream *stream;
	struct imap_outcome *outcome;
	struct imap_appended *appended;
	uint32_t *rights;
	struct imap_parser parser;
	uint64_t news; /* things the handler was told */
};

/* Begins a public function; false with the old error when it is dead. */
MUST_CHECK bool imap_enter(
	struct imap *imap, enum imap_step step, struct error *err);
/* Names host, port and step in front of the error, and ends the session.
 * Returns false. */
bool imap_die(struct imap *imap, struct error *err);
/* ERR_REFUSED with the server's words; the session lives.  Returns false. */
bool imap_refuse(struct imap *imap, const char *said, struct error *err);
/* The step's name as put in front of an error. */
void imap_prefix(const struct imap *imap, struct error *err);

/* Writes "tN " of a new command; its tag. */
uint64_t imap_begin(struct imap *imap, enum imap_step step);
void imap_put(struct imap *imap, const char *text);
void imap_putf(struct imap *imap, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* As a quoted string where that is safe, else as a literal; CR, LF and NUL are
 * ERR_INVALID, which ends nothing but must take the command back. */
MUST_CHECK bool imap_put_string(
	struct imap *imap, struct slice text, struct error *err);
/* Whether imap_put_string() would take it. */
MUST_CHECK bool imap_is_sendable(const char *text, struct error *err);
/* As many ranges of the set, from `*next` on, as go into `most` bytes; at
 * least one. */
void imap_put_set(
	struct imap *imap, const struct uidset *set, size_t most, size_t *next);
void imap_end(struct imap *imap);
/* Its answer is of no interest. */
void imap_forget(struct imap *imap, uint64_t tag);
MUST_CHECK bool imap_flush(struct imap *imap, struct error *err);

/* Reads and dispatches one response. */
MUST_CHECK bool imap_pump(struct imap *imap, struct error *err);
/* What is there already, without waiting. */
MUST_CHECK bool imap_pump_now(struct imap *imap, struct error *err);
/* Reads until the answer to `tag` is there, and takes it; `ret_said` (NULL
 * allowed) gets the server's words and is the caller's. */
MUST_CHECK bool imap_wait_answer(struct imap *imap, uint64_t tag,
	enum imap_answer *ret_answer, char **ret_code, char **ret_said,
	struct error *err);
/* The same; what is not OK is ERR_REFUSED. */
MUST_CHECK bool imap_wait(struct imap *imap, uint64_t tag, struct error *err);
/* Reads until a '+' or the command's answer came; true for the '+'. */
MUST_CHECK bool imap_wait_continuation(struct imap *imap, uint64_t tag,
	bool *ret_continued, struct error *err);
/* Commands that are waited for as one: takes `tag` into the group; the tag of
 * any of them that is not taken yet, or 0. */
void imap_join(struct imap *imap, uint64_t tag, uint64_t group);
uint64_t imap_next_of(const struct imap *imap, uint64_t group);
/* imap_dispatch.c; false ends the session. */
MUST_CHECK bool imap_dispatch(
	struct imap *imap, const struct response *response, struct error *err);
void imap_set_capabilities(struct imap *imap, struct slice words);
/* From now on the capability text also holds what was told about logging in,
 * which servers no longer tell afterwards. */
void imap_keep_login_words(struct imap *imap);

/* imap.c: what this server offers and had better not be asked for. */
uint32_t imap_broken_capabilities(struct slice words);
MUST_CHECK bool imap_ask_capabilities(struct imap *imap, struct error *err);

/* imap_change.c: the answer to `tag`; anything but OK is ERR_REFUSED, and says
 * why. */
MUST_CHECK bool imap_wait_why(struct imap *imap, uint64_t tag,
	enum imap_why *ret_why, struct error *err);
/* After an imap_put_string() that failed.  Returns false. */
bool imap_not_put(enum imap_why *ret_why, const struct error *err);
/* What an answer that is not OK means. */
enum imap_why imap_why_of(enum imap_answer answer, const char *code);
/* Takes a COPYUID's value into the outcome. */
void imap_note_copied(struct imap_outcome *outcome, struct slice value);

/* imap_login.c */
MUST_CHECK bool imap_log_in(struct imap *imap,
	const struct imap_options *options, struct error *err);

/* imap_fetch.c: FETCH of the newest message's headers; an empty mailbox
 * refuses. */
MUST_CHECK bool imap_newest_send(
	struct imap *imap, uint64_t *ret_tag, struct error *err);

/* imap_folders.c and imap_select.c, for imap_list_and_select() */
struct imap_list_commands {
	uint64_t list;
	uint64_t lsub; /* 0: not needed */
	bool extended; /* LIST ... RETURN */
};
MUST_CHECK bool imap_list_send(struct imap *imap,
	struct imap_list_commands *ret_commands, struct error *err);
MUST_CHECK bool imap_select_send(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_selected *selected,
	uint64_t *ret_tag, struct error *err);
MUST_CHECK bool imap_select_wait(struct imap *imap, const char *mailbox,
	const struct imap_select *how, uint64_t tag,
	struct imap_selected *selected, struct error *err);

#endif /* TERCET_NET_IMAP_PRIVATE_H */
