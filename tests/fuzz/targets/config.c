/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration file. */
#include "config/config.h"
#include "base/bug.h"
#include "base/mem.h"
#include "config/option.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

/* As text it is accepted again, and means the same. */
static void
check_option(const struct option *option, void *base)
{
	char *text CLEANUP(freep) = option_print(option, base);
	char *again CLEANUP(freep) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	check_utf8(slice_str(text));
	if (!option_store(option, base, text ? text : "", &err))
		BUG(err.text);
	again = option_print(option, base);
	ASSERT(slice_eq(slice_str(text), slice_str(again)));
}

FUZZ_TARGET(config)
{
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!config_parse(input.data, input.len, "config", &config, &err)) {
		ASSERT(err.text && err.text[0]);
		check_line(err.text);
		return;
	}
	for (size_t i = 0; i < config->n_accounts; i++)
		ASSERT(config_account(config, config->accounts[i].name) ==
			&config->accounts[i]);
	for (const struct option *it = options; it->name; it++) {
		if (it->scope == OPTION_GENERAL)
			check_option(it, config);
		for (size_t i = 0;
			it->scope == OPTION_ACCOUNT && i < config->n_accounts;
			i++)
			check_option(it, &config->accounts[i]);
	}
}
