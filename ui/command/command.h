/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command table: every action by name, with its keys, where it applies,
 * what it needs, its argument and one line of help.  Dispatch, the `:` line,
 * completion, the palette, the help and the manual all come from it.
 *
 * Handlers check neither context nor prerequisites: command_run() did, and
 * said why not.
 */
#ifndef TERCET_UI_COMMAND_COMMAND_H
#define TERCET_UI_COMMAND_COMMAND_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"

struct app;

enum command_context {
	IN_LIST = 1 << 0,
	IN_VIEWER = 1 << 1,
	IN_FOLDERS = 1 << 2,
	IN_PAGER = 1 << 3, /* help and other pages of text */
	IN_ACTIVITY = 1 << 4,
	IN_COMPOSER = 1 << 5,
	IN_PANES = IN_LIST | IN_VIEWER | IN_FOLDERS,
	IN_ALL = IN_PANES | IN_PAGER | IN_ACTIVITY | IN_COMPOSER,
};

enum command_need {
	NEEDS_FOLDER = 1 << 0,  /* one is open */
	NEEDS_MESSAGE = 1 << 1, /* the cursor is on one */
	NEEDS_SHOWN = 1 << 2,   /* the viewer shows one */
	NEEDS_ENGINE = 1 << 3,  /* accounts at servers */
};

enum command_arg {
	ARG_NONE,
	ARG_TEXT,
	ARG_FOLDER,
	ARG_NUMBER,
	ARG_CHOICE, /* one of `choices` */
	ARG_PATH,
	ARG_CHARSET,
	ARG_THEME,
	ARG_COMMAND,
	ARG_OPTION, /* a key of the configuration, then a value */
};

enum command_result { COMMAND_DONE, COMMAND_FAILED };

struct command_args {
	int count;        /* typed in front; 0: none */
	const char *text; /* what stands behind the name; NULL: nothing */
};

enum { COMMAND_KEYS_MAX = 5, COMMAND_PRESETS = 4, COMMAND_COUNT_MAX = 99999 };

/* One row.  Strings are in N_(). */
struct command {
	const char *name;
	const char *summary;
	/*
	 * By enum config_keys; a preset without keys takes the default's, one
	 * with "" has none.  "viewer:Enter" binds in that context alone;
	 * "j = next 2" would be a line of the keys file, not a key here.
	 */
	const char *keys[COMMAND_PRESETS][COMMAND_KEYS_MAX];
	unsigned where; /* of enum command_context */
	unsigned needs; /* of enum command_need */
	enum command_arg arg;
	bool arg_needed;
	const char *arg_name;
	const char *choices; /* separated by blanks, with ARG_CHOICE */
	const char *hint;    /* a word for the line of hints; or NULL */
	const char *later;   /* why it cannot be done; or NULL */
	enum command_result (*run)(
		struct app *app, const struct command_args *args);
};

/* Ends with a row without a name. */
extern const struct command app_commands[];
extern const struct command folder_commands[];
extern const struct command list_commands[];
extern const struct command viewer_commands[];
extern const struct command text_commands[];
extern const struct command attachment_commands[];
extern const struct command pipe_commands[];
extern const struct command mark_commands[];
extern const struct command triage_commands[];
extern const struct command activity_commands[];
extern const struct command tree_commands[];
extern const struct command compose_commands[];
extern const struct command message_commands[];

/* Row `i` over all tables, as the manual shows them; NULL past the last. */
const struct command *command_at(size_t i);
/* By its name, or a beginning no other has. */
const struct command *command_find(struct slice name, const char **ret_why_not);

/* "list", "viewer", "folders", "pager", "activity", "composer", "any"; 0 for
 * another word.
 */
unsigned command_context_of(struct slice word);
const char *command_context_name(unsigned context);

/*
 * Runs a line such as "folder Lists/git" or "12 next"; a number alone goes to
 * that row.  `count` is what was typed before the key; a number in the line
 * replaces it.  What goes wrong is said in the status line.
 */
enum command_result command_run_line(
	struct app *app, const char *line, int count);
enum command_result command_run(struct app *app, const struct command *command,
	const struct command_args *args);

#endif /* TERCET_UI_COMMAND_COMMAND_H */
