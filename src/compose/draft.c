/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/draft.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"

void
draft_attachment_clear(struct draft_attachment *attachment)
{
	free(attachment->path);
	free(attachment->section);
	free(attachment->name);
	free(attachment->type);
	*attachment = (struct draft_attachment){ 0 };
}

void
draft_init(struct draft *draft)
{
	*draft = (struct draft){ 0 };
}

void
draft_clear(struct draft *draft)
{
	free(draft->from_name);
	free(draft->from);
	address_list_clear(&draft->to);
	address_list_clear(&draft->cc);
	address_list_clear(&draft->bcc);
	address_list_clear(&draft->reply_to);
	address_list_clear(&draft->followup_to);
	free(draft->subject);
	free(draft->body);
	free(draft->in_reply_to);
	message_ids_clear(&draft->references);
	for (size_t i = 0; i < draft->attachments.n; i++)
		draft_attachment_clear(&draft->attachments.items[i]);
	array_clear(&draft->attachments);
	*draft = (struct draft){ 0 };
}

struct draft_attachment *
draft_add_attachment(struct draft *draft)
{
	if (draft->attachments.n >= DRAFT_ATTACHMENTS_MAX)
		return NULL;
	return array_add(&draft->attachments);
}

void
draft_attach_file(struct draft *draft, const char *path, uint64_t size)
{
	struct draft_attachment *it = draft_add_attachment(draft);
	const char *slash = strrchr(path, '/');

	if (!it)
		return;
	it->path = xstrdup(path);
	it->name = xstrdup(slash ? slash + 1 : path);
	it->size = size;
}

void
draft_remove_attachment(struct draft *draft, size_t at)
{
	struct draft_attachments *all = &draft->attachments;

	if (at >= all->n)
		return;
	draft_attachment_clear(&all->items[at]);
	memmove(&all->items[at], &all->items[at + 1],
		(all->n - at - 1) * sizeof(all->items[0]));
	all->n--;
}

size_t
draft_count_recipients(const struct draft *draft)
{
	const struct address_list *lists[] = { &draft->to, &draft->cc,
		&draft->bcc };
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		for (size_t j = 0; j < lists[i]->n; j++)
			n += lists[i]->items[j].address[0] != '\0';
	}
	return n;
}

/*
 * Packed: a line a value, "name length" and the bytes behind it, so that any
 * bytes come back as they were:
 *
 *	subject 5\nHello\n
 */
static void
put(struct strbuf *out, const char *name, struct slice value)
{
	strbuf_addf(out, "%s %zu\n", name, value.len);
	strbuf_add_slice(out, value);
	strbuf_add_char(out, '\n');
}

static void
put_string(struct strbuf *out, const char *name, const char *value)
{
	if (value)
		put(out, name, slice_str(value));
}

static void
put_number(struct strbuf *out, const char *name, uint64_t value)
{
	char digits[24];

	if (value == 0)
		return;
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put(out, name, slice_str(digits));
}

static void
put_list(struct strbuf *out, const char *name, const struct address_list *list)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };

	if (list->n == 0)
		return;
	strbuf_init(&packed, out->limit);
	address_list_pack(list, &packed);
	put(out, name, strbuf_slice(&packed));
}

void
draft_pack(const struct draft *draft, struct strbuf *out)
{
	put_string(out, "from-name", draft->from_name);
	put_string(out, "from", draft->from);
	put_list(out, "to", &draft->to);
	put_list(out, "cc", &draft->cc);
	put_list(out, "bcc", &draft->bcc);
	put_list(out, "reply-to", &draft->reply_to);
	put_list(out, "followup-to", &draft->followup_to);
	put_string(out, "subject", draft->subject);
	put_string(out, "body", draft->body);
	put_string(out, "in-reply-to", draft->in_reply_to);
	for (size_t i = 0; i < draft->references.n; i++)
		put_string(out, "reference", draft->references.items[i]);
	put_number(out, "priority", (uint64_t)draft->priority);
	put_number(out, "receipt", draft->wants_receipt);
	put_number(out, "answers", (uint64_t)draft->answers);
	put_number(out, "forwards", draft->forwards);
	for (size_t i = 0; i < draft->attachments.n; i++) {
		const struct draft_attachment *it =
			&draft->attachments.items[i];

		put(out, "attachment", SLICE(""));
		put_string(out, "path", it->path);
		put_number(out, "message", (uint64_t)it->message);
		put_string(out, "section", it->section);
		put_string(out, "name", it->name);
		put_string(out, "type", it->type);
		put_number(out, "size", it->size);
	}
}

/* Takes a value off the front; false at the end or where it is damaged, which
 * leaves the rest. */
static bool
take(struct slice *rest, struct slice *ret_name, struct slice *ret_value)
{
	struct slice after = *rest;
	struct slice line;
	size_t blank;
	uint64_t n;

	if (!slice_next_line(&after, &line))
		return false;
	blank = slice_find(line, ' ');
	if (blank == line.len ||
		!ascii_parse_u64(line.data + blank + 1, line.len - blank - 1,
			SIZE_MAX, &n) ||
		after.len == 0 || n > after.len - 1 || after.data[n] != '\n')
		return false;
	*ret_name = slice_head(line, blank);
	*ret_value = slice_head(after, (size_t)n);
	*rest = slice_skip(after, (size_t)n + 1);
	return true;
}

static void
set_string(char **to, struct slice value)
{
	free(*to);
	*to = xmemdup0(value.data, value.len);
}

static uint64_t
number(struct slice value)
{
	uint64_t n = 0;

	return ascii_parse_u64(value.data, value.len, INT64_MAX, &n) ? n : 0;
}

static void
set_attachment(struct draft *draft, struct slice name, struct slice value)
{
	struct draft_attachment *it;

	if (draft->attachments.n == 0)
		return;
	it = &draft->attachments.items[draft->attachments.n - 1];
	if (slice_eq(name, SLICE("path")))
		set_string(&it->path, value);
	else if (slice_eq(name, SLICE("message")))
		it->message = (int64_t)number(value);
	else if (slice_eq(name, SLICE("section")))
		set_string(&it->section, value);
	else if (slice_eq(name, SLICE("name")))
		set_string(&it->name, value);
	else if (slice_eq(name, SLICE("type")))
		set_string(&it->type, value);
	else if (slice_eq(name, SLICE("size")))
		it->size = number(value);
}

/* Names that are not known come of a newer version: they are passed over. */
static void
set(struct draft *draft, struct slice name, struct slice value)
{
	const struct {
		struct slice name;
		char **string;
		struct address_list *list;
	} fields[] = {
		{ SLICE("from-name"), &draft->from_name, NULL },
		{ SLICE("from"), &draft->from, NULL },
		{ SLICE("to"), NULL, &draft->to },
		{ SLICE("cc"), NULL, &draft->cc },
		{ SLICE("bcc"), NULL, &draft->bcc },
		{ SLICE("reply-to"), NULL, &draft->reply_to },
		{ SLICE("followup-to"), NULL, &draft->followup_to },
		{ SLICE("subject"), &draft->subject, NULL },
		{ SLICE("body"), &draft->body, NULL },
		{ SLICE("in-reply-to"), &draft->in_reply_to, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (!slice_eq(name, fields[i].name))
			continue;
		if (fields[i].string)
			set_string(fields[i].string, value);
		else
			address_list_unpack(value, fields[i].list);
		return;
	}
	if (slice_eq(name, SLICE("reference")))
		message_ids_add(&draft->references, value);
	else if (slice_eq(name, SLICE("priority")) &&
		 number(value) <= PRIORITY_LOW)
		draft->priority = (enum draft_priority)number(value);
	else if (slice_eq(name, SLICE("receipt")))
		draft->wants_receipt = true;
	else if (slice_eq(name, SLICE("answers")))
		draft->answers = (int64_t)number(value);
	else if (slice_eq(name, SLICE("forwards")))
		draft->forwards = true;
	else if (slice_eq(name, SLICE("attachment")))
		(void)draft_add_attachment(draft);
	else
		set_attachment(draft, name, value);
}

bool
draft_unpack(struct slice packed, struct draft *ret_draft, struct error *err)
{
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct slice rest = packed;
	struct slice name, value;

	while (take(&rest, &name, &value))
		set(&draft, name, value);
	if (rest.len > 0)
		return error_set(err, ERR_STORE, _("The draft is damaged"));
	*ret_draft = draft;
	draft = (struct draft){ 0 };
	return true;
}
