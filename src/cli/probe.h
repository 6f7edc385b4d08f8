/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `account test` and doctor find out about an account's servers. */
#ifndef TERCET_CLI_PROBE_H
#define TERCET_CLI_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/subcommand.h"

/* "imaps://ann@imap.example.org:993"; the caller frees. */
char *probe_url(const struct account_config *account, const char *option);

/* Whether the host has an address. */
MUST_CHECK bool probe_lookup(const struct config_url *url, struct error *err);

/*
 * Connects, up to TLS where it is implicit, else to the greeting.
 * `*ret_not_after` is when the certificate ends, 0 where none was seen.
 */
MUST_CHECK bool probe_connect(const struct account_config *account,
	const struct config_url *url, const char *protocol,
	int64_t *ret_not_after, struct error *err);

/* What a person can do about this error of the account's server, or NULL. */
const char *probe_explain(
	const struct config_url *url, const struct error *err);
/* The same, printed behind the error itself. */
void probe_print_hint(const struct config_url *url, const struct error *err);
/* The same about any error of this kind. */
const char *probe_advice(enum error_kind kind);

#endif /* TERCET_CLI_PROBE_H */
