/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE option table. */
#include "base/gettext.h"
#include "config/config.h"
#include "config/option.h"

#define SAME_TYPE(type, member, want)                                          \
	__builtin_types_compatible_p(                                          \
		__typeof__(((struct type *)0)->member), want)

/* The offset of a field; a field of another type does not compile. */
#define FIELD(type, member, want)                                              \
	(offsetof(struct type, member) +                                       \
		0 * sizeof(char[SAME_TYPE(type, member, want) ? 1 : -1]))

static const struct option_word offline_words[] = {
	{ "none", OFFLINE_NONE },
	{ "all", OFFLINE_ALL },
	{ 0 },
};

static const struct option_word off_words[] = {
	{ "off", 0 },
	{ 0 },
};

static const struct option_word keys_words[] = {
	{ "default", KEYS_DEFAULT },
	{ "mutt", KEYS_MUTT },
	{ "vim", KEYS_VIM },
	{ "gmail", KEYS_GMAIL },
	{ 0 },
};

static const struct option_word layout_words[] = {
	{ "auto", LAYOUT_AUTO },
	{ "columns", LAYOUT_COLUMNS },
	{ "stacked", LAYOUT_STACKED },
	{ 0 },
};

static const struct option_word ascii_words[] = {
	{ "auto", ASCII_AUTO },
	{ "yes", ASCII_YES },
	{ "no", ASCII_NO },
	{ 0 },
};

static const struct option_word hyperlink_words[] = {
	{ "auto", HYPERLINKS_AUTO },
	{ "yes", HYPERLINKS_YES },
	{ "no", HYPERLINKS_NO },
	{ 0 },
};

static const struct option_word advance_words[] = {
	{ "next", ADVANCE_NEXT },
	{ "previous", ADVANCE_PREVIOUS },
	{ "list", ADVANCE_LIST },
	{ 0 },
};

static const struct option_word mark_read_words[] = {
	{ "open", MARK_READ_OPEN },
	{ "never", MARK_READ_NEVER },
	{ 0 },
};

static const struct option_word protocol_words[] = {
	{ "auto", PROTOCOL_AUTO },
	{ "imap", PROTOCOL_IMAP },
	{ "pop3", PROTOCOL_POP3 },
	{ "local", PROTOCOL_LOCAL },
	{ 0 },
};

static const struct option_word auth_words[] = {
	{ "auto", AUTH_AUTO },
	{ "plain", AUTH_PLAIN },
	{ "login", AUTH_LOGIN },
	{ "cram-md5", AUTH_CRAM_MD5 },
	{ "scram-sha-256", AUTH_SCRAM_SHA_256 },
	{ "xoauth2", AUTH_XOAUTH2 },
	{ "oauthbearer", AUTH_OAUTHBEARER },
	{ 0 },
};

static const struct option_word leave_words[] = {
	{ "forever", LEAVE_FOREVER },
	{ "until-deleted", LEAVE_UNTIL_DELETED },
	{ "no", LEAVE_NOT },
	{ 0 },
};

enum { MAX_DAYS = 36500, MAX_UNDO_SEND_S = 3600, MAX_MARK_READ_S = 3600 };

const struct option options[] = {
	{
		.name = "offline",
		.scope = OPTION_GENERAL,
		.kind = OPTION_DAYS,
		.offset = FIELD(config, offline_days, int),
		.words = offline_words,
		.min = 1,
		.max = MAX_DAYS,
		.value = "90d",
		.affects = AFFECTS_SYNC,
		.summary = N_("Keep the text of messages this recent for "
			      "reading without a network; what was opened is "
			      "kept in any case"),
	},
	{
		.name = "undo-send",
		.scope = OPTION_GENERAL,
		.kind = OPTION_SECONDS,
		.offset = FIELD(config, undo_send_s, int),
		.words = off_words,
		.min = 0,
		.max = MAX_UNDO_SEND_S,
		.value = "10s",
		.summary = N_("Hold a message this long before it is sent, so "
			      "that sending can be undone"),
	},
	{
		.name = "theme",
		.scope = OPTION_GENERAL,
		.kind = OPTION_NAME,
		.offset = FIELD(config, theme, char *),
		.value = "auto",
		.affects = AFFECTS_COLOURS,
		.summary = N_("Use this colour theme: auto asks the terminal "
			      "for its background; dark, light, or a file in "
			      "the themes directory"),
	},
	{
		.name = "keys",
		.scope = OPTION_GENERAL,
		.kind = OPTION_WORD,
		.offset = FIELD(config, keys, enum config_keys),
		.words = keys_words,
		.value = "default",
		.affects = AFFECTS_KEYS,
		.summary = N_("Start from this set of key bindings"),
	},
	{
		.name = "layout",
		.scope = OPTION_GENERAL,
		.kind = OPTION_WORD,
		.offset = FIELD(config, layout, enum config_layout),
		.words = layout_words,
		.value = "auto",
		.affects = AFFECTS_LAYOUT,
		.summary = N_("Show list and viewer side by side (columns) or "
			      "one above the other (stacked); auto goes by the "
			      "terminal's width"),
	},
	{
		.name = "advance",
		.scope = OPTION_GENERAL,
		.kind = OPTION_WORD,
		.offset = FIELD(config, advance, enum config_advance),
		.words = advance_words,
		.value = "next",
		.summary = N_("Go here when a message leaves the list: the "
			      "next one, the previous one, or back from the "
			      "message to the list"),
	},
	{
		.name = "mark-read",
		.scope = OPTION_GENERAL,
		.kind = OPTION_SECONDS,
		.offset = FIELD(config, mark_read_s, int),
		.words = mark_read_words,
		.min = 1,
		.max = MAX_MARK_READ_S,
		.value = "open",
		.summary = N_("Mark a message read when it is opened, or when "
			      "it has been shown this long, or never"),
	},
	{
		.name = "keep-unread-in",
		.scope = OPTION_GENERAL,
		.kind = OPTION_TEXT,
		.offset = FIELD(config, keep_unread_in, char *),
		.value = "",
		.summary = N_("Mark nothing read by itself in these folders, "
			      "whatever mark-read says; commas between, * "
			      "stands for any characters"),
	},
	{
		.name = "editor",
		.scope = OPTION_GENERAL,
		.kind = OPTION_COMMAND,
		.offset = FIELD(config, editor, char *),
		.value = "",
		.summary = N_("Edit messages with this command; when empty, "
			      "$VISUAL, $EDITOR, sensible-editor, nano or vi, "
			      "the first there is"),
	},
	{
		.name = "query-command",
		.scope = OPTION_GENERAL,
		.kind = OPTION_COMMAND,
		.offset = FIELD(config, query_command, char *),
		.value = "",
		.summary = N_("Look up addresses with this command: it gets "
			      "the word as its last argument and prints one "
			      "title line, then address, tab, name"),
	},
	{
		.name = "trust-auth-results",
		.scope = OPTION_GENERAL,
		.kind = OPTION_TEXT,
		.offset = FIELD(config, trust_auth_results, char *),
		.value = "",
		.affects = AFFECTS_VIEWER,
		.summary = N_("Believe Authentication-Results headers of these "
			      "servers only, with commas between; when empty, "
			      "of none"),
	},
	{
		.name = "mouse",
		.scope = OPTION_GENERAL,
		.kind = OPTION_BOOL,
		.offset = FIELD(config, mouse, bool),
		.value = "yes",
		.affects = AFFECTS_TERMINAL,
		.summary = N_("React to the mouse"),
	},
	{
		.name = "ascii",
		.scope = OPTION_GENERAL,
		.kind = OPTION_WORD,
		.offset = FIELD(config, ascii, enum config_ascii),
		.words = ascii_words,
		.value = "auto",
		.affects = AFFECTS_TERMINAL,
		.summary = N_("Draw symbols and lines with ASCII characters "
			      "only; auto goes by the terminal"),
	},
	{
		.name = "hyperlinks",
		.scope = OPTION_GENERAL,
		.kind = OPTION_WORD,
		.offset = FIELD(config, hyperlinks, enum config_hyperlinks),
		.words = hyperlink_words,
		.value = "auto",
		.affects = AFFECTS_TERMINAL,
		.summary = N_("Let the terminal open links that are clicked, "
			      "where their words do not lie (OSC 8); auto "
			      "knows which terminals can"),
	},

	{
		.name = "name",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, display_name, char *),
		.value = "",
		.summary = N_("Put this name beside the address in From"),
	},
	{
		.name = "address",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_ADDRESS,
		.offset = FIELD(account_config, address, char *),
		.value = "",
		.summary = N_("Send from this address; it is the login name "
			      "too where a URL names none"),
	},
	{
		.name = "aliases",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_ADDRESSES,
		.offset = FIELD(account_config, aliases, struct string_list),
		.value = "",
		.summary = N_("Treat these addresses as one's own; * stands "
			      "for any characters"),
	},
	{
		.name = "imap",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_URL,
		.offset = FIELD(account_config, imap, struct config_url),
		.protocol = "imap",
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Read mail at this IMAP server"),
	},
	{
		.name = "pop3",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_URL,
		.offset = FIELD(account_config, pop3, struct config_url),
		.protocol = "pop3",
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Download mail from this POP3 server"),
	},
	{
		.name = "smtp",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_URL,
		.offset = FIELD(account_config, smtp, struct config_url),
		.protocol = "smtp",
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Send mail through this submission server"),
	},
	{
		.name = "sendmail-command",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_COMMAND,
		.offset = FIELD(account_config, sendmail_command, char *),
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Send mail with this command instead, which "
			      "takes sendmail's arguments"),
	},
	{
		.name = "protocol",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_WORD,
		.offset =
			FIELD(account_config, protocol, enum account_protocol),
		.words = protocol_words,
		.value = "auto",
		.affects = AFFECTS_SESSION,
		.summary = N_("Fetch mail this way; auto means IMAP, and POP3 "
			      "while IMAP cannot be had"),
	},
	{
		.name = "password-command",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_COMMAND,
		.offset = FIELD(account_config, password_command, char *),
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Take the password or token from the first line "
			      "this command prints; when empty, ask"),
	},
	{
		.name = "auth",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_WORD,
		.offset = FIELD(account_config, auth, enum account_auth),
		.words = auth_words,
		.value = "auto",
		.affects = AFFECTS_SESSION,
		.summary = N_("Log in by this mechanism and no other"),
	},
	{
		.name = "tls-ca-file",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_PATH,
		.offset = FIELD(account_config, tls_ca_file, char *),
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Trust the certificate authorities of this PEM "
			      "file instead of the system's"),
	},
	{
		.name = "tls-pin",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_PIN,
		.offset = FIELD(account_config, tls_pin, char *),
		.value = "",
		.affects = AFFECTS_SESSION,
		.summary = N_("Trust the server whose public key has this "
			      "digest, instead of any authority"),
	},
	{
		.name = "leave-on-server",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_DAYS,
		.offset = FIELD(account_config, leave_on_server, int),
		.words = leave_words,
		.min = 1,
		.max = MAX_DAYS,
		.value = "forever",
		.affects = AFFECTS_SYNC,
		.summary = N_("Leave messages at the POP3 server this long "
			      "after downloading them"),
	},
	{
		.name = "sent",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, sent, char *),
		.value = "",
		.affects = AFFECTS_SYNC,
		.summary = N_("Keep sent messages in this folder, where the "
			      "server does not say which it is or is wrong"),
	},
	{
		.name = "drafts",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, drafts, char *),
		.value = "",
		.affects = AFFECTS_SYNC,
		.summary = N_("The same for drafts"),
	},
	{
		.name = "trash",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, trash, char *),
		.value = "",
		.affects = AFFECTS_SYNC,
		.summary = N_("The same for deleted messages"),
	},
	{
		.name = "junk",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, junk, char *),
		.value = "",
		.affects = AFFECTS_SYNC,
		.summary = N_("The same for spam"),
	},
	{
		.name = "archive",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_TEXT,
		.offset = FIELD(account_config, archive, char *),
		.value = "",
		.affects = AFFECTS_SYNC,
		.summary = N_("The same for archived messages"),
	},
	{
		.name = "signature-file",
		.scope = OPTION_ACCOUNT,
		.kind = OPTION_PATH,
		.offset = FIELD(account_config, signature_file, char *),
		.value = "",
		.summary = N_("Put the text of this file under new messages"),
	},
	{ 0 },
};
