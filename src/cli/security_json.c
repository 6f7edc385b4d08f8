/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/security_json.h"

#include "base/mem.h"
#include "mail/authentication.h"
#include "mime/auth_results.h"

/* "header.d=example.org smtp.mailfrom=x" as an object; the first of a name. */
static void
put_properties(struct json *json, struct slice properties)
{
	struct slice rest = properties;

	json_key(json, "properties");
	json_object_begin(json);
	while (rest.len > 0) {
		struct slice it = slice_head(rest, slice_find(rest, ' '));
		size_t equals = slice_find(it, '=');
		char *name CLEANUP(freep) = xmemdup0(it.data, equals);
		struct slice before = slice_head(
			properties, (size_t)(it.data - properties.data));
		bool again = false;

		while (before.len > 0 && !again) {
			struct slice old =
				slice_head(before, slice_find(before, ' '));

			again = slice_eq(slice_head(old, slice_find(old, '=')),
				slice_head(it, equals));
			before = slice_skip(before, old.len + 1);
		}
		if (!again && equals > 0) {
			json_key(json, name);
			json_slice(json, slice_skip(it, equals + 1));
		}
		rest = slice_skip(rest, it.len + 1);
	}
	json_object_end(json);
}

static void
put_result(struct json *json, const struct authentication_result *it)
{
	json_object_begin(json);
	json_key(json, "server");
	json_slice(json, it->server);
	json_key(json, "method");
	json_slice(json, it->method);
	json_key(json, "result");
	json_slice(json, it->result);
	if (it->reason.len > 0) {
		json_key(json, "reason");
		json_slice(json, it->reason);
	}
	if (it->properties.len > 0)
		put_properties(json, it->properties);
	json_object_end(json);
}

static void
put_authentication(struct json *json, const char *packed, const char *trusted,
	const struct authentication *verdict)
{
	struct authentication_result it;
	struct slice rest = slice_str(packed);

	json_key(json, "authentication");
	json_array_begin(json);
	while (authentication_next(&rest, &it)) {
		if (authentication_is_trusted(it.server, trusted))
			put_result(json, &it);
	}
	json_array_end(json);
	if (verdict->verdict == AUTHENTICATION_NONE)
		return;
	json_key(json, "origin");
	json_object_begin(json);
	json_put_string(json, "domain", verdict->domain);
	json_put_string(json, "result",
		verdict->verdict == AUTHENTICATION_PASS ? "pass" : "fail");
	json_object_end(json);
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

static void
put_warnings(struct json *json, const struct message *message,
	const struct authentication *verdict)
{
	json_key(json, "warnings");
	json_array_begin(json);
	if (verdict->verdict == AUTHENTICATION_FAIL)
		json_string(json, "origin-failed");
	if (message->envelope.from.n > 1)
		json_string(json, "several-authors");
	json_array_end(json);
}

void
json_put_security(struct json *json, struct slice header,
	const struct message *message, const char *trusted)
{
	static const char *const signatures[] = { "application/pgp-signature",
		"application/pkcs7-signature", "application/x-pkcs7-signature",
		NULL };
	static const char *const encryption[] = { "multipart/encrypted",
		"application/pkcs7-mime", "application/x-pkcs7-mime", NULL };
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct authentication verdict;

	strbuf_init(&packed, AUTHENTICATION_PACKED_MAX);
	auth_results_read(header, &packed);
	authentication_judge(
		packed.data, trusted, &message->envelope.from, &verdict);
	json_key(json, "security");
	json_object_begin(json);
	if (trusted)
		put_authentication(json, packed.data, trusted, &verdict);
	put_parts(json, "signatures", &message->parts, signatures);
	put_parts(json, "encryption", &message->parts, encryption);
	put_warnings(json, message, &verdict);
	json_object_end(json);
}
