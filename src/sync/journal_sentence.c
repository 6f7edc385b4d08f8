/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done, in words. */
#include "base/bug.h"
#include "base/gettext.h"
#include "i18n/format.h"
#include "sync/journal.h"

static void
add_of_folder(enum action_verb verb, const char *target, struct strbuf *out)
{
	switch ((int)verb) {
	case ACTION_FOLDER_CREATE:
		strbuf_addf(out, _("Created the folder %s"), target);
		return;
	case ACTION_FOLDER_RENAME:
		strbuf_addf(out, _("Renamed the folder to %s"), target);
		return;
	case ACTION_FOLDER_DELETE:
		strbuf_addf(out, _("Deleted the folder %s"), target);
		return;
	case ACTION_FOLDER_SUBSCRIBE:
		strbuf_addf(out, _("Subscribed to %s"), target);
		return;
	default:
		strbuf_addf(out, _("Unsubscribed from %s"), target);
		return;
	}
}

static void
add_moved(enum action_verb verb, unsigned long n, struct strbuf *out)
{
	char shown[FORMAT_SIZE];

	format_number((int64_t)n, shown);
	switch ((int)verb) {
	case ACTION_ARCHIVE:
		strbuf_addf(out,
			P_("Archived %s message", "Archived %s messages", n),
			shown);
		return;
	case ACTION_DELETE:
		strbuf_addf(out,
			P_("Moved %s message to the trash",
				"Moved %s messages to the trash", n),
			shown);
		return;
	case ACTION_DELETE_FOR_GOOD:
		strbuf_addf(out,
			P_("Deleted %s message for good",
				"Deleted %s messages for good", n),
			shown);
		return;
	default:
		UNREACHABLE();
	}
}

static void
add_counted(enum action_verb verb, unsigned long n, struct strbuf *out)
{
	char shown[FORMAT_SIZE];

	format_number((int64_t)n, shown);
	switch ((int)verb) {
	case ACTION_READ:
		strbuf_addf(out,
			P_("Marked %s message as read",
				"Marked %s messages as read", n),
			shown);
		return;
	case ACTION_UNREAD:
		strbuf_addf(out,
			P_("Marked %s message as unread",
				"Marked %s messages as unread", n),
			shown);
		return;
	case ACTION_STAR:
		strbuf_addf(out,
			P_("Starred %s message", "Starred %s messages", n),
			shown);
		return;
	case ACTION_UNSTAR:
		strbuf_addf(out,
			P_("Took the star off %s message",
				"Took the star off %s messages", n),
			shown);
		return;
	case ACTION_SPAM:
		strbuf_addf(out,
			P_("Marked %s message as spam",
				"Marked %s messages as spam", n),
			shown);
		return;
	case ACTION_NOT_SPAM:
		strbuf_addf(out,
			P_("Marked %s message as not spam",
				"Marked %s messages as not spam", n),
			shown);
		return;
	default:
		add_moved(verb, n, out);
		return;
	}
}

static void
add_targeted(enum action_verb verb, unsigned long n, const char *target,
	struct strbuf *out)
{
	char shown[FORMAT_SIZE];

	format_number((int64_t)n, shown);
	switch ((int)verb) {
	case ACTION_FLAGS:
		strbuf_addf(out,
			P_("Changed flags of %s message: %s",
				"Changed flags of %s messages: %s", n),
			shown, target);
		return;
	case ACTION_LABEL:
		strbuf_addf(out,
			P_("Labelled %s message %s", "Labelled %s messages %s",
				n),
			shown, target);
		return;
	case ACTION_UNLABEL:
		strbuf_addf(out,
			P_("Took from %s message the label %s",
				"Took from %s messages the label %s", n),
			shown, target);
		return;
	case ACTION_MOVE:
		strbuf_addf(out,
			P_("Moved %s message to %s", "Moved %s messages to %s",
				n),
			shown, target);
		return;
	case ACTION_COPY:
		strbuf_addf(out,
			P_("Copied %s message to %s",
				"Copied %s messages to %s", n),
			shown, target);
		return;
	case ACTION_READ_FOLDER:
		strbuf_addf(out,
			P_("Marked %s message in %s as read",
				"Marked %s messages in %s as read", n),
			shown, target);
		return;
	case ACTION_APPEND:
		strbuf_addf(out,
			P_("Added %s message to %s", "Added %s messages to %s",
				n),
			shown, target);
		return;
	default:
		add_of_folder(verb, target, out);
		return;
	}
}

/* By a server that deletes all that is marked, or nothing. */
static void
add_marked(unsigned long n, struct strbuf *out)
{
	char shown[FORMAT_SIZE];

	strbuf_addf(out,
		P_("Marked %s message as deleted: the server keeps it",
			"Marked %s messages as deleted: the server keeps them",
			n),
		format_number((int64_t)n, shown));
}

static bool
is_counted(enum action_verb verb)
{
	return (verb >= ACTION_READ && verb <= ACTION_UNSTAR) ||
	       (verb >= ACTION_ARCHIVE && verb <= ACTION_NOT_SPAM);
}

void
journal_sentence(const struct journal_done *done, struct strbuf *out)
{
	bool inverts = done->is_undo || done->is_redo;
	/* What waits of an undo was counted when it was done. */
	uint64_t n = done->n + (inverts ? 0 : done->n_waiting);

	if (inverts && !done->action && n == 0) {
		strbuf_add_str(out, done->is_undo ? _("Nothing to undo")
						  : _("Nothing to redo"));
		return;
	}
	if (n == 0 && !inverts) {
		strbuf_add_str(out, _("Nothing to change"));
		return;
	}
	if (done->n_missed > 0) {
		strbuf_addf(out,
			done->is_undo ? _("Undone for %llu of %llu: ")
				      : _("Done again for %llu of %llu: "),
			(unsigned long long)n,
			(unsigned long long)(n + done->n_missed));
		n += done->n_missed;
	} else if (done->is_undo)
		strbuf_add_str(out, _("Undone: "));
	else if (done->is_redo)
		strbuf_add_str(out, _("Done again: "));
	if (done->keeps && done->verb == ACTION_DELETE_FOR_GOOD)
		add_marked((unsigned long)n, out);
	else if (is_counted(done->verb))
		add_counted(done->verb, (unsigned long)n, out);
	else
		add_targeted(done->verb, (unsigned long)n,
			done->target ? done->target : "", out);
}
