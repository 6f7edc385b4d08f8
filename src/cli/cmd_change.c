/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flag, move, archive, delete, undo, redo. */
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/change.h"
#include "cli/print.h"

/* --- flag ----------------------------------------------------------------- */

static bool
is_change(const char *word)
{
	return word[0] == '+' || word[0] == '-';
}

/* "seen" as "\Seen" is, "forwarded" as "$Forwarded"; other words are keywords
 * as they stand. */
static char *
spell_flag(const char *word)
{
	static const struct {
		const char *plain;
		const char *flag;
	} names[] = {
		{ "seen", "\\Seen" },
		{ "read", "\\Seen" },
		{ "answered", "\\Answered" },
		{ "flagged", "\\Flagged" },
		{ "deleted", "\\Deleted" },
		{ "draft", "\\Draft" },
		{ "forwarded", "$Forwarded" },
		{ "junk", "$Junk" },
		{ "notjunk", "$NotJunk" },
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (ascii_eq_nocase(word, names[i].plain))
			return xstrdup(names[i].flag);
	return xstrdup(word);
}

static bool
read_change(const char *word, struct flags *add, struct flags *remove,
	struct error *err)
{
	char *flag CLEANUP(freep) = spell_flag(word + 1);

	if (flags_add(word[0] == '+' ? add : remove, slice_str(flag)))
		return true;
	return error_set(err, ERR_INVALID,
		_("“%s” is no flag: write seen, answered, flagged, draft, "
		  "$label1 or another keyword behind + or -"),
		word + 1);
}

enum cli_status
cmd_flag(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct arg_words ids CLEANUP(cli_words_clear) = { 0 };
	struct id_array placements CLEANUP(cli_ids_clear) = { 0 };
	struct flags add CLEANUP(flags_clear) = FLAGS_INIT;
	struct flags remove CLEANUP(flags_clear) = FLAGS_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_targets targets = { .what = JOURNAL_MESSAGES };
	struct journal journal;

	for (size_t i = 1; i < args->words.n; i++) {
		const char *word = args->words.items[i];

		if (!is_change(word))
			array_push(&ids, word);
		else if (!read_change(word, &add, &remove, &err))
			return cli_failed(&err);
	}
	if (ids.n == 0 || ids.n + 1 == args->words.n) {
		print_complaint("%s",
			_("flag needs message IDs and flags: flag 12 +seen "
			  "-flagged"));
		return CLI_USAGE;
	}
	if (!change_begin(cli, &journal, &err) ||
		!change_placements(
			cli, ids.items, ids.n, true, &placements, &err))
		return change_failed(cli, &err);
	targets.ids = placements.items;
	targets.n = placements.n;
	if (!journal_flag(&journal, &targets, &add, &remove, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

/* --- move, archive, delete ------------------------------------------------ */

/* Messages that go to one folder: its name alone is each account's own. */
struct share {
	int64_t account; /* of the first */
	int64_t folder;
	struct id_array placements;
};

ARRAY_OF(shares, struct share);

static void
shares_clear(struct shares *shares)
{
	for (size_t i = 0; i < shares->n; i++)
		array_clear(&shares->items[i].placements);
	array_clear(shares);
}

static bool
find_share(struct cli *cli, struct shares *shares, int64_t account,
	const char *name, struct share **ret_share, struct error *err)
{
	struct folder folder CLEANUP(folder_clear) = { 0 };

	if (!change_folder(cli, account, name, &folder, err))
		return false;
	for (size_t i = 0; i < shares->n; i++) {
		*ret_share = &shares->items[i];
		if ((*ret_share)->folder == folder.id)
			return true;
	}
	*ret_share = array_add(shares);
	(*ret_share)->account = account;
	(*ret_share)->folder = folder.id;
	return true;
}

static bool
find_shares(struct cli *cli, const struct args *args, struct shares *shares,
	struct error *err)
{
	const char *name = args->words.items[args->words.n - 1];
	struct share *share = NULL;

	for (size_t i = 1; i + 1 < args->words.n; i++) {
		struct id_array one CLEANUP(cli_ids_clear) = { 0 };
		int64_t account;

		if (!change_add_placements(cli, args->words.items[i], false,
			    &one, &account, err))
			return false;
		if ((!share || share->account != account) &&
			!find_share(cli, shares, account, name, &share, err))
			return false;
		array_push(&share->placements, one.items[0]);
	}
	return true;
}

static enum cli_status
move_share(struct cli *cli, const struct journal *journal,
	const struct share *share)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_targets targets = {
		.what = JOURNAL_MESSAGES,
		.ids = share->placements.items,
		.n = share->placements.n,
	};

	if (!journal_move(journal, &targets, share->folder, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, journal, &done);
}

enum cli_status
cmd_move(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct shares shares CLEANUP(shares_clear) = { 0 };
	enum cli_status status = CLI_OK;
	struct journal journal;

	if (!change_begin(cli, &journal, &err) ||
		!find_shares(cli, args, &shares, &err))
		return change_failed(cli, &err);
	for (size_t i = 0; i < shares.n && status == CLI_OK; i++)
		status = move_share(cli, &journal, &shares.items[i]);
	return status;
}

/* The messages that all words name, to be acted on where `list` shows them. */
static bool
find_targets(struct cli *cli, const struct args *args,
	struct id_array *placements, struct journal_targets *ret_targets,
	struct error *err)
{
	if (!change_placements(cli, args->words.items + 1, args->words.n - 1,
		    false, placements, err))
		return false;
	*ret_targets = (struct journal_targets){
		.what = JOURNAL_MESSAGES,
		.ids = placements->items,
		.n = placements->n,
	};
	return true;
}

enum cli_status
cmd_archive(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array placements CLEANUP(cli_ids_clear) = { 0 };
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal_targets targets;
	struct journal journal;

	if (!change_begin(cli, &journal, &err) ||
		!find_targets(cli, args, &placements, &targets, &err) ||
		!journal_archive(&journal, &targets, &done, &err))
		return change_failed(cli, &err);
	return change_finish(cli, &journal, &done);
}

enum cli_status
cmd_delete(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array placements CLEANUP(cli_ids_clear) = { 0 };
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	bool for_good = args_has(args, "for-good");
	struct journal_targets targets;
	enum cli_status status;
	struct journal journal;

	if (!change_begin(cli, &journal, &err) ||
		!find_targets(cli, args, &placements, &targets, &err) ||
		!journal_delete(&journal, &targets, for_good, &done, &err))
		return change_failed(cli, &err);
	status = change_finish(cli, &journal, &done);
	if (done.n_skipped > 0 && !for_good)
		print_complaint("%s",
			_("What is in the trash already is deleted for good "
			  "only with --for-good"));
	return status;
}

/* --- undo ----------------------------------------------------------------- */

static enum cli_status
turn_back(struct cli *cli,
	bool (*turn)(const struct journal *journal,
		struct journal_done *ret_done, struct error *err))
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	struct journal journal;
	enum cli_status status;

	if (!change_begin(cli, &journal, &err) || !turn(&journal, &done, &err))
		return change_failed(cli, &err);
	status = change_finish(cli, &journal, &done);
	return done.action == 0 ? CLI_FAILED : status;
}

enum cli_status
cmd_undo(struct cli *cli, const struct args *args UNUSED)
{
	return turn_back(cli, journal_undo);
}

enum cli_status
cmd_redo(struct cli *cli, const struct args *args UNUSED)
{
	return turn_back(cli, journal_redo);
}
