/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <limits.h>
#include <time.h>

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
