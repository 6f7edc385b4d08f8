/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/report.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mail/card.h"
#include "mime/message.h"
#include "mime/walk.h"
#include "tap.h"

#define DAEMON "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\n"
#define TO_ME  "To: ann@example.org\r\n"
#define REPORT(type)                                                           \
	DAEMON "Content-Type: multipart/report; report-type=" type             \
	       "; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
#define STATUS(lines)                                                          \
	"--b\r\nContent-Type: message/delivery-status\r\n\r\n"                 \
	"Reporting-MTA: dns; mx.example.org\r\n\r\n" lines
#define RETURNED                                                               \
	"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"                      \
	"Message-ID: <one@example.org>\r\nSubject: Tea\r\n\r\nHello\r\n"       \
	"--b--\r\n"
#define BO_FAILED                                                              \
	"Final-Recipient: rfc822; bo@example.net\r\nAction: failed\r\n"        \
	"Status: 5.1.1\r\nRemote-MTA: dns; mx.example.net\r\n"                 \
	"Diagnostic-Code: smtp; 550 5.1.1 No such\r\n user\r\n"

/* A message, what it is about, and a line for each of its entries: sentence,
 * status, server. */
static const struct {
	const char *what;
	const char *message;
	const char *about;
	const char *entries;
} reports[] = {
	{ "a delivery status",
		REPORT("delivery-status") STATUS(BO_FAILED) RETURNED,
		"one@example.org",
		"Not delivered to bo@example.net: 550 5.1.1 No such user"
		"|5.1.1|mx.example.net\n" },
	{ "two recipients",
		REPORT("delivery-status") STATUS(BO_FAILED
			"\r\nOriginal-Recipient: rfc822;cy@example.net\r\n"
			"Final-Recipient: rfc822;cy@inner.example.net\r\n"
			"Action: delayed\r\nStatus: 4.4.1 (No answer)\r\n")
			RETURNED,
		"one@example.org",
		"Not delivered to bo@example.net: 550 5.1.1 No such user"
		"|5.1.1|mx.example.net\n"
		"Not yet delivered to cy@example.net|4.4.1|-\n" },
	{ "no empty line between",
		REPORT("delivery-status") STATUS(BO_FAILED
			"Final-Recipient: rfc822; cy@example.net\r\nAction: failed\r\n")
			RETURNED,
		"one@example.org",
		"Not delivered to bo@example.net: 550 5.1.1 No such user"
		"|5.1.1|mx.example.net\nNot delivered to cy@example.net|-|-\n" },
	{ "headers only come back",
		REPORT("delivery-status") STATUS(
			BO_FAILED) "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
				   "Message-ID: <two@example.org>\r\n--b--\r\n",
		"two@example.org",
		"Not delivered to bo@example.net: 550 5.1.1 No such user"
		"|5.1.1|mx.example.net\n" },
	{ "the class of a status instead of an action",
		REPORT("delivery-status") STATUS(
			"Final-Recipient: rfc822; bo@example.net\r\nStatus: 2.1.5\r\n")
			RETURNED,
		"one@example.org", "Delivered to bo@example.net|2.1.5|-\n" },
	{ "relayed and expanded",
		REPORT("delivery-status") STATUS(
			"Final-Recipient: rfc822; bo@example.net\r\nAction: relayed\r\n"
			"\r\nFinal-Recipient: rfc822; cy@example.net\r\n"
			"Action: expanded\r\n") RETURNED,
		"one@example.org",
		"Passed on towards bo@example.net, from where no more will be "
		"heard|-|-\n"
		"Passed on to the members of cy@example.net|-|-\n" },
	{ "in base64",
		REPORT("delivery-status") "--b\r\nContent-Type: message/delivery-status\r\n"
					  "Content-Transfer-Encoding: base64\r\n\r\n"
					  "UmVwb3J0aW5nLU1UQTogZG5zOyBhCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjti"
					  "b0BiLmMKQWN0aW9uOiBmYWlsZWQK" RETURNED,
		"one@example.org", "Not delivered to bo@b.c|-|-\n" },
	{ "nothing comes back", REPORT("delivery-status") STATUS(BO_FAILED),
		NULL,
		"Not delivered to bo@example.net: 550 5.1.1 No such user"
		"|5.1.1|mx.example.net\n" },
	{ "a receipt",
		REPORT("disposition-notification") "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
						   "Final-Recipient: rfc822;bo@example.net\r\n"
						   "Original-Message-ID: <one@example.org>\r\n"
						   "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
						   "--b--\r\n",
		"one@example.org", "Read by bo@example.net|-|-\n" },
	{ "deleted unread",
		REPORT("disposition-notification") "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
						   "Final-Recipient: rfc822;bo@example.net\r\n"
						   "Original-Message-ID: <one@example.org>\r\n"
						   "Disposition: automatic-action/MDN-sent-automatically;deleted"
						   "\r\n--b--\r\n",
		"one@example.org", "Deleted unread by bo@example.net|-|-\n" },
	{ "a complaint",
		REPORT("feedback-report") "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
					  "Feedback-Type: abuse\r\nOriginal-Rcpt-To: <bo@example.net>\r\n" RETURNED,
		"one@example.org", "Called unwanted by bo@example.net|-|-\n" },
	{ "inside another message it is that one's",
		"From: ann@example.org\r\nContent-Type: message/rfc822\r\n\r\n" REPORT(
			"delivery-status") STATUS(BO_FAILED) RETURNED,
		NULL, "" },
	/* In prose. */
	{ "qmail",
		"From: MAILER-DAEMON@mx.example.org\r\n" TO_ME
		"Subject: failure notice\r\n\r\n"
		"Hi. This is the qmail-send program at mx.example.org.\r\n"
		"I'm afraid I wasn't able to deliver your message.\r\n\r\n"
		"<bo@example.net>:\r\n192.0.2.1 does not like recipient.\r\n"
		"Remote host said: 550 5.1.1 No such user\r\n\r\n"
		"--- Below this line is a copy of the message.\r\n\r\n"
		"Return-Path: <ann@example.org>\r\n"
		"Message-ID: <one@example.org>\r\nTo: <cy@example.net>\r\n",
		"one@example.org",
		"Not delivered to bo@example.net: 192.0.2.1 does not like "
		"recipient. Remote host said: 550 5.1.1 No such user|5.1.1|-\n" },
	{ "Exim",
		DAEMON TO_ME
		"X-Failed-Recipients: bo@example.net,\r\n"
		" cy@example.net\r\nSubject: Mail delivery failed\r\n\r\n"
		"The following address(es) failed:\r\n\r\n  bo@example.net\r\n"
		"    SMTP error from remote mail server after RCPT TO:"
		"<bo@example.net>:\r\n    550 No such user\r\n\r\n"
		"------ This is a copy of the message, including all the "
		"headers. ------\r\n\r\nMessage-Id: <one@example.org>\r\n",
		"one@example.org",
		"Not delivered to bo@example.net: SMTP error from remote mail "
		"server after RCPT TO:<bo@example.net>: 550 No such user|-|-\n"
		"Not delivered to cy@example.net: 550 No such user|-|-\n" },
	{ "old Postfix",
		DAEMON TO_ME
		"Subject: Undelivered Mail Returned to "
		"Sender\r\n\r\nThis is the Postfix program at host mx.\r\n\r\n"
		"<bo@example.net>: host mx.example.net[192.0.2.1] said: 550\r\n"
		"    5.1.1 User unknown (in reply to RCPT TO command)\r\n",
		NULL,
		"Not delivered to bo@example.net: host "
		"mx.example.net[192.0.2.1] said: 550 5.1.1 User unknown (in "
		"reply to RCPT TO command)|5.1.1|-\n" },
	{ "Exchange",
		"From: System Administrator <postmaster@example.org>\r\n" TO_ME
		"Subject: Undeliverable: Tea\r\n\r\nYour message\r\n\r\n"
		"  To:  ann@example.org\r\n\r\n"
		"did not reach the following recipient(s):\r\n\r\n"
		"bo@example.net on Thu, 29 Apr 2010 00:00:00 -0000\r\n"
		"    The recipient name is not recognized\r\n",
		NULL,
		"Not delivered to bo@example.net: on Thu, 29 Apr 2010 00:00:00 "
		"-0000 The recipient name is not recognized|-|-\n" },
	{ "a delay",
		DAEMON TO_ME
		"Subject: Delivery Status Notification "
		"(Delay)\r\nIn-Reply-To: <one@example.org>\r\n\r\n"
		"Delivery to the following recipient has been delayed:\r\n\r\n"
		"     bo@example.net\r\n\r\nThe error was: 450 4.2.2 Full\r\n",
		"one@example.org",
		"Not yet delivered to bo@example.net: The "
		"error was: 450 4.2.2 Full|4.2.2|-\n" },
	{ "an address in a sentence",
		"Return-Path: <>\r\n"
		"From: MAILER-DAEMON <>\r\n" TO_ME
		"Subject: Mail delivery failed\r\n\r\n"
		"There was an error delivering your mail to <bo@example.net>."
		"\r\n\r\n550 5.6.0 Media error\r\n\r\n"
		"Message headers follow.\r\n\r\n"
		"Message-Id: <one@example.org>\r\nFrom: <cy@example.net>\r\n",
		"one@example.org",
		"Not delivered to bo@example.net: There was "
		"an error delivering your mail to <bo@example.net>.|-|-\n" },
	/* No reports. */
	{ "an ordinary letter",
		"From: bo@example.net\r\n"
		"Subject: Delivery of the sofa\r\n\r\n<cy@example.net>: 550\r\n",
		NULL, "" },
	{ "a holiday note",
		"Return-Path: <>\r\nFrom: bo@example.net\r\n"
		"Subject: Away\r\n\r\nWrite to\r\ncy@example.net\r\n",
		NULL, "" },
	{ "a letter of the postmaster",
		"From: postmaster@example.org\r\n"
		"Subject: New rules\r\n\r\nWrite to\r\ncy@example.net\r\n",
		NULL, "" },
};

static char *
entries_of(const struct report *report)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, 1024 * 1024);
	for (size_t i = 0; i < report->n; i++) {
		const struct report_entry *it = &report->items[i];
		char *sentence CLEANUP(freep) = report_sentence(it);

		strbuf_addf(&out, "%s|%s|%s\n", sentence,
			it->status ? it->status : "-",
			it->server ? it->server : "-");
	}
	return strbuf_take(&out);
}

static void
read_message(struct slice message, struct document *doc, struct report *report)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct message_source source = {
		.header = mime_header(message),
		.tree = &tree,
		.body = mime_message_body,
		.ctx = &message,
	};

	mime_walk(message, &tree);
	mime_message_read(&source, doc, report);
}

static void
test_document(void)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct report report CLEANUP(report_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	document_init(&doc);
	strbuf_init(&text, 65536);
	read_message(slice_str(reports[0].message), &doc, &report);
	card_expand(&doc);
	document_print(&doc, &text);
	is_str(text.data,
		"Not delivered to bo@example.net: 550 5.1.1 No such user\n"
		"Said by mx.example.net; status 5.1.1\n\nSorry.\n",
		"the card stands above the text");
}

/* Both kinds of parts beside a text; the text stays. */
static void
test_invitation(void)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct report report CLEANUP(report_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	static const char message[] =
		"From: bo@example.net\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
		"--c\r\n\r\nCome to tea.\r\n"
		"--c\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n"
		"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
		"SUMMARY:Tea\r\nDESCRIPTION:Come\r\nEND:VEVENT\r\n"
		"END:VCALENDAR\r\n--c--\r\n"
		"--b\r\nContent-Type: application/ics; name=a.ics\r\n"
		"Content-Disposition: attachment\r\n\r\n"
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Again\r\n"
		"END:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n";

	document_init(&doc);
	strbuf_init(&text, 65536);
	read_message(slice_str(message), &doc, &report);
	card_expand(&doc);
	document_print(&doc, &text);
	is_str(text.data, "Invitation: Tea\n\nCome to tea.\n",
		"an invitation once, and the text");
}

static void
test_limits(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct report report CLEANUP(report_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };

	document_init(&doc);
	strbuf_init(&text, 64 * 1024 * 1024);
	strbuf_add_str(&text, REPORT("delivery-status") STATUS(""));
	for (int i = 0; i < 2000; i++)
		strbuf_addf(&text,
			"Final-Recipient: rfc822;a%d@b.c\r\nAction: failed\r\n"
			"Diagnostic-Code: smtp; %01000d\r\n\r\n",
			i, i);
	read_message(strbuf_slice(&text), &doc, &report);
	ok(report.n <= REPORT_ENTRIES_MAX, "many recipients: %zu", report.n);
	ok(report.n == 0 || strlen(report.items[0].text) <= REPORT_TEXT_MAX,
		"and long reasons");
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		struct document doc CLEANUP(document_clear) = { 0 };
		struct report report CLEANUP(report_clear) = { 0 };
		char *entries CLEANUP(freep) = NULL;

		document_init(&doc);
		read_message(slice_str(reports[i].message), &doc, &report);
		entries = entries_of(&report);
		is_str(entries, reports[i].entries, reports[i].what);
		is_str(report.about, reports[i].about, reports[i].what);
	}
	test_document();
	test_invitation();
	test_limits();
	return tap_done();
}
