/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/beside.h"
#include "cli/message_json.h"
#include "cli/print.h"
#include "store/message.h"
#include "sync/engine.h"
#include "sync/pass.h"

enum {
	SENTENCE_LIMIT = 4096,
	OPERATIONS_MAX = 10000,
	WAIT_US = 10 * 1000000, /* for a running tercet */
	LOOK_US = 20 * 1000,
	ROUNDS = 3,
};

static bool
is_known(const struct cli *cli, const char *account)
{
	for (size_t i = 0; i < cli->accounts.n; i++)
		if (strcmp(cli->accounts.items[i].name, account) == 0)
			return true;
	return false;
}

/* An account that was never synchronised, perhaps because it has no server, can
 * have folders made in it all the same. */
static bool
know_accounts(struct cli *cli, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool any = false;

	for (size_t i = 0; i < cli->config->n_accounts; i++) {
		const char *name = cli->config->accounts[i].name;
		int64_t id;

		if (is_known(cli, name))
			continue;
		if ((!any && !transaction_begin(cli->store, &tx, err)) ||
			!account_ensure(cli->store, name, &id, err))
			return false;
		any = true;
	}
	if (!any)
		return true;
	if (!transaction_commit(&tx, err))
		return false;
	account_rows_clear(&cli->accounts);
	return account_load_all(cli->store, &cli->accounts, err);
}

bool
change_begin(struct cli *cli, struct journal *ret_journal, struct error *err)
{
	if (cli->request->read_only)
		return error_set(err, ERR_REFUSED,
			_("Nothing is changed under --read-only"));
	if (!cli_open_store(cli, err) || !know_accounts(cli, err))
		return false;
	*ret_journal = (struct journal){
		.store = cli->store,
		.config = cli->config,
		.dry_run = cli->dry_run,
	};
	return true;
}

enum cli_status
change_failed(const struct cli *cli, const struct error *err)
{
	enum cli_status status = cli_failed(err);

	return cli->request->read_only && err->kind == ERR_REFUSED ? CLI_REFUSED
								   : status;
}

/* --- what messages and folders are meant ---------------------------------- */

bool
change_add_placements(struct cli *cli, const char *word, bool everywhere,
	struct id_array *placements, int64_t *ret_account, struct error *err)
{
	struct message message CLEANUP(message_clear) = { 0 };
	const struct message_placement *shown;
	enum found found;
	int64_t id;

	if (!args_number(word, _("a message ID"), INT64_MAX, &id, err))
		return false;
	found = message_load(cli->store, id, &message, err);
	if (found == FOUND_ERROR)
		return false;
	shown = found == FOUND ? message_placement_in(cli, &message, 0) : NULL;
	if (!shown)
		return error_set(err, ERR_REFUSED,
			_("There is no message %" PRId64), id);
	if (!cli_check_account(cli, id, message.account, err))
		return false;
	for (size_t i = 0; i < message.n_placements; i++)
		if (everywhere || &message.placements[i] == shown)
			array_push(placements, message.placements[i].id);
	*ret_account = message.account;
	return true;
}

bool
change_placements(struct cli *cli, const char *const *words, size_t n,
	bool everywhere, struct id_array *ret_placements, struct error *err)
{
	struct id_array placements CLEANUP(cli_ids_clear) = { 0 };
	int64_t account;

	for (size_t i = 0; i < n; i++)
		if (!change_add_placements(cli, words[i], everywhere,
			    &placements, &account, err))
			return false;
	*ret_placements = placements;
	placements = (struct id_array){ 0 };
	return true;
}

bool
change_folder(struct cli *cli, int64_t account, const char *name,
	struct folder *ret_folder, struct error *err)
{
	struct folder first CLEANUP(folder_clear) = { 0 };
	int n = 0;

	for (int pass = 0; pass < 2 && n == 0; pass++) {
		for (size_t i = 0; i < cli->accounts.n; i++) {
			const struct account_row *row = &cli->accounts.items[i];
			const char *folder =
				pass ? cli_behind_account(row->name, name)
				     : name;
			struct folder found_folder CLEANUP(
				folder_clear) = { 0 };
			enum found found;

			/* ACCOUNT/FOLDER may be where it goes to. */
			if (!folder ||
				(account ? !pass && row->id != account
					 : !cli_means_account(cli, row->name)))
				continue;
			found = folder_find(cli->store, row->id, folder,
				&found_folder, err);
			if (found == FOUND_ERROR)
				return false;
			if (found == FOUND && n++ == 0) {
				first = found_folder;
				found_folder = (struct folder){ 0 };
			}
		}
	}
	if (n == 0)
		return error_set(
			err, ERR_REFUSED, _("There is no folder %s"), name);
	if (n > 1)
		return error_set(err, ERR_INVALID,
			_("Several accounts have a folder %s: write "
			  "ACCOUNT/%s"),
			name, name);
	*ret_folder = first;
	first = (struct folder){ 0 };
	return true;
}

/* --- carrying it out ------------------------------------------------------ */

/* How the operations of an action stand. */
struct standing {
	size_t waiting;
	size_t failed;
	char *why; /* of one that waits or failed; or NULL */
};

static void
standing_clear(struct standing *standing)
{
	free(standing->why);
	*standing = (struct standing){ 0 };
}

static bool
look(struct cli *cli, int64_t action, struct standing *ret, struct error *err)
{
	struct operations operations CLEANUP(operations_clear) = { 0 };

	standing_clear(ret);
	if (!operation_load_all(
		    cli->store, true, OPERATIONS_MAX, &operations, err))
		return false;
	for (size_t i = 0; i < operations.n; i++) {
		const struct operation *it = &operations.items[i];

		if (it->action != action)
			continue;
		if (it->state == OPERATION_FAILED)
			ret->failed++;
		else if (it->state != OPERATION_DONE &&
			 it->state != OPERATION_CANCELLED)
			ret->waiting++;
		else
			continue;
		if (it->error)
			str_replace(&ret->why, it->error);
	}
	return true;
}

/* Nobody else does it: the rest of a long selection. */
static bool
apply_rest(struct cli *cli, struct error *err)
{
	struct id_array accounts CLEANUP(cli_ids_clear) = { 0 };
	struct id_array folders CLEANUP(cli_ids_clear) = { 0 };
	bool more = true;

	while (more)
		if (!operation_apply_some(
			    cli->store, &more, &accounts, &folders, err))
			return false;
	return true;
}

static enum beside_outcome
push(void *ctx, struct beside_job *job, struct error *err)
{
	struct cli *cli = ctx;
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = job->account,
		.home = cli->home,
		.password = job->password,
		.cancel = &cancel,
	};
	bool ok;

	if (!job->password && !job->account->password_command)
		return BESIDE_WANTS_PASSWORD;
	cancel_init(&cancel);
	ok = pass_push(&options, err);
	cancel_destroy(&cancel);
	return ok ? BESIDE_DONE : BESIDE_FAILED;
}

/* Those that have something to send.  The first failure is kept in `*why`: what
 * waits goes on waiting. */
static bool
push_round(struct cli *cli, const struct id_array *accounts, struct error *why,
	struct error *err)
{
	struct beside beside;
	bool ok = true;

	beside_init(&beside, cli, accounts->n);
	beside.work = push;
	beside.ctx = cli;
	for (size_t i = 0; ok && i < accounts->n; i++) {
		const struct account_config *account =
			cli_account_config(cli, accounts->items[i]);
		bool waits = false;

		ok = operation_is_pending(
			cli->store, accounts->items[i], &waits, err);
		if (waits && account && account->protocol != PROTOCOL_LOCAL)
			beside_add(&beside, account);
	}
	beside_run(&beside);
	for (size_t i = 0; i < beside.n && why->kind == ERR_NONE; i++) {
		struct beside_job *job = &beside.jobs[i];

		if (job->outcome != BESIDE_FAILED)
			continue;
		cli_prefix_account(&job->err, job->account);
		error_move(why, &job->err);
	}
	beside_clear(&beside);
	return ok;
}

/* From one account to another it takes turns: fetched, sent, and removed. */
static bool
push_all(struct cli *cli, const struct journal_done *done,
	struct standing *ret_standing, struct error *why, struct error *err)
{
	int rounds = done->accounts.n > 1 ? ROUNDS : 1;

	for (int round = 0; round < rounds; round++) {
		if (!push_round(cli, &done->accounts, why, err) ||
			!look(cli, done->action, ret_standing, err))
			return false;
		if (ret_standing->waiting == 0 || why->kind != ERR_NONE)
			return true;
	}
	return true;
}

static bool
is_offline(struct cli *cli, const struct journal_done *done)
{
	struct account_rows rows CLEANUP(account_rows_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!account_load_all(cli->store, &rows, &err))
		return true;
	for (size_t i = 0; i < rows.n; i++)
		for (size_t k = 0; k < done->accounts.n; k++)
			if (rows.items[i].id == done->accounts.items[k] &&
				(rows.items[i].state == ACCOUNT_OFFLINE ||
					rows.items[i].state ==
						ACCOUNT_DISABLED ||
					rows.items[i].state ==
						ACCOUNT_NEEDS_LOGIN ||
					rows.items[i].state ==
						ACCOUNT_UNTRUSTED))
				return true;
	return false;
}

/* For the tercet that was told, as long as it can do anything. */
static bool
wait_for_engine(struct cli *cli, const struct journal_done *done,
	struct standing *standing, struct error *err)
{
	int64_t until = clock_mono_us() + WAIT_US;

	for (;;) {
		if (!look(cli, done->action, standing, err))
			return false;
		if (standing->waiting == 0 || clock_mono_us() >= until ||
			is_offline(cli, done))
			return true;
		thread_wait(NULL, 0, clock_mono_us() + LOOK_US);
	}
}

static enum cli_status
report(const struct standing *standing, const struct error *why)
{
	const char *reason = standing->why ? standing->why : why->text;

	if (standing->failed > 0) {
		print_complaint("%s",
			reason ? reason : _("The server would not do it"));
		return CLI_FAILED;
	}
	if (standing->waiting == 0)
		return CLI_OK;
	if (reason)
		print_complaint(
			_("Queued; the server was not told yet: %s"), reason);
	else
		print_complaint("%s", _("Queued; the server was not told yet"));
	return CLI_PARTLY;
}

static void
say(const struct cli *cli, const struct journal_done *done)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, SENTENCE_LIMIT);
	if (cli->dry_run)
		strbuf_add_str(&text, _("Would be done: "));
	journal_sentence(done, &text);
	if (cli->dry_run && done->transfers)
		strbuf_add_str(&text,
			done->verb == ACTION_COPY
				? _(" (fetched whole, and put there)")
				: _(" (copied there, then removed here)"));
	print_text(stdout, strbuf_slice(&text), false);
	putchar('\n');
	fflush(stdout);
}

enum cli_status
change_finish(struct cli *cli, const struct journal *journal,
	const struct journal_done *done)
{
	struct standing standing CLEANUP(standing_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	bool ok;

	say(cli, done);
	if (journal->dry_run || done->action == 0)
		return CLI_OK;
	if (engine_notify(store_home_dir(cli->home), done)) {
		ok = wait_for_engine(cli, done, &standing, &err);
	} else {
		ok = apply_rest(cli, &err) &&
		     push_all(cli, done, &standing, &why, &err);
	}
	return ok ? report(&standing, &why) : cli_failed(&err);
}
