/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/mem.h"

bool
error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_clear(err);
	err->kind = kind;
	err->text = text;
	return false;
}

static bool
is_disk_trouble(int errnum)
{
	return errnum == ENOSPC || errnum == EIO || errnum == EROFS ||
	       errnum == EDQUOT;
}

bool
error_set_errno(struct error *err, enum error_kind kind, int errnum,
	const char *fmt, ...)
{
	va_list ap;
	char *text;
	char reason[128];
	const char *words = strerror_r(errnum, reason, sizeof(reason));

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	error_clear(err);
	err->kind = is_disk_trouble(errnum) ? ERR_DISK : kind;
	err->text = xasprintf("%s: %s", text, words);
	free(text);
	return false;
}

bool
error_prefix(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *context;
	char *text;

	va_start(ap, fmt);
	context = xvasprintf(fmt, ap);
	va_end(ap);
	text = xasprintf("%s: %s", context, err->text ? err->text : "");
	free(context);
	free(err->text);
	err->text = text;
	return false;
}

void
error_detail(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *detail;

	va_start(ap, fmt);
	detail = xvasprintf(fmt, ap);
	va_end(ap);
	free(err->detail);
	err->detail = detail;
}

bool
error_because(struct error *err, enum error_cause cause)
{
	err->cause = cause;
	return false;
}

bool
error_copy(struct error *to, const struct error *from)
{
	struct error copy = {
		.kind = from->kind,
		.cause = from->cause,
		.text = xstrdup_null(from->text),
		.detail = xstrdup_null(from->detail),
	};

	error_clear(to);
	*to = copy;
	return false;
}

bool
error_move(struct error *to, struct error *from)
{
	struct error value = *from;

	*from = (struct error)ERROR_INIT;
	error_clear(to);
	*to = value;
	return false;
}

void
error_clear(struct error *err)
{
	free(err->text);
	free(err->detail);
	*err = (struct error)ERROR_INIT;
}

const char *
error_kind_name(enum error_kind kind)
{
	switch (kind) {
	case ERR_NONE:
		return "none";
	case ERR_CANCELLED:
		return "cancelled";
	case ERR_OFFLINE:
		return "offline";
	case ERR_LOGIN:
		return "login";
	case ERR_UNTRUSTED:
		return "untrusted";
	case ERR_REFUSED:
		return "refused";
	case ERR_PROTOCOL:
		return "protocol";
	case ERR_STALE:
		return "stale";
	case ERR_INVALID:
		return "invalid";
	case ERR_LIMIT:
		return "limit";
	case ERR_DISK:
		return "disk";
	case ERR_STORE:
		return "store";
	}
	UNREACHABLE();
}
