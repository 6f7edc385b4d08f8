/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/mailto.h"

#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "compose/field.h"
#include "mime/address.h"

bool
mailto_is_one(const char *url)
{
	return slice_starts_nocase(slice_str(url), SLICE("mailto:"));
}

/* Percent escapes undone; line breaks as line feeds, kept with `lines` only.
 * Never any other control character. */
static void
decode(struct slice text, bool lines, struct strbuf *out)
{
	struct strbuf raw CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&raw, MAILTO_MAX);
	for (size_t i = 0; i < text.len; i++) {
		int high = -1, low = -1;

		if (text.data[i] == '%' && i + 2 < text.len) {
			high = ascii_hex(text.data[i + 1]);
			low = ascii_hex(text.data[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			strbuf_add_char(&raw, (char)(high * 16 + low));
			i += 2;
		} else {
			strbuf_add_char(&raw, text.data[i]);
		}
	}
	strbuf_init(out, (size_t)3 * MAILTO_MAX);
	for (struct slice rest = strbuf_slice(&raw); rest.len > 0;) {
		uint32_t cp = utf8_next(&rest);

		if (cp == '\r')
			continue;
		if (cp == '\n' && lines)
			strbuf_add_char(out, '\n');
		else if (cp == '\t' && lines)
			strbuf_add_char(out, '\t');
		else
			strbuf_add_utf8(out,
				cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ? ' '
								       : cp);
	}
}

/* The commas between addresses stand as they are, those in them escaped. */
static void
add_addresses(struct slice text, struct address_list *to)
{
	while (text.len > 0) {
		size_t end = slice_find(text, ',');
		struct strbuf one CLEANUP(strbuf_clear) = { 0 };
		struct address_list parsed = { 0 };

		decode(slice_head(text, end), false, &one);
		mime_read_addresses(strbuf_slice(&one), &parsed);
		for (size_t i = 0; i < parsed.n; i++) {
			if (strchr(parsed.items[i].address, '@'))
				address_list_add(to, parsed.items[i].name,
					parsed.items[i].address);
		}
		address_list_clear(&parsed);
		text = slice_skip(text, end + 1);
	}
}

static void
add_body(struct slice text, struct draft *draft)
{
	struct strbuf body CLEANUP(strbuf_clear) = { 0 };

	decode(text, true, &body);
	if (body.len > 0 && body.data[body.len - 1] != '\n')
		strbuf_add_char(&body, '\n');
	strbuf_add_str(&body, draft->body ? draft->body : "");
	str_replace(&draft->body, body.data);
}

static void
add_reference(struct slice text, struct draft *draft)
{
	struct strbuf id CLEANUP(strbuf_clear) = { 0 };
	struct slice bare;

	decode(text, false, &id);
	bare = slice_trim(strbuf_slice(&id));
	if (bare.len > 2 && bare.data[0] == '<' &&
		bare.data[bare.len - 1] == '>')
		bare = slice_make(bare.data + 1, bare.len - 2);
	if (!field_id_is_sound(bare) || draft->in_reply_to)
		return;
	draft->in_reply_to = xmemdup0(bare.data, bare.len);
	message_ids_add(&draft->references, bare);
}

static void
add_field(struct slice name, struct slice value, struct draft *draft)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	if (slice_eq_nocase(name, SLICE("to"))) {
		add_addresses(value, &draft->to);
	} else if (slice_eq_nocase(name, SLICE("cc"))) {
		add_addresses(value, &draft->cc);
	} else if (slice_eq_nocase(name, SLICE("bcc"))) {
		add_addresses(value, &draft->bcc);
	} else if (slice_eq_nocase(name, SLICE("subject"))) {
		decode(value, false, &text);
		str_replace(&draft->subject, text.data);
	} else if (slice_eq_nocase(name, SLICE("body"))) {
		add_body(value, draft);
	} else if (slice_eq_nocase(name, SLICE("in-reply-to"))) {
		add_reference(value, draft);
	}
}

bool
mailto_read(const char *url, struct draft *draft, struct error *err)
{
	struct slice rest = slice_str(url);
	size_t end;

	if (!mailto_is_one(url) || rest.len > MAILTO_MAX)
		return error_set(
			err, ERR_INVALID, _("This is not a mailto: link"));
	rest = slice_skip(rest, strlen("mailto:"));
	rest = slice_head(rest, slice_find(rest, '#'));
	end = slice_find(rest, '?');
	add_addresses(slice_head(rest, end), &draft->to);
	rest = slice_skip(rest, end + 1);
	while (rest.len > 0) {
		struct slice field = slice_head(rest, slice_find(rest, '&'));
		size_t equals = slice_find(field, '=');

		add_field(slice_head(field, equals),
			slice_skip(field, equals + 1), draft);
		rest = slice_skip(rest, field.len + 1);
	}
	return true;
}
