/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One account as the configuration has it: servers, identity, folders, policy.
 * Plain values inside a `struct config`, which owns every string; nothing here
 * changes once the configuration is loaded.
 *
 * No password is ever among them: see config/secret.h.
 */
#ifndef TERCET_CONFIG_ACCOUNT_H
#define TERCET_CONFIG_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum url_security {
	URL_TLS,      /* imaps, pop3s, smtps: TLS from the first byte */
	URL_STARTTLS, /* imap, pop3, smtp: STARTTLS or nothing */
	URL_INSECURE, /* imap+insecure and so on: in clear */
};

/* Where a server is; without a host there is none. */
struct config_url {
	bool present;
	enum url_security security;
	uint16_t port; /* the scheme's when the URL names none */
	char *host;    /* name or address, without brackets; NULL if absent */
	char *user;    /* percent-decoded; NULL when the URL names none */
};

enum account_protocol {
	PROTOCOL_AUTO, /* IMAP, and POP3 where IMAP cannot be had */
	PROTOCOL_IMAP,
	PROTOCOL_POP3,
	PROTOCOL_LOCAL, /* no server to fetch from */
};

/* The SASL mechanism to insist on. */
enum account_auth {
	AUTH_AUTO, /* the best that both sides have */
	AUTH_PLAIN,
	AUTH_LOGIN,
	AUTH_CRAM_MD5,
	AUTH_SCRAM_SHA_256,
	AUTH_XOAUTH2,
	AUTH_OAUTHBEARER,
};

/* Values of account_config.leave_on_server that are no number of days. */
enum {
	LEAVE_NOT = 0,
	LEAVE_FOREVER = -1,
	LEAVE_UNTIL_DELETED = -2,
};

struct string_list {
	char **items;
	size_t n;
};

struct account_config {
	char *name;                 /* as in [account NAME]; never empty */
	char *display_name;         /* of the person; may be NULL */
	char *address;              /* may be NULL with PROTOCOL_LOCAL only */
	struct string_list aliases; /* addresses, * for any characters */

	struct config_url imap;
	struct config_url pop3;
	struct config_url smtp;
	char *sendmail_command; /* instead of smtp; NULL: none */
	enum account_protocol protocol;

	char *password_command; /* for argv_split(); NULL: ask */
	enum account_auth auth;
	char *tls_ca_file; /* ~ expanded; NULL: the system's trust */
	char *tls_pin;     /* "sha256:" and base64 or hex; NULL: none */

	int leave_on_server; /* days, or one of LEAVE_* */

	/* Only where SPECIAL-USE says nothing or is wrong; NULL: not given. */
	char *sent;
	char *drafts;
	char *trash;
	char *junk;
	char *archive;

	char *signature_file; /* ~ expanded; NULL: none */
};

/* Whether `address` is the account's own: its address or one of its aliases,
 * compared without case. */
bool account_owns_address(
	const struct account_config *account, const char *address);

/* The login name for a server: the URL's, else the address.  May be NULL. */
const char *account_user(
	const struct account_config *account, const struct config_url *url);

/* "imaps", "imap" or "imap+insecure", with `protocol` "imap", "pop3" or "smtp";
 * for people. */
const char *url_scheme(enum url_security security, const char *protocol);

/* As the configuration spells them. */
const char *account_protocol_name(enum account_protocol protocol);
const char *account_auth_name(enum account_auth auth);

#endif /* TERCET_CONFIG_ACCOUNT_H */
