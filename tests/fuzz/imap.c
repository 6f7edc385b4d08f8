/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What IMAP servers say. */
#include <fcntl.h>
#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "net/frame.h"
#include "net/imap_name.h"
#include "net/imap_parse.h"

enum { FED_MAX = 64 * 1024 };

/* Reads every byte, so that sanitizers see those that are not there. */
static size_t
touch(struct slice s)
{
	size_t sum = 0;

	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.data[i];
	return sum;
}

static void
check_parts(const struct part_tree *tree)
{
	ASSERT(tree->n <= PARTS_MAX);
	for (size_t i = 0; i < tree->n; i++) {
		const struct part *part = &tree->items[i];

		ASSERT(part->section && part->type && strchr(part->type, '/'));
		ASSERT(part->parent < (int)i);
		ASSERT(part->depth < PARTS_DEPTH_MAX);
		ASSERT(part_tree_find(tree, part->section) == part);
	}
}

static void
parse_fetch(struct slice rest)
{
	struct imap_parser parser;
	struct imap_fetch fetch;
	size_t sum;

	imap_parser_init(&parser);
	imap_parse_fetch(&parser, rest, 1, &fetch);
	sum = touch(fetch.header) + touch(fetch.email_id);
	ASSERT(fetch.n_bodies <= IMAP_BODIES_MAX);
	for (size_t i = 0; i < fetch.n_bodies; i++)
		sum += touch(fetch.bodies[i].bytes) +
		       touch(fetch.bodies[i].section);
	ASSERT(sum <= 255 * rest.len);
	check_parts(&fetch.parts);
	imap_fetch_clear(&fetch);
	imap_parser_clear(&parser);
}

static void
parse_mailbox(struct slice rest, bool is_status)
{
	struct imap_mailbox mailbox = { 0 };
	char *name;

	if (!(is_status ? imap_parse_status(rest, &mailbox)
			: imap_parse_list(rest, &mailbox)))
		return;
	ASSERT(mailbox.name[0] && strlen(mailbox.name) <= IMAP_NAME_MAX);
	ASSERT(!strpbrk(mailbox.name, "\r\n"));
	name = imap_name_decode(mailbox.name, mailbox.delimiter, is_status);
	ASSERT(utf8_is_valid(slice_str(name)));
	free(imap_name_encode(name, mailbox.delimiter, is_status));
	free(name);
	free(mailbox.name);
}

static void
parse_numbers(struct slice rest, char kind)
{
	struct uidset set = UIDSET_INIT;
	struct imap_ranges ranges = { 0 };
	bool earlier;

	if (kind == 'v') {
		(void)!imap_parse_vanished(rest, &set, &earlier);
	} else {
		if (kind == 's')
			imap_parse_search(rest, &ranges);
		else
			imap_parse_esearch(rest, &ranges);
		imap_ranges_finish(&ranges, &set);
	}
	for (size_t i = 0; i < set.n; i++) {
		ASSERT(set.ranges[i].first > 0);
		ASSERT(set.ranges[i].first <= set.ranges[i].last);
		ASSERT(i == 0 ||
			set.ranges[i].first - 1 > set.ranges[i - 1].last);
	}
	uidset_clear(&set);
}

/* What came of a command that changed something. */
static void
parse_change(struct slice rest, char kind)
{
	struct imap_pairs pairs = { 0 };
	uint32_t uidvalidity = 0;
	struct imap_appended appended;

	if (kind == 'r') {
		ASSERT(imap_parse_myrights(rest) <= IMAP_RIGHTS_ALL);
		return;
	}
	appended = imap_parse_appended(rest);
	ASSERT((appended.uid == 0) == (appended.uidvalidity == 0));
	if (!imap_parse_copied(rest, &uidvalidity, &pairs)) {
		ASSERT(pairs.n == 0);
		return;
	}
	ASSERT(uidvalidity > 0 && pairs.n > 0 && pairs.n <= IMAP_PAIRS_MAX);
	for (size_t i = 0; i < pairs.n; i++) {
		ASSERT(pairs.items[i].from > 0 && pairs.items[i].to > 0);
		ASSERT(i == 0 ||
			(pairs.items[i].from > pairs.items[i - 1].from &&
				pairs.items[i].to > pairs.items[i - 1].to));
	}
	array_clear(&pairs);
}

static void
parse_words(struct slice rest, char kind)
{
	struct imap_abilities abilities;
	struct imap_namespaces namespaces = { 0 };
	struct flags flags = FLAGS_INIT;
	char *text;

	if (kind == 'c') {
		imap_parse_capabilities(rest, &abilities);
		(void)imap_parse_enabled(rest);
	} else if (kind == 'n') {
		imap_parse_namespaces(rest, &namespaces);
		ASSERT(namespaces.n <= IMAP_NAMESPACES_MAX);
		imap_namespaces_clear(&namespaces);
	} else {
		imap_parse_flags(rest, &flags, NULL);
		flags_clear(&flags);
		text = imap_inert_text(rest);
		ASSERT(utf8_is_valid(slice_str(text)));
		free(text);
	}
}

/* A letter for the kind of response, then what stands behind its word. */
void
fuzz_imap_data(struct slice input)
{
	struct slice rest = slice_skip(input, 1);
	char kind = input.len ? input.data[0] : 'f';

	if (kind == 'l' || kind == 't')
		parse_mailbox(rest, kind == 't');
	else if (kind == 's' || kind == 'e' || kind == 'v')
		parse_numbers(rest, kind);
	else if (kind == 'c' || kind == 'n' || kind == 'F')
		parse_words(rest, kind);
	else if (kind == 'C' || kind == 'r')
		parse_change(rest, kind);
	else
		parse_fetch(rest);
}

/* Mailbox names both ways: the delimiter, U for UTF-8, the name. */
void
fuzz_imap_name(struct slice input)
{
	char *wire;
	char *name;
	bool utf8;

	if (input.len < 2)
		return;
	utf8 = input.data[1] == 'U';
	wire = xmemdup0(input.data + 2, input.len - 2);
	name = imap_name_decode(wire, input.data[0], utf8);
	if (name) {
		ASSERT(utf8_is_valid(slice_str(name)));
		free(imap_name_encode(name, input.data[0], utf8));
	}
	free(imap_name_encode(wire, input.data[0], utf8));
	free(name);
	free(wire);
}

static struct wire *
open_wire(struct slice bytes, int *ret_peer)
{
	struct endpoint endpoint = {
		.host = (char *)"imap.example",
		.port = 143,
		.security = SECURITY_CLEAR,
	};
	struct wire *wire = wire_new(&endpoint, NULL, TRACE_NONE);
	struct error err = ERROR_INIT;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		abort();
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	/* What does not fit is left out. */
	bytes = slice_head(bytes, FED_MAX);
	(void)!write(fds[1], bytes.data, bytes.len);
	shutdown(fds[1], SHUT_WR);
	if (!wire_adopt(wire, fds[0], &err))
		BUG(err.text);
	*ret_peer = fds[1];
	return wire;
}

static void
frame_all(struct slice bytes)
{
	int peer;
	struct wire *wire = open_wire(bytes, &peer);
	struct frame *frame = frame_new(wire);
	struct response response;
	struct error err = ERROR_INIT;
	size_t total = 0;

	while (frame_next(frame, &response, &err)) {
		ASSERT(response.raw.len > 0);
		total += response.raw.len;
		ASSERT(total <= bytes.len);
	}
	ASSERT(err.kind != ERR_NONE && err.text);
	error_clear(&err);
	frame_free(frame);
	wire_free(wire);
	close(peer);
}

/* The dialogue that is libetpan's, fed with whatever. */
static void
converse(struct slice bytes)
{
	int peer;
	struct wire *wire = open_wire(bytes, &peer);
	struct frame *frame = frame_new(wire);
	mailimap *session = mailimap_new(0, NULL);

	if (mailimap_connect(session, frame_stream(frame)) ==
		MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		mailimap_starttls(session);
	mailimap_free(session);
	frame_free(frame);
	wire_free(wire);
	close(peer);
}

void
fuzz_imap_frame(struct slice input)
{
	frame_all(input);
	converse(input);
}
