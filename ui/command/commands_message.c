/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Acting on mail, searching and writing: what there will be, and the keys kept
 * for it.  Each row says plainly that it cannot be done yet.
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
		.name = "compose",
		.keys = {
			[KEYS_DEFAULT] = { "C" },
			[KEYS_MUTT] = { "m" },
			[KEYS_GMAIL] = { "c" },
		},
		.where = IN_PANES,
		.summary = N_("Write a message"),
		.later = N_("tercet cannot write messages yet"),
	},
	{
		.name = "reply",
		.keys = {
			[KEYS_DEFAULT] = { "r" },
			[KEYS_MUTT] = { "r" },
			[KEYS_GMAIL] = { "r" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Reply to the sender"),
		.later = N_("tercet cannot reply yet"),
	},
	{
		.name = "reply-all",
		.keys = {
			[KEYS_DEFAULT] = { "R" },
			[KEYS_MUTT] = { "g" },
			[KEYS_GMAIL] = { "a" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Reply to everybody"),
		.later = N_("tercet cannot reply yet"),
	},
	{
		.name = "reply-list",
		.keys = {
			[KEYS_DEFAULT] = { "L" },
			[KEYS_MUTT] = { "L" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Reply to the mailing list"),
		.later = N_("tercet cannot reply yet"),
	},
	{
		.name = "forward",
		.keys = {
			[KEYS_DEFAULT] = { "F" },
			[KEYS_MUTT] = { "f" },
			[KEYS_GMAIL] = { "f" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Forward the message"),
		.later = N_("tercet cannot forward messages yet"),
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
	{
		.name = "edit",
		.keys = {
			[KEYS_DEFAULT] = { "E" },
			[KEYS_MUTT] = { "e" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Edit a draft, or a sent message as new"),
		.later = N_("tercet cannot edit messages yet"),
	},
	{ .name = NULL },
};
/* clang-format on */
