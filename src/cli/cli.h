/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line: subcommands run here, to their end; what needs the screen
 * is handed back as a request.
 */
#ifndef TERCET_CLI_CLI_H
#define TERCET_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct config;

/* Exit statuses: part of the contract with scripts. */
enum cli_status {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,   /* bad usage or configuration */
	CLI_PARTLY = 3,  /* queued, still to be retried */
	CLI_REFUSED = 4, /* by policy: certificate, read-only */
};

enum cli_mode {
	CLI_MODE_DONE,      /* exit with `status` */
	CLI_MODE_INTERFACE, /* start the interface */
	CLI_MODE_DUMP_DOCS, /* print the interface's table named by `docs` */
};

/* What the program is to do.  Owns everything it points to. */
struct cli_request {
	enum cli_mode mode;
	enum cli_status status; /* with CLI_MODE_DONE */
	bool utf8;              /* the terminal takes UTF-8 */

	/* NULL with `demo`, which makes its own (cli/demo.h). */
	char *config_path;
	char *data_dir;
	struct config *config; /* loaded and checked; a reference */

	char *account; /* --account, one that is configured; NULL: all */
	bool read_only;
	bool demo;
	bool debug;

	char *docs; /* "commands", "keys" or "styles" */
};

/*
 * Sets the locale, the umask, SIGPIPE and the core limit, reads the command
 * line, the configuration where it is needed, opens the log, and runs a
 * subcommand if one is asked for.  To be called once, before any thread starts.
 */
void cli_main(int argc, char *const *argv, struct cli_request *ret_request);

/* For CLEANUP() too. */
void cli_request_clear(struct cli_request *request);

#endif /* TERCET_CLI_CLI_H */
