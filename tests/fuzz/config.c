/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file. */
#include "config/config.h"
#include "base/bug.h"
#include "fuzz/fuzz.h"

void
fuzz_config(struct slice input)
{
	struct config *config = NULL;
	struct error err = ERROR_INIT;

	if (config_parse(input.data, input.len, "config", &config, &err)) {
		for (size_t i = 0; i < config->n_accounts; i++)
			ASSERT(config_account(
				config, config->accounts[i].name));
		config_unref(config);
	} else {
		ASSERT(err.text && err.text[0]);
	}
	error_clear(&err);
}
