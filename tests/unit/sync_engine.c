/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine with its threads against a server in this process: states and
 * questions, stopping at any moment, two processes on one store, kill -9.
 */
#include <errno.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/clock.h"
#include "sync/engine.h"

#include "sync_scene.h"

/* Who waits for a server when it is to stop waits longer than PROMPT_US. */
enum { SECOND = 1000000, STOP_US = 50000, PROMPT_US = 3 * SECOND };

/* How much slower everything may be (sanitizers). */
static int patience = 1;
static const char *self;

struct play {
	struct scene scene; /* its session is not used */
	struct config *config;
	struct engine *engine;
	int64_t account;
	int failed_fetches;
	int64_t awaited; /* a message */
	bool has_come;
	int acts;        /* EVENT_JOURNAL_CHANGED */
	int64_t touched; /* a folder */
	int touches;     /* EVENT_FOLDER_CHANGED of it */
};

static void
load_config(struct play *play, const char *scheme, const char *password_command)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *text CLEANUP(freep) =
		xasprintf("[general]\noffline = all\n[account work]\n"
			  "address = ann@example.org\n"
			  "imap = %s://ann@127.0.0.1:%u\n%s%s\n",
			scheme, play->scene.model.port,
			password_command ? "password-command = " : "",
			password_command ? password_command : "");

	config_unref(play->config);
	play->config = NULL;
	MUST(config_parse(text, strlen(text), "test", &play->config, &err));
}

/* A store that knows no folder yet. */
static void
play_open(struct play *play, const char *capability, int n)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture *fixture = &play->scene.fixture;

	*play = (struct play){ 0 };
	signal(SIGPIPE, SIG_IGN);
	snprintf(fixture->dir, sizeof(fixture->dir), "/tmp/tercet-sync-XXXXXX");
	if (!mkdtemp(fixture->dir))
		exit(99);
	MUST(store_home_open(fixture->dir, false, &fixture->home, &err));
	MUST(store_open(fixture->home, STORE_TOOL, &fixture->store, &err));
	model_start(&play->scene.model, capability, n);
	load_config(play, "imap+insecure", "echo secret");
}

static void
start_engine(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct engine_options options = {
		.config = play->config,
		.home = play->scene.fixture.home,
	};

	MUST(engine_start(&options, &play->engine, &err));
	play->account = engine_account_id(play->engine, "work");
	play->scene.fixture.account = play->account;
}

/* How long it took. */
static int64_t
stop_engine(struct play *play)
{
	int64_t began = clock_mono_us();

	engine_stop(STEAL(play->engine));
	return clock_mono_us() - began;
}

static void
play_close(struct play *play)
{
	if (play->engine)
		engine_stop(play->engine);
	model_stop(&play->scene.model);
	config_unref(play->config);
	fixture_close(&play->scene.fixture);
}

static enum account_state
state_of(struct play *play, bool *ret_has_error)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct account_row row CLEANUP(account_row_clear) = { 0 };

	MUST(account_load(
		play->scene.fixture.store, play->account, &row, &err));
	if (ret_has_error)
		*ret_has_error = row.error != NULL;
	return row.state;
}

static void
take_events(struct play *play, int64_t until)
{
	int fd = engine_fd(play->engine);
	struct event *event;

	thread_wait(&fd, 1, until);
	while ((event = engine_next_event(play->engine)) != NULL) {
		if (event->type == EVENT_FETCH_FAILED)
			play->failed_fetches++;
		if (event->type == EVENT_JOURNAL_CHANGED)
			play->acts++;
		if (event->type == EVENT_FOLDER_CHANGED &&
			event->folder == play->touched)
			play->touches++;
		if (event->type == EVENT_MESSAGE_CHANGED &&
			event->message == play->awaited)
			play->has_come = true;
		event_free(event);
	}
}

static void
let_pass(struct play *play, int64_t us)
{
	int64_t until = clock_mono_us() + us * patience;

	while (clock_mono_us() < until)
		take_events(play, until);
}

/* Microseconds until it was so; -1: it never was. */
static int64_t
wait_for(struct play *play, bool (*is_so)(struct play *play), int seconds)
{
	int64_t began = clock_mono_us();
	int64_t until = began + (int64_t)seconds * SECOND * patience;

	while (!is_so(play)) {
		int64_t now = clock_mono_us();

		if (now > until)
			return -1;
		if (play->engine)
			take_events(play, now + 20000);
		else
			usleep(20000);
	}
	return clock_mono_us() - began;
}

static bool
is_online(struct play *play)
{
	return state_of(play, NULL) == ACCOUNT_ONLINE;
}

static bool
is_offline_with_reason(struct play *play)
{
	bool has_error;

	return state_of(play, &has_error) == ACCOUNT_OFFLINE && has_error;
}

static bool
has_come(struct play *play)
{
	return play->has_come;
}

static bool
has_failed(struct play *play)
{
	return play->failed_fetches > 0;
}

static bool
is_disabled(struct play *play)
{
	return state_of(play, NULL) == ACCOUNT_DISABLED;
}

static size_t
count_questions(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct questions questions = { 0 };
	size_t n;

	MUST(question_load_all(play->scene.fixture.store, &questions, &err));
	n = questions.n;
	questions_clear(&questions);
	return n;
}

static bool
is_asked(struct play *play)
{
	return state_of(play, NULL) == ACCOUNT_NEEDS_LOGIN &&
	       count_questions(play) == 1;
}

static int64_t
folder_id(struct play *play, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };

	return folder_find(play->scene.fixture.store, play->account, name,
		       &folder, &err) == FOUND
		       ? folder.id
		       : 0;
}

static int64_t
placed_in(struct play *play, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder CLEANUP(folder_clear) = { 0 };

	return folder_find(play->scene.fixture.store, play->account, name,
		       &folder, &err) == FOUND
		       ? folder.placed
		       : -1;
}

static bool
is_inbox_whole(struct play *play)
{
	size_t there;

	lock_take(&play->scene.model.lock);
	there = play->scene.model.boxes[0].n;
	lock_give(&play->scene.model.lock);
	return placed_in(play, "INBOX") == (int64_t)there;
}

static bool
is_inbox_in_step(struct play *play)
{
	struct scene *scene = &play->scene;

	scene->fixture.inbox = folder_id(play, "INBOX");
	return count_differences(scene, scene->fixture.inbox,
		       scene_inbox(scene), false) == 0;
}

static void
check_inbox(struct play *play, const char *what)
{
	play->scene.fixture.inbox = folder_id(play, "INBOX");
	inbox_is_same(&play->scene, what);
}

/* --- a day --------------------------------------------------------------- */

static void
test_day(const char *capability)
{
	struct play play;
	struct model *model = &play.scene.model;
	int64_t took;

	play_open(&play, capability, 300);
	model_fill(model_add_box(model, "Other"), 400, 410);
	start_engine(&play);
	ok(wait_for(&play, is_online, 10) >= 0, "%s: online", capability);
	check_inbox(&play, "headers are here");
	engine_open_folder(
		play.engine, play.account, folder_id(&play, "Other"));
	let_pass(&play, SECOND / 5);
	ok(wait_for(&play, is_online, 10) >= 0,
		"online again after another folder was opened");
	engine_open_folder(
		play.engine, play.account, folder_id(&play, "INBOX"));
	let_pass(&play, SECOND / 5);
	lock_take(&model->lock);
	model_append(&model->boxes[0], 999);
	model_expunge(&model->boxes[0], 5);
	model_set_flags(&model->boxes[0], 7, MODEL_FLAGGED);
	lock_give(&model->lock);
	ok(wait_for(&play, is_inbox_in_step, 10) >= 0, "changes come by IDLE");
	check_inbox(&play, "as they are");
	engine_set_offline(play.engine, 0, true);
	ok(wait_for(&play, is_disabled, 5) >= 0, "offline by hand");
	lock_take(&model->lock);
	model_append(&model->boxes[0], 1000);
	lock_give(&model->lock);
	engine_set_offline(play.engine, 0, false);
	ok(wait_for(&play, is_online, 5) >= 0, "and online");
	check_inbox(&play, "what came meanwhile is here");
	took = stop_engine(&play);
	ok(took < PROMPT_US * patience, "stops at once (%lld us)",
		(long long)took);
	is_int(state_of(&play, NULL), ACCOUNT_OFFLINE,
		"who is not there is not online");
	play_close(&play);
}

static void
test_restart(void)
{
	struct play play;
	struct model *model = &play.scene.model;
	uint16_t port;

	play_open(&play, MODEL_QRESYNC, 50);
	port = model->port;
	start_engine(&play);
	ok(wait_for(&play, is_online, 10) >= 0, "online");
	model_hang_up(model);
	ok(wait_for(&play, is_offline_with_reason, 10) >= 0,
		"the server has gone: offline, with a reason");
	is_int(placed_in(&play, "INBOX"), 50, "the view stays");
	model_fill(&model->boxes[0], 51, 60);
	model_listen(model, port);
	ok(wait_for(&play, is_online, 20) >= 0, "it comes back by itself");
	check_inbox(&play, "with what came meanwhile");
	play_close(&play);
}

/* --- passwords ----------------------------------------------------------- */

static void
test_password(void)
{
	struct play play;
	struct model *model = &play.scene.model;
	int logins;

	play_open(&play, MODEL_PLAIN, 10);
	model->password = "another";
	start_engine(&play);
	ok(wait_for(&play, is_asked, 20) >= 0, "refused: a question");
	is_int(model->logins, 3, "after three tries");
	logins = model->logins;
	engine_fetch_message(play.engine, play.account, 1);
	ok(wait_for(&play, has_failed, 10) >= 0, "who wants a message is told");
	let_pass(&play, SECOND);
	is_int(model->logins, logins, "and nothing more is tried");
	engine_answer_password(play.engine, play.account, "wrong too");
	let_pass(&play, SECOND / 2);
	ok(wait_for(&play, is_asked, 10) >= 0, "a wrong answer asks again");
	is_int(model->logins, logins + 1, "after one try");
	engine_answer_password(play.engine, play.account, "another");
	ok(wait_for(&play, is_online, 10) >= 0, "the right one is enough");
	is_int((int64_t)count_questions(&play), 0, "the question goes");
	play_close(&play);
}

static bool
die_at_select(struct model_client *client, const char *verb, const char *args)
{
	(void)args;
	if (strcmp(verb, "LIST") == 0 || strcmp(verb, "SELECT") == 0)
		client->closed = true;
	return client->closed;
}

static void
test_no_hurry(void)
{
	struct play play;
	int64_t until;

	play_open(&play, MODEL_PLAIN, 10);
	model_set_hook(&play.scene.model, die_at_select);
	start_engine(&play);
	until = clock_mono_us() + 4 * SECOND;
	while (clock_mono_us() < until)
		take_events(&play, until);
	ok(play.scene.model.connections <= 4,
		"a server that dies after each login is not hurried (%d)",
		play.scene.model.connections);
	play_close(&play);
}

/* --- stopping ------------------------------------------------------------ */

static bool
stall_at_headers(
	struct model_client *client, const char *verb, const char *args)
{
	(void)client;
	return strcmp(verb, "UID FETCH") == 0 && strstr(args, "HEADER");
}

static const struct {
	const char *what;
	const char *scheme;
	const char *password_command;
	bool mute;
	bool stall;
} stops[] = {
	{ "no greeting", "imap+insecure", "echo secret", true, false },
	{ "no TLS handshake", "imaps", "echo secret", true, false },
	{ "no STARTTLS", "imap", "echo secret", true, false },
	{ "password-command sleeps", "imap+insecure", "sleep 60", false,
		false },
	{ "FETCH stalls", "imap+insecure", "echo secret", false, true },
};

static void
test_stops(void)
{
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		struct play play;
		int64_t took;

		play_open(&play, MODEL_QRESYNC, 3000);
		play.scene.model.mute = stops[i].mute;
		if (stops[i].stall)
			model_set_hook(&play.scene.model, stall_at_headers);
		load_config(&play, stops[i].scheme, stops[i].password_command);
		start_engine(&play);
		let_pass(&play, SECOND / 4);
		usleep(300000);
		took = stop_engine(&play);
		ok(took < PROMPT_US * patience, "stops while %s (%lld us)",
			stops[i].what, (long long)took);
		play_close(&play);
	}
}

enum { STOPS = 40 };

static void
test_stop_anytime(void)
{
	struct play play;
	int64_t worst = 0;
	int slow = 0;
	uint32_t chance = 7;

	play_open(&play, MODEL_QRESYNC, 4000);
	for (int i = 0; i < STOPS; i++) {
		int64_t took;

		start_engine(&play);
		chance = chance * 1103515245 + 12345;
		usleep((chance >> 8) % 60000);
		took = stop_engine(&play);
		worst = took > worst ? took : worst;
		slow += took > STOP_US * patience;
	}
	/* How quick that is on a quiet machine is told by `make bench`. */
	ok(worst < PROMPT_US * patience,
		"stops at any moment (%d slow, at most %lld us)", slow,
		(long long)worst);
	start_engine(&play);
	ok(wait_for(&play, is_online, 60) >= 0, "and goes on");
	check_inbox(&play, "nothing lost, nothing twice");
	play_close(&play);
}

/* --- two on one store ---------------------------------------------------- */

static void
test_takeover(void)
{
	struct play one, two = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t placement, message;

	play_open(&one, MODEL_QRESYNC, 40);
	model_fill(model_add_box(&one.scene.model, "Other"), 400, 410);
	start_engine(&one);
	ok(wait_for(&one, is_online, 10) >= 0, "the first is online");
	two.config = one.config;
	snprintf(two.scene.fixture.dir, sizeof(two.scene.fixture.dir), "%s",
		one.scene.fixture.dir);
	MUST(store_home_open(
		two.scene.fixture.dir, false, &two.scene.fixture.home, &err));
	MUST(store_open(two.scene.fixture.home, STORE_TOOL,
		&two.scene.fixture.store, &err));
	start_engine(&two);
	MUST(placement_find(two.scene.fixture.store, folder_id(&two, "INBOX"),
		     9, &placement, &message, &err) == FOUND);
	two.awaited = message;
	engine_fetch_message(two.engine, two.account, message);
	ok(wait_for(&two, has_come, 10) >= 0,
		"what the second asks for the first brings");
	engine_open_folder(two.engine, two.account, folder_id(&two, "Other"));
	let_pass(&two, SECOND / 5);
	is_int(one.scene.model.n_clients, one.scene.model.connections,
		"the second has no connection of its own");
	stop_engine(&one);
	let_pass(&two, SECOND / 2);
	ok(wait_for(&two, is_online, 10) >= 0, "the second takes over");
	lock_take(&one.scene.model.lock);
	model_append(&one.scene.model.boxes[1], 500);
	lock_give(&one.scene.model.lock);
	for (int i = 0; i < 50 && placed_in(&two, "Other") != 12; i++)
		let_pass(&two, SECOND / 10);
	is_int(placed_in(&two, "Other"), 12,
		"and watches the folder on its screen");
	stop_engine(&two);
	store_close(two.scene.fixture.store);
	store_home_close(two.scene.fixture.home);
	play_close(&one);
}

static bool
heard_act(struct play *play)
{
	return play->acts > 0 && play->touches > 0;
}

/* One acts, and a process without an engine does; who else is there hears of
 * it, and who acted does not. */
static void
test_acts(void)
{
	struct play one, two = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done = { .action = 1 };
	int64_t nowhere = 77;

	play_open(&one, MODEL_QRESYNC, 4);
	ok(!engine_notify(one.scene.fixture.dir, &done), "nobody to be told");
	start_engine(&one);
	two.config = one.config;
	snprintf(two.scene.fixture.dir, sizeof(two.scene.fixture.dir), "%s",
		one.scene.fixture.dir);
	MUST(store_home_open(
		two.scene.fixture.dir, false, &two.scene.fixture.home, &err));
	MUST(store_open(two.scene.fixture.home, STORE_TOOL,
		&two.scene.fixture.store, &err));
	start_engine(&two);
	ok(wait_for(&one, is_online, 10) >= 0, "both are there");
	let_pass(&two, SECOND / 5);
	one.touched = two.touched = nowhere;
	array_push(&done.accounts, one.account);
	array_push(&done.folders, nowhere);
	engine_acted(one.engine, &done);
	ok(wait_for(&two, heard_act, 5) >= 0, "the second hears of an act");
	let_pass(&one, SECOND / 5);
	ok(!heard_act(&one), "who acted knows");
	two.acts = two.touches = 0;
	engine_acted(two.engine, &done);
	ok(wait_for(&one, heard_act, 5) >= 0, "the first hears of an act");
	one.acts = one.touches = 0;
	ok(engine_notify(one.scene.fixture.dir, &done), "a script tells");
	ok(wait_for(&one, heard_act, 5) >= 0 &&
			wait_for(&two, heard_act, 5) >= 0,
		"and both hear");
	array_clear(&done.accounts);
	array_clear(&done.folders);
	stop_engine(&two);
	store_close(two.scene.fixture.store);
	store_home_close(two.scene.fixture.home);
	play_close(&one);
}

/* This program again, with an engine until it is killed. */
static pid_t
start_child(struct play *play)
{
	pid_t pid = fork();

	if (pid == 0) {
		char port[8];

		snprintf(port, sizeof(port), "%u", play->scene.model.port);
		execl(self, self, play->scene.fixture.dir, port, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static void
kill_child(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int
run_child(const char *dir, const char *port)
{
	struct play play = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture *fixture = &play.scene.fixture;

	signal(SIGPIPE, SIG_IGN);
	play.scene.model.port = (uint16_t)strtoul(port, NULL, 10);
	MUST(store_home_open(dir, false, &fixture->home, &err));
	MUST(store_open(fixture->home, STORE_TOOL, &fixture->store, &err));
	load_config(&play, "imap+insecure", "echo secret");
	start_engine(&play);
	for (;;)
		take_events(&play, clock_mono_us() + SECOND);
}

static bool
knows_account(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct account_rows rows = { 0 };

	MUST(account_load_all(play->scene.fixture.store, &rows, &err));
	if (rows.n > 0)
		play->account = rows.items[0].id;
	account_rows_clear(&rows);
	return play->account != 0;
}

static void
test_killed(void)
{
	struct play play;
	uint32_t chance = 5;
	int64_t took;
	pid_t pid;

	play_open(&play, MODEL_QRESYNC, 6000);
	for (int i = 0; i < 12; i++) {
		pid = start_child(&play);
		chance = chance * 1103515245 + 12345;
		usleep((useconds_t)(30000 + (chance >> 8) % 150000) *
			(useconds_t)patience);
		kill_child(pid);
	}
	pid = start_child(&play);
	ok(wait_for(&play, knows_account, 10) >= 0 &&
			wait_for(&play, is_inbox_whole, 60) >= 0,
		"killed over and over, and goes on");
	/* Now a second process, which goes on when the first is killed. */
	start_engine(&play);
	let_pass(&play, SECOND / 2);
	kill_child(pid);
	lock_take(&play.scene.model.lock);
	model_append(&play.scene.model.boxes[0], 7000);
	lock_give(&play.scene.model.lock);
	took = wait_for(&play, is_inbox_whole, 10);
	ok(took >= 0, "the second process goes on (%lld us)", (long long)took);
	ok(wait_for(&play, is_online, 60) >= 0, "and is in step");
	check_inbox(&play, "nothing lost, nothing twice");
	play_close(&play);
}

int
main(int argc, char **argv)
{
	const char *wanted = getenv("TERCET_TEST_PATIENCE");

	patience = wanted && strtol(wanted, NULL, 10) > 0
			   ? (int)strtol(wanted, NULL, 10)
			   : 1;
	if (argc == 3)
		return run_child(argv[1], argv[2]);
	self = "/proc/self/exe";
	test_day(MODEL_PLAIN);
	test_day(MODEL_QRESYNC);
	test_restart();
	test_password();
	test_no_hurry();
	test_stops();
	test_stop_anytime();
	test_takeover();
	test_acts();
	test_killed();
	return tap_done();
}
