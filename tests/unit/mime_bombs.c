/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail that is made to take long: a quarter of each kind, and a half, which
 * must not take much more than twice the time of this thread.  A child opens
 * all of it, for its memory.  All that opening a message does is done:
 * envelope, part tree, texts, snippet, every part decoded.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/envelope.h"
#include "mime/inline_file.h"
#include "mime/text.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

enum {
	BYTES_MAX = 128 * 1024 * 1024,
	MEMORY_MAX_KB = 256 * 1024,
	/* Twice the size: so much more time, on a machine that is busy, */
	RATIO_MAX = 4,
	/* and below this nothing is told by it. */
	TIME_MIN_US = 10 * 1000,
};

#define MIXED  "Content-Type: multipart/mixed; boundary=b\n\n"
#define UTF7   "Content-Type: text/plain; charset=utf-7\n\n"
#define BASE64 "Content-Transfer-Encoding: base64\n\n"
#define QP     "Content-Transfer-Encoding: quoted-printable\n\n"
#define FLOWED "Content-Type: text/plain; format=flowed\n\n"
#define HTML   "Content-Type: text/html\n\n"

static const struct {
	const char *what;
	const char *head;
	const char *piece;
	int times;
} bombs[] = {
	{ "10,000 nested multiparts", "", MIXED "--b\n", 10000 },
	{ "100,000 nested multiparts", "", MIXED "--b\n", 100000 },
	{ "100,000 nested messages", "", "Content-Type: message/rfc822\n\n",
		100000 },
	{ "100,000 parts", MIXED, "--b\n\nx\n", 100000 },
	{ "100,000 parts with names", MIXED,
		"--b\nContent-Type: a/b; name*0*=utf-8''%41; name*1=b\n\nx\n",
		100000 },
	{ "100,000 fields", "", "X-Field: value\n", 100000 },
	{ "100,000 fields of a kind", "", "To: a@b\n", 100000 },
	{ "a field of 100,000 lines", "Subject: x\n", " folded\n", 100000 },
	{ "lines that are no fields", "A: b\n", "x\nA: b\n", 100000 },
	{ "a line of 10 MB", "A: b\n\n", "x y z ", 1700000 },
	{ "a header line of 10 MB", "A: b\nX-Long: ", "x y z ", 1700000 },
	{ "a type of 1 MB", "Content-Type: text/plain", "; a=b", 200000 },
	{ "a name in 100,000 pieces", "Content-Type: text/plain", "; name*7*=a",
		100000 },
	{ "quotes in a parameter", "Content-Type: text/plain; name=", "\"",
		500000 },
	{ "comments in a type", "Content-Type: text/plain ", "(", 500000 },
	{ "comments in addresses", "To: ", "(", 500000 },
	{ "brackets in addresses", "To: ", "<", 500000 },
	{ "quotes in addresses", "To: ", "\"", 500000 },
	{ "backslashes in addresses", "To: \"", "\\", 500000 },
	{ "groups in addresses", "To: ", "a:", 250000 },
	{ "words in addresses", "To: ", "a ", 500000 },
	{ "encoded words in addresses", "To: ", "=?x?q?a?= \xe4\xf6 ", 60000 },
	{ "raw addresses", "To: ", "\xc1\xc2\xd7\xc7\xc4 <a>,", 80000 },
	{ "encoded words", "Subject: ", "=?koi8-r?b?wsPEwsPE?=\n ", 100000 },
	{ "half words", "Subject: ", "=?x?q?", 200000 },
	{ "half words of charsets", "Subject: ", "=?", 500000 },
	{ "references", "References: ", "<a@b> ", 150000 },
	{ "half references", "References: ", "<", 500000 },
	{ "dashes", MIXED, "--\n", 1000000 },
	{ "almost delimiters", MIXED, "--b-\n", 500000 },
	{ "last delimiters", MIXED "--b\n\n", "--b--\n", 500000 },
	{ "quoted text", "A: b\n\n", "> > > > > > > > > > x\n", 200000 },
	{ "quote marks", "A: b\n\n", ">", 4000000 },
	{ "flowed quotes", FLOWED, "> x \n>> x \n", 200000 },
	{ "one flowed paragraph", FLOWED, "x \n", 1000000 },
	{ "links", "A: b\n\n", "http://a.b/ ", 300000 },
	{ "half links", "A: b\n\n", "http://", 500000 },
	{ "at-signs", "A: b\n\n", "a@", 1500000 },
	{ "hunks", "A: b\n\n", "@@ -1 +1 @@\n", 250000 },
	{ "signatures", "A: b\n\n", "-- \n", 700000 },
	{ "empty lines", "A: b\n\n", "\n", 4000000 },
	{ "escapes of quoted-printable", QP, "=", 4000000 },
	{ "soft breaks", QP, "= \t \n", 700000 },
	{ "padding of base64", BASE64, "=", 4000000 },
	{ "lines of base64", BASE64, "QUJD\n", 700000 },
	{ "words in base64", BASE64, "not at all\n", 400000 },
	{ "shifts of UTF-7", UTF7, "+-+AOk-", 500000 },
	{ "files in a text", "A: b\n\n", "begin 644 x\n#0V%T\n`\nend\n",
		100000 },
	{ "beginnings of files", "A: b\n\n", "begin 644 x\n", 300000 },
	{ "yEnc", "A: b\n\n", "=ybegin line=1 size=1 name=x\na\n", 100000 },
	{ "bytes in no charset", "A: b\n\n", "\xe4\xb8\xff ", 1000000 },
	{ "bare CR", "A: b\n\n", "x\r", 2000000 },
	{ "short lines", "A: b\n\n", "x\n", 2000000 },
	{ "nested tables", HTML, "<table><tr><td>", 200000 },
	{ "entities", HTML, "&amp;&nosuch;", 300000 },
};

static int64_t
thread_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
make(size_t i, int times, struct strbuf *out)
{
	strbuf_init(out, BYTES_MAX);
	strbuf_add_str(out, bombs[i].head);
	for (int n = 0; n < times; n++)
		strbuf_add_str(out, bombs[i].piece);
}

/* As somebody does who opens it and saves all there is. */
static void
open_message(struct slice message)
{
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	int chosen[TEXT_PARTS_MAX];
	size_t n;
	char *snippet;

	mime_read_envelope(mime_header(message), &envelope);
	mime_walk(message, &tree);
	document_init(&doc);
	n = mime_text_choose(&tree, false, chosen, TEXT_PARTS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &tree.items[chosen[i]];

		mime_text_extract(
			part, mime_part_body(message, part), NULL, &doc);
	}
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];
		struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

		if (i + 1 < tree.n && tree.items[i + 1].parent == (int)i)
			continue;
		strbuf_init(&bytes, BYTES_MAX);
		transfer_decode(
			part->encoding, mime_part_body(message, part), &bytes);
	}
	snippet = mime_snippet(&doc, 200);
	free(snippet);
}

static int64_t
cost(size_t i, int times)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	int64_t best = INT64_MAX;

	make(i, times, &text);
	for (int run = 0; run < 2; run++) {
		int64_t before = thread_us();

		open_message(strbuf_slice(&text));
		before = thread_us() - before;
		best = before < best ? before : best;
		/* Long enough to be told from noise. */
		if (best > TIME_MIN_US)
			break;
	}
	return best;
}

/* Of all the bombs before it as well: a child's peak is its own. */
static long
peak_kb(size_t i, int times)
{
	pid_t child = fork();
	struct rusage usage;
	int status;

	if (child == 0) {
		struct strbuf text;

		make(i, times, &text);
		open_message(strbuf_slice(&text));
		_exit(0);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child ||
		!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return -1;
	return usage.ru_maxrss;
}

static void
try(size_t i)
{
	/* With sanitizers a tenth will do. */
	int times = bombs[i].times / (SANITIZED ? 10 : 1);
	int64_t once = cost(i, times / 4);
	int64_t twice = cost(i, times / 2);
	int64_t limit =
		RATIO_MAX * (once > TIME_MIN_US ? once : (int64_t)TIME_MIN_US);
	long peak = peak_kb(i, times);

	ok(twice <= limit, "%s: a quarter %d ms, half %d ms", bombs[i].what,
		(int)(once / 1000), (int)(twice / 1000));
	ok(peak >= 0 && (SANITIZED || peak <= MEMORY_MAX_KB), "%s: %ld MB",
		bombs[i].what, peak / 1024);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bombs); i++)
		try(i);
	return tap_done();
}
