/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * draw MAIL OUT: takes messages below the folder MAIL apart, in no order but
 * the same each time, and puts what single targets read into OUT/TARGET/.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "mime/charset.h"
#include "mime/header.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum { MESSAGE_MAX = 1024 * 1024, DRAWN_MAX = 16 * 1024, DEPTH_MAX = 20 };

/* How many of each. */
static struct kind {
	const char *target;
	size_t max;
	size_t n;
} kinds[] = {
	{ "address", 400, 0 },
	{ "charset", 200, 0 },
	{ "date", 200, 0 },
	{ "encoded_word", 300, 0 },
	{ "envelope", 200, 0 },
	{ "flowed", 100, 0 },
	{ "header", 200, 0 },
	{ "html", 200, 0 },
	{ "message", 400, 0 },
	{ "param", 400, 0 },
	{ "plain", 200, 0 },
	{ "subject", 200, 0 },
	{ "transfer", 200, 0 },
	{ "walk", 400, 0 },
};

ARRAY_OF(paths, char *);

static const char *out_dir;

static void
keep(const char *target, struct slice front, struct slice bytes)
{
	char *dir CLEANUP(freep) = file_join(out_dir, target);
	char *path CLEANUP(freep) = NULL;
	struct strbuf whole CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct kind *kind = kinds;

	while (strcmp(kind->target, target) != 0)
		kind++;
	if (kind->n >= kind->max || bytes.len == 0)
		return;
	path = xasprintf("%s/%zu", dir, kind->n++);
	strbuf_init(&whole, DRAWN_MAX + front.len);
	strbuf_add_slice(&whole, front);
	strbuf_add_slice(&whole, slice_head(bytes, DRAWN_MAX));
	if (!file_make_dir(dir, &err) ||
		!file_replace(path, strbuf_slice(&whole), &err))
		fprintf(stderr, "%s\n", err.text);
}

static void
draw_fields(struct slice header)
{
	static const struct {
		const char *name;
		const char *target;
	} fields[] = {
		{ "From", "address" },
		{ "To", "address" },
		{ "Cc", "address" },
		{ "Reply-To", "address" },
		{ "Date", "date" },
		{ "Subject", "subject" },
		{ "Content-Type", "param" },
		{ "Content-Disposition", "param" },
	};
	struct header_field field;

	while (header_next(&header, &field)) {
		for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
			if (slice_eq_nocase(
				    field.name, slice_str(fields[i].name)))
				keep(fields[i].target, SLICE(""), field.value);
		}
		for (size_t i = 0; i + 1 < field.value.len; i++) {
			if (slice_starts(
				    slice_skip(field.value, i), SLICE("=?"))) {
				keep("encoded_word", SLICE(""), field.value);
				break;
			}
		}
	}
}

static void
draw_text(const struct part *part, struct slice body)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	char *charset CLEANUP(freep) =
		xasprintf("%s\n", part->charset ? part->charset : "");
	char encoding[] = { (char)part->encoding, '\x0b' };

	strbuf_init(&bytes, MESSAGE_MAX);
	if (part->encoding != ENCODING_IDENTITY)
		keep("transfer", slice_make(encoding, sizeof(encoding)), body);
	if (!part_is_type(part, "text/") ||
		!transfer_decode(part->encoding, body, &bytes))
		return;
	keep("charset", slice_str(charset), strbuf_slice(&bytes));
	if (part_is_type(part, "text/html"))
		keep("html", SLICE(""), strbuf_slice(&bytes));
	else if (part->flowed)
		keep("flowed", slice_str(part->delsp ? "d" : ""),
			strbuf_slice(&bytes));
	else
		keep("plain", SLICE(""), strbuf_slice(&bytes));
}

static void
draw_message(struct slice message)
{
	struct part_tree tree;

	mime_walk(message, &tree);
	if (message.len <= DRAWN_MAX) {
		keep("message", SLICE(""), message);
		keep("walk", SLICE(""), message);
	}
	keep("header", SLICE(""), mime_header(message));
	keep("envelope", SLICE(""), mime_header(message));
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];

		draw_fields(slice_head(slice_skip(message, part->header_offset),
			part->offset - part->header_offset));
		draw_text(part, mime_part_body(message, part));
	}
	part_tree_clear(&tree);
}

static void
find_files(const char *dir, int depth, struct paths *paths)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = file_join(dir, names[i]->d_name);
		struct stat st;

		if (names[i]->d_name[0] == '.' || lstat(path, &st) != 0)
			free(path);
		else if (S_ISREG(st.st_mode) && st.st_size <= MESSAGE_MAX)
			array_push(paths, path);
		else {
			if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
				find_files(path, depth + 1, paths);
			free(path);
		}
		free(names[i]);
	}
	free(names);
}

static void
shuffle(struct paths *paths)
{
	uint64_t random = 88172645463325252u;

	for (size_t i = paths->n; i > 1; i--) {
		size_t other;
		char *path = paths->items[i - 1];

		random = random * 6364136223846793005u + 1442695040888963407u;
		other = (size_t)(random >> 33) % i;
		paths->items[i - 1] = paths->items[other];
		paths->items[other] = path;
	}
}

int
main(int argc, char **argv)
{
	struct paths paths = { 0 };

	if (argc != 3) {
		fprintf(stderr, "usage: draw MAIL OUT\n");
		return 2;
	}
	out_dir = argv[2];
	find_files(argv[1], 0, &paths);
	shuffle(&paths);
	for (size_t i = 0; i < paths.n; i++) {
		struct strbuf message CLEANUP(strbuf_clear) = { 0 };
		struct error err CLEANUP(error_clear) = ERROR_INIT;

		strbuf_init(&message, MESSAGE_MAX);
		if (file_read(paths.items[i], &message, &err))
			draw_message(strbuf_slice(&message));
		free(paths.items[i]);
	}
	array_clear(&paths);
	return 0;
}
