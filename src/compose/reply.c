/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/reply.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "compose/field.h"
#include "compose/mailto.h"
#include "compose/quote.h"
#include "mime/address.h"
#include "mime/header.h"
#include "mime/list.h"

enum { BODY_MAX = DRAFT_BODY_MAX };

static bool
is_own(const struct reply_self *self, const char *address)
{
	return (self->address && address_eq(self->address, address)) ||
	       (self->is_own && self->is_own(self->ctx, address));
}

static bool
list_has(const struct address_list *list, const char *address)
{
	for (size_t i = 0; i < list->n; i++) {
		if (address_eq(list->items[i].address, address))
			return true;
	}
	return false;
}

static void
read_field(const struct reply_source *source, struct slice name,
	struct address_list *out)
{
	struct slice value;

	if (header_find(source->header, name, &value))
		mime_read_addresses(value, out);
}

/* Those that are no address go nowhere. */
static void
add_all(struct address_list *to, const struct address_list *from,
	const struct address_list *without, const struct reply_self *self)
{
	for (size_t i = 0; i < from->n; i++) {
		const struct address *it = &from->items[i];

		if (!*it->address || list_has(to, it->address) ||
			(without && list_has(without, it->address)) ||
			(self && is_own(self, it->address)))
			continue;
		address_list_add(to, it->name, it->address);
	}
}

char *
reply_list_address(struct slice header)
{
	struct list_info info = { 0 };
	const struct list_urls *urls = &info.commands[LIST_POST];
	char *address = NULL;

	mime_read_list(header, &info);
	for (size_t i = 0; i < urls->n && !address && !info.closed; i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct draft draft CLEANUP(draft_clear) = { 0 };

		if (mailto_read(urls->items[i], &draft, &err) && draft.to.n > 0)
			address = xstrdup(draft.to.items[0].address);
	}
	list_info_clear(&info);
	return address;
}

/* ---- who writes ---- */

static const struct address *
find_own(const struct address_list *list, const struct reply_self *self)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strchr(list->items[i].address, '@') &&
			is_own(self, list->items[i].address))
			return &list->items[i];
	}
	return NULL;
}

static void
choose_sender(const struct reply_source *source, const struct reply_self *self,
	bool is_mine, struct draft *draft)
{
	static const char *const fields[] = { "Delivered-To", "X-Original-To",
		"Envelope-To", "X-Envelope-To" };
	const struct envelope *envelope = source->envelope;
	const struct address *own = NULL;
	struct address_list delivered = { 0 };

	if (is_mine)
		own = find_own(&envelope->from, self);
	if (!own)
		own = find_own(&envelope->to, self);
	if (!own)
		own = find_own(&envelope->cc, self);
	for (size_t i = 0; !own && i < ARRAY_LEN(fields); i++) {
		address_list_clear(&delivered);
		read_field(source, slice_str(fields[i]), &delivered);
		own = find_own(&delivered, self);
	}
	draft->from_name = xstrdup_null(self->name);
	draft->from = xstrdup_null(own ? own->address : self->address);
	address_list_clear(&delivered);
}

/* ---- whom it goes to ---- */

struct circle {
	struct address_list reply_to; /* whom a reply goes to */
	struct address_list followup; /* Mail-Followup-To */
	char *list;                   /* of List-Post; or NULL */
	bool is_mine;                 /* it was written by oneself */
	bool munged;
};

static void
circle_clear(struct circle *circle)
{
	address_list_clear(&circle->reply_to);
	address_list_clear(&circle->followup);
	free(circle->list);
	*circle = (struct circle){ 0 };
}

static void
find_circle(const struct reply_source *source, const struct reply_self *self,
	struct circle *circle)
{
	const struct envelope *envelope = source->envelope;
	const struct address_list *given = &envelope->reply_to;

	circle->list = reply_list_address(source->header);
	read_field(source, SLICE("Mail-Followup-To"), &circle->followup);
	read_field(source, SLICE("Mail-Reply-To"), &circle->reply_to);
	circle->is_mine = find_own(&envelope->from, self) != NULL;
	if (circle->reply_to.n > 0)
		return;
	/* Only the list's address stands there: an answer to one person is not
	 * to go to everybody. */
	circle->munged = circle->list && given->n > 0;
	for (size_t i = 0; i < given->n; i++) {
		if (!circle->list ||
			!address_eq(given->items[i].address, circle->list))
			circle->munged = false;
	}
	if (given->n > 0 && !circle->munged)
		add_all(&circle->reply_to, given, NULL, NULL);
	if (circle->reply_to.n == 0)
		add_all(&circle->reply_to, &envelope->from, NULL, NULL);
	if (circle->reply_to.n == 0)
		add_all(&circle->reply_to, &envelope->sender, NULL, NULL);
}

static void
address_sender(const struct reply_source *source, const struct circle *circle,
	struct draft *draft)
{
	if (circle->is_mine)
		add_all(&draft->to, &source->envelope->to, NULL, NULL);
	if (draft->to.n == 0)
		add_all(&draft->to, &circle->reply_to, NULL, NULL);
}

static void
address_all(const struct reply_source *source, const struct reply_self *self,
	const struct circle *circle, struct draft *draft)
{
	const struct envelope *envelope = source->envelope;

	if (circle->followup.n > 0) {
		add_all(&draft->to, &circle->followup, NULL, self);
		if (draft->to.n > 0)
			return;
	}
	if (circle->is_mine) {
		add_all(&draft->to, &envelope->to, NULL, self);
		add_all(&draft->cc, &envelope->cc, &draft->to, self);
	} else {
		add_all(&draft->to, &circle->reply_to, NULL, self);
		/* With the list in Reply-To its writer stands there, too. */
		if (circle->munged && circle->list &&
			!list_has(&envelope->to, circle->list) &&
			!list_has(&envelope->cc, circle->list))
			address_list_add(&draft->cc, NULL, circle->list);
		add_all(&draft->cc, &envelope->to, &draft->to, self);
		add_all(&draft->cc, &envelope->cc, &draft->to, self);
	}
	/* A message to oneself alone. */
	if (draft->to.n == 0 && draft->cc.n == 0)
		add_all(&draft->to, &circle->reply_to, NULL, NULL);
	if (draft->to.n == 0)
		add_all(&draft->to, &draft->cc, NULL, NULL);
	if (draft->to.n > 0 && draft->cc.n > 0 &&
		list_has(&draft->to, draft->cc.items[0].address))
		address_list_clear(&draft->cc);
}

static bool
address_list(const struct reply_self *self, const struct circle *circle,
	struct draft *draft, struct error *err)
{
	if (!circle->list)
		return error_set(err, ERR_INVALID,
			_("This message did not come by a mailing list that "
			  "takes answers"));
	if (circle->followup.n > 0)
		add_all(&draft->to, &circle->followup, NULL, self);
	if (draft->to.n == 0)
		address_list_add(&draft->to, NULL, circle->list);
	return true;
}

/* ---- the rest ---- */

/* What the answer is an answer to (RFC 5322 3.6.4). */
static void
set_references(const struct envelope *envelope, struct draft *draft)
{
	const struct message_ids *from = envelope->references.n > 0
						 ? &envelope->references
						 : &envelope->in_reply_to;
	size_t room = REFERENCES_MAX - 1;

	if (!envelope->message_id ||
		!field_id_is_sound(slice_str(envelope->message_id)))
		return;
	/* RFC 5322: of several in In-Reply-To none is known to be the parent.
	 */
	if (from == &envelope->in_reply_to && from->n != 1)
		from = NULL;
	for (size_t i = 0; from && i < from->n; i++) {
		/* The first, and the newest, where there are too many. */
		if (from->n > room && i > 0 && i <= from->n - room)
			continue;
		message_ids_add(&draft->references, slice_str(from->items[i]));
	}
	message_ids_add(&draft->references, slice_str(envelope->message_id));
	draft->in_reply_to = xstrdup(envelope->message_id);
}

static bool
starts_with(const char *subject, const char *word)
{
	return slice_starts_nocase(slice_str(subject), slice_str(word));
}

static void
set_subject(const struct envelope *envelope, const char *word, const char *also,
	struct draft *draft)
{
	const char *subject = envelope->subject ? envelope->subject : "";
	bool is_reply = false;
	struct slice base = subject_base(subject, &is_reply);

	if (starts_with(subject, word) || (also && starts_with(subject, also)))
		draft->subject = xstrdup(subject);
	else if (is_reply && strcmp(word, "Re:") == 0)
		draft->subject =
			xasprintf("%s %.*s", word, (int)base.len, base.data);
	else
		draft->subject = xasprintf("%s %s", word, subject);
}

static void
take_body(struct strbuf *body, struct draft *draft)
{
	draft->body = strbuf_take(body);
}

static void
attach_all(const struct reply_source *source, struct draft *draft)
{
	const struct part_tree *parts = source->parts;

	for (size_t i = 0; parts && i < parts->n; i++) {
		const struct part *part = &parts->items[i];
		struct draft_attachment *it;

		if (!part_is_attachment(parts, part) && !part_is_message(part))
			continue;
		it = draft_add_attachment(draft);
		if (!it)
			return;
		it->message = source->message;
		it->section = xstrdup(part->section);
		it->name = xstrdup(part_title(part));
		it->type = xstrdup_null(part->type);
		it->size = part_content_size(part);
	}
}

static void
attach_whole(const struct reply_source *source, struct draft *draft)
{
	struct draft_attachment *it = draft_add_attachment(draft);
	const char *subject = source->envelope->subject;

	it->message = source->message;
	it->section = xstrdup("");
	it->name = xasprintf("%s.eml", subject && *subject ? subject : "mail");
	it->type = xstrdup("message/rfc822");
	for (char *p = it->name; *p; p++) {
		if (*p == '/')
			*p = '-';
	}
}

static void
take_up(const struct reply_source *source, struct draft *draft)
{
	const struct envelope *envelope = source->envelope;
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&body, BODY_MAX);
	add_all(&draft->to, &envelope->to, NULL, NULL);
	add_all(&draft->cc, &envelope->cc, NULL, NULL);
	add_all(&draft->bcc, &envelope->bcc, NULL, NULL);
	add_all(&draft->reply_to, &envelope->reply_to, NULL, NULL);
	draft->subject = xstrdup_null(envelope->subject);
	for (size_t i = 0; i < envelope->references.n; i++)
		message_ids_add(&draft->references,
			slice_str(envelope->references.items[i]));
	if (envelope->in_reply_to.n > 0)
		draft->in_reply_to = xstrdup(envelope->in_reply_to.items[0]);
	if (source->document)
		document_print(source->document, &body);
	take_body(&body, draft);
	attach_all(source, draft);
}

static bool
answer(enum reply_kind kind, const struct reply_source *source,
	const struct reply_self *self, const struct circle *circle,
	struct draft *draft, struct reply_notes *notes, struct error *err)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };

	if (kind == REPLY_TO_LIST) {
		if (!address_list(self, circle, draft, err))
			return false;
	} else if (kind == REPLY_TO_ALL) {
		address_all(source, self, circle, draft);
	} else {
		address_sender(source, circle, draft);
	}
	if (draft_count_recipients(draft) == 0)
		return error_set(err, ERR_INVALID,
			_("This message names nobody to answer"));
	notes->munged = circle->munged && kind != REPLY_TO_LIST;
	notes->goes_wider = kind == REPLY_TO_ALL && circle->list &&
			    (list_has(&draft->to, circle->list) ||
				    list_has(&draft->cc, circle->list));
	set_subject(source->envelope, "Re:", NULL, draft);
	set_references(source->envelope, draft);
	strbuf_init(&body, BODY_MAX);
	notes->no_text = !quote_answer(source, &body);
	strbuf_add_char(&body, '\n');
	quote_signature(self->signature, &body);
	take_body(&body, draft);
	draft->answers = source->message;
	return true;
}

static void
forward(enum reply_kind kind, const struct reply_source *source,
	const struct reply_self *self, struct draft *draft,
	struct reply_notes *notes)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&body, BODY_MAX);
	set_subject(source->envelope, "Fwd:", "Fw:", draft);
	strbuf_add_char(&body, '\n');
	quote_signature(self->signature, &body);
	if (kind == REPLY_FORWARD) {
		strbuf_add_char(&body, '\n');
		notes->no_text = !quote_forward(source, &body);
		attach_all(source, draft);
	} else {
		attach_whole(source, draft);
	}
	take_body(&body, draft);
	draft->answers = source->message;
	draft->forwards = true;
}

bool
reply_make(enum reply_kind kind, const struct reply_source *source,
	const struct reply_self *self, struct draft *ret_draft,
	struct reply_notes *ret_notes, struct error *err)
{
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct circle circle CLEANUP(circle_clear) = { 0 };
	struct reply_notes notes = { 0 };

	find_circle(source, self, &circle);
	notes.is_list = circle.list != NULL;
	choose_sender(source, self, circle.is_mine || kind == REPLY_EDIT_AS_NEW,
		&draft);
	switch (kind) {
	case REPLY_TO_SENDER:
	case REPLY_TO_ALL:
	case REPLY_TO_LIST:
		if (!answer(kind, source, self, &circle, &draft, &notes, err))
			return false;
		break;
	case REPLY_FORWARD:
	case REPLY_FORWARD_ATTACHED:
		forward(kind, source, self, &draft, &notes);
		break;
	case REPLY_EDIT_AS_NEW:
		take_up(source, &draft);
		break;
	}
	*ret_draft = draft;
	draft = (struct draft){ 0 };
	*ret_notes = notes;
	return true;
}

void
reply_new(const struct reply_self *self, struct draft *ret_draft)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };

	draft_init(ret_draft);
	ret_draft->from_name = xstrdup_null(self->name);
	ret_draft->from = xstrdup_null(self->address);
	strbuf_init(&body, BODY_MAX);
	strbuf_add_char(&body, '\n');
	quote_signature(self->signature, &body);
	take_body(&body, ret_draft);
}
