/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset.h"

#include "base/array.h"
#include "base/utf8.h"
#include "mime/charset_tables.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *bytes;
	const char *want;
	bool lossy;
} cases[] = {
	{ "", "plain", "plain", false },
	{ "", "caf\xc3\xa9", "café", false },
	{ "", "caf\xe9", "café", false },
	{ "us-ascii", "\x93quoted\x94", "“quoted”", false },
	{ "US-ASCII", "caf\xc3\xa9", "café", false },
	{ "utf-8", "caf\xe9", "café", false },
	{ "utf-8", "\xc3\xa9\xc3\xa9\xc3\xa9\xff", "ééé\xef\xbf\xbd", true },
	{ "iso-8859-1", "\x80 caf\xe9", "€ café", false },
	{ "ISO_8859-1:1987", "caf\xe9", "café", false },
	{ "latin1", "caf\xe9", "café", false },
	{ "iso-8859-1", "caf\xc3\xa9", "café", false },
	{ "windows-1252", "\x81", "\xef\xbf\xbd", true },
	{ "iso-8859-15", "\xa4", "€", false },
	{ "iso-8859-2", "\xb1\xe6\xea", "ąćę", false },
	{ "windows-1250", "\xb9\xe6\xea", "ąćę", false },
	{ "windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", false },
	{ "cp1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", false },
	{ "x-cp1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", false },
	{ "KOI8-R", "\xf0\xd2\xc9\xd7\xc5\xd4", "Привет", false },
	{ "iso-8859-5", "\xbf\xe0\xd8\xd2\xd5\xe2", "Привет", false },
	{ "iso-8859-7", "\xe3\xe5\xe9\xdc", "γειά", false },
	{ "iso-8859-8-i", "\xf9\xec\xe5\xed", "שלום", false },
	{ "windows-1255", "\xf9\xec\xe5\xed", "שלום", false },
	{ "iso-8859-9", "\xfe\xf0", "şğ", false },
	{ "tis-620", "\xca\xc7\xd1\xca", "สวัส", false },
	{ "macintosh", "caf\x8e", "café", false },
	{ "x-mac-cyrillic", "\x8f\xf0\xe8", "При", false },
	{ "ibm850", "caf\x82", "café", false },
	{ "gb2312", "\xc4\xe3\xba\xc3", "你好", false },
	{ "x-gbk", "\xc4\xe3\xba\xc3", "你好", false },
	{ "big5", "\xa7\x41\xa6\x6e", "你好", false },
	{ "shift_jis", "\x93\xfa\x96\x7b\x87\x40", "日本①", false },
	{ "x-sjis", "\x93\xfa\x96\x7b", "日本", false },
	{ "euc-jp", "\xc6\xfc\xcb\xdc", "日本", false },
	{ "ks_c_5601-1987", "\xbe\xc8\xb3\xe7", "안녕", false },
	{ "euc-kr", "\xbe\xc8\xb3\xe7", "안녕", false },
	{ "iso-2022-jp", "\x1b$BF|K\\\x1b(B!", "日本!", false },
	{ "iso-2022-jp", "\x1b$BF|K\\\n!", "日本\n!", false },
	{ "iso-2022-jp", "\x1b$B-!\x1b(B", "①", false },
	{ "iso-2022-jp", "\x1b(I1\x1b(B", "ｱ", false },
	{ "iso-2022-jp", "\x1b$BF\x1b(B", "\xef\xbf\xbd", true },
	{ "", "\x1b$BF|K\\\x1b(B", "日本", false },
	{ "iso-2022-jp", "caf\xc3\xa9", "café", false },
	{ "iso-2022-kr", "\x1b$)C\x0e>H3g\x0f", "안녕", false },
	{ "hz-gb-2312", "~{Dc:C~}~~", "你好~", false },
	{ "utf-7", "caf+AOk-", "café", false },
	{ "unicode-1-1-utf-7", "caf+AOk-", "café", false },
	{ "utf-16", "only the name", "only the name", false },
	/* UTF-8 under the name of a CJK charset, and not by accident. */
	{ "gb2312",
		"Gr\xc3\xbc\xc3\x9f"
		"e aus K\xc3\xb6ln, sch\xc3\xb6n",
		"Grüße aus Köln, schön", false },
	{ "gb2312", "\xe4\xbd\xa0\xe5\xa5\xbd", "你好", false },
	{ "gbk", "\xc1\xaa\xcd\xa8", "联通", false },
	/* Nonsense. */
	{ "no-such-thing", "caf\xe9", "café", false },
	{ "../../etc/passwd", "caf\xe9", "café", false },
	{ "UTF-8//IGNORE", "caf\xe9", "café", false },
	{ "gb2312", "\xc4", "\xef\xbf\xbd", true },
	{ "gb2312",
		"\xff\xff"
		"a",
		"\xef\xbf\xbd\xef\xbf\xbd"
		"a",
		true },
	{ " utf-8 ", "caf\xc3\xa9", "café", false },
	{ "\"utf-8\"", "caf\xc3\xa9", "café", false },
};

static const struct {
	const char *name;
	struct slice bytes;
	const char *want;
} wide[] = {
	{ "utf-16", { "\xff\xfe\x60\x4f", 4 }, "你" },
	{ "utf-16", { "\xfe\xff\x4f\x60", 4 }, "你" },
	{ "utf-16", { "h\0i\0", 4 }, "hi" },
	{ "utf-16", { "\0h\0i", 4 }, "hi" },
	{ "utf-16le", { "\x60\x4f", 2 }, "你" },
	{ "utf-16be", { "\xd8\x3d\xde\x00", 4 }, "😀" },
	{ "utf-16be", { "\xd8\x3d\0h\0i", 6 }, "\xef\xbf\xbdhi" },
	{ "utf-16be", { "\0h\0", 3 }, "h\xef\xbf\xbd" },
	{ "utf-32be", { "\0\0\x4f\x60", 4 }, "你" },
};

static void
convert(const char *name, enum charset_trust trust, struct slice bytes,
	const char *want, bool *ret_whole)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	*ret_whole = charset_to_utf8(slice_str(name), trust, bytes, &got);
	is_str(got.data, want, name);
	ok(utf8_is_valid(strbuf_slice(&got)), "valid UTF-8");
}

static void
limits(void)
{
	static const char *const names[] = { "", "utf-8", "iso-8859-1",
		"gb2312", "iso-2022-jp", "utf-16le", "utf-7" };
	char bytes[600];

	memset(bytes, 0xe4, sizeof(bytes));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&got, 300);
		ok(!charset_to_utf8(slice_str(names[i]), CHARSET_DECLARED,
			   slice_make(bytes, sizeof(bytes)), &got) &&
				got.len <= 300 &&
				utf8_is_valid(strbuf_slice(&got)),
			"%s stops at the limit", names[i]);
	}
}

int
main(void)
{
	bool whole;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		convert(cases[i].name, CHARSET_DECLARED,
			slice_str(cases[i].bytes), cases[i].want, &whole);
		ok(whole != cases[i].lossy, "%s",
			whole ? "nothing lost" : "loss is noted");
	}
	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		convert(wide[i].name, CHARSET_DECLARED, wide[i].bytes,
			wide[i].want, &whole);
	convert("windows-1252", CHARSET_FORCED, SLICE("caf\xc3\xa9"), "cafÃ©",
		&whole);
	convert("koi8-r", CHARSET_FORCED, SLICE("\xf0"), "П", &whole);
	convert("utf-8", CHARSET_FORCED, SLICE("\xf0"), "\xef\xbf\xbd", &whole);
	ok(charset_is_known(SLICE("gb2312")) &&
			charset_is_known(SLICE("ibm850")),
		"known");
	ok(!charset_is_known(SLICE("nothing")) && !charset_is_known(SLICE("")),
		"unknown");
	for (int i = 0; i < CHARSET_TABLES; i++)
		ok(charset_tables[i][127 - 32] != 0 || charset_tables[i][96],
			"table %d is filled", i);
	limits();
	return tap_done();
}
