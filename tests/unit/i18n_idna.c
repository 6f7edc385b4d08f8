/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Host names as the DNS has them. */
#include "base/array.h"
#include "i18n/idna.h"

#include "tap.h"

static const struct {
	const char *host;
	const char *ascii; /* NULL: none */
} hosts[] = {
	{ "example.org", "example.org" },
	{ "Example.ORG", "example.org" },
	{ "a_b-c.example.", "a_b-c.example." },
	{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
	{ "b\xc3\xbc"
	  "cher.example",
		"xn--bcher-kva.example" },
	{ "B\xc3\x9c"
	  "CHER.example",
		"xn--bcher-kva.example" },
	/* The same letter, taken apart. */
	{ "bu\xcc\x88"
	  "cher.example",
		"xn--bcher-kva.example" },
	{ "fa\xc3\x9f.de", "xn--fa-hia.de" },
	{ "пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f" },
	{ "例え.テスト", "xn--r8jz45g.xn--zckzah" },
	{ "例え。テスト", "xn--r8jz45g.xn--zckzah" },
	/* Cyrillic letters only, which pass for Latin ones. */
	{ "аррӏе.com", "xn--80ak6aa92e.com" },
	/* Wide letters are letters. */
	{ "ｂａｎｋ．example", "bank.example" },
	{ "bank\xe2\x80\x8b.example", "bank.example" },
	/* RFC 3492 7.1 (L). */
	{ "3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b" },
	{ "", NULL },
	{ "a b", NULL },
	{ "a/b", NULL },
	{ "\xe2\x84\x80.example", NULL }, /* becomes a/c */
	{ "bad\xff.example", NULL },
	{ "a\x1b.example", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		NULL },
};

int
main(void)
{
	char ascii[IDNA_HOST_MAX + 1];
	char longest[1100];

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		bool good = idna_to_ascii(slice_str(hosts[i].host), ascii);

		ok(good == (hosts[i].ascii != NULL) &&
				(!good || strcmp(ascii, hosts[i].ascii) == 0),
			"%s is %s (%s)", hosts[i].host,
			hosts[i].ascii ? hosts[i].ascii : "none",
			good ? ascii : "none");
	}
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = i % 2 ? '.' : 'a';
	ok(!idna_to_ascii(slice_make(longest, 300), ascii), "too long a name");
	ok(!idna_to_ascii(slice_make(longest, sizeof(longest)), ascii),
		"far too long a name");
	return tap_done();
}
