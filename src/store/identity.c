/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/identity.h"

#include "base/array.h"

enum {
	HEADER_MAX = 64 * 1024, /* what lies behind tells nothing apart */
	ADDRESS_HASHED_MAX = 256,
	KEY_HASH_BITS = 33,
	KEY_DATE_SHIFT = 6, /* to 64 s */
	KEY_DATE_BITS = 30,
};

/* The fields that survive every way a message can come to us. */
static bool
is_telling(struct slice name)
{
	static const struct slice names[] = { { "from", 4 }, { "to", 2 },
		{ "cc", 2 }, { "date", 4 }, { "subject", 7 },
		{ "message-id", 10 } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (slice_eq_nocase(name, names[i]))
			return true;
	}
	return false;
}

/* A field's first line and those it is folded over. */
static bool
next_field(struct slice *rest, struct slice *ret_field)
{
	struct slice line;
	const char *start = rest->data;
	const char *end;

	if (!slice_next_line(rest, &line) || line.len == 0)
		return false;
	end = line.data + line.len;
	while (rest->len > 0 &&
		(rest->data[0] == ' ' || rest->data[0] == '\t') &&
		slice_next_line(rest, &line))
		end = line.data + line.len;
	*ret_field = slice_make(start, (size_t)(end - start));
	return true;
}

/* "name:value" in small letters and without folding: runs of white space count
 * as one blank.  Written by pointer, since every header passes here. */
static struct slice
normal_field(struct strbuf *out, struct slice name, struct slice value)
{
	const char *end;
	char *start;
	char *to;

	strbuf_reset(out);
	value = slice_trim(value);
	start = strbuf_room(out, name.len + value.len + 1);
	if (!start)
		return SLICE("");
	to = start;
	for (size_t i = 0; i < name.len; i++)
		*to++ = ascii_lower(name.data[i]);
	*to++ = ':';
	end = value.data + value.len;
	for (const char *from = value.data; from < end; from++) {
		if (!ascii_is_space(*from))
			*to++ = *from;
		else if (!ascii_is_space(from[1]))
			*to++ = ' ';
	}
	return slice_make(start, (size_t)(to - start));
}

static int64_t
hash_header(struct hash_key key, struct slice header, struct strbuf *scratch)
{
	struct slice rest = slice_head(header, HEADER_MAX);
	struct slice field;
	uint64_t sum = 0;

	while (next_field(&rest, &field)) {
		size_t colon = slice_find(field, ':');
		struct slice name = slice_trim(slice_head(field, colon));

		if (!is_telling(name))
			continue;
		/* Servers may send fields in any order. */
		sum += hash_slice(key, normal_field(scratch, name,
					       slice_skip(field, colon + 1)));
	}
	return (int64_t)sum;
}

struct identity
identity_of(struct hash_key key, int64_t account,
	const struct envelope *envelope, uint64_t size, struct slice header,
	struct slice email_id, struct strbuf *scratch)
{
	struct identity identity = { 0 };
	uint64_t date = envelope->date > 0
				? (uint64_t)envelope->date >> KEY_DATE_SHIFT
				: 0;
	uint64_t hash;

	key.k1 ^= (uint64_t)account;
	identity.header_hash = hash_header(key, header, scratch);
	identity.known = email_id.len > 0 ||
			 (envelope->message_id && envelope->message_id[0] &&
				 identity.header_hash != 0);
	if (!identity.known)
		return identity;
	strbuf_reset(scratch);
	strbuf_add(scratch, &size, sizeof(size));
	strbuf_add_str(
		scratch, envelope->message_id ? envelope->message_id : "");
	hash = hash_slice(key, strbuf_slice(scratch));
	if (date >> KEY_DATE_BITS)
		date = (UINT64_C(1) << KEY_DATE_BITS) - 1;
	identity.key =
		(int64_t)(date << KEY_HASH_BITS | hash >> (64 - KEY_HASH_BITS));
	return identity;
}

int64_t
identity_reference(struct hash_key key, int64_t account, struct slice id)
{
	key.k1 ^= (uint64_t)account;
	return (int64_t)hash_slice(key, id);
}

uint64_t
identity_address(struct hash_key key, struct slice address)
{
	char lower[ADDRESS_HASHED_MAX];
	struct slice head = slice_head(address, sizeof(lower));

	for (size_t i = 0; i < head.len; i++)
		lower[i] = ascii_lower(head.data[i]);
	return hash_slice(key, slice_make(lower, head.len));
}
