/* SPDX-License-Identifier: GPL-3.0-or-later */
/* send: what sendmail does, into the outbox. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/outgoing.h"
#include "cli/print.h"
#include "compose/later.h"
#include "sync/send.h"

enum {
	PIECE = 64 * 1024,
	SPOOL_MAX = 256 * 1024 * 1024,
};

/* Standard input on its way to a file without a name. */
struct spool {
	int fd;
	uint64_t size;
	bool ends_at_dot;
	bool ended;
	/* Where the line under way stands. */
	enum { AT_START, AFTER_DOT, AFTER_DOT_CR, INSIDE } at;
	struct strbuf out;
};

static bool
spool_open(const char *dir, int *ret_fd, struct error *err)
{
	char *path CLEANUP(freep) = NULL;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		path = file_join(dir, "message-XXXXXX");
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
	}
	if (fd < 0)
		return error_set_errno(err, ERR_DISK, errno,
			_("Cannot make a file in %s"), dir);
	*ret_fd = fd;
	return true;
}

/* A line that is a lone dot ends the message; what was held back of one that
 * is not goes out. */
static void
take_byte(struct spool *spool, char c)
{
	struct strbuf *out = &spool->out;

	if (spool->at == AFTER_DOT_CR || spool->at == AFTER_DOT) {
		if (c == '\n') {
			spool->ended = true;
			return;
		}
		if (c == '\r' && spool->at == AFTER_DOT) {
			spool->at = AFTER_DOT_CR;
			return;
		}
		strbuf_add_str(out, spool->at == AFTER_DOT ? "." : ".\r");
		spool->at = INSIDE;
	} else if (spool->at == AT_START && c == '.' && spool->ends_at_dot) {
		spool->at = AFTER_DOT;
		return;
	}
	strbuf_add_char(out, c);
	spool->at = c == '\n' ? AT_START : INSIDE;
}

static bool
spool_flush(struct spool *spool, struct error *err)
{
	spool->size += spool->out.len;
	if (spool->size > SPOOL_MAX)
		return error_set(err, ERR_LIMIT, _("The message is too large"));
	if (!file_write_all(spool->fd, strbuf_slice(&spool->out), err))
		return false;
	strbuf_reset(&spool->out);
	return true;
}

static bool
spool_read(struct spool *spool, int from, struct error *err)
{
	char *buf CLEANUP(freep) = xmalloc(PIECE);

	strbuf_init(&spool->out, 2 * PIECE);
	while (!spool->ended) {
		ssize_t n = read(from, buf, PIECE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, ERR_INVALID, errno,
				_("Standard input cannot be read"));
		if (n == 0)
			break;
		for (ssize_t i = 0; i < n && !spool->ended; i++)
			take_byte(spool, buf[i]);
		if (!spool_flush(spool, err))
			return false;
	}
	/* "." at the very end, without a line end, is one too. */
	if (spool->at == AFTER_DOT_CR && !spool->ended)
		strbuf_add_str(&spool->out, ".\r");
	return spool_flush(spool, err);
}

/* "-oi" among them means the same as -i. */
static bool
ignores_dots(const struct args *args)
{
	if (args_has(args, "ignore-dots"))
		return true;
	for (size_t i = 0; i < args->values.n; i++) {
		const struct arg_value *it = &args->values.items[i];

		if (strcmp(it->option->name, "option") == 0 &&
			strcmp(it->value, "i") == 0)
			return true;
	}
	return false;
}

static bool
read_options(struct cli *cli, const struct args *args, struct send_raw *raw,
	struct error *err)
{
	const char *at = args_value(args, "at");
	const char *mode = args_value(args, "mode");

	if (mode && strcmp(mode, "m") != 0)
		return error_set(err, ERR_INVALID,
			_("-b%s is no way to send: only -bm is"), mode);
	if (at && !later_parse(at, clock_wall_s(), &raw->hold_until, err))
		return false;
	raw->sender = args_value(args, "sender");
	raw->name = args_value(args, "full-name");
	raw->by_header = args_has(args, "recipients");
	raw->recipients = args->words.items + 1;
	raw->n_recipients = args->words.n - 1;
	if (cli->request->account)
		raw->account =
			config_account(cli->config, cli->request->account);
	if (raw->n_recipients == 0 && !raw->by_header)
		return error_set(err, ERR_INVALID,
			_("Nobody is named to send to: name recipients, or use "
			  "-t to take them from the header"));
	if (cli->request->read_only)
		return error_set(err, ERR_REFUSED,
			_("Nothing is sent under --read-only"));
	return true;
}

/* Tries to deliver; what comes of it. */
static enum cli_status
finish(struct cli *cli, const struct account_config *account, int64_t id,
	bool now, bool held)
{
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	bool elsewhere = false;
	bool ok;

	if (outbox_load(cli->store, id, &entry, &err) != FOUND)
		return cli_failed(&err);
	ok = outgoing_deliver(cli, account, entry.account, &elsewhere, &why);
	if (held || (elsewhere && !now))
		return CLI_OK;
	outbox_entry_clear(&entry);
	if (elsewhere ? !outgoing_wait(cli, id, &entry, &err)
		      : outbox_load(cli->store, id, &entry, &err) != FOUND)
		return cli_failed(&err);
	if (!ok && !entry.error) {
		cli_prefix_account(&why, account);
		print_complaint(_("Queued, and not sent yet: %s"), why.text);
		return now ? CLI_PARTLY : CLI_OK;
	}
	return outgoing_report(&entry, now);
}

enum cli_status
cmd_send(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const struct account_config *account = NULL;
	struct spool spool = { .fd = -1, .ends_at_dot = !ignores_dots(args) };
	int fd CLEANUP(closep) = -1;
	struct send_raw raw = { 0 };
	int64_t id = 0;
	bool ok;

	if (!cli_has_account(cli))
		return CLI_USAGE;
	if (!read_options(cli, args, &raw, &err)) {
		enum cli_status status = cli_failed(&err);

		return err.kind == ERR_REFUSED ? CLI_REFUSED : status;
	}
	if (!cli_open_store(cli, &err) ||
		!spool_open(store_home_dir(cli->home), &fd, &err))
		return cli_failed(&err);
	spool.fd = raw.fd = fd;
	ok = spool_read(&spool, STDIN_FILENO, &err) &&
	     send_raw(cli->store, cli->config, &raw, &id, &account, &err);
	strbuf_clear(&spool.out);
	if (!ok)
		return cli_failed(&err);
	return finish(cli, account, id, args_has(args, "now"),
		raw.hold_until != SEND_AT_ONCE);
}
