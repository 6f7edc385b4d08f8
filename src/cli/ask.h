/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the person at the terminal. */
#ifndef TERCET_CLI_ASK_H
#define TERCET_CLI_ASK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "config/config.h"

/*
 * The password of an account without a password-command, read from the
 * terminal and not shown; the caller frees it with free_secret().  NULL where
 * the account has a command, or where standard input is no terminal: nothing is
 * ever taken from a pipe.  ERR_CANCELLED when the person wants none of it.
 */
MUST_CHECK bool ask_password(const struct account_config *account,
	char **ret_password, struct error *err);

#endif /* TERCET_CLI_ASK_H */
