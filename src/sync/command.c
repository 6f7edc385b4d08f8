/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/command.h"

#include <stdlib.h>

#include "base/bug.h"
#include "base/mem.h"

struct command *
command_new(enum command_type type)
{
	struct command *command = xnew(struct command);

	command->type = type;
	return command;
}

void
command_free(struct command *command)
{
	if (!command)
		return;
	free(command->section);
	free_secret(command->secret);
	free(command);
}

static void
command_free_link(struct link *item)
{
	command_free((struct command *)item);
}

static bool
command_covers(struct link *queued, const struct link *fresh)
{
	struct command *a = (struct command *)queued;
	const struct command *b = (const struct command *)fresh;

	if (a->type != b->type)
		return false;
	switch (a->type) {
	case COMMAND_OPEN_FOLDER:
		a->folder = b->folder;
		return true;
	case COMMAND_FETCH_TEXT:
		a->message = b->message;
		return true;
	case COMMAND_SYNC_NOW:
	case COMMAND_WAKE:
		return true;
	case COMMAND_SET_OFFLINE:
		a->flag = b->flag;
		return true;
	case COMMAND_FETCH_SECTION:
		return a->message == b->message &&
		       strcmp(a->section, b->section) == 0;
	case COMMAND_SYNC_PASS:
	case COMMAND_PASSWORD:
		return false;
	}
	UNREACHABLE();
}

const struct queue_ops command_queue_ops = {
	.covers = command_covers,
	.free = command_free_link,
};
