/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Test Anything Protocol for unit tests.  A test program calls ok() and its
 * friends and returns tap_done() from main.
 */
#ifndef TERCET_TESTS_TAP_H
#define TERCET_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failed;

__attribute__((unused, format(printf, 2, 3))) static bool
ok(bool passed, const char *fmt, ...)
{
	va_list ap;

	tap_count++;
	if (!passed)
		tap_failed++;
	printf("%sok %d - ", passed ? "" : "not ", tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	return passed;
}

__attribute__((unused)) static bool
is_str(const char *got, const char *want, const char *what)
{
	bool same = got && want ? strcmp(got, want) == 0 : got == want;

	if (!ok(same, "%s", what)) {
		printf("#      got: %s\n", got ? got : "(null)");
		printf("#     want: %s\n", want ? want : "(null)");
	}
	return same;
}

__attribute__((unused)) static bool
is_int(int64_t got, int64_t want, const char *what)
{
	if (!ok(got == want, "%s", what)) {
		printf("#      got: %lld\n", (long long)got);
		printf("#     want: %lld\n", (long long)want);
	}
	return got == want;
}

__attribute__((unused)) static void
tap_skip(const char *what, const char *why)
{
	tap_count++;
	printf("ok %d - %s # SKIP %s\n", tap_count, what, why);
}

/* Prints the plan; the exit status for main. */
__attribute__((unused)) static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif /* TERCET_TESTS_TAP_H */
