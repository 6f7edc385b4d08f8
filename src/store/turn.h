/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose turn it is to write.  SQLite lets one connection write and makes the
 * others poll; here they queue: the interface goes before everybody, the
 * others in the order they came.  While a person presses keys the others also
 * keep back between their turns, so that a key finds the processors free.
 *
 * Threads: any.
 */
#ifndef TERCET_STORE_TURN_H
#define TERCET_STORE_TURN_H

#include <stdbool.h>

struct turn;

struct turn *turn_new(void);
void turn_free(struct turn *turn);

/* Waits for it; `urgent` goes before all that are not. */
void turn_take(struct turn *turn, bool urgent);
void turn_give(struct turn *turn);
/*
 * A key was pressed: for the next moment nobody gets a turn who is not urgent,
 * unless he has waited for long already.
 */
void turn_attend(struct turn *turn);
/* Whether a key was pressed within the last second. */
bool turn_is_attended(struct turn *turn);
/* Whether somebody urgent waits. */
bool turn_is_wanted(struct turn *turn);
/* How many wait, for tests. */
unsigned turn_waiting(struct turn *turn);

#endif /* TERCET_STORE_TURN_H */
