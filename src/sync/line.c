/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event TYPE ACCOUNT FOLDER MESSAGE PROGRESS DONE TOTAL TEXT
 * request TYPE ACCOUNT FOLDER MESSAGE FLAG SECTION SECRET
 *
 * Numbers in decimal, strings in hexadecimal, "-" for none.
 */
#include "sync/line.h"

#include <stdlib.h>

#include "base/mem.h"

enum { WORDS_MAX = 9, STRING_MAX = 20 * 1024 };

static void
print_string(const char *s, struct strbuf *out)
{
	if (!s) {
		strbuf_add_str(out, " -");
		return;
	}
	strbuf_add_char(out, ' ');
	strbuf_add_char(out, 'x'); /* an empty string is a word too */
	for (; *s; s++)
		strbuf_addf(out, "%02x", (unsigned char)*s);
}

void
line_print_event(const struct event *event, struct strbuf *out)
{
	strbuf_addf(out, "event %d %lld %lld %lld %d %llu %llu",
		(int)event->type, (long long)event->account,
		(long long)event->folder, (long long)event->message,
		(int)event->progress, (unsigned long long)event->done,
		(unsigned long long)event->total);
	print_string(event->text, out);
	strbuf_add_char(out, '\n');
}

void
line_print_request(const struct request *request, struct strbuf *out)
{
	const struct command *command = request->command;

	strbuf_addf(out, "request %d %lld %lld %lld %d", (int)command->type,
		(long long)request->account, (long long)command->folder,
		(long long)command->message, command->flag ? 1 : 0);
	print_string(command->section, out);
	print_string(command->secret, out);
	strbuf_add_char(out, '\n');
}

/* Splits at blanks; returns how many words there were, WORDS_MAX + 1 for too
 * many. */
static size_t
split(struct slice line, struct slice words[WORDS_MAX])
{
	size_t n = 0;

	while (line.len > 0) {
		size_t len = slice_find(line, ' ');

		if (n == WORDS_MAX)
			return WORDS_MAX + 1;
		words[n++] = slice_head(line, len);
		line = slice_skip(line, len + 1);
	}
	return n;
}

static bool
parse_number(struct slice word, uint64_t max, uint64_t *ret)
{
	return ascii_parse_u64(word.data, word.len, max, ret);
}

static bool
parse_id(struct slice word, int64_t *ret)
{
	uint64_t value;

	if (!parse_number(word, INT64_MAX, &value))
		return false;
	*ret = (int64_t)value;
	return true;
}

static bool
parse_string(struct slice word, char **ret)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	*ret = NULL;
	if (slice_eq(word, SLICE("-")))
		return true;
	if (!slice_starts(word, SLICE("x")) || word.len % 2 == 0)
		return false;
	strbuf_init(&out, STRING_MAX);
	for (size_t i = 1; i < word.len; i += 2) {
		int high = ascii_hex(word.data[i]);
		int low = ascii_hex(word.data[i + 1]);

		if (high < 0 || low < 0 || (high == 0 && low == 0) ||
			!strbuf_add_char(&out, (char)(high << 4 | low)))
			return false;
	}
	*ret = strbuf_take(&out);
	return true;
}

struct event *
line_parse_event(struct slice line)
{
	struct slice words[WORDS_MAX];
	struct event *event;
	uint64_t type;
	uint64_t progress;

	if (split(line, words) != 9 || !slice_eq(words[0], SLICE("event")))
		return NULL;
	event = xnew(struct event);
	if (!parse_number(words[1], EVENT_ALERT, &type) ||
		!parse_id(words[2], &event->account) ||
		!parse_id(words[3], &event->folder) ||
		!parse_id(words[4], &event->message) ||
		!parse_number(words[5], PROGRESS_SEND, &progress) ||
		!parse_number(words[6], UINT64_MAX, &event->done) ||
		!parse_number(words[7], UINT64_MAX, &event->total) ||
		!parse_string(words[8], &event->text)) {
		event_free(event);
		return NULL;
	}
	event->type = (enum event_type)type;
	event->progress = (enum progress_kind)progress;
	return event;
}

struct request *
line_parse_request(struct slice line)
{
	struct slice words[WORDS_MAX];
	struct command *command;
	int64_t account;
	uint64_t type;
	uint64_t flag;

	if (split(line, words) != 8 || !slice_eq(words[0], SLICE("request")) ||
		!parse_number(words[1], COMMAND_WAKE, &type))
		return NULL;
	command = command_new((enum command_type)type);
	if (!parse_id(words[2], &account) ||
		!parse_id(words[3], &command->folder) ||
		!parse_id(words[4], &command->message) ||
		!parse_number(words[5], 1, &flag) ||
		!parse_string(words[6], &command->section) ||
		!parse_string(words[7], &command->secret) ||
		(type == COMMAND_FETCH_SECTION && !command->section) ||
		(type == COMMAND_PASSWORD && !command->secret)) {
		command_free(command);
		return NULL;
	}
	command->flag = flag == 1;
	return request_new(account, command);
}
