/* SPDX-License-Identifier: GPL-3.0-or-later */
/* STORE, COPY, MOVE and EXPUNGE over sets of UIDs (RFC 9051 6.4.6 to 6.4.9). */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "net/imap_private.h"

/* One command of several that do the same to parts of a set. */
struct portion {
	uint64_t tag;
	size_t from, to; /* ranges of the set */
};

/* What stands in front of the set and behind it. */
struct change {
	enum imap_step step;
	const char *verb;
	struct slice behind; /* as it is sent */
	const char *mailbox; /* or this, quoted as need be */
};

ARRAY_OF(portion_array, struct portion);

void
imap_outcome_clear(struct imap_outcome *outcome)
{
	uidset_clear(&outcome->done);
	array_clear(&outcome->pairs);
	*outcome = (struct imap_outcome){ 0 };
}

static size_t
first_from(const struct imap_pairs *pairs, uint32_t from)
{
	size_t low = 0, high = pairs->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pairs->items[middle].from < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t
imap_outcome_find(const struct imap_outcome *outcome, uint32_t from)
{
	size_t at = first_from(&outcome->pairs, from);

	return at < outcome->pairs.n && outcome->pairs.items[at].from == from
		       ? outcome->pairs.items[at].to
		       : 0;
}

void
imap_note_copied(struct imap_outcome *outcome, struct slice value)
{
	struct imap_pairs pairs;
	uint32_t uidvalidity;

	if (!imap_parse_copied(value, &uidvalidity, &pairs))
		return;
	if (outcome->uidvalidity && outcome->uidvalidity != uidvalidity) {
		/* The target was made anew meanwhile. */
		array_clear(&outcome->pairs);
		outcome->contradicts = true;
	}
	outcome->uidvalidity = uidvalidity;
	for (size_t i = 0; i < pairs.n && !outcome->contradicts; i++)
		array_push(&outcome->pairs, pairs.items[i]);
	array_clear(&pairs);
}

static int
compare_pairs(const void *a, const void *b)
{
	const struct imap_pair *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

void
imap_sort_pairs(struct imap_outcome *outcome)
{
	if (outcome->pairs.n > 1)
		qsort(outcome->pairs.items, outcome->pairs.n,
			sizeof(outcome->pairs.items[0]), compare_pairs);
}

/* Sorts; leaves out what was told twice or of messages nobody named. */
static void
settle_pairs(struct imap_outcome *outcome, const struct uidset *set)
{
	struct imap_pairs *pairs = &outcome->pairs;
	size_t n = 0;

	imap_sort_pairs(outcome);
	for (size_t i = 0; i < pairs->n;) {
		size_t same = i + 1;

		while (same < pairs->n &&
			pairs->items[same].from == pairs->items[i].from)
			same++;
		if (same == i + 1 && uidset_has(set, pairs->items[i].from))
			pairs->items[n++] = pairs->items[i];
		i = same;
	}
	pairs->n = n;
	if (n == 0)
		outcome->uidvalidity = 0;
}

/* Writes the command for some of the ranges, from `*next` on. */
static bool
put_part(struct imap *imap, const struct change *change,
	const struct uidset *set, size_t *next, struct portion *ret_part,
	struct error *err)
{
	size_t behind = change->mailbox ? 2 * strlen(change->mailbox) + 2
					: change->behind.len;
	size_t room = IMAP_COMMAND_MAX - 100;

	room = behind < room / 2 ? room - behind : room / 2;
	ret_part->from = *next;
	ret_part->tag = imap_begin(imap, change->step);
	imap_putf(imap, "UID %s ", change->verb);
	imap_put_set(imap, set, room, next);
	ret_part->to = *next;
	if (change->mailbox) {
		imap_put(imap, " ");
		if (!imap_put_string(imap, slice_str(change->mailbox), err))
			return false;
	} else {
		strbuf_add_slice(&imap->out, change->behind);
	}
	imap_end(imap);
	return true;
}

static bool
put_parts(struct imap *imap, const struct change *change,
	const struct uidset *set, struct portion_array *parts,
	struct error *err)
{
	size_t next = 0;

	while (next < set->n) {
		struct portion part;

		if (!put_part(imap, change, set, &next, &part, err))
			return false;
		array_push(parts, part);
	}
	return imap_flush(imap, err);
}

/* Every answer is waited for, also behind a refusal. */
static bool
wait_parts(struct imap *imap, const struct uidset *set,
	const struct portion_array *parts, struct imap_outcome *outcome,
	char **ret_said, struct error *err)
{
	for (size_t i = 0; i < parts->n; i++) {
		const struct portion *part = &parts->items[i];
		char *code CLEANUP(freep) = NULL;
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;

		if (!imap_wait_answer(
			    imap, part->tag, &answer, &code, &said, err))
			return false;
		for (size_t j = part->from; answer == ANSWER_OK && j < part->to;
			j++)
			uidset_add_range(&outcome->done, set->ranges[j].first,
				set->ranges[j].last);
		if (answer == ANSWER_OK || outcome->why != IMAP_WHY_NONE)
			continue;
		outcome->why = imap_why_of(answer, code);
		*ret_said = STEAL(said);
	}
	return true;
}

static bool
change_set(struct imap *imap, const struct change *change,
	const struct uidset *set, struct imap_outcome *outcome,
	struct error *err)
{
	struct error refused CLEANUP(error_clear) = ERROR_INIT;
	struct portion_array parts = { 0 };
	char *said CLEANUP(freep) = NULL;
	bool sent, heard;

	*outcome = (struct imap_outcome){ 0 };
	if (!imap_enter(imap, change->step, err) ||
		(change->mailbox && !imap_is_sendable(change->mailbox, err)))
		return false;
	imap->outcome = outcome;
	/* A name sent as a literal may be refused as such, behind commands
	 * that are under way. */
	sent = put_parts(imap, change, set, &parts, &refused);
	heard = (sent || refused.kind == ERR_REFUSED) &&
		wait_parts(imap, set, &parts, outcome, &said, err);
	imap->outcome = NULL;
	array_clear(&parts);
	settle_pairs(outcome, set);
	if (!sent && (refused.kind != ERR_REFUSED || heard)) {
		if (outcome->why == IMAP_WHY_NONE &&
			refused.kind == ERR_REFUSED)
			outcome->why = IMAP_WHY_OTHER;
		return error_move(err, &refused);
	}
	return heard &&
	       (outcome->why == IMAP_WHY_NONE || imap_refuse(imap, said, err));
}

bool
imap_store(struct imap *imap, const struct uidset *set, bool add,
	const struct flags *flags, struct imap_outcome *ret_outcome,
	struct error *err)
{
	struct strbuf behind CLEANUP(strbuf_clear) = { 0 };
	struct change change = { .step = STEP_STORE, .verb = "STORE" };

	*ret_outcome = (struct imap_outcome){ 0 };
	strbuf_init(&behind, IMAP_COMMAND_MAX / 2);
	strbuf_add_str(&behind, add ? " +FLAGS (" : " -FLAGS (");
	flags_print(flags, &behind);
	strbuf_add_str(&behind, ")");
	if (behind.full)
		return error_set(err, ERR_LIMIT, _("Too many keywords"));
	change.behind = strbuf_slice(&behind);
	return change_set(imap, &change, set, ret_outcome, err);
}

bool
imap_move(struct imap *imap, const struct uidset *set, const char *mailbox,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct change change = {
		.step = STEP_MOVE, .verb = "MOVE", .mailbox = mailbox
	};

	return change_set(imap, &change, set, ret_outcome, err);
}

bool
imap_copy(struct imap *imap, const struct uidset *set, const char *mailbox,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct change change = {
		.step = STEP_COPY, .verb = "COPY", .mailbox = mailbox
	};

	return change_set(imap, &change, set, ret_outcome, err);
}

bool
imap_expunge(struct imap *imap, const struct uidset *set,
	struct imap_outcome *ret_outcome, struct error *err)
{
	struct change change = { .step = STEP_EXPUNGE, .verb = "EXPUNGE" };

	return change_set(imap, &change, set, ret_outcome, err);
}
