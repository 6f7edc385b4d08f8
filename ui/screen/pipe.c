/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/pipe.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "screen/opener.h"

static bool
open_input(int *ret_fd, struct error *err)
{
	int fd = memfd_create("tercet-mail", MFD_CLOEXEC);

	if (fd < 0)
		return error_set_errno(err, ERR_INVALID, errno,
			_("There is no memory for what is to be piped"));
	*ret_fd = fd;
	return true;
}

/* All that was written, to the command. */
static enum found
give(struct app *app, const char *command, int fd, struct error *err)
{
	if (lseek(fd, 0, SEEK_SET) < 0) {
		error_set_errno(err, ERR_INVALID, errno,
			_("What is to be piped cannot be read"));
		return FOUND_ERROR;
	}
	return opener_pipe(app, command, fd, err) ? FOUND : FOUND_ERROR;
}

static enum found
write_section(struct app *app, int64_t message, const char *section, int fd,
	struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	enum found found;

	strbuf_init(&bytes, PIPE_MAX);
	found = export_section(app->store, message, section, &bytes, err);
	if (found == FOUND && !file_write_all(fd, strbuf_slice(&bytes), err))
		return FOUND_ERROR;
	return found;
}

enum found
pipe_message(struct app *app, const struct message *message,
	const char *section, const char *command, struct error *err)
{
	int fd CLEANUP(closep) = -1;
	enum found found;

	if (!export_is_held(app->store, message->id, section))
		return NOT_FOUND;
	if (!open_input(&fd, err))
		return FOUND_ERROR;
	if (*section)
		found = export_part(app->store, message, section, fd, err);
	else
		found = write_section(app, message->id, section, fd, err);
	return found == FOUND ? give(app, command, fd, err) : found;
}

/* ">>From " and its like: quoted once more, it can be unquoted. */
static bool
is_from_line(struct slice line)
{
	while (line.len > 0 && line.data[0] == '>')
		line = slice_skip(line, 1);
	return slice_starts(line, SLICE("From "));
}

/* RFC 4155: as asctime() writes it, in English whatever the locale. */
static void
add_from_line(struct strbuf *out, int64_t date)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t when = (time_t)date;
	struct tm tm;

	/* Readers do not take a year that is not of four digits. */
	if (!gmtime_r(&when, &tm) || tm.tm_year < 70 || tm.tm_year > 8099) {
		when = 0;
		if (!gmtime_r(&when, &tm))
			return;
	}
	strbuf_addf(out,
		"From tercet@localhost %.3s %.3s %2d %02d:%02d:%02d %d\n",
		days + (size_t)tm.tm_wday * 3, months + (size_t)tm.tm_mon * 3,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		tm.tm_year + 1900);
}

bool
pipe_add_mbox(struct strbuf *out, struct slice message, int64_t date)
{
	struct slice line;

	/* The line some programs keep in front of the header. */
	if (slice_starts(message, SLICE("From ")))
		(void)slice_next_line(&message, &line);
	add_from_line(out, date);
	while (!out->full && slice_next_line(&message, &line)) {
		if (is_from_line(line))
			strbuf_add_char(out, '>');
		strbuf_add_slice(out, line);
		strbuf_add_char(out, '\n');
	}
	strbuf_add_char(out, '\n');
	return !out->full;
}

/* A message and where it belongs in the row. */
struct piped {
	int64_t id;
	int64_t date;
	size_t place;
};

static int
compare(const void *a, const void *b)
{
	const struct piped *x = a;
	const struct piped *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return x->place < y->place ? -1 : 1;
}

/* Fills in `piped`; NOT_FOUND when one is not here, or not whole. */
static enum found
find_dates(struct app *app, const struct id_array *ids, struct piped *piped,
	int64_t *ret_missing, struct error *err)
{
	for (size_t i = 0; i < ids->n; i++) {
		struct message message = { .id = 0 };
		enum found found =
			message_load(app->store, ids->items[i], &message, err);

		piped[i] = (struct piped){ .id = ids->items[i],
			.date = message.envelope.date ? message.envelope.date
						      : message.received,
			.place = i };
		message_clear(&message);
		if (found == FOUND &&
			!export_is_held(app->store, ids->items[i], ""))
			found = NOT_FOUND;
		*ret_missing = ids->items[i];
		if (found != FOUND)
			return found;
	}
	return FOUND;
}

static enum found
write_mbox(struct app *app, const struct piped *piped, int fd, size_t *left,
	struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf mbox CLEANUP(strbuf_clear) = { 0 };
	enum found found;

	strbuf_init(&bytes, PIPE_MAX);
	strbuf_init(&mbox, *left);
	found = export_section(app->store, piped->id, "", &bytes, err);
	if (found != FOUND)
		return found;
	if (!pipe_add_mbox(&mbox, strbuf_slice(&bytes), piped->date)) {
		error_set(err, ERR_LIMIT,
			_("These messages are larger than tercet pipes"));
		return FOUND_ERROR;
	}
	*left -= mbox.len;
	return file_write_all(fd, strbuf_slice(&mbox), err) ? FOUND
							    : FOUND_ERROR;
}

enum found
pipe_messages(struct app *app, const struct id_array *messages,
	const char *command, int64_t *ret_missing, struct error *err)
{
	struct piped *piped CLEANUP(freep) =
		xcalloc(messages->n ? messages->n : 1, sizeof(*piped));
	int fd CLEANUP(closep) = -1;
	size_t left = PIPE_MAX;
	enum found found = find_dates(app, messages, piped, ret_missing, err);

	if (found != FOUND)
		return found;
	qsort(piped, messages->n, sizeof(*piped), compare);
	if (!open_input(&fd, err))
		return FOUND_ERROR;
	for (size_t i = 0; i < messages->n && found == FOUND; i++) {
		*ret_missing = piped[i].id;
		found = write_mbox(app, &piped[i], fd, &left, err);
	}
	return found == FOUND ? give(app, command, fd, err) : found;
}
