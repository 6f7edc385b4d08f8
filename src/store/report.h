/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What messages report of others: bounces, receipts, complaints.  They are
 * found by the Message-ID they name, within the account, whichever of the two
 * came first.
 */
#ifndef TERCET_STORE_REPORT_H
#define TERCET_STORE_REPORT_H

#include "base/array.h"
#include "mail/report.h"
#include "store/folder.h"
#include "store/store.h"

/* What one report says. */
struct report_found {
	int64_t message;  /* the report */
	int64_t received; /* seconds */
	int position;     /* in it */
	struct report_entry entry;
};
ARRAY_OF(report_found_array, struct report_found);

/* For CLEANUP() too. */
void report_found_clear(struct report_found_array *reports);

/* In a transaction.  Replaces what the message reports; one that does not say
 * about what is kept nowhere. */
MUST_CHECK bool report_save(struct store *store, int64_t message,
	const struct report *report, struct error *err);
/*
 * What is reported of a message, at most `max`: first what did not arrive, then
 * the rest, newest first.  Anybody can write a report: tell it as one.
 */
MUST_CHECK bool report_list(struct store *store, int64_t message, size_t max,
	struct report_found_array *ret_reports, struct error *err);

/* In a transaction.  What servers found of its origin, packed; NULL or "":
 * nothing. */
MUST_CHECK bool authentication_save(struct store *store, int64_t message,
	const char *results, struct error *err);

#endif /* TERCET_STORE_REPORT_H */
