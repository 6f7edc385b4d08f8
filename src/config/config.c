/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot is built from a list of entries and keeps it, so that one with an
 * option changed is built and checked by the same code.
 */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/ascii.h"
#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/xdg.h"
#include "config/option.h"
#include "config/parse.h"
#include "config/scan.h"

enum { PHRASE_LIMIT = 4096 };

struct config_source {
	struct entry_array entries;
};

static void
store_defaults(enum option_scope scope, void *base)
{
	for (const struct option *it = options; it->name; it++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		if (it->scope == scope && !option_store(it, base, "", &err))
			BUG("the default of an option is not accepted");
	}
}

static struct config *
new_config(const char *path)
{
	struct config *config = xnew(struct config);

	refcount_init(&config->count);
	config->path = xstrdup_null(path);
	config->source = xnew(struct config_source);
	store_defaults(OPTION_GENERAL, config);
	return config;
}

/* "FILE:LINE", or just what is there of it; the caller frees. */
static char *
place_of(const struct config *config, const struct entry *entry)
{
	if (config->path && entry->line > 0)
		return xasprintf("%s:%u", config->path, entry->line);
	return entry->account ? xasprintf("[account %s]", entry->account)
			      : xstrdup("[general]");
}

static bool
unknown_key(const struct config *config, const struct entry *entry,
	enum option_scope scope, struct error *err)
{
	char *place CLEANUP(freep) = place_of(config, entry);
	struct strbuf names CLEANUP(strbuf_clear) = { 0 };
	enum option_scope other =
		scope == OPTION_GENERAL ? OPTION_ACCOUNT : OPTION_GENERAL;

	strbuf_init(&names, PHRASE_LIMIT);
	if (option_find(other, entry->key))
		return error_set(err, ERR_INVALID,
			other == OPTION_GENERAL
				? _("%s: %s belongs into the section [general]")
				: _("%s: %s belongs into a section "
				    "[account NAME]"),
			place, entry->key);
	for (const struct option *it = options; it->name; it++)
		if (it->scope == scope)
			strbuf_addf(&names, "%s%s", names.len ? ", " : "",
				it->name);
	return error_set(err, ERR_INVALID,
		_("%s: unknown option %s; this section takes: %s"), place,
		entry->key, names.data);
}

static bool
store_entry(const struct config *config, const struct entry *entry,
	enum option_scope scope, void *base, struct error *err)
{
	const struct option *option = option_find(scope, entry->key);

	if (!option)
		return unknown_key(config, entry, scope, err);
	if (!option_store(option, base, entry->value, err)) {
		char *place CLEANUP(freep) = place_of(config, entry);

		return error_prefix(err, "%s: %s", place, entry->key);
	}
	return true;
}

/* Why an account cannot be worked with as it stands, or NULL. */
static const char *
missing(const struct account_config *account)
{
	if (account->protocol == PROTOCOL_LOCAL)
		return NULL;
	if (!account->address)
		return _("the account needs an address, as in "
			 "address = ann@example.org");
	switch (account->protocol) {
	case PROTOCOL_IMAP:
		return account->imap.present ? NULL
					     : _("protocol = imap needs a "
						 "server, as in imap = "
						 "imaps://mail.example.org");
	case PROTOCOL_POP3:
		return account->pop3.present ? NULL
					     : _("protocol = pop3 needs a "
						 "server, as in pop3 = "
						 "pop3s://mail.example.org");
	case PROTOCOL_AUTO:
		return account->imap.present || account->pop3.present
			       ? NULL
			       : _("the account needs a server, as in imap = "
				   "imaps://mail.example.org, or "
				   "protocol = local");
	case PROTOCOL_LOCAL:
		break;
	}
	return NULL;
}

static bool
check_accounts(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->n_accounts; i++) {
		const struct account_config *account = &config->accounts[i];
		const char *why = missing(account);
		char *place CLEANUP(freep) = NULL;

		if (!why)
			continue;
		place = place_of(config, entries_find(&config->source->entries,
						 account->name, NULL));
		return error_set(err, ERR_INVALID, "%s: [account %s]: %s",
			place, account->name, why);
	}
	return true;
}

static struct account_config *
add_account(struct config *config, const char *name)
{
	struct account_config *account;

	config->accounts = xreallocarray(config->accounts,
		config->n_accounts + 1, sizeof(*config->accounts));
	account = &config->accounts[config->n_accounts++];
	*account = (struct account_config){ .name = xstrdup(name) };
	store_defaults(OPTION_ACCOUNT, account);
	return account;
}

/* Takes what `entries` holds. */
static bool
build(const char *path, struct entry_array *entries, struct config **ret_config,
	struct error *err)
{
	struct config *config CLEANUP(config_unrefp) = new_config(path);

	config->source->entries = *entries;
	*entries = (struct entry_array){ 0 };
	entries = &config->source->entries;
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *it = &entries->items[i];
		struct account_config *account = NULL;

		if (!it->key) {
			if (it->account)
				add_account(config, it->account);
			continue;
		}
		/* A section's own entry stands before its keys. */
		if (it->account)
			account = &config->accounts[config->n_accounts - 1];
		if (!store_entry(config, it,
			    account ? OPTION_ACCOUNT : OPTION_GENERAL,
			    account ? (void *)account : (void *)config, err))
			return false;
	}
	if (!check_accounts(config, err))
		return false;
	*ret_config = STEAL(config);
	return true;
}

bool
config_parse(const char *text, size_t len, const char *path,
	struct config **ret_config, struct error *err)
{
	struct entry_array entries CLEANUP(entries_clear) = { 0 };

	return parse_entries(path, slice_make(text, len), &entries, err) &&
	       build(path, &entries, ret_config, err);
}

static char *
default_path(void)
{
	char *dir CLEANUP(freep) = xdg_config_dir();

	return file_join(dir, "config");
}

/* What only cannot be looked at is not missing. */
static bool
is_missing(const char *path)
{
	struct stat st;

	return stat(path, &st) != 0 && errno == ENOENT;
}

bool
config_load(const char *path, bool must_exist, struct config **ret_config,
	struct error *err)
{
	char *real CLEANUP(freep) = path ? xstrdup(path) : default_path();
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, CONFIG_FILE_LIMIT);
	if (!must_exist && is_missing(real)) {
		*ret_config = new_config(real);
		return true;
	}
	return file_read(real, &text, err) &&
	       config_parse(text.data, text.len, real, ret_config, err);
}

struct config *
config_new_default(void)
{
	return new_config(NULL);
}

struct config *
config_ref(const struct config *config)
{
	struct config *counted = (struct config *)(uintptr_t)config;

	refcount_more(&counted->count);
	return counted;
}

static void
reset_all(enum option_scope scope, void *base)
{
	for (const struct option *it = options; it->name; it++)
		if (it->scope == scope)
			option_reset(it, base);
}

void
config_unref(struct config *config)
{
	if (!config || !refcount_less(&config->count))
		return;
	for (size_t i = 0; i < config->n_accounts; i++) {
		reset_all(OPTION_ACCOUNT, &config->accounts[i]);
		free(config->accounts[i].name);
	}
	free(config->accounts);
	reset_all(OPTION_GENERAL, config);
	entries_clear(&config->source->entries);
	free(config->source);
	free(config->path);
	free(config);
}

void
config_unrefp(struct config **config)
{
	config_unref(*config);
}

const struct account_config *
config_account(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->n_accounts; i++)
		if (ascii_eq_nocase(config->accounts[i].name, name))
			return &config->accounts[i];
	return NULL;
}

/* One that takes no part in the order, since keys follow their section. */
static void
insert_entry(struct entry_array *entries, const char *account, const char *key,
	const char *value)
{
	struct entry *section = entries_find(entries, account, NULL);
	struct entry fresh = {
		.account = xstrdup_null(section ? section->account : account),
		.key = xstrdup(key),
		.value = xstrdup(value),
	};
	size_t at;

	if (!section) {
		section = array_add(entries);
		section->account = xstrdup_null(account);
	}
	at = (size_t)(section - entries->items) + 1;
	array_push(entries, fresh);
	for (size_t i = entries->n - 1; i > at; i--)
		entries->items[i] = entries->items[i - 1];
	entries->items[at] = fresh;
}

bool
config_with(const struct config *config, const char *section, const char *key,
	const char *value, struct config **ret_config, struct error *err)
{
	struct entry_array entries CLEANUP(entries_clear) = { 0 };
	struct entry *entry;
	struct slice name;
	char *account CLEANUP(freep) = NULL;

	if (!section_split(slice_str(section), &name) ||
		(name.len > 0 && !account_name_valid(name)))
		return error_set(err, ERR_INVALID,
			_("unknown section [%s]; there are [general] and "
			  "[account NAME]"),
			section);
	if (name.len > 0)
		account = xmemdup0(name.data, name.len);
	entries_copy(&config->source->entries, &entries);
	entry = entries_find(&entries, account, key);
	if (entry) {
		str_replace(&entry->value, value);
		entry->line = 0;
	} else {
		insert_entry(&entries, account, key, value);
	}
	return build(config->path, &entries, ret_config, err);
}
