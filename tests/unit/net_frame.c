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
	{ "nor in LIST",
		BYTES("* LIST () \"/\" \"a\"b\"\r\n* LIST () \"/\" c\r\n"
		      "* STATUS \"a\"b\" (X 1)\r\n* STATUS c (X 1)\r\n"),
		BYTES("data LIST {() \"/\" \"a\"b\"}\n"
		      "data LIST {() \"/\" c}\n"
		      "data STATUS {\"a\"b\" (X 1)}\n"
		      "data STATUS {c (X 1)}\n") },
	{ "atoms are one line",
		BYTES("* SEARCH 1 \"2\r\n* FLAGS (a\"b {3}\r\n* 3 EXISTS \"\r\n"
		      "* CAPABILITY X {9}\r\n* VANISHED \"1\r\n"),
		BYTES("data SEARCH {1 \"2}\ndata FLAGS {(a\"b {3}}\n"
		      "data 3 EXISTS {\"}\ndata CAPABILITY {X {9}}\n"
		      "data VANISHED {\"1}\n") },
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

/* What comes of `bytes` fed in two pieces; an error shows as a line. */
static void
run_cut(struct slice bytes, size_t cut, struct strbuf *out)
{
	struct fixture f;

	fixture_open(&f);
	feed(&f, slice_head(bytes, cut));
	if (drain(&f, out)) {
		feed(&f, slice_skip(bytes, cut));
		(void)drain(&f, out);
	}
	if (wire_error(f.wire))
		strbuf_addf(out, "error %d\n", wire_error(f.wire)->kind);
	fixture_close(&f);
}

/* Damaged transcripts: whatever comes of them, the cut makes no difference. */
static void
test_damage(void)
{
	enum { ROUNDS = 4000 };
	static const char spice[] = "\"\\{}()[]*+ \r\n~0159aO\xff\0";
	unsigned noise = 20261120;
	bool same = true;

	for (int round = 0; round < ROUNDS && same; round++) {
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
		struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
		struct strbuf parts CLEANUP(strbuf_clear) = { 0 };
		size_t which = (size_t)round % ARRAY_LEN(transcripts);
		size_t cut;

		strbuf_init(&bytes, 10000);
		strbuf_init(&whole, 100000);
		strbuf_init(&parts, 100000);
		strbuf_add_slice(&bytes, transcripts[which].bytes);
		for (int i = 0; i < 1 + round % 5; i++) {
			noise = noise * 1103515245u + 12345u;
			bytes.data[(noise >> 8) % bytes.len] =
				spice[(noise >> 4) % sizeof(spice)];
		}
		cut = (noise >> 12) % bytes.len;
		run_cut(strbuf_slice(&bytes), bytes.len, &whole);
		run_cut(strbuf_slice(&bytes), cut, &parts);
		same = slice_eq(strbuf_slice(&whole), strbuf_slice(&parts));
		if (!same)
			printf("# %s\n# cut at %zu\n# %s# %s", bytes.data, cut,
				whole.data, parts.data);
	}
	ok(same, "%d damaged transcripts come out the same however cut",
		ROUNDS);
}

/* Feeds as the other side takes; what comes out is only counted. */
static bool
pump(struct fixture *f, struct slice unit, size_t times, size_t *ret_responses,
	struct error *err)
{
	struct response response;
	struct slice left = { "", 0 };
	bool any;

	*ret_responses = 0;
	for (;;) {
		while (left.len > 0 || times > 0) {
			ssize_t n;

			if (left.len == 0) {
				left = unit;
				times--;
			}
			n = send(f->peer, left.data, left.len,
				MSG_NOSIGNAL | MSG_DONTWAIT);
			if (n < 0)
				break;
			left = slice_skip(left, (size_t)n);
		}
		do {
			if (!frame_next_now(f->frame, &any, &response, err))
				return false;
			*ret_responses += any;
		} while (any);
		if (left.len == 0 && times == 0)
			break;
	}
	return true;
}

static void
test_refused(void)
{
	static const struct {
		const char *bytes;
		enum error_kind kind;
	} cases[] = {
		{ "* 1 FETCH (BODY[] {99999999999999999999}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {9999999999999}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {4294967297}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {4294967295}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {2147483648}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {67108865}\r\n", ERR_LIMIT },
		{ "* 1 FETCH (BODY[] {-5}\r\n", ERR_PROTOCOL },
		{ "* 1 FETCH (BODY[] {}\r\n", ERR_PROTOCOL },
		{ "* 1 FETCH (BODY[] {5x}\r\n", ERR_PROTOCOL },
		{ "* LIST () NIL {5 }\r\n", ERR_PROTOCOL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct error again CLEANUP(error_clear) = ERROR_INIT;
		struct response response;
		struct fixture f;

		fixture_open(&f);
		feed(&f, slice_str(cases[i].bytes));
		feed(&f, SLICE("* 2 EXISTS\r\n"));
		ok(!frame_next(f.frame, &response, &err) &&
				err.kind == cases[i].kind &&
				!frame_next(f.frame, &response, &again) &&
				again.kind == cases[i].kind &&
				wire_error(f.wire),
			"refused for good: %.*s",
			(int)strcspn(cases[i].bytes, "\r"), cases[i].bytes);
		fixture_close(&f);
	}
}

static void
test_limits(void)
{
	enum { UNIT = 64 * 1024 };
	char *junk CLEANUP(freep) = xmalloc(UNIT);
	static const struct {
		const char *name;
		const char *first;
		char fill;
		size_t units;
		const char *last;
		bool good;
	} cases[] = {
		{ "a line of 9 MiB", "* 1 FETCH (X ", 'x', 144, "", false },
		{ "a text of 9 MiB", "* OK ", 'x', 144, "", false },
		{ "a quoted string of 9 MiB", "* 1 FETCH (X \"", '\n', 144, "",
			false },
		{ "garbage of 9 MiB", "", 'x', 144, "", false },
		{ "a line of 7 MiB", "* 1 FETCH (X ", 'x', 112, ")\r\n", true },
		{ "a nesting of a million", "* 1 FETCH (", '(', 16, "\r\n",
			true },
		{ "a literal of 48 MiB", "* 1 FETCH (X {50331648}\r\n", '"',
			768, ")\r\n", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct fixture f;
		size_t n = 0;
		size_t more = 0;
		bool good;

		memset(junk, cases[i].fill, UNIT);
		fixture_open(&f);
		feed(&f, slice_str(cases[i].first));
		good = pump(
			&f, slice_make(junk, UNIT), cases[i].units, &n, &err);
		if (good && cases[i].good)
			good = pump(&f, slice_str(cases[i].last), 1, &n,
				       &err) &&
			       pump(&f, SLICE("* 2 EXISTS\r\n"), 1, &more,
				       &err) &&
			       n == 1 && more == 1;
		ok(good == cases[i].good && (good || err.kind == ERR_LIMIT),
			"%s is %s", cases[i].name,
			cases[i].good ? "taken" : "refused");
		fixture_close(&f);
	}
}

static void
test_floods(void)
{
	static const struct {
		const char *unit;
		size_t times;
	} cases[] = {
		{ "* 10 EXISTS\r\n", 300000 },
		{ "\r\n", 300000 },
		{ "* 1 FETCH (BODY[] {3}\r\n\")\n)\r\n", 100000 },
		{ "* 1 FETCH (X \"unterminated)\r\n", 1000 },
		{ "+ go\r\n", 1000 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		size_t want =
			strcmp(cases[i].unit, "\r\n") == 0 ? 0 : cases[i].times;
		struct fixture f;
		size_t n;

		fixture_open(&f);
		ok(pump(&f, slice_str(cases[i].unit), cases[i].times, &n,
			   &err) &&
				(n == want || n + 1 == want),
			"flood of \"%.*s\"", (int)strcspn(cases[i].unit, "\r"),
			cases[i].unit);
		fixture_close(&f);
	}
}

/* A taker of literals of 5 bytes and more. */
struct taker {
	struct strbuf prefix;
	struct strbuf bytes;
	uint64_t size;
	bool refuse;
};

static bool
taker_begin(void *ctx, struct slice so_far, uint64_t size)
{
	struct taker *taker = ctx;

	if (size < 5)
		return false;
	strbuf_add_slice(&taker->prefix, so_far);
	taker->size += size;
	return true;
}

static bool
taker_piece(void *ctx, struct slice bytes, struct error *err)
{
	struct taker *taker = ctx;

	if (taker->refuse)
		return error_set(err, ERR_DISK, "full");
	strbuf_add_slice(&taker->bytes, bytes);
	return true;
}

static void
test_streaming(void)
{
	static const struct slice all = BYTES(
		"* 1 FETCH (UID 7 BODY[] {9}\r\n\"a\r\nb)\0{X {1}\r\n\" Y "
		"~{5}\r\n12345 Z \"q\")\r\na OK x\r\n");
	static const char want[] =
		"data 1 FETCH {(UID 7 BODY[] NIL {1}\r\n\" Y NIL Z \"q\")}\n"
		"tagged a OK [] x\n";
	static const char want_prefix[] =
		"* 1 FETCH (UID 7 BODY[] {9}\r\n"
		"* 1 FETCH (UID 7 BODY[] NIL {1}\r\n\" Y ~{5}\r\n";
	bool same = true;

	for (size_t cut = 0; cut <= all.len && same; cut++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct taker taker = { .size = 0 };
		const struct frame_literals literals = { &taker, taker_begin,
			taker_piece };
		struct fixture f;

		strbuf_init(&got, 10000);
		strbuf_init(&taker.prefix, 10000);
		strbuf_init(&taker.bytes, 10000);
		fixture_open(&f);
		frame_set_literals(f.frame, &literals);
		feed(&f, slice_head(all, cut));
		same = drain(&f, &got);
		feed(&f, slice_skip(all, cut));
		same = drain(&f, &got) && same && strcmp(got.data, want) == 0 &&
		       taker.size == 14 &&
		       strcmp(taker.prefix.data, want_prefix) == 0 &&
		       slice_eq(
			       strbuf_slice(&taker.bytes), SLICE("\"a\r\nb)\0{X"
								 "12345"));
		if (!same)
			printf("# cut at %zu: %s# %s\n", cut, got.data,
				taker.prefix.data);
		fixture_close(&f);
		strbuf_clear(&taker.prefix);
		strbuf_clear(&taker.bytes);
	}
	ok(same, "literals given away in pieces");
}

static void
test_streaming_large(void)
{
	enum { UNIT = 64 * 1024, UNITS = 1600 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct taker taker = { .size = 0 };
	const struct frame_literals literals = { &taker, taker_begin,
		taker_piece };
	char *junk CLEANUP(freep) = xmalloc(UNIT);
	struct fixture f;
	size_t n = 0;

	memset(junk, '"', UNIT);
	strbuf_init(&taker.prefix, 1000);
	strbuf_init(&taker.bytes, UNIT * UNITS);
	fixture_open(&f);
	frame_set_literals(f.frame, &literals);
	feed(&f, SLICE("* 1 FETCH (BODY[] {104857600}\r\n"));
	ok(pump(&f, slice_make(junk, UNIT), UNITS, &n, &err) && n == 0 &&
			pump(&f, SLICE(")\r\n"), 1, &n, &err) && n == 1 &&
			taker.bytes.len == UNIT * UNITS,
		"a literal of 100 MiB streams through");
	taker.refuse = true;
	feed(&f, SLICE("* 2 FETCH (BODY[] {5}\r\n12345)\r\n"));
	ok(!pump(&f, SLICE(""), 0, &n, &err) && err.kind == ERR_DISK &&
			wire_error(f.wire)->kind == ERR_DISK,
		"a taker that fails ends the session with its error");
	fixture_close(&f);
	strbuf_clear(&taker.prefix);
	strbuf_clear(&taker.bytes);

	fixture_open(&f);
	frame_set_literals(f.frame, &literals);
	frame_set_literal_limit(f.frame, 1000);
	feed(&f, SLICE("* 1 FETCH (BODY[] {1001}\r\n"));
	ok(!pump(&f, SLICE(""), 0, &n, &err) && err.kind == ERR_LIMIT,
		"the literal limit holds for what is given away too");
	fixture_close(&f);
}

static void
test_wait(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct response response;
	enum wire_event event;
	struct fixture f;
	int wake[2];

	fixture_open(&f);
	if (pipe(wake) != 0)
		abort();
	feed(&f, SLICE("* 1 EXI"));
	ok(frame_wait(
		   f.frame, wake[0], clock_mono_us() + 20000, &event, &err) &&
			event == WIRE_TIMEOUT,
		"half a response is not news");
	feed(&f, SLICE("STS\r\n* 2 EXISTS\r\n* 3"));
	ok(frame_wait(f.frame, wake[0], -1, &event, &err) &&
			event == WIRE_DATA &&
			frame_next(f.frame, &response, &err) &&
			response.number == 1,
		"the rest of it is");
	ok(frame_wait(f.frame, wake[0], -1, &event, &err) &&
			event == WIRE_DATA &&
			frame_next(f.frame, &response, &err) &&
			response.number == 2,
		"what was buffered counts");
	if (write(wake[1], "x", 1) != 1)
		abort();
	ok(frame_wait(f.frame, wake[0], -1, &event, &err) && event == WIRE_WAKE,
		"woken");
	close(f.peer);
	f.peer = -1;
	ok(frame_wait(f.frame, -1, -1, &event, &err) && event == WIRE_DATA &&
			!frame_next(f.frame, &response, &err) &&
			err.kind == ERR_OFFLINE,
		"the server's end is news, and an error");
	close(wake[0]);
	close(wake[1]);
	fixture_close(&f);
}

static void
test_end_after_data(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct response response;
	struct fixture f;

	fixture_open(&f);
	feed(&f, SLICE("* BYE overloaded\r\n* 1 FETCH (X {9}\r\nabc"));
	close(f.peer);
	f.peer = -1;
	ok(!wire_write(f.wire, SLICE("a1 NOOP\r\n"), &err),
		"writing to who left fails");
	ok(frame_next(f.frame, &response, &err) &&
			response.name == RESPONSE_BYE,
		"its last words are heard");
	ok(!frame_next(f.frame, &response, &err) && err.kind == ERR_OFFLINE,
		"a literal cut off is an error");
	fixture_close(&f);
}

/* What libetpan's stream gives for these bytes. */
static const struct {
	const char *name;
	const char *bytes;
	const char *want; /* NULL: the stream fails */
} passes[] = {
	{ "greeting", "* OK [CAPABILITY IMAP4rev1] hi\r\n",
		"* OK [CAPABILITY IMAP4rev1] hi\r\n" },
	{ "ALERT without text", "* OK [ALERT]\r\n", "* OK (ALERT]\r\n" },
	{ "ALERT with text", "* OK [ALERT] disk\r\n", "* OK (ALERT] disk\r\n" },
	{ "bad PERMANENTFLAGS", "* OK [PERMANENTFLAGS (\\] bad]\r\n",
		"* OK (PERMANENTFLAGS (\\] bad]\r\n" },
	{ "code without text", "a1 OK [APPENDUID 1 2]\r\n",
		"a1 OK [APPENDUID 1 2] -\r\n" },
	{ "no text at all", "a1 OK\r\n* NO\r\na2 OK \r\n",
		"a1 OK -\r\n* NO -\r\na2 OK -\r\n" },
	{ "nothing travels in a string",
		"* ID (\"a\nb\" NIL)\r\n* NAMESPACE ((\"x\" {1}\r\n/)) NIL "
		"NIL\r\n* ENABLED A\"B\r\n2 OK [CLOSED]\r\n"
		"* ID (\"\r\n* OK [PERMANENTFLAGS (\\] bad]\r\n\")\r\n",
		"* ENABLED A\"B\r\n2 OK [CLOSED] -\r\n" },
	{ "codes behind blanks",
		"* OK  [ALERT]\r\n* OK\r[PERMANENTFLAGS (\\] bad]\r\n"
		"* OK \t[UIDNEXT 4] x\r\n",
		"* OK (ALERT]\r\n* OK (PERMANENTFLAGS (\\] bad]\r\n"
		"* OK [UIDNEXT 4] x\r\n" },
	{ "unclosed code", "* OK [UIDNEXT 4\r\n", "* OK (UIDNEXT 4\r\n" },
	{ "continuations", "+\r\n+ \r\n+ [ALERT] x\r\n+ eA==\r\n",
		"+ \r\n+ \r\n+ (ALERT] x\r\n+ eA==\r\n" },
	{ "data is swallowed",
		"* 1 EXISTS\r\n* 1 FETCH (X {3}\r\na\r\n)\r\n* LIST () NIL "
		"x\r\n* STATUS x ()\r\n* FLAGS (\\Seen)\r\n* SEARCH 1\r\n* "
		"WHAT\r\na1 OK done\r\n",
		"a1 OK done\r\n" },
	{ "data that passes",
		"* CAPABILITY IMAP4rev1\r\n* ENABLED QRESYNC\r\n* ID (\"a\" "
		"NIL)\r\n* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
		"* CAPABILITY IMAP4rev1\r\n* ENABLED QRESYNC\r\n* ID (\"a\" "
		"NIL)\r\n* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n" },
	{ "garbage", "HTTP/1.1 400 Bad Request\r\n", NULL },
};

static void
test_passes(void)
{
	for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };
		struct fixture f;
		mailstream *stream;
		char bytes[7];
		ssize_t n;

		strbuf_init(&got, 10000);
		fixture_open(&f);
		stream = frame_stream(f.frame);
		feed(&f, slice_str(passes[i].bytes));
		close(f.peer);
		f.peer = -1;
		while ((n = mailstream_read(stream, bytes, sizeof(bytes))) > 0)
			strbuf_add(&got, bytes, (size_t)n);
		is_int(n, -1, "the end is -1, never 0");
		is_str(got.data, passes[i].want ? passes[i].want : "",
			passes[i].name);
		is_int(wire_error(f.wire)->kind,
			passes[i].want ? ERR_OFFLINE : ERR_PROTOCOL,
			"kind of error");
		mailstream_close(stream);
		fixture_close(&f);
	}
}

static void
test_deep_namespace(void)
{
	struct strbuf deep CLEANUP(strbuf_clear) = { 0 };
	struct fixture f;
	mailstream *stream;
	char bytes[64];
	ssize_t n;

	strbuf_init(&deep, 100000);
	strbuf_add_str(&deep, "* NAMESPACE ");
	for (int i = 0; i < 10000; i++)
		strbuf_add_char(&deep, '(');
	strbuf_add_str(&deep, "\r\na1 OK x\r\n");
	fixture_open(&f);
	stream = frame_stream(f.frame);
	feed(&f, strbuf_slice(&deep));
	n = mailstream_read(stream, bytes, sizeof(bytes));
	ok(n == 9 && memcmp(bytes, "a1 OK x\r\n", 9) == 0,
		"overdeep data does not reach libetpan");
	mailstream_close(stream);
	fixture_close(&f);
}

/* The real libetpan on such a stream. */
static bool
count_sink(void *ctx, const struct response *response, struct error *err)
{
	int *n = ctx;

	(void)err;
	if (response->kind == RESPONSE_DATA)
		(*n)++;
	return true;
}

static struct mailimap *
library_open(struct fixture *f, const char *bytes, int *seen)
{
	struct mailimap *imap = mailimap_new(0, NULL);

	*seen = 0;
	fixture_open(f);
	frame_set_sink(f->frame, count_sink, seen);
	feed(f, slice_str(bytes));
	shutdown(f->peer, SHUT_WR);
	return imap;
}

static void
library_close(struct fixture *f, struct mailimap *imap)
{
	struct error over CLEANUP(error_clear) = ERROR_INIT;

	error_set(&over, ERR_OFFLINE, "over");
	wire_fail(f->wire, &over);
	mailimap_free(imap);
	fixture_close(f);
}

static int
do_noop(struct mailimap *imap)
{
	return mailimap_noop(imap);
}

static int
do_idle(struct mailimap *imap)
{
	/* It idles in a mailbox, and crashes without one. */
	int r = mailimap_examine(imap, "INBOX");

	if (r != MAILIMAP_NO_ERROR)
		return r;
	r = mailimap_idle(imap);
	return r == MAILIMAP_NO_ERROR ? mailimap_idle_done(imap) : r;
}

static int
do_append(struct mailimap *imap)
{
	return mailimap_append_simple(imap, "INBOX", "abc", 3);
}

static int
do_capability(struct mailimap *imap)
{
	struct mailimap_capability_data *data = NULL;
	int r = mailimap_capability(imap, &data);

	if (data)
		mailimap_capability_data_free(data);
	return r;
}

static int
do_examine(struct mailimap *imap)
{
	return mailimap_examine(imap, "INBOX");
}

static const struct {
	const char *name;
	const char *bytes; /* behind the greeting */
	int (*act)(struct mailimap *imap);
	int want;
	int data; /* data responses the sink sees */
} library_cases[] = {
	{ "ALERT without text", "* OK [ALERT]\r\n1 OK\r\n", do_noop, 0, 0 },
	{ "bad PERMANENTFLAGS",
		"* OK [PERMANENTFLAGS (\\] bad]\r\n1 OK [READ-ONLY]\r\n",
		do_examine, 0, 0 },
	{ "untagged before the go-ahead of IDLE",
		"1 OK x\r\n* 5 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen))\r\n+ idling\r\n2 OK "
		"x\r\n",
		do_idle, 0, 2 },
	{ "a bare go-ahead", "1 OK x\r\n+\r\n2 OK x\r\n", do_idle, 0, 0 },
	{ "untagged before the go-ahead of APPEND",
		"* 5 EXISTS\r\n+ OK\r\n* 6 EXISTS\r\n1 OK [APPENDUID 1 2]\r\n",
		do_append, 0, 2 },
	{ "odd data harm nobody",
		"* 1 FETCH (ENVELOPE (1 2))\r\n* STATUS x ()\r\n* ESEARCH "
		"x\r\n* 2 FETCH (FLAGS ([x] {y} z))\r\n1 OK x\r\n",
		do_noop, 0, 4 },
	{ "capabilities", "* CAPABILITY IMAP4rev1 IDLE\r\n1 OK x\r\n",
		do_capability, 0, 1 },
	{ "NO", "1 NO [OVERQUOTA]\r\n", do_append, MAILIMAP_ERROR_APPEND, 0 },
	{ "BYE and the end", "* BYE\r\n", do_noop, MAILIMAP_ERROR_STREAM, 0 },
	{ "cut off in a literal", "* 1 FETCH (X {1000}\r\nabc", do_noop,
		MAILIMAP_ERROR_STREAM, 0 },
	{ "cut off in a line", "* 1 FET", do_noop, MAILIMAP_ERROR_STREAM, 0 },
	{ "an impossible literal", "* 1 FETCH (X {4294967295}\r\n", do_noop,
		MAILIMAP_ERROR_STREAM, 0 },
	{ "garbage", "hello world\r\n1 OK x\r\n", do_noop,
		MAILIMAP_ERROR_STREAM, 0 },
};

static void
test_library(void)
{
	for (size_t i = 0; i < ARRAY_LEN(library_cases); i++) {
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
		struct fixture f;
		struct mailimap *imap;
		int seen;
		int r;

		strbuf_init(&bytes, 10000);
		strbuf_addf(
			&bytes, "* PREAUTH hi\r\n%s", library_cases[i].bytes);
		imap = library_open(&f, bytes.data, &seen);
		r = mailimap_connect(imap, frame_stream(f.frame));
		is_int(r, MAILIMAP_NO_ERROR_AUTHENTICATED, "greeted");
		r = library_cases[i].act(imap);
		ok(r == library_cases[i].want && seen == library_cases[i].data,
			"libetpan and %s (%d, saw %d)", library_cases[i].name,
			r, seen);
		library_close(&f, imap);
	}
}

static void
test_library_flood(void)
{
	struct strbuf flood CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture f;
	mailstream *stream;
	char bytes[4096];
	size_t total = 0;
	ssize_t n = 1;

	strbuf_init(&flood, 100000);
	for (int i = 0; i < 1000; i++)
		strbuf_add_str(&flood, "* OK and another thing\r\n");
	fixture_open(&f);
	stream = frame_stream(f.frame);
	while (n > 0) {
		ssize_t sent = send(f.peer, flood.data, flood.len,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 || (size_t)sent < flood.len)
			flood.data[0] = '*';
		for (int i = 0; i < 20 && n > 0; i++) {
			n = mailstream_read(stream, bytes, sizeof(bytes));
			if (n > 0)
				total += (size_t)n;
		}
	}
	ok(wire_error(f.wire)->kind == ERR_LIMIT && total <= 1100000,
		"libetpan is not flooded (%zu)", total);
	mailstream_close(stream);
	fixture_close(&f);
}

/* Bytes that arrive with the go-ahead are not inside the encryption. */
static void
test_starttls_injection(void)
{
	static const char *const injected[] = { "* CAPABILITY X\r\n",
		"a2 OK x\r\n", "x" };

	for (size_t i = 0; i < ARRAY_LEN(injected); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct response response;
		struct fixture f;

		fixture_open(&f);
		feed(&f, SLICE("a1 OK begin\r\n"));
		feed(&f, slice_str(injected[i]));
		ok(frame_next(f.frame, &response, &err) &&
				response.kind == RESPONSE_TAGGED &&
				!frame_start_tls(f.frame, &err) &&
				err.kind == ERR_UNTRUSTED &&
				wire_error(f.wire)->kind == ERR_UNTRUSTED,
			"STARTTLS with more behind it is refused: %zu", i);
		fixture_close(&f);
	}
}

static void
test_library_starttls_injection(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture f;
	struct mailimap *imap;
	int seen;
	int r;

	imap = library_open(&f,
		"* OK hi\r\n1 OK go\r\n* CAPABILITY IMAP4rev1 X\r\n", &seen);
	(void)mailimap_connect(imap, frame_stream(f.frame));
	r = mailimap_starttls(imap);
	ok(r == MAILIMAP_NO_ERROR || r == MAILIMAP_ERROR_STARTTLS,
		"libetpan's STARTTLS (%d)", r);
	ok(!frame_start_tls(f.frame, &err) && err.kind == ERR_UNTRUSTED,
		"what follows the go-ahead in the clear is refused");
	library_close(&f, imap);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_transcripts();
	test_damage();
	test_refused();
	test_limits();
	test_floods();
	test_streaming();
	test_streaming_large();
	test_wait();
	test_end_after_data();
	test_passes();
	test_deep_namespace();
	test_library();
	test_library_flood();
	test_starttls_injection();
	test_library_starttls_injection();
	return tap_done();
}
