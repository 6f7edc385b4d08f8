/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports on mail that was sent, to values.  Never fails: what cannot be read
 * is left out.
 */
#ifndef TERCET_MIME_REPORT_H
#define TERCET_MIME_REPORT_H

#include <stdbool.h>

#include "base/slice.h"
#include "mail/part.h"
#include "mail/report.h"

/* message/delivery-status, message/disposition-notification and
 * message/feedback-report, and their kin of RFC 6533. */
bool report_is_part(const struct part *part);
/*
 * Reads such a part, given its encoded bytes, and adds what it says: a
 * recipient an entry (RFC 3464 2, RFC 8098 3.1, RFC 5965 3).
 */
void report_read(
	const struct part *part, struct slice bytes, struct report *report);
/* The Message-ID of the message a report is about, from that one's header,
 * unless the report has said it. */
void report_read_returned(struct slice header, struct report *report);

/*
 * Bounces from before there were such parts, and from those who never heard of
 * them.  Whether the header is one of a bounce is asked first;
 * then `text` is read for recipients, reasons, and the message it is about.
 */
bool report_is_bounce(struct slice header);
void report_guess(
	struct slice header, struct slice text, struct report *report);

#endif /* TERCET_MIME_REPORT_H */
