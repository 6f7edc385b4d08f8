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
	{ "", "\x1b$)C\x0e>H3g\x0f", "안녕", false },
	{ "utf-8", "\x1b$BF|K\\\x1b(B", "日本", false },
	/* Aliases, whoever made them up. */
	{ "cp-850", "caf\x82", "café", false },
	{ "dos-850", "caf\x82", "café", false },
	{ "csISOLatin1", "caf\xe9", "café", false },
	{ "csISOLatin2", "\xb1\xe6\xea", "ąćę", false },
	{ "csISO2022JP", "\x1b$BF|K\\\x1b(B", "日本", false },
	{ "csKSC56011987", "\xbe\xc8\xb3\xe7", "안녕", false },
	{ "csGB2312", "\xc4\xe3\xba\xc3", "你好", false },
	{ "iso-ir-101", "\xb1\xe6\xea", "ąćę", false },
	{ "x-mac-roman", "caf\x8e", "café", false },
	{ "x-mac-ce", "\x88\x8d\xab", "ąćę", false },
	{ "x-mac-ukrainian", "\x8f\xf0\xe8", "При", false },
	{ "x-windows-949", "\xbe\xc8\xb3\xe7", "안녕", false },
	{ "x-user-defined", "caf\xe9", "café", false },
	{ "3Dutf-8", "caf\xc3\xa9", "café", false },
	{ "charset=utf-8", "caf\xc3\xa9", "café", false },
	{ "uft-8", "caf\xc3\xa9", "café", false },
	{ "us-ascii\\r\\n", "cafe", "cafe", false },
	{ "cp437", "caf\x82", "café", false },
	{ "ISO_8859-8:1988", "\xf9\xec\xe5\xed", "שלום", false },
	{ "x-ias-german", "}ber", "}ber", false },
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

/* Nobody said, or what was said cannot be. */
static const struct {
	const char *name;
	const char *bytes;
	const char *want;
} detected[] = {
	{ "", "<p class=paragraph><span>\xce\xf2\xf7\xb8\xf2 \xe7\xe0 \xed\xee\xff\xe1\xf0\xfc</span></p><p class=paragraph>\xca\xe0\xea \xe4\xee\xe3\xee\xe2\xee\xf0\xe8\xeb\xe8\xf1\xfc</p>",
		"<p class=paragraph><span>Отчёт за ноябрь</span></p><p class=paragraph>Как договорились</p>" },
	{ "", "\xef\xd4\xde\xa3\xd4 \xda\xc1 \xce\xcf\xd1\xc2\xd2\xd8",
		"Отчёт за ноябрь" },
	{ "", "\xce\xf2\xf7\xb8\xf2 \xe7\xe0 \xed\xee\xff\xe1\xf0\xfc",
		"Отчёт за ноябрь" },
	{ "", "\xbf\xe0\xd8\xd2\xd5\xe2 \xd2\xe1\xd5\xdc", "Привет всем" },
	{ "", "\x8e\xe2\xe7\xf1\xe2 \xa7\xa0 \xad\xae\xef\xa1\xe0\xec",
		"Отчёт за ноябрь" },
	{ "", "\xb2\xf1\xb5\xc4\xa4\xce\xbb\xf1\xce\xc1\xa4\xf2\xa4\xaa\xc1\xf7\xa4\xea\xa4\xb7\xa4\xde\xa4\xb9",
		"会議の資料をお送りします" },
	{ "",
		"\x89\xef\x8b"
		"c\x82\xcc\x8e\x91\x97\xbf\x82\xf0\x82\xa8\x91\x97\x82\xe8\x82\xb5\x82\xdc\x82\xb7",
		"会議の資料をお送りします" },
	{ "", "\xb9\xd8\xd3\xda\xcf\xc2\xd6\xdc\xbb\xe1\xd2\xe9\xb5\xc4\xcd\xa8\xd6\xaa",
		"关于下周会议的通知" },
	{ "", "\xc3\xf6\xa9\xf3\xa4U\xb6g\xb7|\xc4\xb3\xaa\xba\xb3q\xaa\xbe",
		"關於下週會議的通知" },
	{ "", "\xb4\xd9\xc0\xbd \xc1\xd6 \xc8\xb8\xc0\xc7 \xbe\xc8\xb3\xbb",
		"다음 주 회의 안내" },
	{ "", "\xc1\xed\xe1\xf6\xef\xf1\xdc \xcf\xea\xf4\xf9\xe2\xf1\xdf\xef\xf5",
		"Αναφορά Οκτωβρίου" },
	{ "", "\xe3\xe5\xe7 \xec\xe7\xe5\xe3\xf9 \xe0\xe5\xf7\xe8\xe5\xe1\xf8",
		"דוח לחודש אוקטובר" },
	{ "", "\xca\xde\xd1\xed\xd1 \xd4\xe5\xd1 \xc3\xdf\xca\xe6\xc8\xd1 \xe1\xdf\xe3",
		"تقرير شهر أكتوبر لكم" },
	{ "", "\xc3\xd2\xc2\xa7\xd2\xb9\xbb\xc3\xd0\xa8\xd3\xe0\xb4\xd7\xcd\xb9",
		"รายงานประจำเดือน" },
	{ "",
		"Dzie\xf1 dobry, przesy\xb3"
		"am sprawozdanie za pa\xbc"
		"dziernik. Prosz\xea przejrze\xe6 je do pi\xb1tku. \xa3ukasz Wi\xb6niewski",
		"Dzień dobry, przesyłam sprawozdanie za październik. Proszę przejrzeć je do piątku. Łukasz Wiśniewski" },
	{ "",
		"Gr\xfc\xdf"
		"e, anbei die \xdc"
		"bersicht f\xfcr M\xe4rz",
		"Grüße, anbei die Übersicht für März" },
	{ "", "R\xe9union du mois de f\xe9vrier",
		"Réunion du mois de février" },
	{ "utf-8",
		"\xef\xd4\xde\xa3\xd4 \xda\xc1 \xce\xcf\xd1\xc2\xd2\xd8, \xcb\xc1\xcb \xc4\xcf\xc7\xcf\xd7\xcf\xd2\xc9\xcc\xc9\xd3\xd8",
		"Отчёт за ноябрь, как договорились" },
	{ "iso-8859-1",
		"\xce\xf2\xf7\xb8\xf2 \xe7\xe0 \xed\xee\xff\xe1\xf0\xfc, \xea\xe0\xea \xe4\xee\xe3\xee\xe2\xee\xf0\xe8\xeb\xe8\xf1\xfc",
		"Отчёт за ноябрь, как договорились" },
	{ "iso-8859-1",
		"\x89\xef\x8b"
		"c\x82\xcc\x8e\x91\x97\xbf\x82\xf0\x82\xa8\x91\x97\x82\xe8\x82\xb5\x82\xdc\x82\xb7\x81"
		"B\x82\xb2\x8am\x94"
		"F\x82\xad\x82\xbe\x82\xb3\x82\xa2\x81"
		"B",
		"会議の資料をお送りします。ご確認ください。" },
	{ "windows-1252",
		"\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96 \x96 x",
		"––––––––––––––––––––– – x" },
};

static const struct {
	const char *name;
	struct slice bytes;
	const char *want;
} wide[] = {
	{ "", { "\xff\xfe\x60\x4f\x20\0", 6 }, "你 " },
	{ "utf-8", { "\xfe\xff\0h\0i", 6 }, "hi" },
	{ "iso-10646-ucs-2", { "\0h\0i", 4 }, "hi" },
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
	for (size_t i = 0; i < ARRAY_LEN(detected); i++)
		convert(detected[i].name, CHARSET_DECLARED,
			slice_str(detected[i].bytes), detected[i].want, &whole);
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
