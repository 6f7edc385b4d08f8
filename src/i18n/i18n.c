/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/i18n.h"

#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/slice.h"

static bool
names_utf8(const char *locale)
{
	struct slice s = slice_str(locale);
	size_t at = slice_find(s, '@');

	s = slice_skip(slice_head(s, at), slice_find(s, '.') + 1);
	return slice_eq_nocase(s, SLICE("UTF-8")) ||
	       slice_eq_nocase(s, SLICE("UTF8"));
}

/* The variable that decides about LC_CTYPE. */
static const char *
wanted_locale(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && value[0])
			return value;
	}
	return "";
}

static void
bind_catalogue(void)
{
	const char *dir = getenv("TERCET_LOCALEDIR");

	bindtextdomain(PACKAGE, dir && dir[0] == '/' ? dir : LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
}

bool
i18n_init(void)
{
	bool installed = setlocale(LC_ALL, "") != NULL;
	const char *wanted = wanted_locale();
	bool utf8 = installed ? ascii_eq_nocase(nl_langinfo(CODESET), "UTF-8")
			      : names_utf8(wanted);

	if (!installed || !utf8) {
		/* The C library's own text is ours too: it has to be UTF-8. */
		setlocale(LC_CTYPE, "C.UTF-8");
		setlocale(LC_TIME, "C.UTF-8");
		setlocale(LC_NUMERIC, "C.UTF-8");
	}
	bind_catalogue();
	/* Nobody said anything, as in a bare system: terminals are UTF-8. */
	return utf8 || wanted[0] == '\0';
}
