/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session after its login, against a scripted server. */
#include <inttypes.h>
#include <sys/eventfd.h>

#include "base/clock.h"

#include "net_talk.h"

static void
note_mailboxes(struct imap_mailboxes *mailboxes)
{
	for (size_t i = 0; i < mailboxes->n; i++) {
		const struct imap_mailbox *it = &mailboxes->items[i];

		strbuf_addf(&told, "%s%s%s%s%s", it->name,
			it->selectable ? "" : " noselect",
			it->subscribed ? " subscribed" : "",
			it->role == ROLE_NONE ? "" : " ",
			it->role == ROLE_NONE ? "" : role_name(it->role));
		if (it->has_status)
			strbuf_addf(&told, " %u/%u", it->unseen, it->messages);
		strbuf_add_str(&told, ", ");
	}
	imap_mailboxes_clear(mailboxes);
}

static void
note_selected(struct imap_selected *it)
{
	strbuf_addf(&told,
		"%u messages, %u, next %u, modseq %" PRIu64 "%s%s%s, ",
		it->exists, it->uidvalidity, it->uidnext, it->highestmodseq,
		it->read_only ? " read-only" : "",
		it->qresync ? " changes" : "",
		it->keywords_allowed ? " keywords" : "");
	flags_print(&it->permanent_flags, &told);
	strbuf_add_str(&told, "; ");
}

static void
do_select(struct imap *imap, const char *name, const struct imap_select *how)
{
	struct imap_selected selected;
	struct error err = ERROR_INIT;

	if (note(imap_select(imap, name, how, &selected, &err), &err))
		note_selected(&selected);
}

static void
talk_select(struct imap *imap)
{
	do_select(imap, "INBOX", &(struct imap_select){ 0 });
}

static void
talk_examine(struct imap *imap)
{
	do_select(imap, "a \"b\\\xc3\xbc",
		&(struct imap_select){ .read_only = true });
}

static void
talk_changes(struct imap *imap)
{
	struct uid_range range = { 1, 9 };
	struct uidset known = { &range, 1, 1 };

	do_select(imap, "INBOX",
		&(struct imap_select){
			.uidvalidity = 7, .modseq = 40, .known = &known });
}

static void
talk_two(struct imap *imap)
{
	do_select(imap, "a", &(struct imap_select){ 0 });
	do_select(imap, "b", &(struct imap_select){ 0 });
}

static void
talk_hostile_names(struct imap *imap)
{
	do_select(imap, "a\r\nt9 LOGOUT", &(struct imap_select){ 0 });
	do_select(imap, "a\tb", &(struct imap_select){ 0 });
}

static void
talk_list(struct imap *imap)
{
	struct imap_mailboxes mailboxes;
	struct error err = ERROR_INIT;

	if (note(imap_list(imap, &mailboxes, &err), &err))
		note_mailboxes(&mailboxes);
}

static void
talk_list_and_select(struct imap *imap)
{
	struct imap_mailboxes mailboxes;
	struct imap_selected selected;
	struct error err = ERROR_INIT;

	if (!note(imap_list_and_select(imap, "INBOX",
			  &(struct imap_select){ 0 }, &mailboxes, &selected,
			  &err),
		    &err))
		return;
	note_mailboxes(&mailboxes);
	note_selected(&selected);
}

static void
talk_list_and_select_again(struct imap *imap)
{
	talk_list_and_select(imap);
	talk_list(imap);
}

static void
talk_status(struct imap *imap)
{
	char *names[] = { (char *)"a", (char *)"b", (char *)"c" };
	struct imap_mailboxes mailboxes;
	struct error err = ERROR_INIT;

	if (note(imap_status(imap, names, 3, &mailboxes, &err), &err))
		note_mailboxes(&mailboxes);
}

static void
fetch_flags(struct imap *imap, uint64_t since)
{
	struct uid_range range = { 1, 9 };
	struct uidset set = { &range, 1, 1 };
	struct error err = ERROR_INIT;
	uint64_t ticket;

	if (note(imap_fetch_send(imap, &set, false, IMAP_ITEMS_FLAGS, since,
			 &ticket, &err),
		    &err))
		note(imap_fetch_wait(imap, ticket, &err), &err);
}

static void
talk_fetch(struct imap *imap)
{
	struct imap_selected selected;
	struct error err = ERROR_INIT;

	if (!imap_select(imap, "INBOX", &(struct imap_select){ 0 }, &selected,
		    &err)) {
		note(false, &err);
		return;
	}
	fetch_flags(imap, 5);
	fetch_flags(imap, 0);
}

static void
talk_two_tickets(struct imap *imap)
{
	struct uidset empty = UIDSET_INIT;
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct error err = ERROR_INIT;
	uint64_t first, second, none;

	talk_select(imap);
	strbuf_reset(&told);
	/* Too long for one command. */
	for (uint32_t uid = 1; uid < 4000; uid += 2)
		uidset_add(&set, uid);
	note(imap_fetch_send(
		     imap, &set, false, IMAP_ITEMS_FLAGS, 0, &first, &err),
		&err);
	note(imap_fetch_send(
		     imap, &set, true, IMAP_ITEMS_HEADERS, 0, &second, &err),
		&err);
	note(imap_fetch_send(
		     imap, &empty, true, IMAP_ITEMS_HEADERS, 0, &none, &err),
		&err);
	note(imap_fetch_wait(imap, first, &err), &err);
	note(imap_fetch_wait(imap, second, &err), &err);
	note(imap_fetch_wait(imap, none, &err), &err);
}

static void
talk_sections(struct imap *imap)
{
	const char *const sections[] = { "HEADER", "1.2", "" };
	const char *const bad[] = { "1] BODY[2" };
	const char *const one[] = { "1" };
	const struct imap_wanted wanted[] = {
		{ 5, sections, 3 },
		{ 5, bad, 1 },
		{ 1, one, 1 },
		{ 2, one, 1 },
		{ 3, sections, 2 },
	};
	struct error err = ERROR_INIT;
	uint64_t first, second, none;

	talk_select(imap);
	strbuf_reset(&told);
	note(imap_fetch_bodies_send(imap, wanted, 1, 0, &first, &err), &err);
	note(imap_fetch_bodies_send(imap, &wanted[1], 1, 0, &none, &err), &err);
	note(imap_fetch_bodies_send(imap, &wanted[2], 3, 100, &second, &err),
		&err);
	note(imap_fetch_wait(imap, first, &err), &err);
	note(imap_fetch_wait(imap, second, &err), &err);
}

static bool
take_piece(void *ctx, struct slice piece, uint64_t total)
{
	bool *stop = ctx;

	strbuf_addf(&told, "%.*s (%" PRIu64 "), ", (int)piece.len, piece.data,
		total);
	return !*stop;
}

static void
stream(struct imap *imap, bool stop)
{
	struct error err = ERROR_INIT;

	note(imap_fetch_stream(imap, 5, "1.2", take_piece, &stop, &err), &err);
}

static void
talk_stream(struct imap *imap)
{
	talk_select(imap);
	strbuf_reset(&told);
	for (int i = 0; i < 4; i++)
		stream(imap, false);
}

static void
talk_stream_stopped(struct imap *imap)
{
	struct error err = ERROR_INIT;

	talk_select(imap);
	strbuf_reset(&told);
	stream(imap, true);
	note(imap_noop(imap, &err), &err);
}

static void
talk_search(struct imap *imap)
{
	struct uidset uids = UIDSET_INIT;
	struct error err = ERROR_INIT;

	if (note(imap_search_all(imap, &uids, &err), &err)) {
		uidset_print(&uids, &told);
		strbuf_add_str(&told, "; ");
	}
	uidset_clear(&uids);
	if (note(imap_search_message_id(imap, "a\"b@c", &uids, &err), &err))
		uidset_print(&uids, &told);
	uidset_clear(&uids);
}

static void
talk_noop(struct imap *imap)
{
	struct error err = ERROR_INIT;

	note(imap_noop(imap, &err), &err);
	note(imap_noop(imap, &err), &err);
}

static void
watch(struct imap *imap, int wake_fd, int ms)
{
	struct error err = ERROR_INIT;

	note(imap_watch(imap, wake_fd, clock_mono_us() + ms * 1000, &err),
		&err);
}

static void
talk_watch(struct imap *imap)
{
	talk_select(imap);
	strbuf_reset(&told);
	watch(imap, -1, 3000);
}

static void
talk_watch_short(struct imap *imap)
{
	talk_select(imap);
	strbuf_reset(&told);
	watch(imap, -1, 200);
}

static void
talk_watch_woken(struct imap *imap)
{
	int fd = eventfd(1, EFD_CLOEXEC);

	talk_select(imap);
	strbuf_reset(&told);
	watch(imap, fd, 3000);
	close(fd);
}

static void
talk_notify(struct imap *imap)
{
	struct error err = ERROR_INIT;

	talk_select(imap);
	strbuf_reset(&told);
	if (note(imap_notify(imap, &err), &err))
		watch(imap, -1, 3000);
}

static void
fire(void *arg)
{
	(void)arg;
	usleep(100000);
	cancel_fire(&cancel);
}

static void
talk_cancel(struct imap *imap)
{
	struct error err = ERROR_INIT;
	struct thread *thread = NULL;
	int64_t start;

	talk_select(imap);
	strbuf_reset(&told);
	start = clock_mono_us();
	if (!thread_start("cancel", fire, NULL, &thread, &err))
		return;
	fetch_flags(imap, 0);
	start = clock_mono_us() - start;
	ok(start < 2500000, "cancelled %d ms after the wish",
		(int)(start / 1000) - 100);
	thread_join(thread);
	cancel_reset(&cancel);
}

static void
talk_nothing(struct imap *imap)
{
	(void)imap;
}

static void
talk_compress(struct imap *imap)
{
	struct error err = ERROR_INIT;

	note(imap_compress(imap, &err), &err);
	note(imap_noop(imap, &err), &err);
}

/* The set-up commands that go along with the first of them. */
#define ENABLES "C %T ENABLE QRESYNC\nS * ENABLED QRESYNC|%T OK\n"

static const struct session sessions[] = {
	/* SELECT */
	{ "select", "", talk_select,
		"C %T SELECT \"INBOX\"\nS * FLAGS (\\Seen \\Draft)|* 3 EXISTS|"
		"* 1 RECENT|* OK [UNSEEN 1] x|* OK [UIDVALIDITY 7] x|"
		"* OK [PERMANENTFLAGS (\\Seen work \\*)] x|* OK [UIDNEXT 10] x|"
		"* OK [NOMODSEQ] x|%T OK [READ-ONLY] done\n",
		"ok; 3 messages, 7, next 10, modseq 0 read-only keywords, "
		"\\Seen work; " },
	{ "select without PERMANENTFLAGS", "CONDSTORE", talk_select,
		"C %T SELECT \"INBOX\" (CONDSTORE)\nS * FLAGS (\\Seen \\Draft)|"
		"* 3 EXISTS|* OK [HIGHESTMODSEQ 99999999999] x|%T OK\n",
		"ok; 3 messages, 0, next 0, modseq 99999999999 keywords, \\Seen "
		"\\Draft; " },
	{ "examine, the name as a literal", "LITERAL-", talk_examine,
		"C %T EXAMINE {7+}\nC a \"b\\\xc3\xbc\nS * 0 EXISTS|%T OK "
		"[READ-ONLY] x\n",
		"ok; 0 messages, 0, next 0, modseq 0 read-only, ; " },
	{ "select refused", "", talk_select, "C *\nS %T NO no such thing\n",
		"refused: Cannot open a folder of HOST: the server says: no "
		"such thing; " },
	{ "select refused, and the session lives", "", talk_two,
		"C *\nS %T NO\nC %T SELECT \"b\"\n" SELECTED,
		"refused: Cannot open a folder of HOST: the server refuses; ok; "
		"3 messages, 7, next 10, modseq 0, ; " },
	{ "names that would be commands", "", talk_hostile_names,
		"C %T SELECT {3}\nS +\nC a\tb\nS %T OK\n",
		"invalid: A line break cannot be sent to the server here; ok; 0 "
		"messages, 0, next 0, modseq 0, ; " },
	{ "hostile numbers", "", talk_select,
		"C *\nS * 99999999999 EXISTS|* OK [UIDVALIDITY 4294967296] x|"
		"* OK [UIDNEXT x] x|* OK [HIGHESTMODSEQ] x|* OK [UIDVALIDITY|"
		"* OK []|* 5 EXISTS|%T OK\n",
		"ok; 5 messages, 0, next 0, modseq 0, ; " },
	{ "changes come with the select", "ENABLE QRESYNC", talk_changes,
		ENABLES
		"C %T SELECT \"INBOX\" (QRESYNC (7 40 1:9))\nS * 3 EXISTS|"
		"* OK [UIDVALIDITY 7] x|* OK [HIGHESTMODSEQ 50] x|"
		"* VANISHED (EARLIER) 2,4:5|* 2 FETCH (UID 3 FLAGS (\\Seen) "
		"MODSEQ (45))|%T OK\n",
		"earlier 2,4:5; fetch 2/3 \\Seen; ok; 3 messages, 7, next 0, "
		"modseq 50 changes, ; " },
	{ "another UIDVALIDITY: no changes", "ENABLE QRESYNC", talk_changes,
		ENABLES "C *\nS * 3 EXISTS|* OK [UIDVALIDITY 8] x|"
			"* OK [HIGHESTMODSEQ 50] x|%T OK\n",
		"ok; 3 messages, 8, next 0, modseq 50, ; " },
	{ "QRESYNC offered and not taken", "ENABLE QRESYNC", talk_changes,
		"C *\nS %T OK\nC *\nS %T BAD what\n"
		"C %T SELECT \"INBOX\" (CONDSTORE)\nS %T BAD no\n"
		"C %T SELECT \"INBOX\"\n" SELECTED,
		"ok; 3 messages, 7, next 10, modseq 0, ; " },
	{ "VANISHED without ENABLED, as iCloud has it", "ENABLE QRESYNC",
		talk_changes,
		"C *\nS %T OK\nC *\nS * 3 EXISTS|* OK [UIDVALIDITY 7] x|"
		"* OK [HIGHESTMODSEQ 50] x|* VANISHED (EARLIER) 1:9|%T OK\n",
		"ok; 3 messages, 7, next 0, modseq 50, ; " },
	{ "iCloud is not asked for it", "ENABLE QRESYNC XAPPLEPUSHSERVICE",
		talk_changes,
		"C %T ENABLE CONDSTORE\nS %T OK\n"
		"C %T SELECT \"INBOX\" (CONDSTORE)\n" SELECTED,
		"ok; 3 messages, 7, next 10, modseq 0, ; " },
	{ "what is still of the folder before", "ENABLE QRESYNC", talk_two,
		ENABLES SELECT
		"C *\nS * 1 FETCH (UID 4 FLAGS ())|* VANISHED 9|* OK [CLOSED] x|"
		"* 2 EXISTS|* 2 FETCH (UID 8 FLAGS ())|%T OK\n",
		"ok; 3 messages, 7, next 10, modseq 0, ; fetch 2/8 ; ok; 2 "
		"messages, 0, next 0, modseq 0, ; " },

	/* LIST */
	{ "list in one round trip",
		"LIST-EXTENDED LIST-STATUS SPECIAL-USE CONDSTORE", talk_list,
		"C %T LIST \"\" \"*\" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE "
		"STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))\n"
		"S * LIST (\\Subscribed \\Sent) \"/\" Sent|"
		"* STATUS Sent (MESSAGES 5 UNSEEN 1)|"
		"* LIST (\\Noselect) \"/\" x|* LIST () \"/\" \"INBOX\" "
		"(\"CHILDINFO\" (\"SUBSCRIBED\"))|* STATUS INBOX (MESSAGES 9 "
		"SIZE 3 MAILBOXID (F1))|%T OK\nC %T LOGOUT\n",
		"ok; Sent subscribed sent 1/5, x noselect, INBOX inbox 0/9, " },
	{ "list, subscriptions and STATUS by themselves", "", talk_list,
		"C %T LIST \"\" \"*\"\nS * LIST () \"/\" INBOX|* LIST "
		"(\\Noselect) \"/\" p|* LIST (\\Drafts) \"/\" p/d|%T OK\n"
		"C %T LSUB \"\" \"*\"\nS * LSUB () \"/\" p/d|* LSUB (\\Noselect) "
		"\"/\" INBOX|* LSUB () \"/\" gone|%T OK\n"
		"C %T STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
		"S * STATUS \"INBOX\" (MESSAGES 5 UNSEEN 1)|%T OK\n"
		"C %T STATUS \"p/d\" *\nS %T NO no\n",
		"ok; INBOX inbox 1/5, p noselect, p/d subscribed drafts, " },
	{ "LIST RETURN offered and not taken", "LIST-EXTENDED", talk_list,
		"C *\nS %T BAD what\nC %T LIST \"\" \"*\"\nS * LIST (\\Noselect) "
		"\"/\" a|%T OK\nC %T LSUB \"\" \"*\"\nS %T NO\n",
		"ok; a noselect, " },
	{ "list twice the same, and what cannot be used", "", talk_list,
		"C *\nS * LIST (\\Noselect) \"/\" a|* LIST (\\Noselect) \"/\" "
		"a|* LIST () \"/\" \"\"|* LIST () \"/\" {3}|x|y|%T OK\n"
		"C *\nS %T OK\n",
		"ok; a noselect, " },
	{ "list refused", "", talk_list, "C *\nS %T NO go away\nC *\nS %T NO\n",
		"refused: Cannot list the folders of HOST: the server says: go "
		"away; " },
	{ "namespaces that LIST leaves out", "NAMESPACE", talk_list,
		"C %T NAMESPACE\nS * NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) "
		"((\"#shared/\" \"/\")(\"#news.\" \".\"))|%T OK\n"
		"C *\nS * LIST (\\Noselect) \"/\" a|%T OK\nC *\nS %T OK\n"
		"C %T LIST \"\" \"#shared/*\"\nS * LIST (\\Noselect) \"/\" "
		"#shared/b|%T OK\n",
		"ok; a noselect, #shared/b noselect, " },
	{ "list and select in one flight",
		"LIST-EXTENDED LIST-STATUS ENABLE QRESYNC",
		talk_list_and_select,
		"C %T ENABLE QRESYNC\nC %T SELECT \"INBOX\" (CONDSTORE)\n"
		"S t2 OK|* 3 EXISTS|* OK [UIDVALIDITY 7] x|* OK [UIDNEXT 10] x|"
		"%T OK [READ-WRITE] y\n"
		"C %T FETCH * *\nS * 3 FETCH (UID 9 FLAGS (\\Seen))|%T OK\n"
		"C %T LIST *\nS * LIST () \"/\" INBOX|* STATUS INBOX (MESSAGES "
		"3)|%T OK\n",
		"fetch 3/9 \\Seen; ok; INBOX inbox 0/3, 3 messages, 7, next "
		"10, modseq 0, ; " },
	{ "the same of an empty mailbox", "LIST-EXTENDED LIST-STATUS",
		talk_list_and_select,
		"C %T SELECT \"INBOX\"\n"
		"S * 0 EXISTS|* OK [UIDVALIDITY 7] x|%T OK\n"
		"C %T FETCH * *\nS %T BAD no such message\n"
		"C %T LIST *\nS * LIST () \"/\" INBOX|%T OK\n",
		"ok; INBOX inbox, 0 messages, 7, next 0, modseq 0, ; " },
	{ "the same, and the mailbox is refused", "LIST-EXTENDED",
		talk_list_and_select_again,
		"C %T SELECT \"INBOX\"\nS %T NO go away\n"
		"C %T FETCH * *\nS %T BAD none is selected\n"
		"C %T LIST *\nS * LIST () \"/\" a|%T OK\n"
		"C %T LIST *\nS * LIST () \"/\" b|%T OK\n"
		"C %T STATUS \"b\" *\nS %T NO no\n",
		"refused: Cannot open a folder of HOST: the server says: go "
		"away; ok; b, " },
	{ "status", "", talk_status,
		"C %T STATUS \"a\" *\nC *\nC *\nS t2 NO no such|* STATUS b "
		"(MESSAGES 5 UNSEEN 2)|t3 OK|* STATUS z (MESSAGES 1)|* STATUS c "
		"()|t4 OK\n",
		"status z 1; ok; b 2/5, c 0/0, " },

	/* FETCH */
	{ "fetch, with an odd message", "CONDSTORE", talk_fetch,
		SELECT
		"C %T UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 5)\n"
		"S * 1 FETCH (UID 1 FLAGS (\\Seen))|* 2 FETCH (BODYSTRUCTURE "
		"(NIL \"mixed\") UID 2 FLAGS ([x] {x}))|* 3 FETCH (PREVIEW "
		"\"x\" UID 3 FLAGS ())|* BLA BLA|* THREAD (1)(2)|* 0 FETCH (UID "
		"9)|* 99999999999 FETCH (UID 9)|%T OK\n"
		"C %T UID FETCH 1:9 (UID FLAGS)\nS * 4 FETCH (FLAGS ())|%T OK\n",
		"ok; fetch 1/1 \\Seen; fetch 2/2 [x]; fetch 3/3 ; ok; ok; fetch "
		"4/0 ; ok; " },
	{ "fetch with VANISHED", "ENABLE QRESYNC", talk_fetch,
		ENABLES SELECT
		"C %T UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 5 VANISHED)\n"
		"S * VANISHED (EARLIER) 3|%T OK\nC *\nS * 5 EXPUNGE|%T OK\n",
		"ok; earlier 3; ok; ok; ok; " },
	{ "positions go without QRESYNC", "", talk_fetch,
		SELECT "C *\nS * 5 EXPUNGE|* 0 EXPUNGE|* 4 EXISTS|%T OK\n"
		       "C *\nS %T NO [EXPUNGEISSUED] some are gone\n",
		"ok; expunge 5; exists 4; ok; ok; ok; " },
	{ "fetch refused", "", talk_fetch,
		SELECT "C *\nS %T NO no\nC *\nS * 1 FETCH (UID 1 FLAGS ())|%T "
		       "OK\n",
		"ok; refused: Cannot fetch mail from HOST: the server says: no; "
		"ok; fetch 1/1 ; ok; " },
	{ "BYE in the middle", "", talk_fetch,
		SELECT "C *\nS * 1 FETCH (UID 1)|* BYE going down\nX\n",
		"ok; fetch 1/1; offline: Cannot fetch mail from HOST: the server "
		"says goodbye: going down; offline: Cannot fetch mail from HOST: "
		"the server says goodbye: going down; " },
	{ "drop in a literal", "", talk_fetch,
		SELECT "C *\nR * 1 FETCH (BODY[] {1000}|abc\nX\n",
		"ok; offline: Cannot fetch mail from HOST: 127.0.0.1 closed the "
		"connection; offline: Cannot fetch mail from HOST: 127.0.0.1 "
		"closed the connection; " },
	{ "a tag nobody gave", "", talk_fetch, SELECT "C *\nS x9 OK done\n",
		"ok; protocol: Cannot fetch mail from HOST: the server answers "
		"what was not asked; protocol: Cannot fetch mail from HOST: the "
		"server answers what was not asked; " },
	{ "the same tag twice", "", talk_fetch,
		SELECT "C *\nS %T OK|%T OK\nC *\n",
		"ok; ok; ok; protocol: Cannot fetch mail from HOST: the server "
		"answers what was not asked; " },
	{ "two tickets in flight, one of several commands", "",
		talk_two_tickets,
		SELECT
		"C *\nC *\nC *\nC *\nS t3 OK|t4 OK|* 1 FETCH (UID 1 FLAGS "
		"())|t5 OK|t6 NO no\n",
		"ok; ok; ok; ok; fetch 1/1 ; refused: Cannot fetch mail from "
		"HOST: the server says: no; ok; " },
	{ "sections", "", talk_sections,
		SELECT
		"C %T UID FETCH 5 (UID BODY.PEEK[HEADER] BODY.PEEK[1.2] "
		"BODY.PEEK[])\nS * 1 FETCH (UID 5 BODY[HEADER] {2}|hh BODY[1.2] "
		"\"q\" BODY[] NIL)|%T OK\n"
		"C %T UID FETCH 1,2 (UID BODY.PEEK[1]<0.100>)\n"
		"S * 1 FETCH (UID 1 BODY[1]<0> \"a\")|%T OK\n"
		"C %T UID FETCH 3 (UID BODY.PEEK[HEADER]<0.100> "
		"BODY.PEEK[1.2]<0.100>)\nS %T NO [EXPUNGEISSUED]\n",
		"ok; invalid: There is no such part; ok; fetch 1/5 [HEADER]=hh "
		"[1.2]=q []=; ok; fetch 1/1 [1]=a; ok; " },
	{ "a section in pieces, quoted, NIL, and of no message", "",
		talk_stream,
		SELECT "C %T UID FETCH 5 (UID BODY.PEEK[1.2])\n"
		       "S * 2 FETCH (FLAGS (\\Seen))|* 1 FETCH (BODY[1] {2}|zz "
		       "BODY[1.2] {5}|hello UID 5)|%T OK\n"
		       "C *\nS * 1 FETCH (UID 5 BODY[1.2] \"hi\")|%T OK\n"
		       "C *\nS * 1 FETCH (UID 5 BODY[1.2] NIL)|%T OK\n"
		       "C *\nS %T OK\n",
		"fetch 2/0 \\Seen; hello (5), ok; hi (2), ok;  (0), ok; ok; " },
	{ "a section nobody wants any more", "", talk_stream_stopped,
		SELECT "C *\nS * 1 FETCH (UID 5 BODY[1.2] {5}|hello)|%T OK\n",
		"hello (5), cancelled: Cancelled; cancelled: Cancelled; " },

	/* SEARCH */
	{ "search", "", talk_search,
		"C %T UID SEARCH ALL\nS * SEARCH 9 1 2|* SEARCH 3|%T OK\n"
		"C %T UID SEARCH HEADER Message-ID \"a\\\"b@c\"\n"
		"S * SEARCH|%T OK\n",
		"ok; 1:3,9; ok; " },
	{ "search, the answer compact", "ESEARCH", talk_search,
		"C %T UID SEARCH RETURN (ALL) ALL\n"
		"S * ESEARCH (TAG \"%T\") UID ALL 1:3,9|%T OK\n"
		"C *\nS * ESEARCH (TAG \"%T\") UID|%T OK\n",
		"ok; 1:3,9; ok; " },

	/* watching */
	{ "idle, untagged data before the '+'", "IDLE", talk_watch,
		SELECT "C %T IDLE\nS * OK still here|* 4 EXISTS|+ idling\n"
		       "C DONE\nS %T OK\n",
		"exists 4; ok; " },
	{ "idle, news after a while", "IDLE", talk_watch,
		SELECT
		"C %T IDLE\nS + \nW 50\nS * OK still here\nW 50\n"
		"S * 2 EXPUNGE|* 1 FETCH (FLAGS (\\Seen))\nC DONE\nS %T OK\n",
		"expunge 2; fetch 1/0 \\Seen; ok; " },
	{ "idle, no news", "IDLE", talk_watch_short,
		SELECT "C %T IDLE\nS +\nC DONE\nS %T OK\n", "ok; " },
	{ "idle, woken", "IDLE", talk_watch_woken,
		SELECT "C %T IDLE\nS +\nC DONE\nS %T OK\n", "ok; " },
	{ "idle, the server ends it", "IDLE", talk_watch,
		SELECT "C %T IDLE\nS +|* BYE timeout\nX\n",
		"offline: Cannot wait for mail from HOST: the server says "
		"goodbye: timeout; " },
	{ "idle offered and refused", "IDLE", talk_watch,
		SELECT "C %T IDLE\nS %T NO no\n", "ok; " },
	{ "no idle: NOOP at the end", "", talk_watch_short,
		SELECT "C %T NOOP\nS * 5 EXISTS|%T OK\n", "exists 5; ok; " },
	{ "a stalled server, met at DONE", "IDLE", talk_watch_short,
		SELECT "C %T IDLE\nS +\nC DONE\nW 1\n",
		"offline: Cannot wait for mail from HOST: 127.0.0.1 did not "
		"answer in time; " },
	{ "notices", "NOTIFY IDLE", talk_notify,
		SELECT
		"C %T NOTIFY SET STATUS (SELECTED-DELAYED (MessageNew "
		"MessageExpunge FlagChange)) (PERSONAL (MessageNew "
		"MessageExpunge FlagChange MailboxName SubscriptionChange))\n"
		"S * STATUS b (MESSAGES 4)|%T OK\nC %T IDLE\nS +|* LIST "
		"(\\NonExistent) \"/\" b|* OK [NOTIFICATIONOVERFLOW] x\n"
		"C DONE\nS %T OK\n",
		"status b 4; ok; tree; tree; ok; " },
	{ "no notices", "", talk_notify, SELECT,
		"refused: Cannot ask HOST for notice of changes: the server "
		"refuses; " },
	{ "noop, alerts and capabilities on the way", "", talk_noop,
		"C *\nS * OK [ALERT] boo\033|* NO [ALERT]|* CAPABILITY IMAP4rev1 "
		"IDLE|%T OK\nC *\nS %T BAD eh\n",
		"alert boo ; ok; refused: Lost the session with HOST: the server "
		"says: eh; " },
	{ "cancel", "", talk_cancel, SELECT "C *\n",
		"ok; cancelled: Cancelled; " },
	{ "compression refused", "COMPRESS=DEFLATE", talk_compress,
		"C %T COMPRESS DEFLATE\nS %T NO busy\nC %T NOOP\nS %T OK\n",
		"ok; ok; " },
	{ "LOGOUT is said", "", talk_nothing, "C %T LOGOUT\n", "" },
};

int
main(void)
{
	return run_all(sessions, ARRAY_LEN(sessions));
}
