/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refusals and their reasons; commands about whole mailboxes; MYRIGHTS. */
#include "net/imap_change.h"

#include <stdlib.h>

#include "base/mem.h"
#include "net/imap_private.h"

static const struct {
	const char *code;
	enum imap_why why;
} reasons[] = {
	{ "ALREADYEXISTS", IMAP_WHY_ALREADY_EXISTS },
	{ "CANNOT", IMAP_WHY_CANNOT },
	{ "EXPUNGEISSUED", IMAP_WHY_EXPUNGE_ISSUED },
	{ "HASCHILDREN", IMAP_WHY_HAS_CHILDREN },
	{ "INUSE", IMAP_WHY_IN_USE },
	{ "LIMIT", IMAP_WHY_LIMIT },
	{ "NONEXISTENT", IMAP_WHY_NONEXISTENT },
	{ "NOPERM", IMAP_WHY_NO_PERMISSION },
	{ "OVERQUOTA", IMAP_WHY_OVER_QUOTA },
	{ "READ-ONLY", IMAP_WHY_READ_ONLY },
	{ "SERVERBUG", IMAP_WHY_SERVER_BUG },
	{ "TOOBIG", IMAP_WHY_TOO_BIG },
	{ "TRYCREATE", IMAP_WHY_TRY_CREATE },
	{ "UNAVAILABLE", IMAP_WHY_UNAVAILABLE },
};

bool
imap_why_is_temporary(enum imap_why why)
{
	return why == IMAP_WHY_IN_USE || why == IMAP_WHY_UNAVAILABLE ||
	       why == IMAP_WHY_LIMIT || why == IMAP_WHY_SERVER_BUG;
}

enum imap_why
imap_why_of(enum imap_answer answer, const char *code)
{
	if (answer == ANSWER_OK)
		return IMAP_WHY_NONE;
	for (size_t i = 0; code && i < ARRAY_LEN(reasons); i++) {
		if (ascii_eq_nocase(code, reasons[i].code))
			return reasons[i].why;
	}
	return answer == ANSWER_BAD ? IMAP_WHY_BAD : IMAP_WHY_OTHER;
}

bool
imap_wait_why(struct imap *imap, uint64_t tag, enum imap_why *ret_why,
	struct error *err)
{
	char *code CLEANUP(freep) = NULL;
	char *said CLEANUP(freep) = NULL;
	enum imap_answer answer;

	*ret_why = IMAP_WHY_NONE;
	if (!imap_wait_answer(imap, tag, &answer, &code, &said, err))
		return false;
	*ret_why = imap_why_of(answer, code);
	return answer == ANSWER_OK || imap_refuse(imap, said, err);
}

/* "VERB mailbox" or "VERB mailbox other". */
static bool
about_mailbox(struct imap *imap, const char *verb, const char *mailbox,
	const char *other, enum imap_why *ret_why, struct error *err)
{
	uint64_t tag;

	*ret_why = IMAP_WHY_NONE;
	if (!imap_enter(imap, STEP_FOLDER, err) ||
		!imap_is_sendable(mailbox, err) ||
		(other && !imap_is_sendable(other, err)))
		return false;
	tag = imap_begin(imap, STEP_FOLDER);
	imap_putf(imap, "%s ", verb);
	if (!imap_put_string(imap, slice_str(mailbox), err))
		return imap_not_put(ret_why, err);
	if (other) {
		imap_put(imap, " ");
		if (!imap_put_string(imap, slice_str(other), err))
			return imap_not_put(ret_why, err);
	}
	imap_end(imap);
	return imap_flush(imap, err) && imap_wait_why(imap, tag, ret_why, err);
}

bool
imap_not_put(enum imap_why *ret_why, const struct error *err)
{
	*ret_why = err->kind == ERR_REFUSED ? IMAP_WHY_OTHER : IMAP_WHY_NONE;
	return false;
}

bool
imap_create(struct imap *imap, const char *mailbox, enum imap_why *ret_why,
	struct error *err)
{
	return about_mailbox(imap, "CREATE", mailbox, NULL, ret_why, err);
}

bool
imap_rename(struct imap *imap, const char *from, const char *to,
	enum imap_why *ret_why, struct error *err)
{
	return about_mailbox(imap, "RENAME", from, to, ret_why, err);
}

bool
imap_delete(struct imap *imap, const char *mailbox, enum imap_why *ret_why,
	struct error *err)
{
	return about_mailbox(imap, "DELETE", mailbox, NULL, ret_why, err);
}

bool
imap_subscribe(struct imap *imap, const char *mailbox, bool subscribe,
	enum imap_why *ret_why, struct error *err)
{
	return about_mailbox(imap, subscribe ? "SUBSCRIBE" : "UNSUBSCRIBE",
		mailbox, NULL, ret_why, err);
}

bool
imap_myrights(struct imap *imap, const char *mailbox, uint32_t *ret_rights,
	struct error *err)
{
	uint32_t rights = IMAP_RIGHTS_ALL;
	enum imap_answer answer;
	uint64_t tag;

	*ret_rights = rights;
	if (!imap_enter(imap, STEP_RIGHTS, err) ||
		!imap_is_sendable(mailbox, err))
		return false;
	if (!(imap->can.capabilities & IMAP_ACL))
		return true;
	tag = imap_begin(imap, STEP_RIGHTS);
	imap_put(imap, "MYRIGHTS ");
	if (!imap_put_string(imap, slice_str(mailbox), err))
		return false;
	imap_end(imap);
	imap->rights = &rights;
	if (!imap_flush(imap, err) ||
		!imap_wait_answer(imap, tag, &answer, NULL, NULL, err))
		return false;
	imap->rights = NULL;
	*ret_rights = rights;
	return true;
}

/* A CLOSE would expunge; where UNSELECT (RFC 3691) is not offered, another
 * mailbox takes its place. */
bool
imap_unselect(struct imap *imap, struct error *err)
{
	struct imap_select how = { .read_only = true };
	struct imap_selected ignored;
	uint64_t tag;

	if (!imap->selected)
		return imap_enter(imap, STEP_SELECT, err);
	if (!(imap->can.capabilities & IMAP_UNSELECT))
		return imap_select(imap, "INBOX", &how, &ignored, err);
	if (!imap_enter(imap, STEP_SELECT, err))
		return false;
	tag = imap_begin(imap, STEP_SELECT);
	imap_put(imap, "UNSELECT\r\n");
	if (!imap_flush(imap, err) || !imap_wait(imap, tag, err))
		return false;
	imap->selected = false;
	return true;
}
