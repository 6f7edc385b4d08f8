/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/print.h"
#include "config/account.h"

enum { PASSWORD_MAX = 1024, PROMPT_LIMIT = 4096, ANSWER_MAX = 256 };

/* Those that leave a terminal to others. */
static const int leaving[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP };

/* A terminal that shows nothing of what is typed. */
struct silence {
	int fd;
	int signals; /* of `leaving`, to be read */
	sigset_t mask;
	struct termios before;
};

/* What a terminal does not take is lost to nobody. */
static void
put(int fd, struct slice text)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (!file_write_all(fd, text, &ignored))
		return;
}

static bool
silence_begin(struct silence *silence)
{
	struct termios quiet;

	if (tcgetattr(silence->fd, &silence->before) != 0)
		return false;
	quiet = silence->before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	quiet.c_lflag |= ICANON | ISIG;
	return tcsetattr(silence->fd, TCSAFLUSH, &quiet) == 0;
}

static void
silence_end(struct silence *silence)
{
	tcsetattr(silence->fd, TCSAFLUSH, &silence->before);
}

/* Lets the signal do what it does, with the terminal as it was meanwhile. */
static bool
obey(struct silence *silence, struct slice prompt)
{
	struct signalfd_siginfo info;
	sigset_t ours;

	if (read(silence->signals, &info, sizeof(info)) != sizeof(info))
		return true;
	silence_end(silence);
	sigprocmask(SIG_SETMASK, &silence->mask, &ours);
	if (info.ssi_signo != SIGTSTP)
		put(silence->fd, SLICE("\n"));
	raise((int)info.ssi_signo);
	sigprocmask(SIG_SETMASK, &ours, NULL);
	put(silence->fd, prompt);
	return silence_begin(silence);
}

/* A line of the terminal, or what came before it went away. */
static bool
read_line(struct silence *silence, struct slice prompt,
	char bytes[PASSWORD_MAX], ssize_t *ret_len)
{
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = silence->signals, .events = POLLIN },
			{ .fd = silence->fd, .events = POLLIN },
		};

		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents != 0) {
			if (!obey(silence, prompt))
				return false;
			continue;
		}
		if (fds[1].revents == 0)
			continue;
		*ret_len = read(silence->fd, bytes, PASSWORD_MAX);
		if (*ret_len >= 0 || errno != EINTR)
			return *ret_len >= 0;
	}
}

static bool
take_password(struct silence *silence, struct slice prompt, char **ret_password,
	struct error *err)
{
	char bytes[PASSWORD_MAX];
	ssize_t len = 0;
	bool given;

	given = read_line(silence, prompt, bytes, &len);
	if (given && len == PASSWORD_MAX)
		error_set(err, ERR_LIMIT, _("The password is too long"));
	else if (!given || len == 0 || bytes[0] == '\n')
		error_set(err, ERR_CANCELLED, _("No password was given"));
	else
		*ret_password = xmemdup0(
			bytes, (size_t)len - (bytes[len - 1] == '\n' ? 1 : 0));
	explicit_bzero(bytes, sizeof(bytes));
	return err->kind == ERR_NONE;
}

static bool
ask(int fd, struct slice prompt, char **ret_password, struct error *err)
{
	struct silence silence = { .fd = fd };
	sigset_t ours;
	bool ok;

	sigemptyset(&ours);
	for (size_t i = 0; i < ARRAY_LEN(leaving); i++)
		sigaddset(&ours, leaving[i]);
	silence.signals = signalfd(-1, &ours, SFD_CLOEXEC);
	if (silence.signals < 0)
		return error_set_errno(err, ERR_INVALID, errno,
			_("The terminal cannot be asked"));
	sigprocmask(SIG_BLOCK, &ours, &silence.mask);
	ok = silence_begin(&silence);
	if (!ok) {
		error_set_errno(err, ERR_INVALID, errno,
			_("The terminal cannot be asked"));
	} else {
		put(fd, prompt);
		ok = take_password(&silence, prompt, ret_password, err);
		silence_end(&silence);
		put(fd, SLICE("\n"));
	}
	sigprocmask(SIG_SETMASK, &silence.mask, NULL);
	close(silence.signals);
	return ok;
}

bool
ask_is_possible(void)
{
	return isatty(STDIN_FILENO);
}

bool
ask_yes(const char *question)
{
	/* TRANSLATORS: the key for Yes */
	const char *yes = _("y");
	char line[ANSWER_MAX];

	fprintf(stderr, _("%s [%s/N] "), question, yes);
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin)) {
		fputc('\n', stderr);
		return false;
	}
	return ascii_lower(line[0]) == ascii_lower(yes[0]) ||
	       ascii_lower(line[0]) == 'y';
}

bool
ask_password(const struct account_config *account, char **ret_password,
	struct error *err)
{
	const char *user = account_user(account, &account->imap);
	struct strbuf prompt CLEANUP(strbuf_clear) = { 0 };
	char *text CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;

	if (ask_is_possible())
		fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		error_set(err, ERR_LOGIN,
			_("Account %s has no password-command, and there is no "
			  "terminal to ask for the password"),
			account->name);
		return error_because(err, CAUSE_NO_PASSWORD);
	}
	text = xasprintf(_("Password of %s at %s: "), user ? user : "?",
		account->imap.host ? account->imap.host : "?");
	strbuf_init(&prompt, PROMPT_LIMIT);
	print_inert(slice_str(text), false, &prompt);
	return ask(fd, strbuf_slice(&prompt), ret_password, err);
}
