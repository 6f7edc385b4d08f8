/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left to do for messages that a server took: the copy in Sent, the
 * mark on what was answered, the draft.  Each step can be done again after a
 * crash without a second copy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "mime/address.h"
#include "store/account.h"
#include "store/draft.h"
#include "store/message.h"
#include "sync/journal_private.h"
#include "sync/send_private.h"

enum {
	UNCONFIRMED_MAX = 100,
	/* What servers call the time of arrival may be off. */
	CLOCKS_DIFFER_S = 2 * 24 * 3600,
};

/* ---- a message in one piece ---- */

void
whole_clear(struct whole *whole)
{
	if (whole->mapped)
		munmap(whole->mapped, whole->bytes.len);
	strbuf_clear(&whole->buf);
	*whole = (struct whole){ 0 };
}

struct gathering {
	struct strbuf buf;
	int fd; /* -1: in memory */
	bool line_feeds;
	uint64_t size;
	struct error failed;
};

static bool
gather_flush(struct gathering *it)
{
	bool ok = it->fd < 0 ||
		  file_write_all(it->fd, strbuf_slice(&it->buf), &it->failed);

	if (it->fd >= 0) {
		it->size += it->buf.len;
		strbuf_reset(&it->buf);
	}
	return ok;
}

static bool
gather(void *to, struct slice piece)
{
	struct gathering *it = to;

	if (!it->line_feeds) {
		strbuf_add_slice(&it->buf, piece);
		return gather_flush(it);
	}
	for (size_t i = 0; i < piece.len; i++) {
		/* Lines end in CRLF here, and CR stands nowhere else. */
		if (piece.data[i] != '\r')
			strbuf_add_char(&it->buf, piece.data[i]);
	}
	return gather_flush(it);
}

/* A file in the store's directory that has no name, and goes by itself. */
static bool
open_unnamed(const char *dir, int *ret_fd, struct error *err)
{
	char *path CLEANUP(freep) = NULL;
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		path = file_join(dir, "message-XXXXXX");
		fd = mkostemp(path, O_CLOEXEC);
		if (fd >= 0)
			unlink(path);
	}
	if (fd < 0)
		return error_set_errno(err, ERR_DISK, errno,
			_("Cannot make a file in %s"), dir);
	*ret_fd = fd;
	return true;
}

static bool
map(struct gathering *it, struct whole *whole, struct error *err)
{
	void *at;

	if (it->fd < 0) {
		whole->buf = it->buf;
		it->buf = (struct strbuf){ 0 };
		whole->bytes = strbuf_slice(&whole->buf);
		return true;
	}
	if (it->size == 0)
		return error_set(err, ERR_STALE,
			_("The message's text is no longer there"));
	at = mmap(NULL, (size_t)it->size, PROT_READ, MAP_PRIVATE, it->fd, 0);
	if (at == MAP_FAILED)
		return error_set_errno(
			err, ERR_DISK, errno, _("Cannot read the message"));
	whole->mapped = at;
	whole->bytes = slice_make(at, (size_t)it->size);
	return true;
}

bool
whole_of(const char *dir, uint64_t size, bool line_feeds,
	bool (*give)(void *ctx, bool (*sink)(void *to, struct slice piece),
		void *to, struct error *err),
	void *ctx, struct whole *ret_whole, struct error *err)
{
	struct gathering it = { .fd = -1, .line_feeds = line_feeds };
	bool ok = true;

	strbuf_init(&it.buf, (size_t)4 * WHOLE_IN_MEMORY);
	if (size > WHOLE_IN_MEMORY)
		ok = open_unnamed(dir, &it.fd, err);
	ok = ok && give(ctx, gather, &it, err);
	if (!ok && it.failed.kind != ERR_NONE)
		error_move(err, &it.failed);
	if (ok && it.buf.full)
		ok = error_set(err, ERR_LIMIT, _("The message is too large"));
	ok = ok && map(&it, ret_whole, err);
	error_clear(&it.failed);
	strbuf_clear(&it.buf);
	if (it.fd >= 0)
		close(it.fd);
	return ok;
}

struct outbox_source {
	struct store *store;
	int64_t id;
	bool bcc;
};

static bool
give_outbox(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct outbox_source *it = ctx;
	enum found found =
		outbox_stream(it->store, it->id, it->bcc, sink, to, err);

	if (found == NOT_FOUND)
		error_set(err, ERR_STALE,
			_("The message's text is no longer there"));
	return found == FOUND;
}

bool
whole_of_outbox(struct store *store, const char *dir, int64_t id, uint64_t size,
	bool bcc, bool line_feeds, struct whole *ret_whole, struct error *err)
{
	struct outbox_source source = { store, id, bcc };

	return whole_of(
		dir, size, line_feeds, give_outbox, &source, ret_whole, err);
}

/* ---- words that both halves use ---- */

void
send_parse_addresses(struct slice text, struct address_list *out)
{
	mime_read_addresses(text, out);
}

bool
send_ensure_account(struct store *store, const struct account_config *account,
	int64_t *ret_id, struct error *err)
{
	struct transaction tx CLEANUP(transaction_end) = { 0 };

	return transaction_begin(store, &tx, err) &&
	       account_ensure(store, account->name, ret_id, err) &&
	       transaction_commit(&tx, err);
}

void
send_merge_done(struct journal_done *to, struct journal_done *from)
{
	for (size_t i = 0; i < from->accounts.n; i++)
		array_push(&to->accounts, from->accounts.items[i]);
	for (size_t i = 0; i < from->folders.n; i++)
		array_push(&to->folders, from->folders.items[i]);
	to->n += from->n;
	to->action = from->action ? from->action : to->action;
	journal_done_clear(from);
}

enum found
send_role_folder(const struct journal *journal, int64_t account,
	enum folder_role role, struct folder *ret_folder,
	struct journal_done *done, struct error *err)
{
	struct act act CLEANUP(act_end) = { 0 };
	struct journal_done made CLEANUP(journal_done_clear) = { 0 };
	const struct account_config *config = NULL;
	struct folder inbox CLEANUP(folder_clear) = { 0 };
	enum found found = folder_find_role(
		journal->store, account, role, ret_folder, err);

	if (found != NOT_FOUND)
		return found;
	if (!journal_account(journal, account, &config, err))
		return FOUND_ERROR;
	/* A server that was never asked may have one by another name. */
	if (config && config->imap.present &&
		config->protocol != PROTOCOL_LOCAL) {
		found = folder_find_role(
			journal->store, account, ROLE_INBOX, &inbox, err);
		if (found != FOUND)
			return found;
	}
	if (!act_begin(&act, journal, ACTION_FOLDER_CREATE, role_name(role),
		    err) ||
		!act_role_folder(&act, account, role, ret_folder, err))
		return FOUND_ERROR;
	act.done.n = act.done.folders.n; /* none where it was there */
	if (!act_commit(&act, &made, err))
		return FOUND_ERROR;
	send_merge_done(done, &made);
	return FOUND;
}

/* ---- filing ---- */

/* Servers that put what they are given to send into Sent by themselves. */
static bool
files_by_itself(struct deliver *deliver, bool *ret, struct error *err)
{
	static const char *const hosts[] = { "smtp.gmail.com",
		"smtp.googlemail.com", "smtp-relay.gmail.com",
		"smtp.office365.com", "smtp-mail.outlook.com", NULL };
	const struct account_config *account = deliver->options.account;
	struct account_row row CLEANUP(account_row_clear) = { 0 };

	*ret = false;
	for (size_t i = 0; account->smtp.present && hosts[i]; i++)
		*ret = *ret || ascii_eq_nocase(account->smtp.host, hosts[i]);
	if (*ret || account->sendmail_command)
		return true;
	if (!account_load(deliver->options.store, deliver->options.account_id,
		    &row, err))
		return false;
	*ret = row.capabilities && strstr(row.capabilities, "X-GM-EXT-1");
	return true;
}

static struct journal
make_journal(const struct deliver *deliver)
{
	return (struct journal){
		.store = deliver->options.store,
		.config = deliver->options.config,
		.automatic = true,
	};
}

static bool
append_copy(struct deliver *deliver, const struct outbox_entry *entry,
	const struct folder *sent, struct journal_done *done, struct error *err)
{
	struct journal journal = make_journal(deliver);
	struct journal_done made CLEANUP(journal_done_clear) = { 0 };
	struct whole whole CLEANUP(whole_clear) = { 0 };
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	int64_t message;

	flags.bits = FLAG_SEEN;
	if (!whole_of_outbox(deliver->options.store, deliver->options.store_dir,
		    entry->id, entry->size, true, false, &whole, err) ||
		!journal_append(&journal, sent->id, whole.bytes, &flags,
			clock_wall_s(), &message, &made, err))
		return false;
	send_merge_done(done, &made);
	return true;
}

/* `*ret_later`: it is not known yet where it belongs. */
static bool
copy_to_sent(struct deliver *deliver, const struct outbox_entry *entry,
	struct journal_done *done, bool *ret_later, struct error *err)
{
	struct journal journal = make_journal(deliver);
	struct folder sent CLEANUP(folder_clear) = { 0 };
	bool own, stands;

	*ret_later = false;
	if (!files_by_itself(deliver, &own, err))
		return false;
	if (own || entry->n_taken == 0)
		return true;
	switch (send_role_folder(
		&journal, entry->account, ROLE_SENT, &sent, done, err)) {
	case FOUND:
		break;
	case NOT_FOUND:
		*ret_later = true;
		return true;
	case FOUND_ERROR:
		return false;
	}
	/* It may have been filed just before a crash. */
	return outbox_stands_in(deliver->options.store, sent.id,
		       entry->message_id, entry->created - CLOCKS_DIFFER_S,
		       &stands, err) &&
	       (stands || append_copy(deliver, entry, &sent, done, err));
}

/* \Answered or $Forwarded on what it answers, wherever that stands. */
static bool
mark_answered(struct deliver *deliver, const struct outbox_entry *entry,
	struct journal_done *done, struct error *err)
{
	struct journal journal = make_journal(deliver);
	struct journal_done made CLEANUP(journal_done_clear) = { 0 };
	struct message message CLEANUP(message_clear) = { 0 };
	struct id_array ids CLEANUP(id_array_clear) = { 0 };
	struct flags add CLEANUP(flags_clear) = FLAGS_INIT;
	struct flags none CLEANUP(flags_clear) = FLAGS_INIT;
	struct journal_targets targets = { .what = JOURNAL_MESSAGES };
	enum found found;

	if (!entry->answers || entry->n_taken == 0)
		return true;
	found = message_load(
		deliver->options.store, entry->answers, &message, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	for (size_t i = 0; i < message.n_placements; i++)
		array_push(&ids, message.placements[i].id);
	if (ids.n == 0)
		return true;
	if (entry->forwards)
		flags_add(&add, SLICE("$Forwarded"));
	else
		add.bits = FLAG_ANSWERED;
	targets.ids = ids.items;
	targets.n = ids.n;
	if (!journal_flag(&journal, &targets, &add, &none, &made, err))
		return false;
	send_merge_done(done, &made);
	return true;
}

/* The next that is to be filed; `*ret_any` false when there is none that can
 * be. */
static bool
file_next(struct deliver *deliver, struct journal_done *done, bool *ret_any,
	struct error *err)
{
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	enum found found = outbox_next_unfiled(deliver->options.store,
		deliver->options.account_id, &entry, err);
	bool later;

	*ret_any = found == FOUND;
	if (found != FOUND)
		return found == NOT_FOUND;
	if (!copy_to_sent(deliver, &entry, done, &later, err))
		return false;
	if (later) {
		*ret_any = false;
		return true;
	}
	if (!mark_answered(deliver, &entry, done, &why))
		log_warning("send", "message %lld: %s", (long long)entry.id,
			why.text);
	return outbox_filed(deliver->options.store, entry.id, err);
}

/* The draft it was, with its copy on the server. */
static bool
drop_drafts(
	struct deliver *deliver, struct journal_done *done, struct error *err)
{
	struct journal journal = make_journal(deliver);
	bool more = true;

	while (more) {
		struct draft_row row CLEANUP(draft_row_clear) = { 0 };
		struct journal_done made CLEANUP(journal_done_clear) = { 0 };
		enum found found = draft_next_sent(deliver->options.store,
			deliver->options.account_id, &row, err);

		if (found == FOUND_ERROR)
			return false;
		more = found == FOUND;
		if (more && !send_drop_draft(&journal, row.id, &made, err))
			return false;
		send_merge_done(done, &made);
	}
	return true;
}

bool
deliver_file(struct deliver *deliver, struct error *err)
{
	struct journal_done done CLEANUP(journal_done_clear) = { 0 };
	bool any = true, ok = true;

	while (any && ok && !cancel_is_fired(deliver->options.cancel))
		ok = file_next(deliver, &done, &any, err);
	ok = ok && drop_drafts(deliver, &done, err);
	if (done.accounts.n > 0 && deliver->options.acted)
		deliver->options.acted(deliver->options.ctx, &done);
	return ok;
}

bool
deliver_resolve(struct deliver *deliver, struct error *err)
{
	struct store *store = deliver->options.store;
	struct outbox_entries all CLEANUP(outbox_entries_clear) = { 0 };
	struct folder sent CLEANUP(folder_clear) = { 0 };
	bool any = false;
	enum found found;

	if (!outbox_unconfirmed(store, deliver->options.account_id,
		    UNCONFIRMED_MAX, &all, err))
		return false;
	if (all.n == 0)
		return true;
	found = folder_find_role(
		store, deliver->options.account_id, ROLE_SENT, &sent, err);
	if (found != FOUND)
		return found == NOT_FOUND;
	for (size_t i = 0; i < all.n; i++) {
		const struct outbox_entry *it = &all.items[i];
		bool stands;

		/* A copy of our own would prove nothing. */
		if (it->is_filed || it->n_taken > 0)
			continue;
		if (!outbox_stands_in(store, sent.id, it->message_id,
			    it->created - CLOCKS_DIFFER_S, &stands, err))
			return false;
		if (!stands)
			continue;
		if (outbox_confirm(store, it->id, err) == FOUND_ERROR)
			return false;
		any = true;
	}
	return !any || deliver_file(deliver, err);
}
