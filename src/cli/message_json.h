/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message object. */
#ifndef TERCET_CLI_MESSAGE_JSON_H
#define TERCET_CLI_MESSAGE_JSON_H

#include "cli/json.h"
#include "cli/subcommand.h"
#include "store/message.h"

/* The placement in `folder`; where it is 0 or has none, the one in the folder
 * that comes first in the folder pane; NULL without any. */
const struct message_placement *message_placement_in(
	const struct cli *cli, const struct message *message, int64_t folder);

/* Key and value pairs of a message as it stands in `folder` (0: wherever),
 * into an object that is begun. */
void json_put_message(struct json *json, const struct cli *cli,
	const struct message *message, int64_t folder);

/* "envelope", "text", "full" */
const char *message_state_name(enum message_state state);

#endif /* TERCET_CLI_MESSAGE_JSON_H */
