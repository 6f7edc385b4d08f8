/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/xdg.h"
#include "cli/print.h"
#include "cli/subcommand.h"
#include "i18n/i18n.h"

static enum cli_status
usage_error(const char *hint, const struct error *err)
{
	print_complaint("%s", err->text);
	fputs("tercet: ", stderr);
	if (hint)
		fprintf(stderr, _("tercet %s --help tells more.\n"), hint);
	else
		fprintf(stderr, _("tercet --help tells more.\n"));
	return CLI_USAGE;
}

/* Words that are no command, and may one day be more. */
static bool
unknown_word(const char *word, struct error *err)
{
	if (strncmp(word, "mailto:", strlen("mailto:")) == 0)
		return error_set(err, ERR_INVALID,
			_("This version reads mail only; it cannot write to "
			  "%s yet"),
			word + strlen("mailto:"));
	if (file_exists(word))
		return error_set(err, ERR_INVALID,
			_("This version cannot read mail files such as %s "
			  "yet"),
			word);
	return error_set(err, ERR_INVALID, _("there is no command %s"), word);
}

static bool
unknown_verb(const struct args *args, struct error *err)
{
	const char *name = args->words.items[0];
	char *verbs CLEANUP(freep) = xstrdup("");
	bool known = false;

	for (const struct subcommand *it = subcommands; it->name; it++) {
		char *more;

		if (strcmp(it->name, name) != 0)
			continue;
		known = true;
		if (!it->run)
			continue;
		more = xasprintf(
			"%s%s%s", verbs, verbs[0] ? ", " : "", it->verb);
		free(verbs);
		verbs = more;
	}
	if (!known || args->words.n < 2)
		return unknown_word(name, err);
	return error_set(err, ERR_INVALID,
		_("%s does not know %s; there is: %s"), name,
		args->words.items[1], verbs);
}

static bool
refuse_option(const struct subcommand *command, const struct arg_option *option,
	struct error *err)
{
	if (strcmp(option->name, "dry-run") == 0)
		return error_set(err, ERR_INVALID, _("%s has no dry run"),
			command->name);
	return error_set(err, ERR_INVALID, _("%s has no option --%s"),
		command->name, option->name);
}

/* Whether the command line fits the command. */
static bool
check_usage(const struct subcommand *command, size_t n_words,
	const struct args *args, struct error *err)
{
	if (!command->run)
		return error_set(err, ERR_INVALID,
			_("This version reads mail only; it cannot do “%s%s%s” "
			  "yet"),
			command->name, command->verb ? " " : "",
			command->verb ? command->verb : "");
	for (size_t i = 0; i < args->values.n; i++)
		if (!subcommand_has_option(
			    command, args->values.items[i].option))
			return refuse_option(
				command, args->values.items[i].option, err);
	if (n_words < command->min_words)
		return error_set(err, ERR_INVALID,
			_("%s needs an argument: %s"), command->name,
			_(command->words));
	if (!command->many_words && n_words > command->max_words)
		return error_set(err, ERR_INVALID,
			_("%s takes no more arguments: %s"), command->name,
			args->words.items[args->words.n - 1]);
	return true;
}

/* The same without a command. */
static bool
check_interface(const struct args *args, struct error *err)
{
	for (size_t i = 0; i < args->values.n; i++) {
		const struct arg_option *option = args->values.items[i].option;

		if (!subcommand_has_option(NULL, option))
			return error_set(err, ERR_INVALID,
				_("--%s needs a command"), option->name);
	}
	return true;
}

static void
open_log(const struct cli_request *request)
{
	char *dir CLEANUP(freep) = xdg_state_dir();
	char *path CLEANUP(freep) = file_join(dir, "log");
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	/* Nothing outside its own directory, says the sample mailbox. */
	if (request->demo)
		return;
	if (!file_make_dir(dir, &err)) {
		print_complaint(_("No log is kept: %s"), err.text);
		return;
	}
	log_open(path, request->debug ? LOG_DEBUG : LOG_INFO);
}

static bool
load_config(
	const struct args *args, struct cli_request *request, struct error *err)
{
	const char *path = args_value(args, "config");

	if (!config_load(path, path != NULL, &request->config, err))
		return false;
	if (request->account &&
		!config_account(request->config, request->account))
		return error_set(err, ERR_INVALID,
			_("There is no account %s in %s"), request->account,
			request->config->path);
	return true;
}

/* Whether the options that name a place or an account name one. */
static bool
check_names(const struct args *args, struct error *err)
{
	static const char *const names[] = { "config", "data", "account" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = args_value(args, names[i]);

		if (value && !value[0])
			return error_set(err, ERR_INVALID,
				_("--%s names nothing"), names[i]);
	}
	return true;
}

static void
fill_request(const struct args *args, struct cli_request *request)
{
	const char *data = args_value(args, "data");
	const char *config = args_value(args, "config");
	char *dir CLEANUP(freep) = NULL;

	request->account = xstrdup_null(args_value(args, "account"));
	request->read_only = args_has(args, "read-only");
	request->debug = args_has(args, "debug");
	request->demo = args_has(args, "demo");
	if (request->demo)
		return;
	request->data_dir = data ? file_expand_home(data) : xdg_data_dir();
	dir = xdg_config_dir();
	request->config_path =
		config ? xstrdup(config) : file_join(dir, "config");
}

static enum cli_status
run_with_demo(struct cli *cli, const struct subcommand *command,
	const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum cli_status status;

	if (!demo_make(&cli->demo, &err))
		return cli_failed(&err);
	cli->config = cli->demo.config;
	status = command->run(cli, args);
	cli_close_store(cli);
	demo_clear(&cli->demo);
	return status;
}

static enum cli_status
run_command(const struct subcommand *command, const struct args *args,
	const struct cli_request *request)
{
	struct cli cli = {
		.request = request,
		.config = request->config,
		.data_dir = request->data_dir,
		.json = args_has(args, "json"),
		.dry_run = args_has(args, "dry-run"),
	};
	enum cli_status status;

	if (request->demo) {
		status = run_with_demo(&cli, command, args);
	} else {
		status = command->run(&cli, args);
		cli_close_store(&cli);
	}
	cli_forget_passwords(&cli);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		if (errno != EPIPE)
			print_complaint(_("The output cannot be written"));
		return status == CLI_OK ? CLI_FAILED : status;
	}
	return status;
}

/* --help, --version and --dump-docs; true when one was asked for. */
static bool
run_informative(const struct args *args, const struct subcommand *command,
	struct cli_request *request)
{
	const char *table = args_value(args, "dump-docs");

	request->mode = CLI_MODE_DONE;
	if (args_has(args, "help") && command)
		help_print_command(command);
	else if (args_has(args, "help"))
		help_print();
	else if (args_has(args, "version"))
		puts(PACKAGE_STRING);
	else if (!table)
		return false;
	else if (!help_dump_docs(table)) {
		request->mode = CLI_MODE_DUMP_DOCS;
		request->docs = xstrdup(table);
	}
	fflush(stdout);
	return true;
}

/* "help" and "help COMMAND", for --help. */
static enum cli_status
run_help(const struct args *args, struct cli_request *request)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct args asked = { 0 };
	const struct subcommand *command = NULL;
	size_t skip = 0;

	for (size_t i = 1; i < args->words.n; i++)
		array_push(&asked.words, args->words.items[i]);
	if (asked.words.n > 0) {
		command = subcommand_find(&asked.words, &skip);
		if (!command && !unknown_verb(&asked, &err)) {
			args_clear(&asked);
			return usage_error(NULL, &err);
		}
	}
	args_clear(&asked);
	request->mode = CLI_MODE_DONE;
	if (command)
		help_print_command(command);
	else
		help_print();
	fflush(stdout);
	return CLI_OK;
}

static enum cli_status
run(const struct args *args, struct cli_request *request)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	size_t skip = 0;
	const struct subcommand *command = subcommand_find(&args->words, &skip);

	if (args->words.n > 0 && strcmp(args->words.items[0], "help") == 0)
		return run_help(args, request);
	if (args->words.n > 0 && !command && !unknown_verb(args, &err))
		return usage_error(NULL, &err);
	if (run_informative(args, command, request))
		return CLI_OK;
	if (command && !check_usage(command, args->words.n - skip, args, &err))
		return usage_error(command->run ? command->name : NULL, &err);
	if ((!command && !check_interface(args, &err)) ||
		!check_names(args, &err))
		return usage_error(NULL, &err);
	fill_request(args, request);
	open_log(request);
	if (!request->demo && !(command && command->reads_config) &&
		!load_config(args, request, &err)) {
		cli_failed(&err);
		return CLI_USAGE;
	}
	if (command)
		return run_command(command, args, request);
	request->mode = CLI_MODE_INTERFACE;
	return CLI_OK;
}

/* A file opened in the place of a closed standard stream would be written to
 * by whoever prints. */
static void
fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* What the process is to its surroundings. */
static void
set_up_process(void)
{
	struct rlimit no_core = { 0, 0 };

	fill_streams();
	umask(S_IRWXG | S_IRWXO);
	signal(SIGPIPE, SIG_IGN);
	/* Passwords do not end in core files. */
	if (getrlimit(RLIMIT_CORE, &no_core) == 0) {
		no_core.rlim_cur = 0;
		setrlimit(RLIMIT_CORE, &no_core);
	}
}

ARRAY_OF(cli_words, char *);

static void
cli_argv_clear(struct cli_words *words)
{
	array_clear(words);
}

/* Called by sendmail's name, as by cron: "sendmail ARGS" is "send ARGS". */
static bool
is_sendmail(int argc, char *const *argv)
{
	const char *name = argc > 0 ? argv[0] : "";
	const char *slash = strrchr(name, '/');

	return strcmp(slash ? slash + 1 : name, "sendmail") == 0;
}

void
cli_main(int argc, char *const *argv, struct cli_request *ret_request)
{
	struct args args CLEANUP(args_clear) = { 0 };
	struct cli_words words CLEANUP(cli_argv_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	*ret_request = (struct cli_request){ .mode = CLI_MODE_DONE };
	set_up_process();
	ret_request->utf8 = i18n_init();
	if (is_sendmail(argc, argv))
		array_push(&words, (char *)"send");
	for (int i = 1; i < argc; i++)
		array_push(&words, argv[i]);
	if (args_parse((int)words.n, words.items, subcommand_find_option,
		    subcommand_is_word, &args, &err))
		ret_request->status = run(&args, ret_request);
	else
		ret_request->status = usage_error(NULL, &err);
}

void
cli_request_clear(struct cli_request *request)
{
	free(request->config_path);
	free(request->data_dir);
	config_unref(request->config);
	free(request->account);
	free(request->docs);
	*request = (struct cli_request){ 0 };
}
