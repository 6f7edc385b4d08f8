/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time.  Wall time is for people and for mail; deadlines use the monotonic
 * clock.  Tests may stop the wall clock; set before threads start.
 */
#ifndef TERCET_BASE_CLOCK_H
#define TERCET_BASE_CLOCK_H

#include <stdint.h>

/* Seconds since 1970, UTC. */
int64_t clock_wall_s(void);
int64_t clock_wall_us(void);
/* Microseconds since some start; stands still while the machine sleeps. */
int64_t clock_mono_us(void);
/* The same, going on while the machine sleeps: comparing tells of a sleep. */
int64_t clock_boot_us(void);

/*
 * A descriptor that is readable after the wall clock was set or the machine
 * slept; -1 where the system does not tell.  Close it with close().
 */
int clock_watch_open(void);
void clock_watch_drain(int fd);

/* Stops the wall clock at `seconds`; negative lets it run again. */
void clock_freeze(int64_t seconds);

/* Milliseconds left until a clock_mono_us() deadline, for poll(): 0 when it
 * has passed, -1 when `deadline_us` is negative (none). */
int clock_poll_ms(int64_t deadline_us);

#endif /* TERCET_BASE_CLOCK_H */
