/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/raw.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "compose/field.h"
#include "compose/stamp.h"
#include "mime/address.h"
#include "mime/header.h"

void
raw_header_clear(struct raw_header *header)
{
	address_list_clear(&header->from);
	address_list_clear(&header->to);
	address_list_clear(&header->bcc);
	free(header->subject);
	free(header->message_id);
	free(header->text);
	*header = (struct raw_header){ 0 };
}

static bool
is_one_of(struct slice name, const char *const *names)
{
	for (; *names; names++) {
		if (slice_eq_nocase(name, slice_str(*names)))
			return true;
	}
	return false;
}

static bool
is_address_field(struct slice name)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To",
		"Cc", "Bcc", "Mail-Followup-To", "Mail-Reply-To",
		"Disposition-Notification-To", "Resent-From", "Resent-Sender",
		"Resent-To", "Resent-Cc", NULL };

	return is_one_of(name, names);
}

/* What is nobody's business, or the work of who delivers. */
static bool
is_left_out(struct slice name)
{
	static const char *const names[] = { "Bcc", "Resent-Bcc", "Return-Path",
		"Content-Length", "Lines", "X-UID", "Status", "X-Status",
		"Delivered-To", NULL };

	return is_one_of(name, names);
}

/* Where the fields end; `*ret_skip` is what belongs to neither them nor the
 * body. */
static size_t
header_size(struct slice text, size_t *ret_skip)
{
	struct slice rest = text;
	struct slice line;
	size_t end = 0;
	bool any = false;

	*ret_skip = 0;
	while (slice_next_line(&rest, &line)) {
		bool continues = any && line.len > 0 &&
				 (line.data[0] == ' ' || line.data[0] == '\t');
		bool mbox = end == 0 && slice_starts(line, SLICE("From "));

		if (line.len == 0 && (any || end == 0)) {
			*ret_skip = (size_t)(rest.data - text.data) - end;
			return end;
		}
		if (!continues && !mbox && !header_line_is_field(line))
			return end;
		any = any || !mbox;
		end = (size_t)(rest.data - text.data);
	}
	return end;
}

static void
take_id(struct slice value, char **to)
{
	struct slice id = slice_trim(value);

	if (id.len > 2 && id.data[0] == '<' && id.data[id.len - 1] == '>')
		id = slice_make(id.data + 1, id.len - 2);
	if (!*to && field_id_is_sound(id))
		*to = xmemdup0(id.data, id.len);
}

static void
look_at_mime(struct raw_header *header, const struct header_field *field)
{
	if (slice_eq_nocase(field->name, SLICE("Content-Type")) &&
		!slice_starts_nocase(field->value, SLICE("text/")))
		header->is_text = false;
	if (slice_eq_nocase(field->name, SLICE("Content-Transfer-Encoding")) &&
		!slice_eq_nocase(field->value, SLICE("7bit")) &&
		!slice_eq_nocase(field->value, SLICE("8bit")) &&
		!slice_eq_nocase(field->value, SLICE("binary")))
		header->is_text = false;
	if (slice_starts_nocase(field->name, SLICE("Content-")) ||
		slice_eq_nocase(field->name, SLICE("MIME-Version")))
		header->has_mime = true;
}

static void
look_at(struct raw_header *header, const struct header_field *field)
{
	struct slice name = field->name;
	struct strbuf subject CLEANUP(strbuf_clear) = { 0 };

	if (slice_eq_nocase(name, SLICE("From"))) {
		mime_read_addresses(field->value, &header->from);
	} else if (slice_eq_nocase(name, SLICE("To")) ||
		   slice_eq_nocase(name, SLICE("Cc"))) {
		mime_read_addresses(field->value, &header->to);
	} else if (slice_eq_nocase(name, SLICE("Bcc"))) {
		mime_read_addresses(field->value, &header->bcc);
	} else if (slice_eq_nocase(name, SLICE("Message-ID"))) {
		take_id(field->value, &header->message_id);
	} else if (slice_eq_nocase(name, SLICE("Subject"))) {
		strbuf_init(&subject, RAW_HEADER_MAX * 3);
		header_decode(field->value, &subject);
		str_replace(&header->subject, subject.data);
	}
	look_at_mime(header, field);
}

bool
raw_read_header(
	struct slice text, struct raw_header *ret_header, struct error *err)
{
	struct raw_header header CLEANUP(
		raw_header_clear) = { .is_text = true };
	struct header_field field;
	struct slice rest;
	size_t skip;
	size_t n = header_size(text, &skip);

	if (n > RAW_HEADER_MAX)
		return error_set(
			err, ERR_LIMIT, _("The message's header is too long"));
	header.size = n + skip;
	header.text = xmemdup0(text.data, n);
	rest = slice_make(header.text, n);
	while (header_next(&rest, &field))
		look_at(&header, &field);
	*ret_header = header;
	header = (struct raw_header){ 0 };
	return true;
}

/* ---- writing ---- */

/* Lines as they came, ended by CRLF; false where that is not enough. */
static bool
put_as_is(const struct header_field *field, struct strbuf *out)
{
	size_t begin = out->len;
	struct slice rest = field->value;
	struct slice line;
	bool first = true;

	if (utf8_ascii_prefix(field->value) < field->value.len)
		return false;
	strbuf_addf(out, "%.*s:", (int)field->name.len, field->name.data);
	while (slice_next_line(&rest, &line)) {
		size_t control = 0;

		for (size_t i = 0; i < line.len; i++)
			control += ascii_is_control(line.data[i]) &&
				   line.data[i] != '\t';
		if (control > 0 ||
			line.len + field->name.len + 2 > TEXT_LINE_MAX) {
			strbuf_cut(out, begin);
			return false;
		}
		if (slice_trim(line).len == 0 && !first)
			continue;
		if (first)
			strbuf_add_char(out, ' ');
		else
			strbuf_add_str(out, "\r\n");
		strbuf_add_slice(out, line);
		first = false;
	}
	strbuf_add_str(out, "\r\n");
	return true;
}

static bool
put_field(const struct header_field *field, struct strbuf *out, bool *ret_utf8,
	struct error *err)
{
	char *name CLEANUP(freep) = NULL;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct address_list list = { 0 };
	bool ok;

	if (put_as_is(field, out))
		return true;
	name = xmemdup0(field->name.data, field->name.len);
	if (is_address_field(field->name)) {
		mime_read_addresses(field->value, &list);
		ok = field_add_addresses(
			out, name, &list, false, ret_utf8, err);
		address_list_clear(&list);
		return ok;
	}
	strbuf_init(&text, RAW_HEADER_MAX * 3);
	header_decode(field->value, &text);
	field_add_text(out, name, strbuf_slice(&text));
	return true;
}

/* A sender without a domain is no sender to anybody elsewhere. */
static bool
put_from(const struct raw_header *header, const struct raw_options *options,
	struct strbuf *out, bool *ret_utf8, struct error *err)
{
	struct address_list from = { 0 };
	const char *name = options->name;
	bool ok;

	if (header->from.n > 0 && header->from.items[0].name)
		name = header->from.items[0].name;
	address_list_add(&from, name, options->address);
	ok = field_add_addresses(out, "From", &from, true, ret_utf8, err);
	address_list_clear(&from);
	return ok;
}

static bool
from_is_whole(const struct raw_header *header)
{
	for (size_t i = 0; i < header->from.n; i++) {
		if (strchr(header->from.items[i].address, '@'))
			return true;
	}
	return false;
}

/* The fields that say how the body is encoded. */
static void
put_mime(const struct raw_header *header, const struct text_scan *body,
	enum raw_form form, struct strbuf *out)
{
	if (form == RAW_ENCODED) {
		if (!header->has_mime)
			field_add_ascii(out, "MIME-Version", "1.0");
		field_add_ascii(
			out, "Content-Transfer-Encoding", "quoted-printable");
	}
	if (!header->has_mime && form == RAW_ENCODED)
		field_add_ascii(out, "Content-Type",
			body->high > 0 ? "text/plain; charset=utf-8"
				       : "text/plain; charset=us-ascii");
}

static enum raw_form
choose_form(const struct raw_header *header, const struct text_scan *body)
{
	if (!header->is_text)
		return RAW_AS_IS;
	if (body->longest > TEXT_LINE_MAX || body->has_nul ||
		(body->high > 0 && !header->has_mime))
		return RAW_ENCODED;
	return RAW_AS_IS;
}

static void
add_missing(struct slice fields, const struct raw_options *options, bool has_id,
	struct strbuf *out)
{
	struct strbuf date CLEANUP(strbuf_clear) = { 0 };
	struct message_ids id = { .items = (char **)&options->message_id,
		.n = 1 };
	struct slice value;

	strbuf_init(&date, 64);
	if (!header_find(fields, SLICE("Date"), &value)) {
		stamp_date(options->now, &date);
		field_add_ascii(out, "Date", date.data);
	}
	if (!has_id)
		field_add_ids(out, "Message-ID", &id, NULL);
}

bool
raw_write_header(const struct raw_header *header, const struct text_scan *body,
	const struct raw_options *options, struct strbuf *out,
	struct strbuf *bcc, enum raw_form *ret_form, bool *ret_utf8,
	struct error *err)
{
	struct slice fields = slice_str(header->text);
	struct slice rest = fields;
	struct header_field field;
	bool whole = from_is_whole(header);
	bool seen_id = false;

	*ret_form = choose_form(header, body);
	if (!whole && !put_from(header, options, out, ret_utf8, err))
		return false;
	while (header_next(&rest, &field)) {
		bool is_id = slice_eq_nocase(field.name, SLICE("Message-ID"));

		if (is_left_out(field.name) ||
			(!whole && slice_eq_nocase(field.name, SLICE("From"))))
			continue;
		if (is_id && (!header->message_id || seen_id))
			continue;
		seen_id = seen_id || is_id;
		if (*ret_form == RAW_ENCODED &&
			slice_eq_nocase(
				field.name, SLICE("Content-Transfer-Encoding")))
			continue;
		if (!put_field(&field, out, ret_utf8, err))
			return false;
	}
	add_missing(fields, options, seen_id, out);
	put_mime(header, body, *ret_form, out);
	if (!field_add_addresses(
		    bcc, "Bcc", &header->bcc, false, ret_utf8, err))
		return false;
	if (out->full || bcc->full)
		return error_set(
			err, ERR_LIMIT, _("The message's header is too long"));
	return true;
}
