/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/editor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "config/config.h"
#include "screen/program.h"
#include "store/store.h"

static const char *const editors[] = { "sensible-editor", "nano", "vi" };

static bool
find_editor(const struct app *app, struct argv *ret_argv, struct error *err)
{
	const char *const said[] = { app->config->editor, getenv("VISUAL"),
		getenv("EDITOR") };
	const char *found;

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		if (said[i] && *said[i])
			return argv_split(said[i], ret_argv, err);
	found = program_find(editors, ARRAY_LEN(editors));
	if (!found)
		return error_set(err, ERR_INVALID,
			_("There is no editor: `editor` in the configuration "
			  "or $EDITOR names one"));
	argv_add(ret_argv, found);
	return true;
}

static bool
write_text(
	struct app *app, const char *text, char **ret_path, struct error *err)
{
	char *dir CLEANUP(freep) = file_join(store_dir(app->store), "compose");
	char *path CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;

	if (!file_make_dir(dir, err))
		return false;
	path = file_join(dir, "message-XXXXXX.txt");
	fd = mkstemps(path, 4);
	if (fd < 0)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot write %s"), path);
	if (!file_write_all(fd, slice_str(text ? text : ""), err)) {
		unlink(path);
		return false;
	}
	*ret_path = STEAL(path);
	return true;
}

/* UTF-8, line feeds, no NUL. */
static char *
clean(struct slice bytes)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct slice line;

	strbuf_init(&out, 3 * bytes.len + 16);
	while (slice_next_line(&bytes, &line)) {
		size_t nul = slice_find(line, '\0');

		utf8_repair(slice_head(line, nul), &out);
		strbuf_add_char(&out, '\n');
	}
	return xmemdup0(out.data ? out.data : "", out.len);
}

static bool
read_text(const char *path, size_t max, char **text, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&bytes, max);
	if (!file_read(path, &bytes, err))
		return error_prefix(err, _("What was written is in %s"), path);
	free(*text);
	*text = clean(strbuf_slice(&bytes));
	unlink(path);
	return true;
}

bool
editor_run(struct app *app, char **text, size_t max, struct error *err)
{
	struct argv argv CLEANUP(argv_clear) = { NULL, 0 };
	struct program_run how = { .input = -1, .output = -1 };
	char *path CLEANUP(freep) = NULL;
	int status = 0;

	if (!find_editor(app, &argv, err) ||
		!write_text(app, *text, &path, err))
		return false;
	argv_add(&argv, path);
	if (!program_run(app, &argv, &how, &status, err)) {
		unlink(path);
		return false;
	}
	if (program_exit_status(status) >= PROGRAM_NOT_FOUND)
		return error_set(err, ERR_INVALID,
			_("The editor %s ended badly; what it left is in %s"),
			argv.items[0], path);
	return read_text(path, max, text, err);
}
