/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One folder against a server that changes, fails and lies. */
#include "base/array.h"
#include "sync/private.h"

#include "sync_scene.h"

enum { MANY = 1200, FEW = 30 };

static const char *const kinds[] = { MODEL_PLAIN, MODEL_CONDSTORE,
	MODEL_QRESYNC };
static const char *const kind_names[] = { "plain", "CONDSTORE", "QRESYNC" };

static char name_buf[200];

static const char *
named(size_t kind, const char *what)
{
	snprintf(name_buf, sizeof(name_buf), "%s: %s", kind_names[kind], what);
	return name_buf;
}

/* --- what happens between two sessions ----------------------------------- */

static void
change(struct model_box *box)
{
	for (size_t i = 0; i < box->n; i += 7)
		model_set_flags(box, i, (uint32_t)(i % 4));
	for (size_t i = 0; i < 10; i++)
		model_expunge(box, i * 3);
	model_fill(box, MANY + 1, MANY + 20);
}

static void
test_resync(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		struct scene scene;

		scene_open(&scene, kinds[kind], MANY);
		is_int(sync_inbox(&scene), ERR_NONE,
			named(kind, "first sight"));
		inbox_is_same(&scene, named(kind, "all is here"));
		change(scene_inbox(&scene));
		session_close(&scene.session);
		is_int(sync_inbox(&scene), ERR_NONE, named(kind, "again"));
		inbox_is_same(&scene, named(kind, "all changes are here"));
		model_set_flags(scene_inbox(&scene), 700, MODEL_FLAGGED);
		model_fill(scene_inbox(&scene), 3001, 5200);
		session_close(&scene.session);
		is_int(sync_inbox(&scene), ERR_NONE,
			named(kind, "much new mail"));
		inbox_is_same(&scene, named(kind, "all of it is here"));
		scene_close(&scene);
	}
}

static void
test_no_uidnext(void)
{
	struct scene scene;
	int before;

	scene_open(&scene, MODEL_PLAIN, FEW);
	scene_inbox(&scene)->uidnext = 0; /* what it tells */
	is_int(sync_inbox(&scene), ERR_NONE, "UIDNEXT is 0: first sight");
	scene_inbox(&scene)->uidnext = FEW + 1;
	model_append(scene_inbox(&scene), FEW + 1);
	scene_inbox(&scene)->uidnext = 0;
	session_close(&scene.session);
	before = scene.model.commands;
	is_int(sync_inbox(&scene), ERR_NONE, "UIDNEXT is 0: again");
	inbox_is_same(&scene, "UIDNEXT is 0: all is here");
	ok(scene.model.commands - before < 8, "with few commands");
	scene_close(&scene);
}

static void
test_uidvalidity(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct scene scene;
		int64_t before, after;

		scene_open(&scene, kinds[kind], MANY);
		is_int(sync_inbox(&scene), ERR_NONE,
			named(kind, "first sight"));
		MUST(placement_find(scene.fixture.store, scene.fixture.inbox,
			     500, NULL, &before, &err) == FOUND);
		model_expunge(scene_inbox(&scene), 900);
		model_renumber(scene_inbox(&scene), 7);
		session_close(&scene.session);
		is_int(sync_inbox(&scene), ERR_NONE, named(kind, "renumbered"));
		inbox_is_same(&scene, named(kind, "new UIDs, nothing twice"));
		MUST(placement_find(scene.fixture.store, scene.fixture.inbox,
			     506, NULL, &after, &err) == FOUND);
		is_int(after, before, named(kind, "it is the same message"));
		scene_close(&scene);
	}
}

static bool
die_at_headers(struct model_client *client, const char *verb, const char *args)
{
	if (is_command(verb, args, "UID FETCH", "HEADER"))
		client->closed = true;
	return client->closed;
}

static void
test_uidvalidity_interrupted(void)
{
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, MANY);
	is_int(sync_inbox(&scene), ERR_NONE, "to be renumbered");
	session_close(&scene.session);
	model_renumber(scene_inbox(&scene), 5000);
	model_set_hook(&scene.model, die_at_headers);
	is_int(sync_inbox(&scene), ERR_OFFLINE, "cut while renumbered");
	model_set_hook(&scene.model, NULL);
	is_int(sync_inbox(&scene), ERR_NONE, "taken up");
	inbox_is_same(&scene, "renumbered, nothing twice");
	scene_close(&scene);
}

/* --- what happens meanwhile ---------------------------------------------- */

static int meanwhile_at;

/* New mail, flags and expunges at the n-th command. */
static bool
meanwhile(struct model_client *client, const char *verb, const char *args)
{
	struct model_box *box = &client->model->boxes[0];

	(void)args;
	if (strcmp(verb, "SELECT") == 0 || --meanwhile_at != 0)
		return false;
	model_fill(box, 9001, 9003);
	model_set_flags(box, 3, MODEL_SEEN);
	model_set_flags(box, box->n - 5, MODEL_SEEN);
	model_expunge(box, 20);
	model_expunge(box, box->n - 10);
	return false;
}

static void
hear(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct session *session = &scene->session;

	for (int i = 0; i < 5; i++) {
		MUST(imap_noop(session->imap, &err));
		if (session->at.is_dirty)
			MUST(sync_inbox(scene) == ERR_NONE);
		MUST(pull_news(session, &err));
	}
}

static void
test_meanwhile(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		for (int at = 1; at <= 8; at++) {
			struct scene scene;

			scene_open(&scene, kinds[kind], MANY);
			model_set_hook(&scene.model, meanwhile);
			meanwhile_at = at;
			is_int(sync_inbox(&scene), ERR_NONE,
				named(kind, "changed meanwhile"));
			hear(&scene);
			printf("# at command %d\n", at);
			inbox_is_same(&scene,
				named(kind, "what changed meanwhile is here"));
			scene_close(&scene);
		}
	}
}

/* Watching: positions in EXPUNGE, and in FETCH without a UID. */
static void
test_watching(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		struct scene scene;
		struct model_box *box;
		int before;

		scene_open(&scene, kinds[kind], FEW);
		box = scene_inbox(&scene);
		is_int(sync_inbox(&scene), ERR_NONE, named(kind, "watching"));
		before = scene.model.commands;
		for (int i = 0; i < 5; i++) {
			lock_take(&scene.model.lock);
			model_expunge(box, (size_t)i * 3);
			model_set_flags(box, (size_t)i, MODEL_FLAGGED);
			model_append(box, 100 + i);
			model_set_flags(box, box->n - 1, MODEL_SEEN);
			lock_give(&scene.model.lock);
			hear(&scene);
		}
		inbox_is_same(&scene, named(kind, "what is watched is here"));
		ok(scene.model.commands - before <= 30,
			"%s: without looking at the whole again",
			kind_names[kind]);
		scene_close(&scene);
	}
}

static void
test_interrupted(void)
{
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, MANY);
	scene.interrupted = true;
	is_int(sync_inbox(&scene), ERR_NONE, "interrupted: the newest only");
	ok(!scene.pull.complete, "the backfill waits");
	scene.interrupted = false;
	{
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		MUST(pull_backfill(&scene.session, &scene.pull, &err));
	}
	inbox_is_same(&scene, "and is taken up");
	/* The same with flags, which come in pieces too. */
	for (size_t i = 0; i < scene_inbox(&scene)->n; i++)
		model_set_flags(scene_inbox(&scene), i, MODEL_SEEN);
	session_close(&scene.session);
	scene.interrupted = true;
	is_int(sync_inbox(&scene), ERR_NONE, "interrupted: some flags");
	session_close(&scene.session);
	scene.interrupted = false;
	is_int(sync_inbox(&scene), ERR_NONE, "the rest of them");
	inbox_is_same(&scene, "all flags are here");
	scene_close(&scene);
}

/* --- faults -------------------------------------------------------------- */

/* A letter that no FETCH may touch. */
enum { BROKEN_UID = 40 };

static bool
refuse_broken(struct model_client *client, const char *verb, const char *args)
{
	char set[8000];

	if (strncmp(verb, "UID FETCH", 9) != 0 || !strstr(args, "HEADER"))
		return false;
	snprintf(set, sizeof(set), "%.*s", (int)strcspn(args, " "), args);
	if (!in_set(set, BROKEN_UID))
		return false;
	say(client, "%s NO [SERVERBUG] that one is broken", client->tag);
	return true;
}

static void
test_one_broken(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, MANY);
	model_set_hook(&scene.model, refuse_broken);
	is_int(sync_inbox(&scene), ERR_NONE, "one message cannot be read");
	MUST(folder_uids(
		scene.fixture.store, scene.fixture.inbox, &here, &err));
	is_int((int64_t)uidset_count(&here), MANY - 1, "all others are here");
	model_set_hook(&scene.model, NULL);
	session_close(&scene.session);
	is_int(sync_inbox(&scene), ERR_NONE, "it is mended");
	inbox_is_same(&scene, "then it comes too");
	scene_close(&scene);
}

static const char *const odd_answers[] = {
	"FLAGS () BODY[HEADER.FIELDS (DATE)] NIL RFC822.SIZE 5",
	"FLAGS () RFC822.SIZE 5",
	"INTERNALDATE \"14-Nov-2023 10:00:00 +0000\"",
	"FLAGS () BODYSTRUCTURE NIL BODY[HEADER.FIELDS (DATE)] \"\"",
};
static size_t odd_at;

static bool
answer_oddly(struct model_client *client, const char *verb, const char *args)
{
	(void)verb;
	if (!strstr(args, "HEADER"))
		return false;
	for (size_t i = 0; i < client->n_view; i++)
		say(client, "* %zu FETCH (UID %u %s)", i + 1, client->view[i],
			odd_answers[odd_at]);
	done(client);
	return true;
}

static void
test_odd_answers(void)
{
	for (odd_at = 0; odd_at < ARRAY_LEN(odd_answers); odd_at++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;
		struct scene scene;

		scene_open(&scene, MODEL_PLAIN, 3);
		model_set_hook(&scene.model, answer_oddly);
		is_int(sync_inbox(&scene), ERR_NONE, odd_answers[odd_at]);
		MUST(folder_uids(
			scene.fixture.store, scene.fixture.inbox, &here, &err));
		is_int((int64_t)uidset_count(&here), 3,
			"the message is there nevertheless");
		scene_close(&scene);
	}
}

static bool
search_nothing(struct model_client *client, const char *verb, const char *args)
{
	(void)args;
	if (strcmp(verb, "UID SEARCH") != 0)
		return false;
	say(client, "* SEARCH 3");
	done(client);
	return true;
}

static bool
lie_about_size(struct model_client *client, const char *verb, const char *args)
{
	(void)args;
	if (strcmp(verb, "NOOP") != 0)
		return false;
	say(client, "* 4294967295 EXISTS");
	say(client, "* 4000000000 EXPUNGE");
	say(client, "* 4000000000 FETCH (FLAGS (\\Seen))");
	done(client);
	return true;
}

static void
test_lies(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct scene scene;

	scene_open(&scene, MODEL_PLAIN, FEW);
	is_int(sync_inbox(&scene), ERR_NONE, "before the lie");
	session_close(&scene.session);
	model_set_hook(&scene.model, search_nothing);
	is_int(sync_inbox(&scene), ERR_NONE, "SEARCH finds one of many");
	inbox_is_same(&scene, "nothing goes for that");
	model_set_hook(&scene.model, lie_about_size);
	MUST(imap_noop(scene.session.imap, &err));
	ok(scene.session.at.positions.room < 1000,
		"four billion messages cost no memory");
	scene_close(&scene);
}

/* --- empty --------------------------------------------------------------- */

static size_t
count_here(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset here CLEANUP(uidset_clear) = UIDSET_INIT;

	MUST(folder_uids(
		scene->fixture.store, scene->fixture.inbox, &here, &err));
	return uidset_count(&here);
}

static void
test_emptied(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		struct scene scene;
		size_t kept;

		scene_open(&scene, kinds[kind], FEW);
		is_int(sync_inbox(&scene), ERR_NONE, named(kind, "to empty"));
		session_close(&scene.session);
		kept = scene_inbox(&scene)->n;
		scene_inbox(&scene)->n = 0;
		is_int(sync_inbox(&scene), ERR_STALE,
			named(kind, "emptied: a second opinion"));
		is_int((int64_t)count_here(&scene), FEW,
			named(kind, "emptied: nothing is lost"));
		scene_inbox(&scene)->n = kept;
		is_int(sync_inbox(&scene), ERR_NONE,
			named(kind, "emptied: it was a lie"));
		inbox_is_same(&scene, named(kind, "emptied: all is here"));
		session_close(&scene.session);
		while (scene_inbox(&scene)->n > 0)
			model_expunge(scene_inbox(&scene), 0);
		is_int(sync_inbox(&scene), ERR_STALE,
			named(kind, "emptied again"));
		is_int(sync_inbox(&scene), ERR_NONE,
			named(kind, "emptied: seen twice"));
		inbox_is_same(&scene, named(kind, "emptied: it is empty"));
		scene_close(&scene);
	}
}

static void
test_emptied_oddly(void)
{
	struct scene scene;
	uint32_t uidnext;

	scene_open(&scene, MODEL_PLAIN, FEW);
	is_int(sync_inbox(&scene), ERR_NONE, "to empty oddly");
	session_close(&scene.session);
	uidnext = scene_inbox(&scene)->uidnext;
	scene_inbox(&scene)->n = 0;
	scene_inbox(&scene)->uidnext = 1;
	is_int(sync_inbox(&scene), ERR_NONE, "UIDNEXT went back");
	ok(scene.pull.doubtful, "it is doubted");
	is_int((int64_t)count_here(&scene), FEW, "and all is kept");
	session_close(&scene.session);
	scene_inbox(&scene)->n = FEW;
	scene_inbox(&scene)->uidnext = uidnext;
	is_int(sync_inbox(&scene), ERR_NONE, "all is back");
	inbox_is_same(&scene, "and here");
	session_close(&scene.session);
	scene_inbox(&scene)->n = 0;
	scene_inbox(&scene)->uidnext = 1;
	is_int(sync_inbox(&scene), ERR_NONE, "again");
	session_close(&scene.session);
	is_int(sync_inbox(&scene), ERR_STALE, "and again");
	is_int(sync_inbox(&scene), ERR_NONE, "and again");
	is_int((int64_t)count_here(&scene), 0, "so it is believed");
	scene_close(&scene);
}

/* Each wants its second opinion, and gets it. */
static void
test_two_emptied(void)
{
	struct scene scene;
	int64_t folders[2];
	int stale = 0;

	scene_open(&scene, MODEL_QRESYNC, FEW);
	model_fill(model_add_box(&scene.model, "Other"), 200, 210);
	folders[0] = scene.fixture.inbox;
	folders[1] = make_folder(
		scene.fixture.store, scene.fixture.account, "Other", ROLE_NONE);
	for (int i = 0; i < 2; i++) {
		is_int(sync_folder(&scene, folders[i]), ERR_NONE, "filled");
		while (scene.model.boxes[i].n > 0)
			model_expunge(&scene.model.boxes[i], 0);
	}
	session_close(&scene.session);
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 2; i++) {
			if (sync_folder(&scene, folders[(i + round) % 2]) ==
				ERR_STALE) {
				stale++;
				break;
			}
		}
	}
	is_int(stale, 2, "asked again once for each");
	is_same(&scene, folders[1], &scene.model.boxes[1], "both are empty");
	scene_close(&scene);
}

/* --- cut at any byte ----------------------------------------------------- */

static void
test_cut(void)
{
	for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
		struct scene scene;
		int64_t cut = 100;
		int cuts = 0;

		scene_open(&scene, kinds[kind], 400);
		/* The further it gets, the less is left to be said. */
		while (cuts < 150) {
			scene.model.cut_after = cut;
			if (sync_inbox(&scene) == ERR_NONE)
				break;
			cuts++;
			cut += 97 + cuts * 13;
			if (cuts % 10 == 0)
				change(scene_inbox(&scene));
		}
		printf("# %d cuts\n", cuts);
		ok(cuts > 20, "%s: cut often", kind_names[kind]);
		scene.model.cut_after = 0;
		session_close(&scene.session);
		is_int(sync_inbox(&scene), ERR_NONE, named(kind, "at last"));
		inbox_is_same(&scene, named(kind, "nothing lost, or twice"));
		scene_close(&scene);
	}
}

static void
test_take_newest(void)
{
	struct uidset from CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset held CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset to CLEANUP(uidset_clear) = UIDSET_INIT;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, 1000);
	uidset_add_range(&from, 1, 10);
	uidset_add_range(&from, 20, 29);
	uidset_add_range(&from, 40, 40);
	uidset_add(&held, 35);
	pull_take_newest(&from, &held, 4, &to);
	uidset_print(&to, &text);
	is_str(text.data, "27:29,40", "not over what is held");
	strbuf_reset(&text);
	uidset_clear(&to);
	pull_take_newest(&from, &held, 9, &to);
	uidset_print(&to, &text);
	is_str(text.data, "9:26", "over what nobody has");
	strbuf_reset(&text);
	uidset_print(&from, &text);
	is_str(text.data, "1:8", "the rest");
}

int
main(void)
{
	test_take_newest();
	test_resync();
	test_no_uidnext();
	test_uidvalidity();
	test_uidvalidity_interrupted();
	test_meanwhile();
	test_watching();
	test_interrupted();
	test_one_broken();
	test_odd_answers();
	test_lies();
	test_emptied();
	test_emptied_oddly();
	test_two_emptied();
	test_cut();
	return tap_done();
}
