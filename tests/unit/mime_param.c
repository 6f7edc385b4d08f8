/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/param.h"

#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tap.h"

/* A field's value from its first semicolon, and the name that comes of it. */
static const struct {
	const char *value;
	const char *name;
} names[] = {
	{ "; filename=a.txt", "a.txt" },
	{ "; filename=\"a.txt\"", "a.txt" },
	{ ";filename = \"a.txt\" ;", "a.txt" },
	{ "; FileName=a.txt", "a.txt" },
	{ "; name=b.txt; filename=a.txt", "a.txt" },
	{ "; name=b.txt", "b.txt" },
	{ "; filename=\"\"; name=b.txt", "b.txt" },
	{ "; filename=my file.txt", "my file.txt" },
	{ "; filename=my file.txt ; x=y", "my file.txt" },
	{ "; filename=\"a;b.txt\"", "a;b.txt" },
	{ "; filename=\"a \\\"b\\\".txt\"", "a \"b\".txt" },
	{ "; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt" },
	{ "; filename=\"a \"b\" c.txt\"; x=y", "a \"b\" c.txt" },
	{ "; filename=\"a.txt\" x=y", "a.txt" },
	{ "; filename=\"open.txt", "open.txt" },
	{ "; filename=\"folded\r\n name.txt\"", "folded name.txt" },
	{ "; junk; filename=a.txt", "a.txt" },
	{ "; =x; filename=a.txt", "a.txt" },
	{ " filename=a.txt", "a.txt" },
	{ "; filename=a.txt; filename=b.txt", "a.txt" },
	/* RFC 2231. */
	{ "; filename*=utf-8''Gr%C3%BC%C3%9Fe.txt", "Grüße.txt" },
	{ "; filename*=iso-8859-1'de'Gr%FC%DFe.txt", "Grüße.txt" },
	{ "; filename*=UTF-8''a; filename=b", "a" },
	{ "; filename=b; filename*=UTF-8''a", "a" },
	{ "; filename*=plain.txt", "plain.txt" },
	{ "; filename*=Gr%C3%BC.txt", "Grü.txt" },
	{ "; filename*0=a; filename*1=b; filename*2=.txt", "ab.txt" },
	{ "; filename*2=.txt; filename*0=a; filename*1=b", "ab.txt" },
	{ "; filename*0*=utf-8''Gr%C3; filename*1*=%BC.txt", "Grü.txt" },
	{ "; filename*1*=%BC.txt; filename*0*=utf-8''Gr%C3", "Grü.txt" },
	{ "; filename*0*=utf-8''a%20; filename*1=\"b%20.txt\"", "a b%20.txt" },
	{ "; filename*1=b; filename*2=c", "bc" },
	{ "; filename*0=a; filename*2=c", "a" },
	{ "; filename*0=a; filename*0=x; filename*1=b", "ab" },
	{ "; filename*10=k; filename*9=j", "jk" },
	{ "; filename*99999=a; filename=b", "b" },
	{ "; filename*x=a; filename=b", "b" },
	{ "; filename*0*x=a; filename=b", "b" },
	{ "; filename*=utf-8''%", "%" },
	{ "; filename*=utf-8''%4", "%4" },
	{ "; filename*=utf-8''%ZZ", "%ZZ" },
	{ "; filename*=''a", "a" },
	{ "; filename*=utf-8'Gr%C3%BC", "Grü" },
	{ "; filename*=Ann's%20list", "Ann's list" },
	/* RFC 2047 where it should not be. */
	{ "; filename=\"=?utf-8?q?Gr=C3=BC=C3=9Fe=2Etxt?=\"", "Grüße.txt" },
	{ "; filename==?utf-8?b?R3LDvMOfZS50eHQ=?=", "Grüße.txt" },
	{ "; filename=\"=?utf-8?q?Gr=C3=BC?=\r\n =?utf-8?q?=C3=9Fe?=\"",
		"Grüße" },
	{ "; filename*0=\"=?utf-8?q?Gr=C3=BC\"; filename*1=\"=C3=9Fe?=\"",
		"Grüße" },
	/* Raw bytes. */
	{ "; filename=\"Gr\xc3\xbc.txt\"", "Grü.txt" },
	{ "; filename=Gr\xfc.txt", "Grü.txt" },
	/* Nothing a terminal or a file system would choke on but slashes. */
	{ "; filename=\"a\x1b[2J\x01.txt\"", "a[2J.txt" },
	{ "; filename*=utf-8''a%00b%0A%1Bc", "ab c" },
	{ "; filename=../../etc/passwd", "../../etc/passwd" },
	{ "; filename*=utf-8''%00", NULL },
	{ "", NULL },
	{ ";;;;", NULL },
	{ "; filename", NULL },
	{ "; filename=", NULL },
};

static void
settle(const char *value, struct part_tree *tree)
{
	struct part *part;

	*tree = (struct part_tree){ 0 };
	part = part_tree_add(tree);
	part->type = xstrdup("text/plain");
	part->section = xstrdup("1");
	mime_params_read(slice_str(value), part);
	mime_params_settle(tree);
}

/* Bait for quadratic searches, within quotes and without. */
static const char *const baits[] = { "\"", "; a=\"", "; a=\" ", " ", ";", "a",
	"=", "a=", "; filename*0*=%", "a=\"\" ", "\\", "\"\\", "; a=(((", "(",
	"(a)", "(;", "(a", "a ", "a ;" };

static void
bait(const char *head, const char *piece)
{
	enum { LEN = 1024 * 1024, SECONDS_MAX = 5 };
	char *text = xmalloc(LEN + 1);
	struct part_tree tree;
	clock_t before = clock();

	for (size_t i = 0, n = strlen(piece); i < LEN; i++)
		text[i] = piece[i % n];
	memcpy(text, head, strlen(head));
	text[LEN] = '\0';
	settle(text, &tree);
	ok(clock() - before < SECONDS_MAX * CLOCKS_PER_SEC &&
			(!tree.items[0].name || strlen(tree.items[0].name) <=
							PART_NAME_LENGTH_MAX),
		"%s and a megabyte of %s", head, piece);
	part_tree_clear(&tree);
	free(text);
}

int
main(void)
{
	struct part_tree tree;
	struct strbuf many;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		settle(names[i].value, &tree);
		is_str(tree.items[0].name, names[i].name, names[i].value);
		part_tree_clear(&tree);
	}
	settle("; charset=\"UTF-8\"; format=Flowed; delsp=YES", &tree);
	is_str(tree.items[0].charset, "UTF-8", "charset");
	ok(tree.items[0].flowed && tree.items[0].delsp, "flowed, delsp");
	is_int((int64_t)tree.items[0].n_params, 0, "raw ones are dropped");
	part_tree_clear(&tree);
	settle("; delsp=yes", &tree);
	ok(!tree.items[0].flowed && !tree.items[0].delsp, "not alone");
	part_tree_clear(&tree);
	settle("charset=us-ascii (plain) format=flowed", &tree);
	is_str(tree.items[0].charset, "us-ascii", "without semicolons");
	ok(tree.items[0].flowed, "and the next");
	part_tree_clear(&tree);

	strbuf_init(&many, 1024 * 1024);
	strbuf_add_str(&many, "; filename=\"");
	for (int i = 0; i < 2 * PART_NAME_LENGTH_MAX; i++)
		strbuf_add_str(&many, "ä");
	settle(many.data, &tree);
	ok(strlen(tree.items[0].name) == PART_NAME_LENGTH_MAX &&
			utf8_is_valid(slice_str(tree.items[0].name)),
		"a long name is cut between characters");
	part_tree_clear(&tree);
	strbuf_reset(&many);
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&many, "; filename*%d=x", i);
	settle(many.data, &tree);
	is_int((int64_t)strlen(tree.items[0].name), PART_PARAMS_MAX,
		"so many pieces and no more");
	part_tree_clear(&tree);
	strbuf_clear(&many);
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait("; filename=\"", baits[i]);
	for (size_t i = 0; i < ARRAY_LEN(baits); i++)
		bait("; ", baits[i]);
	return tap_done();
}
