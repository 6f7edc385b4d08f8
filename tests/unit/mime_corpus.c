/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every file below the folder that TERCET_CORPUS names, read as a message, as
 * a page, and as an address list, whatever it is: nothing crashes, all that
 * comes out is UTF-8 free of what headers must not hold, none takes a second.
 */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mime/address.h"
#include "mime/envelope.h"
#include "mime/html.h"
#include "mime/text.h"
#include "mime/walk.h"
#include "tap.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TIME_MAX_US = 10 * 1000 * 1000 };
#else
enum { TIME_MAX_US = 1000 * 1000 };
#endif
enum { FILE_SIZE_MAX = 64 * 1024 * 1024, DEPTH_MAX = 20 };

struct totals {
	int files;
	int parts;
	int links;
	int lossy;
	int64_t bytes;
	int64_t slowest_us;
};

static bool
is_clean(const char *text)
{
	struct slice s = slice_str(text);

	if (!utf8_is_valid(s))
		return false;
	while (s.len > 0) {
		uint32_t cp = utf8_next(&s);

		if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			return false;
	}
	return true;
}

static bool
addresses_are_clean(const struct address_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!is_clean(list->items[i].name) ||
			!is_clean(list->items[i].address) ||
			!is_clean(list->items[i].group))
			return false;
	}
	return list->n <= ADDRESSES_MAX;
}

static bool
envelope_is_clean(struct slice bytes)
{
	struct envelope e;
	bool clean;

	mime_read_envelope(mime_header(bytes), &e);
	clean = is_clean(e.subject) && addresses_are_clean(&e.from) &&
		addresses_are_clean(&e.to) && addresses_are_clean(&e.cc) &&
		addresses_are_clean(&e.reply_to) && is_clean(e.message_id) &&
		is_clean(e.list_id);
	for (size_t i = 0; i < e.references.n; i++)
		clean = clean && is_clean(e.references.items[i]);
	envelope_clear(&e);
	return clean;
}

static bool
document_is_clean(const struct document *doc)
{
	bool clean = utf8_is_valid(strbuf_slice(&doc->text));

	for (size_t i = 0; i < doc->n_paragraphs; i++) {
		const struct paragraph *it = &doc->paragraphs[i];

		clean = clean && utf8_is_valid(document_text(doc, it));
		for (uint32_t j = 0; j < it->n_spans; j++) {
			const struct span *span =
				&doc->spans[it->first_span + j];

			clean = clean && span->start + span->len <= it->len;
		}
	}
	for (size_t i = 0; i < doc->n_links; i++)
		clean = clean && is_clean(doc->links[i].url);
	return clean;
}

static bool
survives_the_store(const struct document *doc, const struct part_tree *tree)
{
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf tree_packed CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct document doc_again;
	struct part_tree tree_again;
	bool good;

	strbuf_init(&packed, 64 * 1024 * 1024);
	strbuf_init(&tree_packed, 64 * 1024 * 1024);
	document_pack(doc, &packed);
	part_tree_pack(tree, &tree_packed);
	if (!document_unpack(strbuf_slice(&packed), &doc_again, &err))
		return false;
	good = doc_again.n_paragraphs == doc->n_paragraphs;
	document_clear(&doc_again);
	if (!part_tree_unpack(strbuf_slice(&tree_packed), &tree_again, &err))
		return false;
	good = good && tree_again.n == tree->n;
	part_tree_clear(&tree_again);
	return good;
}

/* All text parts, chosen or not. */
static bool
text_is_clean(struct slice bytes, struct totals *totals)
{
	struct part_tree tree;
	struct document doc;
	int chosen[TEXT_PARTS_MAX];
	size_t n;
	char *snippet;
	bool clean = true;

	mime_walk(bytes, &tree);
	totals->parts += (int)tree.n;
	document_init(&doc);
	for (size_t i = 0; i < tree.n; i++) {
		const struct part *part = &tree.items[i];

		clean = clean && is_clean(part->type) && is_clean(part->name) &&
			is_clean(part->description) &&
			is_clean(part->content_id) && is_clean(part->charset);
		if (part_is_type(part, "text/"))
			mime_text_extract(
				part, mime_part_body(bytes, part), NULL, &doc);
	}
	n = mime_text_choose(&tree, false, chosen, TEXT_PARTS_MAX);
	clean = clean && n <= TEXT_PARTS_MAX && document_is_clean(&doc) &&
		survives_the_store(&doc, &tree);
	totals->links += (int)doc.n_links;
	totals->lossy += doc.lossy;
	snippet = mime_snippet(&doc, 100);
	clean = clean && is_clean(snippet) && strlen(snippet) <= 100;
	free(snippet);
	document_clear(&doc);
	part_tree_clear(&tree);
	return clean;
}

static bool
page_is_clean(struct slice bytes)
{
	struct part part = { .type = (char[]){ "text/html" } };
	struct document doc;
	bool clean;

	document_init(&doc);
	mime_text_extract(&part, bytes, NULL, &doc);
	clean = document_is_clean(&doc);
	document_clear(&doc);
	return clean;
}

static bool
list_is_clean(struct slice bytes)
{
	struct address_list list = { 0 };
	bool clean;

	mime_read_addresses(bytes, &list);
	clean = addresses_are_clean(&list);
	address_list_clear(&list);
	return clean;
}

static void
try_file(const char *path, struct totals *totals)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice s;
	int64_t before;
	int64_t took;
	bool envelope;
	bool text;
	bool page;
	bool list;

	strbuf_init(&bytes, FILE_SIZE_MAX);
	if (!file_read(path, &bytes, &err)) {
		ok(false, "%s: %s", path, err.text);
		return;
	}
	s = strbuf_slice(&bytes);
	totals->files++;
	totals->bytes += (int64_t)s.len;
	before = clock_mono_us();
	envelope = envelope_is_clean(s);
	text = text_is_clean(s, totals);
	page = page_is_clean(s);
	list = list_is_clean(s);
	took = clock_mono_us() - before;
	if (took > totals->slowest_us) {
		totals->slowest_us = took;
		printf("# %s: %d ms\n", path, (int)(took / 1000));
	}
	if (!envelope || !text || !page || !list || took > TIME_MAX_US)
		ok(false, "%s:%s%s%s%s %d ms", path,
			envelope ? "" : " envelope", text ? "" : " text",
			page ? "" : " page", list ? "" : " addresses",
			(int)(took / 1000));
}

static void
try_folder(const char *path, int depth, struct totals *totals)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		struct stat st;
		char *child;

		if (entry->d_name[0] == '.')
			continue;
		child = xasprintf("%s/%s", path, entry->d_name);
		if (lstat(child, &st) == 0) {
			if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
				try_folder(child, depth + 1, totals);
			else if (S_ISREG(st.st_mode))
				try_file(child, totals);
		}
		free(child);
	}
	if (dir)
		closedir(dir);
}

int
main(void)
{
	const char *corpus = getenv("TERCET_CORPUS");
	struct totals totals = { 0 };

	if (!corpus || !*corpus) {
		tap_skip("the corpus", "TERCET_CORPUS is not set");
		return tap_done();
	}
	try_folder(corpus, 0, &totals);
	ok(totals.files > 0,
		"%d files, %lld bytes, %d parts, %d links, %d lossy; the "
		"slowest took %d ms",
		totals.files, (long long)totals.bytes, totals.parts,
		totals.links, totals.lossy, (int)(totals.slowest_us / 1000));
	return tap_done();
}
