/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which UID stands at which position of the selected mailbox.  Without QRESYNC
 * an EXPUNGE names a position only (RFC 9051 7.5.1), and so may a FETCH that
 * nobody asked for.
 *
 * Known is a stretch from the first message on; beyond it, and where 0 stands,
 * nothing is.  Memory grows with UIDs that were told, never with a number the
 * server merely mentions.
 */
#ifndef TERCET_SYNC_POSITIONS_H
#define TERCET_SYNC_POSITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/uidset.h"

enum { POSITIONS_MAX = 16 * 1024 * 1024 };

/* Positions from `gap` on stand `room - n` further behind, so that expunges
 * close to each other move next to nothing. */
struct positions {
	uint32_t *uids;
	size_t n; /* known */
	size_t room;
	size_t gap;
};

void positions_clear(struct positions *positions);
/* All of them: the mailbox holds these UIDs and no others. */
void positions_fill(struct positions *positions, const struct uidset *uids);
/* One; where it leaves what is known behind, it is passed over. */
void positions_note(
	struct positions *positions, uint32_t sequence, uint32_t uid);
/* 0: not known. */
uint32_t positions_uid(const struct positions *positions, uint32_t sequence);
/* What stands behind moves up. */
void positions_remove(struct positions *positions, uint32_t sequence);

#endif /* TERCET_SYNC_POSITIONS_H */
