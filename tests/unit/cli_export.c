/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "cli/export.h"

#include "tap.h"

static const struct {
	const char *name;
	const char *type;
	const char *safe;
} names[] = {
	{ "plan.pdf", "application/pdf", "plan.pdf" },
	{ "Übersicht 2026.xlsx", "x/y", "Übersicht 2026.xlsx" },
	{ "../../etc/passwd", "x/y", "passwd" },
	{ "/etc/passwd", "x/y", "passwd" },
	{ "C:\\Windows\\evil.exe", "x/y", "evil.exe" },
	{ "..", "application/pdf", "part-2.1.pdf" },
	{ "", "text/plain", "part-2.1.txt" },
	{ NULL, "text/x-unknown", "part-2.1.bin" },
	{ NULL, NULL, "part-2.1.bin" },
	{ "dir/", "image/png", "part-2.1.png" },
	{ ".bashrc", "x/y", "bashrc" },
	{ "-rf", "x/y", "rf" },
	{ " . -x", "x/y", "x" },
	{ "a\nb\tc", "x/y", "a b c" },
	{ "a\x1b[2Jb", "x/y", "a[2Jb" },
	{ "invoice\xe2\x80\xae"
	  "fdp.exe",
		"x/y", "invoicefdp.exe" },
	{ "bad\xff\xfe.txt", "x/y", "bad.txt" },
	{ "name. . ", "x/y", "name" },
};

static void
test_names(void)
{
	char section[] = "2.1";

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct part part = {
			.name = (char *)(uintptr_t)names[i].name,
			.type = (char *)(uintptr_t)names[i].type,
			.section = section,
		};
		char *safe CLEANUP(freep) = export_safe_name(&part);

		is_str(safe, names[i].safe, "safe name");
	}
}

static void
test_messages(void)
{
	static const struct {
		const char *subject;
		const char *safe;
	} cases[] = {
		{ "Re: plan a/b \x1b[31m", "Re: plan a-b [31m.eml" },
		{ "../../x", "x.eml" },
		{ "\x01", "part-2.eml" },
		{ NULL, "part-2.eml" },
	};
	char section[] = "2";
	char type[] = "message/rfc822";

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct part part = {
			.description = (char *)(uintptr_t)cases[i].subject,
			.type = type,
			.section = section,
		};
		char *safe CLEANUP(freep) = export_safe_name(&part);

		is_str(safe, cases[i].safe, "a message's name");
	}
}

static void
test_long_names(void)
{
	struct strbuf name CLEANUP(strbuf_clear) = { 0 };
	char section[] = "1";
	struct part part = { .section = section };

	strbuf_init(&name, 10000);
	for (int i = 0; i < 400; i++)
		strbuf_add_str(&name, "é");
	strbuf_add_str(&name, ".tar.gz");
	part.name = name.data;
	{
		char *safe CLEANUP(freep) = export_safe_name(&part);
		struct slice s = slice_str(safe);

		ok(s.len <= 200 && s.len > 190 && utf8_is_valid(s) &&
				slice_ends(s, SLICE("é.gz")),
			"a long name keeps its extension");
	}
	strbuf_reset(&name);
	for (int i = 0; i < 400; i++)
		strbuf_add_str(&name, ".x");
	strbuf_add_str(&name, "extensionsmaynotbethislong");
	part.name = name.data;
	{
		char *safe CLEANUP(freep) = export_safe_name(&part);

		is_int((int64_t)strlen(safe), 200, "or has none to keep");
	}
}

static bool
make(const char *where, const char *name, const char *want)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	char *path CLEANUP(freep) = NULL;
	int fd CLEANUP(closep) = -1;
	struct stat st;
	bool good = export_create(where, name, &path, &fd, &err);

	if (!want)
		return ok(!good, "%s is not made", name);
	return ok(good && strcmp(path, want) == 0 && fstat(fd, &st) == 0 &&
			  (st.st_mode & 07777) == 0600,
		"%s is made, for its owner only", good ? path : err.text);
}

static void
test_create(const char *dir)
{
	char *one CLEANUP(freep) = file_join(dir, "a.tar.gz");
	char *two CLEANUP(freep) = file_join(dir, "a.tar (2).gz");
	char *three CLEANUP(freep) = file_join(dir, "a.tar (3).gz");
	char *four CLEANUP(freep) = file_join(dir, "a.tar (4).gz");
	char *link CLEANUP(freep) = file_join(dir, "link");
	char *link2 CLEANUP(freep) = file_join(dir, "link (2)");
	char *none CLEANUP(freep) = file_join(dir, "none/x");

	make(dir, "a.tar.gz", one);
	make(dir, "a.tar.gz", two);
	make(dir, "a.tar.gz", three);
	make(one, "a", NULL);
	make(none, "a", NULL);
	ok(symlink("/tmp/tercet-must-not-exist", link) == 0, "a link");
	make(dir, "link", link2);
	make(link, "x", NULL);
	ok(access("/tmp/tercet-must-not-exist", F_OK) != 0, "is not followed");
	setenv("HOME", dir, 1);
	make("~/", "a.tar.gz", four);
	unlink(four);
	unlink(one);
	unlink(two);
	unlink(three);
	unlink(link);
	unlink(link2);
}

int
main(void)
{
	char dir[] = "/tmp/tercet-test-XXXXXX";

	if (!mkdtemp(dir))
		return 1;
	test_names();
	test_messages();
	test_long_names();
	test_create(dir);
	rmdir(dir);
	return tap_done();
}
