/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/envelope.h"

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

static const struct {
	const char *subject;
	const char *base;
	bool is_reply;
} cases[] = {
	{ "", "", false },
	{ "Hello", "Hello", false },
	{ "Re: Hello", "Hello", true },
	{ "RE : Hello", "Hello", true },
	{ "Re:Hello", "Hello", true },
	{ "Re[2]: Hello", "Hello", true },
	{ "Re(3): Hello", "Hello", true },
	{ "Re^4: Re: Hello", "Hello", true },
	{ "Re2: Hello", "Hello", true },
	{ "Fwd: Re: Hello", "Hello", true },
	{ "Hello (fwd)", "Hello", true },
	{ "Hello (fwd) (fwd)", "Hello", true },
	{ "[Fwd: Hello]", "Hello", true },
	{ "[Fwd: [Fwd: Re: Hello]]", "Hello", true },
	{ "[fwd: Re: Hello (fwd)]", "Hello", true },
	{ "[list] Hello", "Hello", false },
	{ "[list] Re: [list] Hello", "Hello", true },
	{ "Re: [list] Re: Hello", "Hello", true },
	{ "Re [list]: Hello", "Hello", true },
	{ "[list]", "[list]", false },
	{ "Re: [list]", "[list]", true },
	{ "Re:", "", true },
	{ "Aw: Hallo", "Hallo", true },
	{ "WG: AW: Hallo", "Hallo", true },
	{ "SV: VS: Hej", "Hej", true },
	{ "Antw.: x", "Antw.: x", false },
	{ "R: ciao", "ciao", true },
	{ "r: ciao", "r: ciao", false },
	{ "RE\xef\xbc\x9a \xe4\xbd\xa0\xe5\xa5\xbd", "\xe4\xbd\xa0\xe5\xa5\xbd",
		true },
	{ "\xe5\x9b\x9e\xe5\xa4\x8d: x", "x", true },
	{ "Ответ: x", "x", true },
	{ "Re: 回复：x", "x", true },
	{ "Reading: a list", "Reading: a list", false },
	{ "Reply", "Reply", false },
	{ "Re Hello", "Re Hello", false },
	{ "2: Hello", "2: Hello", false },
	{ "[unclosed Hello", "[unclosed Hello", false },
	{ "[a[b] Hello", "[a[b] Hello", false },
	{ "[fwd:]", "", true },
	{ "[fwd:", "[fwd:", false },
};

int
main(void)
{
	enum { LONG = 200000 };
	char *text = xmalloc(LONG + 1);
	bool is_reply;
	struct slice base;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *got;

		base = subject_base(cases[i].subject, &is_reply);
		got = xmemdup0(base.data, base.len);
		is_str(got, cases[i].base, cases[i].subject);
		ok(is_reply == cases[i].is_reply, "%s: %s", cases[i].subject,
			is_reply ? "a reply" : "no reply");
		free(got);
	}
	for (int i = 0; i < LONG; i++)
		text[i] = "re: "[i % 4];
	text[LONG] = '\0';
	base = subject_base(text, &is_reply);
	is_int((int64_t)base.len, 0, "fifty thousand prefixes");
	memset(text, '[', LONG);
	base = subject_base(text, &is_reply);
	is_int((int64_t)base.len, LONG, "brackets only");
	for (int i = 0; i < LONG; i++)
		text[i] = "[fwd:"[i % 5];
	base = subject_base(text, &is_reply);
	is_int((int64_t)base.len, LONG, "open forwards only");
	free(text);
	return tap_done();
}
