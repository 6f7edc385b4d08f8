/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Another program as transport, by sendmail's conventions: the message on its
 * standard input with line feeds, the envelope in its arguments, an exit status
 * of sysexits.h.  While it runs nobody can say whether it has sent already, so
 * that a crash leaves the message unconfirmed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/utf8.h"
#include "sync/send_private.h"

enum {
	COMMAND_US = 600 * 1000000,
	OUTPUT_MAX = 64 * 1024,
	WORDS_MAX = 1000,
	KILLED = 128,
};

static bool
make_argv(const struct deliver *deliver, const struct outbox_entry *entry,
	const struct outbox_recipients *all, struct argv *ret,
	struct error *err)
{
	if (!argv_split(deliver->options.account->sendmail_command, ret, err))
		return false;
	argv_add(ret, "-oi");
	if (*entry->sender) {
		argv_add(ret, "-f");
		argv_add(ret, entry->sender);
	}
	argv_add(ret, "--");
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i].fate == OUTBOX_WAITS)
			argv_add(ret, all->items[i].address);
	}
	return true;
}

/* Those that wait get this fate. */
static void
set_all(struct outbox_recipients *all, const bool *asked, enum outbox_fate fate,
	int code, const char *reply)
{
	for (size_t i = 0; i < all->n; i++) {
		if (!asked[i])
			continue;
		all->items[i].fate = fate;
		all->items[i].code = code;
		str_replace(&all->items[i].reply, reply);
	}
}

static char *
describe(const struct argv *argv, const struct spawn_result *result)
{
	struct strbuf words CLEANUP(strbuf_clear) = { 0 };
	struct slice said = slice_trim(strbuf_slice(&result->errs));

	strbuf_init(&words, 3 * WORDS_MAX);
	utf8_repair(slice_head(said, utf8_cut(said, WORDS_MAX)), &words);
	for (size_t i = 0; i < words.len; i++) {
		if (ascii_is_control(words.data[i]))
			words.data[i] = ' ';
	}
	if (words.len == 0)
		return xasprintf(_("%s ended with status %d"), argv->items[0],
			result->status);
	return xasprintf(_("%s ended with status %d: %s"), argv->items[0],
		result->status, words.data);
}

/* sysexits.h: what may go away by itself. */
static bool
is_temporary(int status)
{
	return status == EX_TEMPFAIL || status == EX_OSERR ||
	       status == EX_IOERR || status == EX_UNAVAILABLE ||
	       status == EX_NOHOST || status == 127 || status == 126;
}

static bool
doubt_all(struct deliver *deliver, const struct outbox_entry *entry,
	const struct outbox_recipients *all, const bool *asked,
	struct error *err)
{
	int *ns CLEANUP(freep) = xcalloc(all->n, sizeof(*ns));
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (asked[i])
			ns[n++] = all->items[i].n;
	}
	return outbox_doubt(deliver->options.store, entry->id, ns, n, err);
}

static bool
run_command(struct deliver *deliver, const struct argv *argv,
	const struct outbox_entry *entry, struct outbox_recipients *all,
	const bool *asked, char **ret_why, struct error *err)
{
	struct whole whole CLEANUP(whole_clear) = { 0 };
	struct spawn_result result CLEANUP(spawn_result_clear) = { 0 };
	struct error why CLEANUP(error_clear) = ERROR_INIT;
	bool temporary;

	if (!whole_of_outbox(deliver->options.store, deliver->options.store_dir,
		    entry->id, entry->size, false, true, &whole, err) ||
		!doubt_all(deliver, entry, all, asked, err))
		return false;
	if (!spawn_run(argv, whole.bytes, OUTPUT_MAX,
		    clock_mono_us() + COMMAND_US, deliver->options.cancel,
		    &result, &why)) {
		/* It could not be started, or was killed at some point. */
		*ret_why = xstrdup(why.text);
		set_all(all, asked,
			why.kind == ERR_INVALID ? OUTBOX_WAITS : OUTBOX_DOUBTED,
			0, why.text);
		return true;
	}
	if (result.status == 0) {
		set_all(all, asked, OUTBOX_TAKEN, 0, NULL);
		return true;
	}
	*ret_why = describe(argv, &result);
	temporary = is_temporary(result.status);
	if (result.status > KILLED)
		set_all(all, asked, OUTBOX_DOUBTED, result.status, *ret_why);
	else
		set_all(all, asked, temporary ? OUTBOX_WAITS : OUTBOX_REJECTED,
			result.status, *ret_why);
	return true;
}

bool
deliver_by_command(struct deliver *deliver, const struct outbox_entry *entry,
	struct outbox_recipients *all, struct error *err)
{
	struct argv argv CLEANUP(argv_clear) = { 0 };
	bool *asked CLEANUP(freep) = xcalloc(all->n + 1, sizeof(*asked));
	char *why CLEANUP(freep) = NULL;
	enum outbox_state state;
	struct error wrong CLEANUP(error_clear) = ERROR_INIT;

	for (size_t i = 0; i < all->n; i++)
		asked[i] = all->items[i].fate == OUTBOX_WAITS;
	if (!make_argv(deliver, entry, all, &argv, &wrong))
		return outbox_fail(
			deliver->options.store, entry->id, wrong.text, err);
	if (!run_command(deliver, &argv, entry, all, asked, &why, err))
		return false;
	if (!outbox_settle(deliver->options.store, entry->id, all->items,
		    all->n, clock_wall_s() + deliver_delay(entry->attempts + 1),
		    why, &state, err))
		return false;
	log_info("send", "message %" PRId64 ": %s", entry->id,
		outbox_state_name(state));
	return true;
}
