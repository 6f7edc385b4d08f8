/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/json.h"

#include <inttypes.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "cli/print.h"
#include "mail/date.h"

void
json_init(struct json *json, FILE *out)
{
	*json = (struct json){ .out = out };
}

static void
begin_value(struct json *json)
{
	if (json->depth > 0 && json->in_object[json->depth - 1]) {
		ASSERT(json->has_key);
		json->has_key = false;
		return;
	}
	ASSERT(!json->has_key);
	if (json->depth > 0) {
		if (json->has_items[json->depth - 1])
			fputc(',', json->out);
		json->has_items[json->depth - 1] = true;
	}
}

static void
end_value(struct json *json)
{
	if (json->depth == 0)
		fputc('\n', json->out);
}

static void
begin_nested(struct json *json, bool object)
{
	begin_value(json);
	ASSERT(json->depth < JSON_DEPTH_MAX);
	json->in_object[json->depth] = object;
	json->has_items[json->depth] = false;
	json->depth++;
	fputc(object ? '{' : '[', json->out);
}

static void
end_nested(struct json *json, bool object)
{
	ASSERT(json->depth > 0 && !json->has_key &&
		json->in_object[json->depth - 1] == object);
	json->depth--;
	fputc(object ? '}' : ']', json->out);
	end_value(json);
}

void
json_object_begin(struct json *json)
{
	begin_nested(json, true);
}

void
json_object_end(struct json *json)
{
	end_nested(json, true);
}

void
json_array_begin(struct json *json)
{
	begin_nested(json, false);
}

void
json_array_end(struct json *json)
{
	end_nested(json, false);
}

/* RFC 8259 7: beyond the basic plane as two surrogates. */
static void
write_escape(struct json *json, uint32_t c)
{
	if (c < 0x10000) {
		fprintf(json->out, "\\u%04x", (unsigned)c);
		return;
	}
	c -= 0x10000;
	fprintf(json->out, "\\u%04x\\u%04x", (unsigned)(0xd800 + (c >> 10)),
		(unsigned)(0xdc00 + (c & 0x3ff)));
}

static void
write_char(struct json *json, uint32_t c)
{
	char bytes[4];

	if (c == '"' || c == '\\')
		fprintf(json->out, "\\%c", (char)c);
	else if (c == '\n')
		fputs("\\n", json->out);
	else if (c == '\t')
		fputs("\\t", json->out);
	else if (c == '\r')
		fputs("\\r", json->out);
	else if (print_is_unsafe(c))
		write_escape(json, c);
	else
		fwrite(bytes, 1, utf8_encode(c, bytes), json->out);
}

static void
write_text(struct json *json, struct slice text)
{
	fputc('"', json->out);
	while (text.len > 0)
		write_char(json, utf8_next(&text));
	fputc('"', json->out);
}

void
json_key(struct json *json, const char *key)
{
	ASSERT(json->depth > 0 && json->in_object[json->depth - 1] &&
		!json->has_key);
	if (json->has_items[json->depth - 1])
		fputc(',', json->out);
	json->has_items[json->depth - 1] = true;
	write_text(json, slice_str(key));
	fputc(':', json->out);
	json->has_key = true;
}

void
json_slice(struct json *json, struct slice text)
{
	begin_value(json);
	if (text.data)
		write_text(json, text);
	else
		fputs("null", json->out);
	end_value(json);
}

void
json_string(struct json *json, const char *text)
{
	json_slice(json, slice_str(text));
}

void
json_int(struct json *json, int64_t number)
{
	begin_value(json);
	fprintf(json->out, "%" PRId64, number);
	end_value(json);
}

void
json_uint(struct json *json, uint64_t number)
{
	begin_value(json);
	fprintf(json->out, "%" PRIu64, number);
	end_value(json);
}

void
json_bool(struct json *json, bool value)
{
	begin_value(json);
	fputs(value ? "true" : "false", json->out);
	end_value(json);
}

void
json_null(struct json *json)
{
	json_slice(json, (struct slice){ 0 });
}

void
json_time(struct json *json, int64_t time_s)
{
	char buf[32];

	date_print_rfc3339(time_s, buf);
	json_string(json, buf);
}

void
json_put_string(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

void
json_put_string_opt(struct json *json, const char *key, const char *text)
{
	if (text)
		json_put_string(json, key, text);
}

void
json_put_int(struct json *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_int(json, number);
}

void
json_put_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool(json, value);
}

void
json_put_time_opt(struct json *json, const char *key, int64_t time_s)
{
	if (time_s <= 0)
		return;
	json_key(json, key);
	json_time(json, time_s);
}
