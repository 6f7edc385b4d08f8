/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the person at the terminal. */
#ifndef TERCET_CLI_ASK_H
#define TERCET_CLI_ASK_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "config/config.h"

/* Whether standard input is a terminal: nothing is ever taken from a pipe. */
bool ask_is_possible(void);

/* Asks on standard error; true for yes alone.  Only where it is possible. */
bool ask_yes(const char *question);

/*
 * The password of an account, read from the terminal and not shown; the caller
 * frees it with free_secret().  A signal that ends or stops the process leaves
 * the terminal as it was.  ERR_LOGIN where nobody can be asked, ERR_CANCELLED
 * when the person wants none of it.
 */
MUST_CHECK bool ask_password(const struct account_config *account,
	char **ret_password, struct error *err);

#endif /* TERCET_CLI_ASK_H */
