/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session from the connection to its end. */
#include <inttypes.h>
#include <libetpan/mailimap.h>
#include <stdlib.h>

#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/imap_private.h"

enum { GOODBYE_S = 1 };

/*
 * Servers that offer what they do not do right, known by a capability of their
 * own.  Oddities in what servers say are borne by the parsers:
 * - Domino, Exchange 2003: names with blanks unquoted in LIST (RFC 9051 7.3.1),
 *   imap_parse.c;
 * - Exchange: text instead of base64 in LOGIN's challenges (RFC 9051 7.6),
 *   auth.c;
 * - UW imapd: namespaces that hold no mail (RFC 2342 5), imap_folders.c;
 * - Dovecot: HIGHESTMODSEQ without CONDSTORE (RFC 7162 3.1.2), imap_select.c.
 */
static const struct quirk {
	const char *server;
	struct slice capability; /* in its list */
	uint32_t broken;
} quirks[] = {
	/* RFC 7162 3.2: never says ENABLED, VANISHED names the living, FETCH
	 * has wrong positions.  Mail seems to disappear. */
	{ "iCloud", { "XAPPLEPUSHSERVICE", 17 }, IMAP_QRESYNC },
};

uint32_t
imap_broken_capabilities(struct slice words)
{
	uint32_t broken = 0;

	while (words.len > 0) {
		struct slice word = slice_trim(imap_word(words, &words));

		for (size_t i = 0; i < ARRAY_LEN(quirks); i++) {
			if (!slice_eq_nocase(word, quirks[i].capability))
				continue;
			broken |= quirks[i].broken;
			log_debug("net", "this server is %s", quirks[i].server);
		}
	}
	return broken;
}

/*
 * Greeting and STARTTLS are libetpan's.  It reads through the frame, which
 * shows every response to imap_dispatch() first.
 */
static bool
sink(void *ctx, const struct response *response, struct error *err)
{
	return imap_dispatch(ctx, response, err);
}

/* After a call of libetpan's that gave `result`. */
static bool
library_answered(struct imap *imap, int result, struct error *err)
{
	const struct error *failure = wire_error(imap->wire);

	imap->library_asks = false;
	if (failure) {
		error_copy(err, failure);
		return imap_die(imap, err);
	}
	if (result == MAILIMAP_NO_ERROR ||
		result == MAILIMAP_NO_ERROR_AUTHENTICATED ||
		result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return true;
	if (imap->library_answer == ANSWER_NO ||
		imap->library_answer == ANSWER_BAD)
		return imap_refuse(imap, imap->library_said, err);
	error_set(err, ERR_PROTOCOL, _("the server does not speak IMAP"));
	error_detail(err, "libetpan result %d", result);
	return imap_die(imap, err);
}

static void
library_begin(struct imap *imap)
{
	imap->library_asks = true;
	imap->library_answer = ANSWER_NONE;
}

static bool
greet(struct imap *imap, struct error *err)
{
	mailstream *stream;

	if (!imap_enter(imap, STEP_GREETING, err))
		return false;
	if (!wire_connect(imap->wire, err)) {
		/* It says host, port and reason by itself. */
		error_copy(&imap->dead, err);
		return false;
	}
	wire_begin(imap->wire);
	frame_set_sink(imap->frame, sink, imap);
	imap->library = mailimap_new(0, NULL);
	stream = imap->library ? frame_stream(imap->frame) : NULL;
	if (!stream) {
		error_set(err, ERR_LIMIT, _("memory is short"));
		return imap_die(imap, err);
	}
	library_begin(imap);
	return library_answered(
		imap, mailimap_connect(imap->library, stream), err);
}

/* By hand: libetpan's crashes when the server says OK and nothing else. */
bool
imap_ask_capabilities(struct imap *imap, struct error *err)
{
	uint64_t tag;

	if (!imap_enter(imap, STEP_CAPABILITY, err))
		return false;
	tag = imap_begin(imap, STEP_CAPABILITY);
	imap_put(imap, "CAPABILITY\r\n");
	return imap_flush(imap, err) && imap_wait(imap, tag, err);
}

/* RFC 9051 6.2.1.  What was said in clear is forgotten. */
static bool
start_tls(struct imap *imap, struct error *err)
{
	if (!imap_enter(imap, STEP_STARTTLS, err))
		return false;
	if (imap->capabilities_told > 0 && !imap->can.starttls) {
		error_set(err, ERR_UNTRUSTED,
			_("the server does not offer encryption"));
		return imap_die(imap, err);
	}
	library_begin(imap);
	if (!library_answered(imap, mailimap_starttls(imap->library), err)) {
		/* "Refused" would mean that the session can go on. */
		if (err->kind == ERR_REFUSED) {
			err->kind = ERR_UNTRUSTED;
			error_copy(&imap->dead, err);
			wire_fail(imap->wire, err);
		}
		return false;
	}
	if (!frame_start_tls(imap->frame, err))
		return imap_die(imap, err);
	imap->can = (struct imap_abilities){ 0 };
	imap->capabilities_told = 0;
	str_replace(&imap->capability_text, "");
	return true;
}

/* What may go in front of the first command, its answers not waited for. */
static bool
set_up(struct imap *imap, struct error *err)
{
	uint32_t can = imap->can.capabilities;

	if (!imap_enter(imap, STEP_SETUP, err))
		return false;
	if (can & IMAP_ID) {
		imap_forget(imap, imap_begin(imap, STEP_SETUP));
		imap_put(imap, "ID (\"name\" \"tercet\" \"version\" "
			       "\"" PACKAGE_VERSION "\")\r\n");
	}
	if ((can & IMAP_ENABLE) &&
		(can & (IMAP_CONDSTORE | IMAP_QRESYNC | IMAP_UTF8_ACCEPT))) {
		imap->enabling = imap_begin(imap, STEP_SETUP);
		imap_forget(imap, imap->enabling);
		imap_put(imap, "ENABLE");
		if (can & IMAP_QRESYNC)
			imap_put(imap, " QRESYNC");
		else if (can & IMAP_CONDSTORE)
			imap_put(imap, " CONDSTORE");
		if (can & IMAP_UTF8_ACCEPT)
			imap_put(imap, " UTF8=ACCEPT");
		imap_end(imap);
	}
	if (can & IMAP_NAMESPACE) {
		imap_forget(imap, imap_begin(imap, STEP_SETUP));
		imap_put(imap, "NAMESPACE\r\n");
	}
	/* RFC 9051 5.1: without ENABLE names are UTF-8 in IMAP4rev2. */
	if (imap->can.rev2_only)
		imap->enabled |= IMAP_UTF8_ACCEPT;
	/* They go out with the first command. */
	return true;
}

static bool
open_session(struct imap *imap, const struct imap_options *options,
	struct error *err)
{
	if (!greet(imap, err))
		return false;
	imap->volunteers = imap->capabilities_told > 0;
	if (options->endpoint->security == SECURITY_STARTTLS &&
		!start_tls(imap, err))
		return false;
	if (imap->capabilities_told == 0 && options->remembered_capabilities &&
		strstr(options->remembered_capabilities, "AUTH=") &&
		!imap->authenticated) {
		/* For what follows at once; asked again with the login.  A
		 * list told after a login names no mechanism: no use here. */
		imap_set_capabilities(
			imap, slice_str(options->remembered_capabilities));
		imap->capabilities_told = 0;
		imap->from_memory = true;
	} else if (imap->capabilities_told == 0 &&
		   !imap_ask_capabilities(imap, err)) {
		return false;
	}
	return imap_log_in(imap, options, err) && set_up(imap, err);
}

static struct imap *
imap_new(const struct imap_options *options)
{
	struct imap *imap = xnew(struct imap);

	imap->wire = wire_new(options->endpoint, options->cancel, TRACE_IMAP);
	imap->frame = frame_new(imap->wire);
	imap->handler = options->handler;
	imap->timeout_s = options->timeout_s;
	imap->may_compress = options->compress;
	imap->capability_text = xstrdup("");
	strbuf_init(&imap->out, IMAP_OUT_MAX);
	strbuf_init(&imap->challenge, FRAME_PASS_MAX);
	imap_parser_init(&imap->parser);
	return imap;
}

static void
imap_free(struct imap *imap)
{
	struct error over CLEANUP(error_clear) = ERROR_INIT;

	/* libetpan says LOGOUT and waits, unless the wire has failed. */
	error_set(&over, ERR_CANCELLED, "closed");
	wire_fail(imap->wire, &over);
	if (imap->library)
		mailimap_free(imap->library);
	frame_free(imap->frame);
	wire_free(imap->wire);
	for (size_t i = 0; i < imap->commands.n; i++) {
		free(imap->commands.items[i].code);
		free(imap->commands.items[i].said);
	}
	array_clear(&imap->commands);
	imap_namespaces_clear(&imap->namespaces);
	imap_parser_clear(&imap->parser);
	flags_clear(&imap->permanent_flags);
	strbuf_clear(&imap->out);
	strbuf_clear(&imap->challenge);
	error_clear(&imap->dead);
	free(imap->capability_text);
	free(imap->login_words);
	free(imap->library_said);
	free(imap);
}

bool
imap_open(const struct imap_options *options, struct imap **ret_imap,
	struct error *err)
{
	struct imap *imap = imap_new(options);

	if (!open_session(imap, options, err)) {
		/* What would be a refusal later leaves no session here. */
		if (err->kind == ERR_REFUSED)
			err->kind = ERR_PROTOCOL;
		if (err->kind == ERR_UNTRUSTED && options->untrusted &&
			wire_certificate(imap->wire))
			options->untrusted(options->untrusted_ctx,
				wire_certificate(imap->wire));
		imap_free(imap);
		return false;
	}
	*ret_imap = imap;
	return true;
}

void
imap_close(struct imap *imap)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (!imap)
		return;
	if (imap->dead.kind == ERR_NONE) {
		wire_set_timeout(imap->wire, GOODBYE_S, WIRE_WHOLE);
		(void)imap_begin(imap, STEP_NOOP);
		imap_put(imap, "LOGOUT\r\n");
		(void)!wire_write(
			imap->wire, strbuf_slice(&imap->out), &ignored);
	}
	imap_free(imap);
}

uint32_t
imap_capabilities(const struct imap *imap)
{
	return imap->can.capabilities;
}

const char *
imap_capability_text(const struct imap *imap)
{
	return imap->capability_text;
}

bool
imap_is_enabled(const struct imap *imap, enum imap_capability which)
{
	return (imap->enabled & which) == (uint32_t)which;
}

int
imap_fd(const struct imap *imap)
{
	return wire_fd(imap->wire);
}

const struct tls_certificate *
imap_certificate(const struct imap *imap)
{
	return wire_certificate(imap->wire);
}

bool
imap_compress(struct imap *imap, struct error *err)
{
	char *said CLEANUP(freep) = NULL;
	enum imap_answer answer;
	uint64_t tag;

	if (!imap_enter(imap, STEP_COMPRESS, err))
		return false;
	if (!imap->may_compress || imap->compressed ||
		!(imap->can.capabilities & IMAP_COMPRESS))
		return true;
	tag = imap_begin(imap, STEP_COMPRESS);
	imap_put(imap, "COMPRESS DEFLATE\r\n");
	if (!imap_flush(imap, err) ||
		!imap_wait_answer(imap, tag, &answer, NULL, &said, err))
		return false;
	if (answer != ANSWER_OK)
		return true;
	imap->compressed = true;
	return frame_start_deflate(imap->frame, err) || imap_die(imap, err);
}

bool
imap_noop(struct imap *imap, struct error *err)
{
	uint64_t tag;

	if (!imap_enter(imap, STEP_NOOP, err))
		return false;
	tag = imap_begin(imap, STEP_NOOP);
	imap_put(imap, "NOOP\r\n");
	return imap_flush(imap, err) && imap_wait(imap, tag, err);
}

struct imap_traffic
imap_traffic(const struct imap *imap)
{
	struct wire_counts counts = wire_counts(imap->wire);

	return (struct imap_traffic){ counts.raw_in, counts.raw_out };
}

void
imap_mailboxes_clear(struct imap_mailboxes *mailboxes)
{
	for (size_t i = 0; i < mailboxes->n; i++)
		free(mailboxes->items[i].name);
	free(mailboxes->items);
	*mailboxes = (struct imap_mailboxes){ 0 };
}
