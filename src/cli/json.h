/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A JSON writer.  Values come in order; commas, colons and nesting are its own
 * work.  Each finished top-level value is one line.
 *
 * Text is repaired to UTF-8.  Control characters, C1 ones too, and those that
 * turn or hide text are escaped, so that JSON is safe to look at in a terminal.
 */
#ifndef TERCET_CLI_JSON_H
#define TERCET_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/slice.h"

enum { JSON_DEPTH_MAX = 32 };

struct json {
	FILE *out;
	int depth;
	bool in_object[JSON_DEPTH_MAX];
	bool has_items[JSON_DEPTH_MAX];
	bool has_key;
};

void json_init(struct json *json, FILE *out);

/* What the next value is called; inside an object every value has a key. */
void json_key(struct json *json, const char *key);

void json_object_begin(struct json *json);
void json_object_end(struct json *json);
void json_array_begin(struct json *json);
void json_array_end(struct json *json);

/* NULL data is null. */
void json_slice(struct json *json, struct slice text);
void json_string(struct json *json, const char *text);
void json_int(struct json *json, int64_t number);
void json_uint(struct json *json, uint64_t number);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
/* RFC 3339, UTC. */
void json_time(struct json *json, int64_t time_s);

/* Key and value at once; the _opt ones write nothing for what is unknown:
 * NULL, 0. */
void json_put_string(struct json *json, const char *key, const char *text);
void json_put_string_opt(struct json *json, const char *key, const char *text);
void json_put_int(struct json *json, const char *key, int64_t number);
void json_put_bool(struct json *json, const char *key, bool value);
void json_put_time_opt(struct json *json, const char *key, int64_t time_s);

#endif /* TERCET_CLI_JSON_H */
