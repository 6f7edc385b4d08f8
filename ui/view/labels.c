/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/labels.h"

#include "base/array.h"
#include "base/gettext.h"
#include "term/theme.h"

static const struct {
	const char *word;
	const char *name;
	uint32_t bit;
	uint16_t style;
} named[LABELS_NAMED] = {
	{ "$label1", N_("Important"), FLAG_LABEL1, STYLE_LABEL1 },
	{ "$label2", N_("Work"), FLAG_LABEL2, STYLE_LABEL2 },
	{ "$label3", N_("Personal"), FLAG_LABEL3, STYLE_LABEL3 },
	{ "$label4", N_("To do"), FLAG_LABEL4, STYLE_LABEL4 },
	{ "$label5", N_("Later"), FLAG_LABEL5, STYLE_LABEL5 },
};

/* Notes that programs keep; so is all that begins with a dollar. */
static const char *const notes[] = { "NonJunk", "NotJunk", "Junk",
	"JunkRecorded", "Forwarded", "Redirected", "MDNSent" };

struct label
labels_named(int i)
{
	return (struct label){ .word = slice_str(named[i].word),
		.name = slice_str(_(named[i].name)),
		.style = named[i].style };
}

struct label
labels_of(struct slice word)
{
	for (int i = 0; i < LABELS_NAMED; i++)
		if (slice_eq_nocase(word, slice_str(named[i].word)))
			return labels_named(i);
	return (struct label){
		.word = word, .name = word, .style = STYLE_LABEL
	};
}

struct slice
labels_word(struct slice name)
{
	for (int i = 0; i < LABELS_NAMED; i++)
		if (slice_eq_nocase(name, slice_str(named[i].name)) ||
			slice_eq_nocase(name, slice_str(_(named[i].name))))
			return slice_str(named[i].word);
	return name;
}

static bool
is_note(struct slice word)
{
	if (word.len > 0 && (word.data[0] == '$' || word.data[0] == '\\'))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++)
		if (slice_eq_nocase(word, slice_str(notes[i])))
			return true;
	return false;
}

bool
labels_next(
	const struct flags *flags, size_t *position, struct label *ret_label)
{
	struct slice rest = slice_str(flags->keywords ? flags->keywords : "");

	while (*position < LABELS_NAMED) {
		int i = (int)(*position)++;

		if (flags->bits & named[i].bit) {
			*ret_label = labels_named(i);
			return true;
		}
	}
	rest = slice_skip(rest, *position - LABELS_NAMED);
	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ');
		struct slice word = slice_head(rest, end);

		*position += end < rest.len ? end + 1 : end;
		rest = slice_skip(rest, end + 1);
		if (word.len == 0 || is_note(word))
			continue;
		*ret_label = labels_of(word);
		return true;
	}
	return false;
}
