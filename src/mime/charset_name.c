/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/charset_name.h"

#include <iconv.h>
#include <stdio.h>

#include "base/array.h"

/* `key` is the name in lower case, letters and digits only, without "x-". */
struct alias {
	const char *key;
	enum codec codec;
	enum charset_table table;
	const char *iconv;
};

#define ALIAS_NONE(key)                                                        \
	{                                                                      \
		key, CODEC_NONE, 0, ""                                         \
	}
#define ALIAS_UTF8(key)                                                        \
	{                                                                      \
		key, CODEC_UTF8, 0, ""                                         \
	}
#define ALIAS_TABLE(key, table)                                                \
	{                                                                      \
		key, CODEC_TABLE, table, ""                                    \
	}
#define ALIAS_MULTI(key, name)                                                 \
	{                                                                      \
		key, CODEC_MULTI, 0, name                                      \
	}
#define ALIAS_SHIFT(key, name)                                                 \
	{                                                                      \
		key, CODEC_SHIFTED, 0, name                                    \
	}
#define ALIAS_WIDE(key, name)                                                  \
	{                                                                      \
		key, CODEC_WIDE, 0, name                                       \
	}
#define ALIAS_JP(key)                                                          \
	{                                                                      \
		key, CODEC_ISO_2022_JP, 0, "EUC-JP-MS"                         \
	}

/*
 * Supersets stand in for what people say: windows-1252 for ISO 8859-1, GB18030
 * for GB2312, CP949 for KS C 5601, CP932 for Shift_JIS.
 */
static const struct alias aliases[] = {
	ALIAS_NONE("usascii"),
	ALIAS_NONE("ascii"),
	ALIAS_NONE("ansix341968"),
	ALIAS_NONE("iso646us"),
	ALIAS_NONE("646"),
	ALIAS_NONE("unknown8bit"),
	ALIAS_NONE("unknown"),
	ALIAS_NONE("default"),
	ALIAS_NONE("defaultcharset"),
	ALIAS_NONE("none"),
	ALIAS_NONE("binary"),
	ALIAS_NONE("7bit"),
	ALIAS_NONE("8bit"),
	ALIAS_NONE("userdefined"),
	ALIAS_NONE("isoir6"),
	ALIAS_NONE("us"),
	ALIAS_UTF8("utf8"),
	ALIAS_UTF8("utf8mb4"),
	ALIAS_UTF8("utf8mac"),
	ALIAS_UTF8("utf8n"),
	ALIAS_UTF8("utf8bom"),
	ALIAS_UTF8("utf8sig"),
	ALIAS_UTF8("utf"),
	ALIAS_UTF8("uft8"),
	ALIAS_UTF8("uf8"),
	ALIAS_UTF8("unicode11utf8"),
	ALIAS_UTF8("unicode20utf8"),
	ALIAS_UTF8("cp65001"),
	ALIAS_UTF8("65001"),
	ALIAS_TABLE("latin1", TABLE_CP1252),
	ALIAS_TABLE("l1", TABLE_CP1252),
	ALIAS_TABLE("iso88591", TABLE_CP1252),
	ALIAS_TABLE("iso885911987", TABLE_CP1252),
	ALIAS_TABLE("isolatin1", TABLE_CP1252),
	ALIAS_TABLE("cp819", TABLE_CP1252),
	ALIAS_TABLE("ansi", TABLE_CP1252),
	ALIAS_TABLE("isoir100", TABLE_CP1252),
	ALIAS_TABLE("isoir101", TABLE_ISO_8859_2),
	ALIAS_TABLE("isolatin2", TABLE_ISO_8859_2),
	ALIAS_TABLE("isoir109", TABLE_ISO_8859_3),
	ALIAS_TABLE("isolatin3", TABLE_ISO_8859_3),
	ALIAS_TABLE("isoir110", TABLE_ISO_8859_4),
	ALIAS_TABLE("isolatin4", TABLE_ISO_8859_4),
	ALIAS_TABLE("isoir144", TABLE_ISO_8859_5),
	ALIAS_TABLE("isolatincyrillic", TABLE_ISO_8859_5),
	ALIAS_TABLE("isoir126", TABLE_ISO_8859_7),
	ALIAS_TABLE("isolatingreek", TABLE_ISO_8859_7),
	ALIAS_TABLE("elot928", TABLE_ISO_8859_7),
	ALIAS_TABLE("ecma118", TABLE_ISO_8859_7),
	ALIAS_TABLE("suneugreek", TABLE_ISO_8859_7),
	ALIAS_TABLE("isoir148", TABLE_CP1254),
	ALIAS_TABLE("isolatin5", TABLE_CP1254),
	ALIAS_TABLE("isoir157", TABLE_ISO_8859_10),
	ALIAS_TABLE("isolatin6", TABLE_ISO_8859_10),
	ALIAS_TABLE("isolatin9", TABLE_ISO_8859_15),
	ALIAS_TABLE("latin2", TABLE_ISO_8859_2),
	ALIAS_TABLE("iso88592", TABLE_ISO_8859_2),
	ALIAS_TABLE("iso885921987", TABLE_ISO_8859_2),
	ALIAS_TABLE("iso88593", TABLE_ISO_8859_3),
	ALIAS_TABLE("latin3", TABLE_ISO_8859_3),
	ALIAS_TABLE("iso88594", TABLE_ISO_8859_4),
	ALIAS_TABLE("latin4", TABLE_ISO_8859_4),
	ALIAS_TABLE("iso88595", TABLE_ISO_8859_5),
	ALIAS_TABLE("cyrillic", TABLE_ISO_8859_5),
	ALIAS_TABLE("iso88597", TABLE_ISO_8859_7),
	ALIAS_TABLE("greek", TABLE_ISO_8859_7),
	ALIAS_TABLE("iso88599", TABLE_CP1254),
	ALIAS_TABLE("latin5", TABLE_CP1254),
	ALIAS_TABLE("iso885910", TABLE_ISO_8859_10),
	ALIAS_TABLE("latin6", TABLE_ISO_8859_10),
	ALIAS_TABLE("iso885911", TABLE_CP874),
	ALIAS_TABLE("iso885913", TABLE_ISO_8859_13),
	ALIAS_TABLE("latin7", TABLE_ISO_8859_13),
	ALIAS_TABLE("iso885914", TABLE_ISO_8859_14),
	ALIAS_TABLE("latin8", TABLE_ISO_8859_14),
	ALIAS_TABLE("iso885915", TABLE_ISO_8859_15),
	ALIAS_TABLE("latin9", TABLE_ISO_8859_15),
	ALIAS_TABLE("latin0", TABLE_ISO_8859_15),
	ALIAS_TABLE("iso885916", TABLE_ISO_8859_16),
	ALIAS_TABLE("latin10", TABLE_ISO_8859_16),
	ALIAS_TABLE("cp1250", TABLE_CP1250),
	ALIAS_TABLE("cp1251", TABLE_CP1251),
	ALIAS_TABLE("cp1252", TABLE_CP1252),
	ALIAS_TABLE("cp1253", TABLE_CP1253),
	ALIAS_TABLE("cp1254", TABLE_CP1254),
	ALIAS_TABLE("cp1255", TABLE_CP1255),
	ALIAS_TABLE("cp1256", TABLE_CP1256),
	ALIAS_TABLE("cp1257", TABLE_CP1257),
	ALIAS_TABLE("koi", TABLE_KOI8_R),
	ALIAS_TABLE("koi8", TABLE_KOI8_R),
	ALIAS_TABLE("koi8r", TABLE_KOI8_R),
	ALIAS_TABLE("koi8u", TABLE_KOI8_U),
	ALIAS_TABLE("koi8ru", TABLE_KOI8_U),
	ALIAS_TABLE("cp866", TABLE_CP866),
	ALIAS_TABLE("cp874", TABLE_CP874),
	ALIAS_TABLE("tis620", TABLE_CP874),
	{ "iso88598", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "iso88598i", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "iso88598e", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "hebrew", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "isoir138", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "isolatinhebrew", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "logical", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "visual", CODEC_SINGLE, 0, "ISO-8859-8" },
	{ "iso88596", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "iso88596i", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "iso88596e", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "arabic", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "isoir127", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "isolatinarabic", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "asmo708", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "ecma114", CODEC_SINGLE, 0, "ISO-8859-6" },
	{ "mac", CODEC_SINGLE, 0, "MACINTOSH" },
	{ "macroman", CODEC_SINGLE, 0, "MACINTOSH" },
	{ "macintosh", CODEC_SINGLE, 0, "MACINTOSH" },
	{ "maccyrillic", CODEC_SINGLE, 0, "MAC-CYRILLIC" },
	{ "macukrainian", CODEC_SINGLE, 0, "MAC-CYRILLIC" },
	{ "macce", CODEC_SINGLE, 0, "MAC-CENTRALEUROPE" },
	{ "maccentraleurroman", CODEC_SINGLE, 0, "MAC-CENTRALEUROPE" },
	{ "iasgerman", CODEC_SINGLE, 0, "ISO646-DE" },
	{ "iasnorwegian", CODEC_SINGLE, 0, "ISO646-NO" },
	{ "iasswedish", CODEC_SINGLE, 0, "ISO646-SE" },
	{ "tcvn", CODEC_SINGLE, 0, "TCVN" },
	{ "viscii", CODEC_SINGLE, 0, "VISCII" },
	ALIAS_MULTI("gb2312", "GB18030"),
	ALIAS_MULTI("gb231280", "GB18030"),
	ALIAS_MULTI("isoir58", "GB18030"),
	ALIAS_MULTI("iso58gb231280", "GB18030"),
	ALIAS_MULTI("gbk", "GB18030"),
	ALIAS_MULTI("gb18030", "GB18030"),
	ALIAS_MULTI("gb180302000", "GB18030"),
	ALIAS_MULTI("gb180302005", "GB18030"),
	ALIAS_MULTI("euccn", "GB18030"),
	ALIAS_MULTI("chinese", "GB18030"),
	ALIAS_MULTI("cp936", "GB18030"),
	ALIAS_MULTI("cp54936", "GB18030"),
	ALIAS_MULTI("big5", "BIG5-HKSCS"),
	ALIAS_MULTI("xbig5", "BIG5-HKSCS"),
	ALIAS_MULTI("cnbig5", "BIG5-HKSCS"),
	ALIAS_MULTI("big5hkscs", "BIG5-HKSCS"),
	ALIAS_MULTI("cp950", "CP950"),
	ALIAS_MULTI("big5eten", "CP950"),
	ALIAS_MULTI("euctw", "EUC-TW"),
	ALIAS_MULTI("shiftjis", "CP932"),
	ALIAS_MULTI("sjis", "CP932"),
	ALIAS_MULTI("mskanji", "CP932"),
	ALIAS_MULTI("sjiswin", "CP932"),
	ALIAS_MULTI("sjisopen", "CP932"),
	ALIAS_MULTI("shiftjisms", "CP932"),
	ALIAS_MULTI("cp932", "CP932"),
	ALIAS_MULTI("cp31j", "CP932"),
	ALIAS_MULTI("eucjp", "EUC-JP-MS"),
	ALIAS_MULTI("ujis", "EUC-JP-MS"),
	ALIAS_MULTI("eucjpms", "EUC-JP-MS"),
	ALIAS_MULTI("eucjpwin", "EUC-JP-MS"),
	ALIAS_MULTI("eucjpopen", "EUC-JP-MS"),
	ALIAS_MULTI("eucpkdfmtjapanese", "EUC-JP-MS"),
	ALIAS_MULTI("cp51932", "EUC-JP-MS"),
	ALIAS_MULTI("ksc56011987", "CP949"),
	ALIAS_MULTI("ksc56011989", "CP949"),
	ALIAS_MULTI("ksc5601", "CP949"),
	ALIAS_MULTI("ksx1001", "CP949"),
	ALIAS_MULTI("isoir149", "CP949"),
	ALIAS_MULTI("euckr", "CP949"),
	ALIAS_MULTI("cp51949", "CP949"),
	ALIAS_MULTI("korean", "CP949"),
	ALIAS_MULTI("uhc", "CP949"),
	ALIAS_MULTI("cp949", "CP949"),
	ALIAS_MULTI("johab", "JOHAB"),
	ALIAS_JP("iso2022jp"),
	ALIAS_JP("iso2022jp1"),
	ALIAS_JP("iso2022jp3"),
	ALIAS_JP("iso2022jpms"),
	ALIAS_JP("iso2022jp2004"),
	ALIAS_JP("cp50220"),
	ALIAS_JP("cp50221"),
	ALIAS_JP("cp50222"),
	ALIAS_JP("jis"),
	ALIAS_SHIFT("iso2022jp2", "ISO-2022-JP-2"),
	ALIAS_SHIFT("iso2022kr", "ISO-2022-KR"),
	ALIAS_SHIFT("cp50225", "ISO-2022-KR"),
	ALIAS_SHIFT("iso2022cn", "ISO-2022-CN-EXT"),
	ALIAS_SHIFT("iso2022cnext", "ISO-2022-CN-EXT"),
	ALIAS_SHIFT("utf7", "UTF-7"),
	ALIAS_SHIFT("unicode11utf7", "UTF-7"),
	ALIAS_SHIFT("unicode20utf7", "UTF-7"),
	ALIAS_SHIFT("cp65000", "UTF-7"),
	{ "hz", CODEC_HZ, 0, "GB18030" },
	{ "hzgb2312", CODEC_HZ, 0, "GB18030" },
	ALIAS_WIDE("utf16", "UTF-16"),
	ALIAS_WIDE("unicode", "UTF-16"),
	ALIAS_WIDE("ucs2", "UTF-16"),
	ALIAS_WIDE("iso10646ucs2", "UTF-16"),
	ALIAS_WIDE("iso10646", "UTF-16"),
	ALIAS_WIDE("unicode11", "UTF-16"),
	ALIAS_WIDE("ucs2le", "UTF-16LE"),
	ALIAS_WIDE("ucs2be", "UTF-16BE"),
	ALIAS_WIDE("unicodefffe", "UTF-16BE"),
	ALIAS_WIDE("utf16le", "UTF-16LE"),
	ALIAS_WIDE("utf16be", "UTF-16BE"),
	ALIAS_WIDE("cp1200", "UTF-16LE"),
	ALIAS_WIDE("cp1201", "UTF-16BE"),
	ALIAS_WIDE("utf32", "UTF-32"),
	ALIAS_WIDE("utf32le", "UTF-32LE"),
	ALIAS_WIDE("utf32be", "UTF-32BE"),
	ALIAS_WIDE("ucs4", "UTF-32"),
	ALIAS_WIDE("iso10646ucs4", "UTF-32"),
	ALIAS_WIDE("cp12000", "UTF-32LE"),
	ALIAS_WIDE("cp12001", "UTF-32BE"),
};

/*
 * Spellings of one family: "windows-1251" is "cp1251".  The last ones stand
 * before any name: IANA's aliases, the leavings of quoted-printable, and what
 * is said twice.
 */
static const struct {
	const char *prefix;
	const char *instead;
} prefixes[] = {
	{ "windows", "cp" },
	{ "mswin", "cp" },
	{ "win", "cp" },
	{ "ibm", "cp" },
	{ "ms", "cp" },
	{ "dos", "cp" },
	{ "8859", "iso8859" },
	{ "cs", "" },
	{ "3d", "" },
	{ "charset", "" },
};

/* False for what is no name at all. */
static bool
make_key(struct slice name, char key[CHARSET_NAME_MAX])
{
	size_t n = 0;

	name = slice_trim(name);
	if (slice_starts_nocase(name, SLICE("x-")))
		name = slice_skip(name, 2);
	if (name.len >= CHARSET_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (ascii_is_alnum(name.data[i]))
			key[n++] = ascii_lower(name.data[i]);
	}
	key[n] = '\0';
	return n > 0;
}

static const struct alias *
find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		if (strcmp(aliases[i].key, key) == 0)
			return &aliases[i];
	}
	return NULL;
}

static const struct alias *
find_spelling(const char *key)
{
	char other[CHARSET_NAME_MAX + 8];
	const struct alias *alias;

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(key, prefixes[i].prefix, n) != 0 ||
			(*prefixes[i].instead && !ascii_is_digit(key[n])))
			continue;
		snprintf(other, sizeof(other), "%s%s", prefixes[i].instead,
			key + n);
		alias = find(other);
		if (alias)
			return alias;
	}
	return NULL;
}

struct charset
charset_by_name(struct slice name)
{
	struct charset charset = { CODEC_NONE, 0, "" };
	char key[CHARSET_NAME_MAX];
	const struct alias *alias;

	/* What nearly all mail says needs no search. */
	if (slice_eq_nocase(name, SLICE("utf-8"))) {
		charset.codec = CODEC_UTF8;
		return charset;
	}
	if (!make_key(name, key))
		return charset;
	alias = find(key);
	if (!alias)
		alias = find_spelling(key);
	if (alias) {
		charset.codec = alias->codec;
		charset.table = alias->table;
		snprintf(charset.iconv, sizeof(charset.iconv), "%s",
			alias->iconv);
		return charset;
	}
	name = slice_trim(name);
	charset.codec = CODEC_SINGLE;
	snprintf(charset.iconv, sizeof(charset.iconv), "%.*s", (int)name.len,
		name.data);
	return charset;
}

static bool
is_in_iconv(const char *name)
{
	iconv_t cd = *name ? iconv_open("UTF-8", name) : (iconv_t)-1;

	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

/* "cp-850" and "dos-850" are "cp850" there. */
static bool
find_iconv_spelling(const char *key, char spelling[CHARSET_NAME_MAX + 8])
{
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(key, prefixes[i].prefix, n) != 0)
			continue;
		snprintf(spelling, CHARSET_NAME_MAX + 8, "%s%s",
			prefixes[i].instead, key + n);
		if (is_in_iconv(spelling))
			return true;
	}
	snprintf(spelling, CHARSET_NAME_MAX + 8, "%s", key);
	return is_in_iconv(spelling);
}

bool
charset_settle(struct charset *charset)
{
	char key[CHARSET_NAME_MAX];
	char spelling[CHARSET_NAME_MAX + 8];

	if (charset->codec != CODEC_SINGLE)
		return charset->codec != CODEC_NONE;
	/* No slash reaches it, which would name options or files. */
	for (const char *p = charset->iconv; *p; p++) {
		if (!ascii_is_alnum(*p) && !strchr("-_.:+()", *p)) {
			charset->codec = CODEC_NONE;
			return false;
		}
	}
	if (is_in_iconv(charset->iconv))
		return true;
	if (make_key(slice_str(charset->iconv), key) &&
		find_iconv_spelling(key, spelling) &&
		strlen(spelling) < sizeof(charset->iconv)) {
		memcpy(charset->iconv, spelling, strlen(spelling) + 1);
		return true;
	}
	charset->codec = CODEC_NONE;
	return false;
}
