/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "config/account.h"
#include "config/secret.h"

#include "tap.h"

static const struct {
	const char *what;
	const char *command;
	const char *secret; /* NULL: refused */
	enum error_kind kind;
	const char *says;
} cases[] = {
	{ "first line", "printf 'one two \\ntwo\\n'", "one two ", ERR_NONE,
		NULL },
	{ "no line end", "printf pässwörd", "pässwörd", ERR_NONE, NULL },
	{ "CRLF", "printf 'pw\\r\\n'", "pw", ERR_NONE, NULL },
	{ "no shell", "printf '$HOME;ls|cat'", "$HOME;ls|cat", ERR_NONE, NULL },
	{ "none", NULL, NULL, ERR_LOGIN, "acct" },
	{ "not there", "/nonexistent/pass x", NULL, ERR_LOGIN,
		"/nonexistent/pass" },
	{ "fails", "sh -c 'echo SECRET; echo gpg: no key >&2; exit 2'", NULL,
		ERR_LOGIN, "gpg: no key" },
	{ "fails without a word", "sh -c 'echo SECRET; exit 7'", NULL,
		ERR_LOGIN, "7" },
	{ "prints nothing", "true", NULL, ERR_LOGIN, "nothing" },
	{ "empty line", "echo", NULL, ERR_LOGIN, "nothing" },
	{ "binary", "printf 'SECRET\\000x'", NULL, ERR_LOGIN, "binary" },
	{ "too much", "head -c 100000 /dev/zero", NULL, ERR_LOGIN, "acct" },
	{ "too slow", "sleep 100", NULL, ERR_OFFLINE, "acct" },
};

enum { DEADLINE_US = 1500000 };

int
main(void)
{
	char name[] = "acct";
	struct account_config account = { .name = name };
	struct cancel cancel;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *none CLEANUP(free_secretp) = NULL;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error why CLEANUP(error_clear) = ERROR_INIT;
		char *secret CLEANUP(free_secretp) = NULL;
		char *command CLEANUP(freep) = xstrdup_null(cases[i].command);
		bool good;

		account.password_command = command;
		good = secret_fetch(&account, clock_mono_us() + DEADLINE_US,
			NULL, &secret, &why);
		account.password_command = NULL;
		if (cases[i].secret) {
			is_str(secret, cases[i].secret, cases[i].what);
			continue;
		}
		if (!ok(!good && why.kind == cases[i].kind &&
				    strstr(why.text, cases[i].says) &&
				    !strstr(why.text, "SECRET"),
			    "%s is refused", cases[i].what))
			printf("# %s\n", why.text ? why.text : "accepted");
	}
	cancel_init(&cancel);
	cancel_fire(&cancel);
	account.password_command = xstrdup("sleep 100");
	ok(!secret_fetch(&account, -1, &cancel, &none, &err) &&
			err.kind == ERR_CANCELLED,
		"cancelled");
	free(account.password_command);
	cancel_destroy(&cancel);
	return tap_done();
}
