/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The floor under every IMAP client: log in, select, send one command, read
 * the answer and throw it away.  No client can be faster than this with the
 * same bytes.
 *
 *	imapfloor PORT USER PASSWORD FOLDER COMMAND
 *
 * Prints one JSON object: seconds until the folder was selected, seconds and
 * bytes of the answer, processor seconds.  For loopback, in clear.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CHUNK = 1 << 20,
	TAIL = 4096, /* a tagged line is shorter than that */
	COMMAND_MAX = 1 << 20,
};

struct floor {
	int fd;
	unsigned long long bytes;
	char chunk[CHUNK];
	char tail[TAIL]; /* the last bytes that came */
	size_t tail_len;
	char command[COMMAND_MAX];
};

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
cpu(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

static void
dial(struct floor *f, in_port_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;

	f->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (f->fd < 0 || connect(f->fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	setsockopt(f->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void
keep_tail(struct floor *f, size_t n)
{
	if (n >= TAIL) {
		memcpy(f->tail, f->chunk + n - TAIL, TAIL);
		f->tail_len = TAIL;
		return;
	}
	if (f->tail_len + n > TAIL) {
		size_t drop = f->tail_len + n - TAIL;

		memmove(f->tail, f->tail + drop, f->tail_len - drop);
		f->tail_len -= drop;
	}
	memcpy(f->tail + f->tail_len, f->chunk, n);
	f->tail_len += n;
}

/* Does what came end with a whole line that starts with the tag? */
static bool
ends_tagged(const struct floor *f, const char *tag)
{
	size_t start = f->tail_len;
	size_t tag_len = strlen(tag);

	if (start < 2 || f->tail[start - 1] != '\n')
		return false;
	start--;
	while (start > 0 && f->tail[start - 1] != '\n')
		start--;
	if (f->tail_len - start <= tag_len + 3)
		return false;
	return memcmp(f->tail + start, tag, tag_len) == 0;
}

static void
drain(struct floor *f, const char *tag)
{
	f->tail_len = 0;
	do {
		ssize_t n = read(f->fd, f->chunk, CHUNK);

		if (n <= 0)
			die("read");
		f->bytes += (unsigned long long)n;
		keep_tail(f, (size_t)n);
	} while (!ends_tagged(f, tag));
	if (memmem(f->tail, f->tail_len, " NO ", 4) != NULL && tag[0] != '*')
		fprintf(stderr, "the server refuses: %.*s", (int)f->tail_len,
			f->tail);
}

static void
ask(struct floor *f, const char *tag, const char *command)
{
	int n = snprintf(f->command, COMMAND_MAX, "%s %s\r\n", tag, command);

	if (n < 0 || n >= COMMAND_MAX)
		exit(EXIT_FAILURE);
	if (write(f->fd, f->command, (size_t)n) != n)
		die("write");
	drain(f, tag);
}

int
main(int argc, char **argv)
{
	static struct floor f;
	char line[1024];
	double start, selected, end, used;

	if (argc != 6) {
		fputs("usage: imapfloor PORT USER PASSWORD FOLDER COMMAND\n",
			stderr);
		return 2;
	}
	start = now();
	dial(&f, (in_port_t)strtoul(argv[1], NULL, 10));
	drain(&f, "*");
	snprintf(line, sizeof(line), "LOGIN %s %s", argv[2], argv[3]);
	ask(&f, "f1", line);
	snprintf(line, sizeof(line), "EXAMINE \"%s\"", argv[4]);
	ask(&f, "f2", line);
	selected = now();
	used = cpu();
	f.bytes = 0;
	ask(&f, "f3", argv[5]);
	end = now();
	printf("{\"selected\": %.4f, \"seconds\": %.4f, \"bytes\": %llu, "
	       "\"cpu\": %.4f}\n",
		selected - start, end - selected, f.bytes, cpu() - used);
	close(f.fd);
	return 0;
}
