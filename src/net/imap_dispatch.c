/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to do with each response (RFC 9051 section 7).
 *
 * Before login a server, or who stands in for it, may say what it likes: only
 * its capabilities count, and those said in clear are dropped with TLS.
 */
#include <stdlib.h>

#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/imap_private.h"

void
imap_set_capabilities(struct imap *imap, struct slice words)
{
	struct slice kept = slice_head(words, IMAP_CAPABILITY_TEXT_MAX);

	imap_parse_capabilities(words, &imap->can);
	imap->can.capabilities &= ~imap_broken_capabilities(words);
	imap->capabilities_told++;
	free(imap->capability_text);
	imap->capability_text = imap->login_words
					? xasprintf("%.*s%s", (int)kept.len,
						  kept.data, imap->login_words)
					: xmemdup0(kept.data, kept.len);
	for (char *c = imap->capability_text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = ' ';
	}
}

void
imap_keep_login_words(struct imap *imap)
{
	struct slice words = slice_str(imap->capability_text);
	struct strbuf kept;

	strbuf_init(&kept, IMAP_CAPABILITY_TEXT_MAX);
	while (words.len > 0) {
		struct slice word = slice_trim(imap_word(words, &words));

		if (!slice_starts_nocase(word, SLICE("AUTH=")) &&
			!slice_eq_nocase(word, SLICE("SASL-IR")) &&
			!slice_eq_nocase(word, SLICE("LOGINDISABLED")))
			continue;
		strbuf_add_char(&kept, ' ');
		strbuf_add_slice(&kept, word);
	}
	free(imap->login_words);
	imap->login_words = strbuf_take(&kept);
}

static void
alert(struct imap *imap, struct slice text)
{
	enum security security = wire_endpoint(imap->wire)->security;
	char *shown;

	/* Before the server has proved who it is, nobody is asked to read. */
	if (security != SECURITY_CLEAR && !wire_is_encrypted(imap->wire))
		return;
	if (!imap->handler || !imap->handler->alert || text.len == 0 ||
		imap->alerts++ >= IMAP_ALERTS_MAX)
		return;
	shown = imap_inert_text(text);
	imap->handler->alert(imap->handler->ctx, shown);
	free(shown);
}

/* Response codes of a SELECT. */
static void
select_code(struct imap *imap, struct slice word, struct slice value)
{
	struct imap_selecting *selecting = &imap->selecting;
	struct imap_selected *selected = selecting->selected;
	uint64_t n;

	if (slice_eq_nocase(word, SLICE("CLOSED"))) {
		selecting->others = false;
	} else if (slice_eq_nocase(word, SLICE("UIDVALIDITY"))) {
		selecting->others = false;
		if (imap_number(value, UINT32_MAX, &n))
			selected->uidvalidity = (uint32_t)n;
	} else if (slice_eq_nocase(word, SLICE("UIDNEXT"))) {
		if (imap_number(value, UINT32_MAX, &n))
			selected->uidnext = (uint32_t)n;
	} else if (slice_eq_nocase(word, SLICE("HIGHESTMODSEQ"))) {
		if (imap_number(value, INT64_MAX, &n))
			selected->highestmodseq = n;
	} else if (slice_eq_nocase(word, SLICE("NOMODSEQ"))) {
		selected->highestmodseq = 0;
	} else if (slice_eq_nocase(word, SLICE("READ-ONLY"))) {
		selected->read_only = true;
	} else if (slice_eq_nocase(word, SLICE("READ-WRITE"))) {
		selected->read_only = false;
	} else if (slice_eq_nocase(word, SLICE("PERMANENTFLAGS"))) {
		flags_clear(&imap->permanent_flags);
		imap_parse_flags(value, &imap->permanent_flags,
			&selected->keywords_allowed);
		selecting->has_permanent_flags = true;
	}
}

static void
code(struct imap *imap, const struct response *response)
{
	struct slice value;
	struct slice word = imap_word(response->code, &value);

	if (word.len == 0)
		return;
	if (slice_eq_nocase(word, SLICE("ALERT")))
		alert(imap, response->text);
	else if (slice_eq_nocase(word, SLICE("CAPABILITY")))
		imap_set_capabilities(imap, value);
	else if (slice_eq_nocase(word, SLICE("NOTIFICATIONOVERFLOW")) &&
		 imap->handler && imap->handler->tree_changed)
		/* RFC 5465 5.8: notices stopped; everything may differ. */
		imap->handler->tree_changed(imap->handler->ctx);
	else if (imap->outcome && (imap->can.capabilities & IMAP_UIDPLUS) &&
		 slice_eq_nocase(word, SLICE("COPYUID")))
		/* RFC 6851 4.3: with MOVE it stands in an untagged OK. */
		imap_note_copied(imap->outcome, value);
	else if (imap->appended && (imap->can.capabilities & IMAP_UIDPLUS) &&
		 slice_eq_nocase(word, SLICE("APPENDUID")))
		*imap->appended = imap_parse_appended(value);
	else if (imap->selecting.selected &&
		 (response->kind == RESPONSE_STATUS))
		select_code(imap, word, value);
}

static bool
goodbye(const struct response *response, struct error *err)
{
	char *said = imap_inert_text(response->text);

	if (*said)
		error_set(err, ERR_OFFLINE, _("the server says goodbye: %s"),
			said);
	else
		error_set(err, ERR_OFFLINE, _("the server says goodbye"));
	free(said);
	return false;
}

static bool
greeting(struct imap *imap, const struct response *response, struct error *err)
{
	enum security security = wire_endpoint(imap->wire)->security;

	if (response->kind != RESPONSE_STATUS)
		return error_set(
			err, ERR_PROTOCOL, _("the server does not speak IMAP"));
	imap->greeted = true;
	if (response->name == RESPONSE_NO || response->name == RESPONSE_BAD)
		return goodbye(response, err);
	if (response->name != RESPONSE_PREAUTH)
		return true;
	/* It would keep us from encrypting, and show us another's mail. */
	if (security != SECURITY_CLEAR && !wire_is_encrypted(imap->wire))
		return error_set(err, ERR_UNTRUSTED,
			_("the server wants to skip encryption"));
	imap->authenticated = true;
	return true;
}

static bool
status(struct imap *imap, const struct response *response, struct error *err)
{
	if (response->name == RESPONSE_BYE)
		return goodbye(response, err);
	code(imap, response);
	return true;
}

static bool
tagged(struct imap *imap, const struct response *response, struct error *err)
{
	struct imap_command *command = NULL;
	enum imap_answer answer = response->name == RESPONSE_OK   ? ANSWER_OK
				  : response->name == RESPONSE_NO ? ANSWER_NO
								  : ANSWER_BAD;
	struct slice value;
	uint64_t tag;

	if (imap->library_asks) {
		code(imap, response);
		imap->library_answer = answer;
		free(imap->library_said);
		imap->library_said = imap_inert_text(response->text);
		return true;
	}
	if (response->tag.data[0] == 't' &&
		ascii_parse_u64(response->tag.data + 1, response->tag.len - 1,
			UINT64_MAX, &tag)) {
		for (size_t i = 0; i < imap->commands.n && !command; i++) {
			if (imap->commands.items[i].tag == tag)
				command = &imap->commands.items[i];
		}
	}
	if (!command || command->answer != ANSWER_NONE)
		return error_set(err, ERR_PROTOCOL,
			_("the server answers what was not asked"));
	code(imap, response);
	if (imap->selecting.selected && imap->selecting.tag == command->tag) {
		struct slice word = imap_word(response->code, &value);

		if (answer == ANSWER_OK)
			select_code(imap, word, value);
		imap->selecting.selected = NULL;
	}
	command->answer = answer;
	if (answer == ANSWER_BAD && command->step == STEP_SETUP)
		log_info("net", "the server does not take a set-up command");
	if (command->forgotten) {
		size_t at = (size_t)(command - imap->commands.items);

		memmove(command, command + 1,
			(imap->commands.n - at - 1) * sizeof(*command));
		imap->commands.n--;
		return true;
	}
	if (response->code.len > 0) {
		struct slice word = imap_word(response->code, &value);

		command->code = xmemdup0(word.data, word.len);
	}
	if (answer != ANSWER_OK)
		command->said = imap_inert_text(response->text);
	return true;
}

/* Something of interest for who watches. */
static void
news(struct imap *imap)
{
	imap->news++;
}

static void
listed(struct imap *imap, const struct response *response)
{
	struct imap_listing *listing = imap->listing;
	struct imap_mailbox mailbox, *known;
	uintptr_t at;

	if (!imap_parse_list(response->rest, &mailbox))
		return;
	if (!listing || listing->is_status) {
		free(mailbox.name);
		news(imap);
		if (imap->handler && imap->handler->tree_changed)
			imap->handler->tree_changed(imap->handler->ctx);
		return;
	}
	at = (uintptr_t)map_get(listing->by_name, mailbox.name);
	if (at == 0) {
		/* LSUB also tells of what no longer exists. */
		listing->bytes += strlen(mailbox.name);
		if (response->name == RESPONSE_LSUB ||
			listing->mailboxes->n >= IMAP_MAILBOXES_MAX ||
			listing->bytes > IMAP_NAMES_MAX) {
			free(mailbox.name);
			return;
		}
		array_push(listing->mailboxes, mailbox);
		map_put(listing->by_name, mailbox.name,
			(void *)(uintptr_t)listing->mailboxes->n);
		return;
	}
	free(mailbox.name);
	known = &listing->mailboxes->items[at - 1];
	if (response->name == RESPONSE_LSUB) {
		/* RFC 3501 6.3.9: there \Noselect means only a parent. */
		known->subscribed = known->subscribed || mailbox.selectable;
		return;
	}
	known->subscribed = known->subscribed || mailbox.subscribed;
	known->has_children = known->has_children || mailbox.has_children;
	if (known->role == ROLE_NONE)
		known->role = mailbox.role;
}

static void
mailbox_status(struct imap *imap, const struct response *response)
{
	struct imap_listing *listing = imap->listing;
	struct imap_mailbox mailbox, *known;
	uintptr_t at = 0;

	if (!imap_parse_status(response->rest, &mailbox))
		return;
	if (listing)
		at = (uintptr_t)map_get(listing->by_name, mailbox.name);
	if (at > 0) {
		known = &listing->mailboxes->items[at - 1];
		known->has_status = true;
		known->messages = mailbox.messages;
		known->unseen = mailbox.unseen;
		known->uidnext = mailbox.uidnext;
		known->uidvalidity = mailbox.uidvalidity;
		known->highestmodseq = mailbox.highestmodseq;
	} else {
		news(imap);
		if (imap->handler && imap->handler->status)
			imap->handler->status(imap->handler->ctx, &mailbox);
	}
	free(mailbox.name);
}

/* Whether untagged data are of the mailbox the caller means. */
static bool
is_of_mailbox(const struct imap *imap)
{
	if (imap->selecting.selected)
		return !imap->selecting.others;
	return imap->selected;
}

static void
exists(struct imap *imap, uint64_t n)
{
	if (n > UINT32_MAX)
		return;
	if (imap->selecting.selected) {
		imap->selecting.selected->exists = (uint32_t)n;
		return;
	}
	if (!imap->selected)
		return;
	news(imap);
	if (imap->handler && imap->handler->exists)
		imap->handler->exists(imap->handler->ctx, (uint32_t)n);
}

static void
expunged(struct imap *imap, uint64_t sequence)
{
	/* RFC 7162 3.2.10: with QRESYNC it is VANISHED that tells. */
	if ((imap->enabled & IMAP_QRESYNC) || sequence == 0 ||
		sequence > UINT32_MAX || !is_of_mailbox(imap))
		return;
	news(imap);
	if (imap->handler && imap->handler->expunge)
		imap->handler->expunge(imap->handler->ctx, (uint32_t)sequence);
}

static void
vanished(struct imap *imap, struct slice rest)
{
	struct uidset uids CLEANUP(uidset_clear) = UIDSET_INIT;
	bool earlier;

	/* RFC 7162 3.2: not before ENABLED. */
	if (!(imap->enabled & IMAP_QRESYNC) || !is_of_mailbox(imap) ||
		!imap_parse_vanished(rest, &uids, &earlier))
		return;
	news(imap);
	if (imap->handler && imap->handler->vanished)
		imap->handler->vanished(imap->handler->ctx, &uids, earlier);
}

/* The section being streamed may come as a quoted string after all, or be
 * empty. */
static void
stream_rest(struct imap *imap, struct imap_fetch *fetch)
{
	struct imap_stream *stream = imap->stream;

	for (size_t i = 0; i < fetch->n_bodies; i++) {
		struct imap_body *body = &fetch->bodies[i];

		if (!slice_eq_nocase(
			    body->section, slice_str(stream->section)) ||
			(body->bytes.len == 0 && stream->total > 0))
			continue;
		stream->total += body->bytes.len;
		if (!stream->stopped &&
			!stream->sink(stream->ctx, body->bytes, stream->total))
			stream->stopped = true;
	}
}

static void
fetched(struct imap *imap, const struct response *response)
{
	struct imap_fetch fetch;
	bool streamed = false;

	if (response->number == 0 || response->number > UINT32_MAX ||
		!is_of_mailbox(imap))
		return;
	imap_parse_fetch(&imap->parser, response->rest,
		(uint32_t)response->number, &fetch);
	if (imap->stream && (fetch.has & IMAP_HAS_BODY)) {
		stream_rest(imap, &fetch);
		fetch.has &= ~(unsigned)IMAP_HAS_BODY;
		fetch.n_bodies = 0;
		streamed = fetch.has == 0;
	}
	news(imap);
	if (!streamed && imap->handler && imap->handler->fetch)
		imap->handler->fetch(imap->handler->ctx, &fetch);
	imap_fetch_clear(&fetch);
}

/* What counts when PERMANENTFLAGS does not come (RFC 9051 6.3.2). */
static void
defined_flags(struct imap *imap, struct slice rest)
{
	struct imap_selected *selected = imap->selecting.selected;

	if (!selected || imap->selecting.has_permanent_flags)
		return;
	flags_clear(&imap->permanent_flags);
	imap_parse_flags(rest, &imap->permanent_flags, NULL);
	selected->keywords_allowed = true;
}

static void
data(struct imap *imap, const struct response *response)
{
	if (response->name == RESPONSE_CAPABILITY) {
		imap_set_capabilities(imap, response->rest);
		return;
	}
	if (!imap->authenticated)
		return;
	switch (response->name) {
	case RESPONSE_FETCH:
		fetched(imap, response);
		break;
	case RESPONSE_EXISTS:
		exists(imap, response->number);
		break;
	case RESPONSE_EXPUNGE:
		expunged(imap, response->number);
		break;
	case RESPONSE_VANISHED:
		vanished(imap, response->rest);
		break;
	case RESPONSE_LIST:
	case RESPONSE_LSUB:
	case RESPONSE_XLIST:
		listed(imap, response);
		break;
	case RESPONSE_MAILBOX_STATUS:
		mailbox_status(imap, response);
		break;
	case RESPONSE_SEARCH:
		if (imap->found)
			imap_parse_search(response->rest, imap->found);
		break;
	case RESPONSE_ESEARCH:
		if (imap->found)
			imap_parse_esearch(response->rest, imap->found);
		break;
	case RESPONSE_ENABLED:
		if (imap->enabling)
			imap->enabled |= imap_parse_enabled(response->rest);
		break;
	case RESPONSE_NAMESPACE:
		imap_namespaces_clear(&imap->namespaces);
		imap_parse_namespaces(response->rest, &imap->namespaces);
		break;
	case RESPONSE_FLAGS:
		defined_flags(imap, response->rest);
		break;
	case RESPONSE_MYRIGHTS:
		if (imap->rights)
			*imap->rights = imap_parse_myrights(response->rest);
		break;
	case RESPONSE_CAPABILITY:
	case RESPONSE_ID:
	case RESPONSE_RECENT:
	case RESPONSE_SORT:
	case RESPONSE_THREAD:
	case RESPONSE_OK:
	case RESPONSE_NO:
	case RESPONSE_BAD:
	case RESPONSE_BYE:
	case RESPONSE_PREAUTH:
	case RESPONSE_OTHER:
		break;
	}
}

bool
imap_dispatch(
	struct imap *imap, const struct response *response, struct error *err)
{
	if (!imap->greeted && !greeting(imap, response, err))
		return false;
	switch (response->kind) {
	case RESPONSE_TAGGED:
		return tagged(imap, response, err);
	case RESPONSE_STATUS:
		return status(imap, response, err);
	case RESPONSE_DATA:
		data(imap, response);
		return true;
	case RESPONSE_CONTINUE:
		imap->continued = true;
		strbuf_reset(&imap->challenge);
		strbuf_add_slice(&imap->challenge, response->rest);
		return true;
	case RESPONSE_GARBAGE:
		break;
	}
	return error_set(
		err, ERR_PROTOCOL, _("the server does not speak IMAP"));
}
