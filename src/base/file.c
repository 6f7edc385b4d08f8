/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gettext.h"
#include "base/mem.h"

enum { READ_CHUNK = 64 * 1024 };

void
closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

bool
file_read_fd(int fd, struct strbuf *buf, struct error *err)
{
	for (;;) {
		char probe;
		size_t left = buf->limit - buf->len;
		char *to = left ? strbuf_room(buf,
					  left < READ_CHUNK ? left : READ_CHUNK)
				: &probe;
		ssize_t n = read(fd, to,
			left ? (left < READ_CHUNK ? left : READ_CHUNK) : 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
				err, ERR_DISK, errno, _("Cannot read"));
		if (n == 0)
			return true;
		if (left == 0)
			return error_set(err, ERR_LIMIT,
				_("The file is larger than %zu bytes"),
				buf->limit);
		strbuf_grown(buf, (size_t)n);
	}
}

bool
file_read(const char *path, struct strbuf *buf, struct error *err)
{
	int fd CLEANUP(closep) = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(
			err, ERR_INVALID, errno, _("Cannot open %s"), path);
	if (!file_read_fd(fd, buf, err))
		return error_prefix(err, "%s", path);
	return true;
}

bool
file_write_all(int fd, struct slice bytes, struct error *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.data, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
				err, ERR_DISK, errno, _("Cannot write"));
		bytes = slice_skip(bytes, (size_t)n);
	}
	return true;
}

static bool
write_beside(const char *path, const char *beside, struct slice bytes,
	mode_t mode, struct error *err)
{
	int fd CLEANUP(closep) =
		open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot write %s"), beside);
	if (!file_write_all(fd, bytes, err))
		return error_prefix(err, "%s", path);
	if (fchmod(fd, mode) != 0 || fsync(fd) != 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot write %s"), path);
	return true;
}

bool
file_replace(const char *path, struct slice bytes, struct error *err)
{
	char *real CLEANUP(freep) = realpath(path, NULL);
	char *beside CLEANUP(freep) = NULL;
	struct stat st;
	mode_t mode = 0600;

	if (!real)
		real = xstrdup(path);
	else if (stat(real, &st) == 0)
		mode = st.st_mode & 07777;
	beside = xasprintf("%s.new.%ld", real, (long)getpid());
	if (!write_beside(path, beside, bytes, mode, err)) {
		unlink(beside);
		return false;
	}
	if (rename(beside, real) != 0) {
		int errnum = errno;

		unlink(beside);
		return error_set_errno(
			err, ERR_DISK, errnum, _("Cannot replace %s"), path);
	}
	return true;
}

static bool
make_one_dir(const char *path, struct error *err)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return error_set_errno(err, ERR_INVALID, errno,
		_("Cannot make the directory %s"), path);
}

bool
file_make_dir(const char *path, struct error *err)
{
	char *copy CLEANUP(freep) = xstrdup(path);

	for (char *p = copy + 1; *copy && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (!make_one_dir(copy, err))
			return false;
		*p = '/';
	}
	return make_one_dir(path, err);
}

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

char *
file_join(const char *dir, const char *name)
{
	size_t len = strlen(dir);
	const char *gap = len > 0 && dir[len - 1] == '/' ? "" : "/";

	return xasprintf("%s%s%s", dir, gap, name);
}

char *
file_expand_home(const char *path)
{
	const char *home = getenv("HOME");

	if (path[0] != '~' || (path[1] != '/' && path[1] != '\0') || !home)
		return xstrdup(path);
	return xasprintf("%s%s", home, path + 1);
}

bool
file_lock(const char *path, int *ret_fd, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot open %s"), path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		*ret_fd = fd;
		return true;
	}
	if (errno == EWOULDBLOCK) {
		close(fd);
		*ret_fd = -1;
		return true;
	}
	error_set_errno(err, ERR_DISK, errno, _("Cannot lock %s"), path);
	close(fd);
	return false;
}
