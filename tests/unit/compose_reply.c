/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom answers go to, what they say they answer, and links that write mail. */
#include "compose/reply.h"

#include "base/array.h"
#include "base/mem.h"
#include "compose/later.h"
#include "compose/mailto.h"
#include "mime/envelope.h"
#include "tap.h"

static bool
is_own(void *ctx, const char *address)
{
	(void)ctx;
	return strncmp(address, "ann", 3) == 0 &&
	       strstr(address, "@example.org") != NULL;
}

static const struct reply_self self = {
	.name = "Ann",
	.address = "ann@example.org",
	.is_own = is_own,
	.signature = "Ann\n",
};

/* "To: ...|Cc: ...|From: ..." of the draft; "" for a refusal. */
static const struct {
	const char *name;
	enum reply_kind kind;
	const char *header;
	const char *want;
} cases[] = {
	{ "plain", REPLY_TO_SENDER,
		"From: Bo <bo@x.org>\nTo: ann@example.org\n",
		"bo@x.org||ann@example.org" },
	{ "reply-to", REPLY_TO_SENDER,
		"From: bo@x.org\nReply-To: help@x.org\nTo: ann@example.org\n",
		"help@x.org||ann@example.org" },
	{ "to an alias", REPLY_TO_SENDER,
		"From: bo@x.org\nTo: c@x.org, ann+shop@example.org\n",
		"bo@x.org||ann+shop@example.org" },
	{ "delivered to an alias", REPLY_TO_SENDER,
		"From: bo@x.org\nTo: list@x.org\n"
		"Delivered-To: ann+l@example.org\n",
		"bo@x.org||ann+l@example.org" },
	{ "a list in Reply-To", REPLY_TO_SENDER,
		"From: bo@x.org\nReply-To: list@x.org\nTo: list@x.org\n"
		"List-Post: <mailto:list@x.org>\n",
		"bo@x.org||ann@example.org" },
	{ "all", REPLY_TO_ALL,
		"From: bo@x.org\nTo: ann@example.org, c@x.org\nCc: d@x.org\n",
		"bo@x.org|c@x.org,d@x.org|ann@example.org" },
	{ "all, each once", REPLY_TO_ALL,
		"From: bo@x.org\nTo: c@x.org, bo@X.org\nCc: c@x.org\n",
		"bo@x.org|c@x.org|ann@example.org" },
	{ "all, followup", REPLY_TO_ALL,
		"From: bo@x.org\nTo: list@x.org\n"
		"Mail-Followup-To: list@x.org, ann@example.org\n",
		"list@x.org||ann@example.org" },
	{ "all, munged", REPLY_TO_ALL,
		"From: bo@x.org\nReply-To: list@x.org\nTo: list@x.org\n"
		"List-Post: <mailto:list@x.org>\n",
		"bo@x.org|list@x.org|ann@example.org" },
	{ "list", REPLY_TO_LIST,
		"From: bo@x.org\nTo: ann@example.org\n"
		"List-Post: <mailto:list@x.org>\n",
		"list@x.org||ann@example.org" },
	{ "list that is closed", REPLY_TO_LIST,
		"From: bo@x.org\nList-Post: NO\n", "" },
	{ "no list", REPLY_TO_LIST, "From: bo@x.org\n", "" },
	{ "one's own", REPLY_TO_SENDER, "From: ann@example.org\nTo: bo@x.org\n",
		"bo@x.org||ann@example.org" },
	{ "one's own, all", REPLY_TO_ALL,
		"From: ann+a@example.org\nTo: bo@x.org\nCc: c@x.org\n",
		"bo@x.org|c@x.org|ann+a@example.org" },
	{ "to oneself", REPLY_TO_ALL,
		"From: ann@example.org\nTo: ann@example.org\n",
		"ann@example.org||ann@example.org" },
	{ "from nobody", REPLY_TO_SENDER, "Subject: x\n", "" },
	{ "forwarded", REPLY_FORWARD, "From: bo@x.org\nTo: ann@example.org\n",
		"||ann@example.org" },
	{ "edited as new", REPLY_EDIT_AS_NEW,
		"From: ann+a@example.org\nTo: bo@x.org\nBcc: c@x.org\n",
		"bo@x.org||ann+a@example.org" },
};

static void
print_list(const struct address_list *list, struct strbuf *out)
{
	for (size_t i = 0; i < list->n; i++)
		strbuf_addf(
			out, "%s%s", i > 0 ? "," : "", list->items[i].address);
}

static void
check_case(size_t i)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct reply_notes notes;
	struct reply_source source = {
		.message = 1,
		.envelope = &envelope,
		.header = slice_str(cases[i].header),
	};

	strbuf_init(&got, 10000);
	mime_read_envelope(source.header, &envelope);
	if (reply_make(cases[i].kind, &source, &self, &draft, &notes, &err)) {
		print_list(&draft.to, &got);
		strbuf_add_char(&got, '|');
		print_list(&draft.cc, &got);
		strbuf_addf(&got, "|%s", draft.from);
	}
	is_str(got.data, cases[i].want, cases[i].name);
}

static void
check_text(void)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct reply_notes notes;
	struct reply_source source = {
		.message = 7,
		.envelope = &envelope,
		.header = SLICE("From: Bo <bo@x.org>\nSubject: AW: Lunch\n"
				"Message-ID: <c@x>\nReferences: <a@x> <b@x>\n"),
		.document = &doc,
	};

	mime_read_envelope(source.header, &envelope);
	document_init(&doc);
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("Hello"));
	document_add(&doc, PARAGRAPH_TEXT, 1, 0, SLICE("before"));
	document_add(&doc, PARAGRAPH_SIGNATURE, 0, 0, SLICE("-- \nBo"));
	ok(reply_make(REPLY_TO_SENDER, &source, &self, &draft, &notes, &err),
		"an answer");
	is_str(draft.body, "Bo wrote:\n> Hello\n>> before\n\n\n-- \nAnn\n",
		"  its text");
	is_str(draft.subject, "Re: Lunch", "  its subject");
	is_str(draft.in_reply_to, "c@x", "  what it answers");
	is_int((int64_t)draft.references.n, 3, "  and what that did");
	is_int(draft.answers, 7, "  the message to be marked");
}

static const struct {
	const char *url;
	const char *want; /* to|cc|bcc|subject|body|in-reply-to */
} links[] = {
	{ "mailto:ann@example.org", "ann@example.org|||||" },
	{ "MAILTO:a@x.org,b@x.org", "a@x.org,b@x.org|||||" },
	{ "mailto:?to=a@x.org&cc=b@x.org&bcc=c@x.org",
		"a@x.org|b@x.org|c@x.org|||" },
	{ "mailto:a@x.org?subject=Hello%20World&body=one%0D%0Atwo",
		"a@x.org|||Hello World|one\ntwo\n|" },
	{ "mailto:a@x.org?subject=a%0D%0ABcc:%20evil@x.org",
		"a@x.org|||a Bcc: evil@x.org||" },
	{ "mailto:a@x.org?attach=/etc/passwd&from=b@x.org&x-y=z",
		"a@x.org|||||" },
	{ "mailto:a@x.org?in-reply-to=%3Cid@x%3E", "a@x.org|||||id@x" },
	{ "mailto:a%40x.org", "a@x.org|||||" },
	{ "mailto:gorby%25kremvax@x.org", "gorby%kremvax@x.org|||||" },
	{ "mailto:", "|||||" },
	{ "mailto:a@x.org?subject=%1b%5b2J", "a@x.org||| [2J||" },
	{ "http://x.org", NULL },
};

static void
check_link(size_t i)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct draft draft CLEANUP(draft_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	bool good = mailto_read(links[i].url, &draft, &err);

	strbuf_init(&got, 10000);
	print_list(&draft.to, &got);
	strbuf_add_char(&got, '|');
	print_list(&draft.cc, &got);
	strbuf_add_char(&got, '|');
	print_list(&draft.bcc, &got);
	strbuf_addf(&got, "|%s|%s|%s", draft.subject ? draft.subject : "",
		draft.body ? draft.body : "",
		draft.in_reply_to ? draft.in_reply_to : "");
	if (links[i].want)
		is_str(got.data, links[i].want, links[i].url);
	else
		ok(!good, "refused: %s", links[i].url);
	is_int((int64_t)draft.attachments.n, 0, "  nothing attached");
}

/* From Friday 20 November 2026, 12:00 UTC, in minutes; -1: refused. */
static const struct {
	const char *text;
	int64_t minutes;
} times[] = {
	{ "in 2 hours", 120 },
	{ "+90m", 90 },
	{ "in 1 day and 2 hours", 1560 },
	{ "in an hour", 60 },
	{ "tomorrow", 20 * 60 },
	{ "tomorrow 9:30", 21 * 60 + 30 },
	{ "14:30", 150 },
	{ "11:00", 23 * 60 },
	{ "8am", 20 * 60 },
	{ "8:15 pm", 495 },
	{ "8:15pm", 495 },
	{ "tonight", 480 },
	{ "monday 9am", 3 * 24 * 60 - 180 },
	{ "fri 8:00", 7 * 24 * 60 - 240 },
	{ "2026-11-21 12:00", 24 * 60 },
	{ "2026-11-21T12:00", 24 * 60 },
	{ "2026-11-19", -1 },
	{ "yesterday", -1 },
	{ "", -1 },
	{ "25:00", -1 },
	{ "in 2 parsecs", -1 },
	{ "today 11:00", -1 },
};

static void
check_time(size_t i)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	const int64_t now = 1795176000;
	int64_t when = 0;
	bool good = later_parse(times[i].text, now, &when, &err);

	is_int(good ? (when - now) / 60 : -1, times[i].minutes, times[i].text);
}

int
main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_case(i);
	check_text();
	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		check_link(i);
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		check_time(i);
	return tap_done();
}
