/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/draft.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"

#include "tap.h"

static const char existing[] = "# mine\n[general]\ntheme = dark\n"
			       "[account example]\nprotocol = local";

static const struct {
	const char *address;
	const char *imap;
	const char *smtp;
	const char *account;
} guesses[] = {
	{ "ann@example.com", "imaps://imap.example.com",
		"smtps://smtp.example.com", "example2" },
	{ "ann@mail.Uni-Bonn.de", "imaps://imap.mail.Uni-Bonn.de",
		"smtps://smtp.mail.Uni-Bonn.de", "uni-bonn" },
	{ "ann@GMail.com", "imaps://imap.gmail.com", "smtps://smtp.gmail.com",
		"gmail" },
	{ "ann@hotmail.com", "imaps://outlook.office365.com",
		"smtp://smtp.office365.com", "hotmail" },
	{ "ann@localhost", "imaps://imap.localhost", "smtps://smtp.localhost",
		"localhost" },
	{ "", "", "", "" },
};

static const struct {
	enum draft_field field;
	const char *value;
	bool good;
} checks[] = {
	{ DRAFT_ADDRESS, "ann@example.org", true },
	{ DRAFT_ADDRESS, "ann@localhost", true },
	{ DRAFT_ADDRESS, "", false },
	{ DRAFT_ADDRESS, "ann", false },
	{ DRAFT_ADDRESS, "@example.org", false },
	{ DRAFT_ADDRESS, "ann@", false },
	{ DRAFT_ADDRESS, "Ann <ann@example.org>", false },
	{ DRAFT_NAME, "", true },
	{ DRAFT_NAME, "Zoë O’Neill", true },
	{ DRAFT_NAME, "a\nimap = imaps://evil", false },
	{ DRAFT_NAME, "\xff", false },
	{ DRAFT_IMAP, "imaps://ann%40x@imap.example.org:1993", true },
	{ DRAFT_IMAP, "imap.example.org", false },
	{ DRAFT_IMAP, "smtps://imap.example.org", false },
	{ DRAFT_IMAP, "", false },
	{ DRAFT_SMTP, "", true },
	{ DRAFT_SMTP, "smtp://smtp.example.org", true },
	{ DRAFT_SMTP, "imaps://imap.example.org", false },
	{ DRAFT_PASSWORD_COMMAND, "", true },
	{ DRAFT_PASSWORD_COMMAND, "pass show 'mail/ann b'", true },
	{ DRAFT_PASSWORD_COMMAND, "pass show 'mail", false },
	{ DRAFT_ACCOUNT, "work", true },
	{ DRAFT_ACCOUNT, "EXAMPLE", false },
	{ DRAFT_ACCOUNT, "", false },
	{ DRAFT_ACCOUNT, "a]b", false },
	{ DRAFT_ACCOUNT, "a b", false },
};

static void
test_guesses(const struct config *config)
{
	for (size_t i = 0; i < ARRAY_LEN(guesses); i++) {
		struct account_draft draft CLEANUP(
			account_draft_clear) = { { NULL } };
		char *imap CLEANUP(freep) = NULL;
		char *smtp CLEANUP(freep) = NULL;
		char *account CLEANUP(freep) = NULL;

		draft_set(&draft, DRAFT_ADDRESS, guesses[i].address);
		imap = draft_guess(&draft, DRAFT_IMAP, config);
		smtp = draft_guess(&draft, DRAFT_SMTP, config);
		account = draft_guess(&draft, DRAFT_ACCOUNT, config);
		is_str(imap, guesses[i].imap, guesses[i].address);
		is_str(smtp, guesses[i].smtp, guesses[i].address);
		is_str(account, guesses[i].account, guesses[i].address);
	}
}

static void
test_checks(const struct config *config)
{
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		ok(draft_check(checks[i].field, checks[i].value, config,
			   &err) == checks[i].good,
			"%d '%s' %s", (int)checks[i].field, checks[i].value,
			err.text ? err.text : "");
	}
}

static void
fill(struct account_draft *draft)
{
	draft_set(draft, DRAFT_ADDRESS, "ann@example.org");
	draft_set(draft, DRAFT_NAME, "Ann Example");
	draft_set(draft, DRAFT_IMAP, "imaps://imap.example.org");
	draft_set(draft, DRAFT_SMTP, "");
	draft_set(draft, DRAFT_PASSWORD_COMMAND, "pass show mail/ann");
	draft_set(draft, DRAFT_ACCOUNT, "work");
}

static void
is_file(const char *path, const char *want, const char *what)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&text, 10000);
	ok(file_read(path, &text, &err), "%s can be read", what);
	is_str(text.data, want, what);
}

#define SECTION                                                                \
	"[account work]\naddress = ann@example.org\nname = Ann Example\n"      \
	"imap = imaps://imap.example.org\n"                                    \
	"password-command = pass show mail/ann\n"

static void
test_write(void)
{
	char top[] = "/tmp/tercet-draft-XXXXXX";
	char *dir CLEANUP(freep) = NULL;
	char *path CLEANUP(freep) = NULL;
	struct account_draft draft CLEANUP(account_draft_clear) = { { NULL } };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct stat st;

	if (!ok(mkdtemp(top) != NULL, "directory"))
		return;
	dir = file_join(top, "new");
	path = file_join(dir, "config");
	fill(&draft);
	ok(draft_write(&draft, path, &err), "written %s",
		err.text ? err.text : "");
	is_file(path, SECTION, "a new file");
	ok(stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "mode 0600");
	ok(!draft_write(&draft, path, &err), "not twice: %s",
		err.text ? err.text : "");
	error_clear(&err);
	is_file(path, SECTION, "the file is as it was");
	ok(file_replace(path, slice_str(existing), &err) &&
			draft_write(&draft, path, &err),
		"added");
	{
		char *want CLEANUP(freep) =
			xasprintf("%s\n\n%s", existing, SECTION);

		is_file(path, want, "what was there stays");
	}
	draft_set(&draft, DRAFT_ACCOUNT, "other");
	draft_set(&draft, DRAFT_ADDRESS, "nobody");
	ok(!draft_write(&draft, path, &err), "refused: %s",
		err.text ? err.text : "");
	unlink(path);
	rmdir(dir);
	rmdir(top);
}

static void
test_other_address(const struct config *config)
{
	struct account_draft draft CLEANUP(account_draft_clear) = { { NULL } };
	char *smtp = NULL;

	draft_set_address(&draft, "ann@example.org", config);
	draft_set(&draft, DRAFT_NAME, "Ann by hand");
	draft_set(&draft, DRAFT_IMAP, "imaps://by.hand");
	smtp = draft_guess(&draft, DRAFT_SMTP, config);
	draft_set(&draft, DRAFT_SMTP, smtp);
	free(smtp);
	draft_set_address(&draft, "ann@example.org", config);
	ok(draft.values[DRAFT_SMTP], "the same address: the guess stays");
	draft_set_address(&draft, "nobody", config);
	draft_set_address(&draft, "ann@gmx.de", config);
	is_str(draft.values[DRAFT_ADDRESS], "ann@gmx.de", "another address");
	is_str(draft.values[DRAFT_NAME], "Ann by hand", "a name stays");
	is_str(draft.values[DRAFT_IMAP], "imaps://by.hand", "a server stays");
	ok(!draft.values[DRAFT_SMTP], "a guess is forgotten");
}

int
main(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct config *config CLEANUP(config_unrefp) = NULL;

	if (!ok(config_parse(existing, strlen(existing), "x", &config, &err),
		    "configuration"))
		return tap_done();
	test_guesses(config);
	test_other_address(config);
	test_checks(config);
	test_write();
	return tap_done();
}
