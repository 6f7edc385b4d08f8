/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searching and putting away: what there will be, and the keys kept for it.
 * Each row says plainly that it cannot be done yet.
 */
#include "base/gettext.h"
#include "command/command.h"
#include "config/config.h"

/* clang-format off */
const struct command message_commands[] = {
	{
		.name = "snooze",
		.keys = {
			[KEYS_DEFAULT] = { "z z" },
			[KEYS_MUTT] = { "" },
			[KEYS_GMAIL] = { "b" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Put the message away until a time"),
		.later = N_("tercet cannot snooze messages yet"),
	},
	{
		.name = "search",
		.keys = {
			[KEYS_DEFAULT] = { "/" },
			[KEYS_MUTT] = { "/" },
			[KEYS_GMAIL] = { "/" },
		},
		.where = IN_PANES,
		.summary = N_("Search everything, as you type"),
		.later = N_("tercet cannot search yet"),
	},
	{
		.name = "limit",
		.keys = {
			[KEYS_DEFAULT] = { "f" },
			[KEYS_MUTT] = { "l" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST,
		.summary = N_("Show only the messages that a search finds"),
		.later = N_("tercet cannot limit the list yet"),
	},
	{
		.name = "bounce",
		.keys = {
			[KEYS_DEFAULT] = { "B" },
			[KEYS_MUTT] = { "b" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Send the message on as it is"),
		.later = N_("tercet cannot bounce messages yet"),
	},
	{ .name = NULL },
};
/* clang-format on */
