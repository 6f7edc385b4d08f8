/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/fold.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "base/utf8.h"

#include "tap.h"

static const struct {
	const char *text;
	const char *folded;
} cases[] = {
	{ "INBOX/a-b", "inbox/a-b" },
	{ "Entwürfe", "entwurfe" },
	{ "Entwu\xcc\x88rfe", "entwurfe" }, /* decomposed */
	{ "STRASSE Straße", "strasse strasse" },
	{ "Łódź Ærø", "lodz æro" },
	{ "ΣΊΣΥΦΟΣ", "σισυφοσ" },
	{ "Ёлка", "елка" },
	{ "ﬁ Ⅷ ２", "fi viii 2" },
	{ "受信トレイ", "受信トレイ" },
	{ "\xef\xb7\xba", "صلى الله عليه وسلم" },
};

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice rest = slice_str(cases[i].text);
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&out, 1000);
		while (rest.len > 0) {
			uint32_t letters[FOLD_MAX];
			int n = fold_letter(utf8_next(&rest), letters);

			for (int k = 0; k < n; k++)
				strbuf_add_utf8(&out, letters[k]);
		}
		is_str(out.data, cases[i].folded, cases[i].text);
	}
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		uint32_t letters[FOLD_MAX];

		if (fold_letter(code, letters) > FOLD_MAX)
			ok(false, "U+%X", (unsigned)code);
	}
	return tap_done();
}
