/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/envelope.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mail/date.h"
#include "tap.h"

static const char typical[] =
	"From: =?utf-8?Q?Andr=C3=A9?= Example <andre@example.org>\r\n"
	"Sender: list-bounces@example.org\r\n"
	"Reply-To: list@example.org\r\n"
	"To: Ann <ann@example.org>,\r\n\tbo@example.net\r\n"
	"Cc: a@x\r\n"
	"Cc: b@y\r\n"
	"Bcc: c@z\r\n"
	"Date: Fri, 20 Nov 2026 14:02:00 +0100\r\n"
	"Subject: Re: =?utf-8?q?sch=C3=B6ne?=\r\n Aussicht\r\n"
	"Message-ID: <one@example.org>\r\n"
	"In-Reply-To: Your message of \"Fri\" <zero@example.org>\r\n"
	"References: <minus@example.org>\r\n <zero@example.org>\r\n"
	"List-Id: The list <list.example.org>\r\n"
	"Subject: another\r\n"
	"X-Other: thing\r\n"
	"\r\n"
	"Message-ID: <body@example.org>\r\n";

static void
read_typical(void)
{
	struct envelope e;
	char date[32];

	mime_read_envelope(slice_str(typical), &e);
	is_str(e.subject, "Re: schöne Aussicht", "subject, the first");
	is_int((int64_t)e.from.n, 1, "from");
	is_str(e.from.items[0].name, "André Example", "its name");
	is_str(e.from.items[0].address, "andre@example.org", "its address");
	is_str(e.sender.items[0].address, "list-bounces@example.org", "sender");
	is_str(e.reply_to.items[0].address, "list@example.org", "reply-to");
	is_int((int64_t)e.to.n, 2, "to");
	is_int((int64_t)e.cc.n, 2, "cc adds up");
	is_int((int64_t)e.bcc.n, 1, "bcc");
	date_print_rfc3339(e.date, date);
	is_str(date, "2026-11-20T13:02:00Z", "date");
	is_str(e.message_id, "one@example.org", "message id");
	is_int((int64_t)e.in_reply_to.n, 1, "in-reply-to");
	is_str(e.in_reply_to.items[0], "zero@example.org", "without prose");
	is_int((int64_t)e.references.n, 2, "references");
	is_str(e.references.items[0], "minus@example.org", "oldest first");
	is_str(e.list_id, "list.example.org", "list id");
	envelope_clear(&e);
	ok(!e.subject && !e.from.n, "cleared");
}

static const struct {
	const char *field;
	const char *message_id;
	const char *references; /* a blank between */
} ids[] = {
	{ "Message-ID: <a@b>", "a@b", "" },
	{ "Message-Id:\r\n <a@b>", "a@b", "" },
	{ "Message-ID: a@b", "a@b", "" },
	{ "Message-ID: < a@\r\n b >", "a@b", "" },
	{ "Message-ID: <a@b", "a@b", "" },
	{ "Message-ID: <a@b> (comment <c@d>)", "a@b", "" },
	{ "Message-ID: <>", NULL, "" },
	{ "Message-ID:", NULL, "" },
	{ "Message-ID: <a\x1b\x01@b\xe9>", "a@b\xc3\xa9", "" },
	{ "Message-ID: <a\xc2\x9b@b\xe2\x80\xa8>", "a@b", "" },
	{ "References: <a@b><c@d>", NULL, "a@b c@d" },
	{ "References: <a@b>,\r\n <c@d>", NULL, "a@b c@d" },
	{ "References: a@b c@d word", NULL, "a@b c@d" },
	{ "References: word <a@b> c@d", NULL, "a@b" },
	{ "References: <> <a@b", NULL, "" },
	{ "References:", NULL, "" },
};

static void
read_ids(const char *field, const char *message_id, const char *references)
{
	struct envelope e;
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	mime_read_envelope(slice_str(field), &e);
	is_str(e.message_id, message_id, field);
	for (size_t i = 0; i < e.references.n; i++) {
		strbuf_add_str(&got, i ? " " : "");
		strbuf_add_str(&got, e.references.items[i]);
	}
	is_str(got.data, references, field);
	envelope_clear(&e);
}

static void
many_references(void)
{
	struct envelope e;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	bool newest = true;
	char want[16];

	strbuf_init(&text, 1024 * 1024);
	strbuf_add_str(&text, "References:");
	for (int i = 0; i < 200; i++)
		strbuf_addf(&text, "\r\n <%d@x>", i);
	mime_read_envelope(strbuf_slice(&text), &e);
	is_int((int64_t)e.references.n, REFERENCES_MAX, "so many are kept");
	is_str(e.references.items[0], "0@x", "the first");
	for (int i = 1; i < REFERENCES_MAX; i++) {
		snprintf(want, sizeof(want), "%d@x", 200 - REFERENCES_MAX + i);
		newest = newest && strcmp(e.references.items[i], want) == 0;
	}
	ok(newest, "and the newest in order");
	message_ids_add(&e.references, SLICE("more"));
	is_int((int64_t)e.references.n, REFERENCES_MAX, "no more");
	envelope_clear(&e);
}

static void
limits(void)
{
	enum { LEN = 300000 };
	struct envelope e;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, 64 * 1024 * 1024);
	strbuf_add_str(&text, "Subject: ");
	for (int i = 0; i < LEN; i++)
		strbuf_add_str(&text, "ä");
	strbuf_add_str(&text, "\r\nMessage-ID: <");
	for (int i = 0; i < LEN; i++)
		strbuf_add_char(&text, 'x');
	strbuf_add_str(&text, ">\r\nList-Id: ");
	for (int i = 0; i < LEN; i++)
		strbuf_add_char(&text, 'x');
	for (int i = 0; i < 100000; i++)
		strbuf_addf(&text, "\r\nTo: x%d@x", i);
	mime_read_envelope(strbuf_slice(&text), &e);
	is_int((int64_t)strlen(e.subject), SUBJECT_LENGTH_MAX, "subject");
	is_int((int64_t)strlen(e.message_id), MESSAGE_ID_LENGTH_MAX, "id");
	is_int((int64_t)strlen(e.list_id), MESSAGE_ID_LENGTH_MAX, "list");
	is_int((int64_t)e.to.n, ADDRESSES_MAX, "recipients");
	envelope_clear(&e);
}

int
main(void)
{
	struct envelope e;

	read_typical();
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		read_ids(ids[i].field, ids[i].message_id, ids[i].references);
	many_references();
	limits();
	mime_read_envelope(SLICE(""), &e);
	ok(!e.subject && !e.message_id && !e.date, "nothing of nothing");
	envelope_clear(&e);
	mime_read_envelope(SLICE("Subject: a\r b\rTo: a@b\r\rx"), &e);
	is_str(e.subject, "a b", "bare CR");
	is_int((int64_t)e.to.n, 1, "and the next field");
	envelope_clear(&e);
	mime_read_envelope(SLICE("Subject:\r\nDate: no date\r\n"), &e);
	is_str(e.subject, "", "an empty subject is one");
	is_int(e.date, 0, "no date");
	envelope_clear(&e);
	return tap_done();
}
