/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands out, answers back. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/imap_private.h"

enum {
	QUOTED_MAX = 2000,
	LITERAL_MINUS_MAX = 4096,
	RANGE_LENGTH = 22, /* ",4294967295:4294967295" */
};

/* How long each step's answers may take. */
static const struct {
	int seconds;
	enum wire_pace pace;
} steps[STEPS] = {
	[STEP_GREETING] = { 30, WIRE_WHOLE },
	[STEP_CAPABILITY] = { 30, WIRE_WHOLE },
	[STEP_STARTTLS] = { 30, WIRE_WHOLE },
	[STEP_LOGIN] = { 60, WIRE_WHOLE },
	[STEP_SETUP] = { 60, WIRE_WHOLE },
	[STEP_COMPRESS] = { 30, WIRE_WHOLE },
	[STEP_LIST] = { 60, WIRE_PROGRESS },
	[STEP_SELECT] = { 90, WIRE_PROGRESS },
	[STEP_FETCH] = { 60, WIRE_PROGRESS },
	[STEP_SEARCH] = { 90, WIRE_PROGRESS },
	[STEP_STATUS] = { 60, WIRE_PROGRESS },
	[STEP_NOTIFY] = { 60, WIRE_PROGRESS },
	[STEP_WATCH] = { 20, WIRE_PROGRESS },
	[STEP_NOOP] = { 20, WIRE_WHOLE },
	/* Servers may copy much before they say a word. */
	[STEP_STORE] = { 120, WIRE_PROGRESS },
	[STEP_MOVE] = { 180, WIRE_PROGRESS },
	[STEP_COPY] = { 180, WIRE_PROGRESS },
	[STEP_EXPUNGE] = { 120, WIRE_PROGRESS },
	[STEP_APPEND] = { 120, WIRE_PROGRESS },
	[STEP_FOLDER] = { 120, WIRE_PROGRESS },
	[STEP_RIGHTS] = { 60, WIRE_PROGRESS },
};

/* TRANSLATORS: each of these stands in front of what went wrong: "Cannot log
 * in to imap.example.net:993: the server says: ..." */
static char *
what_failed(enum imap_step step, const char *host, unsigned port)
{
	switch (step) {
	case STEP_GREETING:
		return xasprintf(_("No session with %s:%u"), host, port);
	case STEP_CAPABILITY:
		return xasprintf(
			_("Cannot ask %s:%u what it can do"), host, port);
	case STEP_STARTTLS:
		return xasprintf(_("Cannot encrypt the connection to %s:%u"),
			host, port);
	case STEP_LOGIN:
		return xasprintf(_("Cannot log in to %s:%u"), host, port);
	case STEP_SETUP:
		return xasprintf(
			_("Cannot set up the session with %s:%u"), host, port);
	case STEP_COMPRESS:
		return xasprintf(_("Cannot compress the connection to %s:%u"),
			host, port);
	case STEP_LIST:
		return xasprintf(
			_("Cannot list the folders of %s:%u"), host, port);
	case STEP_SELECT:
		return xasprintf(
			_("Cannot open a folder of %s:%u"), host, port);
	case STEP_FETCH:
		return xasprintf(_("Cannot fetch mail from %s:%u"), host, port);
	case STEP_SEARCH:
		return xasprintf(_("Cannot search at %s:%u"), host, port);
	case STEP_STATUS:
		return xasprintf(
			_("Cannot ask %s:%u how its folders are"), host, port);
	case STEP_NOTIFY:
		return xasprintf(_("Cannot ask %s:%u for notice of changes"),
			host, port);
	case STEP_WATCH:
		return xasprintf(
			_("Cannot wait for mail from %s:%u"), host, port);
	case STEP_NOOP:
		return xasprintf(_("Lost the session with %s:%u"), host, port);
	case STEP_STORE:
		return xasprintf(_("Cannot change flags at %s:%u"), host, port);
	case STEP_MOVE:
		return xasprintf(_("Cannot move mail at %s:%u"), host, port);
	case STEP_COPY:
		return xasprintf(_("Cannot copy mail at %s:%u"), host, port);
	case STEP_EXPUNGE:
		return xasprintf(_("Cannot delete mail at %s:%u"), host, port);
	case STEP_APPEND:
		return xasprintf(_("Cannot put mail on %s:%u"), host, port);
	case STEP_FOLDER:
		return xasprintf(
			_("Cannot change the folders of %s:%u"), host, port);
	case STEP_RIGHTS:
		return xasprintf(
			_("Cannot ask %s:%u what is allowed"), host, port);
	case STEPS:
		break;
	}
	UNREACHABLE();
}

bool
imap_enter(struct imap *imap, enum imap_step step, struct error *err)
{
	int seconds = imap->timeout_s ? imap->timeout_s : steps[step].seconds;

	imap->step = step;
	if (imap->dead.kind != ERR_NONE)
		return error_copy(err, &imap->dead);
	wire_set_timeout(imap->wire, seconds, steps[step].pace);
	return true;
}

void
imap_prefix(const struct imap *imap, struct error *err)
{
	const struct endpoint *endpoint = wire_endpoint(imap->wire);
	char *cannot = what_failed(imap->step, endpoint->host, endpoint->port);

	error_prefix(err, "%s", cannot);
	free(cannot);
}

bool
imap_die(struct imap *imap, struct error *err)
{
	if (err->kind != ERR_CANCELLED)
		imap_prefix(imap, err);
	if (imap->dead.kind == ERR_NONE)
		error_copy(&imap->dead, err);
	wire_fail(imap->wire, err);
	/* Their owners are on the way out. */
	imap->selecting.selected = NULL;
	imap->listing = NULL;
	imap->found = NULL;
	imap->stream = NULL;
	imap->outcome = NULL;
	imap->appended = NULL;
	imap->rights = NULL;
	return false;
}

bool
imap_refuse(struct imap *imap, const char *said, struct error *err)
{
	if (said && *said)
		error_set(err, ERR_REFUSED,
			/* TRANSLATORS: the server's own words follow */
			_("the server says: %s"), said);
	else
		error_set(err, ERR_REFUSED, _("the server refuses"));
	imap_prefix(imap, err);
	return false;
}

uint64_t
imap_begin(struct imap *imap, enum imap_step step)
{
	struct imap_command *command = array_add(&imap->commands);

	command->tag = command->group = ++imap->last_tag;
	command->step = step;
	imap_putf(imap, "t%" PRIu64 " ", command->tag);
	return command->tag;
}

void
imap_put(struct imap *imap, const char *text)
{
	strbuf_add_str(&imap->out, text);
}

void
imap_putf(struct imap *imap, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&imap->out, fmt, ap);
	va_end(ap);
}

bool
imap_is_sendable(const char *text, struct error *err)
{
	if (!strpbrk(text, "\r\n"))
		return true;
	return error_set(err, ERR_INVALID,
		_("A line break cannot be sent to the server here"));
}

/* RFC 9051 4.3: what may stand in a quoted string. */
static bool
is_quotable(const struct imap *imap, struct slice text)
{
	bool utf8 = false;

	if (text.len > QUOTED_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (ascii_is_control(text.data[i]))
			return false;
		utf8 = utf8 || (unsigned char)text.data[i] >= 0x80;
	}
	return !utf8 ||
	       ((imap->enabled & IMAP_UTF8_ACCEPT) && utf8_is_valid(text));
}

static bool
put_literal(struct imap *imap, struct slice text, struct error *err)
{
	uint32_t can = imap->can.capabilities;
	bool waits =
		!(can & IMAP_LITERAL_PLUS) &&
		!((can & IMAP_LITERAL_MINUS) && text.len <= LITERAL_MINUS_MAX);
	bool continued;

	imap_putf(imap, "{%zu%s}\r\n", text.len, waits ? "" : "+");
	if (waits) {
		char *said CLEANUP(freep) = NULL;
		enum imap_answer answer;
		uint64_t tag = imap->last_tag;

		if (!imap_flush(imap, err) ||
			!imap_wait_continuation(imap, tag, &continued, err))
			return false;
		if (!continued) {
			if (!imap_wait_answer(
				    imap, tag, &answer, NULL, &said, err))
				return false;
			return imap_refuse(imap, said, err);
		}
	}
	strbuf_add_slice(&imap->out, text);
	return true;
}

bool
imap_put_string(struct imap *imap, struct slice text, struct error *err)
{
	for (size_t i = 0; i < text.len; i++) {
		/* Callers looked before they began the command. */
		ASSERT(text.data[i] != '\r' && text.data[i] != '\n' &&
			text.data[i] != '\0');
	}
	if (!is_quotable(imap, text))
		return put_literal(imap, text, err);
	strbuf_add_char(&imap->out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"' || text.data[i] == '\\')
			strbuf_add_char(&imap->out, '\\');
		strbuf_add_char(&imap->out, text.data[i]);
	}
	strbuf_add_char(&imap->out, '"');
	return true;
}

void
imap_put_set(
	struct imap *imap, const struct uidset *set, size_t most, size_t *next)
{
	size_t start = imap->out.len;

	do {
		const struct uid_range *range = &set->ranges[*next];

		if (imap->out.len > start)
			imap_put(imap, ",");
		imap_putf(imap, "%" PRIu32, range->first);
		if (range->last > range->first)
			imap_putf(imap, ":%" PRIu32, range->last);
	} while (++*next < set->n &&
		 imap->out.len - start + RANGE_LENGTH < most);
}

void
imap_end(struct imap *imap)
{
	imap_put(imap, "\r\n");
}

bool
imap_flush(struct imap *imap, struct error *err)
{
	bool good;

	if (imap->out.full)
		error_set(err, ERR_LIMIT, _("Too much to send at a time"));
	good = !imap->out.full &&
	       wire_write(imap->wire, strbuf_slice(&imap->out), err);
	/* It may have held a password. */
	explicit_bzero(imap->out.data, imap->out.len);
	strbuf_reset(&imap->out);
	return good ? true : imap_die(imap, err);
}

bool
imap_pump(struct imap *imap, struct error *err)
{
	struct response response;

	if (!frame_next(imap->frame, &response, err) ||
		!imap_dispatch(imap, &response, err))
		return imap_die(imap, err);
	return true;
}

bool
imap_pump_now(struct imap *imap, struct error *err)
{
	struct response response;
	bool any;

	do {
		if (!frame_next_now(imap->frame, &any, &response, err) ||
			(any && !imap_dispatch(imap, &response, err)))
			return imap_die(imap, err);
	} while (any);
	return true;
}

static struct imap_command *
find(struct imap *imap, uint64_t tag)
{
	for (size_t i = 0; i < imap->commands.n; i++) {
		if (imap->commands.items[i].tag == tag)
			return &imap->commands.items[i];
	}
	return NULL;
}

static void
drop(struct imap *imap, struct imap_command *command)
{
	size_t at = (size_t)(command - imap->commands.items);

	free(command->code);
	free(command->said);
	memmove(command, command + 1,
		(imap->commands.n - at - 1) * sizeof(*command));
	imap->commands.n--;
}

void
imap_forget(struct imap *imap, uint64_t tag)
{
	struct imap_command *command = find(imap, tag);

	ASSERT(command);
	if (command->answer != ANSWER_NONE)
		drop(imap, command);
	else
		command->forgotten = true;
}

void
imap_join(struct imap *imap, uint64_t tag, uint64_t group)
{
	struct imap_command *command = find(imap, tag);

	ASSERT(command);
	command->group = group;
}

uint64_t
imap_next_of(const struct imap *imap, uint64_t group)
{
	for (size_t i = 0; i < imap->commands.n; i++) {
		if (imap->commands.items[i].group == group)
			return imap->commands.items[i].tag;
	}
	return 0;
}

bool
imap_wait_answer(struct imap *imap, uint64_t tag, enum imap_answer *ret_answer,
	char **ret_code, char **ret_said, struct error *err)
{
	struct imap_command *command;

	for (;;) {
		command = find(imap, tag);
		ASSERT(command);
		if (command->answer != ANSWER_NONE)
			break;
		if (!imap_pump(imap, err))
			return false;
	}
	*ret_answer = command->answer;
	if (ret_code)
		*ret_code = STEAL(command->code);
	if (ret_said)
		*ret_said = STEAL(command->said);
	drop(imap, command);
	return true;
}

bool
imap_wait(struct imap *imap, uint64_t tag, struct error *err)
{
	char *said CLEANUP(freep) = NULL;
	enum imap_answer answer;

	if (!imap_wait_answer(imap, tag, &answer, NULL, &said, err))
		return false;
	return answer == ANSWER_OK || imap_refuse(imap, said, err);
}

bool
imap_wait_continuation(
	struct imap *imap, uint64_t tag, bool *ret_continued, struct error *err)
{
	imap->continued = false;
	while (!imap->continued) {
		if (find(imap, tag)->answer != ANSWER_NONE)
			break;
		if (!imap_pump(imap, err))
			return false;
	}
	*ret_continued = imap->continued;
	imap->continued = false;
	return true;
}
