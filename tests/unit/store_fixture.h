/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in a temporary directory, and short ways to put mail into it. */
#ifndef TERCET_TESTS_STORE_FIXTURE_H
#define TERCET_TESTS_STORE_FIXTURE_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/account.h"
#include "store/folder.h"
#include "store/list.h"
#include "store/message.h"
#include "store/part.h"
#include "store/question.h"
#include "store/store.h"

#include "tap.h"

struct fixture {
	char dir[64];
	struct store_home *home;
	struct store *store;
	int64_t account;
	int64_t inbox;
};

/* For what must not fail: says why and gives up. */
#define MUST(call)                                                             \
	do {                                                                   \
		if (!(call)) {                                                 \
			printf("Bail out! %s:%d: %s: %s (%s)\n", __FILE__,     \
				__LINE__, #call, err.text ? err.text : "",     \
				err.detail ? err.detail : "");                 \
			exit(99);                                              \
		}                                                              \
	} while (0)

static inline void
remove_dir(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)) != NULL) {
		char *path CLEANUP(freep) = file_join(dir, entry->d_name);

		unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

static inline int64_t
make_folder(struct store *store, int64_t account, const char *name,
	enum folder_role role)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing listing = {
		.name = name,
		.remote = name,
		.delimiter = '/',
		.role = role,
		.selectable = true,
		.subscribed = true,
		.server_total = -1,
		.server_unread = -1,
	};
	int64_t id = 0;

	MUST(transaction_begin(store, &tx, &err));
	MUST(folder_save_listing(store, account, &listing, &id, NULL, &err));
	MUST(transaction_commit(&tx, &err));
	return id;
}

static inline void
fixture_open(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	snprintf(
		fixture->dir, sizeof(fixture->dir), "/tmp/tercet-store-XXXXXX");
	if (!mkdtemp(fixture->dir))
		exit(99);
	MUST(store_home_open(fixture->dir, false, &fixture->home, &err));
	MUST(store_open(fixture->home, STORE_WORKER, &fixture->store, &err));
	{
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture->store, &tx, &err));
		MUST(account_ensure(
			fixture->store, "work", &fixture->account, &err));
		MUST(transaction_commit(&tx, &err));
	}
	fixture->inbox = make_folder(
		fixture->store, fixture->account, "INBOX", ROLE_INBOX);
}

static inline void
fixture_close(struct fixture *fixture)
{
	store_close(fixture->store);
	store_home_close(fixture->home);
	remove_dir(fixture->dir);
}

/* A message in few words; what is left out is made up from `uid`. */
struct mail {
	uint32_t uid;
	int64_t received;
	uint32_t flags;
	const char *keywords;
	const char *subject;
	const char *from;
	const char *to;
	const char *id;
	const char *references; /* blanks between */
	const char *header;
	const char *email_id;
	uint64_t size;
	uint64_t modseq;
	int64_t date;
};

static inline void
fill_envelope(const struct mail *mail, struct envelope *envelope)
{
	struct slice rest = slice_str(mail->references);

	*envelope = (struct envelope){ 0 };
	envelope->subject = xstrdup_null(mail->subject);
	envelope->message_id = xstrdup_null(mail->id);
	envelope->date = mail->date ? mail->date : mail->received;
	if (mail->from)
		address_list_add(&envelope->from, NULL, mail->from);
	if (mail->to)
		address_list_add(&envelope->to, NULL, mail->to);
	while (rest.len) {
		size_t end = slice_find(rest, ' ');

		message_ids_add(&envelope->references, slice_head(rest, end));
		rest = slice_skip(rest, end + 1);
	}
}

/* Inside a transaction. */
static inline int64_t
place(struct fixture *fixture, int64_t folder, const struct mail *mail,
	int64_t *ret_message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct flags flags = { mail->flags, (char *)mail->keywords };
	char *header CLEANUP(freep) = NULL;
	struct message_new new;
	int64_t placement = 0;

	fill_envelope(mail, &envelope);
	header = mail->header ? xstrdup(mail->header)
			      : xasprintf("Subject: %s\r\nFrom: %s\r\n"
					  "Message-ID: <%s>\r\n",
					mail->subject ? mail->subject : "",
					mail->from ? mail->from : "",
					mail->id ? mail->id : "");
	new = (struct message_new){
		.envelope = &envelope,
		.flags = &flags,
		.header = slice_str(header),
		.email_id = slice_str(mail->email_id),
		.received = mail->received,
		.size = mail->size ? mail->size : 1000,
		.uid = mail->uid,
		.modseq = mail->modseq,
	};
	MUST(message_place(fixture->store, fixture->account, folder, &new,
		ret_message, &placement, &err));
	return placement;
}

/* The same in a transaction of its own. */
static inline int64_t
place_one(struct fixture *fixture, int64_t folder, const struct mail *mail,
	int64_t *ret_message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	int64_t placement;

	MUST(transaction_begin(fixture->store, &tx, &err));
	placement = place(fixture, folder, mail, ret_message);
	MUST(transaction_commit(&tx, &err));
	return placement;
}

/* Links all that waits. */
static inline void
link_all(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t left = 1;

	while (left > 0) {
		struct transaction tx CLEANUP(transaction_end) = { 0 };

		MUST(transaction_begin(fixture->store, &tx, &err));
		MUST(message_link_some(&tx, fixture->account, 0, &left, &err));
		MUST(transaction_commit(&tx, &err));
	}
}

static inline void
index_all(struct fixture *fixture)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t left = 1;

	while (left > 0)
		MUST(message_index_some(
			fixture->store, fixture->account, &left, &err));
}

static inline void
say_fault(void *ctx, const char *fault)
{
	(void)ctx;
	printf("# %s\n", fault);
}

static inline bool
is_sound(struct fixture *fixture, const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	uint64_t faults = 0;

	MUST(store_check(fixture->store, true, say_fault, NULL, &faults, &err));
	return ok(faults == 0, "%s: sound", what);
}

#endif /* TERCET_TESTS_STORE_FIXTURE_H */
