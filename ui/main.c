/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up and tear-down, in order, and nothing else. */
#include <stdio.h>

int
main(void)
{
	puts(PACKAGE_STRING);
	return 0;
}
