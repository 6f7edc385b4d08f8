/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/outgoing.h"

#include "base/bug.h"
#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/print.h"
#include "sync/deliver.h"
#include "sync/engine.h"
#include "sync/pass.h"

enum {
	WAIT_US = 120 * 1000000,
	LOOK_US = 100 * 1000,
};

/* Whether anything went to the journal meanwhile. */
static void
note_act(void *ctx, const struct journal_done *done)
{
	bool *acted = ctx;

	*acted = *acted || done->accounts.n > 0;
}

/* The copy in Sent goes up with the message where that can be; else it waits
 * as every operation does. */
static void
push_copies(struct cli *cli, const struct account_config *account,
	const char *password)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct cancel cancel;
	struct pass_options options = {
		.config = cli->config,
		.account = account,
		.home = cli->home,
		.password = password,
		.cancel = &cancel,
	};

	if (!account->imap.present || account->protocol == PROTOCOL_LOCAL)
		return;
	cancel_init(&cancel);
	if (!pass_push(&options, &err))
		log_info("send", "copies in Sent wait: %s", err.text);
	cancel_destroy(&cancel);
}

static bool
deliver_here(struct cli *cli, const struct account_config *account,
	int64_t account_id, bool *ret_busy, struct error *err)
{
	struct error unasked CLEANUP(error_clear) = ERROR_INIT;
	struct cancel cancel;
	bool acted = false;
	struct deliver_options options = {
		.config = cli->config,
		.account = account,
		.account_id = account_id,
		.store = cli->store,
		.store_dir = store_home_dir(cli->home),
		.cancel = &cancel,
		.acted = note_act,
		.ctx = &acted,
	};
	struct deliver deliver;
	struct deliver_result result = { 0 };
	const char *password = NULL;
	bool ok;

	/* Where nobody can be asked, the server says what it wants. */
	if (account->smtp.present && !account->sendmail_command &&
		!cli_password(cli, account, &password, &unasked))
		password = NULL;
	cancel_init(&cancel);
	deliver_init(&deliver, &options);
	if (password)
		deliver_set_password(&deliver, xstrdup(password));
	ok = deliver_run(&deliver, &result, err);
	deliver_clear(&deliver);
	cancel_destroy(&cancel);
	if (!ok && err->kind == ERR_LOGIN)
		cli_forget_passwords(cli);
	else if (acted)
		push_copies(cli, account, password);
	*ret_busy = result.busy;
	return ok;
}

bool
outgoing_deliver(struct cli *cli, const struct account_config *account,
	int64_t account_id, bool *ret_elsewhere, struct error *err)
{
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	bool elsewhere = true;
	bool ok = true;

	array_push(&done.accounts, account_id);
	if (!engine_notify(store_home_dir(cli->home), &done))
		ok = deliver_here(cli, account, account_id, &elsewhere, err);
	if (ret_elsewhere)
		*ret_elsewhere = elsewhere;
	return ok;
}

bool
outgoing_probe(struct cli *cli, const struct account_config *account,
	char **ret_capabilities, struct error *err)
{
	struct cancel cancel;
	struct deliver_options options = {
		.config = cli->config,
		.account = account,
		.store = cli->store,
		.cancel = &cancel,
	};
	struct error unasked CLEANUP(error_clear) = ERROR_INIT;
	struct deliver deliver;
	const char *password = NULL;
	bool ok;

	if (!cli_password(cli, account, &password, &unasked))
		password = NULL;
	cancel_init(&cancel);
	deliver_init(&deliver, &options);
	if (password)
		deliver_set_password(&deliver, xstrdup(password));
	ok = deliver_probe(&deliver, ret_capabilities, err);
	deliver_clear(&deliver);
	cancel_destroy(&cancel);
	return ok;
}

static bool
is_under_way(const struct outbox_entry *entry)
{
	return entry->state == OUTBOX_QUEUED || entry->state == OUTBOX_SENDING;
}

bool
outgoing_wait(struct cli *cli, int64_t id, struct outbox_entry *ret_entry,
	struct error *err)
{
	int64_t until = clock_mono_us() + WAIT_US;

	for (;;) {
		enum found found = outbox_load(cli->store, id, ret_entry, err);

		if (found == FOUND_ERROR)
			return false;
		if (found == NOT_FOUND)
			return error_set(err, ERR_STALE,
				_("The message is no longer in the outbox"));
		if (!is_under_way(ret_entry) || clock_mono_us() >= until)
			return true;
		outbox_entry_clear(ret_entry);
		thread_wait(NULL, 0, clock_mono_us() + LOOK_US);
	}
}

enum cli_status
outgoing_report(const struct outbox_entry *entry, bool now)
{
	switch (entry->state) {
	case OUTBOX_SENT:
	case OUTBOX_HELD:
		return CLI_OK;
	case OUTBOX_FAILED:
		print_complaint(_("Not sent to everybody: %s (tercet outbox "
				  "show %lld tells more)"),
			entry->error ? entry->error : "?",
			(long long)entry->id);
		return CLI_FAILED;
	case OUTBOX_UNCONFIRMED:
		print_complaint(
			_("Perhaps sent, perhaps not: %s (it is not sent again "
			  "by itself; tercet outbox retry %lld sends it again, "
			  "tercet outbox sent %lld says that it arrived)"),
			entry->error ? entry->error : "?", (long long)entry->id,
			(long long)entry->id);
		return CLI_PARTLY;
	case OUTBOX_DEFERRED:
		print_complaint(_("Queued, and not sent yet: %s"),
			entry->error ? entry->error : "?");
		return now ? CLI_PARTLY : CLI_OK;
	case OUTBOX_QUEUED:
	case OUTBOX_SENDING:
		return now ? CLI_PARTLY : CLI_OK;
	case OUTBOX_BUILDING:
	case OUTBOX_CANCELLED:
	case OUTBOX_STATES:
		return CLI_FAILED;
	}
	UNREACHABLE();
}
