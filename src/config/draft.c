/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/draft.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/spawn.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "config/parse.h"
#include "config/url.h"

enum { VALUE_MAX = 1000, NAMES_TRIED = 100 };

/* Where the servers are not called imap.DOMAIN and smtp.DOMAIN. */
static const struct provider {
	const char *domains; /* with a blank behind each */
	const char *imap;
	const char *smtp;
} providers[] = {
	{ "gmail.com googlemail.com ", "imaps://imap.gmail.com",
		"smtps://smtp.gmail.com" },
	{ "outlook.com hotmail.com live.com msn.com ",
		"imaps://outlook.office365.com", "smtp://smtp.office365.com" },
	{ "icloud.com me.com mac.com ", "imaps://imap.mail.me.com",
		"smtp://smtp.mail.me.com" },
	{ "yahoo.com ymail.com ", "imaps://imap.mail.yahoo.com",
		"smtps://smtp.mail.yahoo.com" },
	{ "gmx.de gmx.net gmx.at gmx.ch ", "imaps://imap.gmx.net",
		"smtps://mail.gmx.net" },
	{ "t-online.de ", "imaps://secureimap.t-online.de",
		"smtps://securesmtp.t-online.de" },
	{ "posteo.de posteo.net ", "imaps://posteo.de", "smtps://posteo.de" },
};

static const struct {
	const char *key;
	const char *label;
	const char *help;
} fields[DRAFT_FIELDS] = {
	[DRAFT_ADDRESS] = { "address", N_("Mail address"),
		N_("The address that people write to, such as "
		   "ann@example.org.") },
	[DRAFT_NAME] = { "name", N_("Your name"),
		N_("As it stands in what you send; it may be empty.") },
	[DRAFT_IMAP] = { "imap", N_("Incoming mail"),
		N_("imaps://HOST is TLS from the first byte, imap://HOST "
		   "begins with STARTTLS. Where the login is not the address, "
		   "write imaps://LOGIN@HOST.") },
	[DRAFT_SMTP] = { "smtp", N_("Outgoing mail"),
		N_("smtps://HOST or smtp://HOST, likewise; it may be "
		   "empty.") },
	[DRAFT_PASSWORD_COMMAND] = { "password-command", N_("Password command"),
		N_("A command that prints the password, such as pass show "
		   "mail/ann. Empty: tercet asks each time it starts, and "
		   "writes it nowhere.") },
	[DRAFT_ACCOUNT] = { NULL, N_("Account name"),
		N_("A short name for the folder pane and for --account.") },
};

void
account_draft_clear(struct account_draft *draft)
{
	for (int i = 0; i < DRAFT_FIELDS; i++)
		free(draft->values[i]);
	*draft = (struct account_draft){ { NULL } };
}

void
draft_set(
	struct account_draft *draft, enum draft_field field, const char *value)
{
	str_replace(&draft->values[field], value);
}

const char *
draft_label(enum draft_field field)
{
	return _(fields[field].label);
}

const char *
draft_help(enum draft_field field)
{
	return _(fields[field].help);
}

static struct slice
domain_of(const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return slice_str(at ? at + 1 : NULL);
}

static const struct provider *
find_provider(struct slice domain)
{
	for (size_t i = 0; i < ARRAY_LEN(providers); i++) {
		struct slice rest = slice_str(providers[i].domains);

		while (rest.len > 0) {
			size_t end = slice_find(rest, ' ');

			if (slice_eq_nocase(slice_head(rest, end), domain))
				return &providers[i];
			rest = slice_skip(rest, end + 1);
		}
	}
	return NULL;
}

static char *
guess_server(const struct account_draft *draft, bool outgoing)
{
	struct slice domain = domain_of(draft->values[DRAFT_ADDRESS]);
	const struct provider *known = find_provider(domain);

	if (domain.len == 0)
		return xstrdup("");
	if (known)
		return xstrdup(outgoing ? known->smtp : known->imap);
	return xasprintf("%s.%.*s", outgoing ? "smtps://smtp" : "imaps://imap",
		(int)domain.len, domain.data);
}

/* The system's word for who is logged in, up to the first comma. */
static char *
guess_person(void)
{
	const struct passwd *user = getpwuid(getuid());
	struct slice name = slice_str(user ? user->pw_gecos : NULL);

	name = slice_trim(slice_head(name, slice_find(name, ',')));
	/* Root is called root. */
	if (name.len == 0 || !utf8_is_valid(name) ||
		slice_eq_nocase(name, slice_str(user->pw_name)))
		return xstrdup("");
	return xmemdup0(name.data, name.len);
}

/* "example" of ann@mail.example.org, or with a number behind it. */
static char *
guess_account(const struct account_draft *draft, const struct config *config)
{
	struct slice domain = domain_of(draft->values[DRAFT_ADDRESS]);
	char *name = NULL;

	if (domain.len == 0)
		return xstrdup("");
	/* The last label but one. */
	for (size_t dot = slice_find(domain, '.');
		slice_find(slice_skip(domain, dot + 1), '.') <
		slice_skip(domain, dot + 1).len;
		dot = slice_find(domain, '.'))
		domain = slice_skip(domain, dot + 1);
	domain = slice_head(domain, slice_find(domain, '.'));
	for (int i = 1; i <= NAMES_TRIED; i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		free(name);
		name = i == 1 ? xmemdup0(domain.data, domain.len)
			      : xasprintf("%.*s%d", (int)domain.len,
					domain.data, i);
		ascii_lower_str(name);
		if (draft_check(DRAFT_ACCOUNT, name, config, &err))
			return name;
	}
	free(name);
	return xstrdup("");
}

char *
draft_guess(const struct account_draft *draft, enum draft_field field,
	const struct config *config)
{
	switch (field) {
	case DRAFT_NAME:
		return guess_person();
	case DRAFT_IMAP:
		return guess_server(draft, false);
	case DRAFT_SMTP:
		return guess_server(draft, true);
	case DRAFT_ACCOUNT:
		return guess_account(draft, config);
	case DRAFT_ADDRESS:
	case DRAFT_PASSWORD_COMMAND:
	case DRAFT_FIELDS:
		break;
	}
	return xstrdup("");
}

void
draft_set_address(struct account_draft *draft, const char *address,
	const struct config *config)
{
	const char *old = draft->values[DRAFT_ADDRESS];

	for (int i = 0; i < DRAFT_FIELDS; i++) {
		char *guess CLEANUP(freep) = NULL;

		if (i == DRAFT_ADDRESS || !draft->values[i] ||
			(old && strcmp(old, address) == 0))
			continue;
		guess = draft_guess(draft, (enum draft_field)i, config);
		if (strcmp(guess, draft->values[i]) == 0)
			draft_set(draft, (enum draft_field)i, NULL);
	}
	draft_set(draft, DRAFT_ADDRESS, address);
}

static bool
is_one_line(const char *value)
{
	struct slice s = slice_str(value);

	for (const char *p = value; *p; p++)
		if (ascii_is_control(*p))
			return false;
	return s.len <= VALUE_MAX && utf8_is_valid(s) &&
	       slice_trim(s).len == s.len;
}

/* Not RFC 5322's grammar: what a person types for an address. */
static bool
is_address(const char *value)
{
	struct slice domain = domain_of(value);
	size_t local = strlen(value) - domain.len;

	if (domain.len == 0 || local < 2 || strpbrk(value, " <>,;\""))
		return false;
	return domain.data[0] != '.' && domain.data[domain.len - 1] != '.';
}

static bool
check_url(const char *value, const char *protocol, struct error *err)
{
	struct config_url url = { .present = false };
	bool ok = url_parse(value, protocol, &url, err);

	url_clear(&url);
	return ok || error_prefix(err, "“%s”", value);
}

static bool
check_account(const char *value, const struct config *config, struct error *err)
{
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct config *made CLEANUP(config_unrefp) = NULL;
	char *text = NULL;
	bool ok;

	if (config && config_account(config, value))
		return error_set(err, ERR_INVALID,
			_("There is an account %s already"), value);
	text = xasprintf("[account %s]\nprotocol = local\n", value);
	ok = *value && config_parse(text, strlen(text), "", &made, &why);
	free(text);
	return ok || error_set(err, ERR_INVALID,
			     _("An account's name is made of at most 64 "
			       "letters a to z, digits and . _ - @ +"));
}

bool
draft_check(enum draft_field field, const char *value,
	const struct config *config, struct error *err)
{
	struct argv argv = { NULL, 0 };
	bool ok;

	if (!is_one_line(value))
		return error_set(
			err, ERR_INVALID, _("It has to be one line of text"));
	switch (field) {
	case DRAFT_ADDRESS:
		return is_address(value) ||
		       error_set(err, ERR_INVALID,
			       _("A mail address is somebody@some.domain"));
	case DRAFT_IMAP:
		return check_url(value, "imap", err);
	case DRAFT_SMTP:
		return !*value || check_url(value, "smtp", err);
	case DRAFT_PASSWORD_COMMAND:
		ok = !*value || argv_split(value, &argv, err);
		argv_clear(&argv);
		return ok;
	case DRAFT_ACCOUNT:
		return check_account(value, config, err);
	case DRAFT_NAME:
	case DRAFT_FIELDS:
		break;
	}
	return true;
}

static void
print_section(const struct account_draft *draft, struct strbuf *out)
{
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		strbuf_add_char(out, '\n');
	if (out->len > 0)
		strbuf_add_char(out, '\n');
	strbuf_addf(out, "[account %s]\n", draft->values[DRAFT_ACCOUNT]);
	for (int i = 0; i < DRAFT_FIELDS; i++)
		if (fields[i].key && draft->values[i] && *draft->values[i])
			strbuf_addf(out, "%s = %s\n", fields[i].key,
				draft->values[i]);
}

static bool
make_parent(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *dir CLEANUP(freep) = NULL;

	if (!slash || slash == path)
		return true;
	dir = xmemdup0(path, (size_t)(slash - path));
	return file_make_dir(dir, err);
}

bool
draft_write(
	const struct account_draft *draft, const char *path, struct error *err)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct config *before CLEANUP(config_unrefp) = NULL;
	struct config *after CLEANUP(config_unrefp) = NULL;

	strbuf_init(&text, CONFIG_FILE_LIMIT);
	if (file_exists(path) && !file_read(path, &text, err))
		return false;
	if (!config_parse(text.data, text.len, path, &before, err))
		return false;
	for (int i = 0; i < DRAFT_FIELDS; i++)
		if (!draft_check(i, draft->values[i] ? draft->values[i] : "",
			    before, err))
			return error_prefix(err, "%s", draft_label(i));
	print_section(draft, &text);
	if (text.full)
		return error_set(err, ERR_LIMIT,
			_("%s would grow larger than %d bytes"), path,
			CONFIG_FILE_LIMIT);
	return config_parse(text.data, text.len, path, &after, err) &&
	       make_parent(path, err) &&
	       file_replace(path, strbuf_slice(&text), err);
}
