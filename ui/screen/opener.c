/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/opener.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "term/term.h"
#include "view/link_target.h"

extern char **environ;

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
static const char *const pagers[] = { "less", "more" };

/* Browsers that need the terminal. */
static const char *const text_browsers[] = { "w3m", "lynx", "links", "links2",
	"elinks", "browsh", "www-browser" };

/* Whether a program of that name is in PATH. */
static bool
is_installed(const char *name)
{
	const char *path = getenv("PATH");
	struct slice rest = slice_str(path ? path : "/usr/bin:/bin");

	while (rest.len > 0) {
		size_t end = slice_find(rest, ':');
		char *full CLEANUP(freep) =
			xasprintf("%.*s/%s", (int)end, rest.data, name);

		if (end > 0 && access(full, X_OK) == 0)
			return true;
		rest = slice_skip(rest, end + 1);
	}
	return false;
}

/* By its path, or by its name in PATH. */
static bool
can_run(const char *program)
{
	return strchr(program, '/') ? access(program, X_OK) == 0
				    : is_installed(program);
}

static const char *
find_program(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_installed(names[i]))
			return names[i];
	return NULL;
}

/*
 * Starts a program with the given standard input; beside the interface it
 * gets a session of its own and no terminal.
 */
static bool
start(const struct argv *argv, int input, bool beside, pid_t *ret_pid,
	struct error *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t set;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	if (beside) {
		posix_spawn_file_actions_addopen(
			&actions, 0, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_addopen(
			&actions, 1, "/dev/null", O_WRONLY, 0);
		posix_spawn_file_actions_adddup2(&actions, 1, 2);
		flags |= POSIX_SPAWN_SETSID;
	} else if (input >= 0) {
		posix_spawn_file_actions_adddup2(&actions, input, 0);
	}
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigfillset(&set);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawnattr_setflags(&attr, flags);
	status = posix_spawnp(
		ret_pid, argv->items[0], &actions, &attr, argv->items, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (status != 0)
		return error_set_errno(err, ERR_INVALID, status,
			_("Cannot run %s"), argv->items[0]);
	return true;
}

static bool
start_beside(struct app *app, const struct argv *argv, struct error *err)
{
	pid_t pid = 0;
	bool started = start(argv, -1, true, &pid, err);

	if (started && app->n_children < APP_CHILDREN_MAX)
		app->children[app->n_children++] = (int)pid;
	return started;
}

void
opener_reap(struct app *app)
{
	int kept = 0;

	for (int i = 0; i < app->n_children; i++)
		if (waitpid(app->children[i], NULL, WNOHANG) == 0)
			app->children[kept++] = app->children[i];
	app->n_children = kept;
}

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
has_desktop(void)
{
	return getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
}

/* Ctrl-C and Ctrl-Z were meant for the program. */
static void
drop_signals(void)
{
	static const int typed[] = { SIGINT, SIGTSTP };
	static const struct timespec at_once = { 0, 0 };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(typed); i++)
		sigaddset(&set, typed[i]);
	while (sigtimedwait(&set, NULL, &at_once) > 0)
		;
}

/* There is no shell to take the terminal when it stops: it goes on. */
static int
wait_for(pid_t pid)
{
	int status = 0;

	for (;;) {
		pid_t got = waitpid(pid, &status, WUNTRACED);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || !WIFSTOPPED(status))
			return status;
		kill(pid, SIGCONT);
	}
}

static void
wait_for_enter(void)
{
	char c = 0;

	fputs(_("\n[Enter goes back to tercet] "), stdout);
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		;
}

/* Gives the terminal to a program until it ends; `input` -1: the terminal is
 * its standard input too. */
static bool
run_in_terminal(struct app *app, const struct argv *argv, int input, bool pause,
	int *ret_status, struct error *err)
{
	pid_t pid = 0;

	if (!app->terminal)
		return error_set(err, ERR_INVALID, _("There is no terminal"));
	terminal_suspend(app->terminal);
	if (!start(argv, input, false, &pid, err)) {
		terminal_resume(app->terminal);
		return false;
	}
	*ret_status = wait_for(pid);
	if (pause)
		wait_for_enter();
	drop_signals();
	terminal_resume(app->terminal);
	app->wants_redraw = true;
	return true;
}

static bool
page_file(struct app *app, const char *path, struct error *err)
{
	const char *pager = getenv("PAGER");
	const char *found = find_program(pagers, ARRAY_LEN(pagers));
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
	good = run_in_terminal(app, &argv, -1, false, &status, err);
	argv_clear(&argv);
	return good;
}

bool
opener_open_file(
	struct app *app, const char *type, const char *path, struct error *err)
{
	const char *opener = find_program(openers, ARRAY_LEN(openers));

	if (would_run(type, path))
		return error_set(err, ERR_INVALID,
			_("This attachment is a program and is not opened; "
			  "save it if you trust it"));
	if (opener && has_desktop()) {
		struct argv argv = { NULL, 0 };
		bool started;

		argv_add(&argv, opener);
		argv_add(&argv, path);
		started = start_beside(app, &argv, err);
		argv_clear(&argv);
		if (!started)
			return false;
		app_say(app, TONE_GOOD, _("Opening %s"), path);
		return true;
	}
	if (slice_starts(slice_str(type), SLICE("text/")))
		return page_file(app, path, err);
	return error_set(err, ERR_INVALID,
		_("There is no desktop here to open it (%s); save it instead"),
		type);
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
		if (!can_run(ret_argv->items[0])) {
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

	if (has_desktop() && !is_text_browser(argv->items[0]))
		return start_beside(app, argv, err);
	return run_in_terminal(app, argv, -1, false, &status, err);
}

bool
opener_open_link(struct app *app, const char *url, struct error *err)
{
	const char *opener = find_program(openers, ARRAY_LEN(openers));
	struct argv argv = { NULL, 0 };
	struct link_target target;
	bool good = true;

	link_look(url, &target);
	if (target.refused)
		return error_set(err, ERR_INVALID, "%s", target.refused);
	if (!target.is_mail && find_browser(url, &argv)) {
		good = browse(app, &argv, err);
	} else if (opener && has_desktop()) {
		argv_add(&argv, opener);
		argv_add(&argv, url);
		good = start_beside(app, &argv, err);
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
opener_pipe(struct app *app, const char *command, int input, struct error *err)
{
	struct argv argv = { NULL, 0 };
	int status = 0;
	bool good;

	if (!argv_split(command, &argv, err))
		return false;
	good = run_in_terminal(app, &argv, input, true, &status, err);
	if (good && WIFSIGNALED(status))
		app_say(app, TONE_WARNING, _("%s was ended by signal %d"),
			argv.items[0], WTERMSIG(status));
	else if (good && WEXITSTATUS(status) != 0)
		app_say(app, TONE_WARNING, _("%s failed with status %d"),
			argv.items[0], WEXITSTATUS(status));
	else if (good)
		app_say(app, TONE_GOOD, _("%s has ended"), argv.items[0]);
	argv_clear(&argv);
	return good;
}
