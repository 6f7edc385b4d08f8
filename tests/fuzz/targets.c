/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include <stddef.h>

const struct fuzz_target fuzz_targets[] = {
	{ "address", fuzz_address },
	{ "charset", fuzz_charset },
	{ "config", fuzz_config },
	{ "header", fuzz_header },
	{ "imap_data", fuzz_imap_data },
	{ "imap_frame", fuzz_imap_frame },
	{ "imap_name", fuzz_imap_name },
	{ "keys", fuzz_keys },
	{ "line", fuzz_line },
	{ "message", fuzz_message },
	{ "param", fuzz_param },
	{ "rows", fuzz_rows },
	{ "screen", fuzz_screen },
	{ "text", fuzz_text },
	{ "transfer", fuzz_transfer },
	{ "values", fuzz_values },
	{ NULL, NULL },
};
