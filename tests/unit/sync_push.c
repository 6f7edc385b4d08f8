/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the pusher says to servers, and what it makes of their answers: one
 * operation on letters of the inbox against a server that answers as the table
 * has it.
 */
#include <sqlite3.h>

#include "base/array.h"
#include "store/action.h"
#include "store/operation.h"
#include "sync/push.h"

#include "sync_scene.h"

#define FULL    MODEL_QRESYNC " UIDPLUS MOVE UNSELECT"
#define NO_MOVE MODEL_PLAIN " UIDPLUS"
#define MODEST  MODEL_PLAIN

enum { ROUNDS_MAX = 60, ANSWERS = 8 };

/* How the server answers the next command of a kind; else it does as told. */
struct answer {
	const char *verb; /* "UID MOVE", "SELECT" */
	enum {
		SAY,       /* `text` with the tag in front, nothing done */
		DO_SAY,    /* done, and then `text` */
		CUT,       /* hangs up, nothing done */
		DO_CUT,    /* done, and hangs up */
		POISON,    /* `text` when UID 2 is in the set */
		SAY_BARE,  /* `text` as it is, then done as told */
		READ_ONLY, /* of SELECT */
	} how;
	const char *text;
};

struct scenario {
	const char *name;
	const char *capability;
	enum operation_kind kind;
	int letters; /* of four, from UID 1 on */
	struct answer answers[ANSWERS];
	/* what was said, in short; NULL: does not matter */
	const char *said;
	/* items queued/running/settling/done/failed/cancelled */
	const char *states;
	/* numbers of the letters at the server, and here */
	const char *inbox, *work;
	const char *error; /* of the operation; its end */
};

/* Protected by the model's lock. */
static struct {
	const struct scenario *scenario;
	size_t next;
	struct strbuf said;
	int commands;
} play;

static bool
is_change(const char *verb, const char *args)
{
	static const char *const verbs[] = { "UID STORE", "UID COPY",
		"UID MOVE", "UID EXPUNGE", "EXPUNGE", "CLOSE", "APPEND",
		"CREATE", "RENAME", "DELETE", "SUBSCRIBE", "UNSUBSCRIBE" };

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	}
	return strcmp(verb, "UID SEARCH") == 0 && strncmp(args, "ALL", 3) != 0;
}

/* The set at the front of `args`, as UIDs of the box that are there. */
static size_t
uids_of(struct model_box *box, const char *args, uint32_t uids[], size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < box->n && n < max; i++) {
		if (in_set(args, box->items[i].uid))
			uids[n++] = box->items[i].uid;
	}
	return n;
}

static size_t
place_of(const struct model_box *box, uint32_t uid)
{
	size_t i = 0;

	while (i < box->n && box->items[i].uid != uid)
		i++;
	return i;
}

enum { UIDS_MAX = 2000 };

static void
do_store(struct model_client *client, const char *args)
{
	uint32_t uids[UIDS_MAX];
	size_t n = uids_of(client->box, args, uids, UIDS_MAX);
	const char *sign = strpbrk(args, "+-");

	for (size_t i = 0; i < n; i++) {
		size_t at = place_of(client->box, uids[i]);
		uint32_t flags = client->box->items[at].flags;
		uint32_t change = strstr(args, "\\Seen")      ? MODEL_SEEN
				  : strstr(args, "\\Flagged") ? MODEL_FLAGGED
				  : strstr(args, "\\Deleted") ? MODEL_DELETED
							      : 0;

		model_set_flags(client->box, at,
			sign && *sign == '+' ? flags | change
					     : flags & ~change);
	}
}

static void
do_copy(struct model_client *client, const char *args, bool move,
	struct strbuf *map)
{
	uint32_t uids[UIDS_MAX];
	size_t n = uids_of(client->box, args, uids, UIDS_MAX);
	const char *name = strchr(args, '"');
	char to[40] = "";
	struct model_box *box;

	if (name)
		unquote(name, to, sizeof(to));
	box = model_box(client->model, to);
	if (!box || n == 0)
		return;
	strbuf_addf(map, "[COPYUID %u ", box->uidvalidity);
	for (size_t i = 0; i < n; i++)
		strbuf_addf(map, "%s%u", i ? "," : "", uids[i]);
	for (size_t i = 0; i < n; i++) {
		size_t at = place_of(client->box, uids[i]);

		strbuf_addf(map, "%s%u", i ? "," : " ", box->uidnext);
		model_append(box, client->box->items[at].number);
		model_set_flags(box, box->n - 1, client->box->items[at].flags);
		if (move)
			model_expunge(client->box, at);
	}
	strbuf_add_str(map, "] ");
}

static void
do_expunge(struct model_client *client, const char *args)
{
	uint32_t uids[UIDS_MAX];
	size_t n = uids_of(client->box, args, uids, UIDS_MAX);

	for (size_t i = 0; i < n; i++)
		model_expunge(client->box, place_of(client->box, uids[i]));
}

/* As a sound server would. */
static void
do_change(struct model_client *client, const char *verb, const char *args,
	struct strbuf *map)
{
	if (strcmp(verb, "UID STORE") == 0)
		do_store(client, args);
	else if (strcmp(verb, "UID COPY") == 0)
		do_copy(client, args, false, map);
	else if (strcmp(verb, "UID MOVE") == 0)
		do_copy(client, args, true, map);
	else if (strcmp(verb, "UID EXPUNGE") == 0)
		do_expunge(client, args);
}

static void
say_search(struct model_client *client, const char *args)
{
	uint32_t uids[UIDS_MAX];
	size_t n = strncmp(args, "UID ", 4) == 0
			   ? uids_of(client->box, args + 4, uids, UIDS_MAX)
			   : 0;

	strbuf_add_str(&client->out, "* SEARCH");
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&client->out, " %u", uids[i]);
	strbuf_add_str(&client->out, "\r\n");
	done(client);
}

static bool
has_poison(const char *args)
{
	return in_set(args, 2);
}

static const struct answer *
answer_for(const char *verb, const char *args)
{
	const struct answer *answer;

	if (play.next == ANSWERS)
		return NULL;
	answer = &play.scenario->answers[play.next];
	if (!answer->verb || strcmp(answer->verb, verb) != 0)
		return NULL;
	if (answer->how == POISON)
		return has_poison(args) ? answer : NULL;
	play.next++;
	return answer;
}

static bool
on(struct model_client *client, const char *verb, const char *args)
{
	struct strbuf map CLEANUP(strbuf_clear) = { 0 };
	const struct answer *answer = answer_for(verb, args);
	bool change = is_change(verb, args);

	if (change) {
		play.commands++;
		strbuf_addf(&play.said, "%s %s; ", verb, args);
	}
	if (strcmp(verb, "SELECT") == 0)
		play.commands++;
	if (!change && !answer)
		return false;
	strbuf_init(&map, 1 << 20);
	if (answer && (answer->how == SAY || answer->how == POISON)) {
		say(client, "%s %s", client->tag, answer->text);
		return true;
	}
	if (answer && answer->how == SAY_BARE) {
		say(client, "%s", answer->text);
		if (!change)
			return false;
	}
	if (answer && answer->how == READ_ONLY) {
		char *mode;

		on_select(client, args);
		mode = strstr(client->out.data, "[READ-WRITE]");
		if (mode)
			memcpy(mode, "[READ-ONLY] ", 12);
		return true;
	}
	if (answer && answer->how == CUT) {
		client->closed = true;
		return true;
	}
	if (strcmp(verb, "UID SEARCH") == 0) {
		say_search(client, args);
		return true;
	}
	do_change(client, verb, args, &map);
	if (answer && answer->how == DO_CUT) {
		client->closed = true;
		return true;
	}
	tell_changes(client);
	if (answer && answer->how == DO_SAY)
		say(client, "%s %s", client->tag, answer->text);
	else
		say(client, "%s OK %sdone", client->tag,
			map.data ? map.data : "");
	return true;
}

#define MOVED "UID MOVE 1:4 \"Work\"; "

static const struct scenario scenarios[] = {
	{ "flags in one command", FULL, OPERATION_FLAG, 4, { { 0 } },
		"UID STORE 1:4 +FLAGS (\\Seen); ", "0/0/0/4/0/0", "1 2 3 4", "",
		NULL },
	{ "MOVE, and it is told where to", FULL, OPERATION_MOVE, 4, { { 0 } },
		MOVED, "0/0/0/4/0/0", "", "1 2 3 4", NULL },
	{ "MOVE, and it is not told where to", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", DO_SAY, "OK moved" } }, MOVED, "0/0/0/4/0/0",
		"", "1 2 3 4", NULL },
	{ "MOVE, and nonsense is told", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", DO_SAY, "OK [COPYUID 1002 1:4 0] moved" } },
		MOVED, "0/0/0/4/0/0", "", "1 2 3 4", NULL },
	{ "MOVE, and another mailbox is told", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", DO_SAY, "OK [COPYUID 77 1:4 1:4] moved" } },
		MOVED, "0/0/0/4/0/0", "", "1 2 3 4", NULL },
	{ "MOVE of what another client took meanwhile", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", DO_SAY, "OK [COPYUID 1002 1 1] moved" } }, NULL,
		"0/0/0/4/0/0", "", "1 2 3 4", NULL },
	{ "MOVE refused: over quota", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", SAY, "NO [OVERQUOTA] it is full" } }, MOVED,
		"0/0/0/0/4/0", "1 2 3 4", "", "the server says: it is full" },
	{ "MOVE refused: no such target", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", SAY, "NO [TRYCREATE] gone" } }, MOVED,
		"0/0/0/0/4/0", "1 2 3 4", "", "the server says: gone" },
	{ "MOVE refused for the moment", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", SAY, "NO [INUSE] busy" } }, MOVED,
		"4/0/0/0/0/0", "1 2 3 4", "", "the server says: busy" },
	{ "MOVE refused for one of them", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", POISON, "NO not that" } },
		"UID MOVE 1:4 \"Work\"; UID MOVE 1:2 \"Work\"; UID MOVE 1 "
		"\"Work\"; UID MOVE 2 \"Work\"; UID MOVE 3:4 \"Work\"; ",
		"0/0/0/3/1/0", "2", "1 3 4", "the server says: not that" },
	{ "MOVE not understood", FULL, OPERATION_MOVE, 1,
		{ { "UID MOVE", SAY, "BAD what" } }, "UID MOVE 1 \"Work\"; ",
		"0/0/0/0/1/0", "1 2 3 4", "", "the server says: what" },
	{ "MOVE cut off before it is done", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", CUT, NULL } },
		MOVED "UID SEARCH UID 1:4; " MOVED, "0/0/0/4/0/0", "",
		"1 2 3 4", NULL },
	{ "MOVE cut off after it is done", FULL, OPERATION_MOVE, 4,
		{ { "UID MOVE", DO_CUT, NULL } }, MOVED, "0/0/0/4/0/0", "",
		"1 2 3 4", NULL },
	{ "MOVE without MOVE", NO_MOVE, OPERATION_MOVE, 2, { { 0 } },
		"UID COPY 1:2 \"Work\"; UID STORE 1:2 +FLAGS (\\Deleted); UID "
		"EXPUNGE 1:2; ",
		"0/0/0/2/0/0", "3 4", "1 2", NULL },
	{ "cut off behind the COPY: not copied again", NO_MOVE, OPERATION_MOVE,
		2, { { "UID COPY", DO_CUT, NULL } },
		"UID COPY 1:2 \"Work\"; UID SEARCH UID 1:2; UID STORE 1:2 "
		"+FLAGS (\\Deleted); UID EXPUNGE 1:2; ",
		"0/0/0/2/0/0", "3 4", "1 2", NULL },
	{ "cut off before the COPY: copied", NO_MOVE, OPERATION_MOVE, 2,
		{ { "UID COPY", CUT, NULL } },
		"UID COPY 1:2 \"Work\"; UID SEARCH UID 1:2; UID COPY 1:2 "
		"\"Work\"; UID STORE 1:2 +FLAGS (\\Deleted); UID EXPUNGE 1:2; ",
		"0/0/0/2/0/0", "3 4", "1 2", NULL },
	{ "cut off behind the EXPUNGE", NO_MOVE, OPERATION_MOVE, 2,
		{ { "UID EXPUNGE", DO_CUT, NULL } },
		"UID COPY 1:2 \"Work\"; UID STORE 1:2 +FLAGS (\\Deleted); UID "
		"EXPUNGE 1:2; ",
		"0/0/0/2/0/0", "3 4", "1 2", NULL },
	{ "the copies cannot be taken away: both stand, and it is said",
		NO_MOVE, OPERATION_MOVE, 2,
		{ { "UID STORE", SAY, "NO [NOPERM] hands off" } },
		"UID COPY 1:2 \"Work\"; UID STORE 1:2 +FLAGS (\\Deleted); ",
		"0/0/0/0/2/0", "1 2 3 4", "1 2", "the server says: hands off" },
	{ "nothing newer than a COPY: never a plain EXPUNGE", MODEST,
		OPERATION_MOVE, 2, { { 0 } },
		"UID COPY 1:2 \"Work\"; UID STORE 1:2 +FLAGS (\\Deleted); ",
		"0/0/0/2/0/0", NULL, "1 2", NULL },
	{ "deleted for good", FULL, OPERATION_EXPUNGE, 2, { { 0 } },
		"UID STORE 1:2 +FLAGS (\\Deleted); UID EXPUNGE 1:2; ",
		"0/0/0/2/0/0", "3 4", "", NULL },
	{ "deleted for good, without UIDPLUS", MODEST, OPERATION_EXPUNGE, 2,
		{ { 0 } }, "UID STORE 1:2 +FLAGS (\\Deleted); ", "0/0/0/2/0/0",
		NULL, "", NULL },
	{ "COPY", FULL, OPERATION_COPY, 2, { { 0 } }, "UID COPY 1:2 \"Work\"; ",
		"0/0/0/2/0/0", "1 2 3 4", "1 2", NULL },
	{ "COPY cut off after it is done", FULL, OPERATION_COPY, 2,
		{ { "UID COPY", DO_CUT, NULL } },
		"UID COPY 1:2 \"Work\"; UID SEARCH UID 1:2; ", "0/0/0/2/0/0",
		"1 2 3 4", "1 2", NULL },
	{ "a folder that can only be read", FULL, OPERATION_FLAG, 2,
		{ { "SELECT", READ_ONLY, NULL } }, "", "0/0/0/0/2/0", "1 2 3 4",
		"", "INBOX can only be read at the server" },
	{ "a folder that keeps no such flag", FULL, OPERATION_FLAG, 2,
		{ { "SELECT", SAY_BARE,
			"* OK [PERMANENTFLAGS (\\Flagged)] x" } },
		"", "0/0/0/0/2/0", "1 2 3 4", "",
		"does not keep the mark \\Seen in INBOX" },
	{ "a folder that cannot be opened", FULL, OPERATION_FLAG, 2,
		{ { "SELECT", SAY, "NO [NONEXISTENT] no such mailbox" } }, "",
		"0/0/0/0/2/0", "1 2 3 4", "",
		"the server says: no such mailbox" },
	{ "a folder that cannot be opened for the moment", FULL, OPERATION_FLAG,
		2, { { "SELECT", SAY, "NO [UNAVAILABLE] later" } }, "",
		"2/0/0/0/0/0", "1 2 3 4", "", "the server says: later" },
	{ "flags refused for one of them", FULL, OPERATION_FLAG, 4,
		{ { "UID STORE", POISON, "NO not that" } }, NULL, "0/0/0/3/1/0",
		"1 2 3 4", "", "the server says: not that" },
	{ "flags cut off", FULL, OPERATION_FLAG, 4,
		{ { "UID STORE", DO_CUT, NULL } },
		"UID STORE 1:4 +FLAGS (\\Seen); UID STORE 1:4 +FLAGS (\\Seen); ",
		"0/0/0/4/0/0", "1 2 3 4", "", NULL },
};

/* --- the store ------------------------------------------------------------ */

static void
query(struct scene *scene, const char *sql, struct strbuf *out)
{
	char *path CLEANUP(freep) = file_join(scene->fixture.dir, "store.db");
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) !=
			SQLITE_OK ||
		sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		printf("Bail out! %s\n", sqlite3_errmsg(db));
		exit(99);
	}
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(stmt, 0);

		strbuf_addf(out, "%s%s", out->len ? " " : "", text ? text : "");
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void
is_queried(struct scene *scene, const char *sql, const char *want,
	const char *what)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 1 << 20);
	query(scene, sql, &got);
	is_str(got.data, want, what);
}

static const char states[] =
	"SELECT count(*) FILTER (WHERE state = 0) || '/' || "
	"count(*) FILTER (WHERE state = 1) || '/' || "
	"count(*) FILTER (WHERE state = 2) || '/' || "
	"count(*) FILTER (WHERE state = 3) || '/' || "
	"count(*) FILTER (WHERE state = 4) || '/' || "
	"count(*) FILTER (WHERE state = 5) FROM operation_item";

static int64_t
work_folder(struct scene *scene)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };

	MUST(folder_find(scene->fixture.store, scene->fixture.account, "Work",
		     &folder, &err) == FOUND);
	return folder.id;
}

static void
act(struct scene *scene, enum operation_kind kind, uint32_t step, int n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct store *store = scene->fixture.store;
	struct operation_new new = {
		.kind = kind,
		.account = scene->fixture.account,
		.folder = scene->fixture.inbox,
		.add = kind == OPERATION_FLAG ? FLAG_SEEN : 0,
	};
	struct id_array ids = { 0 };
	struct selection selection = { .kind = SELECT_PLACEMENTS };
	struct operation_made made;
	int64_t action;
	bool more = true;

	if (kind == OPERATION_MOVE || kind == OPERATION_COPY)
		new.target_folder = work_folder(scene);
	for (int i = 0; i < n; i++) {
		int64_t placement, message;

		MUST(placement_find(store, new.folder, 1 + step * (uint32_t)i,
			     &placement, &message, &err) == FOUND);
		array_push(&ids, placement);
	}
	selection.ids = ids.items;
	selection.n = ids.n;
	MUST(transaction_begin(store, &tx, &err));
	MUST(action_begin(store, ACTION_FLAGS, NULL, false, &action, &err));
	MUST(operation_append(&tx, action, &new, &selection, &made, &err));
	MUST(transaction_commit(&tx, &err));
	array_clear(&ids);
	while (more)
		MUST(operation_apply_some(store, &more, NULL, NULL, &err));
}

/* Until nothing is left to do, over new sessions as need be. */
static void
push_until_done(struct scene *scene)
{
	struct session *session = &scene->session;
	struct push push = { .session = session, .pull = &scene->pull };
	bool any = true;

	for (int i = 0; any && i < ROUNDS_MAX; i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		if ((session_is_open(session) || session_open(session, &err)) &&
			push_some(&push, &any, &err))
			continue;
		if (err.kind != ERR_OFFLINE)
			printf("# %s: %s\n", error_kind_name(err.kind),
				err.text);
		session_close(session);
		push = (struct push){ .session = session,
			.pull = &scene->pull };
	}
	ok(!any, "  comes to an end");
}

/* --- one scenario ----------------------------------------------------------
 */

static void
numbers_in(struct scene *scene, const char *name, struct strbuf *out)
{
	struct model_box *box;
	bool there[UIDS_MAX] = { false };

	lock_take(&scene->model.lock);
	box = model_box(&scene->model, name);
	for (size_t i = 0; i < box->n; i++) {
		int number = box->items[i].number;

		/* Twice the same would not be told apart. */
		if (there[number])
			strbuf_add_str(out, " twice");
		there[number] = true;
	}
	for (int i = 0; i < UIDS_MAX; i++) {
		if (there[i])
			strbuf_addf(out, "%s%d", out->len ? " " : "", i);
	}
	lock_give(&scene->model.lock);
}

static void
check_box(
	struct scene *scene, const char *name, int64_t folder, const char *want)
{
	struct strbuf there CLEANUP(strbuf_clear) = { 0 };
	struct strbuf here CLEANUP(strbuf_clear) = { 0 };
	char sql[400];
	char what[60];

	strbuf_init(&there, 4096);
	strbuf_init(&here, 4096);
	if (want) {
		numbers_in(scene, name, &there);
		snprintf(what, sizeof(what), "  %s at the server", name);
		is_str(there.data, want, what);
	}
	snprintf(sql, sizeof(sql),
		"SELECT substr(m.subject, 8) FROM placement p "
		"JOIN message m ON m.id = p.message "
		"WHERE p.folder = %lld AND p.hidden = 0 "
		"ORDER BY CAST(substr(m.subject, 8) AS INTEGER)",
		(long long)folder);
	query(scene, sql, &here);
	snprintf(what, sizeof(what), "  %s here", name);
	is_str(here.data, want ? want : "3 4", what);
}

static void
check_error(struct scene *scene, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct slice end;

	strbuf_init(&got, 4096);
	query(scene, "SELECT error FROM operation", &got);
	end = want ? slice_str(want) : SLICE("");
	if (!ok(want ? slice_ends(strbuf_slice(&got), end) : got.len == 0,
		    "  its sentence"))
		printf("#      got: %s\n#     want: %s\n", got.data,
			want ? want : "");
}

static void
scene_with_work(struct scene *scene, const char *capability, int letters)
{
	scene_open(scene, capability, letters);
	lock_take(&scene->model.lock);
	model_add_box(&scene->model, "Work");
	lock_give(&scene->model.lock);
	ok(sync_tree(scene) == ERR_NONE && sync_inbox(scene) == ERR_NONE &&
			sync_folder(scene, work_folder(scene)) == ERR_NONE,
		"  in step at first");
	session_close(&scene->session);
}

static void
begin_play(struct scene *scene, const struct scenario *scenario)
{
	strbuf_init(&play.said, 1 << 20);
	play.scenario = scenario;
	play.next = 0;
	play.commands = 0;
	model_set_hook(&scene->model, on);
}

static void
run_scenario(const struct scenario *it)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct scene scene;
	uint64_t faults;

	printf("# %s\n", it->name);
	scene_with_work(&scene, it->capability, 4);
	begin_play(&scene, it);
	act(&scene, it->kind, 1, it->letters);
	push_until_done(&scene);
	model_set_hook(&scene.model, NULL);
	ok(true, "%s", it->name);
	if (it->said)
		is_str(play.said.data, it->said, "  said");
	is_queried(&scene, states, it->states, "  states");
	check_error(&scene, it->error);
	if (strncmp(it->states, "0/", 2) == 0) {
		/* What it came to is there after another look, too. */
		sync_inbox(&scene);
		sync_folder(&scene, work_folder(&scene));
		check_box(&scene, "INBOX", scene.fixture.inbox, it->inbox);
		check_box(&scene, "Work", work_folder(&scene), it->work);
	}
	MUST(store_check(
		scene.fixture.store, true, say_fault, NULL, &faults, &err));
	is_int((int64_t)faults, 0, "  the store is sound");
	strbuf_clear(&play.said);
	scene_close(&scene);
}

/* --- more than a table holds -----------------------------------------------
 */

static const struct scenario sound = { .name = "sound" };

/* A thousand flags, or moves, of messages that stand apart. */
static void
test_bulk(enum operation_kind kind, const char *what)
{
	struct scene scene;

	printf("# %s\n", what);
	scene_with_work(&scene, FULL, 1999);
	begin_play(&scene, &sound);
	act(&scene, kind, 2, 1000);
	push_until_done(&scene);
	model_set_hook(&scene.model, NULL);
	is_queried(&scene, states, "0/0/0/1000/0/0", "  all are done");
	ok(play.commands <= 20, "%s in at most 20 commands (%d)", what,
		play.commands);
	strbuf_clear(&play.said);
	scene_close(&scene);
}

/* The server says yes, and the letters are nowhere afterwards. */
static void
test_dropped(void)
{
	static const struct scenario drops = { .name = "drops",
		.answers = { { "UID MOVE", SAY, "OK moved" } } };
	struct scene scene;

	scene_with_work(&scene, FULL, 4);
	begin_play(&scene, &drops);
	act(&scene, OPERATION_MOVE, 1, 2);
	/* As if MOVE had taken them. */
	lock_take(&scene.model.lock);
	model_expunge(scene_inbox(&scene), 1);
	lock_give(&scene.model.lock);
	push_until_done(&scene);
	sync_inbox(&scene);
	is_queried(&scene, states, "0/0/0/0/2/0",
		"a server that takes them and has them not: failed");
	check_error(&scene, "but it is not in Work");
	model_set_hook(&scene.model, NULL);
	is_same(&scene, scene.fixture.inbox, scene_inbox(&scene),
		"the view is what the server holds");
	strbuf_clear(&play.said);
	scene_close(&scene);
}

/* UIDVALIDITY changes while an operation waits. */
static void
test_renumbered(void)
{
	struct scene scene;

	scene_with_work(&scene, FULL, 4);
	begin_play(&scene, &sound);
	act(&scene, OPERATION_MOVE, 1, 2);
	lock_take(&scene.model.lock);
	model_renumber(scene_inbox(&scene), 101);
	lock_give(&scene.model.lock);
	push_until_done(&scene);
	is_queried(&scene, states, "0/0/0/2/0/0",
		"other UIDs: those that are the same are moved");
	is_str(play.said.data, "UID MOVE 101:102 \"Work\"; ", "  said");
	strbuf_clear(&play.said);
	scene_close(&scene);
}

/* Somebody else took one away before we could. */
static void
test_vanished(void)
{
	struct scene scene;

	scene_with_work(&scene, FULL, 4);
	begin_play(&scene, &sound);
	act(&scene, OPERATION_MOVE, 1, 2);
	lock_take(&scene.model.lock);
	model_expunge(scene_inbox(&scene), 0);
	lock_give(&scene.model.lock);
	push_until_done(&scene);
	is_queried(&scene, states, "0/0/0/1/1/0",
		"one vanished: the other is moved");
	check_error(&scene, "The message is no longer there");
	strbuf_clear(&play.said);
	scene_close(&scene);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		run_scenario(&scenarios[i]);
	test_bulk(OPERATION_FLAG, "a thousand flags");
	test_bulk(OPERATION_MOVE, "a thousand moves");
	test_dropped();
	test_renumbered();
	test_vanished();
	return tap_done();
}
