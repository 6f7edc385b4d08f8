/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the text index holds, asked for in FTS5's own words. */
#include "base/array.h"
#include "base/clock.h"
#include "store/index.h"
#include "store/private.h"

#include "store_fixture.h"

/* Ids that match, ascending, with blanks between. */
static void
is_match(struct fixture *fixture, const char *query, const char *want,
	const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	sqlite3_stmt *stmt = NULL;

	strbuf_init(&got, 1000);
	MUST(index_open(fixture->store, &err));
	if (sqlite3_prepare_v2(fixture->store->index,
		    "SELECT rowid FROM message_text WHERE message_text MATCH ? "
		    "ORDER BY rowid",
		    -1, &stmt, NULL) != SQLITE_OK)
		exit(99);
	sqlite3_bind_text(stmt, 1, query, -1, SQLITE_STATIC);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		strbuf_addf(&got, "%s%lld", got.len ? " " : "",
			(long long)sqlite3_column_int64(stmt, 0));
	sqlite3_finalize(stmt);
	index_close(fixture->store);
	is_str(got.data, want, what);
}

static void
save_text(struct fixture *fixture, int64_t message, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct slice rest = slice_str(text);
	struct slice line;

	document_init(&doc);
	while (slice_next_line(&rest, &line))
		document_add(&doc, PARAGRAPH_TEXT, 0, 0, line);
	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(text_save(fixture->store, message, &doc, "snippet", 1, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
save_parts(struct fixture *fixture, int64_t message, const char *name)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct part *part = part_tree_add(&tree);

	part->section = xstrdup("1");
	part->type = xstrdup("application/pdf");
	part->disposition = DISPOSITION_ATTACHMENT;
	part->name = xstrdup(name);
	part->parent = -1;
	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(parts_save(fixture->store, message, &tree, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
place_some(struct fixture *fixture)
{
	static const struct mail mails[] = {
		{ .uid = 1,
			.received = 10,
			.id = "1@x",
			.subject = "Budget north wing",
			.from = "ann@example.org",
			.to = "bo@example.net" },
		{ .uid = 2,
			.received = 20,
			.id = "2@x",
			.subject = "Gr\xc3\xbc\xc3\x9f\x65",
			.from = "cy@example.org" },
		{ .uid = 3, .received = 30, .id = "3@x", .subject = "Budget" },
	};

	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		place_one(fixture, fixture->inbox, &mails[i], NULL);
}

static void
remove_uid(struct fixture *fixture, uint32_t uid)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;

	uidset_add(&uids, uid);
	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(placement_remove(&tx, fixture->inbox, &uids, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
purge_all(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more = true;

	while (more)
		MUST(message_purge_some(fixture->store, &more, &err));
}

static void
test_words(void)
{
	struct fixture fixture = { 0 };

	fixture_open(&fixture);
	place_some(&fixture);
	is_match(&fixture, "budget", "", "nothing before indexing");
	index_all(&fixture);
	is_match(&fixture, "budget", "1 3", "subjects");
	is_match(&fixture, "grusse OR gru\xc3\x9f\x65", "2",
		"a subject in German");
	is_match(&fixture, "authors: ann", "1", "an author");
	is_match(&fixture, "recipients: ann", "", "who is no recipient");
	is_match(&fixture, "example", "1 2", "domains");
	save_text(&fixture, 3, "How are the pipes?\nRusty.");
	is_match(&fixture, "pipes", "", "a text that waits");
	index_all(&fixture);
	is_match(&fixture, "body: pipes", "3", "a text");
	is_match(&fixture, "\"pipes rusty\"", "3", "a phrase over lines");
	is_match(&fixture, "budget pipes", "3", "subject and text together");
	is_sound(&fixture, "words");
	fixture_close(&fixture);
}

static void
test_replacing(void)
{
	struct fixture fixture = { 0 };

	fixture_open(&fixture);
	place_some(&fixture);
	save_text(&fixture, 1, "first words");
	index_all(&fixture);
	is_match(&fixture, "first", "1", "the first text");
	save_text(&fixture, 1, "second words");
	save_text(&fixture, 1, "third words");
	is_match(&fixture, "first", "1", "still there");
	index_all(&fixture);
	is_match(&fixture, "first", "", "gone");
	is_match(&fixture, "second", "", "never there");
	is_match(&fixture, "third words", "1", "the last text");
	save_parts(&fixture, 1, "plan.pdf");
	index_all(&fixture);
	is_match(&fixture, "names: plan", "1", "an attachment's name");
	save_parts(&fixture, 1, "list.xlsx");
	save_text(&fixture, 1, "fourth words");
	index_all(&fixture);
	is_match(&fixture, "plan", "", "the old name is gone");
	is_match(&fixture, "third", "", "so is the old text");
	is_match(&fixture, "list fourth", "1", "the new ones");
	is_sound(&fixture, "replacing");
	fixture_close(&fixture);
}

static void
test_purging(void)
{
	struct fixture fixture = { 0 };
	struct mail mail = { .uid = 9,
		.received = 10,
		.id = "1@x",
		.subject = "Budget north wing",
		.from = "ann@example.org",
		.to = "bo@example.net" };
	int64_t message = 0;
	int64_t other;

	fixture_open(&fixture);
	other = make_folder(fixture.store, fixture.account, "Other", ROLE_NONE);
	clock_freeze(1800000000);
	place_some(&fixture);
	save_text(&fixture, 1, "rare words");
	link_all(&fixture);
	index_all(&fixture);
	remove_uid(&fixture, 1);
	remove_uid(&fixture, 3);
	purge_all(&fixture);
	is_match(&fixture, "budget", "1 3", "kept for an hour");
	place_one(&fixture, other, &mail, &message);
	is_int(message, 1, "found again in another folder");
	clock_freeze(1800000000 + 3601);
	purge_all(&fixture);
	is_match(&fixture, "budget", "1", "the other one is gone");
	is_match(&fixture, "rare", "1", "with its text");
	link_all(&fixture);
	is_sound(&fixture, "purging");
	clock_freeze(-1);
	fixture_close(&fixture);
}

/* Out of the index already, then found again before it was purged. */
static void
test_back_in_time(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail mail = {
		.uid = 9, .received = 30, .id = "3@x", .subject = "Budget"
	};
	int64_t message = 0;
	bool more = true;

	fixture_open(&fixture);
	clock_freeze(1800000000);
	place_some(&fixture);
	save_text(&fixture, 3, "rare words");
	index_all(&fixture);
	remove_uid(&fixture, 3);
	MUST(index_forget_some(fixture.store, 1800000000, &more, &err));
	is_match(&fixture, "rare", "", "out of the index");
	place_one(&fixture, fixture.inbox, &mail, &message);
	is_int(message, 3, "found again");
	index_all(&fixture);
	is_match(&fixture, "rare", "3", "in the index again");
	link_all(&fixture);
	is_sound(&fixture, "back in time");
	clock_freeze(-1);
	fixture_close(&fixture);
}

static void
spoil(const struct fixture *fixture)
{
	char *path CLEANUP(freep) = file_join(fixture->dir, "index.db");
	char *wal CLEANUP(freep) = file_join(fixture->dir, "index.db-wal");
	FILE *file = fopen(path, "r+");

	unlink(wal);
	for (int i = 0; file && i < 5000; i++)
		fputs("this is no index ", file);
	if (file)
		fclose(file);
}

static void
test_anew(void)
{
	struct fixture fixture = { 0 };
	char *path CLEANUP(freep) = NULL;

	fixture_open(&fixture);
	place_some(&fixture);
	save_text(&fixture, 3, "rare words");
	index_all(&fixture);
	path = file_join(fixture.dir, "index.db");
	unlink(path);
	is_match(&fixture, "budget", "", "the index was lost");
	index_all(&fixture);
	is_match(&fixture, "budget", "1 3", "made anew");
	is_match(&fixture, "rare", "3", "with texts");
	spoil(&fixture);
	is_match(&fixture, "budget", "", "the index was damaged");
	index_all(&fixture);
	is_match(&fixture, "rare OR north", "1 3", "made anew");
	save_text(&fixture, 3, "other words");
	index_all(&fixture);
	is_match(&fixture, "rare", "", "and it follows");
	link_all(&fixture);
	is_sound(&fixture, "anew");
	fixture_close(&fixture);
}

int
main(void)
{
	test_words();
	test_replacing();
	test_purging();
	test_back_in_time();
	test_anew();
	return tap_done();
}
