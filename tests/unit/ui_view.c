/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Geometry, wrapping, and the list's window over a real store. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "pane/layout.h"
#include "store/account.h"
#include "store/message.h"
#include "view/view_list.h"
#include "view/view_viewer.h"
#include "view/wrap.h"

#include "tap.h"

static bool
inside(const struct rect *rect, int rows, int cols)
{
	return rect->row >= 0 && rect->col >= 0 && rect->rows >= 0 &&
	       rect->cols >= 0 && rect->row + rect->rows <= rows &&
	       rect->col + rect->cols <= cols;
}

static bool
apart(const struct rect *a, const struct rect *b)
{
	return a->rows == 0 || b->rows == 0 || a->row + a->rows <= b->row ||
	       b->row + b->rows <= a->row || a->col + a->cols <= b->col ||
	       b->col + b->cols <= a->col;
}

/* Whatever the size: nothing outside, nothing over another. */
static void
test_layout_all(void)
{
	int bad = 0;

	for (int rows = 1; rows < 70; rows++)
		for (int cols = 1; cols < 240; cols += 3)
			for (int i = 0; i < 27; i++) {
				struct layout_options options = {
					.rows = rows,
					.cols = cols,
					.wish = i % 3,
					.focus = i / 3 % 3,
					.status_rows = 2 + i / 9,
					.folders_cols = i == 26 ? 500 : 0,
					.list_rows = i == 25 ? 500 : 0,
					.list_cols = i == 24 ? 1 : 0,
				};
				struct layout l;

				layout_make(&options, &l);
				if (!inside(&l.list, rows, cols) ||
					!inside(&l.title, rows, cols) ||
					!inside(&l.viewer, rows, cols) ||
					!inside(&l.folders, rows, cols) ||
					!inside(&l.status, rows, cols) ||
					!apart(&l.list, &l.viewer) ||
					!apart(&l.title, &l.list) ||
					!apart(&l.content, &l.status) ||
					(!l.folders_slide &&
						(!apart(&l.folders, &l.list) ||
							!apart(&l.folders,
								&l.viewer))))
					bad++;
			}
	is_int(bad, 0, "panes stay inside and apart at every size");
}

static void
test_layout(void)
{
	static const struct {
		int cols, rows;
		enum pane focus;
		int folders, list, viewer; /* columns; 0: not shown */
		int list_rows;
	} cases[] = {
		{ 120, 34, PANE_LIST, 24, 95, 95, 10 },
		{ 170, 26, PANE_LIST, 24, 62, 82, 23 },
		{ 80, 22, PANE_LIST, 0, 80, 80, 8 },
		{ 80, 22, PANE_FOLDERS, 30, 80, 80, 8 },
		{ 60, 16, PANE_LIST, 0, 60, 60, 5 },
		{ 59, 30, PANE_LIST, 0, 59, 0, 27 },
		{ 59, 30, PANE_VIEWER, 0, 0, 59, 0 },
		{ 40, 10, PANE_LIST, 0, 40, 0, 8 },
		{ 40, 10, PANE_FOLDERS, 40, 0, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct layout_options options = { .rows = cases[i].rows,
			.cols = cases[i].cols,
			.focus = cases[i].focus,
			.status_rows = 2 };
		struct layout l;

		layout_make(&options, &l);
		ok((l.folders.rows ? l.folders.cols : 0) == cases[i].folders &&
				(l.list.rows ? l.list.cols : 0) ==
					cases[i].list &&
				(l.viewer.rows ? l.viewer.cols : 0) ==
					cases[i].viewer &&
				l.list.rows == cases[i].list_rows,
			"%dx%d: %d %d %d, %d rows", cases[i].cols,
			cases[i].rows, l.folders.cols, l.list.cols,
			l.viewer.cols, l.list.rows);
	}
}

static void
test_wrap(void)
{
	static const struct {
		const char *text;
		int columns;
		enum wrap_mode mode;
		const char *want; /* lines, joined by | */
	} cases[] = {
		{ "one two three", 7, WRAP_WORDS, "one two|three" },
		{ "", 7, WRAP_WORDS, "" },
		{ "unbreakable", 4, WRAP_WORDS, "unbr|eaka|ble" },
		{ "a  b", 10, WRAP_COLUMNS, "a  b" },
		{ "abcdef", 4, WRAP_COLUMNS, "abcd|ef" },
		{ "a\tb", 8, WRAP_COLUMNS, "a\t|b" },
		{ "山田太郎", 5, WRAP_COLUMNS, "山田|太郎" },
		{ "x", 1, WRAP_COLUMNS, "x" },
		{ "山", 1, WRAP_COLUMNS, "山" },
		{ "a\x1b[2Jb", 3, WRAP_COLUMNS, "a\x1b[|2Jb" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct slice rest = slice_str(cases[i].text);
		struct strbuf out CLEANUP(strbuf_clear) = { 0 };
		int lines = 0;

		strbuf_init(&out, 1000);
		while (rest.len > 0 && lines++ < 50) {
			size_t next;
			size_t len = wrap_line(
				rest, cases[i].columns, cases[i].mode, &next);

			if (out.len > 0)
				strbuf_add_char(&out, '|');
			strbuf_add_slice(&out, slice_head(rest, len));
			ok(next > 0, "it goes on");
			rest = slice_skip(rest, next);
		}
		is_str(out.data, cases[i].want, "wrapped");
	}
}

/* -- the list ----------------------------------------------------------- */

enum { LETTERS = 300, PAGE = 10 };

struct world {
	char dir[64];
	struct store_home *home;
	struct store *store;
	struct store *writer;
	int64_t account;
	int64_t folder;
	bool there[LETTERS * 2 + 1]; /* by UID */
	int newest;
	struct folder row;
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

static void
place(struct world *world, int uid)
{
	struct error err = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	char *id CLEANUP(freep) = xasprintf("m%d@example.org", uid);
	char *header CLEANUP(freep) = xasprintf("Message-ID: <%s>\r\n", id);
	struct envelope envelope = { .subject = xasprintf("%d", uid),
		.message_id = xstrdup(id),
		.date = 1700000000 + uid };
	struct flags flags = { .bits = uid % 50 ? FLAG_SEEN : 0 };
	int64_t message;
	int64_t placement;

	address_list_add(&envelope.from, "A", "a@example.org");
	MUST(transaction_begin(world->writer, &tx, &err));
	MUST(message_place(world->writer, world->account, world->folder,
		&(struct message_new){ .envelope = &envelope,
			.flags = &flags,
			.header = slice_str(header),
			.received = 1700000000 + uid,
			.size = 1000,
			.uid = (uint32_t)uid },
		&message, &placement, &err));
	MUST(transaction_commit(&tx, &err));
	envelope_clear(&envelope);
	world->there[uid] = true;
	if (uid > world->newest)
		world->newest = uid;
}

static void
expunge(struct world *world, int uid)
{
	struct error err = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct uidset uids = UIDSET_INIT;

	uidset_add(&uids, (uint32_t)uid);
	MUST(transaction_begin(world->writer, &tx, &err));
	MUST(placement_remove(&tx, world->folder, &uids, &err));
	MUST(transaction_commit(&tx, &err));
	uidset_clear(&uids);
	world->there[uid] = false;
}

static void
link_some(struct world *world)
{
	struct error err = ERROR_INIT;
	int64_t left = 1;

	while (left > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(world->writer, &tx, &err));
		MUST(message_link_some(&tx, world->account, 0, &left, &err));
		MUST(transaction_commit(&tx, &err));
	}
	folder_clear(&world->row);
	MUST(folder_load(world->store, world->folder, &world->row, &err) ==
		FOUND);
}

static void
make_world(struct world *world)
{
	struct error err = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = { .name = "INBOX",
		.remote = "INBOX",
		.delimiter = '/',
		.role = ROLE_INBOX,
		.selectable = true,
		.server_total = -1,
		.server_unread = -1 };

	*world = (struct world){ .dir = "/tmp/tercet-view-XXXXXX" };
	if (!mkdtemp(world->dir))
		exit(99);
	MUST(store_home_open(world->dir, false, &world->home, &err));
	MUST(store_open(world->home, STORE_WORKER, &world->writer, &err));
	MUST(store_open(world->home, STORE_INTERFACE, &world->store, &err));
	MUST(transaction_begin(world->writer, &tx, &err));
	MUST(account_ensure(world->writer, "a", &world->account, &err));
	MUST(folder_save_listing(world->writer, world->account, &listing,
		&world->folder, NULL, &err));
	MUST(transaction_commit(&tx, &err));
	for (int uid = 1; uid <= LETTERS; uid++)
		place(world, uid);
	link_some(world);
}

static void
end_world(struct world *world)
{
	DIR *dir = opendir(world->dir);
	struct dirent *entry;

	folder_clear(&world->row);
	store_close(world->store);
	store_close(world->writer);
	store_home_close(world->home);
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(world->dir);
}

static int
uid_at(const struct view_list *list)
{
	const struct view_row *row = view_list_at_cursor(list);

	return row ? (int)row->row.uid : 0;
}

/* The next letter there is, older or newer; the same when there is none. */
static int
step(const struct world *world, int uid, int by)
{
	for (int i = 0; i < abs(by); i++) {
		int at = uid;

		do
			at += by > 0 ? -1 : 1;
		while (at > 0 && at <= world->newest && !world->there[at]);
		if (at < 1 || at > world->newest)
			break;
		uid = at;
	}
	return uid;
}

/* The rows on the screen are neighbours, newest first, and the cursor's is
 * among them; the window stays small. */
static bool
is_sound(const struct world *world, const struct view_list *list)
{
	const struct view_row *at = view_list_at_cursor(list);
	int before = 0;
	bool seen = false;

	if (list->n > 200)
		return false;
	for (int i = 0; i < list->page; i++) {
		const struct view_row *row = view_list_on_screen(list, i);

		if (!row)
			break;
		seen = seen || row == at;
		if (!world->there[row->row.uid] ||
			(before && step(world, before, 1) != (int)row->row.uid))
			return false;
		before = (int)row->row.uid;
	}
	return seen || list->n == 0;
}

static void
test_list_moves(struct world *world, struct view_list *list)
{
	static const int moves[] = { 1, 1, 5, -3, 40, 200, -100, 500, -1, -500,
		99, 7, -250, 299, -299 };
	struct error err = ERROR_INIT;
	int want = world->newest;

	MUST(view_list_show(list, world->store, &world->row, NULL, &err));
	is_int(uid_at(list), want, "the newest first");
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		want = step(world, want, moves[i]);
		MUST(view_list_move(list, world->store, moves[i], &err));
		ok(uid_at(list) == want && is_sound(world, list),
			"moved by %d: %d, %d", moves[i], uid_at(list), want);
	}
	MUST(view_list_last(list, world->store, &err));
	ok(uid_at(list) == 1 && is_sound(world, list), "the oldest");
	MUST(view_list_first(list, world->store, &err));
	ok(uid_at(list) == world->newest && is_sound(world, list),
		"the newest");
	for (int i = 0; i < 40; i++) {
		MUST(view_list_scroll(list, world->store, PAGE, &err));
		if (!is_sound(world, list))
			break;
	}
	ok(uid_at(list) == 1 && is_sound(world, list), "paged to the end");
	for (int i = 0; i < 40; i++)
		MUST(view_list_scroll(list, world->store, -PAGE / 2, &err));
	for (int i = 0; i < 40; i++)
		MUST(view_list_scroll(list, world->store, -PAGE / 2, &err));
	ok(uid_at(list) == world->newest && is_sound(world, list), "and back");
}

static void
test_list_unread(struct world *world, struct view_list *list)
{
	struct error err = ERROR_INIT;

	MUST(view_list_first(list, world->store, &err));
	for (int want = 250; want > 0; want -= 50) {
		ok(view_list_next_unread(
			   list, world->store, LIST_OLDER, &err) == FOUND &&
				uid_at(list) == want && is_sound(world, list),
			"next unread: %d", uid_at(list));
	}
	ok(view_list_next_unread(list, world->store, LIST_OLDER, &err) ==
			NOT_FOUND,
		"no more");
	ok(view_list_next_unread(list, world->store, LIST_NEWER, &err) ==
				FOUND &&
			uid_at(list) == 100,
		"and upwards");
}

/* Mail comes and goes; the cursor stays with its message. */
static void
test_list_changes(struct world *world, struct view_list *list)
{
	struct error err = ERROR_INIT;
	bool stayed = true;
	bool sound = true;

	srand(7);
	MUST(view_list_first(list, world->store, &err));
	for (int turn = 0; turn < 200; turn++) {
		int want;
		int victim = 1 + rand() % world->newest;

		MUST(view_list_move(
			list, world->store, rand() % 60 - 25, &err));
		want = uid_at(list);
		if (turn % 3 == 0 && world->newest < 2 * LETTERS)
			place(world, world->newest + 1);
		if (world->there[victim] && turn % 5 != 0)
			expunge(world, victim);
		else if (turn % 5 == 0)
			expunge(world, victim = want);
		link_some(world);
		MUST(view_list_reload(
			list, world->store, &world->row, NULL, &err));
		if (!world->there[want]) {
			int older = step(world, want, 1);

			want = older != want ? older : step(world, want, -1);
		}
		stayed = stayed && uid_at(list) == want;
		sound = sound && is_sound(world, list);
		if (!stayed || !sound) {
			printf("# turn %d: at %d, not %d\n", turn, uid_at(list),
				want);
			break;
		}
	}
	ok(stayed, "the cursor stays, or goes to the next older");
	ok(sound, "the screen shows neighbours all the time");
}

static void
test_list_sizes(struct world *world, struct view_list *list)
{
	struct error err = ERROR_INIT;
	bool kept = true;

	MUST(view_list_first(list, world->store, &err));
	MUST(view_list_move(list, world->store, 60, &err));
	for (int page = 1; page < 120; page += 7) {
		int want = uid_at(list);

		MUST(view_list_set_page(list, world->store, page, &err));
		kept = kept && uid_at(list) == want && list->page == page;
	}
	ok(kept, "resizing keeps the place");
	MUST(view_list_set_page(list, world->store, PAGE, &err));
}

static void
test_list(void)
{
	struct error err = ERROR_INIT;
	struct world world;
	struct view_list list;

	make_world(&world);
	view_list_init(&list);
	MUST(view_list_set_page(&list, world.store, PAGE, &err));
	test_list_moves(&world, &list);
	test_list_unread(&world, &list);
	test_list_sizes(&world, &list);
	test_list_changes(&world, &list);
	MUST(view_list_set_threads(
		&list, world.store, &world.row, NULL, false, &err));
	ok(is_sound(&world, &list), "one row a message");
	test_list_changes(&world, &list);
	for (int uid = 1; uid <= world.newest; uid++)
		if (world.there[uid])
			expunge(&world, uid);
	link_some(&world);
	MUST(view_list_reload(&list, world.store, &world.row, NULL, &err));
	ok(view_list_is_empty(&list) && !view_list_at_cursor(&list),
		"an empty list");
	MUST(view_list_move(&list, world.store, 5, &err));
	MUST(view_list_last(&list, world.store, &err));
	place(&world, world.newest + 1);
	link_some(&world);
	MUST(view_list_reload(&list, world.store, &world.row, NULL, &err));
	is_int(uid_at(&list), world.newest, "and one letter again");
	view_list_clear(&list);
	end_world(&world);
}

/* -- the viewer ----------------------------------------------------------- */

/* Lines as text: what kind, and what they hold. */
static void
print_lines(struct view_viewer *view, struct strbuf *out)
{
	struct viewer_piece pieces[VIEWER_PIECES_MAX];

	for (int i = 0; i < view->page; i++) {
		const struct viewer_line *line = view_viewer_on_screen(view, i);

		if (!line)
			return;
		if (line->kind == VIEWER_LINE_FOLD)
			strbuf_addf(out, "[%u]", line->n);
		if (line->kind == VIEWER_LINE_TEXT) {
			int n = view_viewer_pieces(view, line, pieces);

			for (int k = 0; k < n; k++)
				strbuf_addf(out, "%s%d:%.*s", k ? "," : "",
					pieces[k].col, (int)pieces[k].text.len,
					pieces[k].text.data);
		}
		strbuf_add_char(out, '|');
	}
}

static void
show_document(struct view_viewer *view, int width)
{
	view_viewer_set_size(view, 1, 50);
	view_viewer_set_size(view, width, 50);
}

static void
test_viewer(void)
{
	struct view_viewer view;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	view_viewer_init(&view);
	view.state = VIEWER_READY;
	strbuf_init(&out, 100000);
	document_add(&view.text, PARAGRAPH_TEXT, 0, 0, SLICE("Well."));
	for (int i = 0; i < 20; i++)
		document_add(&view.text, PARAGRAPH_TEXT, 1, 0, SLICE("q"));
	document_add(&view.text, PARAGRAPH_TEXT, 0, 0, SLICE("Yes."));
	for (int i = 0; i < 20; i++)
		document_add(&view.text, PARAGRAPH_TEXT, 1, 0, SLICE("q"));
	show_document(&view, 40);
	print_lines(&view, &out);
	is_str(out.data, "|0:Well.|0:q|[16]|0:q|0:q|0:q|0:Yes.|0:q|[19]|",
		"quotes fold, in the middle and at the end");
	ok(view_viewer_has_folds(&view), "there are folds");
	view_viewer_set_quotes(&view, true);
	view_viewer_last(&view);
	is_int((int64_t)view.n, 43, "and open");
	view_viewer_clear(&view);
}

static void
test_viewer_pieces(void)
{
	struct view_viewer view;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	view_viewer_init(&view);
	view.state = VIEWER_READY;
	strbuf_init(&out, 100000);
	document_begin(&view.text, PARAGRAPH_TEXT, 0, 0);
	document_add_text(&view.text, SLICE("see "));
	document_add_text(&view.text, SLICE("the page"));
	document_add_span(&view.text, 8, SPAN_LINK, 0);
	document_add_text(&view.text, SLICE(" now"));
	document_add(&view.text, PARAGRAPH_DIFF_ADD, 0, 0, SLICE("+\tx"));
	document_add(&view.text, PARAGRAPH_TABLE_ROW, 0, 0, SLICE("a\tb"));
	document_add(&view.text, PARAGRAPH_TABLE_ROW, 0, 0, SLICE("long\tc"));
	show_document(&view, 12);
	print_lines(&view, &out);
	is_str(out.data, "|0:see ,4:the page|0:now|0:+,8:x|0:a,6:b|0:long,6:c|",
		"spans, tabs and cells");
	view_viewer_clear(&view);
}

/* A long message costs no more than what is seen of it. */
static void
test_viewer_lazy(void)
{
	struct view_viewer view;

	view_viewer_init(&view);
	view.state = VIEWER_READY;
	for (int i = 0; i < 100000; i++)
		document_add(&view.text, PARAGRAPH_TEXT, 0, 0, SLICE("line"));
	show_document(&view, 80);
	ok(view.n < 200, "%zu lines made for the first screen", view.n);
	ok(view_viewer_percent(&view) < 5, "at %d percent",
		view_viewer_percent(&view));
	ok(view_viewer_scroll(&view, 1000), "scrolled");
	is_int((int64_t)view.top, 1000, "there");
	view_viewer_last(&view);
	is_int((int64_t)view.top, 100001 - 50, "the end");
	is_int(view_viewer_percent(&view), 100, "at its end");
	ok(!view_viewer_scroll(&view, 10), "no further");
	view_viewer_clear(&view);
}

int
main(void)
{
	test_layout();
	test_layout_all();
	test_wrap();
	test_viewer();
	test_viewer_pieces();
	test_viewer_lazy();
	test_list();
	return tap_done();
}
