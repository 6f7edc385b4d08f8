/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/damage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/private.h"

enum {
	NOTE_MAX = 4096,
	/* Every connection to a file in WAL mode holds a shared lock on these
	 * bytes of it (sqlite3's os_unix.c). */
	SHARED_FIRST = 0x40000002,
	SHARED_BYTES = 510,
};

static const char database_name[] = "/store.db";
static const char note_name[] = "store.damaged";
static const char recovery_name[] = "store.recovered";

void
damage_note(sqlite3 *db)
{
	struct slice path = slice_str(sqlite3_db_filename(db, "main"));
	size_t name = sizeof(database_name) - 1;
	char *note CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;

	if (path.len < name || !slice_eq(slice_skip(path, path.len - name),
				       slice_str(database_name)))
		return;
	note = xasprintf(
		"%.*s/%s", (int)(path.len - name), path.data, note_name);
	fd = open(note, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		0600);
	if (fd >= 0)
		log_error("store", "the mail store is damaged; the next start "
				   "sets it aside");
}

bool
damage_is_noted(const struct store_home *home)
{
	char *note CLEANUP(freep) = file_join(home->dir, note_name);

	return file_exists(note);
}

/* ---- setting aside ---- */

/* Opens the note and waits for whoever else is at work here.  `*ret_fd` is -1
 * when he has done it all. */
static bool
lock_note(const struct store_home *home, int *ret_fd, struct error *err)
{
	char *path CLEANUP(freep) = file_join(home->dir, note_name);
	struct stat locked;
	struct stat there;
	int fd CLEANUP(closep) =
		open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	*ret_fd = -1;
	if (fd < 0 || flock(fd, LOCK_EX) != 0 || fstat(fd, &locked) != 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot write %s"), path);
	if (stat(path, &there) != 0 || there.st_ino != locked.st_ino)
		return true;
	*ret_fd = fd;
	fd = -1;
	return true;
}

/* Whether another process has the database open.  In this one nobody has. */
static bool
is_in_use(const char *path)
{
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = SHARED_FIRST,
		.l_len = SHARED_BYTES,
	};
	int fd CLEANUP(closep) = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	return fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 &&
	       lock.l_type != F_UNLCK;
}

/* The name it is to have, from the note, where there is one. */
static bool
read_name(int note, char **ret_name, struct error *err)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, NOTE_MAX);
	if (lseek(note, 0, SEEK_SET) != 0 || !file_read_fd(note, &text, err))
		return false;
	/* It was written by this program, but is a file all the same. */
	if (text.len > 0 && !memchr(text.data, '/', text.len))
		*ret_name = xmemdup0(text.data, text.len);
	return true;
}

static bool
choose_name(const struct store_home *home, int note, char **ret_name,
	struct error *err)
{
	long long now = (long long)clock_wall_s();
	bool taken = true;

	while (taken) {
		char *name CLEANUP(freep) =
			xasprintf("store.db.damaged-%lld", now++);
		char *path CLEANUP(freep) = file_join(home->dir, name);

		taken = file_exists(path);
		if (!taken)
			*ret_name = STEAL(name);
	}
	if (!file_write_all(note, slice_str(*ret_name), err))
		return false;
	return fsync(note) == 0 ||
	       error_set_errno(err, ERR_DISK, errno,
		       _("Cannot set the damaged store %s aside"), home->path);
}

/* Whole, with the log that belongs to it.  The database goes last: once it has
 * its new name, everything has. */
static bool
move(const struct store_home *home, const char *aside, struct error *err)
{
	static const char *const suffixes[] = { "-shm", "-wal", "" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		char *from CLEANUP(freep) =
			xasprintf("%s%s", home->path, suffixes[i]);
		char *to CLEANUP(freep) = xasprintf("%s%s", aside, suffixes[i]);

		if (rename(from, to) != 0 && errno != ENOENT)
			return error_set_errno(err, ERR_DISK, errno,
				_("Cannot set the damaged store %s aside"),
				home->path);
	}
	log_error("store", "a damaged store was set aside: %s", aside);
	return true;
}

bool
damage_set_aside(struct store_home *home, char **ret_aside, int *ret_note,
	struct error *err)
{
	char *name CLEANUP(freep) = NULL;
	char *aside CLEANUP(freep) = NULL;
	int note CLEANUP(closep) = -1;

	*ret_aside = NULL;
	if (!lock_note(home, &note, err))
		return false;
	if (note < 0)
		return true;
	if (!read_name(note, &name, err))
		return false;
	if (!name && is_in_use(home->path)) {
		log_warning("store", "the damaged store is in use");
		return true;
	}
	if (!name && !choose_name(home, note, &name, err))
		return false;
	aside = file_join(home->dir, name);
	if (!file_exists(aside) && !move(home, aside, err))
		return false;
	*ret_aside = STEAL(aside);
	*ret_note = note;
	note = -1;
	return true;
}

/* ---- what came of it ---- */

bool
damage_settle(const struct store_home *home,
	const struct store_recovery *recovery, struct error *err)
{
	char *path CLEANUP(freep) = file_join(home->dir, recovery_name);
	char *note CLEANUP(freep) = file_join(home->dir, note_name);
	char *text CLEANUP(freep) = xasprintf("%llu %llu %llu %s\n",
		(unsigned long long)recovery->recovered,
		(unsigned long long)recovery->in_part,
		(unsigned long long)recovery->lost, recovery->aside);

	if (!file_replace(path, slice_str(text), err))
		return false;
	if (unlink(note) != 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot remove %s"), note);
	return true;
}

void
store_recovery_clear(struct store_recovery *recovery)
{
	free(recovery->aside);
	*recovery = (struct store_recovery){ 0 };
}

/* Up to the next blank. */
static bool
take_number(struct slice *text, uint64_t *ret)
{
	size_t n = 0;

	while (n < text->len && ascii_is_digit(text->data[n]))
		n++;
	if (!ascii_parse_u64(text->data, n, UINT64_MAX, ret) ||
		n == text->len || text->data[n] != ' ')
		return false;
	*text = slice_skip(*text, n + 1);
	return true;
}

enum found
store_home_recovery(const struct store_home *home,
	struct store_recovery *ret_recovery, struct error *err)
{
	char *path CLEANUP(freep) = file_join(home->dir, recovery_name);
	struct store_recovery it CLEANUP(store_recovery_clear) = { 0 };
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };
	struct slice text;

	if (!file_exists(path))
		return NOT_FOUND;
	strbuf_init(&buf, NOTE_MAX);
	if (!file_read(path, &buf, err))
		return FOUND_ERROR;
	text = strbuf_slice(&buf);
	if (!take_number(&text, &it.recovered) ||
		!take_number(&text, &it.in_part) ||
		!take_number(&text, &it.lost))
		return NOT_FOUND;
	text = slice_trim(text);
	it.aside = xmemdup0(text.data ? text.data : "", text.len);
	/* Once it was looked at and deleted, there is nothing more to say. */
	if (!file_exists(it.aside))
		return NOT_FOUND;
	it.fresh = home->recovered;
	*ret_recovery = it;
	it = (struct store_recovery){ 0 };
	return FOUND;
}

char *
store_recovery_text(const struct store_recovery *it)
{
	unsigned long long n = it->recovered;
	unsigned long long bad = it->in_part + it->lost;
	char *kept CLEANUP(freep) = NULL;
	char *rest CLEANUP(freep) = NULL;

	if (n == 0)
		kept = xasprintf(_("The mail store was damaged and is kept as "
				   "%s; no whole message that was only there "
				   "could be found in it."),
			it->aside);
	else
		kept = xasprintf(P_("The mail store was damaged and is kept as "
				    "%s; %llu message that was only there was "
				    "recovered.",
					 "The mail store was damaged and is "
					 "kept as %s; %llu messages that were "
					 "only there were recovered.",
					 (unsigned long)n),
			it->aside, n);
	if (bad == 0)
		return STEAL(kept);
	rest = xasprintf(
		P_("%llu more could not be read, or only in part.",
			"%llu more could not be read, or only in part.",
			(unsigned long)bad),
		bad);
	return xasprintf("%s %s", kept, rest);
}
