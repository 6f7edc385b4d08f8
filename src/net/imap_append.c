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

/* How many bytes end in a lone CR or LF, which IMAP does not have. */
static uint64_t
count_bare(struct slice bytes)
{
	uint64_t bare = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.data[i] == '\n')
			bare += i == 0 || bytes.data[i - 1] != '\r';
		else if (bytes.data[i] == '\r')
			bare += i + 1 == bytes.len || bytes.data[i + 1] != '\n';
	}
	return bare;
}

/* One piece of the message from `*at` on, with CRLF for every line end. */
static void
put_piece(struct strbuf *out, struct slice bytes, size_t *at)
{
	while (*at < bytes.len && out->len < PIECE) {
		char c = bytes.data[(*at)++];

		if (c != '\r' && c != '\n') {
			strbuf_add_char(out, c);
			continue;
		}
		strbuf_add(out, "\r\n", 2);
		if (c == '\r' && *at < bytes.len && bytes.data[*at] == '\n')
			++*at;
	}
}

static bool
send_bytes(struct imap *imap, struct slice bytes, struct error *err)
{
	size_t at = 0;

	while (at < bytes.len) {
		put_piece(&imap->out, bytes, &at);
		if (!imap_flush(imap, err))
			return false;
	}
	return true;
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
	uint64_t size = append->bytes.len + count_bare(append->bytes);
	bool go, good;
	uint64_t tag;

	*ret_appended = (struct imap_appended){ 0 };
	*ret_why = IMAP_WHY_NONE;
	if (!imap_enter(imap, STEP_APPEND, err) ||
		!imap_is_sendable(append->mailbox, err))
		return false;
	tag = imap_begin(imap, STEP_APPEND);
	imap_put(imap, "APPEND ");
	if (!imap_put_string(imap, slice_str(append->mailbox), err))
		return imap_not_put(ret_why, err);
	if (!begin(imap, append, size, tag, &go, err))
		return false;
	if (go) {
		if (!send_bytes(imap, append->bytes, err))
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
