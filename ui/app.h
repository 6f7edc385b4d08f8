/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All state of the interface: one struct, passed, never global.
 *
 * Inputs, events and time go in; the screen and wishes to the engine come out.
 * Nothing here waits, so that tests drive it without a terminal.
 */
#ifndef TERCET_UI_APP_H
#define TERCET_UI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "command/history.h"
#include "command/keymap.h"
#include "command/links.h"
#include "command/marking.h"
#include "command/picker.h"
#include "command/prompt.h"
#include "command/reading.h"
#include "command/triage.h"
#include "pane/layout.h"
#include "screen/activity.h"
#include "screen/composer.h"
#include "screen/pager.h"
#include "screen/setup.h"
#include "sync/event.h"
#include "term/input.h"
#include "term/screen.h"
#include "view/marks.h"
#include "view/view_folders.h"
#include "view/view_list.h"
#include "view/view_status.h"
#include "view/view_viewer.h"

struct config;
struct engine;
struct store;
struct store_home;
struct terminal;
struct theme;

enum dirty {
	DIRTY_FOLDERS = 1 << 0,
	DIRTY_LIST = 1 << 1,
	DIRTY_VIEWER = 1 << 2,
	DIRTY_STATUS = 1 << 3,
	DIRTY_OVER = 1 << 4, /* picker, pager */
	DIRTY_ALL = (1 << 5) - 1,
};

/* What an event has made out of date. */
enum stale {
	STALE_FOLDERS = 1 << 0,
	STALE_LIST = 1 << 1,
	STALE_STATUS = 1 << 2, /* drawn again: how far work has come */
	STALE_JOURNAL = 1 << 3,
};

/* What is done with bytes of a message once they are here. */
enum want {
	WANT_NOTHING,
	WANT_HEADERS,
	WANT_RAW,
	WANT_PART, /* a message inside the message, to be read */
	WANT_SAVE,
	WANT_OPEN,
	WANT_PIPE,
	WANT_READING, /* the text made anew: command/reading.h */
	WANT_BROWSE,  /* HTML, in a browser */
};

struct wanted {
	enum want what;
	int64_t account;
	int64_t message;
	char *section;
	char *argument; /* path or command line; or NULL */
	/* With WANT_PIPE: these in place of `message`, which is the first of
	 * them that is not held here. */
	struct id_array messages;
};

/* Programs that were started and have not ended; see screen/opener.h. */
enum { APP_CHILDREN_MAX = 64 };

/* Accounts whose password is yet to be asked for. */
enum { ASKING_MAX = 16 };

struct asking {
	int64_t accounts[ASKING_MAX];
	int n;
};

/* When things are due, clock_mono_us(); -1: not. */
struct timers {
	int64_t rest;    /* the cursor has rested */
	int64_t waiting; /* "Fetching" is worth saying */
	int64_t reload;  /* stale views are read again */
	int64_t ask;     /* a question may take the keys */
	int64_t noticed; /* that one did is seen by now */
};

struct app {
	/* set once, borrowed but for the configuration */
	struct config *config; /* a reference */
	struct store *store;
	struct store_home *home;   /* NULL: no thread of ours may open it */
	struct engine *engine;     /* NULL: no accounts at servers */
	struct terminal *terminal; /* NULL in tests */
	char *config_dir;          /* where `keys` and `themes` are; or NULL */
	char *first_account;       /* whose inbox is opened first; or NULL */
	bool read_only;
	bool is_demo;

	struct screen *screen;
	struct theme *theme;
	bool is_light;
	bool knows_background; /* the terminal told */
	bool knows_hyperlinks; /* the terminal does */
	struct keymap *keymap;

	struct view_folders folders;
	struct view_list list;
	struct marks marks; /* in the list's folder */
	struct marking marking;
	struct triage triage;
	struct view_viewer viewer;
	struct view_status status;

	enum pane focus;
	struct layout layout;
	struct layout_options layout_options;
	enum divider dragging;
	bool mouse;

	struct key_state keys;
	struct prompt prompt;
	struct picker picker;
	struct links links;
	struct pager pager;
	struct setup setup;
	struct activity activity;
	struct composer composer;
	struct history command_history;
	struct history path_history;
	struct history pipe_history;
	struct history find_history;
	struct history mark_history;
	struct wanted wanted;
	struct reading_wished reading;
	int children[APP_CHILDREN_MAX]; /* process ids */
	int n_children;
	char *asked_part; /* the section that the prompt is about */
	struct id_array asked_messages; /* those it is about; or none */
	int64_t asked_account;          /* whose password the prompt asks */
	struct asking asking;
	bool asked_now;     /* a prompt opened by itself, and nobody can have
			       noticed yet */
	int64_t logging_in; /* the account that was last given one; or 0 */
	int64_t looking_since_s; /* new mail was asked for, and the status line
				    says so; or 0 */
	char *opened_dir;        /* attachments being looked at; or NULL */

	struct timers timers;
	int64_t resting_on; /* the message that timers.rest is for */
	int64_t stepped_us; /* when the cursor last came to another message */
	bool typed;         /* since typed_us was set */
	int64_t typed_us;   /* when a key last came */
	int64_t wished;     /* the message whose text was last asked for */
	unsigned dirty;     /* of enum dirty */
	unsigned stale;     /* of enum stale */
	int64_t reloaded_us;
	bool wants_quit;
	bool wants_restart; /* with the configuration read again */
	bool wants_suspend;
	bool wants_redraw; /* the terminal was scribbled on */
};

struct app_options {
	const struct config *config;
	struct store *store;
	struct store_home *home;   /* or NULL */
	struct terminal *terminal; /* or NULL */
	const char *config_dir;    /* or NULL */
	const char *account;       /* whose inbox is opened first; or NULL */
	int rows;
	int cols;
	bool ascii;
	bool plain; /* the terminal takes nothing but ASCII */
	bool knows_hyperlinks;
	bool is_light;
	bool knows_background;
	bool read_only;
	bool is_demo;
	bool sets_up; /* asks for an account where there is none */
};

/*
 * Reads the folders and opens the first.  A `keys` file or theme with a fault
 * is said in the status line, and the defaults hold.
 */
struct app *app_new(const struct app_options *options);
void app_free(struct app *app);
/* The engine has started: what it has made is read. */
void app_set_engine(struct app *app, struct engine *engine);

void app_key(struct app *app, uint32_t key);
void app_paste(struct app *app, struct slice text);
void app_mouse(struct app *app, const struct input *input);
void app_input(struct app *app, const struct input *input);
void app_event(struct app *app, const struct event *event);
void app_resize(struct app *app, int rows, int cols);
/* What is due. */
void app_tick(struct app *app, int64_t now_us);
/* When the next is; -1: nothing. */
int64_t app_next_us(const struct app *app, int64_t now_us);
/* After inputs and events: the viewer follows the cursor, panes their sizes. */
void app_settle(struct app *app, int64_t now_us);
/* Draws what is dirty; false when nothing was. */
bool app_draw(struct app *app, int64_t now_us);

/* Says something in the status line. */
void app_say(struct app *app, enum tone tone, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
/* Says the error and clears it. */
void app_fail(struct app *app, struct error *err);

void app_set_focus(struct app *app, enum pane pane);
/* Geometry has to be worked out again. */
void app_relayout(struct app *app);
MUST_CHECK bool app_load_theme(
	struct app *app, const char *name, struct error *err);
/* By the configuration; what is wrong is said, and the defaults hold. */
void app_load_looks(struct app *app);
void app_load_keys(struct app *app);
void app_load_hyperlinks(struct app *app);
/* enum command_context of where keys go now. */
unsigned app_context(const struct app *app);

#endif /* TERCET_UI_APP_H */
