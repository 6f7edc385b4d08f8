/* SPDX-License-Identifier: GPL-3.0-or-later */
/* APPEND (RFC 9051 6.3.12). */
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "net/imap_private.h"

enum {
	PIECE = 64 * 1024,
	ASK_FIRST = 256 * 1024, /* the server, before so much is sent */
	LITERAL_MINUS_MAX = 4096,
	KEYWORDS_MAX = 4096, /* bytes of flags that go along */
};

/* What goes out of a message that comes in pieces. */
struct outgoing {
	struct imap *imap; /* NULL: it is only counted */
	uint64_t size;
	uint64_t limit; /* what was announced */
	bool after_cr;
	struct error *err;
	bool failed;
};

static bool
put_char(struct outgoing *out, char c)
{
	if (out->size >= out->limit)
		return false;
	out->size++;
	if (out->imap)
		strbuf_add_char(&out->imap->out, c);
	return true;
}

/* CRLF for every line end: IMAP has neither lone CRs nor LFs. */
static bool
take_piece(void *to, struct slice piece)
{
	struct outgoing *out = to;

	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.data[i];
		bool ends = c == '\n' && out->after_cr;

		out->after_cr = c == '\r';
		if (ends)
			continue;
		if (c != '\r' && c != '\n'
				? !put_char(out, c)
				: !put_char(out, '\r') || !put_char(out, '\n'))
			return false;
		if (out->imap && out->imap->out.len >= PIECE &&
			!imap_flush(out->imap, out->err)) {
			out->failed = true;
			return false;
		}
	}
	return true;
}

static bool
count_bytes(
	const struct imap_append *append, uint64_t *ret_size, struct error *err)
{
	struct outgoing out = { .limit = UINT64_MAX };

	if (!append->give(append->ctx, take_piece, &out, err))
		return false;
	*ret_size = out.size;
	return true;
}

/* Exactly as much as was announced; less ends the session. */
static bool
send_bytes(struct imap *imap, const struct imap_append *append, uint64_t size,
	struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct outgoing out = { .imap = imap, .limit = size, .err = &why };
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (!append->give(append->ctx, take_piece, &out, &ignored) &&
		!out.failed && out.size < size)
		error_move(&why, &ignored);
	if (out.failed)
		return error_move(err, &why);
	if (out.size == size)
		return true;
	error_set(err, ERR_STALE, _("the message changed while it was sent"));
	return imap_die(imap, err);
}

/* RFC 9051 9: date-time.  Names of months are the server's, not the user's. */
static void
put_date(struct imap *imap, int64_t date)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)date;
	struct tm tm;

	if (date <= 0 || !gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900)
		return;
	imap_putf(imap, " \"%02d-%.3s-%04d %02d:%02d:%02d +0000\"", tm.tm_mday,
		&months[3 * tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
		tm.tm_min, tm.tm_sec);
}

static void
put_flags(struct imap *imap, const struct flags *flags)
{
	struct strbuf words CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&words, KEYWORDS_MAX);
	if (flags)
		flags_print(flags, &words);
	if (words.len > 0)
		imap_putf(imap, " (%s)", words.data);
}

static bool
must_ask(const struct imap *imap, uint64_t size)
{
	uint32_t can = imap->can.capabilities;

	if (can & IMAP_LITERAL_PLUS)
		return size > ASK_FIRST;
	return !(can & IMAP_LITERAL_MINUS) || size > LITERAL_MINUS_MAX;
}

/* The command up to the message; `*ret_go` false: it was answered already. */
static bool
begin(struct imap *imap, const struct imap_append *append, uint64_t size,
	uint64_t tag, bool *ret_go, struct error *err)
{
	bool asks = must_ask(imap, size);

	*ret_go = true;
	put_flags(imap, append->flags);
	put_date(imap, append->date);
	imap_putf(imap, " {%" PRIu64 "%s}\r\n", size, asks ? "" : "+");
	return !asks || (imap_flush(imap, err) &&
				imap_wait_continuation(imap, tag, ret_go, err));
}

bool
imap_append(struct imap *imap, const struct imap_append *append,
	struct imap_appended *ret_appended, enum imap_why *ret_why,
	struct error *err)
{
	uint64_t size, tag;
	bool go, good;

	*ret_appended = (struct imap_appended){ 0 };
	*ret_why = IMAP_WHY_NONE;
	if (!imap_enter(imap, STEP_APPEND, err) ||
		!imap_is_sendable(append->mailbox, err) ||
		!count_bytes(append, &size, err))
		return false;
	tag = imap_begin(imap, STEP_APPEND);
	imap_put(imap, "APPEND ");
	if (!imap_put_string(imap, slice_str(append->mailbox), err))
		return imap_not_put(ret_why, err);
	if (!begin(imap, append, size, tag, &go, err))
		return false;
	if (go) {
		if (!send_bytes(imap, append, size, err))
			return false;
		imap_end(imap);
		if (!imap_flush(imap, err))
			return false;
	}
	imap->appended = ret_appended;
	good = imap_wait_why(imap, tag, ret_why, err);
	imap->appended = NULL;
	if (good && !go) {
		error_set(err, ERR_PROTOCOL,
			_("the server takes a message before it was sent"));
		return imap_die(imap, err);
	}
	return good;
}
