/* SPDX-License-Identifier: GPL-3.0-or-later */
/* save: a part of a message as a file. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "cli/print.h"
#include "cli/subcommand.h"

static bool
find_part(struct cli *cli, int64_t id, const char *section,
	struct message *ret_message, const struct part **ret_part,
	struct error *err)
{
	enum found found = message_load(cli->store, id, ret_message, err);

	if (found == NOT_FOUND)
		return error_set(err, ERR_REFUSED,
			_("There is no message %" PRId64), id);
	if (found == FOUND_ERROR)
		return false;
	if (!cli_check_account(cli, id, ret_message->account, err))
		return false;
	if (ret_message->parts.n == 0 && cli->dry_run)
		return error_set(err, ERR_REFUSED,
			_("The parts of message %" PRId64
			  " are not known here yet"),
			id);
	if (ret_message->parts.n == 0) {
		if (!cli_fetch(cli, ret_message->account, id, NULL, err))
			return false;
		message_clear(ret_message);
		*ret_message = (struct message){ 0 };
		if (message_load(cli->store, id, ret_message, err) != FOUND)
			return err->kind != ERR_NONE
				       ? false
				       : error_set(err, ERR_REFUSED,
						 _("Message %" PRId64
						   " is gone"),
						 id);
	}
	*ret_part = part_tree_find(&ret_message->parts, section);
	if (!*ret_part)
		return error_set(err, ERR_REFUSED,
			_("Message %" PRId64 " has no part %s"), id, section);
	return true;
}

/* Bytes first, then the file: what cannot be had leaves no empty one. */
static bool
save_part(struct cli *cli, const struct message *message,
	const struct part *part, const char *to, struct error *err)
{
	char *name CLEANUP(freep) = export_safe_name(part);
	char *path CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;
	enum found found;

	if (cli->dry_run) {
		if (!export_choose(to, name, &path, err))
			return false;
		print_text(stdout, slice_str(path), false);
		putchar('\n');
		return true;
	}
	if (!export_is_held(cli->store, message->id, part->section) &&
		!cli_fetch(
			cli, message->account, message->id, part->section, err))
		return false;
	if (!export_create(to, name, &path, &fd, err))
		return false;
	found = export_part(cli->store, message, part->section, fd, err);
	if (found != FOUND) {
		unlink(path);
		if (found == NOT_FOUND)
			error_set(err, ERR_REFUSED,
				_("Part %s of message %" PRId64
				  " cannot be had"),
				part->section, message->id);
		return false;
	}
	print_text(stdout, slice_str(path), false);
	putchar('\n');
	return true;
}

enum cli_status
cmd_save(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array ids CLEANUP(cli_ids_clear) = { 0 };
	struct message message = { 0 };
	const struct part *part = NULL;
	const char *section = args_value(args, "part");
	bool ok;

	if (!section) {
		print_complaint("%s",
			_("save needs --part N; show --json lists the parts"));
		return CLI_USAGE;
	}
	ok = cli_ids(args, &ids, &err) && cli_open_store(cli, &err) &&
	     find_part(cli, ids.items[0], section, &message, &part, &err) &&
	     save_part(cli, &message, part, args_value(args, "to"), &err);
	message_clear(&message);
	return ok ? CLI_OK : cli_failed(&err);
}
