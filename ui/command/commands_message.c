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
		.name = "archive",
		.keys = {
			[KEYS_DEFAULT] = { "e", "a" },
			[KEYS_MUTT] = { "a" },
			[KEYS_GMAIL] = { "e" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Archive the message"),
		.later = N_("tercet cannot archive messages yet"),
	},
	{
		.name = "delete",
		.keys = {
			[KEYS_DEFAULT] = { "d", "Del" },
			[KEYS_MUTT] = { "d" },
			[KEYS_VIM] = { "d d" },
			[KEYS_GMAIL] = { "#" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Move the message to Trash; in Trash, delete it for good"),
		.later = N_("tercet cannot delete messages yet"),
	},
	{
		.name = "move",
		.keys = {
			[KEYS_DEFAULT] = { "m" },
			[KEYS_MUTT] = { "s" },
			[KEYS_GMAIL] = { "v" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Move the message to another folder"),
		.later = N_("tercet cannot move messages yet"),
	},
	{
		.name = "copy",
		.keys = {
			[KEYS_DEFAULT] = { "y" },
			[KEYS_MUTT] = { "C" },
			[KEYS_GMAIL] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Copy the message to another folder"),
		.later = N_("tercet cannot copy messages yet"),
	},
	{
		.name = "flag",
		.keys = {
			[KEYS_DEFAULT] = { "s" },
			[KEYS_MUTT] = { "F" },
			[KEYS_GMAIL] = { "s" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Flag the message with a star, or take it away"),
		.later = N_("tercet cannot flag messages yet"),
	},
	{
		.name = "mark-unread",
		.keys = {
			[KEYS_DEFAULT] = { "U" },
			[KEYS_MUTT] = { "N" },
			[KEYS_GMAIL] = { "U" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Mark the message unread, or read"),
		.later = N_("tercet cannot mark messages read or unread yet"),
	},
	{
		.name = "spam",
		.keys = {
			[KEYS_DEFAULT] = { "!" },
			[KEYS_MUTT] = { "!" },
			[KEYS_GMAIL] = { "!" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Say that the message is spam, or is not"),
		.later = N_("tercet cannot report spam yet"),
	},
	{
		.name = "label",
		.keys = {
			[KEYS_DEFAULT] = { "l" },
			[KEYS_MUTT] = { "Y" },
			[KEYS_GMAIL] = { "l" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Put a label on the message"),
		.later = N_("tercet cannot label messages yet"),
	},
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
		.name = "undo",
		.keys = {
			[KEYS_DEFAULT] = { "u" },
			[KEYS_MUTT] = { "u" },
			[KEYS_GMAIL] = { "z" },
		},
		.where = IN_PANES,
		.summary = N_("Undo the last action"),
		.later = N_("There is nothing to undo: tercet changes no mail yet"),
	},
	{
		.name = "redo",
		.keys = {
			[KEYS_DEFAULT] = { "Ctrl-r" },
			[KEYS_MUTT] = { "" },
		},
		.where = IN_PANES,
		.summary = N_("Do again what was undone"),
		.later = N_("There is nothing to redo: tercet changes no mail yet"),
	},
	{
		.name = "repeat",
		.keys = {
			[KEYS_DEFAULT] = { "." },
			[KEYS_MUTT] = { "" },
		},
		.where = IN_LIST | IN_VIEWER,
		.summary = N_("Repeat the last action"),
		.later = N_("There is nothing to repeat: tercet changes no mail yet"),
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
	{
		.name = "activity",
		.keys = {
			[KEYS_DEFAULT] = { "A" },
			[KEYS_MUTT] = { "A" },
		},
		.where = IN_PANES,
		.summary = N_("Show all that is queued, running or failed"),
		.later = N_("tercet queues nothing yet: there is no activity to show"),
	},
	{ .name = NULL },
};
/* clang-format on */
