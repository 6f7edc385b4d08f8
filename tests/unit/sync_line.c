/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"
#include "sync/line.h"

#include "tap.h"

static const char *const bad_lines[] = {
	"", "event", "event 1 2 3 4 0 5 6", "event 1 2 3 4 0 5 6 - 7",
	"event 99 2 3 4 0 5 6 -", "event 1 -2 3 4 0 5 6 -",
	"event 1 2 3 4 9 5 6 -", "event 1 2 3 4 0 5 6 x0",
	"event 1 2 3 4 0 5 6 x00", "event 1 2 3 4 0 5 6 xzz",
	"event 1 9223372036854775808 3 4 0 5 6 -", "request 1 2 3 4 0 -",
	"request 99 2 3 4 0 - -",
	"request 2 1 0 5 0 - -", /* a section is wished for, and not named */
	"request 6 1 0 0 0 - -", /* a password that is none */
};

static void
test_event(void)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct event event = {
		.type = EVENT_FETCH_FAILED,
		.account = 3,
		.folder = 7,
		.message = INT64_MAX,
		.progress = PROGRESS_PART,
		.done = 5,
		.total = UINT64_MAX,
		.text = (char *)(uintptr_t) "a line\nand \"more\" \xc3\xa9",
	};
	struct event *back;

	strbuf_init(&line, LINE_MAX_BYTES);
	line_print_event(&event, &line);
	ok(slice_find(strbuf_slice(&line), '\n') == line.len - 1, "one line");
	back = line_parse_event(slice_make(line.data, line.len - 1));
	if (!ok(back != NULL, "read back"))
		return;
	ok(back->type == event.type && back->account == 3 &&
			back->folder == 7 && back->message == INT64_MAX &&
			back->progress == PROGRESS_PART && back->done == 5 &&
			back->total == UINT64_MAX,
		"same numbers");
	is_str(back->text, event.text, "same text");
	event_free(back);
}

static void
test_request(void)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };
	struct command *command = command_new(COMMAND_FETCH_SECTION);
	struct request *request = request_new(4, command);
	struct request *back;

	strbuf_init(&line, LINE_MAX_BYTES);
	command->message = 12;
	command->section = xstrdup("");
	line_print_request(request, &line);
	back = line_parse_request(slice_make(line.data, line.len - 1));
	ok(back && back->account == 4 && back->command->message == 12,
		"read back");
	is_str(back ? back->command->section : NULL, "",
		"the whole message is an empty section");
	request_free(back);
	request_free(request);
}

int
main(void)
{
	test_event();
	test_request();
	for (size_t i = 0; i < ARRAY_LEN(bad_lines); i++) {
		struct slice line = slice_str(bad_lines[i]);
		struct event *event = line_parse_event(line);
		struct request *request = line_parse_request(line);

		ok(!event && !request, "refused: %s", bad_lines[i]);
		event_free(event);
		request_free(request);
	}
	return tap_done();
}
