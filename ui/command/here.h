/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where files go when nobody says where. */
#ifndef TERCET_UI_COMMAND_HERE_H
#define TERCET_UI_COMMAND_HERE_H

#include "base/attr.h"

/*
 * `path` as people read it: from the root, with ~ for the home directory;
 * NULL is the working directory.  The caller frees.
 */
NONNULL_RETURN char *here_print(const char *path);

/* The same within so many columns: what is left out is its beginning. */
NONNULL_RETURN char *here_print_short(const char *path, int columns);

#endif /* TERCET_UI_COMMAND_HERE_H */
