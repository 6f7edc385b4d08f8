/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/event.h"

#include <stdlib.h>

#include "sync/private.h"

void
event_free(struct event *event)
{
	if (!event)
		return;
	free(event->text);
	free(event);
}

static void
event_free_link(struct link *item)
{
	event_free((struct event *)item);
}

/* Whether `b` tells nothing that `a`, still queued, does not; newer numbers
 * are taken over. */
static bool
event_covers(struct link *queued, const struct link *fresh)
{
	struct event *a = (struct event *)queued;
	const struct event *b = (const struct event *)fresh;

	if (a->type != b->type || a->account != b->account)
		return false;
	switch (a->type) {
	case EVENT_ACCOUNT_CHANGED:
	case EVENT_TREE_CHANGED:
	case EVENT_COUNTS_CHANGED:
	case EVENT_QUESTION:
	case EVENT_JOURNAL_CHANGED:
	case EVENT_HANDED_ON:
	case EVENT_ENGINE_IS_OURS:
		return true;
	case EVENT_FOLDER_CHANGED:
		return a->folder == b->folder;
	case EVENT_MESSAGE_CHANGED:
		return a->message == b->message;
	case EVENT_PROGRESS:
		if (a->progress != b->progress || a->folder != b->folder ||
			a->message != b->message)
			return false;
		a->done = b->done;
		a->total = b->total;
		return true;
	case EVENT_FETCH_FAILED:
	case EVENT_PASS_TAKEN:
	case EVENT_PASS_ENDED:
	case EVENT_ALERT:
		return false;
	}
	UNREACHABLE();
}

const struct queue_ops event_queue_ops = {
	.covers = event_covers,
	.free = event_free_link,
};
