/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sync thread's own state, for worker.c and jobs.c. */
#ifndef TERCET_SYNC_SYNCER_H
#define TERCET_SYNC_SYNCER_H

#include "base/array.h"
#include "sync/backoff.h"
#include "sync/private.h"
#include "sync/push.h"

/* Why nothing is tried any more until something happens. */
enum parking {
	PARKED_NOT,
	PARKED_FOR_PASSWORD, /* a person has to give it */
	PARKED_UNTRUSTED,    /* another network may be an honest one */
	PARKED_MISCONFIGURED,
};

/* A pass that another process wished for. */
struct wished_pass {
	int64_t token;
	int64_t folder; /* 0: all */
	bool begun;
	struct error failed; /* in a folder: the first */
};
ARRAY_OF(wished_passes, struct wished_pass);

struct syncer {
	struct worker *worker;
	struct session *session;
	enum account_state state;
	bool told_state;
	int64_t wished; /* folder on the screen; 0: the inbox */
	struct wished_passes passes;

	/* between sessions */
	struct backoff backoff;
	enum parking parked;
	int refused_logins;
	int stale;          /* sessions ended by ERR_STALE, in a row */
	bool has_questions; /* rows that a good login answers */
	int64_t asleep_us;  /* clock_boot_us() - clock_mono_us() */
	int64_t ahead_us;   /* clock_wall_us() - clock_mono_us() */
	int route_fd;
	int clock_fd;
	int wake_fd; /* epoll: commands, routes, clock */

	/* of this session */
	int64_t opened_us;
	struct pull pull; /* of the selected folder */
	struct push push;
	struct id_array visited; /* folders in step */
	struct id_array refused; /* folders the server will not show */
	bool listed;
	bool notify_set; /* NOTIFY is on */
	bool notify_refused;
	bool all_in_step;
	int64_t next_list_us;
	int64_t next_dirty_us; /* no new look at a dirty folder before */
	int64_t next_probe_us;
	uint64_t waiting; /* what local work had before it when it began */
	int64_t left;     /* and has now */
	int64_t until_us; /* when it makes room for others */
};

enum job_result {
	JOB_NOTHING, /* not this one's turn: look further */
	JOB_DONE,    /* a piece was done: begin at the top again */
	JOB_FAILED,
};

/* jobs.c: the first thing that waits. */
enum job_result syncer_work(struct syncer *syncer, struct error *err);

/* passes.c: takes the wish. */
void syncer_wish_pass(struct syncer *syncer, const struct command *command);
/* A failure in a folder ends no pass, but is told at its end. */
void syncer_fail_folder(
	struct syncer *syncer, int64_t folder, const struct error *why);
/* All of them end here. */
void syncer_fail_passes(struct syncer *syncer, const struct error *why);
/* The next folder that is wished for and not looked at yet; 0: none. */
int64_t syncer_next_wished(struct syncer *syncer);
/* Those of folders that are in step now. */
MUST_CHECK bool syncer_end_folder_passes(
	struct syncer *syncer, struct error *err);
/* Everything is in step. */
void syncer_end_passes(struct syncer *syncer);
void syncer_drop_passes(struct syncer *syncer);

/* worker.c */
void syncer_set_state(
	struct syncer *syncer, enum account_state state, const char *text);
/* Whether the machine slept, or its clock was set, since last asked. */
bool syncer_clock_jumped(struct syncer *syncer);

bool ids_have(const struct id_array *ids, int64_t id);
void ids_drop(struct id_array *ids, int64_t id);

#endif /* TERCET_SYNC_SYNCER_H */
