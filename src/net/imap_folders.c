/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LIST with its many extensions, and STATUS. */
#include <stdlib.h>

#include "base/mem.h"
#include "net/imap_name.h"
#include "net/imap_private.h"

enum { STATUS_IN_FLIGHT = 64 };

static void
listing_end(struct imap *imap, struct imap_listing *listing)
{
	imap->listing = NULL;
	map_free(listing->by_name);
	listing->by_name = NULL;
}

static void
listing_begin(struct imap *imap, struct imap_listing *listing,
	struct imap_mailboxes *mailboxes)
{
	*listing = (struct imap_listing){
		.mailboxes = mailboxes,
		.by_name = map_new(NULL),
	};
	imap->listing = listing;
}

/* Gives out what was listed, if all went well; returns `good`. */
static bool
listing_done(struct imap *imap, struct imap_listing *listing, bool good,
	struct imap_mailboxes *ret_mailboxes)
{
	struct imap_mailboxes *mailboxes = listing->mailboxes;

	listing_end(imap, listing);
	if (!good)
		return false;
	*ret_mailboxes = *mailboxes;
	*mailboxes = (struct imap_mailboxes){ 0 };
	return true;
}

/*
 * Namespaces that hold no mail folders, as UW imapd offers them (RFC 2342):
 * Usenet, FTP, and the home directories of all users.
 */
static const char *const no_mail[] = { "#news.", "#ftp/", "~" };

/* "(MESSAGES ...)", with what the server knows. */
static void
put_status_items(struct imap *imap)
{
	imap_put(imap, "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY");
	if (imap->can.capabilities & IMAP_CONDSTORE)
		imap_put(imap, " HIGHESTMODSEQ");
	imap_put(imap, ")");
}

bool
imap_list_send(struct imap *imap, struct imap_list_commands *ret_commands,
	struct error *err)
{
	uint32_t can = imap->can.capabilities;
	struct imap_list_commands commands = { 0 };

	commands.extended =
		(can & IMAP_LIST_EXTENDED) && !imap->list_return_fails;
	commands.list = imap_begin(imap, STEP_LIST);
	if (commands.extended) {
		imap_put(imap, "LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN");
		/* RFC 6154 2: it may need to be asked for. */
		if (can & IMAP_SPECIAL_USE)
			imap_put(imap, " SPECIAL-USE");
		if (can & IMAP_LIST_STATUS) {
			imap_put(imap, " STATUS ");
			put_status_items(imap);
		}
		imap_put(imap, ")\r\n");
	} else {
		bool xlist = (can & IMAP_XLIST) && !(can & IMAP_SPECIAL_USE);

		imap_putf(imap, "%s \"\" \"*\"\r\n", xlist ? "XLIST" : "LIST");
		commands.lsub = imap_begin(imap, STEP_LIST);
		imap_put(imap, "LSUB \"\" \"*\"\r\n");
	}
	*ret_commands = commands;
	return imap_flush(imap, err);
}

/* Waits for LIST and LSUB.  `*ret_again`: say it without RETURN. */
static bool
list_wait(struct imap *imap, const struct imap_list_commands *commands,
	bool *ret_again, struct error *err)
{
	char *said CLEANUP(freep) = NULL;
	enum imap_answer answer;

	*ret_again = false;
	if (!imap_wait_answer(imap, commands->list, &answer, NULL, &said, err))
		return false;
	if (answer != ANSWER_OK && commands->extended) {
		imap->list_return_fails = true;
		*ret_again = true;
		return true;
	}
	if (commands->lsub) {
		char *ignored CLEANUP(freep) = NULL;
		enum imap_answer lsub;

		if (!imap_wait_answer(
			    imap, commands->lsub, &lsub, NULL, &ignored, err))
			return false;
	}
	return answer == ANSWER_OK || imap_refuse(imap, said, err);
}

/* Whether something listed stands in the namespace. */
static bool
is_listed(const struct imap_mailboxes *mailboxes,
	const struct imap_namespace *space)
{
	size_t n = strlen(space->prefix);

	/* "#news." itself may be listed as "#news". */
	if (n > 0 && space->delimiter &&
		space->prefix[n - 1] == space->delimiter)
		n--;
	for (size_t i = 0; i < mailboxes->n; i++) {
		if (strncmp(mailboxes->items[i].name, space->prefix, n) == 0)
			return true;
	}
	return n == 0;
}

static bool
holds_mail(const struct imap_namespace *space)
{
	for (size_t i = 0; i < ARRAY_LEN(no_mail); i++) {
		if (strcmp(space->prefix, no_mail[i]) == 0)
			return false;
	}
	/* Wildcards in it would list something else. */
	return !strpbrk(space->prefix, "*%");
}

/*
 * Namespaces that LIST "*" left out (RFC 2342 5 leaves it to the server): one
 * more round trip, for servers that have such.
 */
static bool
list_namespaces(struct imap *imap, const struct imap_listing *listing,
	struct error *err)
{
	uint64_t tags[IMAP_NAMESPACES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < imap->namespaces.n; i++) {
		const struct imap_namespace *space = &imap->namespaces.items[i];
		char *pattern CLEANUP(freep) = NULL;

		if (is_listed(listing->mailboxes, space) || !holds_mail(space))
			continue;
		pattern = xasprintf("%s*", space->prefix);
		tags[n++] = imap_begin(imap, STEP_LIST);
		imap_put(imap, "LIST \"\" ");
		if (!imap_put_string(imap, slice_str(pattern), err))
			return false;
		imap_end(imap);
	}
	if (n > 0 && !imap_flush(imap, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;

		if (!imap_wait_answer(imap, tags[i], &answer, NULL, &said, err))
			return false;
	}
	return true;
}

static bool
put_status(struct imap *imap, const char *name, struct error *err)
{
	imap_put(imap, "STATUS ");
	if (!imap_put_string(imap, slice_str(name), err))
		return false;
	imap_put(imap, " ");
	put_status_items(imap);
	imap_end(imap);
	return true;
}

/* STATUS of what has none yet, a window of commands in flight. */
static bool
status_of(struct imap *imap, struct imap_mailboxes *mailboxes, bool all,
	struct error *err)
{
	size_t sent = 0, taken = 0;
	uint64_t *tags CLEANUP(freep) =
		xreallocarray(NULL, mailboxes->n + 1, sizeof(*tags));

	for (;;) {
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;
		size_t first = sent;

		for (; sent < mailboxes->n && sent - taken < STATUS_IN_FLIGHT;
			sent++) {
			struct imap_mailbox *mailbox = &mailboxes->items[sent];

			tags[sent] = 0;
			if (!all &&
				(!mailbox->selectable || mailbox->has_status))
				continue;
			tags[sent] = imap_begin(imap, STEP_STATUS);
			if (!put_status(imap, mailbox->name, err)) {
				if (err->kind != ERR_REFUSED)
					return false;
				error_clear(err);
				tags[sent] = 0;
			}
		}
		if (sent > first && imap->out.len > 0 && !imap_flush(imap, err))
			return false;
		if (taken == sent)
			return true;
		if (tags[taken] && !imap_wait_answer(imap, tags[taken], &answer,
					   NULL, &said, err))
			return false;
		taken++;
	}
}

/* After the first LIST: again if need be, other namespaces, STATUS. */
static bool
list_rest(struct imap *imap, struct imap_listing *listing, bool again,
	bool with_status, struct error *err)
{
	struct imap_list_commands commands;

	if (again && (!imap_list_send(imap, &commands, err) ||
			     !list_wait(imap, &commands, &again, err)))
		return false;
	if (!list_namespaces(imap, listing, err))
		return false;
	return !with_status || status_of(imap, listing->mailboxes, false, err);
}

bool
imap_list(struct imap *imap, struct imap_mailboxes *ret_mailboxes,
	struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };
	struct imap_list_commands commands;
	struct imap_listing listing;
	bool again, good;

	if (!imap_enter(imap, STEP_LIST, err))
		return false;
	listing_begin(imap, &listing, &mailboxes);
	good = imap_list_send(imap, &commands, err) &&
	       list_wait(imap, &commands, &again, err) &&
	       list_rest(imap, &listing, again, true, err);
	return listing_done(imap, &listing, good, ret_mailboxes);
}

/* Whatever comes of it; an empty mailbox has no newest message. */
static bool
newest_wait(struct imap *imap, uint64_t tag, struct error *err)
{
	enum imap_answer answer;

	return imap_enter(imap, STEP_FETCH, err) &&
	       imap_wait_answer(imap, tag, &answer, NULL, NULL, err);
}

/* The mailbox was refused: what was asked behind it is heard to its end, and
 * dropped.  Returns false. */
static bool
drop_rest(struct imap *imap, uint64_t newest,
	const struct imap_list_commands *commands, struct error *err)
{
	struct error other CLEANUP(error_clear) = ERROR_INIT;
	bool again;

	if (err->kind == ERR_REFUSED &&
		(!newest_wait(imap, newest, &other) ||
			!list_wait(imap, commands, &again, &other)) &&
		other.kind != ERR_REFUSED)
		error_move(err, &other);
	return false;
}

bool
imap_list_and_select(struct imap *imap, const char *mailbox,
	const struct imap_select *how, struct imap_mailboxes *ret_mailboxes,
	struct imap_selected *ret_selected, struct error *err)
{
	struct imap_mailboxes mailboxes CLEANUP(imap_mailboxes_clear) = { 0 };
	struct imap_list_commands commands;
	struct imap_listing listing;
	uint64_t tag, newest;
	bool again, good;

	if (!imap_enter(imap, STEP_SELECT, err) ||
		!imap_is_sendable(mailbox, err))
		return false;
	listing_begin(imap, &listing, &mailboxes);
	good = imap_select_send(imap, mailbox, how, ret_selected, &tag, err) &&
	       imap_newest_send(imap, &newest, err) &&
	       imap_list_send(imap, &commands, err);
	if (good &&
		!imap_select_wait(imap, mailbox, how, tag, ret_selected, err))
		good = drop_rest(imap, newest, &commands, err);
	good = good && newest_wait(imap, newest, err) &&
	       imap_enter(imap, STEP_LIST, err) &&
	       list_wait(imap, &commands, &again, err) &&
	       list_rest(imap, &listing, again, false, err);
	return listing_done(imap, &listing, good, ret_mailboxes);
}

bool
imap_status(struct imap *imap, char *const *names, size_t n,
	struct imap_mailboxes *ret_mailboxes, struct error *err)
{
	struct imap_mailboxes asked CLEANUP(imap_mailboxes_clear) = { 0 };
	struct imap_listing listing;
	bool good;

	if (!imap_enter(imap, STEP_STATUS, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!imap_is_sendable(names[i], err))
			return false;
	}
	listing_begin(imap, &listing, &asked);
	listing.is_status = true;
	for (size_t i = 0; i < n; i++) {
		array_push(&asked, ((struct imap_mailbox){
					   .name = xstrdup(names[i]),
					   .selectable = true,
				   }));
		map_put(listing.by_name, names[i], (void *)(uintptr_t)asked.n);
	}
	good = status_of(imap, &asked, true, err);
	listing_end(imap, &listing);
	if (!good)
		return false;
	*ret_mailboxes = (struct imap_mailboxes){ 0 };
	for (size_t i = 0; i < asked.n; i++) {
		if (!asked.items[i].has_status)
			continue;
		array_push(ret_mailboxes, asked.items[i]);
		asked.items[i].name = NULL;
	}
	return true;
}
