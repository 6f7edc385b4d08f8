/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>

#include "base/array.h"
#include "base/clock.h"

#include "store_fixture.h"

static struct folder
load_folder(struct fixture *fixture, int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder folder = { 0 };

	MUST(folder_load(fixture->store, id, &folder, &err) == FOUND);
	return folder;
}

static void
is_counts(struct fixture *fixture, int64_t id, int64_t placed, int64_t unread,
	const char *what)
{
	struct folder folder CLEANUP(folder_clear) = load_folder(fixture, id);

	ok(folder.placed == placed && folder.unread == unread,
		"%s: %lld placed, %lld unread", what, (long long)folder.placed,
		(long long)folder.unread);
}

static void
test_files(void)
{
	struct fixture fixture = { 0 };
	struct stat st;
	char *path CLEANUP(freep) = NULL;

	fixture_open(&fixture);
	ok(stat(fixture.dir, &st) == 0 && (st.st_mode & 0777) == 0700,
		"the directory is private");
	path = file_join(fixture.dir, "store.db");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
		"the file is private");
	fixture_close(&fixture);
}

static void
test_accounts(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct account_row row CLEANUP(account_row_clear) = { 0 };
	int64_t again = 0;

	fixture_open(&fixture);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(account_ensure(fixture.store, "work", &again, &err));
		MUST(account_save_state(fixture.store, again,
			ACCOUNT_NEEDS_LOGIN, "No.", &err));
		MUST(account_save_capabilities(
			fixture.store, again, "IMAP4rev1 IDLE", &err));
		MUST(account_save_synced(fixture.store, again, 42, &err));
		MUST(transaction_commit(&tx, &err));
	}
	is_int(again, fixture.account, "a name has one row");
	MUST(account_load(fixture.store, again, &row, &err));
	is_str(row.name, "work", "name");
	is_str(row.error, "No.", "error");
	is_str(row.capabilities, "IMAP4rev1 IDLE", "capabilities");
	is_int(row.state, ACCOUNT_NEEDS_LOGIN, "state");
	is_int(row.last_sync, 42, "last sync");
	fixture_close(&fixture);
}

static void
test_rollback(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	fixture_open(&fixture);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct mail mail = { .uid = 1, .received = 100, .id = "a" };

		MUST(transaction_begin(fixture.store, &tx, &err));
		place(&fixture, fixture.inbox, &mail, NULL);
	}
	is_counts(&fixture, fixture.inbox, 0, 0, "rolled back");
	fixture_close(&fixture);
}

static void
test_placing(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail mail = { .uid = 7,
		.received = 100,
		.id = "a@x",
		.subject = "Hello",
		.from = "ann@example.org" };
	struct message message CLEANUP(message_clear) = { 0 };
	struct message_wanted_array wanted = { 0 };
	int64_t archive;
	int64_t first = 0;
	int64_t second = 0;
	int64_t third = 0;
	int64_t placement;

	fixture_open(&fixture);
	archive = make_folder(
		fixture.store, fixture.account, "Archive", ROLE_ARCHIVE);
	placement = place_one(&fixture, fixture.inbox, &mail, &first);
	is_counts(&fixture, fixture.inbox, 1, 1, "placed");
	mail.flags = FLAG_SEEN;
	mail.keywords = "work";
	ok(place_one(&fixture, fixture.inbox, &mail, &second) == placement &&
			second == first,
		"the same UID is the same placement");
	is_counts(&fixture, fixture.inbox, 1, 0, "flags updated");
	mail.uid = 3;
	place_one(&fixture, archive, &mail, &second);
	is_int(second, first, "the same message in another folder is shared");
	mail.uid = 8;
	place_one(&fixture, fixture.inbox, &mail, &third);
	ok(third != first, "a copy in the same folder is not");
	MUST(message_load(fixture.store, first, &message, &err) == FOUND);
	is_int((int64_t)message.n_placements, 2, "two placements");
	is_str(message.envelope.subject, "Hello", "subject");
	is_str(message.envelope.from.items[0].address, "ann@example.org",
		"author");
	is_str(message.placements[0].flags.keywords, "work", "keyword");
	link_all(&fixture);
	MUST(message_wanting_text(
		fixture.store, fixture.account, 0, 10, &wanted, &err));
	is_int((int64_t)wanted.n, 2, "two messages want text");
	array_clear(&wanted);
	fixture_close(&fixture);
}

static void
test_text(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail mail = { .uid = 7, .received = 100, .id = "a@x" };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct document got CLEANUP(document_clear) = { 0 };
	struct message_wanted_array wanted = { 0 };
	int version = 0;
	int64_t id = 0;

	document_init(&doc);
	for (int i = 0; i < 100; i++)
		document_add(&doc, PARAGRAPH_TEXT, 0, 0,
			SLICE("All work and no play"));
	fixture_open(&fixture);
	place_one(&fixture, fixture.inbox, &mail, &id);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(text_save(fixture.store, id, &doc, "All work", 3, &err));
		ok(!text_save(fixture.store, id + 99, &doc, "", 3, &err) &&
				err.kind == ERR_STALE,
			"no text for a message that is gone");
		MUST(transaction_commit(&tx, &err));
	}
	MUST(text_load(fixture.store, id, &got, &version, &err) == FOUND);
	is_int(version, 3, "version");
	is_int((int64_t)got.n_paragraphs, 100, "paragraphs");
	ok(slice_eq(strbuf_slice(&got.text), strbuf_slice(&doc.text)), "text");
	MUST(message_wanting_text(
		fixture.store, fixture.account, 0, 10, &wanted, &err));
	is_int((int64_t)wanted.n, 0, "no text is wanted any more");
	array_clear(&wanted);
	fixture_close(&fixture);
}

static void
test_sections(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail mail = { .uid = 7, .received = 100, .id = "a@x" };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	char *bytes CLEANUP(freep) = xmalloc(PART_SLICE_BYTES);
	int64_t id = 0;
	uint64_t size = 0;

	strbuf_init(&out, 10 * PART_SLICE_BYTES);
	for (size_t i = 0; i < PART_SLICE_BYTES; i++)
		bytes[i] = (char)(i * 31);
	fixture_open(&fixture);
	place_one(&fixture, fixture.inbox, &mail, &id);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };
		struct slice all = slice_make(bytes, PART_SLICE_BYTES);

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(section_append(
			fixture.store, id, "1.2", true, all, false, &err));
		ok(section_load(fixture.store, id, "1.2", &out, &err) ==
				NOT_FOUND,
			"not there until complete");
		MUST(section_append(
			fixture.store, id, "1.2", false, all, false, &err));
		MUST(section_append(fixture.store, id, "1.2", false,
			slice_head(all, 5), true, &err));
		ok(!section_append(
			   fixture.store, id, "1.2", false, all, true, &err) &&
				err.kind == ERR_STALE,
			"nothing behind the end");
		ok(!section_append(
			   fixture.store, id + 9, "", true, all, true, &err) &&
				err.kind == ERR_STALE,
			"no section of a message that is gone");
		MUST(transaction_commit(&tx, &err));
	}
	ok(section_load(fixture.store, id, "1.2", &out, &err) == FOUND,
		"loaded");
	ok(out.len == 2 * PART_SLICE_BYTES + 5 &&
			memcmp(out.data + PART_SLICE_BYTES, bytes,
				PART_SLICE_BYTES) == 0,
		"the same bytes");
	ok(section_size(fixture.store, id, "1.2", &size, &err) == FOUND &&
			size == out.len,
		"size");
	ok(section_size(fixture.store, id, "9", &size, &err) == NOT_FOUND,
		"another section");
	strbuf_clear(&out);
	strbuf_init(&out, 100);
	ok(section_load(fixture.store, id, "1.2", &out, &err) == FOUND_ERROR &&
			err.kind == ERR_LIMIT,
		"limit of the buffer kept");
	fixture_close(&fixture);
}

/* What stands nowhere wants no text; found again, it does. */
static void
test_wanted(void)
{
	struct fixture fixture = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct mail mail = { .uid = 7, .received = 100, .id = "a@x" };
	struct message_wanted_array wanted = { 0 };
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;

	fixture_open(&fixture);
	place_one(&fixture, fixture.inbox, &mail, NULL);
	link_all(&fixture);
	uidset_add(&uids, 7);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(placement_remove(&tx, fixture.inbox, &uids, &err));
		MUST(transaction_commit(&tx, &err));
	}
	MUST(message_wanting_text(
		fixture.store, fixture.account, 0, 10, &wanted, &err));
	is_int((int64_t)wanted.n, 0, "gone, it wants nothing");
	mail.uid = 8;
	place_one(&fixture, fixture.inbox, &mail, NULL);
	link_all(&fixture);
	MUST(message_wanting_text(
		fixture.store, fixture.account, 0, 10, &wanted, &err));
	ok(wanted.n == 1 && wanted.items[0].uid == 8, "back, it does");
	array_clear(&wanted);
	is_sound(&fixture, "wanted");
	fixture_close(&fixture);
}

/* How a folder is looked at, also one over several accounts. */
static void
test_views(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture f;
	bool threads = true;

	fixture_open(&f);
	ok(folder_view_load(f.store, f.inbox, &threads, &err) == NOT_FOUND,
		"nobody chose how to see it");
	for (int i = 0; i < 2; i++) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(f.store, &tx, &err));
		MUST(folder_view_save(f.store, f.inbox, i > 0, &err));
		MUST(folder_view_save(f.store, -1, false, &err));
		MUST(transaction_commit(&tx, &err));
		ok(folder_view_load(f.store, f.inbox, &threads, &err) ==
					FOUND &&
				threads == (i > 0),
			"chosen, and chosen again");
	}
	ok(folder_view_load(f.store, -1, &threads, &err) == FOUND && !threads,
		"over several accounts");
	fixture_close(&f);
}

int
main(void)
{
	test_views();
	test_files();
	test_accounts();
	test_rollback();
	test_placing();
	test_text();
	test_sections();
	test_wanted();
	return tap_done();
}
