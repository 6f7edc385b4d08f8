/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/list.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "tap.h"

/* All of it as "post=URL URL;unsubscribe=...;". */
static const struct {
	const char *what;
	const char *header;
	const char *want;
} cases[] = {
	{ "nothing", "Subject: x\n\nList-Post: <mailto:a@b>\n", "" },
	{ "a list",
		"List-Id: <x.example.org>\n"
		"List-Post: <mailto:x@example.org>\n"
		"List-Unsubscribe: <https://example.org/u?x=1>,\n"
		"\t<mailto:x-request@example.org?subject=unsubscribe>\n"
		"List-Help: <mailto:x-request@example.org?subject=help>\n"
		"List-Archive: <http://example.org/x>\n",
		"post=mailto:x@example.org;"
		"unsubscribe=https://example.org/u?x=1 "
		"mailto:x-request@example.org?subject=unsubscribe;"
		"help=mailto:x-request@example.org?subject=help;"
		"archive=http://example.org/x;" },
	{ "CR LF and case",
		"LIST-POST: <MAILTO:x@example.org>\r\n"
		"list-subscribe: <mailto:s@example.org>\r\n",
		"post=MAILTO:x@example.org;subscribe=mailto:s@example.org;" },
	{ "comments",
		"List-Owner: (me (or <mailto:no@x>)) <mailto:me@x> (\\))\n"
		"List-Help: (open <mailto:no@x>\n",
		"owner=mailto:me@x;" },
	{ "folded in the middle", "List-Help: <https://example.org/a\n b>\n",
		"help=https://example.org/ab;" },
	{ "closed", "List-Post: NO (moderators alone)\n", "closed;" },
	{ "closed behind a comment", "List-Post: (sorry) no\n", "closed;" },
	{ "words are no URL", "List-Post: nobody@example.org\n", "" },
	{ "other schemes",
		"List-Help: <javascript:alert(1)>, <file:///etc/passwd>, "
		"<data:x>, <mailto:>, <mailto:a@b>\n",
		"help=mailto:a@b;" },
	{ "control characters and 8-bit",
		"List-Help: <mailto:a\x1b@b>, <mailto:\xc3\xa9@b>, "
		"<mailto:a@b>\n",
		"help=mailto:a@b;" },
	{ "the first of two counts",
		"List-Post: <mailto:a@b>\nList-Post: <mailto:c@d>\n",
		"post=mailto:a@b;" },
	{ "no end", "List-Post: <mailto:a@b\n", "post=mailto:a@b;" },
	{ "one click",
		"List-Unsubscribe: <https://x.example>\n"
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\n",
		"unsubscribe=https://x.example;one-click;" },
	{ "not one click", "List-Unsubscribe-Post: something\n", "" },
};

static void
print(const struct list_info *info, struct strbuf *out)
{
	static const char *const names[LIST_COMMANDS] = { "post", "unsubscribe",
		"subscribe", "help", "owner", "archive" };

	for (size_t i = 0; i < LIST_COMMANDS; i++) {
		const struct list_urls *urls = &info->commands[i];

		if (urls->n == 0)
			continue;
		strbuf_addf(out, "%s=", names[i]);
		for (size_t j = 0; j < urls->n; j++)
			strbuf_addf(out, "%s%s", j ? " " : "", urls->items[j]);
		strbuf_add_char(out, ';');
	}
	strbuf_add_str(out, info->closed ? "closed;" : "");
	strbuf_add_str(out, info->one_click ? "one-click;" : "");
}

static void
limits(void)
{
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	struct list_info info CLEANUP(list_info_clear) = { .closed = false };

	strbuf_init(&header, 1024 * 1024);
	strbuf_add_str(&header, "List-Help: <mailto:");
	for (int i = 0; i < LIST_URL_LENGTH_MAX; i++)
		strbuf_add_char(&header, 'x');
	strbuf_add_char(&header, '>');
	for (int i = 0; i < 100; i++)
		strbuf_add_str(&header, ", <mailto:a@b>");
	strbuf_add_char(&header, '\n');
	mime_read_list(strbuf_slice(&header), &info);
	is_int((int64_t)info.commands[LIST_HELP].n, LIST_URLS_MAX,
		"so many are enough");
	is_str(info.commands[LIST_HELP].items[0], "mailto:a@b",
		"what is too long is none");
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct list_info info CLEANUP(list_info_clear) = {
			.closed = false,
		};
		struct strbuf got CLEANUP(strbuf_clear) = { 0 };

		strbuf_init(&got, 4096);
		mime_read_list(slice_str(cases[i].header), &info);
		print(&info, &got);
		is_str(got.data, cases[i].want, cases[i].what);
	}
	limits();
	return tap_done();
}
