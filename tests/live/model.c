/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sequences by chance, each told by its seed: what a person does and undoes,
 * what a second client does to the same mailbox meanwhile, connections that are
 * cut at any command, processes that die at any commit.  At the end the server
 * and the store agree, and are what a model of a few lines says.
 *
 *	model PORT FIRST COUNT
 *	model PORT FIRST sweep
 *
 * plays seeds FIRST to FIRST + COUNT - 1, each with the users "mSEED" and
 * "nSEED" of the IMAP server at PORT, whose mailboxes are empty: two accounts,
 * beside one that has no server.  The second plays one
 * sequence over and over, and dies at the first commit of its replay, at the
 * second and so on, then cuts the connection at each thing said, with users
 * from "mFIRST" on.  Speaks TAP.
 *
 * Each sequence runs in processes of its own, one after the other dies; what
 * must outlive them (the model, the place in the sequence) is in shared memory.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/imap.h"
#include "net/imap_change.h"
#include "net/wire.h"
#include "sync/journal.h"
#include "sync/pull.h"
#include "sync/push.h"
#include "sync/session.h"
#include "sync/tree.h"

#include "../unit/store_fixture.h"

enum {
	LETTERS = 48,
	FIRST_LETTERS = 14,
	FOLDERS = 9,
	STEPS_MOST = 40,
	UNDOS = 40,
	SOME = 4,   /* letters of one act */
	DIED = 42,  /* exit status of who was told to die */
	LIVES = 30, /* processes of one sequence */
	SWEEP_STEPS = 14,
	SWEEP_SEED = 3,
	SWEEP_MOST = 120,
	BUSY_MS = 10000,
	ROUNDS = 200, /* of pushing, before it counts as endless */
};

/* --- the model ------------------------------------------------------------ */

/* Roles by name: Archive, Trash, Junk. */
static const char *const folder_names[FOLDERS] = { "INBOX", "Work", "Archive",
	"Trash", "Junk", "Lists", "Far", "Away", "Kept" };

enum { INBOX, WORK, ARCHIVE, TRASH, JUNK, LISTS, FAR, AWAY, KEPT };

/* Two accounts with a server each, and one without. */
enum { HERE = 2, SERVERS = 2, ACCOUNTS };

static const char *const account_names[ACCOUNTS] = { "work", "home", "here" };

static int
account_of(int folder)
{
	return folder < FAR ? 0 : folder < KEPT ? 1 : HERE;
}

static const uint32_t flag_choices[] = { FLAG_SEEN, FLAG_FLAGGED, FLAG_ANSWERED,
	FLAG_LABEL1 };

enum { ODD_WORD = 1 << 30 }; /* the keyword "odd", as if it had a bit */

/* A letter stands at most once in a folder. */
struct letter {
	bool exists;
	bool contested;       /* both sides changed it: only not lost */
	bool may_be_gone;     /* somebody deleted it */
	bool user_touched;    /* the person has history with it */
	unsigned other_fresh; /* the other's change may not be here yet: of
				 which accounts */
	bool there[FOLDERS];
	uint32_t flags[FOLDERS];
};

struct entry {
	int64_t action; /* 0: its process died before it was told */
	bool is_final;  /* what it took away cannot be brought back */
	int n;
	int numbers[LETTERS];
	struct letter before[LETTERS], after[LETTERS];
};

struct model {
	struct letter letters[LETTERS];
	int n_letters;
	struct entry done[UNDOS];
	int n_done;
	struct entry undone[UNDOS];
	int n_undone;
};

enum phase { PHASE_IDLE, PHASE_ACT };

/* Where a sweep stands. */
enum trouble { TROUBLE_NONE, DIE_BEFORE, DIE_AFTER, CUT_BEFORE, CUT_AFTER };

static const char *const trouble_names[] = { "none", "dies before commit",
	"dies after commit", "cut before", "cut after" };

/* What outlives a process. */
struct shared {
	struct model model;
	struct model next; /* what it is once the act under way is committed */
	enum phase phase;
	bool committed;
	bool is_set_up;
	int step;
	int lives;
	bool finished;
	bool wrong;
	char trace[64 * 1024];
	size_t traced;
	int64_t accounts[ACCOUNTS];
	enum trouble trouble; /* of a sweep, at its `at`th chance */
	int at;
	bool met; /* it came to that */
};

static struct shared *shared;

__attribute__((format(printf, 1, 2))) static void
trace(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(shared->trace + shared->traced,
		sizeof(shared->trace) - shared->traced, fmt, ap);
	va_end(ap);
	if (n > 0 && shared->traced + (size_t)n < sizeof(shared->trace) - 1)
		shared->traced += (size_t)n;
}

__attribute__((format(printf, 1, 2))) static void
wrong(const char *fmt, ...)
{
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	trace("  WRONG: %s\n", text);
	shared->wrong = true;
}

/* --- chance ----------------------------------------------------------------
 */

static uint64_t dice;

static void
throw_for(uint64_t seed, uint64_t step)
{
	dice = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15) ^
	       (step + 1) * UINT64_C(0xbf58476d1ce4e5b9);
}

static uint32_t
chance(uint32_t n)
{
	dice += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = dice;

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % n);
}

/* --- trouble ---------------------------------------------------------------
 */

/* 0: none; counted down. */
static int die_at_commit, cut_at_write;
static bool die_before, cut_before;

bool __real_transaction_commit(struct transaction *tx, struct error *err);
bool __wrap_transaction_commit(struct transaction *tx, struct error *err);
bool __real_wire_write(
	struct wire *wire, struct slice bytes, struct error *err);
bool __wrap_wire_write(
	struct wire *wire, struct slice bytes, struct error *err);

bool
__wrap_transaction_commit(struct transaction *tx, struct error *err)
{
	bool now = die_at_commit > 0 && --die_at_commit == 0;
	bool good;

	shared->met = shared->met || now;
	if (now && die_before)
		_exit(DIED);
	good = __real_transaction_commit(tx, err);
	if (good && shared->phase == PHASE_ACT)
		shared->committed = true;
	if (now)
		_exit(DIED);
	return good;
}

/* Before it: the server hears nothing.  After it: we do not hear what it
 * says. */
bool
__wrap_wire_write(struct wire *wire, struct slice bytes, struct error *err)
{
	bool now = cut_at_write > 0 && --cut_at_write == 0;
	bool good;

	shared->met = shared->met || now;
	if (now && cut_before)
		shutdown(wire_fd(wire), SHUT_RDWR);
	good = __real_wire_write(wire, bytes, err);
	if (now && !cut_before) {
		/* Let the server act on it. */
		usleep(2000 + 1000 * chance(8));
		shutdown(wire_fd(wire), SHUT_RDWR);
	}
	return good;
}

/* --- one play ---------------------------------------------------------------
 */

/* What another session sees of a folder. */
struct seen {
	uint32_t uid;
	int number; /* -1: none of ours */
	uint32_t flags;
};
ARRAY_OF(seen_array, struct seen);

struct play {
	uint64_t seed;
	char dir[64];
	char users[SERVERS][24];
	uint16_t port;
	struct store_home *home;
	struct store *store;
	struct config *config;
	struct session sessions[SERVERS];
	struct pull pulls[SERVERS];
	struct cancel cancel;
	struct imap *others[SERVERS];
	struct imap_handler other_handler;
	struct seen_array seen;
};

static void
drop_event(void *ctx, struct event *event)
{
	(void)ctx;
	event_free(event);
}

static bool
give_secret(void *ctx, char **ret_secret, struct error *err)
{
	(void)ctx;
	(void)err;
	*ret_secret = xstrdup("secret");
	return true;
}

static uint32_t
bits_of(const struct flags *flags)
{
	return (flags->bits & ~(uint32_t)FLAG_DELETED) |
	       (flags_has(flags, SLICE("odd")) ? ODD_WORD : 0u);
}

static void
on_other_fetch(void *ctx, struct imap_fetch *fetch)
{
	struct play *play = ctx;
	struct seen seen = { .uid = fetch->uid, .number = -1 };
	const char *at;
	char *header;

	if (!(fetch->has & IMAP_HAS_HEADER) || fetch->flags.bits & FLAG_DELETED)
		return;
	header = xmemdup0(fetch->header.data, fetch->header.len);
	at = strstr(header, "Subject: Letter ");
	if (at)
		seen.number = (int)strtol(at + 16, NULL, 10);
	free(header);
	seen.flags = bits_of(&fetch->flags);
	array_push(&play->seen, seen);
}

/* The second client of the folder's account. */
static struct imap *
open_other(struct play *play, int folder)
{
	int account = account_of(folder);
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct endpoint endpoint = { .host = (char *)"127.0.0.1",
		.user = play->users[account],
		.port = play->port,
		.security = SECURITY_CLEAR };
	struct imap_options options = {
		.endpoint = &endpoint,
		.login = { .mechanism = "auto", .password = give_secret },
		.handler = &play->other_handler,
	};

	if (play->others[account])
		return play->others[account];
	play->other_handler =
		(struct imap_handler){ .ctx = play, .fetch = on_other_fetch };
	MUST(imap_open(&options, &play->others[account], &err));
	return play->others[account];
}

/* What stands in a folder now, but for what waits to be expunged. */
static void
look(struct play *play, int folder, bool read_only)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct uidset all CLEANUP(uidset_clear) = UIDSET_INIT;
	struct imap_select how = { .read_only = read_only };
	struct imap_selected selected;
	struct imap *other = open_other(play, folder);
	uint64_t ticket;

	MUST(imap_select(other, folder_names[folder], &how, &selected, &err));
	play->seen.n = 0;
	uidset_add_range(&all, 1, UINT32_MAX);
	MUST(imap_fetch_send(
		other, &all, false, IMAP_ITEMS_HEADERS, 0, &ticket, &err));
	MUST(imap_fetch_wait(other, ticket, &err));
}

static bool
give_letter(void *ctx, bool (*sink)(void *to, struct slice piece), void *to,
	struct error *err)
{
	const struct strbuf *text = ctx;

	(void)err;
	return sink(to, strbuf_slice(text));
}

static void
print_letter(const struct play *play, int number, struct strbuf *text)
{
	strbuf_init(text, 4096);
	strbuf_addf(text,
		"From: Writer %d <w%d@example.org>\r\nTo: m@example.org\r\n"
		"Subject: Letter %d\r\n"
		"Date: Tue, 14 Nov 2023 10:%02d:00 +0000\r\n"
		"X-Seed: %" PRIu64 "\r\n",
		number, number % 5, number, number, play->seed);
	/* Some have none, and are harder to find again. */
	if (number % 7 != 6)
		strbuf_addf(text,
			"Message-ID: <letter%d.%" PRIu64 "@example.org>\r\n",
			number, play->seed);
	strbuf_addf(text, "\r\nText of letter %d.\r\n", number);
}

static void
append_letter(struct play *play, int folder, uint32_t flags)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct flags words = { flags, NULL };
	struct model *model = &shared->model;
	int number = model->n_letters;
	struct imap_append append = {
		.mailbox = folder_names[folder],
		.give = give_letter,
		.ctx = &text,
		.flags = &words,
		.date = 1700000000 + 60 * number,
	};
	struct imap_appended ignored;
	enum imap_why why;

	if (number == LETTERS)
		return;
	print_letter(play, number, &text);
	MUST(imap_append(
		open_other(play, folder), &append, &ignored, &why, &err));
	model->letters[number] = (struct letter){ .exists = true,
		.other_fresh = 1u << account_of(folder) };
	model->letters[number].there[folder] = true;
	model->letters[number].flags[folder] = flags;
	model->n_letters++;
}

static void
set_up_server(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum imap_why why;

	for (int i = 1; i < KEPT; i++) {
		if (!imap_create(
			    open_other(play, i), folder_names[i], &why, &err) &&
			why != IMAP_WHY_ALREADY_EXISTS)
			MUST(false);
		error_clear(&err);
	}
	throw_for(play->seed, 0);
	for (int i = 0; i < FIRST_LETTERS; i++)
		append_letter(play,
			chance(4) == 0   ? FAR
			: chance(3) == 0 ? WORK
					 : INBOX,
			chance(2) ? FLAG_SEEN : 0);
}

static void
make_accounts(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct folder_listing kept = { .name = folder_names[KEPT],
		.selectable = true };
	int64_t folder;

	MUST(transaction_begin(play->store, &tx, &err));
	for (int i = 0; i < ACCOUNTS; i++)
		MUST(account_ensure(play->store, account_names[i],
			&shared->accounts[i], &err));
	MUST(folder_save_listing(play->store, shared->accounts[HERE], &kept,
		&folder, NULL, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
play_open(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct session_options options = { .watches = true,
		.tell = drop_event };
	char *text CLEANUP(freep) =
		xasprintf("[account work]\naddress = m@example.org\n"
			  "imap = imap+insecure://%s@127.0.0.1:%u\n"
			  "archive = Archive\ntrash = Trash\njunk = Junk\n"
			  "[account home]\naddress = n@example.org\n"
			  "imap = imap+insecure://%s@127.0.0.1:%u\n"
			  "[account here]\naddress = h@example.org\n"
			  "protocol = local\n",
			play->users[0], play->port, play->users[1], play->port);

	cancel_init(&play->cancel);
	MUST(config_parse(text, strlen(text), "model", &play->config, &err));
	MUST(store_home_open(play->dir, false, &play->home, &err));
	MUST(store_open(play->home, STORE_WORKER, &play->store, &err));
	make_accounts(play);
	options.config = play->config;
	options.store = play->store;
	options.store_dir = play->dir;
	options.cancel = &play->cancel;
	for (int i = 0; i < SERVERS; i++) {
		options.account =
			config_account(play->config, account_names[i]);
		options.account_id = shared->accounts[i];
		session_init(&play->sessions[i], &options);
		session_set_password(&play->sessions[i], xstrdup("secret"));
	}
}

static void
play_close(struct play *play)
{
	for (int i = 0; i < SERVERS; i++) {
		pull_clear(&play->pulls[i]);
		session_clear(&play->sessions[i]);
		imap_close(play->others[i]);
		play->others[i] = NULL;
	}
	store_close(play->store);
	store_home_close(play->home);
	config_unref(play->config);
	cancel_destroy(&play->cancel);
	array_clear(&play->seen);
}

/* --- what is here -----------------------------------------------------------
 */

/* One row a visible placement. */
struct held {
	int64_t placement;
	int number;
	int folder; /* -1: none of ours */
	uint32_t uid;
	uint32_t flags;
};
ARRAY_OF(held_array, struct held);

static int
folder_by_name(const char *name)
{
	for (int i = 0; i < FOLDERS; i++) {
		if (strcmp(folder_names[i], name) == 0)
			return i;
	}
	return -1;
}

static void
load_held(struct play *play, struct held_array *held)
{
	char *path CLEANUP(freep) = file_join(play->dir, "store.db");
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int step;

	held->n = 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) !=
			SQLITE_OK ||
		sqlite3_busy_timeout(db, BUSY_MS) != SQLITE_OK ||
		sqlite3_prepare_v2(db,
			"SELECT p.id, m.subject, f.name, p.uid, p.flags, "
			"p.keywords, f.account FROM placement p "
			"JOIN message m ON m.id = p.message "
			"JOIN folder f ON f.id = p.folder "
			"WHERE p.hidden = 0 AND f.dropped = 0 "
			"ORDER BY p.id",
			-1, &stmt, NULL) != SQLITE_OK) {
		printf("Bail out! %s\n", sqlite3_errmsg(db));
		exit(99);
	}
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *id = (const char *)sqlite3_column_text(stmt, 1);
		const char *words = (const char *)sqlite3_column_text(stmt, 5);
		struct flags flags = { (uint32_t)sqlite3_column_int64(stmt, 4),
			(char *)words };
		struct held one = {
			.placement = sqlite3_column_int64(stmt, 0),
			.number = id && strncmp(id, "Letter ", 7) == 0
					  ? (int)strtol(id + 7, NULL, 10)
					  : -1,
			.folder = folder_by_name(
				(const char *)sqlite3_column_text(stmt, 2)),
			.uid = (uint32_t)sqlite3_column_int64(stmt, 3),
			.flags = bits_of(&flags),
		};

		/* An inbox that nobody plays with. */
		if (one.folder >= 0 &&
			shared->accounts[account_of(one.folder)] !=
				sqlite3_column_int64(stmt, 6))
			one.folder = -1;
		/* Another client marked it for expunging. */
		if (!(flags.bits & FLAG_DELETED))
			array_push(held, one);
	}
	if (step != SQLITE_DONE)
		wrong("the store cannot be read: %s", sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static int64_t
folder_id(struct play *play, int folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct folder row CLEANUP(folder_clear) = { 0 };

	if (folder < 0 ||
		folder_find(play->store, shared->accounts[account_of(folder)],
			folder_names[folder], &row, &err) != FOUND)
		return 0;
	return row.id;
}

/* The view after an act is what the model says, but for letters that somebody
 * else has to do with. */
static void
check_view(struct play *play, const char *when)
{
	struct held_array held = { 0 };
	int found[LETTERS][FOLDERS] = { { 0 } };

	load_held(play, &held);
	for (size_t i = 0; i < held.n; i++) {
		struct held *it = &held.items[i];
		struct letter *letter;

		if (it->number < 0 || it->number >= LETTERS || it->folder < 0)
			continue;
		letter = &shared->model.letters[it->number];
		found[it->number][it->folder]++;
		if (letter->contested || letter->other_fresh)
			continue;
		if (!letter->there[it->folder])
			wrong("%s: letter %d is shown in %s", when, it->number,
				folder_names[it->folder]);
		else if (letter->flags[it->folder] != it->flags)
			wrong("%s: letter %d in %s has flags %x, not %x", when,
				it->number, folder_names[it->folder], it->flags,
				letter->flags[it->folder]);
	}
	for (int i = 0; i < shared->model.n_letters; i++) {
		struct letter *letter = &shared->model.letters[i];

		for (int j = 0; j < FOLDERS; j++) {
			if (letter->contested || letter->other_fresh)
				continue;
			if (found[i][j] != (int)letter->there[j])
				wrong("%s: letter %d is shown %d times in %s",
					when, i, found[i][j], folder_names[j]);
		}
	}
	array_clear(&held);
}

/* --- what the person does ----------------------------------------------------
 */

enum act {
	ACT_FLAG,
	ACT_UNFLAG,
	ACT_WORD,
	ACT_UNWORD,
	ACT_MOVE,
	ACT_COPY,
	ACT_ARCHIVE,
	ACT_DELETE,
	ACT_SPAM,
	ACT_READ_ALL,
	ACT_APPEND,
	ACT_EXPUNGE,
	ACTS,
};

struct doing {
	enum act act;
	int folder; /* where the letters stand */
	int target;
	uint32_t flag;
	struct id_array ids;
	struct entry entry;
};

static void
touch(struct letter *letter)
{
	letter->user_touched = true;
	if (letter->other_fresh)
		letter->contested = true;
}

static void
change_letter(const struct doing *doing, struct letter *letter)
{
	int from = doing->folder, to = doing->target;
	uint32_t flags = letter->flags[from];

	switch (doing->act) {
	case ACT_FLAG:
	case ACT_WORD:
	case ACT_READ_ALL:
		letter->flags[from] |= doing->flag;
		break;
	case ACT_UNFLAG:
	case ACT_UNWORD:
		letter->flags[from] &= ~doing->flag;
		break;
	case ACT_SPAM:
		flags = (flags | FLAG_JUNK) & ~(uint32_t)FLAG_NOT_JUNK;
		/* fall through */
	case ACT_MOVE:
	case ACT_ARCHIVE:
	case ACT_DELETE:
		letter->there[from] = false;
		letter->there[to] = true;
		letter->flags[to] = flags;
		letter->flags[from] = 0;
		break;
	case ACT_COPY:
		letter->there[to] = true;
		letter->flags[to] = flags;
		break;
	case ACT_EXPUNGE:
		letter->there[from] = false;
		letter->flags[from] = 0;
		break;
	case ACT_APPEND:
		letter->exists = true;
		letter->there[from] = true;
		letter->flags[from] = FLAG_SEEN;
		break;
	case ACTS:
		break;
	}
}

/* Whether the act would be one the model knows: a letter stands once in a
 * folder. */
static bool
is_allowed(const struct doing *doing, const struct letter *letter)
{
	if (doing->target == doing->folder)
		return false;
	return doing->target < 0 || !letter->there[doing->target] ||
	       letter->contested;
}

static bool
is_same_letter(const struct letter *a, const struct letter *b)
{
	return memcmp(a->there, b->there, sizeof(a->there)) == 0 &&
	       memcmp(a->flags, b->flags, sizeof(a->flags)) == 0;
}

static void
choose_act(struct doing *doing)
{
	*doing = (struct doing){ .act = chance(ACTS), .target = -1 };
	doing->folder = chance(2) ? INBOX : (int)chance(FOLDERS);
	switch (doing->act) {
	case ACT_FLAG:
	case ACT_UNFLAG:
		doing->flag = flag_choices[chance(ARRAY_LEN(flag_choices))];
		break;
	case ACT_WORD:
	case ACT_UNWORD:
		doing->flag = ODD_WORD;
		break;
	case ACT_READ_ALL:
		doing->flag = FLAG_SEEN;
		break;
	case ACT_MOVE:
	case ACT_COPY:
		doing->target = (int)chance(FOLDERS);
		break;
	case ACT_ARCHIVE:
		doing->target = ARCHIVE;
		break;
	case ACT_DELETE:
		doing->target = TRASH;
		break;
	case ACT_SPAM:
		doing->target = JUNK;
		break;
	case ACT_EXPUNGE:
		doing->entry.is_final = true;
		break;
	case ACT_APPEND:
	case ACTS:
		break;
	}
}

/* A letter of ours. */
static void
choose_new_letter(struct doing *doing)
{
	struct model *next = &shared->next;
	int number = shared->model.n_letters;

	*next = shared->model;
	if (number == LETTERS)
		return;
	next->n_letters++;
	doing->entry.n = 1;
	doing->entry.numbers[0] = number;
	doing->entry.before[0] = (struct letter){ .exists = true };
	change_letter(doing, &next->letters[number]);
	touch(&next->letters[number]);
	doing->entry.after[0] = next->letters[number];
}

/* Letters in view that the act is about; the model's side of it into
 * shared->next. */
static void
choose_letters(struct play *play, struct doing *doing)
{
	struct held_array held = { 0 };
	struct model *next = &shared->next;
	bool all = doing->act == ACT_READ_ALL;
	size_t at;

	*next = shared->model;
	load_held(play, &held);
	at = held.n ? chance((uint32_t)held.n) : 0;
	for (size_t i = 0; i < held.n; i++) {
		struct held *it = &held.items[(at + i) % held.n];
		struct letter *letter;
		struct letter before;

		if (it->folder != doing->folder || it->number < 0)
			continue;
		letter = &next->letters[it->number];
		if (!all && (doing->ids.n >= SOME || chance(3) == 0 ||
				    !is_allowed(doing, letter)))
			continue;
		before = *letter;
		array_push(&doing->ids, it->placement);
		touch(letter);
		if (!letter->contested)
			change_letter(doing, letter);
		if (is_same_letter(&before, letter) && !letter->contested)
			continue;
		doing->entry.numbers[doing->entry.n] = it->number;
		doing->entry.before[doing->entry.n] = before;
		doing->entry.after[doing->entry.n++] = *letter;
	}
	array_clear(&held);
}

static bool
call_journal(struct play *play, const struct doing *doing,
	struct journal_done *done, struct error *err)
{
	struct journal journal = { .store = play->store,
		.config = play->config };
	struct journal_targets targets = {
		.what = JOURNAL_MESSAGES,
		.folder = folder_id(play, doing->folder),
		.ids = doing->ids.items,
		.n = doing->ids.n,
	};
	struct flags none = FLAGS_INIT;
	struct flags some = { doing->flag & ~(uint32_t)ODD_WORD,
		doing->flag & ODD_WORD ? (char *)"odd" : NULL };

	switch (doing->act) {
	case ACT_FLAG:
	case ACT_WORD:
		return journal_flag(
			&journal, &targets, &some, &none, done, err);
	case ACT_UNFLAG:
	case ACT_UNWORD:
		return journal_flag(
			&journal, &targets, &none, &some, done, err);
	case ACT_MOVE:
		return journal_move(&journal, &targets,
			folder_id(play, doing->target), done, err);
	case ACT_COPY:
		return journal_copy(&journal, &targets,
			folder_id(play, doing->target), done, err);
	case ACT_ARCHIVE:
		return journal_archive(&journal, &targets, done, err);
	case ACT_DELETE:
		return journal_delete(&journal, &targets, false, done, err);
	case ACT_SPAM:
		return journal_spam(&journal, &targets, true, done, err);
	case ACT_READ_ALL:
		return journal_mark_read(&journal, targets.folder, done, err);
	case ACT_EXPUNGE:
		return journal_delete(&journal, &targets, true, done, err);
	case ACT_APPEND: {
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };
		struct flags seen = { FLAG_SEEN, NULL };
		int64_t message;

		print_letter(play, doing->entry.numbers[0], &text);
		return journal_append(&journal, targets.folder,
			strbuf_slice(&text), &seen, 1700000000, &message, done,
			err);
	}
	case ACTS:
		break;
	}
	abort();
}

static void
apply_all(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	bool more = true;

	while (more)
		MUST(operation_apply_some(
			play->store, &more, NULL, NULL, &err));
}

/* From here on a death is settled by the commit. */
static void
begin_act(bool may_die)
{
	shared->committed = false;
	shared->phase = PHASE_ACT;
	if (may_die && shared->trouble == TROUBLE_NONE && chance(12) == 0) {
		die_at_commit = 1;
		die_before = chance(2);
	}
}

static void
end_act(bool took)
{
	die_at_commit = 0;
	if (took)
		shared->model = shared->next;
	shared->phase = PHASE_IDLE;
}

static const char *const act_names[ACTS] = { "flag", "unflag", "word", "unword",
	"move", "copy", "archive", "delete", "spam", "read all", "append",
	"expunge" };

static void
act(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal_done done = { 0 };
	struct doing doing;
	struct model *next = &shared->next;
	bool good;

	choose_act(&doing);
	if (doing.act == ACT_APPEND)
		choose_new_letter(&doing);
	else
		choose_letters(play, &doing);
	if ((doing.act == ACT_DELETE || doing.act == ACT_SPAM) &&
		(doing.folder == TRASH || doing.folder == JUNK))
		doing.ids.n = 0;
	/* The others have no such folders, and here nothing is final. */
	if ((doing.target >= 0 && doing.target < FAR && doing.act != ACT_MOVE &&
		    doing.act != ACT_COPY && account_of(doing.folder) != 0) ||
		(doing.act == ACT_EXPUNGE && doing.folder == KEPT))
		doing.ids.n = 0;
	if (doing.ids.n == 0 &&
		(doing.act != ACT_APPEND || doing.entry.n == 0)) {
		array_clear(&doing.ids);
		return;
	}
	if (doing.act == ACT_EXPUNGE) {
		for (int i = 0; i < doing.entry.n; i++)
			next->letters[doing.entry.numbers[i]].may_be_gone =
				true;
	}
	trace("  %s", act_names[doing.act]);
	for (int i = 0; i < doing.entry.n; i++)
		trace(" %d", doing.entry.numbers[i]);
	trace(" in %s to %s\n", folder_names[doing.folder],
		doing.target >= 0 ? folder_names[doing.target] : "-");
	if (doing.entry.n > 0) {
		if (next->n_done == UNDOS) {
			memmove(next->done, next->done + 1,
				sizeof(next->done[0]) * (UNDOS - 1));
			next->n_done--;
		}
		next->done[next->n_done++] = doing.entry;
		next->n_undone = 0;
	}
	begin_act(true);
	good = call_journal(play, &doing, &done, &err);
	if (!good)
		wrong("%s: %s", act_names[doing.act], err.text);
	if (good && done.action && doing.entry.n == 0 && done.n_waiting > 0) {
		/* Nobody knew yet that nothing would change. */
		if (next->n_done == UNDOS)
			next->n_done--;
		next->done[next->n_done++] = doing.entry;
		next->n_undone = 0;
	} else if (good && (done.action != 0) != (doing.entry.n > 0)) {
		/* A contested letter may have been as wanted already. */
		bool contested = false;

		for (int i = 0; i < doing.entry.n; i++)
			contested = contested || doing.entry.after[i].contested;
		if (contested && done.action == 0) {
			next->n_done = shared->model.n_done;
			next->n_undone = shared->model.n_undone;
			memcpy(next->done, shared->model.done,
				sizeof(next->done));
		} else
			wrong("%s: action %" PRId64 ", the model changed %d",
				act_names[doing.act], done.action,
				doing.entry.n);
	}
	if (good && done.action)
		next->done[next->n_done - 1].action = done.action;
	end_act(good);
	journal_done_clear(&done);
	array_clear(&doing.ids);
	apply_all(play);
	check_view(play, act_names[doing.act]);
}

/* The newest act that stands cannot be undone: that is said once. */
static void
pass_over_final(struct play *play, struct model *next, bool undo)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct action action CLEANUP(action_clear) = { 0 };
	struct journal journal = { .store = play->store,
		.config = play->config };
	struct journal_done done = { 0 };
	struct entry *entries = undo ? next->done : next->undone;
	int *n = undo ? &next->n_done : &next->n_undone;
	enum found found;

	trace("  %s, in vain\n", undo ? "undo" : "redo");
	if ((undo ? journal_undo(&journal, &done, &err)
		  : journal_redo(&journal, &done, &err)) ||
		err.kind != ERR_REFUSED)
		wrong("undo is not refused");
	error_clear(&err);
	journal_done_clear(&done);
	found = undo ? action_to_undo(play->store, &action, &err)
		     : action_to_redo(play->store, &action, &err);
	while (*n > 0 &&
		(found != FOUND || entries[*n - 1].action != action.id)) {
		const struct entry *entry = &entries[--*n];

		for (int i = 0; i < entry->n; i++) {
			struct letter *letter =
				&next->letters[entry->numbers[i]];

			if (!entry->is_final && !letter->contested)
				wrong("action %" PRId64 " is passed over",
					entry->action);
			/* Acts before it cannot all be undone either. */
			letter->contested = true;
		}
	}
}

/* An act that failed as a whole does not stand; then the one before is taken.
 * False when the model knows of none. */
static bool
find_entry(struct play *play, struct model *next, bool undo)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct action action CLEANUP(action_clear) = { 0 };
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct id_array accounts = { 0 }, folders = { 0 };
	struct entry *entries = undo ? next->done : next->undone;
	int *n = undo ? &next->n_done : &next->n_undone;
	enum found found;
	bool more;

	/* What would be taken; and it is not. */
	MUST(transaction_begin(play->store, &tx, &err));
	found = undo ? action_undo(
			       &tx, &action, &accounts, &folders, &more, &err)
		     : action_redo(
			       &tx, &action, &accounts, &folders, &more, &err);
	transaction_end(&tx);
	array_clear(&accounts);
	array_clear(&folders);
	if (found == FOUND_ERROR) {
		if (err.kind == ERR_REFUSED)
			pass_over_final(play, next, undo);
		else
			wrong("to undo: %s", err.text);
		return false;
	}
	while (*n > 0 &&
		(found == NOT_FOUND || entries[*n - 1].action != action.id)) {
		const struct entry *entry = &entries[--*n];

		for (int i = 0; i < entry->n; i++) {
			int number = entry->numbers[i];

			if (!next->letters[number].contested)
				wrong("action %" PRId64
				      " is passed over by %s, which takes "
				      "%" PRId64,
					entry->action, undo ? "undo" : "redo",
					action.id);
		}
	}
	if (found == FOUND && *n == 0)
		wrong("%s takes %" PRId64, undo ? "undo" : "redo", action.id);
	return *n > 0;
}

static bool
has_contested(const struct model *model, const struct entry *entry)
{
	for (int i = 0; i < entry->n; i++) {
		if (model->letters[entry->numbers[i]].contested)
			return true;
	}
	return false;
}

/* Where the entry is that was turned back last. */
static const struct entry *
model_entry(bool undo)
{
	const struct model *model = &shared->model;

	return undo ? &model->undone[model->n_undone - 1]
		    : &model->done[model->n_done - 1];
}

/* What is gone for good comes back as far as its bytes are here. */
static void
forgive_losses(struct play *play, const struct entry *entry)
{
	struct held_array held = { 0 };

	load_held(play, &held);
	for (int i = 0; i < entry->n; i++) {
		struct letter *letter =
			&shared->model.letters[entry->numbers[i]];
		int wanted = 0, shown = 0;

		for (int j = 0; j < FOLDERS; j++)
			wanted += letter->there[j];
		for (size_t j = 0; j < held.n; j++)
			shown += held.items[j].number == entry->numbers[i];
		if (shown < wanted)
			letter->contested = true;
	}
	array_clear(&held);
}

static bool
stands_nowhere(const struct letter *letter)
{
	bool there = false;

	for (int i = 0; i < FOLDERS; i++)
		there = there || letter->there[i];
	return !there;
}

/* Undo and redo are mirror images. */
static void
turn_back(struct play *play, bool undo)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct journal journal = { .store = play->store,
		.config = play->config };
	struct journal_done done = { 0 };
	struct model *next = &shared->next;
	int *from = undo ? &next->n_done : &next->n_undone;
	int *to = undo ? &next->n_undone : &next->n_done;
	struct entry *entry;
	bool good;

	*next = shared->model;
	if (!find_entry(play, next, undo)) {
		shared->model = *next;
		return;
	}
	entry = undo ? &next->done[*from - 1] : &next->undone[*from - 1];
	trace("  %s %" PRId64 " of", undo ? "undo" : "redo", entry->action);
	/* Some of what is gone for good may come back, and some not. */
	if (entry->is_final && has_contested(next, entry)) {
		for (int i = 0; i < entry->n; i++)
			next->letters[entry->numbers[i]].contested = true;
	}
	for (int i = 0; i < entry->n; i++) {
		struct letter *letter = &next->letters[entry->numbers[i]];
		const struct letter *back =
			undo ? &entry->before[i] : &entry->after[i];

		trace(" %d", entry->numbers[i]);
		touch(letter);
		if (back->contested)
			letter->contested = true;
		if (stands_nowhere(back))
			letter->may_be_gone = true;
		memcpy(letter->there, back->there, sizeof(back->there));
		memcpy(letter->flags, back->flags, sizeof(back->flags));
	}
	trace("\n");
	if (undo)
		next->undone[(*to)++] = *entry;
	else
		next->done[(*to)++] = *entry;
	--*from;
	begin_act(true);
	good = undo ? journal_undo(&journal, &done, &err)
		    : journal_redo(&journal, &done, &err);
	if (!good)
		wrong("undo: %s", err.text);
	else if (done.action != entry->action)
		wrong("%s took %" PRId64, undo ? "undo" : "redo", done.action);
	end_act(good);
	journal_done_clear(&done);
	apply_all(play);
	if (undo && model_entry(undo)->is_final)
		forgive_losses(play, model_entry(undo));
	check_view(play, undo ? "undo" : "redo");
	/* It is another message now than acts before it were about. */
	for (int i = 0;
		undo && model_entry(undo)->is_final && i < model_entry(undo)->n;
		i++)
		shared->model.letters[model_entry(undo)->numbers[i]].contested =
			true;
}

/* --- what the other does
 * ------------------------------------------------------ */

static void
meddle_with(struct play *play, const struct seen *seen, int folder)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct letter *letter = &shared->model.letters[seen->number];
	struct imap_outcome outcome CLEANUP(imap_outcome_clear) = { 0 };
	struct uidset set CLEANUP(uidset_clear) = UIDSET_INIT;
	struct flags flagged = { FLAG_FLAGGED, NULL };
	struct flags deleted = { FLAG_DELETED, NULL };
	struct imap *other = open_other(play, folder);
	int target = (int)chance(FOLDERS);
	uint32_t what = chance(4);

	uidset_add(&set, seen->uid);
	letter->other_fresh |= 1u << account_of(folder);
	if (letter->user_touched)
		letter->contested = true;
	if (what < 2) {
		bool add = chance(2);

		trace("  the other %s %d in %s\n", add ? "flags" : "unflags",
			seen->number, folder_names[folder]);
		MUST(imap_store(other, &set, add, &flagged, &outcome, &err));
		if (add)
			letter->flags[folder] |= FLAG_FLAGGED;
		else
			letter->flags[folder] &= ~(uint32_t)FLAG_FLAGGED;
		return;
	}
	if (what == 2 && !letter->there[target] &&
		account_of(target) == account_of(folder)) {
		trace("  the other moves %d from %s to %s\n", seen->number,
			folder_names[folder], folder_names[target]);
		MUST(imap_copy(
			other, &set, folder_names[target], &outcome, &err));
		imap_outcome_clear(&outcome);
		letter->there[target] = true;
		letter->flags[target] = letter->flags[folder];
	} else {
		trace("  the other deletes %d in %s\n", seen->number,
			folder_names[folder]);
		letter->may_be_gone = true;
	}
	letter->there[folder] = false;
	letter->flags[folder] = 0;
	MUST(imap_store(other, &set, true, &deleted, &outcome, &err));
	imap_outcome_clear(&outcome);
	MUST(imap_expunge(other, &set, &outcome, &err));
}

static void
meddle(struct play *play)
{
	int folder = chance(2) ? INBOX : (int)chance(KEPT);

	if (chance(4) == 0) {
		trace("  letter %d comes\n", shared->model.n_letters);
		append_letter(play, chance(4) ? INBOX : FAR, 0);
		return;
	}
	look(play, folder, false);
	for (int i = 0; i < 2 && play->seen.n > 0; i++) {
		size_t at = chance((uint32_t)play->seen.n);
		struct seen seen = play->seen.items[at];

		play->seen.items[at] = play->seen.items[--play->seen.n];
		if (seen.number >= 0 && seen.number < LETTERS)
			meddle_with(play, &seen, folder);
	}
}

/* --- the network
 * ---------------------------------------------------------------- */

static bool
push_all(struct play *play, int account, int most, struct error *err)
{
	struct push push = { .session = &play->sessions[account],
		.pull = &play->pulls[account] };
	bool any = true;
	int rounds = 0;

	while (any && rounds++ < most) {
		if (!push_some(&push, &any, err))
			return false;
	}
	if (any && most == ROUNDS)
		wrong("pushing comes to no end");
	return true;
}

static bool
pull_all(struct play *play, int account, struct error *err)
{
	struct folders folders CLEANUP(folders_clear) = { 0 };
	struct session *session = &play->sessions[account];
	struct pull *pull = &play->pulls[account];

	if (!folder_load_all(
		    play->store, shared->accounts[account], &folders, err))
		return false;
	for (size_t i = 0; i < folders.n; i++) {
		if (!folders.items[i].selectable || !folders.items[i].remote)
			continue;
		if (!pull_head(session, folders.items[i].id, pull, err) ||
			(!pull->complete && !pull_backfill(session, pull, err)))
			return false;
	}
	return true;
}

enum depth { PUSH_A_BIT, PUSH_ALL, PUSH_AND_PULL };

static bool
synchronise(struct play *play, int account, enum depth depth, struct error *err)
{
	struct session *session = &play->sessions[account];
	bool good = (session_is_open(session) || session_open(session, err)) &&
		    tree_pull(session, err) &&
		    push_all(play, account, depth == PUSH_A_BIT ? 1 : ROUNDS,
			    err) &&
		    (depth != PUSH_AND_PULL || pull_all(play, account, err));

	if (!good) {
		trace("  (%s)\n", err->text);
		/* What else than trouble of our own making it may be. */
		if (err->kind != ERR_OFFLINE && err->kind != ERR_STALE)
			wrong("%s: %s", error_kind_name(err->kind), err->text);
		session_close(session);
		return false;
	}
	if (depth == PUSH_AND_PULL) {
		for (int i = 0; i < LETTERS; i++)
			shared->model.letters[i].other_fresh &=
				~(1u << account);
	}
	return true;
}

/* What one sends, another takes away then. */
static bool
synchronise_all(struct play *play, struct error *err)
{
	bool good = true;

	for (int i = 0; i < 2 * SERVERS && good; i++)
		good = synchronise(play, i % SERVERS, PUSH_AND_PULL, err);
	return good;
}

static void
sync_once(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	enum depth depth = chance(3);
	uint32_t trouble = chance(4);
	int account = (int)chance(SERVERS);

	trace("  sync %s %d", account_names[account], (int)depth);
	if (trouble == 0) {
		cut_at_write = 1 + (int)chance(14);
		cut_before = chance(2);
		trace(", cut %s write %d", cut_before ? "before" : "after",
			cut_at_write);
	} else if (trouble == 1) {
		die_at_commit = 1 + (int)chance(16);
		die_before = chance(2);
		trace(", dies %s commit %d", die_before ? "before" : "after",
			die_at_commit);
	}
	trace("\n");
	synchronise(play, account, depth, &err);
	cut_at_write = die_at_commit = 0;
	check_view(play, "sync");
}

/* --- the end
 * ---------------------------------------------------------------------- */

static void
check_no_operations(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct operations operations = { 0 };
	bool pending, contested = false;

	for (int i = 0; i < shared->model.n_letters; i++)
		contested = contested || shared->model.letters[i].contested;
	for (int i = 0; i < ACCOUNTS; i++) {
		MUST(operation_is_pending(
			play->store, shared->accounts[i], &pending, &err));
		if (pending)
			wrong("operations of %s wait still", account_names[i]);
	}
	MUST(operation_load_all(play->store, false, 100, &operations, &err));
	for (size_t i = 0; i < operations.n; i++) {
		struct operation *it = &operations.items[i];

		if (it->state == OPERATION_FAILED && contested)
			continue;
		wrong("operation %" PRId64 " of kind %d in state %d: %s",
			it->id, (int)it->kind, (int)it->state,
			it->error ? it->error : "-");
	}
	operations_clear(&operations);
}

/* A letter of ours that somebody took away before we could know where it came
 * to stays here, and its operation says so. */
static bool
is_unsent(const struct held *held)
{
	return held->uid == 0 && held->number >= 0 && held->number < LETTERS &&
	       shared->model.letters[held->number].contested;
}

/* The server's side against ours, and both against the model. */
static void
check_folder(struct play *play, const struct held_array *held, int folder,
	int found[LETTERS])
{
	size_t n_here = 0;

	look(play, folder, true);
	for (size_t i = 0; i < held->n; i++)
		n_here += held->items[i].folder == folder &&
			  !is_unsent(&held->items[i]);
	if (n_here != play->seen.n)
		wrong("%s: %zu here, %zu at the server", folder_names[folder],
			n_here, play->seen.n);
	for (size_t i = 0; i < play->seen.n; i++) {
		struct seen *seen = &play->seen.items[i];
		const struct held *here = NULL;
		struct letter *letter;

		for (size_t j = 0; j < held->n && !here; j++) {
			if (held->items[j].folder == folder &&
				held->items[j].uid == seen->uid)
				here = &held->items[j];
		}
		if (!here || here->number != seen->number)
			wrong("%s: UID %u (letter %d) is not here",
				folder_names[folder], seen->uid, seen->number);
		else if (here->flags != seen->flags)
			wrong("%s: letter %d: %x here, %x at the server",
				folder_names[folder], seen->number, here->flags,
				seen->flags);
		if (seen->number < 0 || seen->number >= LETTERS)
			continue;
		found[seen->number]++;
		letter = &shared->model.letters[seen->number];
		if (letter->contested)
			continue;
		if (!letter->there[folder])
			wrong("letter %d is in %s", seen->number,
				folder_names[folder]);
		else if (letter->flags[folder] != seen->flags)
			wrong("letter %d in %s: %x, the model has %x",
				seen->number, folder_names[folder], seen->flags,
				letter->flags[folder]);
	}
}

/* Nobody else knows of these. */
static void
check_kept(const struct held_array *held, int found[LETTERS])
{
	for (size_t i = 0; i < held->n; i++) {
		const struct held *it = &held->items[i];
		const struct letter *letter;

		if (it->folder != KEPT || it->number < 0 ||
			it->number >= LETTERS)
			continue;
		letter = &shared->model.letters[it->number];
		found[it->number]++;
		if (letter->contested)
			continue;
		if (!letter->there[KEPT])
			wrong("letter %d is kept here", it->number);
		else if (letter->flags[KEPT] != it->flags)
			wrong("letter %d here: %x, the model has %x",
				it->number, it->flags, letter->flags[KEPT]);
	}
}

static void
say_fault_here(void *ctx, const char *fault)
{
	(void)ctx;
	wrong("store: %s", fault);
}

static void
finish(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct held_array held = { 0 };
	int found[LETTERS] = { 0 };
	uint64_t faults;
	bool good = false;

	trace(" end\n");
	apply_all(play);
	for (int i = 0; i < 3 && !good; i++) {
		error_clear(&err);
		good = synchronise_all(play, &err);
	}
	if (!good)
		wrong("cannot synchronise: %s", err.text);
	check_no_operations(play);
	load_held(play, &held);
	for (int i = 0; i < KEPT; i++)
		check_folder(play, &held, i, found);
	check_kept(&held, found);
	for (int i = 0; i < shared->model.n_letters; i++) {
		struct letter *letter = &shared->model.letters[i];
		int wanted = 0;

		for (int j = 0; j < FOLDERS; j++)
			wanted += letter->there[j];
		if (letter->contested ? found[i] == 0 && !letter->may_be_gone
				      : found[i] != wanted)
			wrong("letter %d stands in %d folders, not %d", i,
				found[i], wanted);
	}
	MUST(store_check(
		play->store, true, say_fault_here, NULL, &faults, &err));
	array_clear(&held);
}

/* --- sequences
 * --------------------------------------------------------------------- */

/* A fixed sequence, offline; then its replay, with trouble at one point. */
static void
live_through_sweep(struct play *play)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	while (shared->step < SWEEP_STEPS && !shared->wrong) {
		throw_for(SWEEP_SEED, (uint64_t)shared->step++);
		if (shared->step == SWEEP_STEPS / 2)
			turn_back(play, true);
		else
			act(play);
	}
	if (shared->step++ > SWEEP_STEPS || shared->wrong)
		return;
	trace("  sync, trouble %d at %d\n", (int)shared->trouble, shared->at);
	if (shared->trouble == DIE_BEFORE || shared->trouble == DIE_AFTER)
		die_at_commit = shared->at;
	else
		cut_at_write = shared->at;
	die_before = shared->trouble == DIE_BEFORE;
	cut_before = shared->trouble == CUT_BEFORE;
	synchronise_all(play, &err);
	die_at_commit = cut_at_write = 0;
	check_view(play, "sync");
}

/* The id of an action whose process died as it was made. */
static void
learn_action(struct play *play)
{
	struct model *model = &shared->model;
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct action action CLEANUP(action_clear) = { 0 };

	if (model->n_done == 0 || model->done[model->n_done - 1].action)
		return;
	if (action_to_undo(play->store, &action, &err) == FOUND)
		model->done[model->n_done - 1].action = action.id;
	else
		wrong("an action is lost");
}

/* A life: until the end or until it dies. */
static void
live(struct play *play)
{
	int steps;

	throw_for(play->seed, 1);
	steps = 5 + (int)chance(STEPS_MOST - 5);
	play_open(play);
	if (!shared->is_set_up) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		set_up_server(play);
		MUST(synchronise_all(play, &err));
		shared->is_set_up = true;
	}
	learn_action(play);
	apply_all(play);
	check_view(play, "start");
	if (shared->trouble != TROUBLE_NONE)
		live_through_sweep(play);
	while (shared->trouble == TROUBLE_NONE && shared->step < steps &&
		!shared->wrong) {
		uint32_t what;

		throw_for(play->seed, 100 + (uint64_t)shared->step++);
		what = chance(20);
		if (what < 9)
			act(play);
		else if (what < 12)
			turn_back(play, true);
		else if (what < 13)
			turn_back(play, false);
		else if (what < 15)
			meddle(play);
		else
			sync_once(play);
	}
	if (!shared->wrong)
		finish(play);
	shared->finished = true;
	play_close(play);
}

/* What an act came to that its process did not see the end of. */
static void
bury(void)
{
	if (shared->phase == PHASE_ACT && shared->committed)
		shared->model = shared->next;
	shared->phase = PHASE_IDLE;
	trace(" dies, and is born again\n");
}

static bool
run_life(struct play *play)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		live(play);
		fflush(stdout);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == DIED) {
		bury();
		return true;
	}
	wrong("ended with status %x", (unsigned)status);
	return false;
}

static void
say_lines(const char *text)
{
	struct slice rest = slice_str(text), line;

	while (slice_next_line(&rest, &line))
		printf("# %.*s\n", (int)line.len, line.data);
}

/* One sequence; whether it came to the trouble it was to have. */
static bool
run_seed(uint16_t port, uint64_t seed, enum trouble trouble, int at)
{
	struct play play = { .seed = seed, .port = port };
	const char *temporary = getenv("TMPDIR");

	memset(shared, 0, sizeof(*shared));
	shared->trouble = trouble;
	shared->at = at;
	for (int i = 0; i < SERVERS; i++)
		snprintf(play.users[i], sizeof(play.users[i]), "%c%" PRIu64,
			"mn"[i], seed);
	snprintf(play.dir, sizeof(play.dir), "%s/tercet-model-XXXXXX",
		temporary && strlen(temporary) < 30 ? temporary : "/tmp");
	if (!mkdtemp(play.dir))
		exit(99);
	while (!shared->finished && run_life(&play)) {
		if (++shared->lives > LIVES) {
			wrong("too many lives");
			break;
		}
	}
	if (trouble == TROUBLE_NONE)
		ok(!shared->wrong, "seed %" PRIu64, seed);
	else
		ok(!shared->wrong, "%s %d, seed %" PRIu64,
			trouble_names[trouble], at, seed);
	if (shared->wrong)
		say_lines(shared->trace);
	if (!shared->wrong || !getenv("TERCET_KEEP"))
		remove_dir(play.dir);
	return shared->met;
}

static void
sweep(uint16_t port, uint64_t first)
{
	for (int trouble = DIE_BEFORE; trouble <= CUT_AFTER; trouble++) {
		int at = 1;

		while (run_seed(port, first++, (enum trouble)trouble, at) &&
			at < SWEEP_MOST)
			at++;
	}
}

int
main(int argc, char **argv)
{
	uint64_t first, count;

	if (argc != 4) {
		fprintf(stderr, "usage: model PORT FIRST COUNT|sweep\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (getenv("TERCET_MODEL_LOG"))
		log_open(getenv("TERCET_MODEL_LOG"), LOG_DEBUG);
	first = strtoull(argv[2], NULL, 10);
	count = strtoull(argv[3], NULL, 10);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 99;
	if (strcmp(argv[3], "sweep") == 0)
		sweep((uint16_t)strtoul(argv[1], NULL, 10), first);
	for (uint64_t i = 0; i < count; i++)
		run_seed((uint16_t)strtoul(argv[1], NULL, 10), first + i,
			TROUBLE_NONE, 0);
	return tap_done();
}
