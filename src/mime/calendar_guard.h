/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a calendar reaches libical: unfolded lines of known properties in
 * known components, balanced, without control characters, within limits.
 */
#ifndef TERCET_MIME_CALENDAR_GUARD_H
#define TERCET_MIME_CALENDAR_GUARD_H

#include "base/slice.h"
#include "base/strbuf.h"

enum {
	GUARD_OUTPUT_MAX = 256 * 1024,
	GUARD_LINE_MAX = 16 * 1024, /* unfolded; longer text is cut, else the
				       line is left out */
	GUARD_COMPONENTS_MAX = 100,
	GUARD_PROPERTIES_MAX = 300, /* of a component */
	GUARD_DEPTH_MAX = 4,
	GUARD_PARAMS_MAX = 20, /* of a property */
};

/* Appends what may be read of `text`, CRLF behind each line. */
void calendar_guard(struct slice text, struct strbuf *out);

#endif /* TERCET_MIME_CALENDAR_GUARD_H */
