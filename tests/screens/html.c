/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages in HTML as the viewer wraps them, at three widths: every .html in
 * tests/samples/html beside what it is to look like.  By hand:
 *
 *     html 80 FILE.html|FILE.eml    prints one
 *     TERCET_UPDATE_SAMPLES=1 html  writes what was expected anew; read it
 */
#include <dirent.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "mime/html.h"
#include "mime/text.h"
#include "mime/walk.h"
#include "term/glyph.h"
#include "view/view_viewer.h"

#include "../unit/tap.h"

enum { FILE_MAX = 32 * 1024 * 1024, PAGE = 1000000, TEXT_MAX = 1 << 24 };

static void
put_text(struct slice text, struct strbuf *out)
{
	struct glyph glyph;

	while (glyph_next(&text, &glyph))
		strbuf_add_str(out, glyph.text);
}

/* From column `*at` on; blanks up to `col` first. */
static void
put_at(int col, int *at, struct slice text, struct strbuf *out)
{
	for (; *at < col; ++*at)
		strbuf_add_char(out, ' ');
	put_text(text, out);
	*at += glyph_columns(text);
}

static void
put_rule(int columns, int *at, struct strbuf *out)
{
	for (int i = 0; i < columns; i++)
		strbuf_add_char(out, '-');
	*at += columns;
}

static void
put_text_line(const struct view_viewer *view, const struct viewer_line *line,
	int width, struct strbuf *out)
{
	struct viewer_piece pieces[VIEWER_PIECES_MAX];
	const struct document *doc;
	const struct paragraph *it = view_viewer_paragraph(view, line, &doc);
	int indent = view_viewer_indent(it, line->first);
	int n = view_viewer_pieces(view, line, pieces);
	int at = 0;

	for (int i = 0; i < view_viewer_quote_marks(it); i++)
		put_at(2 * i, &at, SLICE("|"), out);
	if (it->kind == PARAGRAPH_RULE || it->kind == PARAGRAPH_PART) {
		put_at(indent, &at, SLICE(""), out);
		put_rule(width - indent, &at, out);
	}
	for (int i = 0; i < n; i++)
		put_at(indent + pieces[i].col, &at, pieces[i].text, out);
}

static void
put_line(const struct view_viewer *view, const struct viewer_line *line,
	int width, struct strbuf *out)
{
	int at = 0;

	if (line->kind == VIEWER_LINE_TEXT)
		put_text_line(view, line, width, out);
	else if (line->kind == VIEWER_LINE_FOLD)
		strbuf_addf(out, "| + %u quoted lines", line->n);
	else if (line->kind == VIEWER_LINE_TABLE_RULE)
		put_rule((int)line->n, &at, out);
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		strbuf_cut(out, out->len - 1);
	strbuf_add_char(out, '\n');
}

static void
render(struct document *doc, int width, struct strbuf *out)
{
	struct view_viewer view;

	view_viewer_init(&view);
	document_clear(&view.text);
	document_number_links(doc, &view.text);
	view.state = VIEWER_READY;
	view_viewer_set_size(&view, width, PAGE);
	for (int i = 0; i < PAGE; i++) {
		const struct viewer_line *line =
			view_viewer_on_screen(&view, i);

		if (!line)
			break;
		put_line(&view, line, width, out);
	}
	view_viewer_clear(&view);
}

static bool
read_file(const char *path, struct strbuf *out)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(out, FILE_MAX);
	if (file_read(path, out, &err))
		return true;
	printf("# %s\n", err.text);
	return false;
}

static void
extract_mail(struct slice mail, struct document *doc)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	int chosen[TEXT_PARTS_MAX];
	size_t n;

	mime_walk(mail, &tree);
	n = mime_text_choose(&tree, true, chosen, TEXT_PARTS_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct part *part = &tree.items[chosen[i]];

		mime_text_extract(part, mime_part_body(mail, part), NULL, doc);
	}
}

static bool
is_named(const char *name, const char *ending)
{
	return slice_ends(slice_str(name), slice_str(ending));
}

static bool
show(const char *path, int width, struct strbuf *out)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };

	if (!read_file(path, &bytes))
		return false;
	document_init(&doc);
	if (is_named(path, ".html"))
		html_extract(strbuf_slice(&bytes), &doc);
	else
		extract_mail(strbuf_slice(&bytes), &doc);
	strbuf_init(out, TEXT_MAX);
	render(&doc, width, out);
	for (size_t i = 0; i < doc.n_links; i++)
		strbuf_addf(out, "%s[%zu] %s\n", i == 0 ? "\n" : "", i + 1,
			doc.links[i].url);
	strbuf_addf(out, "\n%u pictures, %u trackers, %u hidden\n", doc.images,
		doc.trackers, doc.hidden);
	return true;
}

static void
compare(const char *dir, const char *name, int width)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct strbuf want CLEANUP(strbuf_clear) = { 0 };
	size_t stem = strlen(name) - strlen(".html");
	char *source CLEANUP(freep) = xasprintf("%s/%s", dir, name);
	char *path CLEANUP(freep) =
		xasprintf("%s/%.*s.%d", dir, (int)stem, name, width);
	char *what CLEANUP(freep) = xasprintf("%s at %d", name, width);
	FILE *file;

	if (!show(source, width, &got)) {
		ok(false, "%s", what);
		return;
	}
	if (getenv("TERCET_UPDATE_SAMPLES")) {
		file = fopen(path, "w");
		if (file) {
			fwrite(got.data, 1, got.len, file);
			fclose(file);
		}
	}
	if (!read_file(path, &want))
		ok(false, "%s", what);
	else
		is_str(got.data, want.data, what);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(int argc, char **argv)
{
	const char *root = getenv("srcdir");
	char *dir CLEANUP(freep) =
		xasprintf("%s/tests/samples/html", root && *root ? root : ".");
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	char *names[100];
	size_t n = 0;
	DIR *open;

	if (argc == 3) {
		if (show(argv[2], (int)strtol(argv[1], NULL, 10), &out))
			fputs(out.data, stdout);
		return 0;
	}
	open = opendir(dir);
	for (struct dirent *it; open && n < 100 && (it = readdir(open));) {
		if (is_named(it->d_name, ".html"))
			names[n++] = xstrdup(it->d_name);
	}
	if (open)
		closedir(open);
	qsort(names, n, sizeof(names[0]), compare_names);
	ok(n > 0, "there are samples in %s", dir);
	for (size_t i = 0; i < n; i++) {
		static const int widths[] = { 40, 80, 120 };

		for (size_t j = 0; j < ARRAY_LEN(widths); j++)
			compare(dir, names[i], widths[j]);
		free(names[i]);
	}
	return tap_done();
}
