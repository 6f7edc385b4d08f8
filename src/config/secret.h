/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passwords and tokens, by the account's password-command.  The configuration
 * and the environment have no place for them.
 *
 * Threads: workers only; it waits for another program.
 */
#ifndef TERCET_CONFIG_SECRET_H
#define TERCET_CONFIG_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct account_config;
struct cancel;

/* Longest password or token taken. */
enum { SECRET_LIMIT = 16 * 1024 };

/*
 * The first line of what password-command prints, without its line end; free
 * it with free_secret().  Without a command, when it fails or prints nothing
 * the error is ERR_LOGIN: ask.  ERR_OFFLINE at the clock_mono_us() deadline,
 * ERR_CANCELLED when `cancel` (may be NULL) fires.  What the command printed
 * never gets into an error or the log; what it said on standard error does.
 */
MUST_CHECK bool secret_fetch(const struct account_config *account,
	int64_t deadline_us, struct cancel *cancel, char **ret_secret,
	struct error *err);

#endif /* TERCET_CONFIG_SECRET_H */
