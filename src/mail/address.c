/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"

void
address_list_clear(struct address_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->items[i].name);
		free(list->items[i].address);
		free(list->items[i].group);
	}
	array_clear(list);
}

void
address_list_add(
	struct address_list *list, const char *name, const char *address)
{
	struct address *it;

	if (list->n >= ADDRESSES_MAX)
		return;
	it = array_add(list);
	it->name = name && *name ? xstrdup(name) : NULL;
	it->address = xstrdup(address);
}

const char *
address_display(const struct address *address)
{
	return address->name && *address->name ? address->name
					       : address->address;
}

bool
address_eq(const char *a, const char *b)
{
	const char *at_a = strrchr(a, '@');
	const char *at_b = strrchr(b, '@');

	if (!at_a || !at_b)
		return strcmp(a, b) == 0;
	return at_a - a == at_b - b && memcmp(a, b, (size_t)(at_a - a)) == 0 &&
	       ascii_eq_nocase(at_a, at_b);
}

/* RFC 5322 3.2.3 atext, and anything beyond ASCII. */
static bool
is_atext(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool
needs_quotes(const char *name)
{
	for (; *name; name++) {
		if (!is_atext(*name) && *name != ' ')
			return true;
	}
	return false;
}

static void
print_name(const char *name, struct strbuf *out)
{
	if (!needs_quotes(name)) {
		strbuf_add_str(out, name);
		return;
	}
	strbuf_add_char(out, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, *name);
	}
	strbuf_add_char(out, '"');
}

void
address_list_print(const struct address_list *list, struct strbuf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct address *it = &list->items[i];

		if (i > 0)
			strbuf_add_str(out, ", ");
		if (it->name && *it->name) {
			print_name(it->name, out);
			strbuf_add_str(out, " <");
			strbuf_add_str(out, it->address);
			strbuf_add_char(out, '>');
		} else {
			strbuf_add_str(out, it->address);
		}
	}
}

/* Tab and line feed are the form's own; nobody should have sent them. */
static void
pack_text(const char *s, struct strbuf *out)
{
	size_t len = s ? strlen(s) : 0;
	char *to = strbuf_room(out, len);

	if (!to)
		return;
	for (size_t i = 0; i < len; i++)
		to[i] = s[i] == '\t' || s[i] == '\n' ? ' ' : s[i];
	strbuf_grown(out, len);
}

void
address_list_pack(const struct address_list *list, struct strbuf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		pack_text(list->items[i].address, out);
		strbuf_add_char(out, '\t');
		pack_text(list->items[i].name, out);
		strbuf_add_char(out, '\n');
	}
}

void
address_list_unpack(struct slice packed, struct address_list *out)
{
	struct slice line;

	while (out->n < ADDRESSES_MAX && packed.len > 0) {
		size_t end = slice_find(packed, '\n');
		struct address *it = array_add(out);
		struct slice name;

		line = slice_head(packed, end);
		packed = slice_skip(packed, end + 1);
		end = slice_find(line, '\t');
		name = slice_skip(line, end + 1);
		it->address = xmemdup0(line.data, end);
		it->name = name.len ? xmemdup0(name.data, name.len) : NULL;
	}
}
