/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/opener.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "screen/mailcap.h"
#include "screen/program.h"
#include "view/link_target.h"

/* What a desktop would run instead of showing it. */
static const char *const running_types[] = { "application/x-desktop",
	"application/x-sh", "application/x-shellscript", "application/x-csh",
	"application/x-executable", "application/x-sharedlib",
	"application/x-msdownload", "application/x-msdos-program",
	"application/x-ms-dos-executable", "application/x-msi",
	"application/java-archive", "application/x-java-archive",
	"application/x-perl", "application/x-python", "application/x-bat",
	"application/hta", "application/vnd.debian.binary-package",
	"application/x-rpm", "text/x-shellscript", "text/x-python",
	"text/x-perl" };
static const char *const running_names[] = { ".desktop", ".sh", ".exe", ".com",
	".bat", ".cmd", ".msi", ".scr", ".pif", ".jar", ".py", ".pl", ".rb",
	".ps1", ".vbs", ".js", ".hta", ".lnk", ".run", ".appimage", ".deb",
	".rpm" };

static const char *const openers[] = { "xdg-open", "open" };
/* Others hand control characters on to the terminal. */
static const char *const pagers[] = { "less" };

static const struct program_run in_front = { .input = -1, .output = -1 };

/* Browsers that need the terminal. */
static const char *const text_browsers[] = { "w3m", "lynx", "links", "links2",
	"elinks", "browsh", "www-browser" };

bool
opener_directory(struct app *app, const char **ret_dir, struct error *err)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	char *path;

	if (!app->opened_dir) {
		path = xasprintf("%s/tercet-XXXXXX",
			base && *base == '/' ? base : "/tmp");
		if (!mkdtemp(path)) {
			int errnum = errno;

			error_set_errno(err, ERR_DISK, errnum,
				_("Cannot make a directory for attachments in "
				  "%s"),
				path);
			free(path);
			return false;
		}
		app->opened_dir = path;
	}
	*ret_dir = app->opened_dir;
	return true;
}

void
opener_clean(struct app *app)
{
	DIR *dir;
	struct dirent *entry;

	if (!app->opened_dir)
		return;
	dir = opendir(app->opened_dir);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 &&
			strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(app->opened_dir);
	free(app->opened_dir);
	app->opened_dir = NULL;
}

static bool
would_run(const char *type, const char *path)
{
	struct slice name = slice_str(path);

	for (size_t i = 0; i < ARRAY_LEN(running_types); i++)
		if (ascii_eq_nocase(type, running_types[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(running_names); i++) {
		size_t len = strlen(running_names[i]);

		if (name.len > len && ascii_eq_nocase(path + name.len - len,
					      running_names[i]))
			return true;
	}
	return false;
}

static bool
page_file(struct app *app, const char *path, struct error *err)
{
	const char *pager = getenv("PAGER");
	const char *found = program_find(pagers, ARRAY_LEN(pagers));
	struct argv argv = { NULL, 0 };
	int status = 0;
	bool good;

	if (pager && *pager && !argv_split(pager, &argv, err))
		return false;
	if (argv.n == 0 && !found)
		return error_set(err, ERR_INVALID,
			_("There is no pager (less) to show it"));
	if (argv.n == 0)
		argv_add(&argv, found);
	argv_add(&argv, path);
	good = program_run(app, &argv, &in_front, &status, err);
	argv_clear(&argv);
	return good;
}

/* Where mailcap files are: the user's own come before the desktop's opener,
 * the system's behind it. */
static char *
mailcap_paths(bool own)
{
	const char *named = getenv("MAILCAPS");

	if (named && *named)
		return xstrdup(own ? named : "");
	return xstrdup(own ? "~/.mailcap"
			   : "/etc/mailcap:/usr/share/etc/mailcap:"
			     "/usr/local/etc/mailcap");
}

static bool
find_in_mailcap(bool own, const char *type, const char *path,
	struct mailcap_command *ret_command)
{
	char *paths CLEANUP(freep) = mailcap_paths(own);
	struct slice rest = slice_str(paths);

	while (rest.len > 0) {
		struct error ignored CLEANUP(error_clear) = ERROR_INIT;
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };
		size_t end = slice_find(rest, ':');
		char *name CLEANUP(freep) = xmemdup0(rest.data, end);
		char *file CLEANUP(freep) = file_expand_home(name);

		rest = slice_skip(rest, end + 1);
		strbuf_init(&text, MAILCAP_BYTES_MAX);
		if (file_read(file, &text, &ignored) &&
			mailcap_find(strbuf_slice(&text), type, path,
				program_can_run, ret_command))
			return true;
	}
	return false;
}

/* Says how a program that had the terminal ended. */
static void
say_end(struct app *app, const char *program, int status)
{
	if (WIFSIGNALED(status))
		app_say(app, TONE_WARNING, _("%s was ended by signal %d"),
			program, WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		app_say(app, TONE_WARNING, _("%s failed with status %d"),
			program, WEXITSTATUS(status));
	else
		app_say(app, TONE_GOOD, _("%s has ended"), program);
}

/* What the program prints goes into a file beside the one it is about. */
static bool
page_output(struct app *app, const struct argv *argv, int input,
	const char *path, struct error *err)
{
	char *printed CLEANUP(freep) = xasprintf("%s.txt", path);
	struct program_run how = { .input = input };
	int fd CLEANUP(closep) = open(printed,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int status = 0;

	if (fd < 0)
		return error_set_errno(err, ERR_DISK, errno,
			_("Cannot make the file %s"), printed);
	how.output = fd;
	if (!program_run(app, argv, &how, &status, err))
		return false;
	if (status != 0) {
		say_end(app, argv->items[0], status);
		return true;
	}
	return page_file(app, printed, err);
}

static bool
run_mailcap(struct app *app, const struct mailcap_command *command,
	const char *path, struct error *err)
{
	int input CLEANUP(closep) = -1;
	struct program_run how = { .output = -1 };
	int status = 0;

	if (command->reads_input &&
		(input = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot read %s"), path);
	how.input = input;
	if (command->prints)
		return page_output(app, &command->argv, input, path, err);
	if (command->needs_terminal || !program_has_desktop()) {
		if (!program_run(app, &command->argv, &how, &status, err))
			return false;
		say_end(app, command->argv.items[0], status);
		return true;
	}
	if (!program_start(app, &command->argv, input, err))
		return false;
	app_say(app, TONE_GOOD, _("Opening %s"), path);
	return true;
}

static bool
open_on_desktop(struct app *app, const char *opener, const char *path,
	struct error *err)
{
	struct argv argv = { NULL, 0 };
	bool started;

	argv_add(&argv, opener);
	argv_add(&argv, path);
	started = program_start(app, &argv, -1, err);
	argv_clear(&argv);
	if (started)
		app_say(app, TONE_GOOD, _("Opening %s"), path);
	return started;
}

bool
opener_open_file(
	struct app *app, const char *type, const char *path, struct error *err)
{
	const char *opener = program_find(openers, ARRAY_LEN(openers));
	bool on_desktop = opener && program_has_desktop();
	struct mailcap_command command CLEANUP(
		mailcap_command_clear) = { .reads_input = false };

	if (would_run(type, path))
		return error_set(err, ERR_INVALID,
			_("This attachment is a program and is not opened; "
			  "save it if you trust it"));
	if (find_in_mailcap(true, type, path, &command) ||
		(!on_desktop && find_in_mailcap(false, type, path, &command)))
		return run_mailcap(app, &command, path, err);
	if (on_desktop)
		return open_on_desktop(app, opener, path, err);
	if (slice_starts(slice_str(type), SLICE("text/")))
		return page_file(app, path, err);
	return error_set(err, ERR_INVALID,
		_("There is no desktop here to open it, and no mailcap file "
		  "names a program for %s; save it instead"),
		type);
}

char *
opener_plain_name(const char *name)
{
	char *plain = xstrdup(name);

	for (char *c = plain; *c; c++)
		if ((unsigned char)*c < 0x80 && !ascii_is_alnum(*c) &&
			!strchr("-_.+", *c))
			*c = '_';
	return plain;
}

/* The words of the first command of $BROWSER ("firefox %s:w3m") that is
 * installed, with the link in them; false when there is none. */
static bool
find_browser(const char *url, struct argv *ret_argv)
{
	const char *browser = getenv("BROWSER");
	struct slice rest = slice_str(browser ? browser : "");

	while (rest.len > 0) {
		struct error ignored CLEANUP(error_clear) = ERROR_INIT;
		size_t end = slice_find(rest, ':');
		char *line CLEANUP(freep) = xmemdup0(rest.data, end);
		bool placed = false;

		rest = slice_skip(rest, end + 1);
		*ret_argv = (struct argv){ NULL, 0 };
		if (!argv_split(line, ret_argv, &ignored))
			continue;
		if (!program_can_run(ret_argv->items[0])) {
			argv_clear(ret_argv);
			continue;
		}
		for (size_t i = 1; i < ret_argv->n; i++)
			if (strcmp(ret_argv->items[i], "%s") == 0) {
				str_replace(&ret_argv->items[i], url);
				placed = true;
			}
		if (!placed)
			argv_add(ret_argv, url);
		return true;
	}
	return false;
}

static bool
is_text_browser(const char *program)
{
	const char *name = strrchr(program, '/');

	name = name ? name + 1 : program;
	for (size_t i = 0; i < ARRAY_LEN(text_browsers); i++)
		if (strcmp(name, text_browsers[i]) == 0)
			return true;
	return false;
}

/* The user's own browser; on the terminal where it needs that. */
static bool
browse(struct app *app, const struct argv *argv, struct error *err)
{
	int status = 0;

	if (program_has_desktop() && !is_text_browser(argv->items[0]))
		return program_start(app, argv, -1, err);
	return program_run(app, argv, &in_front, &status, err);
}

bool
opener_open_link(struct app *app, const char *url, struct error *err)
{
	const char *opener = program_find(openers, ARRAY_LEN(openers));
	struct argv argv = { NULL, 0 };
	struct link_target target;
	bool good = true;

	link_look(url, &target);
	if (target.refused)
		return error_set(err, ERR_INVALID, "%s", target.refused);
	if (!target.is_mail && find_browser(url, &argv)) {
		good = browse(app, &argv, err);
	} else if (opener && program_has_desktop()) {
		argv_add(&argv, opener);
		argv_add(&argv, url);
		good = program_start(app, &argv, -1, err);
	} else {
		good = error_set(err, ERR_INVALID,
			_("There is no desktop here to open it, and BROWSER "
			  "names no program: %s"),
			url);
	}
	argv_clear(&argv);
	if (good)
		app_say(app, TONE_GOOD, _("Opening %s"), url);
	return good;
}

bool
opener_browse_file(struct app *app, const char *path, struct error *err)
{
	const char *opener = program_find(openers, ARRAY_LEN(openers));
	struct argv argv = { NULL, 0 };
	bool good;

	if (find_browser(path, &argv)) {
		good = browse(app, &argv, err);
	} else if (opener && program_has_desktop()) {
		argv_add(&argv, opener);
		argv_add(&argv, path);
		good = program_start(app, &argv, -1, err);
	} else {
		good = error_set(err, ERR_INVALID,
			_("There is no desktop here to open it, and BROWSER "
			  "names no program"));
	}
	argv_clear(&argv);
	if (good)
		app_say(app, TONE_GOOD, _("Opening %s"), path);
	return good;
}

bool
opener_pipe(struct app *app, const char *command, int input, struct error *err)
{
	struct argv argv = { NULL, 0 };
	int status = 0;
	bool good;

	if (!argv_split(command, &argv, err))
		return false;
	good = program_run(app, &argv,
		&(struct program_run){
			.input = input, .output = -1, .pause = true },
		&status, err);
	if (good)
		say_end(app, argv.items[0], status);
	argv_clear(&argv);
	return good;
}
