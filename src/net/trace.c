/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/trace.h"

#include "base/log.h"

enum {
	LINE_SHOWN = 500,     /* bytes of a line that are written */
	LINE_KEPT = 4 * 1024, /* of ours, to see what it is */
	LITERAL_DIGITS = 12,
};

void
trace_init(struct trace *trace, enum trace_protocol protocol)
{
	*trace = (struct trace){
		.protocol = protocol,
		.number = -1,
		.on = protocol != TRACE_NONE && log_is_on(LOG_DEBUG),
	};
	strbuf_init(&trace->sent, LINE_KEPT);
}

void
trace_clear(struct trace *trace)
{
	strbuf_clear(&trace->sent);
}

static void
write_line(const struct trace *trace, char who, struct slice line,
	const char *behind)
{
	log_debug("net", "%d %c: %.*s%s", trace->number, who,
		(int)slice_head(line, LINE_SHOWN).len, line.data, behind);
}

/* The word at the front of `*rest`, which moves behind it. */
static struct slice
next_word(struct slice *rest)
{
	struct slice word;

	*rest = slice_trim(*rest);
	word = slice_head(*rest, slice_find(*rest, ' '));
	*rest = slice_skip(*rest, word.len);
	return word;
}

/* How long `line` is up to and with its n-th word. */
static size_t
words_len(struct slice line, int n)
{
	struct slice rest = line;

	while (n-- > 0)
		next_word(&rest);
	return (size_t)(rest.data - line.data);
}

/* Bytes of the literal that a line of ours announces (RFC 9051 4.3). */
static uint64_t
literal_size(struct slice line)
{
	size_t end = line.len;
	size_t at;
	uint64_t size = 0;

	if (end < 3 || line.data[end - 1] != '}')
		return 0;
	end--;
	if (line.data[end - 1] == '+' || line.data[end - 1] == '-')
		end--;
	at = end;
	while (at > 0 && end - at < LITERAL_DIGITS &&
		ascii_is_digit(line.data[at - 1]))
		at--;
	if (at == 0 || at == end || line.data[at - 1] != '{' ||
		!ascii_parse_u64(line.data + at, end - at, UINT64_MAX, &size))
		return 0;
	return size;
}

/* How many words of a line of ours may be shown; 0: it holds no secret. */
static int
shown_words(const struct trace *trace, struct slice line)
{
	struct slice rest = line;
	struct slice verb;

	if (trace->protocol == TRACE_IMAP)
		next_word(&rest);
	verb = next_word(&rest);
	switch (trace->protocol) {
	case TRACE_IMAP:
		if (slice_eq_nocase(verb, SLICE("LOGIN")))
			return 2;
		return slice_eq_nocase(verb, SLICE("AUTHENTICATE")) ? 3 : 0;
	case TRACE_POP3:
		if (slice_eq_nocase(verb, SLICE("PASS")) ||
			slice_eq_nocase(verb, SLICE("APOP")))
			return 1;
		return slice_eq_nocase(verb, SLICE("AUTH")) ? 2 : 0;
	case TRACE_SMTP:
		return slice_eq_nocase(verb, SLICE("AUTH")) ? 2 : 0;
	case TRACE_NONE:
		break;
	}
	return 0;
}

static void
sent_line(struct trace *trace, struct slice line)
{
	int words;

	line = slice_trim(line);
	if (trace->body)
		return;
	if (trace->login) {
		write_line(trace, 'C', SLICE("(secret)"), "");
		return;
	}
	words = shown_words(trace, line);
	if (words > 0) {
		trace->login = true;
		write_line(trace, 'C', slice_head(line, words_len(line, words)),
			" (secret)");
		return;
	}
	write_line(trace, 'C', line, "");
	if (trace->protocol == TRACE_IMAP)
		trace->skip = literal_size(line);
}

void
trace_sent(struct trace *trace, struct slice bytes)
{
	if (!trace->on)
		return;
	while (bytes.len > 0) {
		size_t n = bytes.len;

		if (trace->skip > 0) {
			if (n > trace->skip)
				n = (size_t)trace->skip;
			trace->skip -= n;
			bytes = slice_skip(bytes, n);
			continue;
		}
		n = slice_find(bytes, '\n');
		/* The end of an overlong line is lost, and with it no secret:
		 * what makes one a secret stands in front. */
		strbuf_add_slice(&trace->sent,
			slice_head(bytes,
				n < trace->sent.limit - trace->sent.len
					? n
					: trace->sent.limit - trace->sent.len));
		if (n == bytes.len)
			return;
		bytes = slice_skip(bytes, n + 1);
		sent_line(trace, strbuf_slice(&trace->sent));
		strbuf_reset(&trace->sent);
	}
}

static bool
is_number(struct slice word)
{
	return word.len > 0 && ascii_is_digit(word.data[0]);
}

static void
received_imap(struct trace *trace, struct slice line)
{
	struct slice rest = line;
	struct slice tag = next_word(&rest);

	if (trace->login && slice_eq(tag, SLICE("+"))) {
		write_line(trace, 'S', SLICE("+ (secret)"), "");
		return;
	}
	if (!slice_eq(tag, SLICE("*")) && !slice_eq(tag, SLICE("+")))
		trace->login = false;
	if (slice_eq(tag, SLICE("*")) && is_number(next_word(&rest)) &&
		slice_eq_nocase(next_word(&rest), SLICE("FETCH"))) {
		log_debug("net", "%d S: %.*s (%zu bytes)", trace->number,
			(int)words_len(line, 3), line.data, line.len);
		return;
	}
	write_line(trace, 'S', line, "");
}

/* Whether the server goes on asking (RFC 5034 4, RFC 4954 4). */
static bool
is_challenge(const struct trace *trace, struct slice line)
{
	if (trace->protocol == TRACE_SMTP)
		return slice_starts(line, SLICE("334"));
	return slice_eq(line, SLICE("+")) || slice_starts(line, SLICE("+ "));
}

static void
received_reply(struct trace *trace, struct slice line)
{
	if (trace->login && is_challenge(trace, line)) {
		write_line(trace, 'S',
			slice_head(line, trace->protocol == TRACE_SMTP ? 3 : 1),
			" (secret)");
		return;
	}
	trace->login = false;
	trace->body = trace->protocol == TRACE_SMTP &&
		      slice_starts(line, SLICE("354"));
	write_line(trace, 'S', line, "");
}

void
trace_received(struct trace *trace, struct slice line)
{
	if (!trace->on)
		return;
	line = slice_trim(line);
	switch (trace->protocol) {
	case TRACE_IMAP:
		received_imap(trace, line);
		break;
	case TRACE_POP3:
		received_reply(trace, line);
		break;
	case TRACE_SMTP:
		received_reply(trace, line);
		break;
	case TRACE_NONE:
		break;
	}
}
