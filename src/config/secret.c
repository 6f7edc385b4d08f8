/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/secret.h"

#include "base/gettext.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "config/account.h"

/* The command's own last words, or how it ended; the caller frees. */
static char *
how_it_failed(const struct spawn_result *result)
{
	struct slice words = slice_trim(strbuf_slice(&result->errs));
	struct slice line = words;
	struct slice rest = words;

	while (slice_next_line(&rest, &line))
		;
	line = slice_trim(line);
	if (line.len > 0)
		return xasprintf("%.*s", (int)line.len, line.data);
	return xasprintf(_("exit status %d"), result->status);
}

static bool
take_line(const struct account_config *account,
	const struct spawn_result *result, char **ret_secret, struct error *err)
{
	struct slice rest = strbuf_slice(&result->out);
	struct slice line = { 0 };
	char *why CLEANUP(freep) = NULL;

	if (result->status != 0) {
		why = how_it_failed(result);
		error_set(err, ERR_LOGIN,
			_("The password-command of account %s failed: %s"),
			account->name, why);
	} else if (!slice_next_line(&rest, &line) || line.len == 0) {
		error_set(err, ERR_LOGIN,
			_("The password-command of account %s printed "
			  "nothing"),
			account->name);
	} else if (memchr(line.data, '\0', line.len)) {
		error_set(err, ERR_LOGIN,
			_("The password-command of account %s printed "
			  "binary data"),
			account->name);
	} else {
		*ret_secret = xmemdup0(line.data, line.len);
		return true;
	}
	return error_because(err, CAUSE_NO_COMMAND);
}

bool
secret_fetch(const struct account_config *account, int64_t deadline_us,
	struct cancel *cancel, char **ret_secret, struct error *err)
{
	struct argv argv CLEANUP(argv_clear) = { 0 };
	struct spawn_result result CLEANUP(spawn_result_clear) = { 0 };

	if (!account->password_command) {
		error_set(err, ERR_LOGIN,
			_("Account %s has no password-command"), account->name);
		return error_because(err, CAUSE_NO_PASSWORD);
	}
	if (!argv_split(account->password_command, &argv, err) ||
		!spawn_run(&argv, slice_make("", 0), SECRET_LIMIT, deadline_us,
			cancel, &result, err)) {
		if (err->kind != ERR_CANCELLED && err->kind != ERR_OFFLINE)
			err->kind = ERR_LOGIN;
		error_because(err, CAUSE_NO_COMMAND);
		return error_prefix(err,
			_("The password-command of account %s failed"),
			account->name);
	}
	return take_line(account, &result, ret_secret, err);
}
