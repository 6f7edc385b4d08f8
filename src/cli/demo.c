/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "cli/demo_date.h"
#include "mime/header.h"
#include "mime/mbox.h"
#include "store/account.h"
#include "store/folder.h"
#include "sync/ingest.h"

enum { MESSAGE_LIMIT = 4 * 1024 * 1024, NEWEST_AGE_S = 7 * 60 };

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/*
 * What a signal handler needs to remove the directory: its files by name,
 * since nothing else may be asked there.  One sample mailbox at a time.
 */
static struct {
	char path[PATH_MAX];
	volatile sig_atomic_t dir_fd; /* 0: there is none */
	struct sigaction old[ARRAY_LEN(ending)];
} rescue;

/* Bytes of a file of the sample mailbox, linked into the program. */
#define EMBED(name, file)                                                      \
	__asm__(".section .rodata\n"                                           \
		".balign 8\n" #name "_start:\n"                                \
		".incbin \"" DEMO_DIR "/" file "\"\n" #name "_end:\n"          \
		".byte 0\n"                                                    \
		".previous\n");                                                \
	extern const char name##_start[];                                      \
	extern const char name##_end[]

EMBED(demo_folders, "folders.txt");
EMBED(demo_inbox, "inbox.mbox");
EMBED(demo_archive, "archive.mbox");
EMBED(demo_drafts, "drafts.mbox");
EMBED(demo_sent, "sent.mbox");
EMBED(demo_junk, "junk.mbox");
EMBED(demo_trash, "trash.mbox");
EMBED(demo_choir, "lists-choir.mbox");
EMBED(demo_git, "lists-git.mbox");

static const struct demo_file {
	const char *name;
	const char *start;
	const char *end;
} demo_files[] = {
	{ "inbox.mbox", demo_inbox_start, demo_inbox_end },
	{ "archive.mbox", demo_archive_start, demo_archive_end },
	{ "drafts.mbox", demo_drafts_start, demo_drafts_end },
	{ "sent.mbox", demo_sent_start, demo_sent_end },
	{ "junk.mbox", demo_junk_start, demo_junk_end },
	{ "trash.mbox", demo_trash_start, demo_trash_end },
	{ "lists-choir.mbox", demo_choir_start, demo_choir_end },
	{ "lists-git.mbox", demo_git_start, demo_git_end },
};

static struct slice
find_file(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(demo_files); i++) {
		const struct demo_file *file = &demo_files[i];

		if (slice_eq(name, slice_str(file->name)))
			return slice_make(
				file->start, (size_t)(file->end - file->start));
	}
	return slice_make(NULL, 0);
}

/* Status, X-Status and X-Keywords, as mbox files carry flags. */
static void
read_flags(struct slice message, struct flags *flags)
{
	struct slice value;

	if (header_find(message, SLICE("Status"), &value) &&
		slice_find(value, 'R') < value.len)
		flags->bits |= FLAG_SEEN;
	if (header_find(message, SLICE("X-Status"), &value)) {
		if (slice_find(value, 'A') < value.len)
			flags->bits |= FLAG_ANSWERED;
		if (slice_find(value, 'F') < value.len)
			flags->bits |= FLAG_FLAGGED;
		if (slice_find(value, 'T') < value.len)
			flags->bits |= FLAG_DRAFT;
		if (slice_find(value, 'D') < value.len)
			flags->bits |= FLAG_DELETED;
	}
	if (!header_find(message, SLICE("X-Keywords"), &value))
		return;
	for (value = slice_trim(value); value.len > 0;
		value = slice_trim(value)) {
		size_t len = slice_find(value, ' ');

		flags_add(flags, slice_head(value, len));
		value = slice_skip(value, len);
	}
}

/* What moves the newest date to a little before now. */
static int64_t
find_shift(void)
{
	int64_t newest = 0;

	for (size_t i = 0; i < ARRAY_LEN(demo_files); i++) {
		struct slice mbox = find_file(slice_str(demo_files[i].name));
		struct slice message;

		while (mbox_next(&mbox, &message)) {
			int64_t date = demo_date_of(message);

			if (date > newest)
				newest = date;
		}
	}
	return clock_wall_s() - NEWEST_AGE_S - newest;
}

static bool
fill_folder(struct store *store, int64_t account, int64_t folder,
	struct slice mbox, int64_t shift_s, struct error *err)
{
	struct slice quoted;

	while (mbox_next(&mbox, &quoted)) {
		struct strbuf written CLEANUP(strbuf_clear) = { 0 };
		struct strbuf message CLEANUP(strbuf_clear) = { 0 };
		struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
		int64_t id;

		strbuf_init(&written, MESSAGE_LIMIT);
		strbuf_init(&message, MESSAGE_LIMIT);
		if (!mbox_unquote(quoted, &written))
			return error_set(err, ERR_LIMIT,
				_("A sample message is too long"));
		demo_date_shift(strbuf_slice(&written), shift_s, &message);
		read_flags(strbuf_slice(&message), &flags);
		if (!ingest_whole(store, account, folder,
			    strbuf_slice(&message), &flags, 0, &id, err))
			return false;
	}
	return true;
}

static bool
make_folder(struct store *store, int64_t account, struct slice name,
	enum folder_role role, int64_t *ret_id, struct error *err)
{
	char *text CLEANUP(freep) = xmemdup0(name.data, name.len);
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_sync sync = { .state = FOLDER_COMPLETE };
	struct folder_listing listing = {
		.name = text,
		.delimiter = '/',
		.role = role,
		.selectable = true,
		.subscribed = true,
		.server_total = -1,
		.server_unread = -1,
	};

	return transaction_begin(store, &tx, err) &&
	       folder_save_listing(
		       store, account, &listing, ret_id, NULL, err) &&
	       folder_save_sync(store, *ret_id, &sync, err) &&
	       transaction_commit(&tx, err);
}

/* "file<TAB>folder<TAB>role" a line; '#' begins a comment. */
static bool
fill_folders(struct store *store, int64_t account, struct error *err)
{
	struct slice table = slice_make(demo_folders_start,
		(size_t)(demo_folders_end - demo_folders_start));
	int64_t shift_s = find_shift();
	struct slice line;

	while (slice_next_line(&table, &line)) {
		struct slice file = slice_head(line, slice_find(line, '\t'));
		struct slice rest = slice_skip(line, file.len + 1);
		struct slice name = slice_head(rest, slice_find(rest, '\t'));
		struct slice role = slice_skip(rest, name.len + 1);
		int64_t folder;

		if (line.len == 0 || line.data[0] == '#')
			continue;
		if (!make_folder(store, account, name, role_from_name(role),
			    &folder, err) ||
			!fill_folder(store, account, folder, find_file(file),
				shift_s, err))
			return false;
	}
	return true;
}

static bool
fill_store(struct store *store, const char *account, struct error *err)
{
	int64_t id;

	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(store, &tx, err) ||
			!account_ensure(store, account, &id, err) ||
			!account_save_state(
				store, id, ACCOUNT_ONLINE, NULL, err) ||
			!transaction_commit(&tx, err))
			return false;
	}
	return fill_folders(store, id, err) &&
	       ingest_link(store, id, 0, NULL, NULL, NULL, err) &&
	       ingest_index(store, id, NULL, NULL, NULL, err);
}

bool
demo_fill(struct store_home *home, const char *account, struct error *err)
{
	struct store *store;
	bool ok;

	if (!store_open(home, STORE_TOOL, &store, err))
		return false;
	ok = fill_store(store, account, err);
	store_close(store);
	return ok;
}

static bool
make_config(struct config **ret_config, struct error *err)
{
	static const char text[] = "[general]\n"
				   "trust-auth-results = mx.example.org\n"
				   "[account demo]\n"
				   "name = Robin Hale\n"
				   "address = robin@example.org\n"
				   "protocol = local\n";

	return config_parse(text, sizeof(text) - 1, "demo", ret_config, err);
}

void
demo_remove_now(void)
{
	static const char *const names[] = { "store.db", "store.db-wal",
		"store.db-shm", "store.db-journal", "index.db", "index.db-wal",
		"index.db-shm", "index.db-journal", "engine.lock",
		"engine.sock" };

	for (size_t i = 0; rescue.dir_fd > 0 && i < ARRAY_LEN(names); i++)
		unlinkat(rescue.dir_fd, names[i], 0);
	if (rescue.dir_fd > 0)
		rmdir(rescue.path);
}

static void
remove_and_end(int sig)
{
	struct sigaction fatal = { .sa_handler = SIG_DFL };

	demo_remove_now();
	/* It comes again, and ends the process, once this returns. */
	sigemptyset(&fatal.sa_mask);
	sigaction(sig, &fatal, NULL);
	raise(sig);
}

/* The directory goes when a signal ends the process, too. */
static void
rescue_begin(const char *path)
{
	struct sigaction action = { .sa_handler = remove_and_end };
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || rescue.dir_fd > 0 ||
		snprintf(rescue.path, sizeof(rescue.path), "%s", path) >=
			(int)sizeof(rescue.path)) {
		closep(&fd);
		return;
	}
	rescue.dir_fd = fd;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		sigaddset(&action.sa_mask, ending[i]);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++) {
		sigaction(ending[i], NULL, &rescue.old[i]);
		/* What is ignored stays so, as nohup wants it. */
		if (rescue.old[i].sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
}

static void
rescue_end(void)
{
	int fd = rescue.dir_fd;

	if (fd <= 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		sigaction(ending[i], &rescue.old[i], NULL);
	rescue.dir_fd = 0;
	close(fd);
}

/* No signal comes between the directory and its rescue. */
static bool
make_dir(char *pattern)
{
	sigset_t set;
	sigset_t before;
	bool ok;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(ending); i++)
		sigaddset(&set, ending[i]);
	sigprocmask(SIG_BLOCK, &set, &before);
	ok = mkdtemp(pattern) != NULL;
	if (ok)
		rescue_begin(pattern);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ok;
}

bool
demo_make(struct demo *ret_demo, struct error *err)
{
	const char *base = getenv("TMPDIR");
	struct demo demo = { 0 };

	demo.dir = file_join(
		base && base[0] == '/' ? base : "/tmp", "tercet-demo-XXXXXX");
	if (!make_dir(demo.dir)) {
		error_set_errno(err, ERR_DISK, errno,
			_("Cannot make a directory for the sample mailbox"));
		free(demo.dir);
		return false;
	}
	if (!make_config(&demo.config, err) ||
		!store_home_open(demo.dir, false, &demo.home, err) ||
		!demo_fill(demo.home, "demo", err)) {
		demo_clear(&demo);
		return false;
	}
	*ret_demo = demo;
	return true;
}

/* The directory is ours and holds plain files only. */
static void
remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(path);
}

void
demo_clear(struct demo *demo)
{
	store_home_close(demo->home);
	config_unref(demo->config);
	if (demo->dir)
		remove_dir(demo->dir);
	rescue_end();
	free(demo->dir);
	*demo = (struct demo){ 0 };
}
