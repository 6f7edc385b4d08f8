/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subcommands are and what they are given; for this room only. */
#ifndef TERCET_CLI_SUBCOMMAND_H
#define TERCET_CLI_SUBCOMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/error.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/demo.h"
#include "config/config.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/store.h"

/* "schema" of every JSON object; fields are only ever added. */
enum { CLI_SCHEMA = 1 };

/* A password the person gave. */
struct given_password {
	const struct account_config *account;
	char *password; /* owned */
};

ARRAY_OF(given_passwords, struct given_password);

/* What a running subcommand works with. */
struct cli {
	const struct cli_request *request;
	const struct config *config; /* borrowed */
	const char *data_dir;        /* borrowed */
	bool json;
	bool dry_run;
	struct demo demo;
	/* From cli_open_store() on. */
	struct store_home *home;
	bool home_is_demos;
	struct store *store;
	struct account_rows accounts;
	struct folders folders;
	struct given_passwords passwords;
};

struct subcommand {
	const char *name;
	const char *verb;  /* "list" of "folder list"; NULL: none */
	bool is_default;   /* the verb that may be left out */
	const char *words; /* "ID...", for people */
	size_t min_words;  /* behind name and verb */
	size_t max_words;  /* 0 with `many_words`: no limit */
	bool many_words;
	bool signed_words;                /* "-seen" is a word, not an option */
	const struct arg_option *options; /* may be NULL */
	bool has_json;
	bool has_dry_run;
	bool reads_config; /* itself: a faulty one is its business */
	const char *summary;
	/* NULL: not in this version. */
	enum cli_status (*run)(struct cli *cli, const struct args *args);
};

/* THE table; ends with a NULL name. */
extern const struct subcommand subcommands[];
/* Options every command takes. */
extern const struct arg_option global_options[];
/* Options of those commands that say so: --json, --dry-run. */
extern const struct arg_option shared_options[];

/* An args_find: in the global table and in every command's. */
const struct arg_option *subcommand_find_option(struct slice name, char letter);
/* An args_is_word: of a command with `signed_words`. */
bool subcommand_is_word(const struct arg_words *words, const char *word);
/* Without a command: those of the interface. */
bool subcommand_has_option(
	const struct subcommand *command, const struct arg_option *option);
/* NULL when there is none; `*ret_skip` words are its name. */
const struct subcommand *subcommand_find(
	const struct arg_words *words, size_t *ret_skip);

/* Prints what --help shows: of everything, or of one command. */
void help_print(void);
void help_print_command(const struct subcommand *command);
/* The same as mdoc list items, for the manual; false for an unknown table. */
bool help_dump_docs(const char *table);

/* Says what went wrong; the status that goes with it. */
enum cli_status cli_failed(const struct error *err);
/* Puts the account in front of an error, and its server where the text names
 * none.  Returns false. */
bool cli_prefix_account(
	struct error *err, const struct account_config *account);
/* Opens the store, made when missing, and loads accounts and folders. */
MUST_CHECK bool cli_open_store(struct cli *cli, struct error *err);
void cli_close_store(struct cli *cli);

/* The store's names, borrowed; "?" when it has none. */
const char *cli_account_name(const struct cli *cli, int64_t account);
const struct folder *cli_folder(const struct cli *cli, int64_t folder);
/* Whether the account is configured, and meant by --account. */
bool cli_means_account(const struct cli *cli, const char *name);
/* Whether a message's account is meant by --account; else ERR_REFUSED. */
MUST_CHECK bool cli_check_account(
	const struct cli *cli, int64_t id, int64_t account, struct error *err);
/* What is behind "ACCOUNT/" in a folder's name, in any case; NULL when the name
 * begins otherwise. */
const char *cli_behind_account(const char *account, const char *name);
/* Whether any account is configured; says so when none is. */
bool cli_has_account(const struct cli *cli);
/* The configured account of a store's row, or NULL. */
const struct account_config *cli_account_config(
	const struct cli *cli, int64_t account);
/* The words behind the command's name, as message IDs. */
MUST_CHECK bool cli_ids(
	const struct args *args, struct id_array *ret_ids, struct error *err);
/* For CLEANUP(). */
void cli_ids_clear(struct id_array *ids);
void cli_words_clear(struct arg_words *words);

/*
 * The password of an account without a password-command, asked for once; NULL,
 * and borrowed otherwise.  Errors are those of ask_password().
 */
MUST_CHECK bool cli_password(struct cli *cli,
	const struct account_config *account, const char **ret_password,
	struct error *err);
/* What it gave was refused: the next one asks again. */
void cli_forget_passwords(struct cli *cli);

/* Makes what is not held here come, by the account's server: the text of a
 * message (`section` NULL) or a section. */
MUST_CHECK bool cli_fetch(struct cli *cli, int64_t account, int64_t message,
	const char *section, struct error *err);

enum cli_status cmd_account_list(struct cli *cli, const struct args *args);
enum cli_status cmd_account_test(struct cli *cli, const struct args *args);
enum cli_status cmd_account_add(struct cli *cli, const struct args *args);
enum cli_status cmd_doctor(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_list(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_create(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_rename(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_delete(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_subscribe(struct cli *cli, const struct args *args);
enum cli_status cmd_folder_unsubscribe(
	struct cli *cli, const struct args *args);
enum cli_status cmd_activity_list(struct cli *cli, const struct args *args);
enum cli_status cmd_activity_retry(struct cli *cli, const struct args *args);
enum cli_status cmd_activity_cancel(struct cli *cli, const struct args *args);
enum cli_status cmd_activity_dismiss(struct cli *cli, const struct args *args);
enum cli_status cmd_flag(struct cli *cli, const struct args *args);
enum cli_status cmd_move(struct cli *cli, const struct args *args);
enum cli_status cmd_archive(struct cli *cli, const struct args *args);
enum cli_status cmd_delete(struct cli *cli, const struct args *args);
enum cli_status cmd_undo(struct cli *cli, const struct args *args);
enum cli_status cmd_redo(struct cli *cli, const struct args *args);
enum cli_status cmd_list(struct cli *cli, const struct args *args);
enum cli_status cmd_save(struct cli *cli, const struct args *args);
enum cli_status cmd_show(struct cli *cli, const struct args *args);
enum cli_status cmd_sync(struct cli *cli, const struct args *args);

#endif /* TERCET_CLI_SUBCOMMAND_H */
