/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <limits.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int64_t frozen_s = -1;

static int64_t
read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_wall_us(void)
{
	if (frozen_s >= 0)
		return frozen_s * 1000000;
	return read_us(CLOCK_REALTIME);
}

int64_t
clock_wall_s(void)
{
	return clock_wall_us() / 1000000;
}

int64_t
clock_mono_us(void)
{
	return read_us(CLOCK_MONOTONIC);
}

int64_t
clock_boot_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}

/* A timer that never rings, but is cancelled when the clock is set, which
 * resuming from sleep does too (timerfd_create(2)). */
int
clock_watch_open(void)
{
	struct itimerspec never = { .it_value.tv_sec = INT_MAX };
	int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		return -1;
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET,
		    &never, NULL) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

void
clock_watch_drain(int fd)
{
	uint64_t rings;

	if (fd >= 0)
		(void)!read(fd, &rings, sizeof(rings));
}

void
clock_freeze(int64_t seconds)
{
	frozen_s = seconds;
}

int
clock_poll_ms(int64_t deadline_us)
{
	int64_t left;

	if (deadline_us < 0)
		return -1;
	left = deadline_us - clock_mono_us();
	if (left <= 0)
		return 0;
	left = (left + 999) / 1000;
	return left > INT_MAX ? INT_MAX : (int)left;
}
