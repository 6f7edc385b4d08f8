/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files within a text: uuencode, yEnc. */
#include "mime/inline_file.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/transfer.h"
#include "mime/walk.h"

static void
check_file(const struct inline_file *file, struct slice text)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	check_within(file->lines, text);
	check_within(file->name, text);
	strbuf_init(&out, CHECK_OUT_MAX);
	inline_file_name(file, &out);
	check_line(out.data);
	strbuf_reset(&out);
	ASSERT(transfer_decode(file->encoding, file->lines, &out));
	ASSERT(out.len <= file->lines.len);
}

FUZZ_TARGET(inline_file)
{
	struct inline_file file;
	struct slice rest = input;
	struct slice lines;
	struct part_tree tree;
	size_t n = 0;

	while (inline_file_find(rest, &file)) {
		const char *end = file.lines.data + file.lines.len;

		check_file(&file, input);
		ASSERT(end > rest.data);
		rest = slice_skip(rest, (size_t)(end - rest.data));
		n++;
	}
	/* As a message of its own, to have a tree. */
	mime_walk(SLICE("Subject: x\n\nx"), &tree);
	if (inline_files_add(&tree, 0, input, 0))
		ASSERT(n > 0 && tree.n > 1);
	check_tree(&tree);
	for (size_t i = 1; i < tree.n; i++) {
		ASSERT(inline_file_cut(input, tree.items[i].section, &lines));
		check_within(lines, input);
	}
	part_tree_clear(&tree);
}
