/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protocol trace: what must be there, and the secrets that must not.
 * Every secret in these scripts holds the word "hush".
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/trace.h"

#include "tap.h"

static const struct {
	const char *name;
	enum trace_protocol protocol;
	const char *said; /* lines: "C..." by us, "S..." by the server */
	const char *want; /* lines of the trace */
} cases[] = {
	{ "plain commands", TRACE_IMAP, "Ca1 NOOP\nS* 3 EXISTS\nSa1 OK x\n",
		"C: a1 NOOP\nS: * 3 EXISTS\nS: a1 OK x\n" },
	{ "LOGIN", TRACE_IMAP, "Ca1 LOGIN ann hush\nSa1 OK x\nCa2 NOOP\n",
		"C: a1 LOGIN (secret)\nS: a1 OK x\nC: a2 NOOP\n" },
	{ "login in literals, odd case", TRACE_IMAP,
		"Ca1 login {3}\nS+ OK\nCann {4}\nS+ hush\nChush\nSa1 OK x\n",
		"C: a1 login (secret)\nS: + (secret)\nC: (secret)\nS: + "
		"(secret)\nC: (secret)\nS: a1 OK x\n" },
	{ "AUTHENTICATE with an initial response", TRACE_IMAP,
		"Ca1 AUTHENTICATE PLAIN hush=\nS* CAPABILITY X\nSa1 OK x\n",
		"C: a1 AUTHENTICATE PLAIN (secret)\nS: * CAPABILITY X\nS: a1 "
		"OK x\n" },
	{ "AUTHENTICATE by challenges", TRACE_IMAP,
		"Ca1 AUTHENTICATE SCRAM-SHA-256\nS+ \nChush\nS+ hush\nChush\n"
		"Sa1 NO bad\n",
		"C: a1 AUTHENTICATE SCRAM-SHA-256 (secret)\nS: + (secret)\nC: "
		"(secret)\nS: + (secret)\nC: (secret)\nS: a1 NO bad\n" },
	{ "commands sent behind a login", TRACE_IMAP,
		"Ca1 LOGIN ann hush\nCa2 LIST \"\" *\nSa1 OK x\nCa3 NOOP\n",
		"C: a1 LOGIN (secret)\nC: (secret)\nS: a1 OK x\nC: a3 "
		"NOOP\n" },
	{ "subjects in FETCH", TRACE_IMAP,
		"S* 12 FETCH (ENVELOPE (\"hush\"))\nS* 1 FETCH (hush\n",
		"S: * 12 FETCH (30 bytes)\nS: * 1 FETCH (15 bytes)\n" },
	{ "a message appended", TRACE_IMAP,
		"Ca1 APPEND x {12}\nS+ go\nChush\nChush\n\nCa2 NOOP\n",
		"C: a1 APPEND x {12}\nS: + go\nC: \nC: a2 NOOP\n" },
	{ "PASS", TRACE_POP3,
		"CUSER ann\nS+OK\nCPASS hush\nS+OK\nCSTAT\nS+OK 1 2\n",
		"C: USER ann\nS: +OK\nC: PASS (secret)\nS: +OK\nC: STAT\nS: "
		"+OK 1 2\n" },
	{ "APOP and AUTH", TRACE_POP3,
		"CAPOP ann hush\nS-ERR\nCAUTH PLAIN\nS+ \nChush\nS+OK\n",
		"C: APOP (secret)\nS: -ERR\nC: AUTH PLAIN (secret)\nS: "
		"+ (secret)\nC: (secret)\nS: +OK\n" },
	{ "SMTP", TRACE_SMTP,
		"S220 hi\nCAUTH LOGIN\nS334 VXNlcg==\nChush\nS334 x\nChush\n"
		"S235 ok\nCDATA\nS354 go\nChush\nCPASS hush\nC.\nS250 ok\n"
		"CQUIT\n",
		"S: 220 hi\nC: AUTH LOGIN (secret)\nS: 334 (secret)\nC: "
		"(secret)\nS: 334 (secret)\nC: (secret)\nS: 235 ok\nC: "
		"DATA\nS: 354 go\nS: 250 ok\nC: QUIT\n" },
};

/* "2026-... D net: 7 C: x" without what is in front of "C:". */
static void
cut_stamps(struct slice log, struct strbuf *out)
{
	struct slice line;

	while (slice_next_line(&log, &line)) {
		size_t at = 0;

		for (int blanks = 0; blanks < 4 && at < line.len; at++)
			blanks += line.data[at] == ' ';
		strbuf_add_slice(out, slice_skip(line, at));
		strbuf_add_char(out, '\n');
	}
}

/* Says the script; our bytes go out in pieces of `step`. */
static void
say(struct trace *trace, const char *script, size_t step)
{
	struct slice rest = slice_str(script);
	struct slice line;

	while (slice_next_line(&rest, &line)) {
		char *text CLEANUP(freep) = xasprintf("%.*s\r\n",
			line.len > 0 ? (int)line.len - 1 : 0,
			line.len > 0 ? line.data + 1 : "");
		struct slice bytes = slice_str(text);

		if (line.len > 0 && line.data[0] == 'S') {
			trace_received(trace, bytes);
			continue;
		}
		while (bytes.len > 0) {
			struct slice head = slice_head(bytes, step);

			trace_sent(trace, head);
			bytes = slice_skip(bytes, head.len);
		}
	}
}

static void
check(size_t i, size_t step, const char *path)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf log CLEANUP(strbuf_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct trace trace;

	strbuf_init(&log, 100000);
	strbuf_init(&got, 100000);
	log_open(path, LOG_DEBUG);
	trace_init(&trace, cases[i].protocol);
	say(&trace, cases[i].said, step);
	trace_clear(&trace);
	log_close();
	if (!file_read(path, &log, &err) || truncate(path, 0) != 0)
		abort();
	cut_stamps(strbuf_slice(&log), &got);
	ok(!strstr(log.data, "hush"), "no secret: %s", cases[i].name);
	is_str(got.data, cases[i].want, cases[i].name);
}

static void
test_quiet(const char *path)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf log CLEANUP(strbuf_clear) = { 0 };
	struct trace trace;

	strbuf_init(&log, 100000);
	log_open(path, LOG_INFO);
	trace_init(&trace, TRACE_IMAP);
	say(&trace, cases[0].said, 1000);
	trace_clear(&trace);
	log_close();
	ok(file_read(path, &log, &err) && log.len == 0,
		"nothing below debug level");
}

int
main(void)
{
	char path[] = "/tmp/tercet-trace-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check(i, 1, path);
		check(i, 1000, path);
	}
	test_quiet(path);
	unlink(path);
	return tap_done();
}
