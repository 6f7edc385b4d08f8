/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must be done to bring a folder in step, from what the store knows of it
 * and what SELECT said.  Pure; its tests are tables.
 */
#ifndef TERCET_SYNC_PLAN_H
#define TERCET_SYNC_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which a plan holds them. */
enum step {
	/* The mailbox looks empty, and as if it had never held what the store
	 * has of it (UIDNEXT went back, RFC 9051 2.3.1.1): nothing is taken
	 * away before a later look finds the same. */
	STEP_DOUBT_EMPTY,
	/* The mailbox looks empty and the store holds mail of it: nothing is
	 * taken away before a second session says the same. */
	STEP_CONFIRM_EMPTY,
	/* UIDVALIDITY changed: UIDs are void, what they named stays. */
	STEP_FORGET_UIDS,
	/* The newest screenful, by position: a first sight, or much mail came
	 * meanwhile. */
	STEP_NEWEST,
	/* Headers from the stored UIDNEXT on. */
	STEP_NEW,
	/* Flags changed since the stored HIGHESTMODSEQ (RFC 7162 3.1.4). */
	STEP_FLAGS_SINCE,
	/* Every UID: what is gone goes, what is missing is fetched. */
	STEP_SEARCH,
	/* Every flag of what SEARCH found here and there: no CONDSTORE. */
	STEP_FLAGS_ALL,
	/* Headers that SEARCH found missing, newest first. */
	STEP_BACKFILL,
	STEPS,
};

const char *step_name(enum step step);

/* More new messages than this come like a first sight: newest first. */
enum { PLAN_NEW_MAX = 1000 };

struct plan_local {
	bool complete;        /* every header was here once */
	bool known;           /* anything was */
	uint32_t uidvalidity; /* 0: UIDs are void */
	uint32_t uidnext;     /* 0: not known, or doubted */
	uint64_t modseq;
	uint64_t placed; /* of the server's messages */
};

struct plan_server {
	uint32_t exists;
	uint32_t uidvalidity;
	uint32_t uidnext; /* 0: not told */
	uint64_t modseq;  /* 0: no CONDSTORE for this mailbox */
	bool qresync;     /* changes and vanished UIDs came with SELECT */
	bool empty_confirmed;
	/* Without QRESYNC, EXPUNGE speaks in positions, so the UIDs of a
	 * watched folder are needed whatever changed. */
	bool needs_positions;
};

struct plan {
	enum step steps[STEPS];
	size_t n;
};

void plan_folder(const struct plan_local *local,
	const struct plan_server *server, struct plan *ret_plan);
bool plan_has(const struct plan *plan, enum step step);

#endif /* TERCET_SYNC_PLAN_H */
