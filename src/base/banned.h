/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions nobody may call: they overflow, keep hidden state, depend on the
 * locale or start a shell.  Included by the build in front of every file,
 * after the system headers that declare them.
 */
#ifndef TERCET_BASE_BANNED_H
#define TERCET_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok
#pragma GCC poison atoi atol atoll sscanf gets localtime gmtime ctime asctime
#pragma GCC poison system popen tmpnam tempnam mktemp

#endif /* TERCET_BASE_BANNED_H */
