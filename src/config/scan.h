/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What kind of line each line of the configuration is, and where it stands:
 * for changing one in place, and for what libini_config does not tell.
 */
#ifndef TERCET_CONFIG_SCAN_H
#define TERCET_CONFIG_SCAN_H

#include <stdbool.h>

#include "base/slice.h"

enum line_kind {
	LINE_BLANK,
	LINE_COMMENT,
	LINE_SECTION, /* `name` is what stands in brackets, trimmed */
	LINE_OPTION, /* `name` is the key, `value` what follows, both trimmed */
	LINE_OTHER,  /* no equals sign, no key, a bracket not closed, a comment
			or a section that is indented */
};

struct line {
	unsigned number;
	enum line_kind kind;
	struct slice all; /* with its line end */
	struct slice name;
	struct slice value;
};

struct scan {
	struct slice rest;
	unsigned number;
};

/* Passes over a byte order mark. */
void scan_init(struct scan *scan, struct slice text);
/* False at the end.  Lines borrow from the text. */
bool scan_next(struct scan *scan, struct line *ret_line);

/*
 * Splits a section's name: true for "general" (`*ret_account` empty) and
 * "account NAME", whatever blanks stand between the two words.
 */
bool section_split(struct slice section, struct slice *ret_account);

/* Letters, digits and . _ - @ +, beginning with a letter or a digit; 64 bytes
 * at most. */
bool account_name_valid(struct slice name);

#endif /* TERCET_CONFIG_SCAN_H */
