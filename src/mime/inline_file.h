/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files within a text, as mail had them before MIME and Usenet still has:
 * uuencode ("begin 644 name" to "end") and yEnc ("=ybegin" to "=yend").
 */
#ifndef TERCET_MIME_INLINE_FILE_H
#define TERCET_MIME_INLINE_FILE_H

#include <stdbool.h>

#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/part.h"

struct inline_file {
	enum part_encoding encoding;
	struct slice name;  /* as it stands */
	struct slice lines; /* first to last, with their line ends */
};

/*
 * The first file in `text`, which is decoded but in any charset that has ASCII;
 * false when there is none.  Words that only look like a first line are none:
 * what follows must be encoded lines.  One without its last line ends with the
 * lines that fit.  Linear over all calls that go on behind the last file.
 */
bool inline_file_find(struct slice text, struct inline_file *ret_file);
/* The name as UTF-8 in one line; appended. */
void inline_file_name(const struct inline_file *file, struct strbuf *out);

/*
 * Adds to `tree` a part for each file in the body of the part at `index`, as
 * its children: ENCODING_UUENCODE or ENCODING_YENC, with a section as
 * part_inline_section() makes it.  `base` is where `body` starts in what the
 * tree's offsets count in.  False when there is none, the part is no plain
 * text, is encoded otherwise, or has them already.
 */
bool inline_files_add(
	struct part_tree *tree, int index, struct slice body, size_t base);
/* The lines of the file that an inline section names, out of the body of its
 * part. */
bool inline_file_cut(
	struct slice text, const char *section, struct slice *ret_lines);

#endif /* TERCET_MIME_INLINE_FILE_H */
