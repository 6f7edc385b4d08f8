/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

static void (*abort_hook)(void);

void
bug_set_hook(void (*hook)(void))
{
	abort_hook = hook;
}

void
bug_abort(const char *file, int line, const char *what)
{
	void (*hook)(void) = abort_hook;

	abort_hook = NULL;
	if (hook)
		hook();
	fprintf(stderr, "tercet: bug at %s:%d: %s\n", file, line, what);
	log_error("bug", "%s:%d: %s", file, line, what);
	abort();
}
