/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/calendar.h"

#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "mail/card.h"
#include "mime/calendar_guard.h"
#include "tap.h"

#define CALENDAR(method, lines)                                                \
	"BEGIN:VCALENDAR\r\n" method lines "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"
#define SUMMARY      "SUMMARY:Tea\r\n"
#define METHOD(m)    "METHOD:" m "\r\n"
#define TEA          EVENT(SUMMARY "DTSTART:20261124T130000Z\r\n")
#define RULE(start, rule)                                                      \
	CALENDAR("", EVENT(SUMMARY "DTSTART:" start "\r\nRRULE:" rule "\r\n"))

/* As Exchange writes one. */
#define BERLIN                                                                 \
	"BEGIN:VTIMEZONE\r\nTZID:Home\r\n"                                     \
	"BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n"                        \
	"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"                           \
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n"               \
	"END:STANDARD\r\n"                                                     \
	"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\n"                        \
	"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"                           \
	"RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n"                \
	"END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
/* Rules that ended, and dates. */
#define OLD_RULES                                                              \
	"BEGIN:VTIMEZONE\r\nTZID:Old\r\n"                                      \
	"BEGIN:DAYLIGHT\r\nDTSTART:19870405T020000\r\n"                        \
	"TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n"                           \
	"RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z\r\n"     \
	"END:DAYLIGHT\r\n"                                                     \
	"BEGIN:STANDARD\r\nDTSTART:19671029T020000\r\n"                        \
	"TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n"                           \
	"RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z\r\n"   \
	"END:STANDARD\r\n"                                                     \
	"BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\n"                        \
	"TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n"                           \
	"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nEND:DAYLIGHT\r\n"            \
	"BEGIN:STANDARD\r\nDTSTART:20071104T020000\r\n"                        \
	"TZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n"                           \
	"RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nEND:STANDARD\r\n"           \
	"END:VTIMEZONE\r\n"

/* A calendar, and its card as somebody in London reads it. */
static const struct {
	const char *what;
	const char *calendar;
	const char *text;
} cards[] = {
	{ "an event", CALENDAR("", TEA),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "an invitation", CALENDAR(METHOD("REQUEST"), TEA),
		"Invitation: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "a change",
		CALENDAR(METHOD("REQUEST"), EVENT(SUMMARY "SEQUENCE:2\r\n")),
		"Changed: Tea\n" },
	{ "a cancellation", CALENDAR(METHOD("CANCEL"), TEA),
		"Cancelled: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "cancelled by its state",
		CALENDAR(METHOD("REQUEST"),
			EVENT(SUMMARY "STATUS:CANCELLED\r\n")),
		"Cancelled: Tea\n" },
	{ "an answer",
		CALENDAR(METHOD("REPLY"),
			EVENT(SUMMARY
				"ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@example.org\r\n")),
		"Ann <ann@example.org> accepts: Tea\n" },
	{ "a counter", CALENDAR(METHOD("COUNTER"), EVENT(SUMMARY)),
		"Another time is proposed: Tea\n" },
	{ "a task",
		CALENDAR("", "BEGIN:VTODO\r\n" SUMMARY
			     "DUE;VALUE=DATE:20261124\r\nEND:VTODO\r\n"),
		"Task: Tea\nDue\tTue 24 Nov 2026, all day\n" },
	{ "without a title",
		CALENDAR("", EVENT("DTSTART:20261124T130000Z\r\n")),
		"Event: (no title)\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "from and to",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART:20261124T130000Z\r\nDTEND:20261124T143000Z\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00 to 14:30\n" },
	{ "over midnight",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART:20261124T230000Z\r\nDURATION:PT2H30M\r\n")),
		"Event: Tea\n"
		"When\tTue 24 Nov 2026, 23:00 to Wed 25 Nov 2026, 01:30\n" },
	{ "summer time of the reader",
		CALENDAR("", EVENT(SUMMARY "DTSTART:20260724T130000Z\r\n")),
		"Event: Tea\nWhen\tFri 24 Jul 2026, 14:00\n" },
	{ "a day",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261125\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, all day\n" },
	{ "days",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261127\r\n")),
		"Event: Tea\n"
		"When\tTue 24 Nov 2026 to Thu 26 Nov 2026\n" },
	{ "in no zone",
		CALENDAR("", EVENT(SUMMARY "DTSTART:20261124T130000\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "a zone of its own, in winter",
		CALENDAR("", BERLIN EVENT(SUMMARY
				     "DTSTART;TZID=Home:20261124T130000\r\n"
				     "DTEND;TZID=Home:20261124T140000\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 12:00 to 13:00\n"
		"There\tTue 24 Nov 2026, 13:00 to 14:00 (Home)\n" },
	{ "a zone of its own, in summer",
		CALENDAR("", BERLIN EVENT(SUMMARY
				     "DTSTART;TZID=Home:20260724T130000\r\n")),
		"Event: Tea\nWhen\tFri 24 Jul 2026, 12:00\n"
		"There\tFri 24 Jul 2026, 13:00 (Home)\n" },
	{ "behind the event",
		CALENDAR("",
			EVENT(SUMMARY "DTSTART;TZID=Home:20261124T130000\r\n")
				BERLIN),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 12:00\n"
		"There\tTue 24 Nov 2026, 13:00 (Home)\n" },
	{ "the last days of summer time",
		CALENDAR("",
			BERLIN EVENT(
				SUMMARY "DTSTART;TZID=Home:20261024T130000\r\n")
				EVENT(SUMMARY
					"DTSTART;TZID=Home:20261025T130000\r\n")),
		"Event: Tea\nWhen\tSat 24 Oct 2026, 12:00\n"
		"There\tSat 24 Oct 2026, 13:00 (Home)\n"
		"\nEvent: Tea\nWhen\tSun 25 Oct 2026, 12:00\n"
		"There\tSun 25 Oct 2026, 13:00 (Home)\n" },
	{ "rules that follow each other",
		CALENDAR("",
			OLD_RULES EVENT(SUMMARY
				"DTSTART;TZID=Old:20060401T120000\r\n") EVENT(SUMMARY
				"DTSTART;TZID=Old:20060601T120000\r\n") EVENT(SUMMARY
				"DTSTART;TZID=Old:20070315T120000\r\n")
				EVENT(SUMMARY
					"DTSTART;TZID=Old:20261124T120000\r\n")),
		"Event: Tea\nWhen\tSat 1 Apr 2006, 18:00\n"
		"There\tSat 1 Apr 2006, 12:00 (Old)\n"
		"\nEvent: Tea\nWhen\tThu 1 Jun 2006, 17:00\n"
		"There\tThu 1 Jun 2006, 12:00 (Old)\n"
		"\nEvent: Tea\nWhen\tThu 15 Mar 2007, 16:00\n"
		"There\tThu 15 Mar 2007, 12:00 (Old)\n"
		"\nEvent: Tea\nWhen\tTue 24 Nov 2026, 17:00\n"
		"There\tTue 24 Nov 2026, 12:00 (Old)\n" },
	{ "the system's zones",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;TZID=America/New_York:20261124T130000\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 18:00\n"
		"There\tTue 24 Nov 2026, 13:00 (America/New_York)\n" },
	{ "one with a prefix",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;TZID=/example.org/2024/Asia/Tokyo:20261124T130000\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 04:00\n"
		"There\tTue 24 Nov 2026, 13:00 (/example.org/2024/Asia/Tokyo)"
		"\n" },
	{ "the reader's own",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;TZID=Europe/London:20261124T130000\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "an unknown zone, and no file's name",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART;TZID=../../etc/passwd:20261124T130000\r\n")),
		"Event: Tea\n"
		"When\tTue 24 Nov 2026, 13:00 (../../etc/passwd)\n" },
	{ "where, who, and their answers",
		CALENDAR("",
			EVENT(SUMMARY
				"LOCATION:Room 3\\, left\r\n"
				"ORGANIZER;CN=Ann Example:MAILTO:ann@example.org\r\n"
				"ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:bo@example.net\r\n"
				"ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:cy@example.net\r\n"
				"ATTENDEE;CN=Di;EMAIL=di@example.net:/o=Exchange/cn=DI\r\n")),
		"Event: Tea\nWhere\tRoom 3, left\n"
		"Organizer\tAnn Example <ann@example.org>\n"
		"Invited\tBo <bo@example.net>: declined\n"
		"Optional\tcy@example.net\nInvited\tDi <di@example.net>\n" },
	{ "notes",
		CALENDAR("", EVENT(SUMMARY "DESCRIPTION:One\\ntwo\\, 3\r\n"
					   "URL:https://example.org/\r\n")),
		"Event: Tea\n\nhttps://example.org/\n\nOne\ntwo, 3\n" },
	{ "folded lines",
		CALENDAR("", EVENT("SUMMARY:Te\r\n a for\r\n\t two"
				   "\r\n")),
		"Event: Tea for two\n" },
	{ "every day", RULE("20261124T130000Z", "FREQ=DAILY"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery day\n" },
	{ "every third day, four times",
		RULE("20261124T130000Z", "FREQ=DAILY;INTERVAL=3;COUNT=4"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery 3 days, 4 times\n" },
	{ "once is no repetition",
		RULE("20261124T130000Z", "FREQ=DAILY;COUNT=1"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n" },
	{ "every week, the day it begins on",
		RULE("20261124T130000Z", "FREQ=WEEKLY;UNTIL=20261224T130000Z"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery Tuesday until Thu 24 Dec 2026\n" },
	{ "days of the week",
		RULE("20261124T130000Z",
			"FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261224"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery Tuesday, Thursday until Thu 24 Dec 2026\n" },
	{ "working days, as a daily rule",
		RULE("20261124T130000Z", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tfrom Monday to Friday\n" },
	{ "every other week",
		RULE("20261124T130000Z", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery 2 weeks on Tuesday\n" },
	{ "a day of the month", RULE("20261124T130000Z", "FREQ=MONTHLY"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery month on day 24\n" },
	{ "a weekday of the month",
		RULE("20261124T130000Z", "FREQ=MONTHLY;BYDAY=4TU"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery month on the fourth Tuesday\n" },
	{ "the last Friday, by position",
		RULE("20261127T130000Z", "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1"),
		"Event: Tea\nWhen\tFri 27 Nov 2026, 13:00\n"
		"Repeats\tevery month on the last Friday\n" },
	{ "every year", RULE("20261124T130000Z", "FREQ=YEARLY"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery year\n" },
	{ "more than words can say",
		RULE("20261124T130000Z",
			"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,3"),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery month, by further rules\n" },
	{ "exceptions",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART:20261124T130000Z\r\nRRULE:FREQ=DAILY\r\n"
				"EXDATE:20261125T130000Z\r\n")),
		"Event: Tea\nWhen\tTue 24 Nov 2026, 13:00\n"
		"Repeats\tevery day, with exceptions\n" },
	{ "a value of another kind is no text",
		CALENDAR("",
			EVENT("SUMMARY;VALUE=INTEGER:12345678\r\n"
			      "LOCATION;VALUE=X-Y:1.5\r\nDTSTART;VALUE=TEXT:abc\r\n")),
		"Event: (no title)\n" },
	{ "no such times",
		CALENDAR("",
			EVENT(SUMMARY
				"DTSTART:20261324T250000Z\r\nDTEND:99999999999999Z\r\n"
				"DURATION:P99999999999W\r\n")),
		"Event: Tea\n" },
	{ "nothing is closed", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" SUMMARY,
		"Event: Tea\n" },
	{ "line feeds alone",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Tea\n"
		"END:VEVENT\nEND:VCALENDAR\n",
		"Event: Tea\n" },
	{ "what is not read",
		CALENDAR("X-A:1\r\n",
			"BEGIN:X-B\r\nBEGIN:VEVENT\r\nSUMMARY:no\r\nEND:VEVENT\r\n"
			"END:X-B\r\n" EVENT(SUMMARY
				"BEGIN:VALARM\r\nSUMMARY:no\r\n"
				"END:VALARM\r\nX-C;D=\"e:LOCATION\":f\r\n")),
		"Event: Tea\n" },
	{ "nothing at all", "hello\r\n", "" },
	{ "no event", CALENDAR("", ""), "" },
};

static char *
card_of(struct slice calendar)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	document_init(&doc);
	strbuf_init(&text, DOCUMENT_TEXT_MAX);
	(void)calendar_read_text(calendar, true, &doc);
	card_expand(&doc);
	document_print(&doc, &text);
	return strbuf_take(&text);
}

/* The stored form is the same whoever extracts it. */
static void
test_zones(void)
{
	static const char *const zones[] = { "Europe/London", "Asia/Tokyo",
		"America/New_York" };
	static const char *const when[] = { "13:00", "22:00", "08:00" };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	document_init(&doc);
	strbuf_init(&packed, DOCUMENT_TEXT_MAX);
	ok(calendar_read_text(slice_str(CALENDAR("", TEA)), true, &doc),
		"a card is made");
	document_pack(&doc, &packed);
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		struct document again CLEANUP(document_clear) = { 0 };
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };

		setenv("TZ", zones[i], 1);
		tzset();
		strbuf_init(&text, DOCUMENT_TEXT_MAX);
		ok(document_unpack(strbuf_slice(&packed), &again, &err),
			"unpacked");
		card_expand(&again);
		document_print(&again, &text);
		ok(strstr(text.data, when[i]) != NULL, "read in %s", zones[i]);
	}
	setenv("TZ", "Europe/London", 1);
	tzset();
}

static void
test_part(void)
{
	char type[] = "text/calendar";
	char charset[] = "utf-8";
	struct part part = {
		.type = type,
		.charset = charset,
		.encoding = ENCODING_BASE64,
	};
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	/* "SUMMARY:Te" "é", folded in the middle of it. */
	const char *bytes =
		"QkVHSU46VkNBTEVOREFSDQpCRUdJTjpWRVZFTlQNClNVTU1BUlk6VMMNCiCpDQpF"
		"TkQ6VkVWRU5UDQpFTkQ6VkNBTEVOREFSDQo=";

	document_init(&doc);
	strbuf_init(&text, 65536);
	ok(calendar_read(&part, slice_str(bytes), true, &doc), "a part");
	card_expand(&doc);
	document_print(&doc, &text);
	is_str(text.data, "Event: T\xc3\xa9\n",
		"a line folded in the middle of a character");
	ok(!doc.lossy, "nothing is lost");
}

static void
test_limits(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf lines CLEANUP(strbuf_clear) = { 0 };
	char *card = NULL;

	strbuf_init(&text, 64 * 1024 * 1024);
	for (int i = 0; i < 100000; i++)
		strbuf_add_str(&text, "BEGIN:VCALENDAR\r\n");
	card = card_of(strbuf_slice(&text));
	is_str(card, "", "a hundred thousand calendars in each other");
	free(card);

	strbuf_reset(&text);
	strbuf_add_str(&text, "BEGIN:VCALENDAR\r\n");
	for (int i = 0; i < 50000; i++)
		strbuf_add_str(&text, TEA);
	card = card_of(strbuf_slice(&text));
	ok(strstr(card, "more events") != NULL, "many events are counted");
	free(card);

	strbuf_reset(&text);
	strbuf_add_str(&text, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
			      "DTSTART:20261124T130000Z\r\nDESCRIPTION:");
	for (int i = 0; i < 4000000; i++)
		strbuf_add_char(&text, 'x');
	for (int i = 0; i < 10000; i++)
		strbuf_addf(&text, "\r\nATTENDEE:mailto:a%d@example.org", i);
	strbuf_init(&lines, GUARD_OUTPUT_MAX);
	calendar_guard(strbuf_slice(&text), &lines);
	ok(lines.len < GUARD_OUTPUT_MAX && !lines.full &&
			slice_ends(strbuf_slice(&lines),
				SLICE("END:VCALENDAR\r\n")),
		"long lines and many are cut, the rest is balanced");
	card = card_of(strbuf_slice(&text));
	ok(strstr(card, "13:00") && strstr(card, "more"),
		"and what is left is told");
	free(card);
}

int
main(void)
{
	setenv("TZ", "Europe/London", 1);
	tzset();
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		char *card CLEANUP(freep) =
			card_of(slice_str(cards[i].calendar));

		is_str(card, cards[i].text, cards[i].what);
	}
	test_zones();
	test_part();
	test_limits();
	return tap_done();
}
