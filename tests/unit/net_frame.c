/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IMAP framing, fed through a socket pair: every transcript is also cut in two
 * at each of its bytes, and must come out the same.
 */
#include <libetpan/libetpan.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "net/frame.h"

#include "tap.h"

#define BYTES(lit)                                                             \
	{                                                                      \
		lit, sizeof(lit) - 1                                           \
	}

static const struct transcript {
	const char *name;
	struct slice bytes;
	/* One line a response: kind, number, word, [code] text or {rest}. */
	struct slice want;
} transcripts[] = {
	{ "greeting and tagged lines",
		BYTES("* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n"
		      "a1 OK [READ-WRITE] done\r\na2 no\r\na3 BAD \r\n"),
		BYTES("status OK [CAPABILITY IMAP4rev1 IDLE] ready\n"
		      "tagged a1 OK [READ-WRITE] done\n"
		      "tagged a2 no [] \n"
		      "tagged a3 BAD [] \n") },
	{ "bare LF ends a line", BYTES("* 3 EXISTS\n* 0 RECENT\na1 OK x\n"),
		BYTES("data 3 EXISTS {}\ndata 0 RECENT {}\ntagged a1 OK [] x\n") },
	{ "FETCH with a literal",
		BYTES("* 7 FETCH (UID 9 BODY[] {11}\r\nab)\r\n* 1 F\n FLAGS ())\r\n"),
		BYTES("data 7 FETCH {(UID 9 BODY[] {11}\r\nab)\r\n* 1 F\n FLAGS ())}"
		      "\n") },
	{ "literals of size 0, literal8, {n+}",
		BYTES("* 1 FETCH (BODY[1] {0}\r\n BINARY[2] ~{2}\r\n\0\n BODY[3] "
		      "{1+}\r\n\")\r\na OK x\r\n"),
		BYTES("data 1 FETCH {(BODY[1] {0}\r\n BINARY[2] ~{2}\r\n\0\n BODY[3] {1+}\r\n\")}\ntagged a OK [] x\n") },
	{ "LF in a quoted string",
		BYTES("* 1 FETCH (X \"a\nb\r\n* 5 EXPUNGE\r\nc\" UID 2)\r\n* 4 "
		      "EXISTS\r\n"),
		BYTES("data 1 FETCH {(X \"a\nb\r\n* 5 EXPUNGE\r\nc\" UID 2)}\n"
		      "data 4 EXISTS {}\n") },
	{ "escapes in quoted strings",
		BYTES("* 1 FETCH (X \"a\\\"b\\\\\" Y \"{3}\" \"\\\nz\")\r\n* 2 "
		      "EXISTS\r\n"),
		BYTES("data 1 FETCH {(X \"a\\\"b\\\\\" Y \"{3}\" \"\\\nz\")}\n"
		      "data 2 EXISTS {}\n") },
	{ "backslash outside quotes takes nothing",
		BYTES("* 1 FETCH (FLAGS (\\Seen \\) X \"\\\\\" Y \"a\\\\\")\r\n* 2 "
		      "EXISTS\r\n"),
		BYTES("data 1 FETCH {(FLAGS (\\Seen \\) X \"\\\\\" Y \"a\\\\\")}\n"
		      "data 2 EXISTS {}\n") },
	{ "a literal's size inside quotes is none",
		BYTES("* LIST () \"/\" \"{3}\"\r\n* LIST () \"/\" {3}\r\nabc\r\n"),
		BYTES("data LIST {() \"/\" \"{3}\"}\n"
		      "data LIST {() \"/\" {3}\r\nabc}\n") },
	{ "a quote left open does not swallow the session",
		BYTES("* 1 FETCH (X \"5\" wide\" UID 1)\r\n"
		      "* 2 FETCH (X \"ok\" UID 2)\r\n"
		      "* 3 FETCH (X \"5\" wide\" UID 3)\r\na7 OK done\r\n"),
		BYTES("data 1 FETCH {(X \"5\" wide\" UID 1)}\n"
		      "data 2 FETCH {(X \"ok\" UID 2)}\n"
		      "data 3 FETCH {(X \"5\" wide\" UID 3)}\n"
		      "tagged a7 OK [] done\n") },
	{ "free text holds quotes and braces",
		BYTES("* OK it's a 6\" display {5}\r\na1 NO \"{9}\r\n* BYE {1}\r\n"
		      "+ say {3}\r\n"),
		BYTES("status OK [] it's a 6\" display {5}\n"
		      "tagged a1 NO [] \"{9}\nstatus BYE [] {1}\n"
		      "continue [] say {3}\n") },
	{ "continuations", BYTES("+ idling\r\n+\r\n+ \r\n+ PDE4OTYuNjk3>\r\n"),
		BYTES("continue [] idling\ncontinue [] \ncontinue [] \n"
		      "continue [] PDE4OTYuNjk3>\n") },
	{ "codes",
		BYTES("* OK [ALERT]\r\n* OK [PARSE]\r\n* OK [PERMANENTFLAGS (\\] "
		      "bad] x\r\n* OK [PERMANENTFLAGS (\\Seen [x] \\*)] ok\r\n"
		      "* NO [X \"]\" y] z\r\n* OK [UIDNEXT 4\r\n* OK []\r\n"),
		BYTES("status OK [ALERT] \nstatus OK [PARSE] \n"
		      "status OK [PERMANENTFLAGS (\\] bad] x\n"
		      "status OK [PERMANENTFLAGS (\\Seen [x] \\*)] ok\n"
		      "status NO [X \"]\" y] z\n"
		      "status OK [UIDNEXT 4] \nstatus OK [] \n") },
	{ "unknown and odd data",
		BYTES("* XYZZY foo\r\n* 12\r\n* 12 XYZZY (a)\r\n* ESEARCH (TAG "
		      "\"a\") UID ALL 1:5\r\n* THREAD (1 2)(3)\r\n* VANISHED "
		      "(EARLIER) 1:9\r\n* LIST (\\X) \"/\" a (CHILDINFO "
		      "(\"S\"))\r\n"),
		BYTES("data XYZZY {foo}\ngarbage\ndata 12 XYZZY {(a)}\n"
		      "data ESEARCH {(TAG \"a\") UID ALL 1:5}\n"
		      "data THREAD {(1 2)(3)}\n"
		      "data VANISHED {(EARLIER) 1:9}\n"
		      "data LIST {(\\X) \"/\" a (CHILDINFO (\"S\"))}\n") },
	{ "numbers beyond 32 bits",
		BYTES("* 4294967296 EXISTS\r\n* 99999999999999999999999 EXISTS\r\n"),
		BYTES("data 4294967296 EXISTS {}\ndata EXISTS {}\n") },
	{ "garbage and empty lines",
		BYTES("\r\n\nhello world\r\n*\r\n*5 EXISTS\r\nOK\r\n* \r\n"),
		BYTES("garbage\ngarbage\ngarbage\ngarbage\ngarbage\n") },
	{ "braces that are no literals",
		BYTES("* FLAGS (a {x})\r\n* LIST () \"/\" {x}\r\n* 1 FETCH (FLAGS "
		      "(a {5} b))\r\n"),
		BYTES("data FLAGS {(a {x})}\ndata LIST {() \"/\" {x}}\n"
		      "data 1 FETCH {(FLAGS (a {5} b))}\n") },
	{ "8-bit and control characters",
		BYTES("* 1 FETCH (X \"\xff\x01\xc3\")\r\n* OK \x1b[31m\r\n"),
		BYTES("data 1 FETCH {(X \"\xff\x01\xc3\")}\n"
		      "status OK [] \x1b[31m\n") },
	{ "lower case", BYTES("* ok hi\r\n* 3 fetch (uid 1)\r\n* bye\r\n"),
		BYTES("status ok [] hi\ndata 3 fetch {(uid 1)}\nstatus bye [] \n") },
};

/* A frame whose server is `peer`. */
struct fixture {
	int peer;
	struct wire *wire;
	struct frame *frame;
};

static void
fixture_open(struct fixture *f)
{
	struct error err = ERROR_INIT;
	struct endpoint endpoint = {
		.host = (char *)"imap.example",
		.port = 143,
		.security = SECURITY_CLEAR,
	};
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		abort();
	f->peer = fds[1];
	f->wire = wire_new(&endpoint, NULL, TRACE_IMAP);
	if (!wire_adopt(f->wire, fds[0], &err))
		abort();
	f->frame = frame_new(f->wire);
}

static void
fixture_close(struct fixture *f)
{
	frame_free(f->frame);
	wire_free(f->wire);
	if (f->peer >= 0)
		close(f->peer);
}

static void
feed(struct fixture *f, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(f->peer, bytes.data, bytes.len, MSG_NOSIGNAL);

		if (n <= 0)
			abort();
		bytes = slice_skip(bytes, (size_t)n);
	}
}

static void
describe(const struct response *r, struct strbuf *out)
{
	static const char *const kinds[] = { "tagged", "status", "data",
		"continue", "garbage" };

	strbuf_add_str(out, kinds[r->kind]);
	if (r->kind == RESPONSE_TAGGED)
		strbuf_addf(out, " %.*s", (int)r->tag.len, r->tag.data);
	if (r->has_number && r->kind == RESPONSE_DATA)
		strbuf_addf(out, " %llu", (unsigned long long)r->number);
	if (r->kind != RESPONSE_CONTINUE && r->kind != RESPONSE_GARBAGE)
		strbuf_addf(out, " %.*s", (int)r->word.len, r->word.data);
	if (r->kind == RESPONSE_DATA) {
		strbuf_add_str(out, " {");
		strbuf_add_slice(out, r->rest);
		strbuf_add_str(out, "}");
	} else if (r->kind != RESPONSE_GARBAGE) {
		strbuf_addf(out, " [%.*s] ", (int)r->code.len, r->code.data);
		strbuf_add_slice(out, r->text);
	}
	strbuf_add_char(out, '\n');
}

/* All that is there without waiting. */
static bool
drain(struct fixture *f, struct strbuf *out)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct response response;
	bool any = true;

	while (any) {
		if (!frame_next_now(f->frame, &any, &response, &err))
			return false;
		if (any)
			describe(&response, out);
	}
	return true;
}

static void
test_transcripts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(transcripts); i++) {
		const struct transcript *t = &transcripts[i];
		struct slice all = t->bytes;
		bool same = true;
		size_t cut;

		for (cut = 0; cut <= all.len && same; cut++) {
			struct strbuf got CLEANUP(strbuf_clear) = { 0 };
			struct fixture f;

			strbuf_init(&got, 10000);
			fixture_open(&f);
			feed(&f, slice_head(all, cut));
			same = drain(&f, &got);
			feed(&f, slice_skip(all, cut));
			same = drain(&f, &got) && same &&
			       slice_eq(strbuf_slice(&got), t->want);
			if (!same)
				printf("# cut at %zu:\n# got\n%s# want\n%s",
					cut, got.data, t->want.data);
			fixture_close(&f);
		}
		ok(same, "%s", t->name);
	}
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_transcripts();
	return tap_done();
}
