/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads paths from standard input, and writes what we read in each message as
 * a line of JSON; for mime_samples.py. */
#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "cli/json.h"
#include "mime_reading.h"

static void
put_bytes(struct json *json, const char *key, struct slice bytes)
{
	static const char digits[] = "0123456789abcdef";
	struct strbuf hex CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&hex, 2 * (size_t)READING_BYTES_MAX);
	for (size_t i = 0; i < bytes.len; i++) {
		strbuf_add_char(&hex, digits[(bytes.data[i] >> 4) & 15]);
		strbuf_add_char(&hex, digits[bytes.data[i] & 15]);
	}
	json_put_string(json, key, hex.data);
}

static void
put_addresses(struct json *json, const char *key, const struct strbuf *list)
{
	struct slice rest = strbuf_slice(list);
	struct slice line;

	json_key(json, key);
	json_array_begin(json);
	while (slice_next_line(&rest, &line)) {
		size_t tab = slice_find(line, '\t');

		json_array_begin(json);
		json_slice(json, slice_head(line, tab));
		json_slice(json, slice_skip(line, tab + 1));
		json_array_end(json);
	}
	json_array_end(json);
}

static void
put_leaf(struct json *json, const struct leaf *leaf)
{
	json_object_begin(json);
	json_put_string(json, "type", leaf->type);
	json_put_string(json, "name", leaf->name);
	put_bytes(json, "bytes", slice_make(leaf->bytes, leaf->len));
	json_key(json, "text");
	if (leaf->text)
		json_slice(json, slice_make(leaf->text, leaf->text_len));
	else
		json_null(json);
	json_object_end(json);
}

static void
put_message(struct json *json, const char *path, const struct reading *reading)
{
	json_object_begin(json);
	json_put_string(json, "path", path);
	json_put_string(json, "tree", reading->tree.data);
	json_put_string(json, "subject", reading->subject);
	json_put_int(json, "date", reading->date);
	put_addresses(json, "from", &reading->from);
	put_addresses(json, "to", &reading->to);
	put_addresses(json, "cc", &reading->cc);
	json_key(json, "leaves");
	json_array_begin(json);
	for (size_t i = 0; i < reading->n; i++)
		put_leaf(json, &reading->leaves[i]);
	json_array_end(json);
	json_object_end(json);
}

static bool
outline(struct json *json, const char *path)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading *reading;

	strbuf_init(&bytes, READING_BYTES_MAX);
	if (!file_read(path, &bytes, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return false;
	}
	reading = xnew(struct reading);
	reading_init(reading);
	reading_ours(strbuf_slice(&bytes), reading);
	put_message(json, path, reading);
	reading_clear(reading);
	free(reading);
	return true;
}

int
main(void)
{
	struct json json;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool good = true;

	json_init(&json, stdout);
	while (good && (n = getline(&line, &cap, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		good = outline(&json, line);
	}
	free(line);
	return good ? 0 : 1;
}
