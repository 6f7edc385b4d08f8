/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SELECT and EXAMINE, with CONDSTORE or QRESYNC (RFC 7162). */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/imap_private.h"

/* Whether changes can be had with the SELECT; ENABLE's answer may still be on
 * its way. */
static bool
asks_for_changes(const struct imap *imap, const struct imap_select *how)
{
	return how->uidvalidity && how->modseq &&
	       (imap->can.capabilities & IMAP_QRESYNC) &&
	       (imap->enabling || (imap->enabled & IMAP_QRESYNC)) &&
	       !imap->qresync_fails;
}

static void
put_qresync(struct imap *imap, const struct imap_select *how)
{
	struct strbuf known CLEANUP(strbuf_clear) = { 0 };

	imap_putf(imap, " (QRESYNC (%" PRIu32 " %" PRIu64, how->uidvalidity,
		how->modseq);
	/* RFC 7162 3.2.5.1: without it the server takes 1:UIDNEXT. */
	strbuf_init(&known, IMAP_COMMAND_MAX / 2);
	if (how->known && how->known->n > 0 &&
		how->known->n < IMAP_COMMAND_MAX / 4) {
		uidset_print(how->known, &known);
		if (!known.full)
			imap_putf(imap, " %s", known.data);
	}
	imap_put(imap, "))");
}

bool
imap_select_send(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_selected *selected,
	uint64_t *ret_tag, struct error *err)
{
	uint64_t tag = imap_begin(imap, STEP_SELECT);

	imap_put(imap, how->read_only ? "EXAMINE " : "SELECT ");
	if (!imap_put_string(imap, slice_str(mailbox), err))
		return false;
	*selected = (struct imap_selected){ 0 };
	flags_clear(&imap->permanent_flags);
	selected->qresync = asks_for_changes(imap, how);
	selected->read_only = how->read_only;
	if (selected->qresync)
		put_qresync(imap, how);
	else if (imap->can.capabilities & IMAP_CONDSTORE)
		imap_put(imap, " (CONDSTORE)");
	imap_end(imap);
	imap->selecting = (struct imap_selecting){
		.selected = selected,
		.tag = tag,
		/* RFC 7162 3.2.11: then [CLOSED] tells where it ends. */
		.others = imap->selected && (imap->enabled & IMAP_QRESYNC),
	};
	*ret_tag = tag;
	return imap_flush(imap, err);
}

bool
imap_select_wait(struct imap *imap, const char *mailbox,
	const struct imap_select *how, uint64_t tag,
	struct imap_selected *selected, struct error *err)
{
	char *code CLEANUP(freep) = NULL;
	char *said CLEANUP(freep) = NULL;
	enum imap_answer answer;
	bool good = imap_wait_answer(imap, tag, &answer, &code, &said, err);

	imap->selecting.selected = NULL;
	/* RFC 9051 6.3.2: a SELECT that fails leaves none selected. */
	imap->selected = good && answer == ANSWER_OK;
	if (!good)
		return false;
	imap->select_why = imap_why_of(answer, code);
	if (answer == ANSWER_BAD && imap->can.capabilities & IMAP_CONDSTORE) {
		/* It offers the parameter and does not take it: without. */
		if (selected->qresync)
			imap->qresync_fails = true;
		else
			imap->can.capabilities &=
				~(uint32_t)(IMAP_CONDSTORE | IMAP_QRESYNC);
		return imap_select_send(
			       imap, mailbox, how, selected, &tag, err) &&
		       imap_select_wait(imap, mailbox, how, tag, selected, err);
	}
	if (answer != ANSWER_OK)
		return imap_refuse(imap, said, err);
	/* Dovecot tells it even where CONDSTORE is not offered. */
	if (!(imap->can.capabilities & IMAP_CONDSTORE))
		selected->highestmodseq = 0;
	selected->qresync = selected->qresync &&
			    (imap->enabled & IMAP_QRESYNC) &&
			    selected->uidvalidity == how->uidvalidity &&
			    selected->highestmodseq > 0;
	selected->permanent_flags = imap->permanent_flags;
	return true;
}

bool
imap_select(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_selected *ret_selected,
	struct error *err)
{
	struct imap_selected selected;
	uint64_t tag;

	if (!imap_enter(imap, STEP_SELECT, err) ||
		!imap_is_sendable(mailbox, err) ||
		!imap_select_send(imap, mailbox, how, &selected, &tag, err) ||
		!imap_select_wait(imap, mailbox, how, tag, &selected, err))
		return false;
	*ret_selected = selected;
	return true;
}

enum imap_why
imap_select_why(const struct imap *imap)
{
	return imap->select_why;
}
