/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 1524: which program shows a type of file, by mailcap files.
 *
 * These hold lines for a shell.  Here there is none: an entry whose command or
 * test needs one (pipes, redirections, variables) is passed over, and so the
 * words of what is left can be run as they are.
 */
#ifndef TERCET_UI_SCREEN_MAILCAP_H
#define TERCET_UI_SCREEN_MAILCAP_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/spawn.h"

/* Bytes of a file that are read. */
enum { MAILCAP_BYTES_MAX = 1024 * 1024 };

struct mailcap_command {
	struct argv argv;    /* owned; the file's path is in it, or ... */
	bool reads_input;    /* ... it is the standard input */
	bool needs_terminal; /* "needsterminal" */
	bool prints;         /* "copiousoutput": text, to be paged through */
};

/* Whether a type is one that may stand in a command: RFC 6838 4.2, without what
 * shells take for their own. */
bool mailcap_is_type(const char *type);

/*
 * The first entry of a mailcap file for the type whose program `can_run` and
 * whose test holds; false: there is none.
 */
bool mailcap_find(struct slice text, const char *type, const char *path,
	bool (*can_run)(const char *program),
	struct mailcap_command *ret_command);
void mailcap_command_clear(struct mailcap_command *command);

#endif /* TERCET_UI_SCREEN_MAILCAP_H */
