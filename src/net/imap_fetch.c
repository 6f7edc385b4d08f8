/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FETCH (RFC 9051 6.4.5), by UID and several at a time. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "net/imap_private.h"

enum {
	SET_MAX = IMAP_COMMAND_MAX - 1000,
	SECTION_LENGTH_MAX = 400,
};

/* What envelopes are made of (mime/envelope.h), and no more. */
static const char header_items[] =
	"UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE "
	"BODY.PEEK[HEADER.FIELDS (DATE FROM SENDER REPLY-TO TO CC BCC SUBJECT "
	"MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID)]";

static void
put_items(struct imap *imap, enum imap_items items)
{
	uint32_t can = imap->can.capabilities;

	switch (items) {
	case IMAP_ITEMS_FLAGS:
		imap_put(imap, " (UID FLAGS)");
		return;
	case IMAP_ITEMS_HEADERS:
		imap_putf(imap, " (%s", header_items);
		if (can & IMAP_OBJECTID)
			imap_put(imap, " EMAILID");
		else if (can & IMAP_GMAIL)
			imap_put(imap, " X-GM-MSGID");
		imap_put(imap, ")");
		return;
	}
}

static void
put_changed_since(struct imap *imap, bool by_sequence, uint64_t modseq)
{
	if (modseq == 0 || !(imap->can.capabilities & IMAP_CONDSTORE))
		return;
	imap_putf(imap, " (CHANGEDSINCE %" PRIu64, modseq);
	/* RFC 7162 3.2.6: only with UID FETCH. */
	if (!by_sequence && (imap->enabled & IMAP_QRESYNC))
		imap_put(imap, " VANISHED");
	imap_put(imap, ")");
}

bool
imap_fetch_send(struct imap *imap, const struct uidset *set, bool by_sequence,
	enum imap_items items, uint64_t changed_since, uint64_t *ret_ticket,
	struct error *err)
{
	uint64_t ticket = 0;
	size_t next = 0;

	if (!imap_enter(imap, STEP_FETCH, err))
		return false;
	while (next < set->n) {
		uint64_t tag = imap_begin(imap, STEP_FETCH);

		if (!ticket)
			ticket = tag;
		imap_join(imap, tag, ticket);
		imap_put(imap, by_sequence ? "FETCH " : "UID FETCH ");
		imap_put_set(imap, set, SET_MAX, &next);
		put_items(imap, items);
		put_changed_since(imap, by_sequence, changed_since);
		imap_end(imap);
	}
	if (ticket && !imap_flush(imap, err))
		return false;
	*ret_ticket = ticket;
	return true;
}

bool
imap_newest_send(struct imap *imap, uint64_t *ret_tag, struct error *err)
{
	*ret_tag = imap_begin(imap, STEP_FETCH);
	imap_put(imap, "FETCH *");
	put_items(imap, IMAP_ITEMS_HEADERS);
	imap_end(imap);
	return imap_flush(imap, err);
}

/* Waits for every command of the group; the first refusal is told. */
static bool
wait_group(struct imap *imap, uint64_t group, struct error *err)
{
	char *first CLEANUP(freep) = NULL;
	bool refused = false;
	uint64_t tag;

	while ((tag = imap_next_of(imap, group)) != 0) {
		char *code CLEANUP(freep) = NULL;
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;

		if (!imap_wait_answer(imap, tag, &answer, &code, &said, err))
			return false;
		/* RFC 5530: all came but what is gone meanwhile. */
		if (answer == ANSWER_OK ||
			(code && ascii_eq_nocase(code, "EXPUNGEISSUED")))
			continue;
		refused = true;
		if (!first)
			first = STEAL(said);
	}
	return !refused || imap_refuse(imap, first, err);
}

bool
imap_fetch_wait(struct imap *imap, uint64_t ticket, struct error *err)
{
	return imap_enter(imap, STEP_FETCH, err) &&
	       wait_group(imap, ticket, err);
}

/* "1.2.MIME", "HEADER", "": what RFC 9051 9 calls section-spec. */
static bool
is_section(const char *section, struct error *err)
{
	size_t n = strlen(section);

	if (n <= SECTION_LENGTH_MAX &&
		strspn(section, "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n)
		return true;
	return error_set(err, ERR_INVALID, _("There is no such part"));
}

static void
put_sections(struct imap *imap, const char *const *sections, size_t n,
	uint64_t limit)
{
	imap_put(imap, " (UID");
	for (size_t i = 0; i < n; i++) {
		imap_putf(imap, " BODY.PEEK[%s]", sections[i]);
		if (limit > 0)
			imap_putf(imap, "<0.%" PRIu64 ">", limit);
	}
	imap_put(imap, ")\r\n");
}

static bool
wants_the_same(const struct imap_wanted *a, const struct imap_wanted *b)
{
	if (a->n_sections != b->n_sections)
		return false;
	for (size_t i = 0; i < a->n_sections; i++) {
		if (strcmp(a->sections[i], b->sections[i]) != 0)
			return false;
	}
	return true;
}

/* One command for the first of `wanted` and those after it that want the same
 * sections; how many. */
static size_t
send_some(struct imap *imap, const struct imap_wanted *wanted, size_t n,
	uint64_t limit, uint64_t *group)
{
	uint64_t tag = imap_begin(imap, STEP_FETCH);
	size_t same = 1;

	if (*group == 0)
		*group = tag;
	imap_join(imap, tag, *group);
	imap_putf(imap, "UID FETCH %" PRIu32, wanted[0].uid);
	for (; same < n; same++) {
		if (!wants_the_same(&wanted[0], &wanted[same]))
			break;
		imap_putf(imap, ",%" PRIu32, wanted[same].uid);
	}
	put_sections(imap, wanted[0].sections, wanted[0].n_sections, limit);
	return same;
}

bool
imap_fetch_bodies_send(struct imap *imap, const struct imap_wanted *wanted,
	size_t n, uint64_t limit, uint64_t *ret_ticket, struct error *err)
{
	uint64_t group = 0;
	size_t next = 0;

	ASSERT(n <= IMAP_WANTED_MAX);
	if (!imap_enter(imap, STEP_FETCH, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < wanted[i].n_sections; j++) {
			if (!is_section(wanted[i].sections[j], err))
				return false;
		}
	}
	while (next < n)
		next += send_some(imap, &wanted[next], n - next, limit, &group);
	*ret_ticket = group;
	return n == 0 || imap_flush(imap, err);
}

/* Whether the literal that begins is the section being streamed. */
static bool
stream_begin(void *ctx, struct slice so_far, uint64_t size)
{
	struct imap *imap = ctx;
	struct slice section = slice_str(imap->stream->section);
	size_t at = so_far.len;

	(void)size;
	/* Back over "{n}\r\n", a blank, and "<0>" of a partial answer. */
	while (at > 0 && so_far.data[at - 1] != '{')
		at--;
	while (at > 0 && so_far.data[at - 1] != ']')
		at--;
	so_far = slice_head(so_far, at);
	if (so_far.len < section.len + 7)
		return false;
	so_far = slice_skip(so_far, so_far.len - section.len - 7);
	return slice_starts_nocase(so_far, SLICE(" BODY[")) ||
			       slice_starts_nocase(so_far, SLICE("(BODY["))
		       ? slice_eq_nocase(
				 slice_head(slice_skip(so_far, 6), section.len),
				 section)
		       : false;
}

static bool
stream_piece(void *ctx, struct slice bytes, struct error *err)
{
	struct imap *imap = ctx;
	struct imap_stream *stream = imap->stream;

	stream->total += bytes.len;
	if (stream->sink(stream->ctx, bytes, stream->total))
		return true;
	return error_set(err, ERR_CANCELLED, _("Cancelled"));
}

bool
imap_fetch_stream(struct imap *imap, uint32_t uid, const char *section,
	bool (*sink)(void *ctx, struct slice piece, uint64_t total), void *ctx,
	struct error *err)
{
	struct imap_stream stream = {
		.section = section,
		.sink = sink,
		.ctx = ctx,
	};
	struct frame_literals literals = {
		.ctx = imap,
		.begin = stream_begin,
		.piece = stream_piece,
	};
	uint64_t tag;
	bool good;

	if (!imap_enter(imap, STEP_FETCH, err) || !is_section(section, err))
		return false;
	tag = imap_begin(imap, STEP_FETCH);
	imap_putf(imap, "UID FETCH %" PRIu32, uid);
	put_sections(imap, &section, 1, 0);
	imap->stream = &stream;
	frame_set_literals(imap->frame, &literals);
	good = imap_flush(imap, err) && imap_wait(imap, tag, err);
	imap->stream = NULL;
	frame_set_literals(imap->frame, NULL);
	if (good && stream.stopped) {
		error_set(err, ERR_CANCELLED, _("Cancelled"));
		return imap_die(imap, err);
	}
	return good;
}
