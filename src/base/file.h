/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: whole reads with a limit, atomic writes, directories, locks. */
#ifndef TERCET_BASE_FILE_H
#define TERCET_BASE_FILE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* Appends the whole file to `buf`; more than its limit is ERR_LIMIT. */
MUST_CHECK bool file_read(
	const char *path, struct strbuf *buf, struct error *err);
/* The same from a descriptor, to its end. */
MUST_CHECK bool file_read_fd(int fd, struct strbuf *buf, struct error *err);
MUST_CHECK bool file_write_all(int fd, struct slice bytes, struct error *err);

/* Replaces `path` by rename, synced; mode 0600 for a new file, else the old
 * file's.  A symbolic link is followed, so that it stays one. */
MUST_CHECK bool file_replace(
	const char *path, struct slice bytes, struct error *err);

/* Makes the directory and its missing parents, each with mode 0700. */
MUST_CHECK bool file_make_dir(const char *path, struct error *err);

bool file_exists(const char *path);
/* "dir/name"; the caller frees. */
char *file_join(const char *dir, const char *name);
/* With a leading ~/ replaced by $HOME; the caller frees. */
char *file_expand_home(const char *path);

/*
 * Takes an exclusive lock on `path`, made when missing, held until the
 * descriptor is closed or the process dies.  `*ret_fd` is -1 when somebody
 * else holds it: that is no error.
 */
MUST_CHECK bool file_lock(const char *path, int *ret_fd, struct error *err);

/* For CLEANUP(). */
void closep(int *fd);

#endif /* TERCET_BASE_FILE_H */
