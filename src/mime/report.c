/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/report.h"

#include "base/array.h"
#include "base/mem.h"
#include "mime/header.h"
#include "mime/report_private.h"
#include "mime/transfer.h"

enum {
	VALUE_MAX = 4 * 1024, /* of a field's value */
	GROUPS_MAX = 2 * REPORT_ENTRIES_MAX,
};

bool
report_is_part(const struct part *part)
{
	static const char *const types[] = {
		"message/delivery-status",
		"message/global-delivery-status",
		"message/disposition-notification",
		"message/global-disposition-notification",
		"message/feedback-report",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (part_is_type(part, types[i]))
			return true;
	}
	return false;
}

void
report_set_value(char **column, struct slice value)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, 4 * VALUE_MAX);
	header_decode(slice_head(value, VALUE_MAX), &text);
	report_set(column, strbuf_slice(&text));
}

/* "rfc822; ann@example.org" without its type, where it has one. */
static struct slice
without_type(struct slice value)
{
	size_t end = slice_find(value, ';');

	if (end == value.len)
		return value;
	for (size_t i = 0; i < end; i++) {
		char c = value.data[i];

		if (!ascii_is_alnum(c) && c != '-' && !ascii_is_space(c))
			return value;
	}
	return slice_trim(slice_skip(value, end + 1));
}

static struct slice
without_angles(struct slice address)
{
	if (address.len > 2 && address.data[0] == '<' &&
		address.data[address.len - 1] == '>')
		return slice_make(address.data + 1, address.len - 2);
	return address;
}

/* Whatever it is, of the two or three names it goes by. */
static void
set_recipient(struct report_entry *entry, struct slice value)
{
	report_set_value(
		&entry->recipient, without_angles(without_type(value)));
}

bool
report_find_id(struct slice value, struct slice *ret_id)
{
	size_t start = slice_find(value, '<');
	struct slice id = slice_skip(value, start + 1);

	id = slice_head(id, slice_find(id, '>'));
	*ret_id = slice_trim(id);
	return ret_id->len > 0 && ret_id->len <= REPORT_TEXT_MAX;
}

static void
set_about(struct report *report, struct slice value)
{
	struct slice id;

	if (!report->about && report_find_id(value, &id))
		report_set(&report->about, id);
}

/* --- delivery status ----------------------------------------------------- */

static bool
action_of(struct slice word, enum report_action *ret_action)
{
	static const enum report_action known[] = { REPORT_FAILED,
		REPORT_DELAYED, REPORT_DELIVERED, REPORT_RELAYED,
		REPORT_EXPANDED };

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct slice name = slice_str(report_action_name(known[i]));

		/* Some put a comment behind it. */
		if (slice_starts_nocase(word, name)) {
			*ret_action = known[i];
			return true;
		}
	}
	return false;
}

/* What is gathered of one recipient before it is known whether it is one. */
struct group {
	struct slice original;
	struct slice final;
	struct slice action;
	struct slice status;
	struct slice server;
	struct slice text;
};

/* Some explain it. */
static struct slice
first_word(struct slice text)
{
	size_t n = 0;

	while (n < text.len && !ascii_is_space(text.data[n]))
		n++;
	return slice_head(text, n);
}

static void
finish_group(struct group *group, struct report *report)
{
	struct slice recipient =
		group->original.len > 0 ? group->original : group->final;
	struct report_entry *entry;
	enum report_action action;

	if (!action_of(group->action, &action)) {
		/* RFC 3463 2: the class tells as much. */
		action = slice_starts(group->status, SLICE("4"))
				 ? REPORT_DELAYED
				 : (slice_starts(group->status, SLICE("2"))
						   ? REPORT_DELIVERED
						   : REPORT_FAILED);
		if (group->action.len == 0 && group->status.len == 0)
			recipient.len = 0;
	}
	entry = recipient.len > 0 ? report_add(report) : NULL;
	if (entry) {
		entry->action = action;
		set_recipient(entry, recipient);
		report_set_value(&entry->status, first_word(group->status));
		report_set_value(&entry->server, without_type(group->server));
		report_set_value(&entry->text, without_type(group->text));
	}
	*group = (struct group){ 0 };
}

/* Where the field stands in a group; NULL for those that do not matter. */
static struct slice *
slot_of(struct group *group, struct slice name)
{
	const struct {
		struct slice name;
		struct slice *slot;
	} slots[] = {
		{ SLICE("Original-Recipient"), &group->original },
		{ SLICE("Final-Recipient"), &group->final },
		{ SLICE("Action"), &group->action },
		{ SLICE("Status"), &group->status },
		{ SLICE("Remote-MTA"), &group->server },
		{ SLICE("Diagnostic-Code"), &group->text },
	};

	for (size_t i = 0; i < ARRAY_LEN(slots); i++) {
		if (slice_eq_nocase(name, slots[i].name))
			return slots[i].slot;
	}
	return NULL;
}

/* Groups of fields, with empty lines between; not everybody writes those. */
static void
read_delivery(struct slice text, struct report *report)
{
	struct group group = { 0 };
	struct header_field field;

	for (int groups = 0; groups < GROUPS_MAX && text.len > 0; groups++) {
		int n = 0;

		while (n++ < HEADER_FIELDS_MAX && header_next(&text, &field)) {
			struct slice *slot = slot_of(&group, field.name);

			if (slice_eq_nocase(field.name,
				    SLICE("X-Original-Message-ID")) ||
				slice_eq_nocase(field.name,
					SLICE("Original-Message-ID")))
				set_about(report, field.value);
			if (!slot)
				continue;
			/* Said again: of somebody else. */
			if (slot->len > 0 && group.final.len > 0)
				finish_group(&group, report);
			*slot = field.value;
		}
		finish_group(&group, report);
		text = slice_skip(
			text, text.len > 0 && text.data[0] == '\r' ? 1 : 0);
		text = slice_skip(
			text, text.len > 0 && text.data[0] == '\n' ? 1 : 0);
	}
}

/* --- receipts and complaints --------------------------------------------- */

/* RFC 8098 3.2.6: "manual-action/MDN-sent-manually; displayed/error" */
static enum report_action
disposition_of(struct slice value)
{
	static const struct {
		struct slice word;
		enum report_action action;
	} words[] = {
		{ { "displayed", 9 }, REPORT_DISPLAYED },
		{ { "deleted", 7 }, REPORT_DELETED },
		{ { "processed", 9 }, REPORT_PROCESSED },
		{ { "dispatched", 10 }, REPORT_PROCESSED },
		{ { "failed", 6 }, REPORT_DENIED },
		{ { "denied", 6 }, REPORT_DENIED },
	};
	size_t end = slice_find(value, ';');
	struct slice type = value;

	if (end < value.len)
		type = slice_trim(slice_skip(value, end + 1));
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (slice_starts_nocase(type, words[i].word))
			return words[i].action;
	}
	return REPORT_DENIED;
}

static void
read_disposition(struct slice text, struct report *report)
{
	struct report_entry *entry;
	struct slice original;
	struct slice value;

	if (header_find(text, SLICE("Original-Message-ID"), &value))
		set_about(report, value);
	if (!header_find(text, SLICE("Disposition"), &value))
		return;
	entry = report_add(report);
	if (!entry)
		return;
	entry->action = disposition_of(value);
	if (header_find(text, SLICE("Final-Recipient"), &value))
		set_recipient(entry, value);
	else if (header_find(text, SLICE("Original-Recipient"), &original))
		set_recipient(entry, original);
}

static void
read_feedback(struct slice text, struct report *report)
{
	struct report_entry *entry = report_add(report);
	struct slice value;

	if (!entry)
		return;
	entry->action = REPORT_COMPLAINT;
	if (header_find(text, SLICE("Original-Rcpt-To"), &value))
		set_recipient(entry, value);
	if (header_find(text, SLICE("Feedback-Type"), &value))
		report_set_value(&entry->text, value);
}

void
report_read(const struct part *part, struct slice bytes, struct report *report)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };
	char *copy CLEANUP(freep) = NULL;
	struct slice text = slice_head(bytes, REPORT_BYTES_MAX);

	strbuf_init(&decoded, REPORT_BYTES_MAX);
	if (part->encoding != ENCODING_IDENTITY) {
		transfer_decode(part->encoding, text, &decoded);
		text = strbuf_slice(&decoded);
	}
	text = header_line_feeds(text, &copy);
	while (text.len > 0 && ascii_is_space(text.data[0]))
		text = slice_skip(text, 1);
	if (part_is_type(part, "message/feedback-report"))
		read_feedback(text, report);
	else if (part_is_type(part, "message/delivery-status") ||
		 part_is_type(part, "message/global-delivery-status"))
		read_delivery(text, report);
	else
		read_disposition(text, report);
}

void
report_read_returned(struct slice header, struct report *report)
{
	struct slice value;

	if (header_find(header, SLICE("Message-ID"), &value))
		set_about(report, value);
}
