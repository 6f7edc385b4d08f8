/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An IMAP server in a few hundred lines, in threads of the test: mailboxes that
 * tests change while clients look, with or without CONDSTORE and QRESYNC, and a
 * hook in front of every command for what servers do wrong.
 */
#ifndef TERCET_TESTS_SYNC_MODEL_H
#define TERCET_TESTS_SYNC_MODEL_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "base/thread.h"

#include "tap.h"

#define MODEL_PLAIN     "IMAP4rev1 IDLE"
#define MODEL_CONDSTORE "IMAP4rev1 IDLE ENABLE CONDSTORE"
#define MODEL_QRESYNC   "IMAP4rev1 IDLE ENABLE CONDSTORE QRESYNC"

enum {
	MODEL_BOXES = 8,
	MODEL_CLIENTS = 256,
	MODEL_SEEN = 1,
	MODEL_FLAGGED = 2,
	MODEL_DELETED = 4
};

struct model_letter {
	uint32_t uid;
	uint32_t flags;
	uint64_t modseq;
	int number; /* what it is, whatever its UID */
};

struct model_box {
	char name[40];
	bool hidden; /* LIST leaves it out */
	bool locked; /* SELECT is refused */
	struct model_letter *items;
	size_t n, cap;
	uint32_t uidvalidity, uidnext;
	uint64_t modseq;
	struct model_letter *gone; /* uid and modseq */
	size_t n_gone, cap_gone;
};

struct model_client;

struct model {
	const char *capability;
	const char *password;
	bool mute; /* says nothing to who connects */
	/* True: it has answered, and the model does not.  `args` stands behind
	 * the verb; UID commands are "UID FETCH" and so on. */
	bool (*on)(struct model_client *client, const char *verb,
		const char *args);
	int64_t cut_after; /* bytes said on a connection; 0: all */

	/* protected by lock */
	struct lock lock;
	struct model_box boxes[MODEL_BOXES];
	size_t n_boxes;

	atomic_int connections, commands, logins;
	_Atomic int64_t said; /* bytes, by all connections */
	atomic_bool stop;
	int listening;
	uint16_t port;
	struct thread *thread;
	struct model_client *clients[MODEL_CLIENTS];
	atomic_int n_clients;
};

struct model_client {
	struct model *model;
	int fd;
	struct thread *thread;
	struct strbuf in, out;
	char tag[40];
	int64_t said;
	bool qresync, closed;
	struct model_box *box;
	uint32_t *view; /* the UIDs it knows of, by position */
	size_t n_view;
	uint64_t modseq; /* up to which it was told */
};

/* --- mailboxes; all with the lock taken --------------------------------- */

__attribute__((unused)) static struct model_box *
model_box(struct model *model, const char *name)
{
	for (size_t i = 0; i < model->n_boxes; i++) {
		if (ascii_eq_nocase(model->boxes[i].name, name))
			return &model->boxes[i];
	}
	return NULL;
}

__attribute__((unused)) static struct model_box *
model_add_box(struct model *model, const char *name)
{
	struct model_box *box = &model->boxes[model->n_boxes++];

	*box = (struct model_box){ .uidvalidity =
					   1000 + (uint32_t)model->n_boxes,
		.uidnext = 1,
		.modseq = 1 };
	snprintf(box->name, sizeof(box->name), "%s", name);
	return box;
}

__attribute__((unused)) static void
model_append(struct model_box *box, int number)
{
	if (box->n == box->cap) {
		box->cap = box->cap * 2 + 16;
		box->items = xreallocarray(
			box->items, box->cap, sizeof(*box->items));
	}
	box->items[box->n++] = (struct model_letter){ box->uidnext++, 0,
		++box->modseq, number };
}

__attribute__((unused)) static void
model_fill(struct model_box *box, int first, int last)
{
	for (int i = first; i <= last; i++)
		model_append(box, i);
}

__attribute__((unused)) static void
model_expunge(struct model_box *box, size_t at)
{
	if (box->n_gone == box->cap_gone) {
		box->cap_gone = box->cap_gone * 2 + 16;
		box->gone = xreallocarray(
			box->gone, box->cap_gone, sizeof(*box->gone));
	}
	box->gone[box->n_gone++] = (struct model_letter){ box->items[at].uid, 0,
		++box->modseq, 0 };
	box->n--;
	memmove(box->items + at, box->items + at + 1,
		(box->n - at) * sizeof(*box->items));
}

__attribute__((unused)) static void
model_set_flags(struct model_box *box, size_t at, uint32_t flags)
{
	box->items[at].flags = flags;
	box->items[at].modseq = ++box->modseq;
}

/* As if it had been deleted and made anew with the same letters. */
__attribute__((unused)) static void
model_renumber(struct model_box *box, uint32_t first_uid)
{
	box->uidvalidity++;
	box->n_gone = 0;
	for (size_t i = 0; i < box->n; i++)
		box->items[i].uid = first_uid + (uint32_t)i;
	box->uidnext = first_uid + (uint32_t)box->n;
}

typedef bool model_hook(
	struct model_client *client, const char *verb, const char *args);

/* Also while clients are connected. */
__attribute__((unused)) static void
model_set_hook(struct model *model, model_hook *on)
{
	lock_take(&model->lock);
	model->on = on;
	lock_give(&model->lock);
}

/* --- speaking ------------------------------------------------------------ */

__attribute__((format(printf, 2, 3))) static void
say(struct model_client *client, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&client->out, fmt, ap);
	va_end(ap);
	strbuf_add_str(&client->out, "\r\n");
}

static void
flush(struct model_client *client)
{
	int64_t limit = client->model->cut_after;
	const char *p = client->out.data;
	size_t len = client->out.len;

	if (limit && client->said + (int64_t)len > limit) {
		len = (size_t)(limit - client->said);
		client->closed = true;
	}
	client->said += (int64_t)len;
	client->model->said += (int64_t)len;
	while (len > 0) {
		ssize_t n = send(client->fd, p, len, MSG_NOSIGNAL);

		if (n <= 0) {
			client->closed = true;
			break;
		}
		p += n;
		len -= (size_t)n;
	}
	strbuf_reset(&client->out);
}

__attribute__((unused)) static void
done(struct model_client *client)
{
	say(client, "%s OK done", client->tag);
}

static const char *
flag_words(uint32_t flags)
{
	static const char *const words[] = { "", "\\Seen", "\\Flagged",
		"\\Seen \\Flagged", "\\Deleted", "\\Seen \\Deleted",
		"\\Flagged \\Deleted", "\\Seen \\Flagged \\Deleted" };

	return words[flags & 7];
}

static struct model_letter *
letter_of(struct model_box *box, uint32_t uid)
{
	for (size_t i = 0; i < box->n; i++) {
		if (box->items[i].uid == uid)
			return &box->items[i];
	}
	return NULL;
}

static void
say_flags(struct model_client *client, size_t position,
	const struct model_letter *letter, bool with_uid)
{
	char uid[40] = "", modseq[60] = "";

	if (with_uid || client->qresync)
		snprintf(uid, sizeof(uid), "UID %u ", letter->uid);
	if (strstr(client->model->capability, "CONDSTORE"))
		snprintf(modseq, sizeof(modseq), " MODSEQ (%llu)",
			(unsigned long long)letter->modseq);
	say(client, "* %zu FETCH (%sFLAGS (%s)%s)", position, uid,
		flag_words(letter->flags), modseq);
}

/* What changed in the mailbox since the client was told last. */
static void
tell_changes(struct model_client *client)
{
	struct model_box *box = client->box;
	size_t known;

	if (!box)
		return;
	for (size_t i = client->n_view; i > 0; i--) {
		uint32_t uid = client->view[i - 1];

		if (letter_of(box, uid))
			continue;
		if (client->qresync)
			say(client, "* VANISHED %u", uid);
		else
			say(client, "* %zu EXPUNGE", i);
		client->n_view--;
		memmove(client->view + i - 1, client->view + i,
			(client->n_view - i + 1) * sizeof(*client->view));
	}
	known = client->n_view;
	for (size_t i = 0; i < known; i++) {
		struct model_letter *letter = letter_of(box, client->view[i]);

		if (letter->modseq > client->modseq)
			say_flags(client, i + 1, letter, false);
	}
	client->view =
		xreallocarray(client->view, box->n + 1, sizeof(*client->view));
	for (size_t i = 0; i < box->n; i++)
		client->view[i] = box->items[i].uid;
	client->n_view = box->n;
	if (client->n_view > known)
		say(client, "* %zu EXISTS", client->n_view);
	client->modseq = box->modseq;
}

/* --- commands ------------------------------------------------------------ */

static void
unquote(const char *args, char *to, size_t size)
{
	size_t n = *args == '"' ? strcspn(++args, "\"") : strcspn(args, " ");

	snprintf(to, size, "%.*s", (int)n, args);
}

static void
on_login(struct model_client *client, const char *args)
{
	const char *given = strchr(args, ' ');
	char password[100] = "";

	client->model->logins++;
	if (given)
		unquote(given + 1, password, sizeof(password));
	if (given && strcmp(password, client->model->password) == 0)
		done(client);
	else
		say(client, "%s NO [AUTHENTICATIONFAILED] not you",
			client->tag);
}

static void
on_list(struct model_client *client, const char *verb)
{
	for (size_t i = 0; i < client->model->n_boxes; i++) {
		if (!client->model->boxes[i].hidden)
			say(client, "* %s () \"/\" \"%s\"", verb,
				client->model->boxes[i].name);
	}
	done(client);
}

static uint32_t
unseen(const struct model_box *box)
{
	uint32_t n = 0;

	for (size_t i = 0; i < box->n; i++)
		n += !(box->items[i].flags & MODEL_SEEN);
	return n;
}

static void
on_status(struct model_client *client, const char *args)
{
	struct model_box *box;
	char name[40], modseq[60] = "";

	unquote(args, name, sizeof(name));
	box = model_box(client->model, name);
	if (!box) {
		say(client, "%s NO no such mailbox", client->tag);
		return;
	}
	if (strstr(args, "HIGHESTMODSEQ"))
		snprintf(modseq, sizeof(modseq), " HIGHESTMODSEQ %llu",
			(unsigned long long)box->modseq);
	say(client,
		"* STATUS \"%s\" (MESSAGES %zu UNSEEN %u UIDNEXT %u "
		"UIDVALIDITY %u%s)",
		box->name, box->n, unseen(box), box->uidnext, box->uidvalidity,
		modseq);
	done(client);
}

static void
say_since(struct model_client *client, uint64_t modseq)
{
	struct model_box *box = client->box;

	for (size_t i = 0; i < box->n_gone; i++) {
		if (box->gone[i].modseq > modseq)
			say(client, "* VANISHED (EARLIER) %u",
				box->gone[i].uid);
	}
	for (size_t i = 0; i < box->n; i++) {
		if (box->items[i].modseq > modseq)
			say_flags(client, i + 1, &box->items[i], true);
	}
}

static void
on_select(struct model_client *client, const char *args)
{
	const char *since = strstr(args, "(QRESYNC (");
	struct model_box *box;
	char name[40];

	unquote(args, name, sizeof(name));
	box = model_box(client->model, name);
	if (client->box && client->qresync)
		say(client, "* OK [CLOSED] the one before");
	client->box = NULL;
	client->n_view = 0;
	if (!box || box->locked) {
		say(client, "%s NO not that one", client->tag);
		return;
	}
	client->box = box;
	client->modseq = box->modseq;
	client->view =
		xreallocarray(client->view, box->n + 1, sizeof(*client->view));
	for (size_t i = 0; i < box->n; i++)
		client->view[client->n_view++] = box->items[i].uid;
	say(client, "* FLAGS (\\Seen \\Flagged \\Deleted)");
	say(client, "* %zu EXISTS", box->n);
	say(client, "* OK [UIDVALIDITY %u] valid", box->uidvalidity);
	say(client, "* OK [UIDNEXT %u] next", box->uidnext);
	if (strstr(client->model->capability, "CONDSTORE"))
		say(client, "* OK [HIGHESTMODSEQ %llu] mod",
			(unsigned long long)box->modseq);
	if (since) {
		char *end;
		uint32_t validity = (uint32_t)strtoul(since + 10, &end, 10);

		if (validity == box->uidvalidity)
			say_since(client, strtoull(end, NULL, 10));
	}
	say(client, "%s OK [READ-WRITE] open", client->tag);
}

static bool
in_set(const char *set, uint32_t value)
{
	while (*set && *set != ' ') {
		char *end;
		uint32_t first = (uint32_t)strtoul(set, &end, 10);
		uint32_t last = *end == ':'
					? (uint32_t)strtoul(end + 1, &end, 10)
					: first;

		if (value >= first && value <= last)
			return true;
		set = *end == ',' ? end + 1 : end;
	}
	return false;
}

static void
letter_header(int number, struct strbuf *out)
{
	strbuf_addf(out,
		"From: Writer %d <w%d@example.org>\r\nTo: ann@example.org\r\n"
		"Subject: Letter %d\r\n"
		"Date: Tue, 14 Nov 2023 10:00:00 +0000\r\n"
		"Message-ID: <letter%d@example.org>\r\n\r\n",
		number, number % 7, number, number);
}

static void
say_header(struct model_client *client, size_t position,
	const struct model_letter *letter)
{
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&header, 4096);
	letter_header(letter->number, &header);
	say(client,
		"* %zu FETCH (UID %u FLAGS (%s) INTERNALDATE "
		"\"14-Nov-2023 %02d:%02d:%02d +0000\" RFC822.SIZE %d "
		"BODYSTRUCTURE (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL "
		"NIL \"7BIT\" 30 1) BODY[HEADER.FIELDS (DATE)] {%zu}\r\n%s)",
		position, letter->uid, flag_words(letter->flags),
		letter->number / 3600 % 24, letter->number / 60 % 60,
		letter->number % 60, 300 + letter->number, header.len,
		header.data);
}

static void
say_body(struct model_client *client, size_t position,
	const struct model_letter *letter)
{
	struct strbuf all CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&all, 4096);
	letter_header(letter->number, &all);
	strbuf_addf(&all, "Text of letter %d.\r\n", letter->number);
	say(client, "* %zu FETCH (UID %u BODY[] {%zu}\r\n%s)", position,
		letter->uid, all.len, all.data);
}

static void
on_fetch(struct model_client *client, const char *args, bool by_uid)
{
	const char *since = strstr(args, "CHANGEDSINCE ");
	uint64_t modseq = since ? strtoull(since + 13, NULL, 10) : 0;
	bool newest = strncmp(args, "* ", 2) == 0;

	if (newest && client->n_view == 0) {
		say(client, "%s BAD there is none", client->tag);
		return;
	}
	for (size_t i = 0; client->box && i < client->n_view; i++) {
		uint32_t value = by_uid ? client->view[i] : (uint32_t)i + 1;
		struct model_letter *letter;

		if (newest ? i + 1 < client->n_view : !in_set(args, value))
			continue;
		letter = letter_of(client->box, client->view[i]);
		if (!letter || letter->modseq <= modseq)
			continue;
		if (strstr(args, "HEADER.FIELDS"))
			say_header(client, i + 1, letter);
		else if (strstr(args, "BODY.PEEK"))
			say_body(client, i + 1, letter);
		else
			say_flags(client, i + 1, letter, true);
	}
	if (by_uid)
		tell_changes(client);
	done(client);
}

static void
on_search(struct model_client *client)
{
	strbuf_add_str(&client->out, "* SEARCH");
	for (size_t i = 0; client->box && i < client->n_view; i++)
		strbuf_addf(&client->out, " %u", client->view[i]);
	strbuf_add_str(&client->out, "\r\n");
	tell_changes(client);
	done(client);
}

static bool
fill_in(struct model_client *client, int wait_ms)
{
	struct pollfd poll_fd = { .fd = client->fd, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	if (poll(&poll_fd, 1, wait_ms) <= 0)
		return true;
	n = recv(client->fd, buf, sizeof(buf), 0);
	if (n <= 0)
		client->closed = true;
	else
		strbuf_add(&client->in, buf, (size_t)n);
	return n > 0;
}

static void
on_idle(struct model_client *client)
{
	say(client, "+ idling");
	flush(client);
	while (!client->closed && !client->model->stop &&
		!strstr(client->in.data, "DONE\r\n")) {
		lock_take(&client->model->lock);
		tell_changes(client);
		flush(client);
		lock_give(&client->model->lock);
		fill_in(client, 5);
	}
	if (!client->closed && client->in.len >= 6)
		strbuf_drop(&client->in, 6);
	done(client);
}

static void
answer_with_lock(
	struct model_client *client, const char *verb, const char *args)
{
	if (client->model->on && client->model->on(client, verb, args))
		return;
	if (strcmp(verb, "CAPABILITY") == 0) {
		say(client, "* CAPABILITY %s", client->model->capability);
		done(client);
	} else if (strcmp(verb, "LOGIN") == 0) {
		on_login(client, args);
	} else if (strcmp(verb, "ENABLE") == 0) {
		client->qresync = strstr(args, "QRESYNC") != NULL;
		say(client, "* ENABLED %s", args);
		done(client);
	} else if (strcmp(verb, "LIST") == 0 || strcmp(verb, "LSUB") == 0) {
		on_list(client, verb);
	} else if (strcmp(verb, "STATUS") == 0) {
		on_status(client, args);
	} else if (strcmp(verb, "SELECT") == 0 ||
		   strcmp(verb, "EXAMINE") == 0) {
		on_select(client, args);
	} else if (strcmp(verb, "NOOP") == 0) {
		tell_changes(client);
		done(client);
	} else if (strcmp(verb, "FETCH") == 0) {
		on_fetch(client, args, false);
	} else if (strcmp(verb, "UID FETCH") == 0) {
		on_fetch(client, args, true);
	} else if (strcmp(verb, "UID SEARCH") == 0) {
		on_search(client);
	} else if (strcmp(verb, "LOGOUT") == 0) {
		client->closed = true;
	} else {
		say(client, "%s BAD what", client->tag);
	}
}

static void
obey_line(struct model_client *client, char *line)
{
	char *verb = strchr(line, ' ');
	char *args;

	client->model->commands++;
	if (!verb)
		return;
	*verb++ = '\0';
	snprintf(client->tag, sizeof(client->tag), "%s", line);
	args = verb + strcspn(verb, " ");
	if (strncmp(verb, "UID ", 4) == 0)
		args = verb + 4 + strcspn(verb + 4, " ");
	if (*args)
		*args++ = '\0';
	if (strcmp(verb, "IDLE") == 0) {
		on_idle(client);
		return;
	}
	lock_take(&client->model->lock);
	answer_with_lock(client, verb, args);
	lock_give(&client->model->lock);
}

static void
model_client_run(void *arg)
{
	struct model_client *client = arg;

	if (!client->model->mute)
		say(client, "* OK [CAPABILITY %s] hello",
			client->model->capability);
	flush(client);
	while (!client->closed && !client->model->stop) {
		struct slice all = strbuf_slice(&client->in);
		size_t end = slice_find(all, '\n');
		char *line;

		if (end == all.len) {
			fill_in(client, 20);
			continue;
		}
		line = xmemdup0(all.data, end > 0 ? end - 1 : 0);
		strbuf_drop(&client->in, end + 1);
		if (!client->model->mute)
			obey_line(client, line);
		free(line);
		flush(client);
	}
	shutdown(client->fd, SHUT_RDWR);
}

/* --- life ---------------------------------------------------------------- */

static void
model_accept(struct model *model)
{
	struct model_client *client;
	struct error err = ERROR_INIT;
	int fd = accept(model->listening, NULL, NULL);
	int yes = 1;

	if (fd < 0 || model->n_clients == MODEL_CLIENTS) {
		if (fd >= 0)
			close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	client = xnew(struct model_client);
	client->model = model;
	client->fd = fd;
	strbuf_init(&client->in, 1 << 20);
	strbuf_init(&client->out, 1 << 26);
	model->connections++;
	if (!thread_start(
		    "model", model_client_run, client, &client->thread, &err))
		exit(99);
	model->clients[model->n_clients++] = client;
}

static void
model_run(void *arg)
{
	struct model *model = arg;

	while (!model->stop) {
		struct pollfd poll_fd = { .fd = model->listening,
			.events = POLLIN };

		if (poll(&poll_fd, 1, 20) > 0)
			model_accept(model);
	}
}

/* At `port`; 0: a free one. */
__attribute__((unused)) static void
model_listen(struct model *model, uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(port),
	};
	socklen_t len = sizeof(address);
	struct error err = ERROR_INIT;
	int yes = 1;

	model->stop = false;
	model->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(
		model->listening, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(model->listening, (struct sockaddr *)&address,
		    sizeof(address)) != 0 ||
		listen(model->listening, 16) != 0 ||
		getsockname(model->listening, (struct sockaddr *)&address,
			&len) != 0 ||
		!thread_start(
			"model", model_run, model, &model->thread, &err)) {
		printf("Bail out! no loopback server\n");
		exit(99);
	}
	model->port = ntohs(address.sin_port);
}

/* Closes every connection and the port; the mailboxes stay. */
__attribute__((unused)) static void
model_hang_up(struct model *model)
{
	model->stop = true;
	thread_join(model->thread);
	close(model->listening);
	for (int i = 0; i < model->n_clients; i++) {
		struct model_client *client = model->clients[i];

		shutdown(client->fd, SHUT_RDWR);
		thread_join(client->thread);
		close(client->fd);
		strbuf_clear(&client->in);
		strbuf_clear(&client->out);
		free(client->view);
		free(client);
	}
	model->n_clients = 0;
}

/* With an INBOX of letters 1 to `n`. */
__attribute__((unused)) static void
model_start(struct model *model, const char *capability, int n)
{
	*model = (struct model){ .capability = capability,
		.password = "secret" };
	lock_init(&model->lock);
	model_fill(model_add_box(model, "INBOX"), 1, n);
	model_listen(model, 0);
}

__attribute__((unused)) static void
model_stop(struct model *model)
{
	model_hang_up(model);
	for (size_t i = 0; i < model->n_boxes; i++) {
		free(model->boxes[i].items);
		free(model->boxes[i].gone);
	}
	lock_destroy(&model->lock);
}

#endif /* TERCET_TESTS_SYNC_MODEL_H */
