/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts that an older program extracted, from the bytes that are held. */
#include <stdlib.h>
#include <string.h>

#include "mime/message.h"
#include "mime/text.h"
#include "store/part.h"
#include "sync/ingest.h"

enum { HELD_MAX = MESSAGE_PARTS_MAX + 1 };

int
ingest_text_version(void)
{
	return TEXT_EXTRACTOR_VERSION;
}

/* Bytes out of the store as a server would have sent them. */
struct held {
	struct store *store;
	int64_t message;
	struct strbuf bytes[HELD_MAX];
	struct imap_body bodies[HELD_MAX];
	size_t n;
};

static enum found
load(struct held *held, const char *section, struct error *err)
{
	struct strbuf *bytes = &held->bytes[held->n];
	enum found found;

	strbuf_init(bytes, MESSAGE_BYTES_MAX);
	found = section_load(held->store, held->message, section, bytes, err);
	if (found != FOUND) {
		strbuf_clear(bytes);
		return found;
	}
	held->bodies[held->n++] =
		(struct imap_body){ slice_str(section), strbuf_slice(bytes) };
	return FOUND;
}

/* The whole message, or the parts that text is made of. */
static enum found
load_all(struct held *held, const struct message *message, struct error *err)
{
	int chosen[TEXT_PARTS_MAX];
	size_t n = mime_text_choose(
		&message->parts, false, chosen, TEXT_PARTS_MAX);
	const char *sections[HELD_MAX];
	enum found found = load(held, "", err);
	size_t n_sections;

	if (found != NOT_FOUND)
		return found;
	for (size_t i = 0; i < n; i++) {
		uint64_t size;

		found = section_size(held->store, held->message,
			message->parts.items[chosen[i]].section, &size, err);
		if (found != FOUND)
			return found;
	}
	/* Not the whole, whatever its size. */
	n_sections = ingest_sections(
		&message->parts, UINT64_MAX, sections, HELD_MAX);
	for (size_t i = 0; i < n_sections; i++) {
		if (load(held, sections[i], err) == FOUND_ERROR)
			return FOUND_ERROR;
	}
	return n > 0 ? FOUND : NOT_FOUND;
}

static bool
save(struct held *held, const struct message *message, struct error *err)
{
	struct ingest_text text;
	bool saved;

	ingest_text_read(message->id, &message->parts, held->bodies, held->n,
		UINT64_MAX, &text);
	/* The bytes are there. */
	for (size_t i = 0; i < text.sections.n; i++)
		free(text.sections.items[i].section);
	text.sections.n = 0;
	saved = ingest_texts_save(held->store, &text, 1, err);
	ingest_text_clear(&text);
	return saved;
}

enum found
ingest_text_again(struct store *store, int64_t message_id, struct error *err)
{
	struct message message = { .id = 0 };
	struct held held = { .store = store, .message = message_id };
	enum found found = message_load(store, message_id, &message, err);

	if (found == FOUND)
		found = load_all(&held, &message, err);
	if (found == FOUND && !save(&held, &message, err))
		found = FOUND_ERROR;
	for (size_t i = 0; i < held.n; i++)
		strbuf_clear(&held.bytes[i]);
	message_clear(&message);
	return found;
}
