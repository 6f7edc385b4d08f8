/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"

enum {
	ERRORS_LIMIT = 4096,
	WORD_LIMIT = 64 * 1024,
	WORDS_LIMIT = 1024,
	READ_CHUNK = 4096,
	REAP_MS = 20,
	SECRET_ROOM = 64 * 1024,
};

extern char **environ;

void
argv_add(struct argv *argv, const char *word)
{
	argv->items =
		xreallocarray(argv->items, argv->n + 2, sizeof(*argv->items));
	argv->items[argv->n++] = xstrdup(word);
	argv->items[argv->n] = NULL;
}

void
argv_clear(struct argv *argv)
{
	for (size_t i = 0; i < argv->n; i++)
		free(argv->items[i]);
	free(argv->items);
	*argv = (struct argv){ 0 };
}

/* Reads one word; `*line` is left behind it.  False for an open quote. */
static bool
split_word(const char **line, struct strbuf *word)
{
	const char *p = *line;
	char quote = '\0';

	for (; *p && (quote || !ascii_is_space(*p)); p++) {
		if (quote && *p == quote)
			quote = '\0';
		else if (!quote && (*p == '\'' || *p == '"'))
			quote = *p;
		else if (*p == '\\' && quote != '\'' && p[1])
			strbuf_add_char(word, *++p);
		else
			strbuf_add_char(word, *p);
	}
	*line = p;
	return quote == '\0';
}

bool
argv_split(const char *line, struct argv *ret_argv, struct error *err)
{
	struct argv argv CLEANUP(argv_clear) = { 0 };
	struct strbuf word CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&word, WORD_LIMIT);
	for (;;) {
		while (ascii_is_space(*line))
			line++;
		if (!*line)
			break;
		strbuf_reset(&word);
		if (!split_word(&line, &word))
			return error_set(err, ERR_INVALID,
				_("A quote is not closed in this command"));
		if (word.full || argv.n >= WORDS_LIMIT)
			return error_set(
				err, ERR_LIMIT, _("The command is too long"));
		argv_add(&argv, word.data);
	}
	if (argv.n == 0)
		return error_set(err, ERR_INVALID, _("The command is empty"));
	*ret_argv = argv;
	argv = (struct argv){ 0 };
	return true;
}

struct child {
	pid_t pid;
	int in;
	int out;
	int errs;
};

static void
close_pipe(int ends[2])
{
	closep(&ends[0]);
	closep(&ends[1]);
}

static int
start_with(const struct argv *argv, int pipes[3][2], pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	sigset_t defaults;
	int failed;

	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGTERM);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF |
						POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[0][0], 0);
	posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 1);
	posix_spawn_file_actions_adddup2(&actions, pipes[2][1], 2);
	failed = posix_spawnp(
		ret_pid, argv->items[0], &actions, &attr, argv->items, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return failed;
}

static bool
child_start(const struct argv *argv, struct child *ret_child, struct error *err)
{
	int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	int failed = 0;
	pid_t pid = -1;

	for (int i = 0; i < 3 && !failed; i++)
		failed = pipe2(pipes[i], O_CLOEXEC) ? errno : 0;
	if (!failed)
		failed = start_with(argv, pipes, &pid);
	if (failed) {
		for (int i = 0; i < 3; i++)
			close_pipe(pipes[i]);
		return error_set_errno(err, ERR_INVALID, failed,
			_("Cannot run %s"), argv->items[0]);
	}
	close(pipes[0][0]);
	close(pipes[1][1]);
	close(pipes[2][1]);
	fcntl(pipes[0][1], F_SETFL, O_NONBLOCK);
	*ret_child = (struct child){
		.pid = pid,
		.in = pipes[0][1],
		.out = pipes[1][0],
		.errs = pipes[2][0],
	};
	return true;
}

static void
close_now(int *fd)
{
	closep(fd);
	*fd = -1;
}

/* One read; closes at the end.  False past the limit. */
static bool
drain(int *fd, struct strbuf *to, bool keep_to_limit)
{
	char chunk[READ_CHUNK];
	ssize_t n = read(*fd, chunk, sizeof(chunk));
	bool taken;

	if (n <= 0) {
		if (n == 0 || errno != EINTR)
			close_now(fd);
		return true;
	}
	if (keep_to_limit && (size_t)n > to->limit - to->len)
		n = (ssize_t)(to->limit - to->len);
	taken = strbuf_add(to, chunk, (size_t)n);
	explicit_bzero(chunk, (size_t)n); /* may be a secret */
	return taken;
}

static void
feed(int *fd, struct slice *input)
{
	ssize_t n = write(*fd, input->data, input->len);

	if (n >= 0)
		*input = slice_skip(*input, (size_t)n);
	if (input->len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_now(fd);
}

static bool
talk(struct child *child, struct slice input, int64_t deadline_us,
	struct cancel *cancel, struct spawn_result *result, struct error *err)
{
	if (input.len == 0)
		close_now(&child->in);
	while (child->out >= 0 || child->errs >= 0) {
		struct pollfd polls[] = {
			{ .fd = child->in, .events = POLLOUT },
			{ .fd = child->out, .events = POLLIN },
			{ .fd = child->errs, .events = POLLIN },
			{ .fd = cancel ? cancel->fd : -1, .events = POLLIN },
		};
		int n = poll(polls, 4, clock_poll_ms(deadline_us));

		if (n == 0)
			return error_set(err, ERR_OFFLINE,
				_("The command took too long"));
		if (n < 0)
			continue;
		if (polls[3].revents)
			return error_set(err, ERR_CANCELLED, _("Cancelled"));
		if (polls[0].revents)
			feed(&child->in, &input);
		if (polls[1].revents &&
			!drain(&child->out, &result->out, false))
			return error_set(err, ERR_LIMIT,
				_("The command printed more than %zu bytes"),
				result->out.limit);
		if (polls[2].revents)
			drain(&child->errs, &result->errs, true);
	}
	return true;
}

/* Waits for the child, killing its group at the deadline. */
static int
reap(pid_t pid, int64_t deadline_us)
{
	int pidfd CLEANUP(closep) = (int)syscall(SYS_pidfd_open, pid, 0);
	int status = 0;

	for (;;) {
		struct pollfd ends = { .fd = pidfd, .events = POLLIN };
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			break;
		if (got < 0 && errno != EINTR)
			return 127;
		if (deadline_us >= 0 && clock_mono_us() >= deadline_us)
			kill(-pid, SIGKILL);
		/* Without a pidfd this is a short sleep. */
		poll(&ends, 1, REAP_MS);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool
spawn_run(const struct argv *argv, struct slice input, size_t out_limit,
	int64_t deadline_us, struct cancel *cancel,
	struct spawn_result *ret_result, struct error *err)
{
	struct child child;
	struct spawn_result result = { 0 };
	bool ok;

	if (!child_start(argv, &child, err))
		return false;
	strbuf_init(&result.out, out_limit);
	/* A short secret is not left behind by growing. */
	if (out_limit <= SECRET_ROOM)
		strbuf_room(&result.out, out_limit);
	strbuf_init(&result.errs, ERRORS_LIMIT);
	ok = talk(&child, input, deadline_us, cancel, &result, err);
	close_now(&child.in);
	close_now(&child.out);
	close_now(&child.errs);
	if (!ok)
		kill(-child.pid, SIGKILL);
	result.status = reap(child.pid, deadline_us);
	if (!ok) {
		spawn_result_clear(&result);
		return error_prefix(err, "%s", argv->items[0]);
	}
	*ret_result = result;
	return true;
}

void
spawn_result_clear(struct spawn_result *result)
{
	if (result->out.data)
		explicit_bzero(result->out.data, result->out.len);
	strbuf_clear(&result->out);
	strbuf_clear(&result->errs);
}
