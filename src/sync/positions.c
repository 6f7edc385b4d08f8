/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/positions.h"

#include <stdlib.h>

#include "base/mem.h"

void
positions_clear(struct positions *positions)
{
	free(positions->uids);
	*positions = (struct positions){ 0 };
}

static uint32_t *
at(const struct positions *positions, uint32_t sequence)
{
	size_t i = sequence - 1;

	if (sequence == 0 || i >= positions->n)
		return NULL;
	if (i >= positions->gap)
		i += positions->room - positions->n;
	return &positions->uids[i];
}

static void
move_gap(struct positions *positions, size_t to)
{
	uint32_t *uids = positions->uids;
	size_t gap = positions->gap;
	size_t width = positions->room - positions->n;

	if (to < gap)
		memmove(uids + to + width, uids + to,
			(gap - to) * sizeof(*uids));
	else if (to > gap)
		memmove(uids + gap, uids + gap + width,
			(to - gap) * sizeof(*uids));
	positions->gap = to;
}

static void
append(struct positions *positions, uint32_t uid)
{
	move_gap(positions, positions->n);
	if (positions->n == positions->room) {
		positions->room += positions->room / 4 + 64;
		positions->uids = xreallocarray(positions->uids,
			positions->room, sizeof(*positions->uids));
	}
	positions->uids[positions->n++] = uid;
	positions->gap = positions->n;
}

void
positions_fill(struct positions *positions, const struct uidset *uids)
{
	uint32_t uid = 0;

	positions_clear(positions);
	if (uidset_count(uids) > POSITIONS_MAX)
		return;
	while (uidset_next(uids, &uid))
		append(positions, uid);
}

void
positions_note(struct positions *positions, uint32_t sequence, uint32_t uid)
{
	uint32_t *known = at(positions, sequence);

	if (known)
		*known = uid;
	else if (sequence == positions->n + 1 && positions->n < POSITIONS_MAX)
		append(positions, uid);
}

uint32_t
positions_uid(const struct positions *positions, uint32_t sequence)
{
	const uint32_t *known = at(positions, sequence);

	return known ? *known : 0;
}

void
positions_remove(struct positions *positions, uint32_t sequence)
{
	if (!at(positions, sequence))
		return;
	move_gap(positions, sequence - 1);
	positions->n--;
}
