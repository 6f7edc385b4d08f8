/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What real servers and other programs' tests say, found below TERCET_CORPUS:
 * all of it is framed and parsed, and the UIDs that stand in FETCH responses
 * come out.  Skipped where there is no such collection.
 */
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "net/frame.h"
#include "net/imap_name.h"
#include "net/imap_parse.h"

#include "tap.h"

enum { FILE_SIZE_MAX = 4 * 1024 * 1024 };

static struct imap_parser parser;
static int n_files, n_fetch, n_uids, n_parts, n_list, n_names, n_status,
	n_other;
static int n_wrong;

static void
wrong(const char *what, struct slice raw)
{
	n_wrong++;
	printf("# %s: %.*s\n", what, (int)slice_head(raw, 200).len, raw.data);
}

/* "UID 12" at the first level of the FETCH, before anything that could hide
 * another. */
static bool
plain_uid(struct slice rest, uint64_t *ret)
{
	int depth = 0;

	for (size_t i = 0; i + 4 < rest.len; i++) {
		char c = rest.data[i];

		if (c == '"' || c == '{')
			return false;
		if (c == '(')
			depth++;
		if (c == ')')
			depth--;
		if (depth == 1 && (c == ' ' || c == '(') &&
			slice_starts_nocase(
				slice_skip(rest, i + 1), SLICE("UID ")))
			return imap_number(
				slice_skip(rest, i + 5), UINT32_MAX, ret);
	}
	return false;
}

static void
try_fetch(const struct response *response)
{
	struct imap_fetch fetch;
	uint64_t uid;

	n_fetch++;
	imap_parse_fetch(
		&parser, response->rest, (uint32_t)response->number, &fetch);
	if (fetch.uid)
		n_uids++;
	if (plain_uid(response->rest, &uid) && uid != fetch.uid)
		wrong("UID lost", response->raw);
	n_parts += (int)fetch.parts.n;
	for (size_t i = 0; i < fetch.parts.n; i++) {
		const struct part *part = &fetch.parts.items[i];

		if (!part->section || !part->type || part->parent >= (int)i ||
			part_tree_find(&fetch.parts, part->section) != part)
			wrong("odd part", response->raw);
	}
	imap_fetch_clear(&fetch);
}

static void
try_mailbox(const struct response *response, bool status)
{
	struct imap_mailbox mailbox;
	char *name;

	if (!(status ? imap_parse_status(response->rest, &mailbox)
		     : imap_parse_list(response->rest, &mailbox)))
		return;
	name = imap_name_decode(mailbox.name, mailbox.delimiter, false);
	if (!utf8_is_valid(slice_str(name)))
		wrong("odd name", response->raw);
	n_names++;
	free(name);
	free(mailbox.name);
}

static void
try_code(struct slice code)
{
	struct imap_pairs pairs = { 0 };
	uint32_t uidvalidity;
	struct slice value;

	(void)imap_word(code, &value);
	if (imap_parse_copied(value, &uidvalidity, &pairs) && pairs.n == 0)
		wrong("a map of nothing", code);
	array_clear(&pairs);
	imap_parse_appended(value);
}

static void
try_response(const struct response *response)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_ranges ranges = { 0 };
	struct imap_abilities abilities;
	struct imap_namespaces spaces;
	struct flags flags;
	bool earlier;

	switch (response->name) {
	case RESPONSE_FETCH:
		try_fetch(response);
		return;
	case RESPONSE_LIST:
	case RESPONSE_LSUB:
	case RESPONSE_XLIST:
		n_list++;
		try_mailbox(response, false);
		return;
	case RESPONSE_MAILBOX_STATUS:
		n_status++;
		try_mailbox(response, true);
		return;
	case RESPONSE_SEARCH:
		imap_parse_search(response->rest, &ranges);
		imap_ranges_finish(&ranges, &set);
		break;
	case RESPONSE_ESEARCH:
		imap_parse_esearch(response->rest, &ranges);
		imap_ranges_finish(&ranges, &set);
		break;
	case RESPONSE_VANISHED:
		(void)!imap_parse_vanished(response->rest, &set, &earlier);
		break;
	case RESPONSE_CAPABILITY:
		imap_parse_capabilities(response->rest, &abilities);
		break;
	case RESPONSE_NAMESPACE:
		imap_parse_namespaces(response->rest, &spaces);
		imap_namespaces_clear(&spaces);
		break;
	case RESPONSE_MYRIGHTS:
		(void)imap_parse_myrights(response->rest);
		break;
	case RESPONSE_FLAGS:
		imap_parse_flags(response->rest, &flags, NULL);
		flags_clear(&flags);
		break;
	case RESPONSE_OK:
	case RESPONSE_NO:
	case RESPONSE_BAD:
	case RESPONSE_BYE:
	case RESPONSE_PREAUTH:
	case RESPONSE_ENABLED:
	case RESPONSE_ID:
	case RESPONSE_SORT:
	case RESPONSE_THREAD:
	case RESPONSE_EXISTS:
	case RESPONSE_RECENT:
	case RESPONSE_EXPUNGE:
	case RESPONSE_OTHER:
		free(imap_inert_text(response->text));
		try_code(response->code);
		break;
	}
	n_other++;
}

struct feed {
	struct slice bytes;
	int fd;
};

static void
feed(void *arg)
{
	struct feed *it = arg;
	struct slice rest = it->bytes;

	while (rest.len > 0) {
		ssize_t n = send(it->fd, rest.data, rest.len, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		rest = slice_skip(rest, (size_t)n);
	}
	shutdown(it->fd, SHUT_WR);
}

/* Everything through a frame, as a session would see it. */
static void
try_bytes(struct slice bytes)
{
	struct endpoint endpoint = { .host = (char *)"corpus.example",
		.security = SECURITY_CLEAR };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct response response;
	struct thread *thread = NULL;
	struct wire *wire = wire_new(&endpoint, NULL, TRACE_IMAP);
	struct frame *frame = frame_new(wire);
	struct feed it = { .bytes = bytes };
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0) {
		it.fd = fds[1];
		if (wire_adopt(wire, fds[0], &err) &&
			thread_start("feed", feed, &it, &thread, &err)) {
			while (frame_next(frame, &response, &err))
				try_response(&response);
		}
		/* Lets a writer go that is not read from any more. */
		shutdown(fds[0], SHUT_RDWR);
		thread_join(thread);
		close(fds[1]);
	}
	frame_free(frame);
	wire_free(wire);
}

/* The "..." of a YAML line, its escapes undone. */
static void
try_quoted(struct slice text)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, FILE_SIZE_MAX);
	for (size_t i = 0; i < text.len && text.data[i] != '"'; i++) {
		char c = text.data[i];

		if (c == '\\' && i + 1 < text.len) {
			c = text.data[++i];
			c = c == 'r' ? '\r' : c == 'n' ? '\n' : c;
		}
		strbuf_add_char(&out, c);
	}
	try_bytes(strbuf_slice(&out));
}

static void
try_lines(struct slice rest)
{
	static const char response[] = ":response: \"";
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct slice line;

	strbuf_init(&out, FILE_SIZE_MAX);
	while (slice_next_line(&rest, &line)) {
		line = slice_trim(line);
		if (slice_starts(line, slice_str(response)))
			try_quoted(slice_skip(line, sizeof(response) - 1));
		if (slice_starts(line, SLICE("S: ")))
			line = slice_skip(line, 3);
		if (!slice_starts(line, SLICE("* ")))
			continue;
		strbuf_add_slice(&out, line);
		strbuf_add_str(&out, "\r\n");
	}
	if (out.len > 0)
		try_bytes(strbuf_slice(&out));
}

static int
try_file(const char *path, const struct stat *status, int type,
	struct FTW *ignored)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	(void)ignored;
	if (type != FTW_F || status->st_size > FILE_SIZE_MAX)
		return 0;
	strbuf_init(&bytes, FILE_SIZE_MAX);
	if (!file_read(path, &bytes, &err))
		return 0;
	n_files++;
	/* Transcripts as they are, everything else for the lines in it. */
	if (strstr(path, "/Imap/") || strstr(path, ".imap")) {
		strbuf_add_str(&bytes, "\r\n");
		try_bytes(strbuf_slice(&bytes));
	} else {
		try_lines(strbuf_slice(&bytes));
	}
	return 0;
}

int
main(void)
{
	const char *corpus = getenv("TERCET_CORPUS");
	static const char *const folders[] = { "server-mailkit",
		"server-libetpan", "server-net-imap", "server-fake-mail",
		"server-imaptest", "server-curl", "server-imap-codec" };

	signal(SIGPIPE, SIG_IGN);
	imap_parser_init(&parser);
	for (size_t i = 0; corpus && i < ARRAY_LEN(folders); i++) {
		char *path = xasprintf("%s/%s", corpus, folders[i]);

		nftw(path, try_file, 16, FTW_PHYS);
		free(path);
	}
	imap_parser_clear(&parser);
	if (n_files == 0) {
		tap_skip("transcripts of servers", "TERCET_CORPUS is not set");
		return tap_done();
	}
	printf("# %d files: FETCH %d (UIDs %d, parts %d), LIST %d, STATUS %d "
	       "(names %d), others %d\n",
		n_files, n_fetch, n_uids, n_parts, n_list, n_status, n_names,
		n_other);
	ok(n_fetch > 100 && n_uids > 100, "FETCH responses were met");
	ok(n_list > 50 && n_names > 50, "and LIST responses");
	is_int(n_wrong, 0, "nothing was read wrong");
	return tap_done();
}
