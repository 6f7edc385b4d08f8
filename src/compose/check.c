/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/check.h"

#include "base/array.h"
#include "base/bug.h"
#include "base/gettext.h"
#include "base/slice.h"

/* What mail says when it carries something; beginnings of words, whatever the
 * language of the interface. */
static const char *const attachment_words[] = {
	"attach",
	"enclosed",
	"anhang",
	"anhäng",
	"angehäng",
	"beigefügt",
	"anbei",
	"ci-joint",
	"pièce jointe",
	"pièces jointes",
	"adjunt",
	"allegat",
	"bijlage",
	"bijgevoegd",
	"anexo",
	"em anexo",
	"bilaga",
	"bifoga",
	"vedhæft",
	"vedlegg",
	"załącz",
	"příloh",
	"вложен",
	"прикреп",
	"添付",
	"附件",
	"첨부",
};

static bool
begins_word(struct slice line, size_t at)
{
	unsigned char before = at > 0 ? (unsigned char)line.data[at - 1] : ' ';

	/* Words of scripts without blanks between them begin anywhere. */
	return !ascii_is_alnum((char)before) ||
	       (unsigned char)line.data[at] >= 0x80;
}

static bool
has_word(struct slice line, struct slice word)
{
	for (size_t i = 0; i + word.len <= line.len; i++) {
		if (slice_starts_nocase(slice_skip(line, i), word) &&
			begins_word(line, i))
			return true;
	}
	return false;
}

static bool
speaks_of_attachment(struct slice line)
{
	for (size_t i = 0; i < ARRAY_LEN(attachment_words); i++) {
		if (has_word(line, slice_str(attachment_words[i])))
			return true;
	}
	return false;
}

/* Own lines: no quotes, nothing below the signature's mark. */
static void
look_through(struct slice body, bool *ret_words, bool *ret_attachment)
{
	struct slice line;

	*ret_words = false;
	*ret_attachment = false;
	while (slice_next_line(&body, &line)) {
		if (slice_eq(line, SLICE("-- ")))
			return;
		if (slice_trim(line).len == 0 || line.data[0] == '>')
			continue;
		*ret_words = true;
		*ret_attachment = *ret_attachment || speaks_of_attachment(line);
	}
}

unsigned
draft_doubts(const struct draft *draft)
{
	unsigned doubts = 0;
	bool has_words;
	bool names_attachment;

	look_through(slice_str(draft->body ? draft->body : ""), &has_words,
		&names_attachment);
	if (draft_count_recipients(draft) == 0)
		doubts |= DOUBT_RECIPIENTS;
	if (!draft->subject || !*draft->subject)
		doubts |= DOUBT_SUBJECT;
	if (!has_words && !draft->forwards && draft->attachments.n == 0)
		doubts |= DOUBT_TEXT;
	if (names_attachment && draft->attachments.n == 0)
		doubts |= DOUBT_ATTACHMENT;
	return doubts;
}

const char *
draft_doubt_text(enum draft_doubt doubt)
{
	switch (doubt) {
	case DOUBT_RECIPIENTS:
		return _("Nobody is to get it yet.");
	case DOUBT_SUBJECT:
		return _("It has no subject.");
	case DOUBT_TEXT:
		return _("Nothing is written in it.");
	case DOUBT_ATTACHMENT:
		return _("The text speaks of something attached, and nothing "
			 "is.");
	}
	UNREACHABLE();
}
