/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail on the standard input of a command, which gets the terminal until it
 * ends.  It reads a file without a name, so that it may stop reading early or
 * seek.
 */
#ifndef TERCET_UI_SCREEN_PIPE_H
#define TERCET_UI_SCREEN_PIPE_H

#include "base/array.h"
#include "base/attr.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "store/message.h"

struct app;

/* Bytes that are piped at most, and messages. */
enum { PIPE_MAX = 100 * 1024 * 1024, PIPE_MESSAGES_MAX = 1000 };

/*
 * The message as it was sent (section ""), or a part with its transfer
 * encoding undone.  NOT_FOUND when its bytes are not held here.
 */
enum found pipe_message(struct app *app, const struct message *message,
	const char *section, const char *command, struct error *err);
/*
 * Messages as an mbox, the oldest by their own date first.  NOT_FOUND with the
 * first of which not all is held here; nothing was run then.
 */
enum found pipe_messages(struct app *app, const struct id_array *messages,
	const char *command, int64_t *ret_missing, struct error *err);

/* Appends a message to an mbox: line ends of one byte, "From " lines quoted as
 * mboxrd does.  False at the limit of `out`. */
bool pipe_add_mbox(struct strbuf *out, struct slice message, int64_t date);

#endif /* TERCET_UI_SCREEN_PIPE_H */
