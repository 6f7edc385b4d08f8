/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What commands that change mail share.  They write to the journal as the
 * interface does; then a running tercet carries it out, or they do so
 * themselves before they return.
 */
#ifndef TERCET_CLI_CHANGE_H
#define TERCET_CLI_CHANGE_H

#include "cli/subcommand.h"
#include "sync/journal.h"

/* The journal as this command may use it.  False with ERR_REFUSED under
 * --read-only; opens the store. */
MUST_CHECK bool change_begin(
	struct cli *cli, struct journal *ret_journal, struct error *err);

/*
 * Says what was done, sees to it that servers hear of it, and what came of
 * that.  CLI_PARTLY: queued, and not carried out yet.
 */
enum cli_status change_finish(struct cli *cli, const struct journal *journal,
	const struct journal_done *done);
/* Of what failed before anything was done. */
enum cli_status change_failed(const struct cli *cli, const struct error *err);

/* Adds where a message stands that was named: everywhere, or the one placement
 * that `list` shows.  `*ret_account` is whose it is. */
MUST_CHECK bool change_add_placements(struct cli *cli, const char *word,
	bool everywhere, struct id_array *placements, int64_t *ret_account,
	struct error *err);
/* The same of several. */
MUST_CHECK bool change_placements(struct cli *cli, const char *const *words,
	size_t n, bool everywhere, struct id_array *ret_placements,
	struct error *err);

/* FOLDER or ACCOUNT/FOLDER, of the account (0: of those meant; more than one
 * that has it is ERR_INVALID). */
MUST_CHECK bool change_folder(struct cli *cli, int64_t account,
	const char *name, struct folder *ret_folder, struct error *err);

#endif /* TERCET_CLI_CHANGE_H */
