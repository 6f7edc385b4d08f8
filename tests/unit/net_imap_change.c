/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that change things, against a scripted server; what servers may say
 * to them. */
#include <inttypes.h>

#include "net/imap_change.h"
#include "net/imap_parse.h"

#include "net_talk.h"

static const char *const whys[] = {
	[IMAP_WHY_NONE] = "-",
	[IMAP_WHY_OTHER] = "other",
	[IMAP_WHY_BAD] = "bad",
	[IMAP_WHY_ALREADY_EXISTS] = "exists",
	[IMAP_WHY_CANNOT] = "cannot",
	[IMAP_WHY_EXPUNGE_ISSUED] = "expunged",
	[IMAP_WHY_HAS_CHILDREN] = "children",
	[IMAP_WHY_IN_USE] = "in use",
	[IMAP_WHY_LIMIT] = "limit",
	[IMAP_WHY_NONEXISTENT] = "nonexistent",
	[IMAP_WHY_NO_PERMISSION] = "no permission",
	[IMAP_WHY_OVER_QUOTA] = "quota",
	[IMAP_WHY_READ_ONLY] = "read-only",
	[IMAP_WHY_SERVER_BUG] = "bug",
	[IMAP_WHY_TOO_BIG] = "too big",
	[IMAP_WHY_TRY_CREATE] = "create",
	[IMAP_WHY_UNAVAILABLE] = "unavailable",
};

static void
note_outcome(struct imap_outcome *outcome)
{
	strbuf_add_str(&told, "done ");
	uidset_print(&outcome->done, &told);
	strbuf_addf(&told, " %s", whys[outcome->why]);
	for (size_t i = 0; i < outcome->pairs.n; i++)
		strbuf_addf(&told, " %u>%u/%u", outcome->pairs.items[i].from,
			imap_outcome_find(
				outcome, outcome->pairs.items[i].from),
			outcome->uidvalidity);
	strbuf_add_str(&told, "; ");
	imap_outcome_clear(outcome);
}

static void
make_set(const char *text, struct uidset *set)
{
	struct error err = ERROR_INIT;

	if (!uidset_parse(slice_str(text), 0, set, &err))
		printf("Bail out! %s\n", text);
}

typedef bool over_mailbox(struct imap *imap, const struct uidset *set,
	const char *mailbox, struct imap_outcome *outcome, struct error *err);

static void
do_over(struct imap *imap, over_mailbox *over, const char *text,
	const char *mailbox)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_outcome outcome;
	struct error err = ERROR_INIT;

	make_set(text, &set);
	note(over(imap, &set, mailbox, &outcome, &err), &err);
	note_outcome(&outcome);
}

static void
talk_move(struct imap *imap)
{
	do_over(imap, imap_move, "1:3,9", "a \"b\"");
	do_over(imap, imap_copy, "4", "b\r\nx LOGOUT");
}

static void
talk_copy(struct imap *imap)
{
	do_over(imap, imap_copy, "1:4,9", "b");
}

static void
talk_copy_literal(struct imap *imap)
{
	do_over(imap, imap_copy, "1:2", "\xc3\xbc");
}

static void
talk_expunge(struct imap *imap)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_outcome outcome;
	struct error err = ERROR_INIT;

	make_set("5:6", &set);
	note(imap_expunge(imap, &set, &outcome, &err), &err);
	note_outcome(&outcome);
}

static void
do_store(struct imap *imap, const char *text, const char *words, bool add)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct flags flags CLEANUP(flags_clear) = FLAGS_INIT;
	struct imap_outcome outcome;
	struct error err = ERROR_INIT;
	struct slice rest = slice_str(words);

	while (rest.len > 0) {
		size_t n = slice_find(rest, ' ');

		flags_add(&flags, slice_head(rest, n));
		rest = slice_skip(rest, n + 1);
	}
	make_set(text, &set);
	note(imap_store(imap, &set, add, &flags, &outcome, &err), &err);
	note_outcome(&outcome);
}

static void
talk_store(struct imap *imap)
{
	struct error err = ERROR_INIT;
	struct imap_selected selected;

	note(imap_select(imap, "INBOX", &(struct imap_select){ 0 }, &selected,
		     &err),
		&err);
	do_store(imap, "1:3,9", "\\Seen work", true);
	do_store(imap, "4", "\\Flagged $Label1", false);
}

/* UIDs of ten digits, none next to another, so that lines fill up. */
static void
talk_store_many(struct imap *imap)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct flags flags = { FLAG_SEEN, NULL };
	struct imap_outcome outcome;
	struct error err = ERROR_INIT;

	for (uint32_t i = 0; i < 1000; i++)
		uidset_add(&set, 4000000000u + 2 * i);
	note(imap_store(imap, &set, true, &flags, &outcome, &err), &err);
	strbuf_addf(&told, "%" PRIu64 " ", uidset_count(&outcome.done));
	imap_outcome_clear(&outcome);
	do_store(imap, "4", "\\Seen", true);
}

static void
talk_search(struct imap *imap)
{
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset there CLEANUP(uidset_clear) = UIDSET_INIT;
	struct error err = ERROR_INIT;

	make_set("1:9", &set);
	note(imap_search_in(imap, &set, &there, &err), &err);
	uidset_print(&there, &told);
}

/* Byte by byte, so that CR and LF never come together. */
static bool
give_bytes(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	const struct slice *bytes = ctx;

	for (size_t i = 0; i < bytes->len; i++) {
		if (!sink(to, slice_make(bytes->data + i, 1)))
			return error_set(err, ERR_CANCELLED, "stopped");
	}
	return true;
}

static void
do_append(struct imap *imap, struct slice bytes, const struct flags *flags,
	int64_t date)
{
	struct imap_append append = { "Sent", give_bytes, &bytes, flags, date };
	struct imap_appended appended;
	struct error err = ERROR_INIT;
	enum imap_why why;

	note(imap_append(imap, &append, &appended, &why, &err), &err);
	strbuf_addf(&told, "%s %u/%u; ", whys[why], appended.uid,
		appended.uidvalidity);
}

static void
talk_append(struct imap *imap)
{
	struct flags flags = { FLAG_SEEN | FLAG_DRAFT, (char *)"x" };

	do_append(imap, SLICE("a\nb\r\nc\r"), &flags, 1700000000);
}

static void
talk_append_large(struct imap *imap)
{
	char *bytes = xmalloc(300 * 1024);

	for (size_t i = 0; i < 300 * 1024; i++)
		bytes[i] = i % 64 == 63 ? '\n' : 'x';
	do_append(imap, slice_make(bytes, 300 * 1024), NULL, 0);
	free(bytes);
}

static void
talk_folders(struct imap *imap)
{
	struct error err = ERROR_INIT;
	enum imap_why why;

	note(imap_create(imap, "New", &why, &err), &err);
	strbuf_addf(&told, "%s; ", whys[why]);
	note(imap_rename(imap, "New", "Old", &why, &err), &err);
	strbuf_addf(&told, "%s; ", whys[why]);
	note(imap_subscribe(imap, "Old", true, &why, &err), &err);
	note(imap_subscribe(imap, "Old", false, &why, &err), &err);
	note(imap_delete(imap, "Old", &why, &err), &err);
	strbuf_addf(&told, "%s; ", whys[why]);
	note(imap_rename(imap, "a", "b\nc", &why, &err), &err);
}

static void
talk_rights(struct imap *imap)
{
	struct error err = ERROR_INIT;
	uint32_t rights;

	note(imap_myrights(imap, "a", &rights, &err), &err);
	strbuf_addf(&told, "%x; ", rights);
}

static const struct session sessions[] = {
	{ "move, the map in an untagged OK", "MOVE UIDPLUS", talk_move,
		"C %T UID MOVE 1:3,9 \"a \\\"b\\\"\"\n"
		"S * OK [COPYUID 7 1:2,9 11:13] x|* 1 EXPUNGE|%T OK done\n",
		"ok; done 1:3,9 - 1>11/7 2>12/7 9>13/7; invalid: A line break "
		"cannot be sent to the server here; done  -; " },
	{ "copy, the map in the tagged OK", "UIDPLUS", talk_copy,
		"C %T UID COPY 1:4,9 \"b\"\nS %T OK [COPYUID 7 1:4,9 "
		"11:14,20] x\n",
		"ok; done 1:4,9 - 1>11/7 2>12/7 3>13/7 4>14/7 9>20/7; " },
	{ "a map that says two things", "UIDPLUS", talk_copy,
		"C *\nS * OK [COPYUID 7 1:2 11:12] x|* OK [COPYUID 7 2:3 "
		"30:31] x|* OK [COPYUID 7 5 40] x|%T OK\n",
		"ok; done 1:4,9 - 1>11/7 3>31/7; " },
	{ "a map of two mailboxes", "UIDPLUS", talk_copy,
		"C *\nS * OK [COPYUID 7 1:2 11:12] x|* OK [COPYUID 8 3 30] x|"
		"%T OK\n",
		"ok; done 1:4,9 -; " },
	{ "no map: 0, too few, too many, unordered", "UIDPLUS", talk_copy,
		"C *\nS * OK [COPYUID 0 1 2] x|* OK [COPYUID 7 1:2 0] x|"
		"* OK [COPYUID 7 1:2 5] x|* OK [COPYUID 7 1 5:6] x|"
		"* OK [COPYUID 7 2,1 5:6] x|* OK [COPYUID 7 1:2 6:5] x|"
		"* OK [COPYUID 7 1:* 6:7] x|* OK [COPYUID 7 1:4294967295 "
		"1:4294967294] x|* OK [COPYUID] x|* OK [COPYUID 7] x|"
		"* OK [COPYUID 7 1:2] x|%T OK [COPYUID 7 , ,] y\n",
		"ok; done 1:4,9 -; " },
	{ "a map nobody offered", "", talk_copy,
		"C *\nS %T OK [COPYUID 7 1:4,9 11:14,20] x\n",
		"ok; done 1:4,9 -; " },
	{ "the target as a literal, which is refused", "", talk_copy_literal,
		"C %T UID COPY 1:2 {2}\nS %T NO [TRYCREATE] no such\n",
		"refused: Cannot copy mail at HOST: the server says: no such; "
		"done  other; " },
	{ "copy refused", "", talk_copy,
		"C *\nS %T NO [OVERQUOTA] it is full\n",
		"refused: Cannot copy mail at HOST: the server says: it is "
		"full; done  quota; " },
	{ "copy, and the connection goes", "UIDPLUS", talk_copy,
		"C *\nS * OK [COPYUID 7 1 2] x\nX\n",
		"offline: Cannot copy mail at HOST: 127.0.0.1 closed the "
		"connection; done  - 1>2/7; " },
	{ "expunge by UID", "UIDPLUS", talk_expunge,
		"C %T UID EXPUNGE 5:6\nS * 2 EXPUNGE|%T OK\n",
		"ok; done 5:6 -; " },
	{ "store", "", talk_store,
		SELECT "C %T UID STORE 1:3,9 +FLAGS (\\Seen work)\n"
		       "S * 1 FETCH (UID 1 FLAGS (\\Seen work))|%T OK\n"
		       "C %T UID STORE 4 -FLAGS (\\Flagged $label1)\n"
		       "S %T NO [LIMIT] later\n",
		"ok; fetch 1/1 \\Seen work; ok; done 1:3,9 -; refused: Cannot "
		"change flags at HOST: the server says: later; done  limit; " },
	{ "a long set goes out in two, the second is refused", "",
		talk_store_many,
		"C %T UID STORE 4000000000,*\nC %T UID STORE 400000*\n"
		"S t2 OK|%T NO [NOPERM] no\nC %T UID STORE 4 +FLAGS (\\Seen)\n"
		"S %T BAD eh\n",
		"refused: Cannot change flags at HOST: the server says: no; "
		"715 refused: Cannot change flags at HOST: the server says: eh; "
		"done  bad; " },
	{ "which are there", "ESEARCH", talk_search,
		"C %T UID SEARCH RETURN (ALL) UID 1:9\nS * ESEARCH (TAG "
		"\"%T\") UID ALL 2,4:5|%T OK\n",
		"ok; 2,4:5" },
	{ "which are there, refused", "", talk_search,
		"C %T UID SEARCH UID 1:9\nS %T NO no\n",
		"refused: Cannot search at HOST: the server says: no; " },
	{ "append, asked first", "UIDPLUS", talk_append,
		"C %T APPEND \"Sent\" (\\Seen \\Draft x) \"14-Nov-2023 22:13:20 "
		"+0000\" {9}\nS * 5 EXISTS|* OK [ALERT] x|+ go\nC a\nC b\nC c\n"
		"C \nS %T OK [APPENDUID 7 20] x\n",
		"alert x; ok; - 20/7; " },
	{ "append at once", "LITERAL+ UIDPLUS", talk_append,
		"C %T APPEND \"Sent\" (\\Seen \\Draft x) \"14-Nov-2023 22:13:20 "
		"+0000\" {9+}\nC a\nC b\nC c\nC \nS %T OK [APPENDUID 7 0] x\n",
		"ok; - 0/0; " },
	{ "append refused before it is sent", "", talk_append,
		"C *\nS %T NO [TRYCREATE] none\n",
		"refused: Cannot put mail on HOST: the server says: none; "
		"create 0/0; " },
	{ "append refused afterwards", "LITERAL-", talk_append,
		"C *\nC a\nC b\nC c\nC \nS %T NO [OVERQUOTA] full\n",
		"refused: Cannot put mail on HOST: the server says: full; quota "
		"0/0; " },
	{ "append taken before it is sent", "", talk_append,
		"C *\nS %T OK thanks\n",
		"protocol: Cannot put mail on HOST: the server takes a message "
		"before it was sent; - 0/0; " },
	{ "a large one is asked about, LITERAL+ or not", "LITERAL+",
		talk_append_large,
		"C %T APPEND \"Sent\" {312000}\nS %T NO [TOOBIG] no\n",
		"refused: Cannot put mail on HOST: the server says: no; too big "
		"0/0; " },
	{ "folders", "", talk_folders,
		"C %T CREATE \"New\"\nS %T NO [ALREADYEXISTS] there\n"
		"C %T RENAME \"New\" \"Old\"\nS %T NO [NONEXISTENT] x\n"
		"C %T SUBSCRIBE \"Old\"\nS %T OK\n"
		"C %T UNSUBSCRIBE \"Old\"\nS %T OK\n"
		"C %T DELETE \"Old\"\nS %T NO [INUSE] busy\n",
		"refused: Cannot change the folders of HOST: the server says: "
		"there; exists; refused: Cannot change the folders of HOST: the "
		"server says: x; nonexistent; ok; ok; refused: Cannot change "
		"the folders of HOST: the server says: busy; in use; invalid: A "
		"line break cannot be sent to the server here; " },
	{ "rights", "ACL", talk_rights,
		"C %T MYRIGHTS \"a\"\nS * MYRIGHTS {1}|a lrs|%T OK\n",
		"ok; 3; " },
	{ "rights, as servers of old have them", "ACL", talk_rights,
		"C *\nS * MYRIGHTS a lrswipd|%T OK\n", "ok; ef; " },
	{ "rights, where nobody tells them", "", talk_rights, "", "ok; ff; " },
	{ "rights refused, or nonsense", "ACL", talk_rights,
		"C *\nS * MYRIGHTS|%T NO no\n", "ok; ff; " },
};

int
main(void)
{
	return run_all(sessions, ARRAY_LEN(sessions));
}
