/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doctor: looks at everything that can go wrong, one finding at a time, each
 * fault with what to do about it. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/json.h"
#include "cli/outgoing.h"
#include "cli/print.h"
#include "cli/probe.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "sync/pass.h"

enum {
	DAY_S = 24 * 3600,
	CERTIFICATE_DAYS = 14,      /* a warning this long before its end */
	DISK_FREE_MIN = 200 * 1024, /* KiB */
	FAULTS_SHOWN = 20,
};

/* No clock is right that shows less: 1 January 2026. */
static const int64_t clock_min_s = 1767225600;

enum finding { FINDING_OK, FINDING_WARNING, FINDING_FAULT };

static const char *const finding_names[] = {
	[FINDING_OK] = "ok",
	[FINDING_WARNING] = "warning",
	[FINDING_FAULT] = "fault",
};

struct doctor {
	struct cli *cli;
	struct json json;
	const char *account; /* being looked at, or NULL */
	int faults;
};

static void say(struct doctor *doctor, enum finding finding, const char *check,
	const char *advice, const char *fmt, ...) PRINTF_LIKE(5, 6);

static void
say(struct doctor *doctor, enum finding finding, const char *check,
	const char *advice, const char *fmt, ...)
{
	char *text CLEANUP(freep) = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	if (finding == FINDING_FAULT)
		doctor->faults++;
	if (doctor->cli->json) {
		json_object_begin(&doctor->json);
		json_put_string(&doctor->json, "check", check);
		json_put_string_opt(&doctor->json, "account", doctor->account);
		json_put_string(&doctor->json, "state", finding_names[finding]);
		json_put_string(&doctor->json, "text", text);
		json_put_string_opt(&doctor->json, "advice", advice);
		json_object_end(&doctor->json);
		return;
	}
	printf("%-8s %s%s%s: ", finding_names[finding],
		doctor->account ? doctor->account : "",
		doctor->account ? " " : "", check);
	print_text(stdout, slice_str(text), false);
	putchar('\n');
	if (advice)
		printf("         %s.\n", advice);
	fflush(stdout);
}

static void
say_error(struct doctor *doctor, const char *check, const struct error *err)
{
	say(doctor, FINDING_FAULT, check, probe_advice(err->kind), "%s",
		err->text);
}

static bool
check_config(struct doctor *doctor, const char *path, bool must_exist,
	struct config **config)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!config_load(path, must_exist, config, &err)) {
		say(doctor, FINDING_FAULT, "configuration",
			_("tercet-config(5) tells of every option and what it "
			  "takes"),
			"%s", err.text);
		return false;
	}
	if ((*config)->n_accounts == 0)
		say(doctor, FINDING_WARNING, "configuration",
			_("Add a section [account NAME] with address and imap"),
			_("%s has no account"), path);
	else
		say(doctor, FINDING_OK, "configuration", NULL,
			P_("%s, %zu account", "%s, %zu accounts",
				(*config)->n_accounts),
			path, (*config)->n_accounts);
	return true;
}

static void
check_locale(struct doctor *doctor)
{
	if (doctor->cli->request->utf8)
		say(doctor, FINDING_OK, "locale", NULL, "UTF-8");
	else
		say(doctor, FINDING_WARNING, "locale",
			_("Set LANG to a locale whose name ends in UTF-8, such "
			  "as C.UTF-8"),
			_("The terminal's character set is not UTF-8: mail is "
			  "shown in ASCII as far as it goes"));
}

static void
count_fault(void *ctx, const char *fault)
{
	struct doctor *doctor = ctx;

	if (doctor->faults < FAULTS_SHOWN)
		say(doctor, FINDING_FAULT, "store", probe_advice(ERR_STORE),
			"%s", fault);
	else
		doctor->faults++;
}

static void
check_disk(struct doctor *doctor, const char *dir)
{
	struct statvfs fs;
	struct stat st;
	uint64_t free_kb;
	char size[FORMAT_SIZE];

	if (stat(dir, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		say(doctor, FINDING_FAULT, "store",
			_("Take the rights away: chmod go= on the directory"),
			_("Others may enter %s"), dir);
	if (statvfs(dir, &fs) != 0)
		return;
	free_kb = (uint64_t)fs.f_bavail * fs.f_frsize / 1024;
	format_size(free_kb * 1024, size);
	if (free_kb < DISK_FREE_MIN)
		say(doctor, FINDING_WARNING, "disk",
			_("Make room: new mail cannot be kept without it"),
			_("Only %s are free at %s"), size, dir);
	else
		say(doctor, FINDING_OK, "disk", NULL, _("%s are free at %s"),
			size, dir);
}

/* What became of a damaged store before this one. */
static void
check_recovery(struct doctor *doctor, const struct store_home *home)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store_recovery recovery = { 0 };
	char *text CLEANUP(freep) = NULL;

	switch (store_home_recovery(home, &recovery, &err)) {
	case FOUND:
		text = store_recovery_text(&recovery);
		say(doctor, FINDING_WARNING, "store",
			_("Delete the file when nothing is missed"), "%s",
			text);
		break;
	case NOT_FOUND:
		break;
	case FOUND_ERROR:
		say_error(doctor, "store", &err);
		break;
	}
	store_recovery_clear(&recovery);
}

static bool
check_store(struct doctor *doctor)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct cli *cli = doctor->cli;
	uint64_t faults = 0;
	int before = doctor->faults;

	if (!cli_open_store(cli, &err)) {
		say_error(doctor, "store", &err);
		return false;
	}
	check_disk(doctor, store_home_dir(cli->home));
	check_recovery(doctor, cli->home);
	if (!store_check(
		    cli->store, false, count_fault, doctor, &faults, &err)) {
		say_error(doctor, "store", &err);
		return false;
	}
	if (doctor->faults == before)
		say(doctor, FINDING_OK, "store", NULL, _("%s is sound"),
			store_home_dir(cli->home));
	return true;
}

static void
check_clock(struct doctor *doctor)
{
	const struct account_rows *rows = &doctor->cli->accounts;
	int64_t now = clock_wall_s();
	int64_t latest = clock_min_s;
	char text[FORMAT_SIZE];

	for (size_t i = 0; i < rows->n; i++)
		if (rows->items[i].last_sync > latest)
			latest = rows->items[i].last_sync;
	format_date(now, text);
	if (now < latest)
		say(doctor, FINDING_FAULT, "clock",
			_("Set the clock: certificates are judged by it"),
			_("The clock is slow: it shows %s"), text);
	else
		say(doctor, FINDING_OK, "clock", NULL, "%s", text);
}

static void
check_file(struct doctor *doctor, const char *option, const char *path)
{
	if (path && access(path, R_OK) != 0)
		say(doctor, FINDING_FAULT, option,
			_("Correct the path, or make the file readable"),
			"%s: %s", path, strerror(errno));
}

static void
check_certificate(struct doctor *doctor, const char *check, int64_t not_after)
{
	char date[FORMAT_SIZE];

	if (not_after == 0)
		return;
	if (not_after < clock_wall_s() + CERTIFICATE_DAYS * DAY_S)
		say(doctor, FINDING_WARNING, check,
			_("Tell who runs the server"),
			_("The certificate ends on %s"),
			format_date(not_after, date));
	else
		say(doctor, FINDING_OK, check, NULL,
			_("The certificate is trusted and ends on %s"),
			format_date(not_after, date));
}

/* Name, connection and certificate of a server. */
static bool
check_server(struct doctor *doctor, const struct account_config *account,
	const struct config_url *url, const char *protocol)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t not_after = 0;
	char *text CLEANUP(freep) = probe_url(account, protocol);

	if (!probe_lookup(url, &err)) {
		say(doctor, FINDING_FAULT, "dns", probe_explain(url, &err),
			"%s", err.text);
		return false;
	}
	say(doctor, FINDING_OK, "dns", NULL, _("%s has an address"), url->host);
	if (!probe_connect(account, url, protocol, &not_after, &err)) {
		say(doctor, FINDING_FAULT, protocol, probe_explain(url, &err),
			"%s", err.text);
		return false;
	}
	check_certificate(doctor, "tls", not_after);
	if (url->security == URL_INSECURE)
		say(doctor, FINDING_WARNING, protocol,
			_("Use TLS: anybody on the way can read mail and "
			  "password"),
			_("%s speaks in clear"), text);
	else
		say(doctor, FINDING_OK, protocol, NULL, _("%s answers"), text);
	return true;
}

static void
check_capabilities(struct doctor *doctor, const char *capabilities)
{
	static const struct {
		const char *name;
		const char *without;
	} wanted[] = {
		{ "IDLE", N_("new mail is noticed only by asking again") },
		{ "CONDSTORE", N_("each pass looks at all flags") },
		{ "UIDPLUS", N_("moved messages have to be looked for") },
		{ "MOVE", N_("moving takes three steps") },
		{ "SPECIAL-USE",
			N_("which folder is for what has to be guessed") },
	};
	char *padded CLEANUP(freep) = xasprintf(" %s ", capabilities);
	bool all = true;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		char *word CLEANUP(freep) = xasprintf(" %s ", wanted[i].name);

		if (strcasestr(padded, word))
			continue;
		all = false;
		say(doctor, FINDING_WARNING, "capabilities", NULL,
			_("The server has no %s: %s"), wanted[i].name,
			_(wanted[i].without));
	}
	if (all)
		say(doctor, FINDING_OK, "capabilities", NULL,
			_("The server has all that tercet makes use of"));
}

static void
check_login(struct doctor *doctor, const struct account_config *account)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct pass_probe probe = { 0 };
	struct cancel cancel;
	struct pass_options options = {
		.config = doctor->cli->config,
		.account = account,
		.home = doctor->cli->home,
		.read_only = true,
		.cancel = &cancel,
	};
	char number[FORMAT_SIZE];

	if (!cli_password(doctor->cli, account, &options.password, &err)) {
		say(doctor, FINDING_WARNING, "login",
			_("Set password-command; until then tercet asks for "
			  "the password"),
			_("No password-command: logging in was not tried"));
		return;
	}
	cancel_init(&cancel);
	if (pass_probe(&options, &probe, &err)) {
		say(doctor, FINDING_OK, "login", NULL, _("%s folders"),
			format_number(probe.folders, number));
		if (probe.capabilities)
			check_capabilities(doctor, probe.capabilities);
	} else {
		say(doctor, FINDING_FAULT, "login",
			probe_explain(&account->imap, &err), "%s", err.text);
	}
	cancel_destroy(&cancel);
	pass_probe_clear(&probe);
}

static void
check_sending(struct doctor *doctor, const struct account_config *account)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *capabilities CLEANUP(freep) = NULL;

	if (outgoing_probe(doctor->cli, account, &capabilities, &err))
		say(doctor, FINDING_OK, "sending", NULL,
			_("The submission server lets tercet in"));
	else
		say(doctor, FINDING_FAULT, "sending",
			probe_explain(&account->smtp, &err), "%s", err.text);
}

static void
check_account(struct doctor *doctor, const struct account_config *account)
{
	doctor->account = account->name;
	if (account->protocol == PROTOCOL_LOCAL)
		say(doctor, FINDING_OK, "server", NULL,
			_("local: there is no server to ask"));
	check_file(doctor, "tls-ca-file", account->tls_ca_file);
	check_file(doctor, "signature-file", account->signature_file);
	if (account->imap.present && account->protocol != PROTOCOL_LOCAL &&
		check_server(doctor, account, &account->imap, "imap"))
		check_login(doctor, account);
	if (account->pop3.present && account->protocol != PROTOCOL_LOCAL)
		check_server(doctor, account, &account->pop3, "pop3");
	if (account->smtp.present && !account->sendmail_command &&
		check_server(doctor, account, &account->smtp, "smtp"))
		check_sending(doctor, account);
	doctor->account = NULL;
}

/* Whether --account names one. */
static bool
knows_account(struct doctor *doctor)
{
	const char *name = doctor->cli->request->account;

	if (!name || config_account(doctor->cli->config, name))
		return true;
	say(doctor, FINDING_FAULT, "configuration", NULL,
		_("There is no account %s in %s"), name,
		doctor->cli->config->path);
	return false;
}

static void
examine(struct doctor *doctor)
{
	struct cli *cli = doctor->cli;

	check_locale(doctor);
	if (!check_store(doctor))
		return;
	check_clock(doctor);
	for (size_t i = 0; i < cli->config->n_accounts; i++) {
		const struct account_config *account =
			&cli->config->accounts[i];

		if (cli_means_account(cli, account->name))
			check_account(doctor, account);
	}
}

enum cli_status
cmd_doctor(struct cli *cli, const struct args *args)
{
	struct doctor doctor = { .cli = cli };
	struct config *config CLEANUP(config_unrefp) = NULL;
	bool readable = true;

	json_init(&doctor.json, stdout);
	if (cli->json) {
		json_object_begin(&doctor.json);
		json_put_int(&doctor.json, "schema", CLI_SCHEMA);
		json_key(&doctor.json, "checks");
		json_array_begin(&doctor.json);
	}
	if (!cli->config) {
		readable = check_config(&doctor, cli->request->config_path,
			args_has(args, "config"), &config);
		cli->config = config;
	}
	if (readable && !knows_account(&doctor))
		readable = false;
	if (readable)
		examine(&doctor);
	if (cli->json) {
		json_array_end(&doctor.json);
		json_put_bool(&doctor.json, "ok", doctor.faults == 0);
		json_object_end(&doctor.json);
	}
	cli_close_store(cli);
	cli->config = NULL;
	if (!readable)
		return CLI_USAGE;
	return doctor.faults == 0 ? CLI_OK : CLI_FAILED;
}
