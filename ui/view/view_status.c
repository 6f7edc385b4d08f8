/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view_status.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/config.h"
#include "i18n/format.h"

/* More accounts than these are told as a number, if all is well. */
enum { ACCOUNTS_NAMED_MAX = 3 };

void
view_status_init(struct view_status *view)
{
	*view = (struct view_status){ .n = 0 };
}

static void
clear_cells(struct view_status *view)
{
	for (size_t i = 0; i < view->n; i++) {
		free(view->cells[i].text);
		free(view->cells[i].brief);
	}
	view->n = 0;
}

void
view_status_clear(struct view_status *view)
{
	clear_cells(view);
	free(view->cells);
	free(view->trouble);
	free(view->message);
	view_status_init(view);
}

void
view_status_say(struct view_status *view, enum tone tone, const char *message)
{
	str_replace(&view->message, message);
	view->message_tone = tone;
}

void
view_status_seen(struct view_status *view)
{
	str_replace(&view->message, NULL);
}

/* Takes both strings. */
static void
add_cell(struct view_status *view, enum tone tone, char *text, char *brief)
{
	struct {
		struct status_cell *items;
		size_t n;
		size_t cap;
	} cells = { view->cells, view->n, view->cap };

	array_push(&cells, ((struct status_cell){ text, brief, tone }));
	view->cells = cells.items;
	view->n = cells.n;
	view->cap = cells.cap;
}

static bool
is_clear_text(const struct account_config *account)
{
	return (account->imap.present &&
		       account->imap.security == URL_INSECURE) ||
	       (account->pop3.present &&
		       account->pop3.security == URL_INSECURE);
}

static void
add_account(struct view_status *view, const struct account_row *row,
	const struct account_config *config)
{
	const char *name = row->name;
	char clock[FORMAT_SIZE];
	char *text = NULL;
	char *brief = NULL;
	enum tone tone = TONE_PLAIN;

	switch (row->state) {
	case ACCOUNT_OFFLINE:
		text = row->state_since
			       ? xasprintf(_("%s offline since %s"), name,
					 format_clock(row->state_since, clock))
			       : xasprintf(_("%s offline"), name);
		brief = xasprintf(_("%s offline"), name);
		tone = TONE_WARNING;
		break;
	case ACCOUNT_CONNECTING:
		text = xasprintf(_("%s connecting"), name);
		tone = TONE_DIM;
		break;
	case ACCOUNT_SYNCING:
		text = xasprintf(_("%s syncing"), name);
		break;
	case ACCOUNT_ONLINE:
		text = xasprintf(_("%s online"), name);
		break;
	case ACCOUNT_NEEDS_LOGIN:
		text = xasprintf(_("%s cannot log in (:password)"), name);
		brief = xasprintf(_("%s cannot log in"), name);
		tone = TONE_BAD;
		break;
	case ACCOUNT_UNTRUSTED:
		text = xasprintf(_("%s not trusted (:doctor)"), name);
		brief = xasprintf(_("%s not trusted"), name);
		tone = TONE_BAD;
		break;
	case ACCOUNT_DISABLED:
		text = xasprintf(_("%s offline by hand"), name);
		brief = xasprintf(_("%s offline"), name);
		tone = TONE_WARNING;
		break;
	}
	ASSERT(text);
	add_cell(view, tone, text, brief ? brief : xstrdup(text));
	if (is_clear_text(config))
		add_cell(view, TONE_BAD, xasprintf(_("%s not encrypted"), name),
			xstrdup(_("not encrypted")));
}

static const struct account_row *
find_account(const struct account_rows *accounts, const char *name)
{
	for (size_t i = 0; i < accounts->n; i++)
		if (strcmp(accounts->items[i].name, name) == 0)
			return &accounts->items[i];
	return NULL;
}

/* Trouble that needs a person comes before trouble that passes. */
static int
gravity(const struct account_row *row)
{
	if (!row->error)
		return 0;
	switch (row->state) {
	case ACCOUNT_NEEDS_LOGIN:
	case ACCOUNT_UNTRUSTED:
		return 2;
	case ACCOUNT_OFFLINE:
	case ACCOUNT_CONNECTING:
		return 1;
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
	case ACCOUNT_DISABLED:
		break;
	}
	return 0;
}

static void
set_trouble(struct view_status *view, const struct account_row *row)
{
	char *own CLEANUP(freep) = NULL;

	str_replace(&view->trouble, NULL);
	if (!row)
		return;
	view->trouble_tone = gravity(row) > 1 ? TONE_BAD : TONE_WARNING;
	/* Some sentences begin with the account themselves. */
	own = xasprintf(_("Account %s"), row->name);
	if (slice_starts(slice_str(row->error), slice_str(own)))
		view->trouble = xstrdup(row->error);
	else
		view->trouble = xasprintf("%s: %s", row->name, row->error);
}

void
view_status_load(struct view_status *view, const struct account_rows *accounts,
	const struct config *config, bool read_only)
{
	const struct account_row *worst = NULL;
	unsigned online = 0;

	clear_cells(view);
	for (size_t i = 0; i < config->n_accounts; i++) {
		const struct account_config *account = &config->accounts[i];
		const struct account_row *row =
			find_account(accounts, account->name);

		if (!row)
			continue;
		if (account->protocol == PROTOCOL_LOCAL) {
			add_cell(view, TONE_DIM,
				xasprintf(_("%s: local, no server"), row->name),
				xstrdup(_("local")));
			continue;
		}
		if (gravity(row) > (worst ? gravity(worst) : 0))
			worst = row;
		if (config->n_accounts > ACCOUNTS_NAMED_MAX &&
			row->state == ACCOUNT_ONLINE && !is_clear_text(account))
			online++;
		else
			add_account(view, row, account);
	}
	if (online > 0) {
		char *text = xasprintf(
			P_("%u account online", "%u accounts online", online),
			online);

		add_cell(view, TONE_PLAIN, text, xstrdup(text));
	}
	if (read_only)
		add_cell(view, TONE_WARNING, xstrdup(_("read-only")),
			xstrdup(_("read-only")));
	set_trouble(view, worst);
}

void
view_status_progress(
	struct view_status *view, const struct event *event, int64_t now_us)
{
	struct status_progress *it = NULL;

	for (int i = 0; i < view->n_progress && !it; i++)
		if (view->progress[i].account == event->account &&
			view->progress[i].kind == event->progress)
			it = &view->progress[i];
	if (event->done >= event->total) {
		if (it)
			*it = view->progress[--view->n_progress];
		return;
	}
	if (!it) {
		if (view->n_progress == STATUS_PROGRESS_MAX)
			return;
		it = &view->progress[view->n_progress++];
		*it = (struct status_progress){ .account = event->account,
			.kind = event->progress,
			.since_us = now_us };
	}
	it->done = event->done;
	it->total = event->total;
}

const struct status_progress *
view_status_work(
	const struct view_status *view, int64_t account, int64_t now_us)
{
	const struct status_progress *best = NULL;

	for (int i = 0; i < view->n_progress; i++) {
		const struct status_progress *it = &view->progress[i];

		if (now_us - it->since_us < STATUS_PROGRESS_AFTER_US)
			continue;
		if (!best ||
			(it->account == account && best->account != account))
			best = it;
		else if (it->account == best->account && it->kind < best->kind)
			best = it;
	}
	return best;
}

int64_t
view_status_next_us(const struct view_status *view, int64_t now_us)
{
	int64_t next = -1;

	for (int i = 0; i < view->n_progress; i++) {
		int64_t at =
			view->progress[i].since_us + STATUS_PROGRESS_AFTER_US;

		if (at > now_us && (next < 0 || at < next))
			next = at;
	}
	return next;
}

void
view_status_print_work(
	const struct status_progress *progress, bool brief, struct strbuf *out)
{
	int percent = (int)(progress->done * 100 / progress->total);
	char done[FORMAT_SIZE];
	char total[FORMAT_SIZE];

	if (brief) {
		strbuf_addf(out, "%d %%", percent);
		return;
	}
	if (progress->kind == PROGRESS_PART ||
		progress->kind == PROGRESS_SEND) {
		format_size(progress->done, done);
		format_size(progress->total, total);
	} else {
		format_number((int64_t)progress->done, done);
		format_number((int64_t)progress->total, total);
	}
	switch (progress->kind) {
	case PROGRESS_HEADERS:
		strbuf_addf(out, _("%d %% of headers, %s of %s"), percent, done,
			total);
		break;
	case PROGRESS_THREADS:
		strbuf_addf(out, _("%d %% of conversations, %s of %s"), percent,
			done, total);
		break;
	case PROGRESS_TEXT:
		strbuf_addf(out, _("%d %% of texts, %s of %s"), percent, done,
			total);
		break;
	case PROGRESS_PART:
		strbuf_addf(out, _("%d %%, %s of %s"), percent, done, total);
		break;
	case PROGRESS_SEND:
		strbuf_addf(
			out, _("%d %% sent, %s of %s"), percent, done, total);
		break;
	}
}

char *
view_status_not_fetched(const struct account_row *row, const char *failure)
{
	switch (row->state) {
	case ACCOUNT_DISABLED:
		return xasprintf(
			_("The text of this message is not held here; %s is "
			  "offline by hand: :online lets it connect."),
			row->name);
	case ACCOUNT_NEEDS_LOGIN:
		return xasprintf(
			_("The text of this message is not held here; not "
			  "logged in to %s: :password enters the password."),
			row->name);
	case ACCOUNT_UNTRUSTED:
		return xasprintf(
			_("The text of this message is not held here; the "
			  "server of %s is not trusted: :doctor explains."),
			row->name);
	case ACCOUNT_CONNECTING:
	case ACCOUNT_OFFLINE:
		if (row->state == ACCOUNT_CONNECTING && !failure)
			return NULL;
		failure = failure ? failure : row->error;
		if (!failure)
			return xasprintf(
				_("The text of this message is not held here; "
				  "%s is offline: it comes when the server can "
				  "be reached."),
				row->name);
		return xasprintf(_("The text of this message is not held here; "
				   "%s is offline (%s): it comes when the "
				   "server can be reached."),
			row->name, failure);
	case ACCOUNT_SYNCING:
	case ACCOUNT_ONLINE:
		break;
	}
	return xstrdup_null(failure);
}
