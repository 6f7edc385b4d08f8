/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDLE (RFC 9051 6.3.13) and NOTIFY (RFC 5465). */
#include "base/mem.h"
#include "net/imap_private.h"

bool
imap_notify(struct imap *imap, struct error *err)
{
	uint64_t tag;

	if (!imap_enter(imap, STEP_NOTIFY, err))
		return false;
	if (!(imap->can.capabilities & IMAP_NOTIFY))
		return imap_refuse(imap, NULL, err);
	tag = imap_begin(imap, STEP_NOTIFY);
	/*
	 * STATUS: how all are now, so that nothing falls between the last look
	 * and this.  RFC 5465 6.2: a plain SELECTED could tell of expunged
	 * positions at any moment; with QRESYNC there are none.
	 */
	imap_putf(imap,
		"NOTIFY SET STATUS (%s (MessageNew MessageExpunge FlagChange)) "
		"(PERSONAL (MessageNew MessageExpunge FlagChange MailboxName "
		"SubscriptionChange))\r\n",
		imap->enabled & IMAP_QRESYNC ? "SELECTED" : "SELECTED-DELAYED");
	return imap_flush(imap, err) && imap_wait(imap, tag, err);
}

/* Dispatches what comes until there is news or a reason to stop. */
static bool
wait_for_news(struct imap *imap, uint64_t before, int wake_fd,
	int64_t deadline_us, enum wire_event *ret_event, struct error *err)
{
	*ret_event = WIRE_DATA;
	while (imap->news == before) {
		if (!frame_wait(
			    imap->frame, wake_fd, deadline_us, ret_event, err))
			return imap_die(imap, err);
		if (*ret_event != WIRE_DATA)
			return true;
		if (!imap_pump(imap, err) || !imap_pump_now(imap, err))
			return false;
	}
	return true;
}

static bool
idle(struct imap *imap, uint64_t before, int wake_fd, int64_t deadline_us,
	struct error *err)
{
	char *said CLEANUP(freep) = NULL;
	enum wire_event event;
	enum imap_answer answer;
	uint64_t tag = imap_begin(imap, STEP_WATCH);
	bool continued;

	imap_put(imap, "IDLE\r\n");
	if (!imap_flush(imap, err) ||
		!imap_wait_continuation(imap, tag, &continued, err))
		return false;
	if (continued) {
		if (!wait_for_news(
			    imap, before, wake_fd, deadline_us, &event, err))
			return false;
		imap_put(imap, "DONE\r\n");
		if (!imap_flush(imap, err))
			return false;
	}
	if (!imap_wait_answer(imap, tag, &answer, NULL, &said, err))
		return false;
	/* It offers IDLE and will not: by NOOP from now on. */
	if (!continued)
		imap->can.capabilities &= ~(uint32_t)IMAP_IDLE;
	return true;
}

bool
imap_watch(
	struct imap *imap, int wake_fd, int64_t deadline_us, struct error *err)
{
	uint64_t before = imap->news;
	enum wire_event event;

	if (!imap_enter(imap, STEP_WATCH, err) || !imap_pump_now(imap, err))
		return false;
	if (imap->news != before)
		return true;
	if (imap->can.capabilities & IMAP_IDLE)
		return idle(imap, before, wake_fd, deadline_us, err);
	if (!wait_for_news(imap, before, wake_fd, deadline_us, &event, err))
		return false;
	return event != WIRE_TIMEOUT || imap_noop(imap, err);
}
