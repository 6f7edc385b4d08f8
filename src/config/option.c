/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/option.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/spawn.h"
#include "base/strbuf.h"
#include "config/account.h"
#include "config/url.h"

enum {
	ADDRESS_LIMIT = 320,
	ADDRESSES_LIMIT = 200,
	PHRASE_LIMIT = 1024,
	SECONDS_A_MINUTE = 60,
	SHA256_HEX = 64,
	SHA256_BASE64 = 44,
};

const struct option *
option_find(enum option_scope scope, const char *name)
{
	for (const struct option *it = options; it->name; it++)
		if (it->scope == scope && ascii_eq_nocase(it->name, name))
			return it;
	return NULL;
}

static char **
text_field(const struct option *option, const void *base)
{
	return (char **)((char *)(uintptr_t)base + option->offset);
}

static int
int_field(const struct option *option, const void *base)
{
	int value;

	memcpy(&value, (const char *)base + option->offset, sizeof(value));
	return value;
}

static void
store_int(const struct option *option, void *base, int value)
{
	memcpy((char *)base + option->offset, &value, sizeof(value));
}

const char *
option_word_of(const struct option *option, int value)
{
	for (const struct option_word *it = option->words; it && it->word; it++)
		if (it->value == value)
			return it->word;
	return NULL;
}

static bool
word_value(const struct option *option, const char *text, int *ret_value)
{
	for (const struct option_word *it = option->words; it && it->word; it++)
		if (ascii_eq_nocase(it->word, text)) {
			*ret_value = it->value;
			return true;
		}
	return false;
}

/* A number and perhaps a unit: `units` are letters, each worth `factors`. */
static bool
number_value(const struct option *option, const char *text, const char *units,
	const int *factors, int *ret_value)
{
	size_t len = strlen(text);
	int factor = 1;
	uint64_t number;

	for (size_t i = 0; len > 0 && units[i]; i++)
		if (ascii_lower(text[len - 1]) == units[i]) {
			factor = factors[i];
			len--;
			break;
		}
	if (!ascii_parse_u64(
		    text, len, (uint64_t)(option->max / factor), &number) ||
		(int)number * factor < option->min)
		return false;
	*ret_value = (int)number * factor;
	return true;
}

static bool
store_number(const struct option *option, void *base, const char *text)
{
	static const int day_factors[] = { 1, 7 };
	static const int second_factors[] = { 1, SECONDS_A_MINUTE };
	bool days = option->kind == OPTION_DAYS;
	int value;

	if (!word_value(option, text, &value) &&
		!number_value(option, text, days ? "dw" : "sm",
			days ? day_factors : second_factors, &value))
		return false;
	store_int(option, base, value);
	return true;
}

static bool
store_word(const struct option *option, void *base, const char *text)
{
	int value;

	if (!word_value(option, text, &value))
		return false;
	store_int(option, base, value);
	return true;
}

static bool
store_bool(const struct option *option, void *base, const char *text)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "yes", true },
		{ "no", false },
		{ "true", true },
		{ "false", false },
		{ "on", true },
		{ "off", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (ascii_eq_nocase(words[i].word, text)) {
			memcpy((char *)base + option->offset, &words[i].value,
				sizeof(bool));
			return true;
		}
	return false;
}

static bool
name_is_valid(const char *text)
{
	for (const char *p = text; *p; p++)
		if (!ascii_is_alnum(*p) && *p != '.' && *p != '_' && *p != '-')
			return false;
	return text[0] != '.' && text[0] != '-';
}

/* Enough to catch a slip; the server has the last word. */
static bool
address_is_valid(struct slice text)
{
	size_t at = slice_find(text, '@');

	if (at == 0 || at + 1 >= text.len || text.len > ADDRESS_LIMIT)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_space(text.data[i]) ||
			strchr("<>(),;:\"[]\\", text.data[i]))
			return false;
	return slice_find(slice_skip(text, at + 1), '@') == text.len - at - 1;
}

static bool
pin_is_valid(const char *text)
{
	struct slice pin = slice_str(text);
	bool hex = true;
	bool base64 = true;

	if (!slice_starts_nocase(pin, SLICE("sha256:")))
		return false;
	pin = slice_skip(pin, strlen("sha256:"));
	for (size_t i = 0; i < pin.len; i++) {
		char c = pin.data[i];
		bool last = i + 1 == SHA256_BASE64;

		hex = hex && ascii_hex(c) >= 0;
		base64 = base64 &&
			 (last ? c == '='
			       : ascii_is_alnum(c) || c == '+' || c == '/');
	}
	return (hex && pin.len == SHA256_HEX) ||
	       (base64 && pin.len == SHA256_BASE64);
}

static void
string_list_clear(struct string_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct string_list){ 0 };
}

static bool
store_addresses(const struct option *option, void *base, const char *text)
{
	struct string_list list CLEANUP(string_list_clear) = { 0 };
	struct slice rest = slice_str(text);

	while (rest.len > 0) {
		size_t comma = slice_find(rest, ',');
		struct slice item = slice_trim(slice_head(rest, comma));

		rest = slice_skip(rest, comma + 1);
		if (item.len == 0)
			continue;
		if (!address_is_valid(item) || list.n == ADDRESSES_LIMIT)
			return false;
		list.items = xreallocarray(
			list.items, list.n + 1, sizeof(*list.items));
		list.items[list.n++] = xmemdup0(item.data, item.len);
	}
	option_reset(option, base);
	memcpy((char *)base + option->offset, &list, sizeof(list));
	list = (struct string_list){ 0 };
	return true;
}

static bool
store_url(const struct option *option, void *base, const char *text,
	struct error *err)
{
	struct config_url url = { 0 };

	if (text[0] && !url_parse(text, option->protocol, &url, err))
		return error_prefix(err, _("%s is not accepted"), text);
	option_reset(option, base);
	memcpy((char *)base + option->offset, &url, sizeof(url));
	return true;
}

static bool
store_path(const struct option *option, void *base, const char *text)
{
	char *path CLEANUP(freep) = file_expand_home(text);

	if (path[0] && path[0] != '/')
		return false;
	str_replace(text_field(option, base), path[0] ? path : NULL);
	return true;
}

static bool
store_text(
	const struct option *option, void *base, const char *text, bool valid)
{
	if (text[0] && !valid)
		return false;
	str_replace(text_field(option, base), text[0] ? text : NULL);
	return true;
}

static bool
store_command(const struct option *option, void *base, const char *text,
	struct error *err)
{
	struct argv argv CLEANUP(argv_clear) = { 0 };

	if (text[0] && !argv_split(text, &argv, err))
		return error_prefix(err, _("%s is not accepted"), text);
	return store_text(option, base, text, true);
}

static bool
store(const struct option *option, void *base, const char *text,
	struct error *err)
{
	switch (option->kind) {
	case OPTION_TEXT:
		return store_text(option, base, text, true);
	case OPTION_NAME:
		return store_text(option, base, text, name_is_valid(text));
	case OPTION_COMMAND:
		return store_command(option, base, text, err);
	case OPTION_PATH:
		return store_path(option, base, text);
	case OPTION_ADDRESS:
		return store_text(option, base, text,
			address_is_valid(slice_str(text)) &&
				!strchr(text, '*'));
	case OPTION_ADDRESSES:
		return store_addresses(option, base, text);
	case OPTION_URL:
		return store_url(option, base, text, err);
	case OPTION_PIN:
		return store_text(option, base, text, pin_is_valid(text));
	case OPTION_BOOL:
		return store_bool(option, base, text);
	case OPTION_WORD:
		return store_word(option, base, text);
	case OPTION_DAYS:
	case OPTION_SECONDS:
		return store_number(option, base, text);
	}
	UNREACHABLE();
}

bool
option_store(const struct option *option, void *base, const char *text,
	struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	char *accepts CLEANUP(freep) = NULL;

	if (store(option, base, text[0] ? text : option->value, &why))
		return true;
	if (why.kind != ERR_NONE)
		return error_move(err, &why);
	accepts = option_accepts(option);
	return error_set(err, ERR_INVALID,
		/* TRANSLATORS: a value of the configuration, and what may
		 * stand there instead. */
		_("“%s” is not accepted; it takes %s"), text, accepts);
}

void
option_reset(const struct option *option, void *base)
{
	void *field = (char *)base + option->offset;

	switch (option->kind) {
	case OPTION_TEXT:
	case OPTION_NAME:
	case OPTION_COMMAND:
	case OPTION_PATH:
	case OPTION_ADDRESS:
	case OPTION_PIN:
		str_replace(text_field(option, base), NULL);
		return;
	case OPTION_ADDRESSES:
		string_list_clear(field);
		return;
	case OPTION_URL:
		url_clear(field);
		return;
	case OPTION_BOOL:
		memset(field, 0, sizeof(bool));
		return;
	case OPTION_WORD:
	case OPTION_DAYS:
	case OPTION_SECONDS:
		store_int(option, base, 0);
		return;
	}
	UNREACHABLE();
}

static bool
user_char_is_plain(char c)
{
	return ascii_is_alnum(c) || strchr("-._~!$&'()*+,;=", c) != NULL;
}

static char *
print_url(const struct option *option, const struct config_url *url)
{
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };
	bool brackets;

	strbuf_init(&buf, PHRASE_LIMIT * 4);
	if (!url->present)
		return xstrdup("");
	brackets = strchr(url->host, ':') != NULL;
	strbuf_addf(&buf, "%s://", url_scheme(url->security, option->protocol));
	for (const char *p = url->user ? url->user : ""; *p; p++)
		if (user_char_is_plain(*p))
			strbuf_add_char(&buf, *p);
		else
			strbuf_addf(&buf, "%%%02X", (unsigned char)*p);
	strbuf_addf(&buf, "%s%s%s%s:%u", url->user ? "@" : "",
		brackets ? "[" : "", url->host, brackets ? "]" : "", url->port);
	return strbuf_take(&buf);
}

static char *
print_list(const struct string_list *list)
{
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&buf, (size_t)ADDRESSES_LIMIT * (ADDRESS_LIMIT + 2));
	for (size_t i = 0; i < list->n; i++)
		strbuf_addf(&buf, "%s%s", i ? ", " : "", list->items[i]);
	return strbuf_take(&buf);
}

char *
option_print(const struct option *option, const void *base)
{
	const void *field = (const char *)base + option->offset;
	const char *word;
	const char *text;

	switch (option->kind) {
	case OPTION_TEXT:
	case OPTION_NAME:
	case OPTION_COMMAND:
	case OPTION_PATH:
	case OPTION_ADDRESS:
	case OPTION_PIN:
		text = *text_field(option, base);
		return xstrdup(text ? text : "");
	case OPTION_ADDRESSES:
		return print_list(field);
	case OPTION_URL:
		return print_url(option, field);
	case OPTION_BOOL:
		return xstrdup(*(const bool *)field ? "yes" : "no");
	case OPTION_WORD:
	case OPTION_DAYS:
	case OPTION_SECONDS:
		word = option_word_of(option, int_field(option, base));
		if (word)
			return xstrdup(word);
		return xasprintf("%d%c", int_field(option, base),
			option->kind == OPTION_DAYS ? 'd' : 's');
	}
	UNREACHABLE();
}

/* "a, b or c", with `last` as one more choice; either may be missing. */
static char *
choice_phrase(const struct option *option, const char *last)
{
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };
	size_t n = 0;
	size_t total = last ? 1 : 0;

	strbuf_init(&buf, PHRASE_LIMIT);
	for (const struct option_word *it = option->words; it && it->word; it++)
		total++;
	for (; n < total; n++) {
		const char *word =
			last && n + 1 == total ? last : option->words[n].word;

		if (n > 0)
			/* TRANSLATORS: between the last two of a list of
			 * choices, and between the others. */
			strbuf_add_str(
				&buf, n + 1 == total ? _(" or ") : _(", "));
		strbuf_add_str(&buf, word);
	}
	return strbuf_take(&buf);
}

static char *
number_phrase(const struct option *option)
{
	char *number CLEANUP(freep) = NULL;

	if (option->kind == OPTION_DAYS)
		number = xasprintf(_("a number of days from %dd to %dd"),
			option->min, option->max);
	else
		number = xasprintf(
			_("a time from %ds to %ds"), option->min, option->max);
	return choice_phrase(option, number);
}

char *
option_accepts(const struct option *option)
{
	switch (option->kind) {
	case OPTION_TEXT:
		return xstrdup(_("any text"));
	case OPTION_NAME:
		return xstrdup(_("a name of letters, digits and . _ -"));
	case OPTION_COMMAND:
		return xstrdup(_("a command and its arguments, in quotes where "
				 "they hold blanks"));
	case OPTION_PATH:
		return xstrdup(_("a path that begins with / or ~/"));
	case OPTION_ADDRESS:
		return xstrdup(_("an address such as ann@example.org"));
	case OPTION_ADDRESSES:
		return xstrdup(_("addresses such as ann@example.org or "
				 "ann+*@example.org, with commas between"));
	case OPTION_URL:
		return xasprintf(_("%ss://USER@HOST:PORT, %s:// (STARTTLS) or "
				   "%s+insecure:// (in clear)"),
			option->protocol, option->protocol, option->protocol);
	case OPTION_PIN:
		return xstrdup(_("sha256: and the digest of the server's "
				 "public key, in hexadecimal or base64"));
	case OPTION_BOOL:
		return xstrdup(_("yes or no"));
	case OPTION_WORD:
		return choice_phrase(option, NULL);
	case OPTION_DAYS:
	case OPTION_SECONDS:
		return number_phrase(option);
	}
	UNREACHABLE();
}
