/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: states follow from what became of the recipients, and nothing a
 * crash can leave is sent twice. */
#include "store/outbox.h"

#include "base/clock.h"
#include "store/draft.h"

#include "store_fixture.h"

static struct fixture fixture;

static int64_t
queue(int64_t hold_until, size_t n, int64_t draft)
{
	static const char *const to[] = { "a@x.org", "b@x.org", "c@x.org" };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_new new = {
		.account = fixture.account,
		.sender = "ann@example.org",
		.message_id = "id@example.org",
		.subject = "Hello",
		.recipients = to,
		.n_recipients = n,
		.header = SLICE("Subject: Hello\r\n"),
		.bcc = SLICE("Bcc: c@x.org\r\n"),
		.draft = draft,
	};
	int64_t id = 0;

	MUST(outbox_begin(fixture.store, &new, &id, &err));
	MUST(outbox_add_slice(fixture.store, id, SLICE("\r\none\r\n"), &err));
	MUST(outbox_add_slice(fixture.store, id, SLICE("two\r\n"), &err));
	MUST(outbox_finish(fixture.store, id, hold_until, &err));
	return id;
}

static const char *
state_of(int64_t id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };

	if (outbox_load(fixture.store, id, &entry, &err) != FOUND)
		return "none";
	return outbox_state_name(entry.state);
}

static bool
add(void *ctx, struct slice piece)
{
	return strbuf_add_slice(ctx, piece);
}

/* One letter a recipient: w, d, t, r; what the row becomes. */
static const struct {
	const char *fates;
	const char *want;
} settlings[] = {
	{ "ttt", "sent" },
	{ "twt", "deferred" },
	{ "trt", "failed" },
	{ "rrr", "failed" },
	{ "wrt", "deferred" },
	{ "dtt", "unconfirmed" },
	{ "drw", "unconfirmed" },
};

static void
settle(int64_t id, const char *fates)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_recipients all CLEANUP(outbox_recipients_clear) = { 0 };
	enum outbox_state state;

	MUST(outbox_load_recipients(fixture.store, id, &all, &err));
	for (size_t i = 0; i < all.n; i++)
		all.items[i].fate =
			(enum outbox_fate)(strchr("wdtr", fates[i]) - "wdtr");
	MUST(outbox_settle(fixture.store, id, all.items, all.n, 5000, "why",
		&state, &err));
}

static void
check_settling(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(settlings); i++) {
		int64_t id = queue(0, 3, 0);

		is_int(outbox_sending(fixture.store, id, &err), FOUND,
			"sending");
		settle(id, settlings[i].fates);
		is_str(state_of(id), settlings[i].want, settlings[i].fates);
		MUST(outbox_discard(fixture.store, id, &err));
	}
}

/* What a process that died leaves. */
static void
check_crashes(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t before = queue(0, 2, 0);
	int64_t during = queue(0, 2, 0);
	int64_t next;
	int who = 0;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };

	ok(outbox_sending(fixture.store, before, &err) == FOUND &&
			outbox_sending(fixture.store, during, &err) == FOUND,
		"two are being sent");
	ok(outbox_doubt(fixture.store, during, &who, 1, &err),
		"one has come to its end");
	MUST(outbox_recover(fixture.store, fixture.account, &err));
	is_str(state_of(before), "queued", "before the end: again");
	is_str(state_of(during), "unconfirmed", "after it: nobody knows");
	is_int(outbox_next(fixture.store, fixture.account, clock_wall_s(),
		       &entry, &next, &err),
		FOUND, "one is to be sent");
	is_int(entry.id, before, "  the one that certainly was not");
	MUST(outbox_hurry(fixture.store, fixture.account, &err));
	is_str(state_of(during), "unconfirmed", "hurry does not send it");
	is_int(outbox_confirm(fixture.store, during, &err), FOUND,
		"it did arrive");
	is_str(state_of(during), "deferred", "  and the other one still waits");
	MUST(outbox_discard(fixture.store, before, &err));
	MUST(outbox_discard(fixture.store, during, &err));
}

static void
check_bytes(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	int64_t id = queue(0, 1, 0);

	strbuf_init(&out, 10000);
	is_int(outbox_stream(fixture.store, id, false, add, &out, &err), FOUND,
		"the wire's");
	is_str(out.data, "Subject: Hello\r\n\r\none\r\ntwo\r\n",
		"  without Bcc");
	strbuf_reset(&out);
	is_int(outbox_stream(fixture.store, id, true, add, &out, &err), FOUND,
		"the copy's");
	is_str(out.data, "Subject: Hello\r\nBcc: c@x.org\r\n\r\none\r\ntwo\r\n",
		"  with it");
	settle(id, "t");
	MUST(outbox_filed(fixture.store, id, &err));
	is_int(outbox_stream(fixture.store, id, true, add, &out, &err),
		NOT_FOUND, "what is over has none");
	MUST(outbox_discard(fixture.store, id, &err));
}

static void
check_holding(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	int64_t now = clock_wall_s();
	int64_t later = queue(now + 100, 1, 0);
	int64_t next = 0;

	is_int(outbox_next(fixture.store, fixture.account, now, &entry, &next,
		       &err),
		NOT_FOUND, "held");
	is_int(next, now + 100, "  until then");
	is_int(outbox_next(fixture.store, fixture.account, now + 100, &entry,
		       &next, &err),
		FOUND, "due");
	is_int(outbox_hold(fixture.store, later, 0, &err), FOUND,
		"held by hand");
	outbox_entry_clear(&entry);
	is_int(outbox_next(fixture.store, fixture.account, now + 1000000,
		       &entry, &next, &err),
		NOT_FOUND, "  for ever");
	is_int(next, 0, "  and nothing to wait for");
	is_int(outbox_sending(fixture.store, later, &err), FOUND, "sending");
	is_int(outbox_hold(fixture.store, later, 0, &err), NOT_FOUND,
		"not held while it is sent");
	MUST(outbox_discard(fixture.store, later, &err));
}

static void
check_drafts(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft_rows rows CLEANUP(draft_rows_clear) = { 0 };
	struct draft_rows again CLEANUP(draft_rows_clear) = { 0 };
	struct draft_row row CLEANUP(draft_row_clear) = { 0 };
	int64_t draft = 0;
	int64_t back = 0;
	int64_t id;

	MUST(draft_save(fixture.store, &draft, fixture.account, "Hello",
		SLICE("packed"), &err));
	id = queue(100, 1, draft);
	MUST(draft_load_all(fixture.store, &rows, &err));
	is_int((int64_t)rows.n, 0, "a draft in the outbox is no draft");
	is_int(outbox_cancel(fixture.store, id, &back, &err), FOUND,
		"sending is undone");
	is_int(back, draft, "  the draft is back");
	MUST(draft_load_all(fixture.store, &again, &err));
	is_int((int64_t)again.n, 1, "  to be edited");
	id = queue(0, 1, draft);
	settle(id, "t");
	is_int(draft_next_sent(fixture.store, fixture.account, &row, &err),
		FOUND, "a draft that was sent");
	is_int(row.id, draft, "  can go");
}

/* A store that is set aside: what was not sent comes over whole. */
static void
check_recovery(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct draft_row row CLEANUP(draft_row_clear) = { 0 };
	char *note CLEANUP(freep) = file_join(fixture.dir, "store.damaged");
	int64_t over = queue(0, 1, 0);
	int64_t draft = 0;
	int64_t id = queue(100, 3, 0);

	settle(over, "t");
	MUST(draft_save(fixture.store, &draft, fixture.account, "Draft",
		SLICE("packed"), &err));
	store_close(fixture.store);
	store_home_close(fixture.home);
	MUST(file_replace(note, SLICE(""), &err));
	MUST(store_home_open(fixture.dir, true, &fixture.home, &err));
	MUST(store_open(fixture.home, STORE_WORKER, &fixture.store, &err));
	is_int(outbox_load(fixture.store, id, &entry, &err), FOUND,
		"what waited is there");
	is_str(outbox_state_name(entry.state), "held", "  as it was");
	is_int((int64_t)entry.n_waiting, 3, "  for all of them");
	strbuf_init(&out, 10000);
	is_int(outbox_stream(fixture.store, id, true, add, &out, &err), FOUND,
		"  with its bytes");
	is_str(out.data, "Subject: Hello\r\nBcc: c@x.org\r\n\r\none\r\ntwo\r\n",
		"  all of them");
	is_str(state_of(over), "none", "what was sent is not");
	strbuf_reset(&out);
	is_int(draft_load(fixture.store, draft, &row, &out, &err), FOUND,
		"a draft is there");
	is_str(out.data, "packed", "  as it was");
}

int
main(void)
{
	fixture_open(&fixture);
	check_settling();
	check_crashes();
	check_bytes();
	check_holding();
	check_drafts();
	check_recovery();
	fixture_close(&fixture);
	return tap_done();
}
