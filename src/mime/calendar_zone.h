/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the clocks of a zone show: as its VTIMEZONE in the same calendar says
 * (RFC 5545 3.6.5), else as the system's time zone database does.
 *
 * libical would expand a VTIMEZONE's rules into all their changes; here only
 * the last change before the time in question is looked for, in time that does
 * not grow with the years.
 */
#ifndef TERCET_MIME_CALENDAR_ZONE_H
#define TERCET_MIME_CALENDAR_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include <libical/ical.h>

/* Seconds since 1970 if the clocks showed UTC; false when there is no such
 * time. */
bool calendar_civil(struct icaltimetype t, int64_t *ret_s);
/* 0 is Sunday. */
int calendar_weekday(int64_t civil_s);
/* Seconds east of UTC at a civil time there; false when nobody knows the
 * zone. */
bool calendar_offset(icalcomponent *calendar, const char *zone, int64_t civil_s,
	int64_t *ret_offset);

#endif /* TERCET_MIME_CALENDAR_ZONE_H */
