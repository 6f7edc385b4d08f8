/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/secret.h"
#include "net/tls.h"
#include "sync/send_private.h"
#include "sync/server.h"

enum {
	PASSWORD_COMMAND_US = 60 * 1000000,
	IDLE_US = 10 * 1000000, /* a session is asked whether it still lives */
	TELL_US = 200000,
	PROGRESS_FROM = 256 * 1024, /* smaller messages show none */
	WHY_MAX = 4000,
};

int64_t
deliver_delay(unsigned attempts)
{
	static const int64_t seconds[] = { 15, 30, 60, 2 * 60, 5 * 60, 10 * 60,
		20 * 60, 30 * 60, 60 * 60 };

	if (attempts > 0)
		attempts--;
	if (attempts >= ARRAY_LEN(seconds))
		attempts = ARRAY_LEN(seconds) - 1;
	return seconds[attempts];
}

void
deliver_init(struct deliver *deliver, const struct deliver_options *options)
{
	*deliver = (struct deliver){ .options = *options };
}

void
deliver_close(struct deliver *deliver)
{
	smtp_close(deliver->smtp);
	deliver->smtp = NULL;
}

void
deliver_clear(struct deliver *deliver)
{
	deliver_close(deliver);
	free_secret(deliver->password);
	free(deliver->certificate);
	*deliver = (struct deliver){ 0 };
}

void
deliver_set_password(struct deliver *deliver, char *password)
{
	free_secret(deliver->password);
	deliver->password = password;
}

static void
tell(struct deliver *deliver, enum event_type type, uint64_t done,
	uint64_t total)
{
	struct event *event;

	if (!deliver->options.tell)
		return;
	event = xnew(struct event);
	event->type = type;
	event->account = deliver->options.account_id;
	event->progress = PROGRESS_SEND;
	event->done = done;
	event->total = total;
	deliver->options.tell(deliver->options.ctx, event);
}

/* ---- the session ---- */

static bool
get_password(void *ctx, char **ret_secret, struct error *err)
{
	struct deliver *deliver = ctx;

	if (deliver->password) {
		*ret_secret = xstrdup(deliver->password);
		return true;
	}
	return secret_fetch(deliver->options.account,
		clock_mono_us() + PASSWORD_COMMAND_US, deliver->options.cancel,
		ret_secret, err);
}

static void
on_untrusted(void *ctx, const struct tls_certificate *certificate)
{
	struct deliver *deliver = ctx;

	str_replace(&deliver->certificate,
		certificate->pin ? certificate->pin : "-");
}

/* A relay in the clear, without anything to log in with, is used as it is. */
static bool
has_login(const struct deliver *deliver)
{
	const struct account_config *account = deliver->options.account;

	return account->smtp.security != URL_INSECURE || account->smtp.user ||
	       account->password_command || deliver->password;
}

static bool
open_session(struct deliver *deliver, struct error *err)
{
	const struct account_config *account = deliver->options.account;
	struct endpoint endpoint CLEANUP(endpoint_clear) = { 0 };
	struct smtp_options options = {
		.endpoint = &endpoint,
		.login = { .mechanism = account_auth_name(account->auth),
			.password = has_login(deliver) ? get_password : NULL,
			.ctx = deliver },
		.cancel = deliver->options.cancel,
		.untrusted = on_untrusted,
		.untrusted_ctx = deliver,
	};

	if (!account->smtp.present)
		return error_set(err, ERR_INVALID,
			_("Account %s names no SMTP server"), account->name);
	server_endpoint(account, &account->smtp, &endpoint);
	return smtp_open(&options, &deliver->smtp, err);
}

static bool
need_session(struct deliver *deliver, struct error *err)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (deliver->smtp && smtp_is_dead(deliver->smtp))
		deliver_close(deliver);
	if (deliver->smtp && clock_mono_us() - deliver->used_us > IDLE_US &&
		!smtp_probe(deliver->smtp, &ignored))
		deliver_close(deliver);
	return deliver->smtp || open_session(deliver, err);
}

bool
deliver_probe(
	struct deliver *deliver, char **ret_capabilities, struct error *err)
{
	if (!need_session(deliver, err))
		return false;
	*ret_capabilities = xstrdup(smtp_capability_text(deliver->smtp));
	deliver_close(deliver);
	return true;
}

/* ---- one message ---- */

/* An attempt under way. */
struct attempt {
	struct deliver *deliver;
	const struct outbox_entry *entry;
	struct outbox_recipients *all;
	struct smtp_recipient to[SMTP_RECIPIENTS_MAX];
	size_t which[SMTP_RECIPIENTS_MAX]; /* of `all` */
	size_t n;
	int64_t told_us;
};

static bool
give(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	struct attempt *it = ctx;

	switch (outbox_stream(it->deliver->options.store, it->entry->id, false,
		sink, to, err)) {
	case FOUND:
		return true;
	case NOT_FOUND:
		return error_set(err, ERR_STALE,
			_("The message's text is no longer there"));
	case FOUND_ERROR:
		break;
	}
	return false;
}

/* From here on the server may have it: that is on disk before it can. */
static bool
before_end(void *ctx, struct error *err)
{
	struct attempt *it = ctx;
	int ns[SMTP_RECIPIENTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < it->n; i++) {
		if (it->to[i].fate == SMTP_ACCEPTED)
			ns[n++] = it->all->items[it->which[i]].n;
	}
	return outbox_doubt(
		it->deliver->options.store, it->entry->id, ns, n, err);
}

static void
on_progress(void *ctx, uint64_t done)
{
	struct attempt *it = ctx;
	int64_t now = clock_mono_us();

	if (it->entry->size < PROGRESS_FROM || now - it->told_us < TELL_US ||
		done >= it->entry->size)
		return;
	it->told_us = now;
	tell(it->deliver, EVENT_PROGRESS, done, it->entry->size);
}

static void
gather(struct attempt *it)
{
	for (size_t i = 0; i < it->all->n && it->n < SMTP_RECIPIENTS_MAX; i++) {
		if (it->all->items[i].fate != OUTBOX_WAITS)
			continue;
		it->which[it->n] = i;
		it->to[it->n++] = (struct smtp_recipient){
			.address = it->all->items[i].address,
		};
	}
}

/* What the server did, as the row keeps it. */
static void
note_fate(struct outbox_recipient *row, const struct smtp_recipient *to)
{
	switch (to->fate) {
	case SMTP_UNTRIED:
		return;
	case SMTP_ACCEPTED:
		row->fate = OUTBOX_TAKEN;
		break;
	case SMTP_DEFERRED:
		row->fate = OUTBOX_WAITS;
		break;
	case SMTP_REFUSED:
		row->fate = OUTBOX_REJECTED;
		break;
	case SMTP_IN_DOUBT:
		row->fate = OUTBOX_DOUBTED;
		break;
	}
	row->code = to->code;
	str_replace(&row->reply, to->text);
}

/* In a sentence, what keeps recipients from having it; "" for nothing. */
static void
explain(const struct outbox_recipients *all, struct strbuf *out)
{
	size_t more = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct outbox_recipient *it = &all->items[i];

		if (it->fate == OUTBOX_TAKEN || !it->reply)
			continue;
		if (out->len > 0)
			more++;
		else
			strbuf_addf(out, "%s: %s", it->address, it->reply);
	}
	if (more > 0)
		strbuf_addf(out, _(" (and %zu more)"), more);
}

/* Saves what came of it; `failed` (may be NULL) broke it off. */
static bool
settle(struct deliver *deliver, const struct outbox_entry *entry,
	struct outbox_recipients *all, bool deferred,
	const struct error *failed, struct error *err)
{
	struct strbuf why CLEANUP(strbuf_clear) = { 0 };
	enum outbox_state state;
	int64_t next = 0;

	strbuf_init(&why, WHY_MAX);
	if (failed && failed->text)
		strbuf_add_slice(
			&why, slice_head(slice_str(failed->text), WHY_MAX / 2));
	else
		explain(all, &why);
	if (deferred || failed)
		next = clock_wall_s() + deliver_delay(entry->attempts + 1);
	if (!outbox_settle(deliver->options.store, entry->id, all->items,
		    all->n, next, why.len > 0 ? why.data : NULL, &state, err))
		return false;
	log_info("send", "message %lld: %s%s%s", (long long)entry->id,
		outbox_state_name(state), why.len > 0 ? ": " : "", why.data);
	return true;
}

/* Whether somebody is to be tried again for a reason of his own: not because
 * there were too many at a time. */
static bool
is_deferred(const struct attempt *it)
{
	size_t taken = 0;
	bool deferred = false;

	for (size_t i = 0; i < it->n; i++)
		taken += it->to[i].fate == SMTP_ACCEPTED;
	for (size_t i = 0; i < it->n; i++) {
		const struct smtp_recipient *to = &it->to[i];

		if (to->fate == SMTP_DEFERRED &&
			!(taken > 0 && to->text &&
				strstr(to->text, "5.3 ") != NULL))
			deferred = true;
	}
	return deferred;
}

static bool
send_by_smtp(struct deliver *deliver, const struct outbox_entry *entry,
	struct outbox_recipients *all, struct error *err)
{
	struct attempt it = { .deliver = deliver, .entry = entry, .all = all };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	struct smtp_message message = {
		.sender = entry->sender,
		.recipients = it.to,
		.size = entry->size,
		.eight_bit = entry->eight_bit,
		.utf8 = entry->utf8,
		.give = give,
		.before_end = before_end,
		.progress = on_progress,
		.ctx = &it,
	};
	bool deferred, ok;

	gather(&it);
	message.n_recipients = it.n;
	ok = smtp_send(deliver->smtp, &message, &why);
	deliver->used_us = clock_mono_us();
	for (size_t i = 0; i < it.n; i++)
		note_fate(&all->items[it.which[i]], &it.to[i]);
	deferred = is_deferred(&it);
	for (size_t i = 0; i < it.n; i++)
		smtp_recipient_clear(&it.to[i]);
	if (entry->size >= PROGRESS_FROM)
		tell(deliver, EVENT_PROGRESS, entry->size, entry->size);
	return settle(deliver, entry, all, deferred, ok ? NULL : &why, err) &&
	       (ok || why.kind != ERR_CANCELLED || error_move(err, &why));
}

static bool
send_entry(struct deliver *deliver, const struct outbox_entry *entry,
	struct error *err)
{
	struct store *store = deliver->options.store;
	struct outbox_recipients all CLEANUP(outbox_recipients_clear) = { 0 };

	switch (outbox_sending(store, entry->id, err)) {
	case FOUND:
		break;
	case NOT_FOUND: /* held or cancelled meanwhile */
		return true;
	case FOUND_ERROR:
		return false;
	}
	tell(deliver, EVENT_JOURNAL_CHANGED, 0, 0);
	if (!outbox_load_recipients(store, entry->id, &all, err))
		return false;
	if (deliver->options.account->sendmail_command)
		return deliver_by_command(deliver, entry, &all, err);
	return send_by_smtp(deliver, entry, &all, err);
}

/* Whether it is worth looking again when folders have changed. */
static bool
is_unsettled(struct deliver *deliver)
{
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct outbox_counts counts = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct store *store = deliver->options.store;
	int64_t account = deliver->options.account_id;

	if (outbox_counts(store, account, &counts, &err) &&
		counts.unconfirmed > 0)
		return true;
	return outbox_next_unfiled(store, account, &entry, &err) == FOUND;
}

/* ---- all that waits ---- */

/* The server cannot be used: nothing is tried before its time. */
static bool
defer_all(struct deliver *deliver, const struct outbox_entry *entry,
	const struct error *why, struct error *err)
{
	int64_t now = clock_wall_s();

	return outbox_defer_all(deliver->options.store,
		deliver->options.account_id, now,
		now + deliver_delay(entry->attempts + 1), why->text, err);
}

/* One that is due; `*ret_any` false when none is. */
static bool
send_next(struct deliver *deliver, bool *ret_any, int64_t *ret_next,
	struct error *err)
{
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	enum found found =
		outbox_next(deliver->options.store, deliver->options.account_id,
			clock_wall_s(), &entry, ret_next, err);

	*ret_any = found == FOUND;
	if (found != FOUND)
		return found == NOT_FOUND;
	if (!deliver->options.account->sendmail_command &&
		!need_session(deliver, err)) {
		if (err->kind != ERR_CANCELLED &&
			!defer_all(deliver, &entry, err, &ignored))
			log_error("send", "%s", ignored.text);
		return false;
	}
	return send_entry(deliver, &entry, err);
}

static bool
run(struct deliver *deliver, struct deliver_result *result, struct error *err)
{
	struct store *store = deliver->options.store;
	int64_t account = deliver->options.account_id;
	bool any = true;

	if (!outbox_recover(store, account, err) ||
		!outbox_purge(store, account, clock_wall_s(), err))
		return false;
	while (any && !cancel_is_fired(deliver->options.cancel)) {
		if (!send_next(deliver, &any, &result->next, err) ||
			!deliver_file(deliver, err))
			return false;
	}
	return deliver_resolve(deliver, err);
}

static bool
take_lock(struct deliver *deliver, int *ret_fd, struct error *err)
{
	char *name CLEANUP(freep) = xasprintf(
		"deliver-%lld.lock", (long long)deliver->options.account_id);
	char *path CLEANUP(freep) = file_join(deliver->options.store_dir, name);

	return file_lock(path, ret_fd, err);
}

bool
deliver_run(struct deliver *deliver, struct deliver_result *ret_result,
	struct error *err)
{
	struct deliver_result result = { 0 };
	struct outbox_entry entry CLEANUP(outbox_entry_clear) = { 0 };
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	int lock CLEANUP(closep) = -1;
	bool ok;

	if (!take_lock(deliver, &lock, err))
		return false;
	if (lock < 0) {
		*ret_result = (struct deliver_result){ .busy = true };
		return true;
	}
	ok = run(deliver, &result, err);
	/* When the next one is due, failed or not. */
	if (!ok && outbox_next(deliver->options.store,
			   deliver->options.account_id, clock_wall_s(), &entry,
			   &result.next, &ignored) == FOUND)
		result.next = clock_wall_s() + deliver_delay(1);
	result.unsettled = is_unsettled(deliver);
	tell(deliver, EVENT_JOURNAL_CHANGED, 0, 0);
	*ret_result = result;
	return ok;
}
