/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/program.h"

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
#include "base/gettext.h"
#include "base/mem.h"
#include "term/term.h"

extern char **environ;

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

bool
program_can_run(const char *program)
{
	return strchr(program, '/') ? access(program, X_OK) == 0
				    : is_installed(program);
}

const char *
program_find(const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_installed(names[i]))
			return names[i];
	return NULL;
}

bool
program_has_desktop(void)
{
	return getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
}

/* Where a program's standard streams lead. */
struct streams {
	int input; /* -1: as the interface has them */
	int output;
	bool beside; /* a session of its own, and what is not said is nothing */
};

static void
add_streams(posix_spawn_file_actions_t *actions, const struct streams *streams)
{
	if (streams->input >= 0)
		posix_spawn_file_actions_adddup2(actions, streams->input, 0);
	else if (streams->beside)
		posix_spawn_file_actions_addopen(
			actions, 0, "/dev/null", O_RDONLY, 0);
	if (streams->output >= 0)
		posix_spawn_file_actions_adddup2(actions, streams->output, 1);
	else if (streams->beside)
		posix_spawn_file_actions_addopen(
			actions, 1, "/dev/null", O_WRONLY, 0);
	if (streams->beside)
		posix_spawn_file_actions_adddup2(actions, 1, 2);
	posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

static bool
start(const struct argv *argv, const struct streams *streams, pid_t *ret_pid,
	struct error *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	sigset_t set;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	add_streams(&actions, streams);
	if (streams->beside)
		flags |= POSIX_SPAWN_SETSID;
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

int
program_exit_status(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 128 + (WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

bool
program_run(struct app *app, const struct argv *argv,
	const struct program_run *how, int *ret_status, struct error *err)
{
	struct streams streams = { how->input, how->output, false };
	pid_t pid = 0;

	if (!app->terminal)
		return error_set(err, ERR_INVALID, _("There is no terminal"));
	terminal_suspend(app->terminal);
	if (!start(argv, &streams, &pid, err)) {
		terminal_resume(app->terminal);
		return false;
	}
	*ret_status = wait_for(pid);
	if (how->pause)
		wait_for_enter();
	drop_signals();
	terminal_resume(app->terminal);
	app->wants_redraw = true;
	return true;
}

bool
program_start(
	struct app *app, const struct argv *argv, int input, struct error *err)
{
	struct streams streams = { input, -1, true };
	pid_t pid = 0;
	bool started = start(argv, &streams, &pid, err);

	if (started && app->n_children < APP_CHILDREN_MAX)
		app->children[app->n_children++] = (int)pid;
	return started;
}

void
program_reap(struct app *app)
{
	int kept = 0;

	for (int i = 0; i < app->n_children; i++)
		if (waitpid(app->children[i], NULL, WNOHANG) == 0)
			app->children[kept++] = app->children[i];
	app->n_children = kept;
}
