/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An account being set up, field by field, and its section of the
 * configuration file.  Servers are guessed from the address alone: nothing
 * here asks the network.
 */
#ifndef TERCET_CONFIG_DRAFT_H
#define TERCET_CONFIG_DRAFT_H

#include "base/attr.h"
#include "base/error.h"
#include "config/config.h"

/* In the order of asking: a guess rests on those before it. */
enum draft_field {
	DRAFT_ADDRESS,
	DRAFT_NAME,
	DRAFT_IMAP,
	DRAFT_SMTP,
	DRAFT_PASSWORD_COMMAND,
	DRAFT_ACCOUNT,
	DRAFT_FIELDS
};

struct account_draft {
	char *values[DRAFT_FIELDS]; /* NULL: not asked yet */
};

void account_draft_clear(struct account_draft *draft);
void draft_set(
	struct account_draft *draft, enum draft_field field, const char *value);

/* Another address, right or wrong: of what rests on it, the guesses are
 * forgotten, to be made again; what a person wrote stays. */
void draft_set_address(struct account_draft *draft, const char *address,
	const struct config *config);

/* "Mail address": for people, translated. */
const char *draft_label(enum draft_field field);
/* A sentence on what it takes, translated. */
const char *draft_help(enum draft_field field);

/* A likely value, "" for none; the caller frees. */
NONNULL_RETURN char *draft_guess(const struct account_draft *draft,
	enum draft_field field, const struct config *config);

/* Whether a value can stand there; ERR_INVALID says what is wrong. */
MUST_CHECK bool draft_check(enum draft_field field, const char *value,
	const struct config *config, struct error *err);

/*
 * Adds the account's section to the end of the file, which is made with mode
 * 0600 when missing.  What is in it stays as it is.
 */
MUST_CHECK bool draft_write(
	const struct account_draft *draft, const char *path, struct error *err);

#endif /* TERCET_CONFIG_DRAFT_H */
