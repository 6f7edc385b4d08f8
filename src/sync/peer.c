/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "sync/line.h"

void
peer_open(struct peer *peer, int fd)
{
	peer->fd = fd;
	strbuf_init(&peer->in, LINE_MAX_BYTES);
	strbuf_init(&peer->out, PEER_OUT_MAX);
}

void
peer_close(struct peer *peer)
{
	if (peer->fd < 0)
		return;
	close(peer->fd);
	peer->fd = -1;
	strbuf_clear(&peer->in);
	strbuf_clear(&peer->out);
}

void
peer_add(struct peer *peer, const struct strbuf *line)
{
	if (peer->out.len + line->len <= peer->out.limit && !line->full)
		strbuf_add_slice(&peer->out, strbuf_slice(line));
}

bool
peer_send(struct peer *peer)
{
	ssize_t n;

	if (peer->out.len == 0)
		return true;
	n = send(peer->fd, peer->out.data, peer->out.len,
		MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	explicit_bzero(peer->out.data, (size_t)n);
	strbuf_drop(&peer->out, (size_t)n);
	return true;
}

bool
peer_receive(struct peer *peer, void (*line)(void *ctx, struct slice line),
	void *ctx)
{
	size_t room = peer->in.limit - peer->in.len;
	char *to = strbuf_room(&peer->in, room < 4096 ? room : 4096);
	ssize_t n = room ? recv(peer->fd, to, room < 4096 ? room : 4096,
				   MSG_DONTWAIT)
			 : 0;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	strbuf_grown(&peer->in, (size_t)n);
	for (;;) {
		struct slice all = strbuf_slice(&peer->in);
		size_t end = slice_find(all, '\n');

		if (end == all.len)
			return true;
		line(ctx, slice_head(all, end));
		explicit_bzero(peer->in.data, end);
		strbuf_drop(&peer->in, end + 1);
	}
}

bool
peer_is_same_user(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       who.uid == geteuid();
}

bool
peer_address(const char *dir, struct sockaddr_un *address, int *ret_dir_fd,
	struct error *err)
{
	int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot open %s"), dir);
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path),
		"/proc/self/fd/%d/engine.sock", fd);
	*ret_dir_fd = fd;
	return true;
}

bool
peer_connect(struct peer *peer, const char *dir)
{
	struct sockaddr_un address;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int dir_fd CLEANUP(closep) = -1;
	int fd;

	if (!peer_address(dir, &address, &dir_fd, &err))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		close(fd);
		return false;
	}
	peer_open(peer, fd);
	return true;
}
