/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/array.h"
#include "cli/json.h"
#include "cli/print.h"

#include "tap.h"

/* Bytes, and the JSON string they become. */
static const struct {
	const char *text;
	size_t len;
	const char *json;
} strings[] = {
	{ "plain", 5, "\"plain\"\n" },
	{ "", 0, "\"\"\n" },
	{ "a\"b\\c/", 6, "\"a\\\"b\\\\c/\"\n" },
	{ "\n\r\t", 3, "\"\\n\\r\\t\"\n" },
	{ "\x00\x1b[31m\x7f", 7, "\"\\u0000\\u001b[31m\\u007f\"\n" },
	{ "\xc2\x9b", 2, "\"\\u009b\"\n" }, /* C1 */
	{ "Zoë 山 🎉", 13, "\"Zoë 山 🎉\"\n" },
	{ "\xff\xe5\xb1", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n" },
	{ "\xe2\x80\xae\xe2\x80\xa8", 6, "\"\\u202e\\u2028\"\n" },
	{ "\xf3\xa0\x81\x81", 4, "\"\\udb40\\udc41\"\n" }, /* a tag */
	{ NULL, 0, "null\n" },
};

struct sheet {
	FILE *file;
	char *text;
	size_t len;
};

static void
sheet_open(struct sheet *sheet)
{
	*sheet = (struct sheet){ 0 };
	sheet->file = open_memstream(&sheet->text, &sheet->len);
}

static void
sheet_check(struct sheet *sheet, const char *want, const char *what)
{
	fclose(sheet->file);
	is_str(sheet->text, want, what);
	free(sheet->text);
}

static void
test_nesting(void)
{
	struct sheet sheet;
	struct json json;

	sheet_open(&sheet);
	json_init(&json, sheet.file);
	json_object_begin(&json);
	json_put_int(&json, "schema", 1);
	json_key(&json, "from");
	json_array_begin(&json);
	json_object_begin(&json);
	json_put_string(&json, "name", "Ann");
	json_put_string_opt(&json, "none", NULL);
	json_object_end(&json);
	json_object_begin(&json);
	json_object_end(&json);
	json_int(&json, -5);
	json_bool(&json, true);
	json_null(&json);
	json_array_end(&json);
	json_put_time_opt(&json, "date", 1795190520);
	json_put_time_opt(&json, "never", 0);
	json_put_bool(&json, "ok", false);
	json_object_end(&json);
	json_array_begin(&json);
	json_uint(&json, UINT64_MAX);
	json_array_begin(&json);
	json_array_end(&json);
	json_array_end(&json);
	sheet_check(&sheet,
		"{\"schema\":1,\"from\":[{\"name\":\"Ann\"},{},-5,true,null],"
		"\"date\":\"2026-11-20T16:02:00Z\",\"ok\":false}\n"
		"[18446744073709551615,[]]\n",
		"nested values");
}

/* What print_inert makes of bytes, in one line and in lines. */
static const struct {
	const char *text;
	const char *line;
	const char *lines;
} inert[] = {
	{ "plain é 山", "plain é 山", "plain é 山" },
	{ "a\nb\tc", "a b c", "a\nb\tc" },
	{ "a\r\nb", "a b", "a\nb" },
	{ "a\rb",
		"a\xef\xbf\xbd"
		"b",
		"a\xef\xbf\xbd"
		"b" },
	{ "\x1b]0;x\x07", "\xef\xbf\xbd]0;x\xef\xbf\xbd",
		"\xef\xbf\xbd]0;x\xef\xbf\xbd" },
	{ "\xc2\x9b"
	  "31m",
		"\xef\xbf\xbd"
		"31m",
		"\xef\xbf\xbd"
		"31m" },
	{ "exe\xe2\x80\xae"
	  "fdp",
		"exefdp", "exefdp" },
	{ "a\xe2\x80\xa8"
	  "b",
		"a b", "a b" },
	{ "\xff", "\xef\xbf\xbd", "\xef\xbf\xbd" },
	{ "\xf3\xa0\x81\x81\xef\xbb\xbf", "", "" },
};

static void
test_inert(void)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(inert); i++) {
		strbuf_reset(&out);
		print_inert(slice_str(inert[i].text), false, &out);
		is_str(out.data, inert[i].line, "one line");
		strbuf_reset(&out);
		print_inert(slice_str(inert[i].text), true, &out);
		is_str(out.data, inert[i].lines, "lines");
	}
}

/* Longer than the pieces in which print_text works. */
static void
test_long(void)
{
	enum { REPEATS = 10000 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf want CLEANUP(strbuf_clear) = { 0 };
	struct sheet sheet;

	strbuf_init(&text, 1000000);
	strbuf_init(&want, 1000000);
	for (int i = 0; i < REPEATS; i++) {
		strbuf_add_str(&text, i % 7 ? "山é\r\n" : "x\r\n");
		strbuf_add_str(&want, i % 7 ? "山é\n" : "x\n");
	}
	sheet_open(&sheet);
	print_text(sheet.file, strbuf_slice(&text), true);
	sheet_check(&sheet, want.data, "long text in pieces");
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		struct sheet sheet;
		struct json json;

		sheet_open(&sheet);
		json_init(&json, sheet.file);
		json_slice(&json, slice_make(strings[i].text, strings[i].len));
		sheet_check(&sheet, strings[i].json, "string");
	}
	test_nesting();
	test_inert();
	test_long();
	return tap_done();
}
