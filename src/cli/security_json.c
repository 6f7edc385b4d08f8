/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/security_json.h"

#include "base/ascii.h"
#include "mime/header.h"

enum { RESULTS_LIMIT = 64 * 1024, RESULTS_MAX = 100 };

/* RFC 5322 3.2.2: comments, which may hold each other, are blanks. */
static void
add_without_comments(struct slice value, struct strbuf *out)
{
	bool quoted = false;
	size_t depth = 0;

	for (size_t i = 0; i < value.len; i++) {
		char c = value.data[i];
		bool pair = c == '\\' && i + 1 < value.len;

		if (depth == 0 && c == '"')
			quoted = !quoted;
		else if (!quoted && c == '(' && depth++ == 0)
			strbuf_add_char(out, ' ');
		if (depth == 0)
			strbuf_add_slice(out,
				slice_head(slice_skip(value, i), pair ? 2 : 1));
		else if (c == ')')
			depth--;
		i += pair;
	}
}

/* What stands before the next semicolon that is not quoted. */
static struct slice
next_statement(struct slice *rest)
{
	struct slice statement = *rest;
	bool quoted = false;
	size_t n = 0;

	for (; n < rest->len && (quoted || rest->data[n] != ';'); n++) {
		if (rest->data[n] == '"')
			quoted = !quoted;
		else if (rest->data[n] == '\\' && n + 1 < rest->len)
			n++;
	}
	*rest = slice_skip(*rest, n + 1);
	return slice_trim(slice_head(statement, n));
}

static struct slice
first_word(struct slice text)
{
	size_t n = 0;

	while (n < text.len && !ascii_is_space(text.data[n]))
		n++;
	return slice_head(text, n);
}

/* "dkim/1 = pass header.d=example.org" apart (RFC 8601 2.2). */
static bool
split_result(struct slice statement, struct slice *ret_method,
	struct slice *ret_result)
{
	size_t equals = slice_find(statement, '=');
	struct slice method = slice_trim(slice_head(statement, equals));

	*ret_method = slice_trim(slice_head(method, slice_find(method, '/')));
	*ret_result = first_word(slice_trim(slice_skip(statement, equals + 1)));
	return ret_method->len > 0 && ret_result->len > 0;
}

/* One header, if it is of the server that is believed. */
static void
put_results(struct json *json, struct slice value, const char *trusted)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice rest;
	struct slice server;

	strbuf_init(&text, RESULTS_LIMIT);
	add_without_comments(value, &text);
	rest = strbuf_slice(&text);
	server = first_word(next_statement(&rest));
	if (!slice_eq_nocase(server, slice_str(trusted)))
		return;
	for (int n = 0; rest.len > 0 && n < RESULTS_MAX; n++) {
		struct slice method;
		struct slice result;

		if (!split_result(next_statement(&rest), &method, &result))
			continue;
		json_object_begin(json);
		json_key(json, "server");
		json_slice(json, server);
		json_key(json, "method");
		json_slice(json, method);
		json_key(json, "result");
		json_slice(json, result);
		json_object_end(json);
	}
}

static void
put_authentication(struct json *json, struct slice header, const char *trusted)
{
	struct strbuf value CLEANUP(strbuf_clear) = { 0 };
	struct header_field field;

	strbuf_init(&value, RESULTS_LIMIT);
	json_key(json, "authentication");
	json_array_begin(json);
	while (header_next(&header, &field)) {
		if (!slice_eq_nocase(
			    field.name, SLICE("Authentication-Results")))
			continue;
		strbuf_reset(&value);
		header_decode(field.value, &value);
		put_results(json, strbuf_slice(&value), trusted);
	}
	json_array_end(json);
}

/* Section and type of the parts of one of these types, which end with NULL. */
static void
put_parts(struct json *json, const char *key, const struct part_tree *parts,
	const char *const *types)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->items[i];
		bool found = false;

		for (size_t j = 0; !found && types[j]; j++)
			found = part_is_type(part, types[j]);
		if (!found)
			continue;
		json_object_begin(json);
		json_put_string(json, "part", part->section);
		json_put_string(json, "type", part->type);
		json_put_bool(json, "verified", false);
		json_object_end(json);
	}
	json_array_end(json);
}

void
json_put_security(struct json *json, struct slice header,
	const struct part_tree *parts, const char *trusted)
{
	static const char *const signatures[] = { "application/pgp-signature",
		"application/pkcs7-signature", "application/x-pkcs7-signature",
		NULL };
	static const char *const encryption[] = { "multipart/encrypted",
		"application/pkcs7-mime", "application/x-pkcs7-mime", NULL };

	json_key(json, "security");
	json_object_begin(json);
	if (trusted)
		put_authentication(json, header, trusted);
	put_parts(json, "signatures", parts, signatures);
	put_parts(json, "encryption", parts, encryption);
	json_object_end(json);
}
