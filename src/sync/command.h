/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the interface may ask of a worker; wishes with no lasting effect. */
#ifndef TERCET_SYNC_COMMAND_H
#define TERCET_SYNC_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/queue.h"

enum command_type {
	COMMAND_OPEN_FOLDER, /* `folder` is on the screen now */
	COMMAND_FETCH_TEXT,  /* `message` is wished for; the last one counts */
	COMMAND_FETCH_SECTION, /* `section` of `message` */
	COMMAND_SYNC_NOW,
	COMMAND_SYNC_PASS,   /* the same, of `folder` (0: all); EVENT_PASS_ENDED
				with the same `message` tells the end */
	COMMAND_SET_OFFLINE, /* `flag` */
	COMMAND_PASSWORD,    /* `secret` */
	COMMAND_WAKE,        /* operations wait in the store; `folder` (0: none)
				looks different */
};

struct command {
	struct link link; /* the queue's own; first */
	enum command_type type;
	int64_t folder;
	int64_t message;
	bool flag;
	char *section; /* owned */
	char *secret;  /* owned; wiped */
};

struct command *command_new(enum command_type type);
void command_free(struct command *command);
/* Wishes of a kind that only the last one counts of take each other's place. */
extern const struct queue_ops command_queue_ops;

#endif /* TERCET_SYNC_COMMAND_H */
