/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/report.h"

#include "store_fixture.h"

/* A message with that Message-ID. */
static int64_t
put(struct fixture *fixture, int64_t folder, uint32_t uid, const char *id)
{
	struct mail mail = {
		.uid = uid,
		.received = 1000 + uid,
		.subject = "Tea",
		.from = "ann@example.org",
		.id = id,
	};
	int64_t message = 0;

	(void)place_one(fixture, folder, &mail, &message);
	return message;
}

static void
save(struct fixture *fixture, int64_t message, const char *about,
	enum report_action action, const char *recipient, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct report report CLEANUP(report_clear) = { 0 };
	struct report_entry *entry = report_add(&report);

	report.about = xstrdup_null(about);
	entry->action = action;
	entry->recipient = xstrdup_null(recipient);
	entry->text = xstrdup_null(text);
	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(report_save(fixture->store, message, &report, &err));
	MUST(transaction_commit(&tx, &err));
}

/* "action recipient text;" for each. */
static char *
list(struct fixture *fixture, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct report_found_array found CLEANUP(report_found_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 4096);
	MUST(report_list(fixture->store, message, 10, &found, &err));
	for (size_t i = 0; i < found.n; i++) {
		const struct report_entry *it = &found.items[i].entry;

		strbuf_addf(&out, "%s %s %s;", report_action_name(it->action),
			it->recipient ? it->recipient : "-",
			it->text ? it->text : "-");
	}
	return strbuf_take(&out);
}

static void
is_listed(struct fixture *fixture, int64_t message, const char *want,
	const char *what)
{
	char *got CLEANUP(freep) = list(fixture, message);

	is_str(got, want, what);
}

static void
test_reports(struct fixture *fixture, int64_t other, int64_t inbox_of_other)
{
	int64_t early = put(fixture, fixture->inbox, 1, "bounce@example.net");
	int64_t late;
	int64_t sent;
	int64_t foreign;
	int64_t account = fixture->account;

	save(fixture, early, "one@example.org", REPORT_FAILED, "bo@example.net",
		"550 no");
	sent = put(fixture, fixture->inbox, 2, "one@example.org");
	is_listed(fixture, sent, "failed bo@example.net 550 no;",
		"a report that came before what it is about");
	late = put(fixture, fixture->inbox, 3, "receipt@example.net");
	save(fixture, late, "one@example.org", REPORT_DISPLAYED,
		"cy@example.net", NULL);
	is_listed(fixture, sent,
		"failed bo@example.net 550 no;displayed cy@example.net -;",
		"what did not arrive first");
	save(fixture, late, "one@example.org", REPORT_DELETED, NULL, NULL);
	is_listed(fixture, sent, "failed bo@example.net 550 no;deleted - -;",
		"read once more it is replaced");
	save(fixture, late, NULL, REPORT_FAILED, NULL, NULL);
	is_listed(fixture, sent, "failed bo@example.net 550 no;",
		"about nothing it is gone");
	save(fixture, sent, "one@example.org", REPORT_FAILED, NULL, NULL);
	is_listed(fixture, sent, "failed bo@example.net 550 no;",
		"a message reports nothing of itself");
	is_listed(fixture, early, "", "nothing of the report");
	fixture->account = other;
	foreign = put(fixture, inbox_of_other, 1, "one@example.org");
	fixture->account = account;
	is_listed(fixture, foreign, "", "nothing over accounts");
	is_listed(fixture, 123456, "", "no such message");
}

static void
check_origin(struct fixture *fixture, int64_t id, const char *results)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message message = { 0 };

	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture->store, &tx, &err));
		MUST(authentication_save(fixture->store, id, results, &err));
		MUST(transaction_commit(&tx, &err));
	}
	MUST(message_load(fixture->store, id, &message, &err) == FOUND);
	is_str(message.authentication, results, "what servers found");
	message_clear(&message);
}

int
main(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct fixture fixture;
	int64_t account = 0;
	int64_t id;

	fixture_open(&fixture);
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture.store, &tx, &err));
		MUST(account_ensure(fixture.store, "home", &account, &err));
		MUST(transaction_commit(&tx, &err));
	}
	id = make_folder(fixture.store, account, "INBOX", ROLE_INBOX);
	test_reports(&fixture, account, id);
	id = put(&fixture, fixture.inbox, 10, "ten@example.org");
	check_origin(&fixture, id, "1\tmx\tdkim\tpass\t\t\n");
	check_origin(&fixture, id, "1\tmx\tdkim\tfail\t\t\n");
	check_origin(&fixture, id, NULL);
	fixture_close(&fixture);
	return tap_done();
}
