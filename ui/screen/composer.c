/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen/composer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "command/act.h"
#include "compose/check.h"
#include "compose/later.h"
#include "compose/recipients.h"
#include "config/config.h"
#include "i18n/format.h"
#include "screen/editor.h"
#include "store/draft.h"
#include "store/part.h"
#include "sync/engine.h"
#include "sync/send.h"

enum { SIGNATURE_MAX = 64 * 1024, HEADER_MAX = 1024 * 1024 };

void
composer_clear(struct composer *composer)
{
	struct composer_sent sent = composer->sent;

	draft_clear(&composer->draft);
	*composer = (struct composer){ .sent = sent };
}

/* --- who writes --- */

static const struct account_config *
account_of(const struct app *app, int64_t id)
{
	const struct account_row *row = view_folders_account(&app->folders, id);

	return row ? config_account(app->config, row->name) : NULL;
}

static int64_t
id_of(const struct app *app, const struct account_config *account)
{
	const struct account_rows *rows = &app->folders.accounts;

	for (size_t i = 0; account && i < rows->n; i++)
		if (strcmp(rows->items[i].name, account->name) == 0)
			return rows->items[i].id;
	return 0;
}

static bool
is_own(void *ctx, const char *address)
{
	return account_owns_address(ctx, address);
}

static char *
read_signature(struct app *app, const struct account_config *account)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	if (!account->signature_file)
		return NULL;
	strbuf_init(&text, SIGNATURE_MAX);
	if (file_read(account->signature_file, &text, &err))
		return xmemdup0(text.data, text.len);
	app_fail(app, &err);
	return NULL;
}

static struct reply_self
self_of(const struct account_config *account, const char *signature)
{
	return (struct reply_self){
		.name = account->display_name,
		.address = account->address,
		.is_own = is_own,
		.ctx = (void *)account,
		.signature = signature,
	};
}

/* The open folder's account where it can send, else the first that can. */
static const struct account_config *
account_to_write_from(struct app *app)
{
	const struct folder *folder = act_folder(app);
	const struct account_config *account =
		folder ? account_of(app, folder->account) : NULL;

	if (account && send_is_possible(account))
		return account;
	return send_account(app->config, NULL);
}

/* --- the page --- */

static bool
save(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer *composer = &app->composer;

	if (send_save_draft(app->store, composer->account, &composer->draft,
		    &composer->row, &err))
		return true;
	app_fail(app, &err);
	return false;
}

static void
show(struct app *app)
{
	app->composer.is_open = true;
	key_state_reset(&app->keys);
	app->dirty = DIRTY_ALL;
}

static void
hide(struct app *app)
{
	composer_clear(&app->composer);
	key_state_reset(&app->keys);
	app->dirty = DIRTY_ALL;
}

void
composer_edit(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer *composer = &app->composer;

	/* What the editor is given is safe before it runs. */
	if (!save(app))
		return;
	show(app);
	if (!editor_run(app, &composer->draft.body, DRAFT_BODY_MAX, &err)) {
		app_fail(app, &err);
		return;
	}
	composer->top = 0;
	if (save(app))
		app_say(app, TONE_DIM, _("Kept as a draft until it is sent"));
}

void
composer_scroll(struct composer *composer, long by)
{
	long to = (long)composer->top + by;
	long most = (long)composer->lines - composer->page;

	if (to > most)
		to = most;
	composer->top = to > 0 ? (size_t)to : 0;
}

/* With what was typed, since the prompt hides what the status line says. */
static void
ask_again(struct app *app, const char *why, const char *label, const char *text,
	prompt_done *done)
{
	char *whole CLEANUP(freep) = xasprintf("%s  %s", why, label);

	prompt_open(&app->prompt, whole, text, done);
	app->dirty = DIRTY_ALL;
}

/* --- beginning --- */

static void
open_draft(struct app *app, struct draft *draft, int64_t account, int64_t row)
{
	composer_clear(&app->composer);
	app->composer.draft = *draft;
	app->composer.account = account;
	app->composer.row = row;
	*draft = (struct draft){ 0 };
}

static void
subject_given(struct app *app, const char *text)
{
	if (!text) {
		hide(app);
		return;
	}
	if (*text)
		str_replace(&app->composer.draft.subject, text);
	composer_edit(app);
}

static void
recipients_given(struct app *app, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!text) {
		hide(app);
		return;
	}
	if (!recipients_read(text, &app->composer.draft.to, &err)) {
		ask_again(app, err.text, _("To:"), text, recipients_given);
		return;
	}
	prompt_open(&app->prompt, _("Subject:"), "", subject_given);
}

void
composer_new(struct app *app)
{
	const struct account_config *account = account_to_write_from(app);
	char *signature CLEANUP(freep) = NULL;
	struct reply_self self;
	struct draft draft;

	if (!account) {
		app_say(app, TONE_WARNING,
			_("No account has a server to send by: an smtp line "
			  "in the configuration names one"));
		return;
	}
	signature = read_signature(app, account);
	self = self_of(account, signature);
	reply_new(&self, &draft);
	open_draft(app, &draft, id_of(app, account), 0);
	prompt_open(&app->prompt, _("To:"), "", recipients_given);
	app->dirty = DIRTY_ALL;
}

/* As much of the message as is held. */
static bool
make_reply(struct app *app, enum reply_kind kind, const struct message *message,
	const struct reply_self *self, struct draft *ret_draft,
	struct error *err)
{
	struct document text CLEANUP(document_clear) = { .text = { 0 } };
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	struct reply_source source = {
		.message = message->id,
		.envelope = &message->envelope,
		.received = message->received,
		.parts = message->parts.n > 0 ? &message->parts : NULL,
	};
	int version;
	enum found found;

	strbuf_init(&header, HEADER_MAX);
	found = export_section(app->store, message->id, "HEADER", &header, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND)
		source.header = strbuf_slice(&header);
	found = text_load(app->store, message->id, &text, &version, err);
	if (found == FOUND_ERROR)
		return false;
	if (found == FOUND)
		source.document = &text;
	return reply_make(
		kind, &source, self, ret_draft, &app->composer.notes, err);
}

void
composer_reply(struct app *app, enum reply_kind kind, int64_t message_id)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message message CLEANUP(message_clear) = { .id = 0 };
	const struct account_config *account;
	char *signature CLEANUP(freep) = NULL;
	struct reply_self self;
	struct reply_notes notes;
	struct draft draft;

	if (message_load(app->store, message_id, &message, &err) != FOUND) {
		app_fail(app, &err);
		return;
	}
	account = account_of(app, message.account);
	if (!account || !send_is_possible(account))
		account = send_account(app->config, NULL);
	if (!account) {
		app_say(app, TONE_WARNING,
			_("No account has a server to send by: an smtp line "
			  "in the configuration names one"));
		return;
	}
	signature = read_signature(app, account);
	self = self_of(account, signature);
	if (!make_reply(app, kind, &message, &self, &draft, &err)) {
		app_fail(app, &err);
		return;
	}
	notes = app->composer.notes;
	open_draft(app, &draft, id_of(app, account), 0);
	app->composer.notes = notes;
	composer_edit(app);
}

bool
composer_recall(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft_rows rows = { NULL, 0, 0 };
	struct draft draft;
	int64_t account = 0;
	int64_t id = 0;
	enum found found;

	if (!draft_load_all(app->store, &rows, &err)) {
		app_fail(app, &err);
		return false;
	}
	for (size_t i = 0; i < rows.n && id == 0; i++)
		if (rows.items[i].outbox == 0)
			id = rows.items[i].id;
	draft_rows_clear(&rows);
	found = id ? send_load_draft(app->store, id, &draft, &account, &err)
		   : NOT_FOUND;
	if (found == FOUND) {
		open_draft(app, &draft, account, id);
		show(app);
		return true;
	}
	if (found == FOUND_ERROR)
		app_fail(app, &err);
	else
		app_say(app, TONE_DIM, _("No draft is being written"));
	return false;
}

/* --- fields --- */

static void
take_addresses(struct app *app, const char *text, struct address_list *list,
	const char *label, prompt_done *done)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct address_list given = { NULL, 0, 0 };

	app->dirty = DIRTY_ALL;
	if (!text)
		return;
	if (!recipients_read(text, &given, &err)) {
		ask_again(app, err.text, label, text, done);
		return;
	}
	address_list_clear(list);
	*list = given;
	(void)save(app);
}

static void
to_given(struct app *app, const char *text)
{
	take_addresses(app, text, &app->composer.draft.to, _("To:"), to_given);
}

static void
cc_given(struct app *app, const char *text)
{
	take_addresses(app, text, &app->composer.draft.cc, _("Cc:"), cc_given);
}

static void
bcc_given(struct app *app, const char *text)
{
	take_addresses(
		app, text, &app->composer.draft.bcc, _("Bcc:"), bcc_given);
}

static void
new_subject_given(struct app *app, const char *text)
{
	app->dirty = DIRTY_ALL;
	if (!text)
		return;
	str_replace(&app->composer.draft.subject, *text ? text : NULL);
	(void)save(app);
}

/* A draft's row stays with its account: there it goes, and comes here. */
static void
move_row(struct app *app, int64_t account)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer *composer = &app->composer;
	int64_t old = composer->row;

	composer->account = account;
	composer->row = 0;
	if (save(app) && old && !draft_drop(app->store, old, &err))
		app_fail(app, &err);
}

/* One address, of an account that can send. */
static void
from_given(struct app *app, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer *composer = &app->composer;
	struct address_list given = { NULL, 0, 0 };
	const struct account_config *account;

	app->dirty = DIRTY_ALL;
	if (!text)
		return;
	if (!recipients_read(text, &given, &err)) {
		ask_again(app, err.text, _("From:"), text, from_given);
		return;
	}
	account = given.n == 1
			  ? send_account(app->config, given.items[0].address)
			  : NULL;
	if (!account ||
		!account_owns_address(account, given.items[0].address)) {
		ask_again(app,
			_("No account that can send has this address; "
			  "`aliases` names more of one."),
			_("From:"), text, from_given);
	} else {
		str_replace(&composer->draft.from, given.items[0].address);
		str_replace(&composer->draft.from_name,
			given.items[0].name ? given.items[0].name
					    : account->display_name);
		if (composer->account != id_of(app, account))
			move_row(app, id_of(app, account));
		(void)save(app);
	}
	address_list_clear(&given);
}

static void
attachment_given(struct app *app, const char *text)
{
	char *path CLEANUP(freep) = NULL;
	char *why CLEANUP(freep) = NULL;
	struct stat st;

	app->dirty = DIRTY_ALL;
	if (!text || !*text)
		return;
	path = file_expand_home(text);
	if (stat(path, &st) != 0)
		why = xasprintf(
			_("Cannot attach %s: %s"), path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		why = xasprintf(_("Cannot attach %s: it is no file"), path);
	if (why) {
		ask_again(app, why, _("Attach the file:"), text,
			attachment_given);
		return;
	}
	draft_attach_file(&app->composer.draft, path, (uint64_t)st.st_size);
	(void)save(app);
}

void
composer_detach(struct app *app)
{
	struct draft *draft = &app->composer.draft;

	if (draft->attachments.n == 0) {
		app_say(app, TONE_DIM, _("Nothing is attached"));
		return;
	}
	draft_remove_attachment(draft, draft->attachments.n - 1);
	app->dirty = DIRTY_ALL;
	(void)save(app);
}

static void
ask_addresses(struct app *app, const char *label,
	const struct address_list *list, prompt_done *done)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, RECIPIENTS_LINE_MAX);
	address_list_print(list, &text);
	prompt_open(&app->prompt, label, text.data, done);
}

static void send_at(struct app *app, const char *text);

void
composer_ask(struct app *app, enum composer_field field)
{
	const struct draft *draft = &app->composer.draft;

	switch (field) {
	case COMPOSER_TO:
		ask_addresses(app, _("To:"), &draft->to, to_given);
		break;
	case COMPOSER_CC:
		ask_addresses(app, _("Cc:"), &draft->cc, cc_given);
		break;
	case COMPOSER_BCC:
		ask_addresses(app, _("Bcc:"), &draft->bcc, bcc_given);
		break;
	case COMPOSER_SUBJECT:
		prompt_open(&app->prompt, _("Subject:"),
			draft->subject ? draft->subject : "",
			new_subject_given);
		break;
	case COMPOSER_FROM:
		prompt_open(&app->prompt, _("From:"),
			draft->from ? draft->from : "", from_given);
		break;
	case COMPOSER_ATTACH:
		prompt_open(&app->prompt, _("Attach the file:"), "",
			attachment_given);
		app->prompt.history = &app->path_history;
		break;
	case COMPOSER_LATER:
		prompt_open(&app->prompt,
			_("Send when (tomorrow 8:00, in 2 hours):"), "",
			send_at);
		break;
	}
	app->dirty = DIRTY_ALL;
}

/* --- the end --- */

static char *
print_recipients(const struct draft *draft)
{
	size_t n = draft_count_recipients(draft);
	const struct address_list *first = draft->to.n > 0   ? &draft->to
					   : draft->cc.n > 0 ? &draft->cc
							     : &draft->bcc;
	const char *name =
		first->n > 0 ? address_display(&first->items[0]) : "";

	if (n < 2)
		return xstrdup(name);
	return xasprintf(P_("%s and %zu other", "%s and %zu others", n - 1),
		name, n - 1);
}

static void
say_queued(struct app *app, const struct draft *draft, int64_t until,
	bool can_take_back)
{
	char *to CLEANUP(freep) = print_recipients(draft);
	char when[FORMAT_SIZE];

	if (!can_take_back)
		app_say(app, TONE_GOOD, _("To be sent to %s: %s"), to,
			format_date(until, when));
	else if (until == 0)
		app_say(app, TONE_GOOD, _("Queued for %s"), to);
	else
		app_say(app, TONE_GOOD,
			_("Queued for %s. u takes it back for %d s"), to,
			app->config->undo_send_s);
}

/* `hold_until` as of sync/send.h. */
static void
queue(struct app *app, int64_t hold_until, bool is_later)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer *composer = &app->composer;
	int64_t outbox;

	if (!save(app))
		return;
	if (!send_draft(app->store, composer->account, &composer->draft,
		    composer->row, hold_until, &outbox, &err)) {
		app_fail(app, &err);
		return;
	}
	composer->sent = (struct composer_sent){
		.outbox = outbox,
		.draft = composer->row,
		.until = hold_until,
	};
	triage_count(app);
	say_queued(app, &composer->draft, hold_until, !is_later);
	if (app->engine)
		engine_wake(app->engine, composer->account);
	hide(app);
}

void
composer_send(struct app *app)
{
	unsigned doubts = draft_doubts(&app->composer.draft);
	int delay = app->config->undo_send_s;

	if (doubts & DOUBT_RECIPIENTS) {
		app_say(app, TONE_WARNING, "%s",
			draft_doubt_text(DOUBT_RECIPIENTS));
		composer_ask(app, COMPOSER_TO);
		return;
	}
	queue(app, delay > 0 ? clock_wall_s() + delay : SEND_AT_ONCE, false);
}

static void
send_at(struct app *app, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t when;

	app->dirty = DIRTY_ALL;
	if (!text || !*text)
		return;
	if (!later_parse(text, clock_wall_s(), &when, &err))
		ask_again(app, err.text,
			_("Send when (tomorrow 8:00, in 2 hours):"), text,
			send_at);
	else
		queue(app, when, true);
}

void
composer_postpone(struct app *app)
{
	if (!save(app))
		return;
	hide(app);
	app_say(app, TONE_DIM, _("Kept as a draft; E goes on with it"));
}

static void
discard_confirmed(struct app *app, const char *text)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int64_t row = app->composer.row;

	app->dirty = DIRTY_ALL;
	if (!text || (*text != 'y' && *text != *_("y")))
		return;
	if (row && !draft_drop(app->store, row, &err)) {
		app_fail(app, &err);
		return;
	}
	hide(app);
	app_say(app, TONE_DIM, _("The draft was thrown away"));
}

void
composer_discard(struct app *app)
{
	prompt_open(&app->prompt, _("Throw the draft away for good? (y/n)"), "",
		discard_confirmed);
	app->dirty = DIRTY_ALL;
}

bool
composer_take_back(struct app *app)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct composer_sent sent = app->composer.sent;
	struct draft draft;
	int64_t row = 0;
	int64_t account = 0;

	if (sent.outbox == 0 || sent.deeds > 0 || sent.until <= clock_wall_s())
		return false;
	app->composer.sent = (struct composer_sent){ .outbox = 0 };
	if (outbox_cancel(app->store, sent.outbox, &row, &err) != FOUND)
		return false;
	if (row && send_load_draft(app->store, row, &draft, &account, &err) ==
			   FOUND) {
		open_draft(app, &draft, account, row);
		show(app);
	}
	app_say(app, TONE_GOOD, _("Taken back: it was not sent"));
	return true;
}
