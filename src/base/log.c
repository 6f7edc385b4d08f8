/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/clock.h"

enum { LOG_FILE_LIMIT = 8 * 1024 * 1024, LINE_LIMIT = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static atomic_int max_level = -1;

void
log_open(const char *path, enum log_level level)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size > LOG_FILE_LIMIT && ftruncate(fd, 0) != 0) {
		close(fd);
		return;
	}
	pthread_mutex_lock(&lock);
	if (log_fd >= 0)
		close(log_fd);
	log_fd = fd;
	pthread_mutex_unlock(&lock);
	atomic_store(&max_level, (int)level);
}

void
log_close(void)
{
	atomic_store(&max_level, -1);
	pthread_mutex_lock(&lock);
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
	pthread_mutex_unlock(&lock);
}

bool
log_is_on(enum log_level level)
{
	return (int)level <= atomic_load(&max_level);
}

/* Copies `from` with control characters escaped; returns the length. */
static size_t
make_inert(const char *from, char *to, size_t cap)
{
	size_t n = 0;

	for (; *from && n + 5 < cap; from++) {
		if (ascii_is_control(*from)) {
			n += (size_t)snprintf(to + n, cap - n, "\\x%02x",
				(unsigned char)*from);
		} else {
			to[n++] = *from;
		}
	}
	return n;
}

static void
log_line(enum log_level level, const char *room, const char *fmt, va_list ap)
{
	static const char letters[] = { 'E', 'W', 'I', 'D' };
	char text[LINE_LIMIT / 4];
	char line[LINE_LIMIT];
	struct tm tm;
	time_t now;
	int64_t us;
	size_t n;

	if (!log_is_on(level))
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	us = clock_wall_us();
	now = (time_t)(us / 1000000);
	if (!gmtime_r(&now, &tm))
		return;
	n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(line + n, sizeof(line) - n,
		".%03dZ %c %s: ", (int)(us / 1000 % 1000), letters[level],
		room);
	n += make_inert(text, line + n, sizeof(line) - n - 1);
	line[n++] = '\n';
	pthread_mutex_lock(&lock);
	if (log_fd >= 0 && write(log_fd, line, n) < 0)
		atomic_store(&max_level, -1);
	pthread_mutex_unlock(&lock);
}

#define LOG_FUNCTION(name, level)                                              \
	void name(const char *room, const char *fmt, ...)                      \
	{                                                                      \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, fmt);                                             \
		log_line(level, room, fmt, ap);                                \
		va_end(ap);                                                    \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_warning, LOG_WARNING)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_debug, LOG_DEBUG)
