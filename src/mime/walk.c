/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/walk.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/content.h"
#include "mime/header.h"
#include "mime/inline_file.h"
#include "mime/param.h"

/* A part whose end has not been seen. */
struct open_part {
	int part;
	char *boundary; /* of a multipart, else NULL */
	size_t boundary_len;
	int children;
	bool closed; /* its last delimiter was seen */
};

struct walker {
	struct slice message;
	struct part_tree *tree;
	struct open_part open[PARTS_DEPTH_MAX + 1];
	int n_open;
	int n_multiparts; /* of those, with delimiters to look for */
};

struct delimiter {
	int open; /* whose it is */
	bool closes;
	size_t end; /* where the next line starts */
};

static struct slice
rest_of(const struct walker *w, size_t at)
{
	return slice_skip(w->message, at);
}

/* Where the line after the one at `at` starts. */
static size_t
next_line(struct slice message, size_t at)
{
	size_t n = slice_find(slice_skip(message, at), '\n');

	return at + n < message.len ? at + n + 1 : message.len;
}

/* RFC 2046 5.1.1: blanks may follow, nothing else. */
static bool
is_delimiter(const struct open_part *open, struct slice line, bool *ret_closes)
{
	if (!open->boundary || open->closed || line.len < open->boundary_len ||
		memcmp(line.data, open->boundary, open->boundary_len) != 0)
		return false;
	line = slice_skip(line, open->boundary_len);
	*ret_closes = slice_starts(line, SLICE("--"));
	return slice_trim(slice_skip(line, *ret_closes ? 2 : 0)).len == 0;
}

/* The innermost multipart whose delimiter stands at `at`. */
static bool
find_delimiter(const struct walker *w, size_t at, struct delimiter *ret)
{
	struct slice line = rest_of(w, at);

	if (line.len < 3 || line.data[0] != '-' || line.data[1] != '-' ||
		w->n_multiparts == 0)
		return false;
	ret->end = next_line(w->message, at);
	line = slice_make(line.data + 2, ret->end - at - 2);
	for (ret->open = w->n_open - 1; ret->open >= 0; ret->open--) {
		if (is_delimiter(&w->open[ret->open], line, &ret->closes))
			return true;
	}
	return false;
}

/* No delimiter ever came: what is there can at least be read. */
static void
make_text(struct part *part)
{
	size_t n = strlen(part->section);
	size_t tail = strlen("TEXT");

	str_replace(&part->type, "text/plain");
	part->encoding = ENCODING_IDENTITY;
	if (n == 0)
		str_replace(&part->section, "1");
	else if (slice_ends(slice_str(part->section), SLICE(".TEXT")))
		memcpy(part->section + n - tail, "1", 2);
}

static void
close_part(struct walker *w, size_t end)
{
	struct open_part *open = &w->open[--w->n_open];
	struct part *part = &w->tree->items[open->part];

	part->size = end > part->offset ? end - part->offset : 0;
	if (open->boundary && open->children == 0)
		make_text(part);
	(void)inline_files_add(w->tree, open->part,
		mime_part_body(w->message, part), part->offset);
	w->n_multiparts -= open->boundary != NULL;
	free(open->boundary);
}

/* The line break before a delimiter belongs to it. */
static size_t
before_break(struct slice message, size_t at)
{
	if (at > 0 && message.data[at - 1] == '\n')
		at--;
	if (at > 0 && message.data[at - 1] == '\r')
		at--;
	return at;
}

struct header_end {
	size_t header; /* where it ends */
	size_t body;   /* where what follows starts */
};

/*
 * The empty line, or a delimiter, or where text starts without either: at a
 * first line that is no field, or at the last lines when several in a row are
 * none.  One alone is a field gone wrong and passed over.
 */
static struct header_end
find_header_end(const struct walker *w, size_t start)
{
	struct slice message = w->message;
	struct delimiter delimiter;
	size_t bad = 0; /* lines in a row */
	size_t first_bad = start;
	size_t at = start;

	while (at < message.len) {
		struct slice line = rest_of(w, at);
		size_t next = next_line(message, at);
		bool empty = line.data[0] == '\n' ||
			     slice_starts(line, SLICE("\r\n"));

		if (empty && bad > 1)
			break;
		if (empty)
			return (struct header_end){ at, next };
		if (find_delimiter(w, at, &delimiter))
			break;
		line.len = next - at;
		if (header_line_is_field(line)) {
			bad = 0;
		} else if (at == start) {
			return (struct header_end){ start, start };
		} else if (line.data[0] != ' ' && line.data[0] != '\t') {
			if (bad++ == 0)
				first_bad = at;
		}
		at = next;
	}
	if (bad > 0)
		at = first_bad;
	return (struct header_end){ at, at };
}

/*
 * mbox has a line of its own in front of a header; and some have blanks there,
 * on a line of their own or before the first field.
 */
static size_t
skip_to_header(struct slice message, size_t at)
{
	struct slice s = slice_skip(message, at);
	size_t blanks = 0;
	size_t next;

	if (slice_starts(s, SLICE("From ")) || slice_starts(s, SLICE(">From ")))
		return next_line(message, at);
	while (blanks < s.len &&
		(s.data[blanks] == ' ' || s.data[blanks] == '\t'))
		blanks++;
	if (blanks == 0)
		return at;
	next = next_line(message, at);
	if (slice_trim(slice_head(s, next - at)).len == 0)
		blanks = next - at;
	if (header_line_is_field(
		    slice_head(slice_skip(s, blanks), HEADER_NAME_MAX)))
		return at + blanks;
	return at;
}

static bool
is_message(const struct part *part)
{
	return part->encoding == ENCODING_IDENTITY &&
	       (part_is_type(part, "message/rfc822") ||
		       part_is_type(part, "message/global") ||
		       part_is_type(part, "message/news"));
}

static void
settle_boundary(struct walker *w, const struct part *part)
{
	struct open_part *open = &w->open[w->n_open - 1];

	if (!part_is_multipart(part))
		return;
	open->boundary = mime_param_raw(part, "boundary");
	if (!open->boundary)
		open->boundary = xstrdup("");
	/* RFC 2046 5.1.1: it does not end with a blank. */
	open->boundary_len = strlen(open->boundary);
	while (open->boundary_len > 0 &&
		ascii_is_space(open->boundary[open->boundary_len - 1]))
		open->boundary_len--;
	/* Without one nothing is found, and it becomes text. */
	if (open->boundary_len == 0 || open->boundary_len > BOUNDARY_LENGTH_MAX)
		open->closed = true;
	w->n_multiparts++;
}

/* Too deep to be opened: shown as it is. */
static void
flatten(struct walker *w, struct part *part)
{
	w->tree->truncated = true;
	if (part_is_multipart(part))
		make_text(part);
}

/*
 * Opens the part whose header starts at `*at`, moves on to its body and tells
 * whether that is a message, which opens in turn.  False at PARTS_MAX.
 */
static bool
open_part(struct walker *w, size_t *at, bool *ret_is_message)
{
	struct open_part *above =
		w->n_open > 0 ? &w->open[w->n_open - 1] : NULL;
	const struct part *parent = above ? &w->tree->items[above->part] : NULL;
	bool in_digest = parent && part_is_type(parent, "multipart/digest");
	int depth = parent ? parent->depth + 1 : 0;
	struct header_end end = find_header_end(w, *at);
	struct slice header =
		slice_make(w->message.data + *at, end.header - *at);
	struct part *part = part_tree_add(w->tree);

	if (!part)
		return false;
	if (header.len > WALK_HEADER_MAX) {
		w->tree->truncated = true;
		header.len = WALK_HEADER_MAX;
	}
	content_read(header, in_digest ? "message/rfc822" : "text/plain", part);
	part->parent = above ? above->part : -1;
	part->depth = depth;
	part->header_offset = *at;
	part->offset = end.body;
	part->section = part_section(w->tree, part->parent,
		above ? ++above->children : 1, part_is_multipart(part));
	w->open[w->n_open++] =
		(struct open_part){ .part = (int)w->tree->n - 1 };
	*ret_is_message = is_message(part);
	if (depth < PARTS_DEPTH_MAX - 1) {
		settle_boundary(w, part);
	} else if (*ret_is_message || part_is_multipart(part)) {
		flatten(w, part);
		*ret_is_message = false;
	}
	*at = end.body;
	return true;
}

/* A part, and the messages that start right in it. */
static bool
open_parts(struct walker *w, size_t *at)
{
	bool is_message_part = true;

	while (is_message_part) {
		if (w->n_open > 0 && !w->open[w->n_open - 1].boundary)
			*at = skip_to_header(w->message, *at);
		if (!open_part(w, at, &is_message_part))
			return false;
	}
	return true;
}

static void
walk(struct walker *w)
{
	size_t at = skip_to_header(w->message, 0);
	bool more = open_parts(w, &at);

	while (more && w->n_multiparts > 0 && at < w->message.len) {
		struct delimiter delimiter;

		if (!find_delimiter(w, at, &delimiter)) {
			at = next_line(w->message, at);
			continue;
		}
		while (w->n_open > delimiter.open + 1)
			close_part(w, before_break(w->message, at));
		w->open[delimiter.open].closed = delimiter.closes;
		at = delimiter.end;
		if (!delimiter.closes)
			more = open_parts(w, &at);
	}
	while (w->n_open > 0)
		close_part(w, w->message.len);
}

/* Messages in it are called by their subjects. */
static void
name_messages(const struct walker *w)
{
	struct part_tree *tree = w->tree;

	for (size_t i = 1; i < tree->n; i++) {
		const struct part *child = &tree->items[i];
		struct part *part;
		struct strbuf text;
		struct slice header;
		struct slice subject;

		if (child->parent < 0)
			continue;
		part = &tree->items[child->parent];
		header =
			slice_head(slice_skip(w->message, child->header_offset),
				child->offset - child->header_offset);
		if (!part_is_message(part) || part->description ||
			!header_find(slice_head(header, WALK_HEADER_MAX),
				SLICE("Subject"), &subject))
			continue;
		strbuf_init(&text, 4 * INNER_SUBJECT_MAX);
		header_decode(slice_head(subject, INNER_SUBJECT_MAX), &text);
		if (text.len > 0)
			part->description = strbuf_take(&text);
		else
			strbuf_clear(&text);
	}
}

void
mime_walk(struct slice message, struct part_tree *ret_tree)
{
	struct walker w = { .tree = ret_tree };
	char *copy;

	/* Of the same length, so that offsets hold. */
	w.message = header_line_feeds(message, &copy);
	*ret_tree = (struct part_tree){ 0 };
	walk(&w);
	mime_params_settle(ret_tree);
	name_messages(&w);
	free(copy);
}

struct slice
mime_part_body(struct slice message, const struct part *part)
{
	return slice_head(slice_skip(message, part->offset), part->size);
}

struct slice
mime_header(struct slice message)
{
	struct part_tree tree = { 0 };
	struct walker w = { .tree = &tree };
	char *copy;
	size_t start;
	size_t end;

	w.message = header_line_feeds(message, &copy);
	start = skip_to_header(w.message, 0);
	end = find_header_end(&w, start).header;
	free(copy);
	return slice_make(message.data + start, end - start);
}
