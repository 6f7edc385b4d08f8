/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices for what stands in the `:` line. */
#ifndef TERCET_UI_COMMAND_COMPLETE_H
#define TERCET_UI_COMMAND_COMPLETE_H

#include <stddef.h>

struct app;

/* A prompt_complete: names of commands, then what their argument may be. */
size_t complete_command(struct app *app, const char *line);
/* The same for a path: directories and files that begin so. */
size_t complete_path(struct app *app, const char *line);

#endif /* TERCET_UI_COMMAND_COMPLETE_H */
