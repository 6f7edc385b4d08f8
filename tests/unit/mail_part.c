/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/part.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "tap.h"

static const struct {
	int parent;
	int index;
	const char *type;
	const char *name;
	enum part_disposition disposition;
	const char *content_id;
	const char *section;
	bool attachment;
} parts[] = {
	{ -1, 1, "multipart/mixed", NULL, DISPOSITION_NONE, NULL, "", false },
	{ 0, 1, "multipart/alternative", NULL, DISPOSITION_NONE, NULL, "1",
		false },
	{ 1, 1, "text/plain", NULL, DISPOSITION_NONE, NULL, "1.1", false },
	{ 1, 2, "multipart/related", NULL, DISPOSITION_NONE, NULL, "1.2",
		false },
	{ 3, 1, "text/html", NULL, DISPOSITION_INLINE, NULL, "1.2.1", false },
	{ 3, 2, "image/png", "logo.png", DISPOSITION_INLINE, "logo@x", "1.2.2",
		false },
	{ 3, 3, "image/png", "photo.png", DISPOSITION_ATTACHMENT, "p@x",
		"1.2.3", true },
	{ 1, 3, "text/calendar", NULL, DISPOSITION_NONE, NULL, "1.3", false },
	{ 0, 2, "message/rfc822", NULL, DISPOSITION_NONE, NULL, "2", false },
	{ 8, 1, "multipart/mixed", NULL, DISPOSITION_NONE, NULL, "2.TEXT",
		false },
	{ 9, 1, "text/plain", "a.txt", DISPOSITION_INLINE, NULL, "2.1", false },
	{ 9, 2, "text/plain", "b.txt", DISPOSITION_ATTACHMENT, NULL, "2.2",
		true },
	{ 9, 3, "message/rfc822", NULL, DISPOSITION_ATTACHMENT, NULL, "2.3",
		true },
	{ 12, 1, "text/html", NULL, DISPOSITION_NONE, NULL, "2.3.1", false },
	{ 0, 3, "application/pgp-signature", "signature.asc", DISPOSITION_NONE,
		NULL, "3", false },
	{ 0, 4, "application/octet-stream", NULL, DISPOSITION_NONE, NULL, "4",
		true },
	{ 0, 5, "text/x-vcard", "me.vcf", DISPOSITION_NONE, NULL, "5", true },
};

static void
build(struct part_tree *tree)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct part *part = part_tree_add(tree);

		part->parent = parts[i].parent;
		part->type = xstrdup(parts[i].type);
		part->section = part_section(tree, part->parent, parts[i].index,
			part_is_multipart(part));
		part->name = xstrdup_null(parts[i].name);
		part->content_id = xstrdup_null(parts[i].content_id);
		part->disposition = parts[i].disposition;
		part->flowed = i % 2;
		part->delsp = i % 3 == 0;
		part->size = i * UINT64_C(10000000000);
		part->depth = (int)i % 3;
		part->encoding = (enum part_encoding)(i % 4);
		part_add_param(part, SLICE("CharSet"), SLICE("utf-8"));
	}
}

static bool
str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
compare(const struct part *a, const struct part *b)
{
	ok(str_eq(a->section, b->section) && str_eq(a->type, b->type) &&
			str_eq(a->name, b->name) &&
			str_eq(a->content_id, b->content_id) &&
			a->disposition == b->disposition &&
			a->flowed == b->flowed && a->delsp == b->delsp &&
			a->size == b->size && a->depth == b->depth &&
			a->parent == b->parent && a->encoding == b->encoding,
		"part %s comes back", a->section);
}

static const char *const damaged[] = {
	"\n",
	"1\ttext/plain\n",
	"1\ttext/plain\t\t\t\t\t0\t0\t0\t0\t1\t0\n",
	"1\ttext/plain\t\t\t\t\t9\t0\t0\t0\t0\t0\n",
	"1\ttext/plain\t\t\t\t\t0\t0\t0\t0\t0\t65\n",
	"1\ttext/plain\t\t\t\t\t0\t0\t0\t-1\t0\t0\n",
	"1\ttext/plain\t\t\t\t\t0\t0\t0\t0\t0\t0\t0\n",
	"...\n...\n",
};

int
main(void)
{
	struct part_tree tree = { 0 };
	struct part_tree again = { 0 };
	struct error err = ERROR_INIT;
	struct strbuf out;

	strbuf_init(&out, 1024 * 1024);
	build(&tree);
	for (size_t i = 0; i < tree.n; i++) {
		is_str(tree.items[i].section, parts[i].section, "section");
		ok(part_is_attachment(&tree, &tree.items[i]) ==
				parts[i].attachment,
			"%s is%s an attachment", parts[i].section,
			parts[i].attachment ? "" : " not");
		ok(part_tree_find(&tree, parts[i].section) == &tree.items[i],
			"found by section");
	}
	is_int(part_tree_attachments(&tree), 5, "attachments");
	ok(!part_tree_find(&tree, "9"), "no such section");
	is_str(tree.items[0].params[0].name, "charset", "names in lower case");
	tree.truncated = true;
	part_tree_pack(&tree, &out);
	if (ok(part_tree_unpack(strbuf_slice(&out), &again, &err), "unpack")) {
		is_int((int64_t)again.n, (int64_t)tree.n, "as many parts");
		ok(again.truncated, "still truncated");
		for (size_t i = 0; i < again.n && i < tree.n; i++)
			compare(&tree.items[i], &again.items[i]);
		part_tree_clear(&again);
	}
	for (size_t i = 0; i < ARRAY_LEN(damaged); i++) {
		ok(!part_tree_unpack(slice_str(damaged[i]), &again, &err),
			"damage %zu is seen", i);
		is_int(err.kind, ERR_STORE, "its error");
		error_clear(&err);
	}
	part_tree_clear(&tree);
	for (int i = 0; i < PARTS_MAX; i++)
		part_tree_add(&tree);
	ok(!tree.truncated && !part_tree_add(&tree) && tree.truncated,
		"the limit holds");
	for (int i = 0; i < PART_PARAMS_MAX + 3; i++)
		part_add_param(&tree.items[0], SLICE("a"), SLICE("b"));
	is_int((int64_t)tree.items[0].n_params, PART_PARAMS_MAX, "parameters");
	part_tree_clear(&tree);
	strbuf_clear(&out);
	return tap_done();
}
