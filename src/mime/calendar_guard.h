/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a calendar reaches libical: unfolded lines of known properties in
 * known components, balanced, without control characters, within limits.
 */
#ifndef TERCET_MIME_CALENDAR_GUARD_H
#define TERCET_MIME_CALENDAR_GUARD_H

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

/* Appends what may be read of `text`, CRLF behind each line. */
void calendar_guard(struct slice text, struct strbuf *out);

#endif /* TERCET_MIME_CALENDAR_GUARD_H */
