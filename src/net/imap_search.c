/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SEARCH (RFC 9051 6.4.4), with ESEARCH's compact answers where offered. */
#include "base/mem.h"
#include "net/imap_private.h"

/* "UID SEARCH " and how the answer is wanted. */
static uint64_t
search_begin(struct imap *imap)
{
	uint64_t tag = imap_begin(imap, STEP_SEARCH);

	imap_put(imap, "UID SEARCH ");
	if (imap->can.capabilities & IMAP_ESEARCH)
		imap_put(imap, "RETURN (ALL) ");
	return tag;
}

/* Sends what was written behind search_begin() and collects the answer. */
static bool
search_end(struct imap *imap, uint64_t tag, struct uidset *ret_uids,
	struct error *err)
{
	struct imap_ranges found = { 0 };
	bool good;

	imap_end(imap);
	imap->found = &found;
	good = imap_flush(imap, err) && imap_wait(imap, tag, err);
	imap->found = NULL;
	if (good)
		imap_ranges_finish(&found, ret_uids);
	else
		array_clear(&found);
	return good;
}

static bool
is_ascii(const char *text)
{
	while (*text && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

bool
imap_search_all(struct imap *imap, struct uidset *ret_uids, struct error *err)
{
	uint64_t tag;

	if (!imap_enter(imap, STEP_SEARCH, err))
		return false;
	tag = search_begin(imap);
	imap_put(imap, "ALL");
	return search_end(imap, tag, ret_uids, err);
}

bool
imap_search_message_id(struct imap *imap, const char *message_id,
	struct uidset *ret_uids, struct error *err)
{
	uint64_t tag;

	if (!imap_enter(imap, STEP_SEARCH, err) ||
		!imap_is_sendable(message_id, err))
		return false;
	tag = search_begin(imap);
	/* RFC 6855 3: in UTF-8 mode there is no other charset. */
	if (!is_ascii(message_id) && !(imap->enabled & IMAP_UTF8_ACCEPT))
		imap_put(imap, "CHARSET UTF-8 ");
	imap_put(imap, "HEADER Message-ID ");
	return imap_put_string(imap, slice_str(message_id), err) &&
	       search_end(imap, tag, ret_uids, err);
}

bool
imap_search_in(struct imap *imap, const struct uidset *set,
	struct uidset *ret_there, struct error *err)
{
	struct imap_ranges found = { 0 };
	char *first CLEANUP(freep) = NULL;
	bool good, refused = false;
	uint64_t group = 0, tag;
	size_t next = 0;

	if (!imap_enter(imap, STEP_SEARCH, err))
		return false;
	while (next < set->n) {
		tag = search_begin(imap);
		group = group ? group : tag;
		imap_join(imap, tag, group);
		imap_put(imap, "UID ");
		imap_put_set(imap, set, IMAP_COMMAND_MAX - 100, &next);
		imap_end(imap);
	}
	imap->found = &found;
	good = group == 0 || imap_flush(imap, err);
	while (good && group && (tag = imap_next_of(imap, group)) != 0) {
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;

		good = imap_wait_answer(imap, tag, &answer, NULL, &said, err);
		if (!good || answer == ANSWER_OK)
			continue;
		if (!refused)
			first = STEAL(said);
		refused = true;
	}
	imap->found = NULL;
	if (good && refused)
		good = imap_refuse(imap, first, err);
	if (good)
		imap_ranges_finish(&found, ret_there);
	else
		array_clear(&found);
	return good;
}
