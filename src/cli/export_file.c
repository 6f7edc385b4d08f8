/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names for parts, and files that are made anew. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "cli/export.h"
#include "cli/print.h"

enum { NAME_BYTES_MAX = 200, EXTENSION_BYTES_MAX = 16, TRIES_MAX = 1000 };

static const char *
extension_of_type(const char *type)
{
	static const struct {
		const char *type;
		const char *extension;
	} types[] = {
		{ "text/plain", ".txt" },
		{ "text/html", ".html" },
		{ "text/calendar", ".ics" },
		{ "text/csv", ".csv" },
		{ "text/vcard", ".vcf" },
		{ "text/x-patch", ".patch" },
		{ "text/x-diff", ".patch" },
		{ "image/png", ".png" },
		{ "image/jpeg", ".jpg" },
		{ "image/gif", ".gif" },
		{ "image/svg+xml", ".svg" },
		{ "application/pdf", ".pdf" },
		{ "application/zip", ".zip" },
		{ "application/json", ".json" },
		{ "message/rfc822", ".eml" },
	};

	for (size_t i = 0; type && i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].type, type) == 0)
			return types[i].extension;
	return ".bin";
}

/* The bytes from the last dot on, when they look like an extension. */
static struct slice
extension_of(struct slice name)
{
	size_t at = name.len;

	while (at > 1 && name.len - at < EXTENSION_BYTES_MAX) {
		at--;
		if (name.data[at] == '.')
			return slice_skip(name, at);
		if ((unsigned char)name.data[at] < 0x80 &&
			!ascii_is_alnum(name.data[at]))
			break;
	}
	return slice_make(name.data + name.len, 0);
}

/* What is left of a name when everything odd is taken out. */
static void
add_harmless(struct slice name, struct strbuf *out)
{
	while (name.len > 0) {
		uint32_t c = utf8_next(&name);

		if (c == '/' || c == '\\') /* what was a directory is not */
			strbuf_reset(out);
		else if (c == '\t' || c == '\n' || c == '\r')
			strbuf_add_char(out, ' ');
		else if (!print_is_unsafe(c) && c != UTF8_REPLACEMENT)
			strbuf_add_utf8(out, c);
	}
}

/* A message is called by its subject, in which a slash is no path. */
static void
add_subject(const struct part *part, struct strbuf *out)
{
	char *subject CLEANUP(freep) = xstrdup(part->description);

	for (char *p = subject; *p; p++)
		if (*p == '/' || *p == '\\')
			*p = '-';
	add_harmless(slice_str(subject), out);
	if (out->len > 0)
		strbuf_add_str(out, extension_of_type(part->type));
}

char *
export_safe_name(const struct part *part)
{
	struct strbuf clean CLEANUP(strbuf_clear) = { 0 };
	struct slice name;
	struct slice extension;

	strbuf_init(&clean, (size_t)PART_NAME_LENGTH_MAX * 4);
	if (part->name)
		add_harmless(slice_str(part->name), &clean);
	else if (part->description && part_is_message(part))
		add_subject(part, &clean);
	name = slice_trim(strbuf_slice(&clean));
	while (name.len > 0 && (name.data[0] == '.' || name.data[0] == '-' ||
				       ascii_is_space(name.data[0])))
		name = slice_skip(name, 1);
	while (name.len > 0 && (name.data[name.len - 1] == '.' ||
				       name.data[name.len - 1] == ' '))
		name.len--;
	if (name.len == 0)
		return xasprintf("part-%s%s",
			part->section && part->section[0] ? part->section : "1",
			extension_of_type(part->type));
	if (name.len <= NAME_BYTES_MAX)
		return xmemdup0(name.data, name.len);
	extension = extension_of(name);
	name.len = utf8_cut(name, NAME_BYTES_MAX - extension.len);
	return xasprintf("%.*s%.*s", (int)name.len, name.data,
		(int)extension.len, extension.data);
}

/* 0, or why not as errno has it. */
static int
try_create(const char *path, int *ret_fd)
{
	*ret_fd = open(path,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return *ret_fd >= 0 ? 0 : errno;
}

static int
try_free(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return EEXIST;
	return errno == ENOENT ? 0 : errno;
}

/* "name", "name (2).ext", ... */
static char *
numbered(const char *dir, const char *name, int number)
{
	struct slice s = slice_str(name);
	struct slice extension = extension_of(s);
	char *text CLEANUP(freep) = NULL;

	if (number == 1)
		return file_join(dir, name);
	text = xasprintf("%.*s (%d)%.*s", (int)(s.len - extension.len), s.data,
		number, (int)extension.len, extension.data);
	return file_join(dir, text);
}

/* Tries the names one after the other; without `ret_fd`, only whether they are
 * taken. */
static bool
find_path(const char *where, const char *name, char **ret_path, int *ret_fd,
	struct error *err)
{
	char *place CLEANUP(freep) =
		where && where[0] ? file_expand_home(where) : xstrdup(".");
	struct stat st;
	bool is_dir = stat(place, &st) == 0 && S_ISDIR(st.st_mode);
	int tries = is_dir ? TRIES_MAX : 1;
	char *path CLEANUP(freep) = NULL;
	int errnum = 0;

	if (!is_dir && slice_ends(slice_str(place), SLICE("/")))
		return error_set(
			err, ERR_REFUSED, _("There is no directory %s"), place);
	for (int number = 1; number <= tries; number++) {
		free(path);
		path = is_dir ? numbered(place, name, number) : xstrdup(place);
		errnum = ret_fd ? try_create(path, ret_fd) : try_free(path);
		if (errnum == 0) {
			*ret_path = STEAL(path);
			return true;
		}
		if (errnum != EEXIST)
			break;
	}
	return error_set_errno(
		err, ERR_REFUSED, errnum, _("Cannot make the file %s"), path);
}

bool
export_create(const char *where, const char *name, char **ret_path, int *ret_fd,
	struct error *err)
{
	return find_path(where, name, ret_path, ret_fd, err);
}

bool
export_choose(
	const char *where, const char *name, char **ret_path, struct error *err)
{
	return find_path(where, name, ret_path, NULL, err);
}
