/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/message_json.h"

#include "base/bug.h"

const char *
message_state_name(enum message_state state)
{
	switch (state) {
	case MESSAGE_ENVELOPE:
		return "envelope";
	case MESSAGE_TEXT:
		return "text";
	case MESSAGE_FULL:
		return "full";
	}
	UNREACHABLE();
}

const struct message_placement *
message_placement_in(
	const struct cli *cli, const struct message *message, int64_t folder)
{
	const struct message_placement *best = NULL;
	int best_rank = 0;

	for (size_t i = 0; i < message->n_placements; i++) {
		const struct message_placement *it = &message->placements[i];
		const struct folder *in = cli_folder(cli, it->folder);
		int rank = in ? role_rank(in->role) : ROLES + 1;

		if (it->folder == folder)
			return it;
		if (!best || rank < best_rank) {
			best = it;
			best_rank = rank;
		}
	}
	return best;
}

static void
put_addresses(
	struct json *json, const char *key, const struct address_list *list)
{
	json_key(json, key);
	json_array_begin(json);
	for (size_t i = 0; i < list->n; i++) {
		json_object_begin(json);
		json_put_string_opt(json, "name", list->items[i].name);
		json_put_string(json, "address", list->items[i].address);
		json_object_end(json);
	}
	json_array_end(json);
}

/* Words of a list with single blanks between. */
static void
put_words(struct json *json, struct slice words, bool system_flags)
{
	while (words.len > 0) {
		struct slice word = slice_head(words, slice_find(words, ' '));

		words = slice_skip(words, word.len + 1);
		if (word.len > 0 && (word.data[0] == '\\') == system_flags)
			json_slice(json, word);
	}
}

static void
put_flags(struct json *json, const struct flags *flags)
{
	struct strbuf words CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&words,
		(size_t)FLAGS_KEYWORDS_MAX * 2 * FLAGS_KEYWORD_LENGTH_MAX);
	flags_print(flags, &words);
	json_key(json, "flags");
	json_array_begin(json);
	put_words(json, strbuf_slice(&words), true);
	json_array_end(json);
	json_key(json, "keywords");
	json_array_begin(json);
	put_words(json, strbuf_slice(&words), false);
	json_array_end(json);
}

static void
put_folders(
	struct json *json, const struct cli *cli, const struct message *message)
{
	json_key(json, "folders");
	json_array_begin(json);
	for (size_t i = 0; i < message->n_placements; i++) {
		const struct folder *in =
			cli_folder(cli, message->placements[i].folder);

		if (in)
			json_string(json, in->name);
	}
	json_array_end(json);
}

void
json_put_message(struct json *json, const struct cli *cli,
	const struct message *message, int64_t folder)
{
	const struct envelope *envelope = &message->envelope;
	const struct message_placement *placement =
		message_placement_in(cli, message, folder);
	const struct folder *in =
		placement ? cli_folder(cli, placement->folder) : NULL;

	json_put_int(json, "schema", CLI_SCHEMA);
	json_put_int(json, "id", message->id);
	json_put_string(
		json, "account", cli_account_name(cli, message->account));
	json_put_string_opt(json, "folder", in ? in->name : NULL);
	put_folders(json, cli, message);
	if (placement && placement->uid)
		json_put_int(json, "uid", placement->uid);
	json_put_string_opt(json, "message_id", envelope->message_id);
	if (message->conversation)
		json_put_int(json, "conversation", message->conversation);
	json_put_time_opt(json, "date", envelope->date);
	json_put_time_opt(json, "received", message->received);
	put_addresses(json, "from", &envelope->from);
	put_addresses(json, "to", &envelope->to);
	put_addresses(json, "cc", &envelope->cc);
	put_addresses(json, "reply_to", &envelope->reply_to);
	json_put_string_opt(json, "subject", envelope->subject);
	if (placement)
		put_flags(json, &placement->flags);
	json_put_int(json, "size", (int64_t)message->size);
	json_put_int(json, "attachments", message->attachments);
	json_put_string_opt(json, "snippet", message->snippet);
	json_put_string(json, "state", message_state_name(message->state));
}
