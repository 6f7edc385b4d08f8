/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/print.h"
#include "config/account.h"

enum {
	PASSWORD_MAX = 1024,
	PROMPT_LIMIT = 4096,
	KEY_INTERRUPT = 3,
	KEY_END = 4,
	KEY_BACKSPACE = 8,
	KEY_CLEAR = 21,
	KEY_QUIT = 28,
	KEY_DELETE = 127,
};

static bool
cancelled(struct error *err)
{
	return error_set(err, ERR_CANCELLED, _("No password was given"));
}

/* The bytes up to the line's end; its keys are ours, since the terminal shows
 * none of them and raises no signals. */
static bool
read_password(int fd, char bytes[PASSWORD_MAX], struct error *err)
{
	size_t len = 0;

	for (;;) {
		char c;
		ssize_t n = read(fd, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || c == KEY_INTERRUPT || c == KEY_QUIT ||
			(c == KEY_END && len == 0))
			return cancelled(err);
		if (c == '\r' || c == '\n' || c == KEY_END)
			break;
		if (c == KEY_CLEAR)
			len = 0;
		else if (c == KEY_BACKSPACE || c == KEY_DELETE)
			len -= len > 0;
		else if (len + 1 < PASSWORD_MAX)
			bytes[len++] = c;
		else
			return error_set(
				err, ERR_LIMIT, _("The password is too long"));
	}
	bytes[len] = '\0';
	return len > 0 || cancelled(err);
}

static bool
ask(int fd, struct slice prompt, char bytes[PASSWORD_MAX], struct error *err)
{
	struct termios before;
	struct termios silent;
	bool ok;

	if (tcgetattr(fd, &before) != 0)
		return error_set_errno(err, ERR_INVALID, errno,
			_("The terminal cannot be asked"));
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	silent.c_cc[VMIN] = 1;
	silent.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSAFLUSH, &silent) != 0)
		return error_set_errno(err, ERR_INVALID, errno,
			_("The terminal cannot be asked"));
	ok = file_write_all(fd, prompt, err) && read_password(fd, bytes, err);
	tcsetattr(fd, TCSAFLUSH, &before);
	return file_write_all(fd, SLICE("\n"), err) && ok;
}

bool
ask_password(const struct account_config *account, char **ret_password,
	struct error *err)
{
	const char *user = account_user(account, &account->imap);
	struct strbuf prompt CLEANUP(strbuf_clear) = { 0 };
	char *text CLEANUP(freep) = NULL;
	char bytes[PASSWORD_MAX];
	int fd CLEANUP(closep) = -1;
	bool ok;

	*ret_password = NULL;
	if (account->password_command || !isatty(STDIN_FILENO))
		return true;
	fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return true;
	text = xasprintf(_("Password of %s at %s: "), user ? user : "?",
		account->imap.host ? account->imap.host : "?");
	strbuf_init(&prompt, PROMPT_LIMIT);
	print_inert(slice_str(text), false, &prompt);
	ok = ask(fd, strbuf_slice(&prompt), bytes, err);
	if (ok)
		*ret_password = xstrdup(bytes);
	explicit_bzero(bytes, sizeof(bytes));
	return ok;
}
