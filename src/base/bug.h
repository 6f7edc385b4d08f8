/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Assertions on what only a bug can break.  They stay on in releases; never
 * use them on data from outside.  The hook restores the terminal first.
 */
#ifndef TERCET_BASE_BUG_H
#define TERCET_BASE_BUG_H

#include "base/attr.h"

#define ASSERT(cond)  ((cond) ? (void)0 : bug_abort(__FILE__, __LINE__, #cond))
#define BUG(text)     bug_abort(__FILE__, __LINE__, text)
#define UNREACHABLE() bug_abort(__FILE__, __LINE__, "unreachable")

/* Called once before the process aborts; set before threads start. */
void bug_set_hook(void (*hook)(void));

NORETURN void bug_abort(const char *file, int line, const char *what);

#endif /* TERCET_BASE_BUG_H */
