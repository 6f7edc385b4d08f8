/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration: one immutable snapshot, counted.  A change makes a new
 * snapshot; who still holds the old one may read on.
 *
 * Threads: any may read, ref and unref.
 */
#ifndef TERCET_CONFIG_CONFIG_H
#define TERCET_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/refcount.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "config/account.h"

/* Value of config.offline_days that is no number of days. */
enum { OFFLINE_ALL = -1, OFFLINE_NONE = 0 };

enum config_keys { KEYS_DEFAULT, KEYS_MUTT, KEYS_VIM, KEYS_GMAIL };

enum config_layout { LAYOUT_AUTO, LAYOUT_COLUMNS, LAYOUT_STACKED };

enum config_ascii { ASCII_AUTO, ASCII_YES, ASCII_NO };

enum config_hyperlinks { HYPERLINKS_AUTO, HYPERLINKS_YES, HYPERLINKS_NO };

/* Where the cursor goes when a message leaves the list. */
enum config_advance { ADVANCE_NEXT, ADVANCE_PREVIOUS, ADVANCE_LIST };

/* Values of config.mark_read_s that are no number of seconds. */
enum { MARK_READ_OPEN = 0, MARK_READ_NEVER = -1 };

struct config_source;

struct config {
	struct refcount count;
	struct config_source *source; /* config.c's own */
	char *path; /* of the file, whether it exists or not; NULL: none */

	int offline_days; /* days, or one of OFFLINE_* */
	int undo_send_s;
	char *theme; /* "auto", or the name of a theme */
	enum config_keys keys;
	enum config_layout layout;
	enum config_advance advance;
	int mark_read_s;          /* seconds, or one of MARK_READ_* */
	char *keep_unread_in;     /* folder patterns, commas between; or NULL */
	char *editor;             /* NULL: find one */
	char *query_command;      /* NULL: none */
	char *trust_auth_results; /* authserv-ids; NULL: trust none */
	bool mouse;
	enum config_ascii ascii; /* auto: by the terminal and its charset */
	enum config_hyperlinks hyperlinks; /* auto: by the terminal */

	struct account_config *accounts; /* in the file's order */
	size_t n_accounts;
};

/*
 * Reads `path`; NULL means the user's own file.  Where there is no file the
 * defaults are the configuration, without accounts; but a file named by the
 * caller must exist (`must_exist`).
 *
 * Whatever is wrong in it is ERR_INVALID with file, line, key and what would
 * be accepted; ERR_LIMIT past 1 MiB or 100 accounts.
 */
MUST_CHECK bool config_load(const char *path, bool must_exist,
	struct config **ret_config, struct error *err);

/* The same from text; `path` is only a name for messages. */
MUST_CHECK bool config_parse(const char *text, size_t len, const char *path,
	struct config **ret_config, struct error *err);

/* Defaults only, no accounts. */
struct config *config_new_default(void);

/* The reference returned is the caller's. */
struct config *config_ref(const struct config *config);
void config_unref(struct config *config);
/* For CLEANUP(). */
void config_unrefp(struct config **config);

/* NULL when no account is called that. */
const struct account_config *config_account(
	const struct config *config, const char *name);

/*
 * A snapshot with one option changed.  `section` is "general" or
 * "account NAME"; `value` is what would stand behind the equals sign.
 * ERR_INVALID names the key and the accepted values.
 */
MUST_CHECK bool config_with(const struct config *config, const char *section,
	const char *key, const char *value, struct config **ret_config,
	struct error *err);

/*
 * Writes one option to the file: changes the line that sets it, or adds one to
 * its section, or adds the section; every other byte stays, comments too.  The
 * value is checked first.  Makes the file and its directory where there is
 * none.
 */
MUST_CHECK bool config_set_in_file(const char *path, const char *section,
	const char *key, const char *value, struct error *err);
/* The same from text to text, into an empty `out` with a file's limit; `path`
 * is only a name for messages. */
MUST_CHECK bool config_set_in_text(struct slice text, const char *path,
	const char *section, const char *key, const char *value,
	struct strbuf *out, struct error *err);

#endif /* TERCET_CONFIG_CONFIG_H */
