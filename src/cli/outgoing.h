/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What commands that send share: the outbox is written by them, and delivered
 * by the tercet that runs on the store, or else by themselves before they
 * return.
 */
#ifndef TERCET_CLI_OUTGOING_H
#define TERCET_CLI_OUTGOING_H

#include "cli/subcommand.h"
#include "store/outbox.h"

/*
 * Tells the tercet that runs on the store of the account's outbox; without one,
 * delivers what is due and files what was sent.  False when the server cannot
 * be used; `*ret_elsewhere` (may be NULL) says that another process is at it.
 */
MUST_CHECK bool outgoing_deliver(struct cli *cli,
	const struct account_config *account, int64_t account_id,
	bool *ret_elsewhere, struct error *err);
/* Waits until the row is no longer under way, a minute or two at most. */
MUST_CHECK bool outgoing_wait(struct cli *cli, int64_t id,
	struct outbox_entry *ret_entry, struct error *err);
/* Says what became of it where that is worth saying, and the status for it. */
enum cli_status outgoing_report(const struct outbox_entry *entry, bool now);

/* Opens a session with the account's submission server, logs in and closes it;
 * the caller frees what the server says it can do. */
MUST_CHECK bool outgoing_probe(struct cli *cli,
	const struct account_config *account, char **ret_capabilities,
	struct error *err);
/* Delivers all of the account that waits for its time, but not for a person's
 * word. */
enum cli_status outgoing_flush(
	struct cli *cli, const struct account_config *account);

enum cli_status cmd_send(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_list(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_show(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_retry(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_hold(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_cancel(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_sent(struct cli *cli, const struct args *args);
enum cli_status cmd_outbox_flush(struct cli *cli, const struct args *args);

#endif /* TERCET_CLI_OUTGOING_H */
