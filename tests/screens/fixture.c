/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/account.h"
#include "store/message.h"
#include "store/part.h"
#include "sync/ingest.h"

enum { HOUR = 3600, DAY = 24 * HOUR };

static const char config_text[] = "[account work]\n"
				  "name = Robin Hale\n"
				  "address = robin@example.org\n"
				  "imap = imaps://robin@imap.example.org\n"
				  "[account home]\n"
				  "name = Robin Hale\n"
				  "address = robin@home.example.net\n"
				  "imap = imaps://robin@imap.example.net\n";

static const struct {
	const char *account;
	const char *name;
	enum folder_role role;
	bool selectable;
	int64_t total;
	int64_t unread;
} folders[] = {
	{ "work", "INBOX", ROLE_INBOX, true, 48201, 12 },
	{ "work", "Archive", ROLE_ARCHIVE, true, 310, 0 },
	{ "work", "Drafts", ROLE_DRAFTS, true, 1, 1 },
	{ "work", "Sent", ROLE_SENT, true, 2004, 0 },
	{ "work", "Junk", ROLE_JUNK, true, 7, 2 },
	{ "work", "Trash", ROLE_TRASH, true, 12, 0 },
	{ "work", "Lists", ROLE_NONE, false, 0, 0 },
	{ "work", "Lists/git", ROLE_NONE, true, 90110, 240 },
	{ "work", "Lists/libc-alpha", ROLE_NONE, true, 20001, 31 },
	{ "home", "INBOX", ROLE_INBOX, true, 89, 3 },
	{ "home", "Archive", ROLE_ARCHIVE, true, 4000, 0 },
	{ "home", "Sent", ROLE_SENT, true, 411, 0 },
};

/* One letter; `reply` is the number of the one it answers, from 1. */
struct letter {
	const char *from; /* "Name <address>" */
	const char *to;
	const char *subject;
	const char *list;
	int64_t ago; /* seconds before FIXTURE_NOW */
	uint32_t flags;
	int reply;
	const char *attachments[2];
	const char *text;
};

static const struct letter letters[] = {
	{ "Robin Hale <robin@example.org>", "Ann Example <ann@example.org>",
		"Budget for the north wing", NULL, 6 * DAY, FLAG_SEEN, 0,
		{ NULL }, "Could you send the numbers before Friday?\n" },
	{ "Bo Lindqvist <bo@example.net>", "Ann Example <ann@example.org>",
		"Re: Budget for the north wing", NULL, 3 * DAY, FLAG_SEEN, 1,
		{ NULL }, "I have them somewhere.\n" },
	{ "Ann Example <ann@example.org>",
		"Robin Hale <robin@example.org>, Bo Lindqvist <bo@example.net>",
		"Budget for the north wing", NULL, 2 * HOUR, FLAG_FLAGGED, 2,
		{ "budget.xlsx", "plan.pdf" },
		"Hello both,\n\n"
		"I have put the figures in the sheet; the roof is the open "
		"question. The builder wants an answer by Wednesday.\n\n"
		">Could you send the numbers for the north wing before "
		"Friday?\n>\n>The office asks for them each year, and each "
		"year we send them late. This year I would like to be the one "
		"who was early.\n>\n>What I know:\n>- the roof\n>- the "
		"heating\n>- the floor\n>\n>Robin\n\n"
		"Ann\n-- \nAnn Example, treasurer\n" },
	{ "Robin Hale <robin@example.org>", "Bo Lindqvist <bo@example.net>",
		"Friday", NULL, 4 * HOUR, FLAG_SEEN, 0, { NULL },
		"Shall we meet?\n" },
	{ "Bo Lindqvist <bo@example.net>", "Robin Hale <robin@example.org>",
		"Re: Friday", NULL, 2 * HOUR + 1320, FLAG_SEEN | FLAG_ANSWERED,
		4, { NULL },
		"Works for me. Shall we say ten, at the usual place?\n" },
	{ "Jun Hamano <jun@example.com>", "git@lists.example.org",
		"[PATCH 0/3] pack: reuse deltas across packs",
		"git.lists.example.org", 5 * HOUR, FLAG_SEEN, 0, { NULL },
		"This series teaches pack-objects to reuse deltas.\n" },
	{ "Taylor Blau <taylor@example.com>", "git@lists.example.org",
		"Re: [PATCH 0/3] pack: reuse deltas across packs",
		"git.lists.example.org", 4 * HOUR, 0, 6, { NULL }, "Nice.\n" },
	{ "Derrick Stolee <stolee@example.com>", "git@lists.example.org",
		"Re: [PATCH 0/3] pack: reuse deltas across packs",
		"git.lists.example.org", 3 * HOUR + 3060, 0, 7, { NULL },
		"I measured it.\n" },
	{ "山田太郎 <yamada@example.co.jp>", "Robin Hale <robin@example.org>",
		"見積もりの件", NULL, 6 * HOUR + 420, FLAG_SEEN, 0,
		{ "見積書.pdf" }, "ご確認のほどよろしくお願いいたします。\n" },
	{ "Zoë O’Neill <zoe@example.ie>", "Robin Hale <robin@example.org>",
		"🎉 Launch went well", NULL, 21 * HOUR, FLAG_SEEN | FLAG_FLAGGED,
		0, { NULL }, "Thanks everyone, numbers below.\n" },
	{ "Hetzner <billing@example.de>", "Robin Hale <robin@example.org>",
		"Invoice 0042 of November", NULL, DAY + 9 * HOUR, FLAG_SEEN, 0,
		{ "invoice.pdf" }, "Your invoice is attached.\n" },
	{ "Ольга Петрова <olga@example.ru>", "Robin Hale <robin@example.org>",
		"Re: отчёт за квартал", NULL, 2 * DAY,
		FLAG_SEEN | FLAG_ANSWERED, 0, { NULL },
		"Добавила раздел о рисках.\n" },
	{ "Mallory \x1b]0;owned\x07<m@example.net>",
		"Robin Hale <robin@example.org>",
		"Bank\xe2\x80\xae statement \x1b[2J\x1b[1;1H\xe2\x80\x8b"
		"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86 "
		"שלום עולם \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
		NULL, 2 * DAY + 10 * HOUR, FLAG_SEEN, 0,
		{ "report\xe2\x80\xaegpj.exe" },
		"\x1b[31mred\x1b[0m \x9b\x41 \xc2\x9b 2J\n"
		"a\rb\x08\x08\x7f\n" },
	{ "David Kern <david@example.org>", "Robin Hale <robin@example.org>",
		"Minutes, 17 November", NULL, 2 * DAY + 19 * HOUR, FLAG_SEEN, 0,
		{ NULL },
		"1. Opening\n2. Roof\n3. Heating\n4. Any other business\n" },
	{ "Farid Aziz <farid@example.org>", "Robin Hale <robin@example.org>",
		"Dinner on the 28th?", NULL, 2 * DAY + 21 * HOUR, FLAG_SEEN, 0,
		{ NULL }, "Count me in. I can bring bread.\n" },
	{ "Build <build@example.org>", "Robin Hale <robin@example.org>",
		"An unusually long subject that goes on and on, well past what "
		"any list could show in one row of it",
		NULL, 40 * DAY, FLAG_SEEN, 0, { NULL },
		"diff --git a/x b/x\n@@ -1 +1 @@\n-old\n+new\n same\n" },
	/* The last one stands in Sent. */
	{ "Robin Hale <robin@example.org>", "Bo Lindqvist <bo@example.net>",
		"Re: Friday", NULL, 2 * HOUR + 600, FLAG_SEEN, 5, { NULL },
		"Ten works. See you at the usual place.\n" },
};

static bool
complain(struct error *err)
{
	printf("# fixture: %s (%s)\n", err->text ? err->text : "?",
		err->detail ? err->detail : "-");
	error_clear(err);
	return false;
}

/* "A <a@x>, B <b@x>" */
static void
add_addresses(struct address_list *list, const char *text)
{
	struct slice rest = slice_str(text);

	while (rest.len > 0) {
		size_t end = slice_find(rest, ',');
		struct slice one = slice_trim(slice_head(rest, end));
		size_t angle = slice_find(one, '<');
		struct slice name = slice_trim(slice_head(one, angle));
		struct slice address = slice_skip(one, angle + 1);
		char *n;
		char *a;

		if (angle == one.len)
			address = one;
		else
			address.len--;
		n = xmemdup0(name.data, name.len);
		a = xmemdup0(address.data, address.len);
		address_list_add(list, angle < one.len ? n : NULL, a);
		free(n);
		free(a);
		rest = slice_skip(rest, end + 1);
	}
}

static char *
id_of(int number)
{
	return xasprintf("letter%d@fixture.example.org", number);
}

static void
make_envelope(struct envelope *envelope, const struct letter *letter,
	int number, int64_t date)
{
	*envelope = (struct envelope){ .subject = xstrdup(letter->subject),
		.message_id = id_of(number),
		.list_id = xstrdup_null(letter->list),
		.date = date };
	add_addresses(&envelope->from, letter->from);
	add_addresses(&envelope->to, letter->to);
	for (int up = letter->reply; up > 0; up = letters[up - 1].reply) {
		char *id CLEANUP(freep) = id_of(up);

		if (up == letter->reply)
			message_ids_add(&envelope->in_reply_to, slice_str(id));
		message_ids_add(&envelope->references, slice_str(id));
	}
}

static void
add_part(struct part_tree *tree, const char *section, const char *type,
	const char *name, int parent)
{
	struct part *part = part_tree_add(tree);

	part->section = xstrdup(section);
	part->type = xstrdup(type);
	part->name = xstrdup_null(name);
	part->parent = parent;
	part->depth = parent + 1;
	part->size = 66000;
	if (name) {
		part->disposition = DISPOSITION_ATTACHMENT;
		part->encoding = ENCODING_BASE64;
	}
}

static void
make_parts(struct part_tree *tree, const struct letter *letter)
{
	if (!letter->attachments[0]) {
		add_part(tree, "1", "text/plain", NULL, -1);
		return;
	}
	add_part(tree, "", "multipart/mixed", NULL, -1);
	add_part(tree, "1", "text/plain", NULL, 0);
	add_part(tree, "2", "application/pdf", letter->attachments[0], 0);
	if (letter->attachments[1])
		add_part(tree, "3", "application/pdf", letter->attachments[1],
			0);
}

static int
kind_of(struct slice line, bool *signature, bool *diff)
{
	if (slice_eq(line, SLICE("-- ")))
		*signature = true;
	if (slice_starts(line, SLICE("diff --git")))
		*diff = true;
	if (*signature)
		return PARAGRAPH_SIGNATURE;
	if (!*diff)
		return PARAGRAPH_TEXT;
	if (slice_starts(line, SLICE("diff")))
		return PARAGRAPH_DIFF_FILE;
	if (slice_starts(line, SLICE("@@")))
		return PARAGRAPH_DIFF_HUNK;
	if (slice_starts(line, SLICE("+")))
		return PARAGRAPH_DIFF_ADD;
	return slice_starts(line, SLICE("-")) ? PARAGRAPH_DIFF_DEL
					      : PARAGRAPH_PRE;
}

static void
make_document(struct document *doc, const char *text)
{
	struct slice rest = slice_str(text);
	struct slice line;
	bool signature = false;
	bool diff = false;

	document_init(doc);
	while (slice_next_line(&rest, &line)) {
		int quote = line.len > 0 && line.data[0] == '>';
		struct strbuf clean CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&clean, 10000);
		utf8_repair(slice_skip(line, (size_t)quote), &clean);
		document_add(doc,
			(enum paragraph_kind)kind_of(line, &signature, &diff),
			quote, 0, strbuf_slice(&clean));
	}
}

/* In a transaction. */
static bool
place_in(struct store *store, int64_t account, int64_t folder,
	const struct letter *letter, int number, bool with_text,
	struct error *err)
{
	int64_t date = FIXTURE_NOW - letter->ago;
	char *header CLEANUP(freep) = xasprintf("Message-ID: <%d>\r\n", number);
	struct flags flags = { .bits = letter->flags };
	struct envelope envelope;
	struct part_tree parts = { 0 };
	struct document doc;
	int64_t message;
	int64_t placement;
	bool good;

	make_envelope(&envelope, letter, number, date);
	make_parts(&parts, letter);
	make_document(&doc, letter->text);
	good = message_place(store, account, folder,
		       &(struct message_new){ .envelope = &envelope,
			       .parts = &parts,
			       .flags = &flags,
			       .header = slice_str(header),
			       .received = date,
			       .size = 4000,
			       .uid = (uint32_t)number },
		       &message, &placement, err) &&
	       (!with_text ||
		       text_save(store, message, &doc, letter->text, 1, err));
	envelope_clear(&envelope);
	part_tree_clear(&parts);
	document_clear(&doc);
	return good;
}

static bool
place(struct store *store, int64_t account, int64_t folder,
	const struct letter *letter, int number, bool with_text,
	struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) &&
	       place_in(store, account, folder, letter, number, with_text,
		       err) &&
	       transaction_commit(&tx, err);
}

static bool
link_all(struct store *store, int64_t account, struct error *err)
{
	int64_t left = 1;

	while (left > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		if (!transaction_begin(store, &tx, err) ||
			!message_link_some(&tx, account, 0, &left, err) ||
			!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

static bool
make_folders(struct fixture *fixture, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	if (!transaction_begin(fixture->writer, &tx, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		bool is_work = strcmp(folders[i].account, "work") == 0;
		struct folder_listing listing = { .name = folders[i].name,
			.remote = folders[i].name,
			.delimiter = '/',
			.role = folders[i].role,
			.selectable = folders[i].selectable,
			.subscribed = true,
			.server_total = folders[i].total,
			.server_unread = folders[i].unread };
		struct folder_sync sync = { .state = FOLDER_PARTIAL };
		int64_t id;

		if (!folder_save_listing(fixture->writer,
			    is_work ? fixture->work : fixture->home_account,
			    &listing, &id, NULL, err) ||
			!folder_save_sync(fixture->writer, id, &sync, err))
			return false;
		if (is_work && folders[i].role == ROLE_INBOX)
			fixture->inbox = id;
		if (is_work && folders[i].role == ROLE_SENT)
			fixture->sent = id;
	}
	return transaction_commit(&tx, err);
}

static bool
make_accounts(struct fixture *fixture, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool good;

	clock_freeze(FIXTURE_NOW - 2 * HOUR - 3000);
	good = transaction_begin(fixture->writer, &tx, err) &&
	       account_ensure(fixture->writer, "work", &fixture->work, err) &&
	       account_ensure(
		       fixture->writer, "home", &fixture->home_account, err) &&
	       account_save_state(fixture->writer, fixture->work,
		       ACCOUNT_ONLINE, NULL, err) &&
	       account_save_state(fixture->writer, fixture->home_account,
		       ACCOUNT_CONNECTING, NULL, err) &&
	       account_save_state(fixture->writer, fixture->home_account,
		       ACCOUNT_OFFLINE, NULL, err) &&
	       transaction_commit(&tx, err);
	clock_freeze(FIXTURE_NOW);
	return good;
}

bool
fixture_make(struct fixture *fixture)
{
	struct error err = ERROR_INIT;
	char *path CLEANUP(freep) = NULL;

	*fixture = (struct fixture){ .dir = "/tmp/tercet-screens-XXXXXX" };
	if (!mkdtemp(fixture->dir) ||
		!(path = file_join(fixture->dir, "config")) ||
		!config_parse(config_text, strlen(config_text), path,
			&fixture->config, &err) ||
		!store_home_open(fixture->dir, false, &fixture->home, &err) ||
		!store_open(
			fixture->home, STORE_WORKER, &fixture->writer, &err) ||
		!store_open(fixture->home, STORE_INTERFACE, &fixture->store,
			&err) ||
		!make_accounts(fixture, &err) || !make_folders(fixture, &err))
		return complain(&err);
	for (size_t i = 0; i < ARRAY_LEN(letters); i++)
		if (!place(fixture->writer, fixture->work,
			    i + 1 < ARRAY_LEN(letters) ? fixture->inbox
						       : fixture->sent,
			    &letters[i], (int)i + 1, true, &err))
			return complain(&err);
	return link_all(fixture->writer, fixture->work, &err) || complain(&err);
}

static bool
deliver(struct fixture *fixture, const char *subject, bool with_text)
{
	static const struct letter model = { "Karin Late <karin@example.org>",
		"Robin Hale <robin@example.org>", NULL, NULL, 0, 0, 0, { NULL },
		"It has only just arrived.\n" };
	struct letter letter = model;
	struct error err = ERROR_INIT;

	letter.subject = subject;
	fixture->delivered++;
	letter.ago = -fixture->delivered;
	return (place(fixture->writer, fixture->work, fixture->inbox, &letter,
			1000 + fixture->delivered, with_text, &err) &&
		       link_all(fixture->writer, fixture->work, &err)) ||
	       complain(&err);
}

bool
fixture_deliver(struct fixture *fixture, const char *subject)
{
	return deliver(fixture, subject, true);
}

bool
fixture_deliver_envelope(struct fixture *fixture, const char *subject)
{
	return deliver(fixture, subject, false);
}

bool
fixture_deliver_bytes(struct fixture *fixture, struct slice bytes)
{
	struct error err = ERROR_INIT;
	struct flags flags = FLAGS_INIT;
	int64_t id;

	fixture->delivered++;
	return (ingest_whole(fixture->writer, fixture->work, fixture->inbox,
			bytes, &flags, FIXTURE_NOW + fixture->delivered, &id,
			&err) &&
		       link_all(fixture->writer, fixture->work, &err)) ||
	       complain(&err);
}

static bool
place_many(struct fixture *fixture, int n, struct error *err)
{
	static const struct letter model = { "Many <many@example.org>",
		"Robin Hale <robin@example.org>", NULL, NULL, 0, 0, 0, { NULL },
		"One of many.\n" };
	int at = 0;

	while (at < n) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		int stop = at + 500 < n ? at + 500 : n;

		if (!transaction_begin(fixture->writer, &tx, err))
			return false;
		for (; at < stop; at++) {
			struct letter letter = model;
			char *subject CLEANUP(freep) =
				xasprintf("Letter %d", at);

			letter.subject = subject;
			letter.ago = 100 * DAY + at * 60;
			if (!place_in(fixture->writer, fixture->work,
				    fixture->inbox, &letter, 5000 + at, false,
				    err))
				return false;
		}
		if (!transaction_commit(&tx, err))
			return false;
	}
	return true;
}

bool
fixture_deliver_many(struct fixture *fixture, int n)
{
	struct error err = ERROR_INIT;

	return (place_many(fixture, n, &err) &&
		       link_all(fixture->writer, fixture->work, &err)) ||
	       complain(&err);
}

bool
fixture_expunge(struct fixture *fixture, uint32_t uid)
{
	struct error err = ERROR_INIT;
	struct uidset uids = UIDSET_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	bool good;

	uidset_add(&uids, uid);
	good = transaction_begin(fixture->writer, &tx, &err) &&
	       placement_remove(&tx, fixture->inbox, &uids, &err) &&
	       transaction_commit(&tx, &err);
	uidset_clear(&uids);
	return good || complain(&err);
}

bool
fixture_replace_folder(
	struct fixture *fixture, const char *old, const char *name)
{
	struct error err = ERROR_INIT;
	struct folders all = { 0 };
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = { .name = name,
		.remote = name,
		.delimiter = '/',
		.selectable = true };
	int64_t keep[ARRAY_LEN(folders) + 1];
	size_t n = 0;
	bool good = folder_load_all(fixture->writer, fixture->work, &all, &err);

	for (size_t i = 0; good && i < all.n; i++) {
		if (strcmp(all.items[i].name, old) != 0) {
			keep[n++] = all.items[i].id;
			continue;
		}
		listing.server_total = all.items[i].server_total;
		listing.server_unread = all.items[i].server_unread;
	}
	good = good && transaction_begin(fixture->writer, &tx, &err) &&
	       (!name || folder_save_listing(fixture->writer, fixture->work,
				 &listing, &keep[n++], NULL, &err)) &&
	       folder_drop_others(
		       fixture->writer, fixture->work, keep, n, NULL, &err) &&
	       transaction_commit(&tx, &err);
	folders_clear(&all);
	return good || complain(&err);
}

void
fixture_clear(struct fixture *fixture)
{
	DIR *dir;
	struct dirent *entry;

	store_close(fixture->store);
	store_close(fixture->writer);
	store_home_close(fixture->home);
	config_unref(fixture->config);
	dir = opendir(fixture->dir);
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(fixture->dir);
}

bool
fixture_is_whole(const struct screen *screen)
{
	for (int row = 0; row < screen->rows; row++)
		for (int col = 0; col < screen->cols; col++) {
			const struct cell *cell = screen_cell(screen, row, col);
			struct slice text = slice_str(cell->text);
			struct glyph glyph;

			if (cell->width == 0) {
				if (col == 0 || cell[-1].width != 2)
					return false;
				continue;
			}
			if (!glyph_next(&text, &glyph) || text.len > 0 ||
				glyph.width != cell->width ||
				(cell->width == 2 &&
					(col + 1 == screen->cols ||
						cell[1].width != 0)))
				return false;
		}
	return true;
}
