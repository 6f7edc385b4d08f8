/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store, a model server and a session between them. */
#ifndef TERCET_TESTS_SYNC_SCENE_H
#define TERCET_TESTS_SYNC_SCENE_H

#include <signal.h>

#include "sync/pull.h"
#include "sync/tree.h"

#include "store_fixture.h"
#include "sync_model.h"

struct scene {
	struct fixture fixture;
	struct model model;
	struct account_config account;
	struct config config;
	struct cancel cancel;
	struct session session;
	struct pull pull;
	int events[EVENT_ENGINE_IS_OURS + 1];
	bool interrupted;
};

static inline void
scene_tell(void *ctx, struct event *event)
{
	struct scene *scene = ctx;

	scene->events[event->type]++;
	event_free(event);
}

static inline bool
scene_is_interrupted(void *ctx)
{
	return ((struct scene *)ctx)->interrupted;
}

static inline void
scene_begin_session(struct scene *scene)
{
	struct session_options options = {
		.config = &scene->config,
		.account = &scene->account,
		.account_id = scene->fixture.account,
		.store = scene->fixture.store,
		.cancel = &scene->cancel,
		.watches = true,
		.tell = scene_tell,
		.is_interrupted = scene_is_interrupted,
		.ctx = scene,
	};

	session_init(&scene->session, &options);
	session_set_password(&scene->session, xstrdup("secret"));
}

/* Letters 1 to `n`; nothing fetched yet. */
static inline void
scene_open(struct scene *scene, const char *capability, int n)
{
	*scene = (struct scene){ 0 };
	signal(SIGPIPE, SIG_IGN);
	fixture_open(&scene->fixture);
	model_start(&scene->model, capability, n);
	scene->account = (struct account_config){
		.name = (char *)"work",
		.address = (char *)"ann@example.org",
		.imap = { .present = true,
			.security = URL_INSECURE,
			.host = (char *)"127.0.0.1",
			.user = (char *)"ann",
			.port = scene->model.port },
	};
	scene->config.accounts = &scene->account;
	scene->config.n_accounts = 1;
	cancel_init(&scene->cancel);
	scene_begin_session(scene);
}

static inline void
scene_close(struct scene *scene)
{
	pull_clear(&scene->pull);
	session_clear(&scene->session);
	model_stop(&scene->model);
	cancel_destroy(&scene->cancel);
	fixture_close(&scene->fixture);
}

static inline struct model_box *
scene_inbox(struct scene *scene)
{
	return &scene->model.boxes[0];
}

/* One folder, from connecting to the last header; the error's kind. */
static inline enum error_kind
sync_folder(struct scene *scene, int64_t folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct session *session = &scene->session;

	if ((session_is_open(session) || session_open(session, &err)) &&
		pull_head(session, folder, &scene->pull, &err) &&
		(scene->pull.complete ||
			pull_backfill(session, &scene->pull, &err)))
		return ERR_NONE;
	printf("# %s\n", err.text);
	/* A dead session goes; a refusal leaves it. */
	if (err.kind != ERR_REFUSED)
		session_close(session);
	return err.kind;
}

static inline enum error_kind
sync_inbox(struct scene *scene)
{
	return sync_folder(scene, scene->fixture.inbox);
}

static inline enum error_kind
sync_tree(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct session *session = &scene->session;

	if ((session_is_open(session) || session_open(session, &err)) &&
		tree_pull(session, &err))
		return ERR_NONE;
	printf("# %s\n", err.text);
	return err.kind;
}

/* What is wrong with a letter of the store; NULL: nothing. */
static inline const char *
letter_fault(
	struct scene *scene, int64_t folder, const struct model_letter *letter)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message message CLEANUP(message_clear) = { 0 };
	char subject[40];
	int64_t placement, id;

	if (placement_find(scene->fixture.store, folder, letter->uid,
		    &placement, &id, &err) != FOUND)
		return "missing";
	MUST(message_load(scene->fixture.store, id, &message, &err) == FOUND);
	snprintf(subject, sizeof(subject), "Letter %d", letter->number);
	if (!message.envelope.subject ||
		strcmp(message.envelope.subject, subject) != 0)
		return "another letter";
	for (size_t i = 0; i < message.n_placements; i++) {
		const struct message_placement *it = &message.placements[i];
		uint32_t bits =
			(letter->flags & MODEL_SEEN ? FLAG_SEEN : 0u) |
			(letter->flags & MODEL_FLAGGED ? FLAG_FLAGGED : 0u);

		if (it->id == placement && it->flags.bits != bits)
			return "flags";
	}
	return NULL;
}

/* In how many places the folder is not what the mailbox is. */
static inline int
count_differences(struct scene *scene, int64_t folder_id, struct model_box *box,
	bool tell)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };
	int wrong = 0;

	lock_take(&scene->model.lock);
	for (size_t i = 0; i < box->n; i++) {
		const char *fault =
			letter_fault(scene, folder_id, &box->items[i]);

		if (fault && wrong++ < 5 && tell)
			printf("# UID %u: %s\n", box->items[i].uid, fault);
	}
	MUST(folder_uids(scene->fixture.store, folder_id, &here, &err));
	MUST(folder_load(scene->fixture.store, folder_id, &folder, &err) ==
		FOUND);
	if (uidset_count(&here) != box->n || folder.placed != (int64_t)box->n ||
		folder.unread != unseen(box)) {
		if (tell)
			printf("# %llu UIDs, %lld placed, %lld unread; %zu and "
			       "%u there\n",
				(unsigned long long)uidset_count(&here),
				(long long)folder.placed,
				(long long)folder.unread, box->n, unseen(box));
		wrong++;
	}
	lock_give(&scene->model.lock);
	return wrong;
}

/* The folder is what the mailbox is. */
static inline bool
is_same(struct scene *scene, int64_t folder_id, struct model_box *box,
	const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int wrong = count_differences(scene, folder_id, box, true);
	uint64_t faults = 0;

	MUST(store_check(
		scene->fixture.store, true, say_fault, NULL, &faults, &err));
	return ok(wrong == 0 && faults == 0, "%s", what);
}

static inline bool
inbox_is_same(struct scene *scene, const char *what)
{
	return is_same(scene, scene->fixture.inbox, scene_inbox(scene), what);
}

/* The server's fault, once the wanted number of these commands came. */
static inline bool
is_command(const char *verb, const char *args, const char *want_verb,
	const char *want_args)
{
	return strcmp(verb, want_verb) == 0 && strstr(args, want_args);
}

#endif /* TERCET_TESTS_SYNC_SCENE_H */
