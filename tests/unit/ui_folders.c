/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder tree, people's names, the status line, what may be opened. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "config/config.h"
#include "i18n/i18n.h"
#include "screen/opener.h"
#include "view/people.h"
#include "view/view_folders.h"
#include "view/view_status.h"

#include "tap.h"

static const char config_text[] = "[account a]\n"
				  "address = me@example.org\n"
				  "aliases = me+*@example.org\n"
				  "imap = imaps://me@one.example.org\n"
				  "[account b]\n"
				  "address = me@example.net\n"
				  "imap = imap+insecure://me@two.example.net\n";

struct world {
	char dir[64];
	struct store_home *home;
	struct store *store;
	struct config *config;
	int64_t accounts[3];
};

#define MUST(call)                                                             \
	do {                                                                   \
		if (!(call)) {                                                 \
			printf("Bail out! %s: %s (%s)\n", #call,               \
				err.text ? err.text : "",                      \
				err.detail ? err.detail : "");                 \
			exit(99);                                              \
		}                                                              \
	} while (0)

static int64_t
add_folder(struct world *world, int account, const char *name,
	enum folder_role role, bool selectable, int unread)
{
	struct error err = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = { .name = name,
		.remote = name,
		.delimiter = '/',
		.role = role,
		.selectable = selectable,
		.server_total = unread * 2,
		.server_unread = unread };
	int64_t id;

	MUST(transaction_begin(world->store, &tx, &err));
	MUST(folder_save_listing(world->store, world->accounts[account],
		&listing, &id, NULL, &err));
	MUST(transaction_commit(&tx, &err));
	return id;
}

static void
make_world(struct world *world)
{
	struct error err = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	*world = (struct world){ .dir = "/tmp/tercet-folders-XXXXXX" };
	if (!mkdtemp(world->dir))
		exit(99);
	MUST(config_parse(
		config_text, strlen(config_text), "c", &world->config, &err));
	MUST(store_home_open(world->dir, false, &world->home, &err));
	MUST(store_open(world->home, STORE_TOOL, &world->store, &err));
	MUST(transaction_begin(world->store, &tx, &err));
	MUST(account_ensure(world->store, "a", &world->accounts[0], &err));
	MUST(account_ensure(world->store, "b", &world->accounts[1], &err));
	MUST(account_ensure(world->store, "gone", &world->accounts[2], &err));
	MUST(transaction_commit(&tx, &err));
}

static void
end_world(struct world *world)
{
	DIR *dir = opendir(world->dir);
	struct dirent *entry;

	store_close(world->store);
	store_home_close(world->home);
	config_unref(world->config);
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(world->dir);
}

/* "All accounts 0|All inboxes 1 (3)|a 0|INBOX 1 (3)|…": names, depths, counts;
 * > is the cursor, + closed. */
static void
check_tree(const struct view_folders *view, const char *want, const char *what)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 10000);
	for (size_t i = 0; i < view->n; i++) {
		const struct folder_line *line = &view->lines[i];

		strbuf_addf(&out, "%s%s%s%s %d", i ? "|" : "",
			i == view->cursor ? ">" : "", line->is_open ? "" : "+",
			line->name, line->depth);
		if (line->unread)
			strbuf_addf(&out, " (%d)", (int)line->unread);
	}
	is_str(out.data, want, what);
}

static void
test_tree(struct world *world)
{
	struct error err = ERROR_INIT;
	struct view_folders view;
	int64_t inbox = add_folder(world, 0, "INBOX", ROLE_INBOX, true, 3);
	int64_t deep =
		add_folder(world, 0, "Lists/dev/git", ROLE_NONE, true, 2);
	int64_t other;

	add_folder(world, 0, "[Gmail]/Sent Mail", ROLE_SENT, true, 0);
	add_folder(world, 0, "[Gmail]", ROLE_NONE, false, 0);
	add_folder(world, 0, "INBOX/sub", ROLE_NONE, true, 1);
	add_folder(world, 0, "Lists-old", ROLE_NONE, true, 0);
	add_folder(world, 0, "Lists", ROLE_NONE, true, 0);
	other = add_folder(world, 1, "INBOX", ROLE_INBOX, true, 0);
	view_folders_init(&view);
	view_folders_set_page(&view, 20);
	MUST(view_folders_load(&view, world->store, world->config, &err));
	check_tree(&view,
		">All accounts 0|All inboxes 1 (3)|a 0|INBOX 1 (3)|sub 2 (1)|Sent Mail 1|[Gmail] 1|Lists 1|"
		"dev 2|git 3 (2)|Lists-old 1|b 0|INBOX 1",
		"roles first, wherever they are kept; missing levels made up");
	ok(view_folders_select(&view, deep), "a folder is found");
	view_folders_toggle(&view);
	check_tree(&view,
		"All accounts 0|All inboxes 1 (3)|a 0|INBOX 1 (3)|sub 2 (1)|Sent Mail 1|[Gmail] 1|Lists 1|"
		">+dev 2 (2)|Lists-old 1|b 0|INBOX 1",
		"closing from within closes what it is in, and counts it");
	view_folders_set_cursor(&view, 7);
	view_folders_toggle(&view);
	MUST(view_folders_load(&view, world->store, world->config, &err));
	check_tree(&view,
		"All accounts 0|All inboxes 1 (3)|a 0|INBOX 1 (3)|sub 2 (1)|Sent Mail 1|[Gmail] 1|"
		">+Lists 1 (2)|Lists-old 1|b 0|INBOX 1",
		"closed lines stay closed and the cursor stays");
	ok(view_folders_select(&view, deep), "what is hidden is found");
	check_tree(&view,
		"All accounts 0|All inboxes 1 (3)|a 0|INBOX 1 (3)|sub 2 (1)|Sent Mail 1|[Gmail] 1|Lists 1|"
		"dev 2|>git 3 (2)|Lists-old 1|b 0|INBOX 1",
		"and shown");
	ok(view_folders_first(&view, NULL) == inbox, "the first inbox");
	ok(view_folders_first(&view, "b") == other, "another account's");
	ok(view_folders_neighbour(&view, deep, -1) == view.lines[7].folder,
		"the folder before passes over a level");
	ok(view_folders_neighbour(&view, other, 1) == 0, "none behind");
	other = add_folder(world, 2, "INBOX", ROLE_INBOX, true, 0);
	MUST(view_folders_load(&view, world->store, world->config, &err));
	ok(!view_folders_find(&view, other),
		"an account that is configured no more is nowhere");
	view_folders_clear(&view);
}

static void
test_people(const struct world *world)
{
	static const struct {
		const char *names[4]; /* NULL ends; "@" is oneself */
		const char *list;
		int more;
		int columns;
		const char *want;
		const char *here;
	} cases[] = {
		{ { "Ann Example" }, NULL, 0, 20, "Ann Example", NULL },
		{ { "Bo Lindqvist", "@" }, NULL, 0, 20, "Bo Lindqvist, me",
			NULL },
		{ { "@", "Farid Aziz", "Inês Marques" }, NULL, 0, 20,
			"me, Farid, Inês", NULL },
		{ { "Jun H", "Taylor B", "Derrick S" }, "git.example.org", 0,
			20, "git: Jun, Derrick +1", NULL },
		{ { "Jun H", "Taylor B", "Derrick S" }, "git.example.org", 3,
			14, "git: Jun +5", NULL },
		{ { "Jun H", "Taylor B" }, "git.example.org", 0, 20,
			"Jun H, Taylor B", "git.example.org" },
		{ { "Jun H", "Taylor B" }, "git.example.org", 0, 20,
			"git: Jun H, Taylor B", "libc.example.org" },
		{ { "Jun H" }, "git.example.org", 0, 20, "Jun H", NULL },
		{ { "Example, Ann", "Bo Lindqvist" }, NULL, 0, 12, "Ann, Bo",
			NULL },
		{ { "" }, NULL, 0, 20, "x@example.com", NULL },
		{ { "山田太郎", "鈴木" }, NULL, 0, 14, "山田太郎, 鈴木", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct list_row row = { .list_id = (char *)cases[i].list,
			.more_people = cases[i].more };
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };

		for (int n = 0; n < 4 && cases[i].names[n]; n++) {
			bool me = strcmp(cases[i].names[n], "@") == 0;

			row.people[n] = (struct list_person){
				.name = (char *)cases[i].names[n],
				.address = me ? (char *)"me+x@example.org"
					      : (char *)"x@example.com",
			};
			row.n_people++;
		}
		strbuf_init(&out, 1000);
		people_of_row(&row, world->config, cases[i].here,
			cases[i].columns, &out);
		is_str(out.data, cases[i].want, "people");
	}
}

static void
check_status(const struct view_status *view, const char *want, const char *what)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 10000);
	for (size_t i = 0; i < view->n; i++)
		strbuf_addf(&out, "%s%s", i ? " · " : "", view->cells[i].text);
	is_str(out.data, want, what);
}

static void
test_status(const struct world *world)
{
	struct account_row rows[2] = {
		{ .name = (char *)"a", .state = ACCOUNT_ONLINE },
		{ .name = (char *)"b", .state = ACCOUNT_SYNCING },
	};
	struct account_rows accounts = { rows, 2, 2 };
	struct view_status view;

	view_status_init(&view);
	view_status_load(&view, &accounts, world->config, true);
	check_status(&view,
		"a online · b syncing · b not encrypted · read-only",
		"clear text is told for as long as it lasts");
	ok(!view.trouble, "no trouble");
	rows[0].state = ACCOUNT_OFFLINE;
	rows[0].error = (char *)"Cannot connect";
	rows[1].state = ACCOUNT_NEEDS_LOGIN;
	rows[1].error = (char *)"Login refused";
	view_status_load(&view, &accounts, world->config, false);
	is_str(view.trouble, "b: Login refused", "what needs a person first");
	ok(view.trouble_tone == TONE_BAD, "in the tone of what is bad");
	rows[1].state = ACCOUNT_ONLINE;
	rows[1].error = NULL;
	view_status_load(&view, &accounts, world->config, false);
	is_str(view.trouble, "a: Cannot connect", "then what passes");
	view_status_clear(&view);
}

/* Why a text does not come. */
static void
test_not_fetched(void)
{
	static const struct {
		enum account_state state;
		const char *error;
		const char *failure;
		const char *want;
	} cases[] = {
		{ ACCOUNT_ONLINE, NULL, NULL, NULL },
		{ ACCOUNT_ONLINE, NULL, "It is gone.", "It is gone." },
		{ ACCOUNT_CONNECTING, "No route.", NULL, NULL },
		{ ACCOUNT_OFFLINE, "No route", NULL,
			"The text of this message is not held here; work is "
			"offline (No route): it comes when the server can be "
			"reached." },
		{ ACCOUNT_CONNECTING, NULL, "Refused",
			"The text of this message is not held here; work is "
			"offline (Refused): it comes when the server can be "
			"reached." },
		{ ACCOUNT_OFFLINE, NULL, NULL,
			"The text of this message is not held here; work is "
			"offline: it comes when the server can be reached." },
		{ ACCOUNT_NEEDS_LOGIN, NULL, "No password-command",
			"The text of this message is not held here; not "
			"logged in to work: :password enters the password." },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct account_row row = { .name = (char *)"work",
			.state = cases[i].state,
			.error = (char *)cases[i].error };
		char *got CLEANUP(freep) =
			view_status_not_fetched(&row, cases[i].failure);

		is_str(got, cases[i].want, "why a text does not come");
	}
}

static void
test_progress(void)
{
	struct event event = { .type = EVENT_PROGRESS,
		.account = 1,
		.progress = PROGRESS_HEADERS,
		.done = 34012,
		.total = 48201 };
	const struct status_progress *work;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct view_status view;

	strbuf_init(&out, 1000);
	view_status_init(&view);
	view_status_progress(&view, &event, 1000000);
	ok(!view_status_work(&view, 1, 1400000), "short work is not told of");
	is_int(view_status_next_us(&view, 1400000), 1500000, "not before");
	work = view_status_work(&view, 1, 1600000);
	ok(work != NULL, "long work is");
	if (work)
		view_status_print_work(work, false, &out);
	is_str(out.data, "70 % of headers, 34,012 of 48,201", "with counts");
	event.done = event.total;
	view_status_progress(&view, &event, 1700000);
	ok(!view_status_work(&view, 1, 9000000), "and goes when it is done");
	view_status_clear(&view);
}

/* What must not be handed to a desktop. */
static void
test_opener(void)
{
	static const struct {
		const char *type;
		const char *path;
	} files[] = {
		{ "application/x-desktop", "/tmp/x" },
		{ "text/plain", "/tmp/x.desktop" },
		{ "application/octet-stream", "/tmp/x.EXE" },
		{ "text/x-shellscript", "/tmp/x.txt" },
	};
	static const char *const links[] = { "javascript:alert(1)",
		"file:///etc/passwd", "data:text/html,x", "smb://host/x",
		"https://example.org/ --flag", "https://example.org/\n", "" };
	struct app app = { .n_children = 0 };

	/* Nothing may be started, whatever is installed here. */
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("BROWSER");
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		ok(!opener_open_file(
			   &app, files[i].type, files[i].path, &err) &&
				strstr(err.text, "program"),
			"not opened: %s, %s", files[i].type, files[i].path);
	}
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		ok(!opener_open_link(&app, links[i], &err) &&
				strstr(err.text, "opened"),
			"not followed: %zu", i);
	}
	is_int(app.n_children, 0, "nothing was started");
}

int
main(void)
{
	struct world world;

	setenv("TZ", "UTC", 1);
	setenv("LANGUAGE", "C", 1);
	i18n_init();
	make_world(&world);
	test_tree(&world);
	test_people(&world);
	test_status(&world);
	test_not_fetched();
	test_progress();
	test_opener();
	end_world(&world);
	return tap_done();
}
