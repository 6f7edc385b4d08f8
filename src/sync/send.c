/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages into the outbox. */
#include "sync/send.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "compose/build.h"
#include "compose/domain.h"
#include "compose/raw.h"
#include "compose/stamp.h"
#include "store/account.h"
#include "sync/send_private.h"

bool
send_is_possible(const struct account_config *account)
{
	return account->smtp.present || account->sendmail_command;
}

const struct account_config *
send_account(const struct config *config, const char *address)
{
	const struct account_config *first = NULL;

	for (size_t i = 0; i < config->n_accounts; i++) {
		const struct account_config *it = &config->accounts[i];

		if (!send_is_possible(it))
			continue;
		if (address && account_owns_address(it, address))
			return it;
		if (!first)
			first = it;
	}
	return first;
}

/* ---- bytes into slices ---- */

/* Gathers pieces into slices of the row. */
struct slicer {
	struct store *store;
	int64_t id;
	struct strbuf buf;
	struct error failed;
};

static bool
slicer_flush(struct slicer *slicer)
{
	bool ok = slicer->buf.len == 0 ||
		  outbox_add_slice(slicer->store, slicer->id,
			  strbuf_slice(&slicer->buf), &slicer->failed);

	strbuf_reset(&slicer->buf);
	return ok;
}

static bool
slicer_take(void *to, struct slice piece)
{
	struct slicer *slicer = to;

	while (piece.len > 0) {
		struct slice head =
			slice_head(piece, OUTBOX_SLICE_BYTES - slicer->buf.len);

		strbuf_add_slice(&slicer->buf, head);
		piece = slice_skip(piece, head.len);
		if (slicer->buf.len == OUTBOX_SLICE_BYTES &&
			!slicer_flush(slicer))
			return false;
	}
	return true;
}

static void
slicer_begin(struct slicer *slicer, struct store *store, int64_t id)
{
	*slicer = (struct slicer){ .store = store, .id = id };
	strbuf_init(&slicer->buf, OUTBOX_SLICE_BYTES);
}

/* Finishes the row, or takes it back. */
static bool
slicer_end(
	struct slicer *slicer, bool ok, int64_t hold_until, struct error *err)
{
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;

	if (ok && !slicer_flush(slicer))
		ok = false;
	if (!ok && slicer->failed.kind != ERR_NONE)
		error_move(err, &slicer->failed);
	error_clear(&slicer->failed);
	strbuf_clear(&slicer->buf);
	if (ok && outbox_finish(slicer->store, slicer->id, hold_until, err))
		return true;
	if (!outbox_discard(slicer->store, slicer->id, &ignored))
		error_clear(&ignored);
	return false;
}

/* ---- a draft ---- */

bool
send_draft(struct store *store, int64_t account, const struct draft *draft,
	int64_t draft_id, int64_t hold_until, int64_t *ret_outbox,
	struct error *err)
{
	struct build_options options = {
		.now = clock_wall_s(),
		.read = send_read_section,
		.ctx = store,
	};
	struct build *build CLEANUP(build_freep) = NULL;
	struct outbox_new new = {
		.account = account,
		.subject = draft->subject,
		.to = &draft->to,
		.forwards = draft->forwards,
		.answers = draft->answers,
		.draft = draft_id,
	};
	struct slicer slicer;
	int64_t id;
	bool ok;

	if (!build_begin(draft, &options, &build, err))
		return false;
	new.sender = build_sender(build);
	new.message_id = build_message_id(build);
	new.n_recipients = build_recipients(build, &new.recipients);
	new.header = build_header(build);
	new.bcc = build_bcc(build);
	new.eight_bit = build_is_eight_bit(build);
	new.utf8 = build_needs_utf8(build);
	if (!outbox_begin(store, &new, &id, err))
		return false;
	slicer_begin(&slicer, store, id);
	ok = build_write(build, slicer_take, &slicer, err);
	if (!slicer_end(&slicer, ok, hold_until, err))
		return false;
	*ret_outbox = id;
	return true;
}

/* ---- what another program wrote ---- */

/* Gives the file from `at` on, in pieces. */
static bool
read_from(int fd, uint64_t at, bool (*sink)(void *to, struct slice piece),
	void *to, struct error *err)
{
	char *buf CLEANUP(freep) = xmalloc(BUILD_PIECE);

	for (;;) {
		ssize_t n = pread(fd, buf, BUILD_PIECE, (off_t)at);

		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, ERR_DISK, errno,
				_("The message cannot be read"));
		if (!sink(to, slice_make(buf, (size_t)n)))
			return error_set(err, ERR_CANCELLED, _("Cancelled"));
		at += (uint64_t)n;
	}
}

static bool
read_front(int fd, struct strbuf *out, struct error *err)
{
	char *buf CLEANUP(freep) = xmalloc(BUILD_PIECE);

	while (out->len < RAW_HEADER_MAX + 2 * BUILD_PIECE) {
		ssize_t n = pread(fd, buf, BUILD_PIECE, (off_t)out->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, ERR_DISK, errno,
				_("The message cannot be read"));
		if (n == 0)
			break;
		strbuf_add(out, buf, (size_t)n);
	}
	return true;
}

static bool
scan_piece(void *to, struct slice piece)
{
	text_scan_add(to, piece);
	return true;
}

/* The body on its way into slices. */
struct body {
	enum raw_form form;
	struct qp_stream qp;
	struct crlf_stream crlf;
	struct strbuf out;
	struct slicer *slicer;
};

static bool
body_flush(struct body *body)
{
	bool ok = slicer_take(body->slicer, strbuf_slice(&body->out));

	strbuf_reset(&body->out);
	return ok;
}

static bool
body_take(void *to, struct slice piece)
{
	struct body *body = to;

	if (body->form == RAW_ENCODED)
		qp_stream_add(&body->qp, piece, &body->out);
	else
		crlf_stream_add(&body->crlf, piece, &body->out);
	return body_flush(body);
}

static bool
write_body(const struct send_raw *raw, uint64_t at, enum raw_form form,
	struct slicer *slicer, struct error *err)
{
	struct body body = { .form = form, .slicer = slicer };
	bool ok;

	strbuf_init(&body.out, (size_t)4 * BUILD_PIECE);
	strbuf_add_str(&body.out, "\r\n");
	ok = body_flush(&body) && read_from(raw->fd, at, body_take, &body, err);
	qp_stream_end(&body.qp, &body.out);
	crlf_stream_end(&body.crlf, &body.out);
	ok = ok && body_flush(&body);
	strbuf_clear(&body.out);
	return ok;
}

struct envelope_list {
	char **items;
	size_t n;
	size_t cap;
};

static void
envelope_list_clear(struct envelope_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->items[i]);
	array_clear(list);
}

static bool
add_recipient(struct envelope_list *list, const char *address,
	const struct account_config *account, bool *utf8, struct error *err)
{
	char *wire CLEANUP(freep) = NULL;

	if (!*address)
		return true;
	/* "root", from a program on this machine. */
	if (!strchr(address, '@') && account->address)
		address = account->address;
	if (!address_to_wire(address, &wire, utf8, err))
		return false;
	for (size_t i = 0; i < list->n; i++) {
		if (address_eq(list->items[i], wire))
			return true;
	}
	array_push(list, STEAL(wire));
	return true;
}

static bool
add_list(struct envelope_list *list, const struct address_list *from,
	const struct account_config *account, bool *utf8, struct error *err)
{
	for (size_t i = 0; i < from->n; i++) {
		if (!add_recipient(
			    list, from->items[i].address, account, utf8, err))
			return false;
	}
	return true;
}

/* An argument may hold several addresses with commas between. */
static bool
add_argument(struct envelope_list *list, const char *argument,
	const struct account_config *account, bool *utf8, struct error *err)
{
	struct address_list parsed = { 0 };
	bool ok;

	send_parse_addresses(slice_str(argument), &parsed);
	ok = parsed.n > 0 ? add_list(list, &parsed, account, utf8, err)
			  : add_recipient(list, argument, account, utf8, err);
	address_list_clear(&parsed);
	return ok;
}

static bool
gather_recipients(const struct send_raw *raw, const struct raw_header *header,
	const struct account_config *account, struct envelope_list *list,
	bool *utf8, struct error *err)
{
	for (size_t i = 0; i < raw->n_recipients; i++) {
		if (!add_argument(list, raw->recipients[i], account, utf8, err))
			return false;
	}
	return !raw->by_header ||
	       (add_list(list, &header->to, account, utf8, err) &&
		       add_list(list, &header->bcc, account, utf8, err));
}

static const char *
header_from(const struct raw_header *header)
{
	for (size_t i = 0; i < header->from.n; i++) {
		if (strchr(header->from.items[i].address, '@'))
			return header->from.items[i].address;
	}
	return NULL;
}

/* Whose the message is; the sender in its envelope, which may be "". */
static bool
choose_sender(const struct send_raw *raw, const struct config *config,
	const struct raw_header *header,
	const struct account_config **ret_account, char **ret_sender,
	bool *utf8, struct error *err)
{
	const char *from = header_from(header);
	const char *given =
		raw->sender && strchr(raw->sender, '@') ? raw->sender : NULL;
	const struct account_config *account = raw->account;

	if (!account)
		account = send_account(config, given ? given : from);
	if (!account || !send_is_possible(account))
		return error_set(err, ERR_INVALID,
			_("No account has a way to send: set smtp, or "
			  "sendmail-command"));
	*ret_account = account;
	if (raw->sender && (!*raw->sender || strcmp(raw->sender, "<>") == 0)) {
		*ret_sender = xstrdup("");
		return true;
	}
	if (given)
		return address_to_wire(given, ret_sender, utf8, err);
	if (from && account_owns_address(account, from))
		return address_to_wire(from, ret_sender, utf8, err);
	if (account->address)
		return address_to_wire(account->address, ret_sender, utf8, err);
	if (from)
		return address_to_wire(from, ret_sender, utf8, err);
	return error_set(err, ERR_INVALID, _("Account %s names no address"),
		account->name);
}

/* The row, with its header; the body is still to come. */
static bool
begin_raw(struct store *store, const struct send_raw *raw,
	const struct account_config *account, const char *sender,
	const struct raw_header *header, const struct text_scan *scan,
	bool utf8, enum raw_form *ret_form, int64_t *ret_id, struct error *err)
{
	struct envelope_list list CLEANUP(envelope_list_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf bcc CLEANUP(strbuf_clear) = { 0 };
	char *id CLEANUP(freep) = header->message_id
					  ? xstrdup(header->message_id)
					  : stamp_message_id(account->address);
	struct raw_options options = {
		.now = clock_wall_s(),
		.name = raw->name ? raw->name : account->display_name,
		.address = account->address ? account->address : sender,
		.message_id = id,
	};
	struct outbox_new new = {
		.message_id = id,
		.sender = sender,
		.subject = header->subject,
		.to = &header->to,
	};

	strbuf_init(&out, RAW_HEADER_MAX);
	strbuf_init(&bcc, RAW_HEADER_MAX);
	if (!gather_recipients(raw, header, account, &list, &utf8, err) ||
		!raw_write_header(header, scan, &options, &out, &bcc, ret_form,
			&utf8, err) ||
		!send_ensure_account(store, account, &new.account, err))
		return false;
	new.recipients = (const char *const *)list.items;
	new.n_recipients = list.n;
	new.header = strbuf_slice(&out);
	new.bcc = strbuf_slice(&bcc);
	new.eight_bit = scan->high > 0 && *ret_form == RAW_AS_IS;
	new.utf8 = utf8;
	return outbox_begin(store, &new, ret_id, err);
}

bool
send_raw(struct store *store, const struct config *config,
	const struct send_raw *raw, int64_t *ret_outbox,
	const struct account_config **ret_account, struct error *err)
{
	struct raw_header header CLEANUP(raw_header_clear) = { 0 };
	struct strbuf front CLEANUP(strbuf_clear) = { 0 };
	struct text_scan scan = { 0 };
	char *sender CLEANUP(freep) = NULL;
	enum raw_form form = RAW_AS_IS;
	struct slicer slicer;
	bool utf8 = false;
	int64_t id;

	strbuf_init(&front, RAW_HEADER_MAX + (size_t)4 * BUILD_PIECE);
	if (!read_front(raw->fd, &front, err) ||
		!raw_read_header(strbuf_slice(&front), &header, err) ||
		!read_from(raw->fd, header.size, scan_piece, &scan, err) ||
		!choose_sender(raw, config, &header, ret_account, &sender,
			&utf8, err) ||
		!begin_raw(store, raw, *ret_account, sender, &header, &scan,
			utf8, &form, &id, err))
		return false;
	slicer_begin(&slicer, store, id);
	if (!slicer_end(&slicer,
		    write_body(raw, header.size, form, &slicer, err),
		    raw->hold_until, err))
		return false;
	*ret_outbox = id;
	return true;
}
