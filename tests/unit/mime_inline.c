/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in a text: found, shown by name, decoded, and words left alone. */
#include "mime/inline_file.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mime/text.h"
#include "mime/transfer.h"
#include "mime/walk.h"
#include "mime_document.h"
#include "tap.h"

/* "0123456789012345678901234567890123456789abcde" */
#define LINE "M,#$R,S0U-C<X.3`Q,C,T-38W.#DP,3(S-#4V-S@Y,#$R,S0U-C<X.6%B8V1E\n"
#define CAT  "begin 644 cat.txt\n#0V%T\n`\nend\n"

static const struct {
	const char *what;
	const char *text;
	const char *document; /* as print_document() has it */
	const char *files;    /* "section name [bytes] " for each */
} cases[] = {
	{ "words", "Hello\nthere\n", "T Hello\nT there\n", "" },
	{ "a file", "See:\n" CAT "That is it.\n",
		"T See:\n= cat.txt\nT That is it.\n", "1+1 cat.txt [Cat] " },
	{ "nothing else", CAT, "= cat.txt\n", "1+1 cat.txt [Cat] " },
	{ "two files", CAT "and\n" CAT, "= cat.txt\nT and\n= cat.txt\n",
		"1+1 cat.txt [Cat] 1+2 cat.txt [Cat] " },
	{ "CR LF", "See:\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nx\r\n",
		"T See:\n= cat.txt\nT x\n", "1+1 cat.txt [Cat] " },
	{ "blanks instead of grave accents, and cut off",
		"begin 600 a b.bin\n#    \n\nend\nx\n", "= a b.bin\nT x\n",
		"1+1 a b.bin [...] " },
	{ "no end", "x\nbegin 644 n\n" LINE LINE LINE, "T x\n= n\n",
		"1+1 n [0123456789012345678901234567890123456789abcde"
		"0123456789012345678901234567890123456789abcde"
		"0123456789012345678901234567890123456789abcde] " },
	{ "words behind a file without an end",
		"begin 644 n\n" LINE LINE LINE "That is it.\n",
		"= n\nT That is it.\n",
		"1+1 n [0123456789012345678901234567890123456789abcde"
		"0123456789012345678901234567890123456789abcde"
		"0123456789012345678901234567890123456789abcde] " },
	{ "a name of 8-bit bytes and escapes",
		"begin 644 caf\xe9\x1b[2J.txt\n#0V%T\n`\nend\n",
		"= café[2J.txt\n", "1+1 café[2J.txt [Cat] " },
	{ "words that begin", "begin 644 words\nand more words\nend\n",
		"T begin 644 words\nT and more words\nT end\n", "" },
	{ "words in capitals", "begin 644 WORDS\nAND MORE WORDS\nEND\n",
		"T begin 644 WORDS\nT AND MORE WORDS\nT END\n", "" },
	{ "no mode", "begin the day\n#0V%T\n`\nend\n",
		"T begin the day\nT #0V%T\nT `\nT end\n", "" },
	{ "within a line", "to begin 644 x\n#0V%T\n`\nend\n",
		"T to begin 644 x\nT #0V%T\nT `\nT end\n", "" },
	{ "yEnc",
		"See:\n=ybegin line=128 size=3 name=cat.txt\nm\x8b\x9e\n"
		"=yend size=3 crc32=00000000\nx\n",
		"T See:\n= cat.txt\nT x\n", "1+1 cat.txt [Cat] " },
	{ "yEnc, escaped, in part",
		"=ybegin part=1 line=128 size=9 name=a b\r\n"
		"=ypart begin=1 end=3\r\n=}=\x80=y\r\n=yend size=3\r\n",
		/* The last one would be a keyword at the start of a line. */
		"= a b\n", "1+1 a b [\x13\x16\x0f] " },
	{ "yEnc without its end",
		"=ybegin line=128 size=3 name=cat.txt\nm\x8b\x9e\n",
		"= cat.txt\n", "1+1 cat.txt [Cat] " },
	{ "words on yEnc", "=ybegin line=128 size=400 name=x\nis a line.\n",
		"T =ybegin line=128 size=400 name=x\nT is a line.\n", "" },
	{ "no size", "=ybegin line=128 name=x\nm\x8b\x9e\n=yend size=3\n", NULL,
		"" },
};

/* What is no letter as a dot. */
static void
add_decoded(const struct part *part, struct slice body, struct strbuf *out)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&bytes, 4096);
	transfer_decode(part->encoding, body, &bytes);
	for (size_t i = 0; i < bytes.len; i++)
		strbuf_add_char(out, bytes.data[i] ? bytes.data[i] : '.');
}

static void
try(size_t i)
{
	struct strbuf message CLEANUP(strbuf_clear) = { 0 };
	struct strbuf files CLEANUP(strbuf_clear) = { 0 };
	struct strbuf printed CLEANUP(strbuf_clear) = { 0 };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct slice all;

	strbuf_init(&message, 4096);
	strbuf_init(&files, 4096);
	strbuf_init(&printed, 4096);
	strbuf_add_str(&message, "Subject: x\n\n");
	strbuf_add_str(&message, cases[i].text);
	all = strbuf_slice(&message);
	mime_walk(all, &tree);
	for (size_t j = 1; j < tree.n; j++) {
		const struct part *part = &tree.items[j];
		struct slice bytes;

		strbuf_addf(&files, "%s %s [", part->section, part->name);
		add_decoded(part, mime_part_body(all, part), &files);
		strbuf_add_str(&files, "] ");
		ok(part->parent == 0 && part->depth == 1 &&
				part_is_attachment(&tree, part),
			"%s: an attachment", cases[i].what);
		ok(inline_file_cut(mime_part_body(all, &tree.items[0]),
			   part->section, &bytes) &&
				slice_eq(bytes, mime_part_body(all, part)),
			"%s: the same out of the text", cases[i].what);
	}
	is_str(files.data, cases[i].files, cases[i].what);
	if (!cases[i].document)
		return;
	document_init(&doc);
	mime_text_extract(&tree.items[0], mime_part_body(all, &tree.items[0]),
		NULL, &doc);
	print_document(&doc, &printed);
	is_str(printed.data, cases[i].document, cases[i].what);
}

/* Among other parts, they stand right behind theirs. */
static void
placed(void)
{
	static const char message[] =
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\n" CAT "--b\nContent-Type: text/plain\n"
		"Content-Disposition: attachment\n\n" CAT
		"--b\nContent-Type: multipart/alternative; boundary=c\n\n"
		"--c\n\n" CAT
		"--c\nContent-Type: text/html\n\nx\n--c--\n--b--\n";
	static const char *const sections[] = { "", "1", "1+1", "2", "3", "3.1",
		"3.1+1", "3.2" };
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct strbuf packed CLEANUP(strbuf_clear) = { 0 };
	struct part_tree again CLEANUP(part_tree_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	int chosen[TEXT_PARTS_MAX];

	mime_walk(slice_str(message), &tree);
	is_int((int64_t)tree.n, ARRAY_LEN(sections), "parts");
	for (size_t i = 0; i < ARRAY_LEN(sections) && i < tree.n; i++)
		is_str(tree.items[i].section, sections[i], "section");
	is_int((int64_t)mime_text_choose(&tree, false, chosen, TEXT_PARTS_MAX),
		2, "they are no text");
	strbuf_init(&packed, 4096);
	part_tree_pack(&tree, &packed);
	ok(part_tree_unpack(strbuf_slice(&packed), &again, &err) &&
			again.items[2].encoding == ENCODING_UUENCODE,
		"packed and unpacked");
	ok(slice_eq(part_server_section("3.1+1"), SLICE("3.1")) &&
			slice_eq(part_server_section("3.1"), SLICE("3.1")),
		"what a server knows");
}

/* A tree a server described, whose texts came later. */
static void
inserted(void)
{
	static const char message[] =
		"Content-Type: multipart/mixed; boundary=b\n\n"
		"--b\n\none\n--b\nContent-Type: multipart/alternative; "
		"boundary=c\n\n--c\n\ntwo\n--c--\n--b--\n";
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };

	mime_walk(slice_str(message), &tree);
	ok(inline_files_add(&tree, 1, SLICE(CAT CAT), 0), "files are added");
	ok(!inline_files_add(&tree, 1, SLICE(CAT), 0), "not twice");
	ok(!inline_files_add(&tree, 0, SLICE(CAT), 0), "to text alone");
	is_int((int64_t)tree.n, 6, "parts");
	is_str(tree.items[3].section, "1+2", "behind their part");
	is_str(tree.items[5].section, "2.1", "the others follow");
	is_int(tree.items[5].parent, 4, "and know their parents");
	is_int(tree.items[4].parent, 0, "all of them");
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { BOMB_BYTES = 256 * 1024 }; /* memmem() looks at all of it there */
#else
enum { BOMB_BYTES = 4 * 1024 * 1024 };
#endif

/* Linear: these end. */
static const struct {
	const char *what;
	const char *piece;
} bombs[] = {
	{ "beginnings", "begin 644 x\n" },
	{ "beginnings with a line", "begin 644 x\n#0V%T\n" },
	{ "beginnings in one line", "begin 644 x" },
	{ "behind bare CR", "\rbegin 644 x" },
	{ "yEnc beginnings", "=ybegin line=128 size=3 name=x\n" },
	{ "yEnc beginnings in one line", "=ybegin line=128 size=3 name=x" },
	{ "files", CAT },
};

static void
bomb(size_t i)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct inline_file file;
	struct slice rest;
	size_t n = 0;

	strbuf_init(&text, 64 * 1024 * 1024);
	strbuf_add_str(&text, "\n");
	while (text.len < BOMB_BYTES)
		strbuf_add_str(&text, bombs[i].piece);
	rest = strbuf_slice(&text);
	while (inline_file_find(rest, &file)) {
		rest = slice_skip(rest,
			(size_t)(file.lines.data - rest.data) + file.lines.len);
		n++;
	}
	ok(true, "%zu in %d bytes of %s", n, BOMB_BYTES, bombs[i].what);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		try(i);
	placed();
	inserted();
	for (size_t i = 0; i < ARRAY_LEN(bombs); i++)
		bomb(i);
	return tap_done();
}
