/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/link_target.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/gettext.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "i18n/idna.h"

/* What stands behind the last dot of a file's name. */
static const char *const file_ends[] = { "c", "cc", "cpp", "css", "csv", "diff",
	"doc", "docx", "eml", "gif", "gz", "htm", "html", "ics", "java", "jpeg",
	"jpg", "js", "json", "log", "patch", "pdf", "php", "png", "ppt", "pptx",
	"rb", "tar", "txt", "xls", "xlsx", "xml", "yaml", "zip" };

static bool
is_host_byte(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) || c == '-' || c == '.' ||
	       c == '_' || (unsigned char)c >= 0x80;
}

/* Whether it was given in other letters, or has labels that stand for some. */
static bool
has_foreign_letters(struct slice given, const char *host)
{
	for (const char *c = host; *c; c++)
		if ((c == host || c[-1] == '.') && strncmp(c, "xn--", 4) == 0)
			return true;
	return utf8_ascii_prefix(given) < given.len;
}

static bool
take_host(struct slice host, struct link_target *target)
{
	bool is_number = host.len > 0 && host.data[0] == '[';

	if (host.len == 0 || host.len > LINK_HOST_MAX)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.data[i];

		if (is_number ? !strchr("[]:.0123456789abcdefABCDEF", c)
			      : !is_host_byte(c))
			return false;
		target->host[i] = ascii_lower(c);
	}
	target->host[host.len] = '\0';
	if (is_number)
		return true;
	if (!idna_to_ascii(host, target->host))
		return false;
	target->is_foreign = has_foreign_letters(host, target->host);
	return true;
}

/* Behind the last `c`; all of it where there is none. */
static struct slice
behind_last(struct slice s, char c)
{
	const char *last = s.len > 0 ? memrchr(s.data, c, s.len) : NULL;

	return last ? slice_skip(s, (size_t)(last - s.data) + 1) : s;
}

/* RFC 3986 3.2, without what stands in front of the host and behind it. */
static bool
look_page(struct slice rest, struct link_target *target)
{
	size_t end = 0;
	struct slice host;
	size_t colon;

	while (end < rest.len && !strchr("/?#", rest.data[end]))
		end++;
	host = slice_head(rest, end);
	/* To browsers a backslash ends the host, to others it does not. */
	if (slice_find(host, '\\') < host.len)
		return false;
	host = behind_last(host, '@');
	if (host.len > 0 && host.data[0] == '[') {
		colon = slice_find(host, ']') + 1;
		if (colon > host.len)
			return false;
	} else {
		colon = slice_find(host, ':');
	}
	for (size_t i = colon; i < host.len; i++)
		if (i == colon ? host.data[i] != ':'
			       : !ascii_is_digit(host.data[i]))
			return false;
	return take_host(slice_head(host, colon), target);
}

/* RFC 6068; some programs attach the files it names. */
static bool
look_mail(struct slice rest, struct link_target *target)
{
	size_t end = slice_find(rest, '?');
	struct slice query = slice_skip(rest, end);
	struct slice address = slice_head(rest, end);
	struct slice domain = behind_last(address, '@');

	target->is_mail = true;
	for (size_t i = 0; i < query.len; i++)
		if (slice_starts_nocase(
			    slice_skip(query, i), SLICE("attach")) ||
			slice_starts_nocase(
				slice_skip(query, i), SLICE("%61ttach")))
			return false;
	if (domain.len == address.len || !take_host(domain, target))
		target->host[0] = '\0';
	return true;
}

void
link_look(const char *url, struct link_target *ret_target)
{
	struct slice s = slice_str(url);
	struct link_target *target = ret_target;

	*target = (struct link_target){ .refused = NULL };
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] <= 0x20 || s.data[i] == 0x7f)
			target->refused = _("It is not opened: no link may "
					    "hold blanks or control "
					    "characters");
	if (target->refused)
		return;
	if (slice_starts_nocase(s, SLICE("https://"))) {
		if (!look_page(slice_skip(s, 8), target))
			target->refused =
				_("It is not opened: programs would not agree "
				  "on the host it leads to");
	} else if (slice_starts_nocase(s, SLICE("http://"))) {
		if (!look_page(slice_skip(s, 7), target))
			target->refused =
				_("It is not opened: programs would not agree "
				  "on the host it leads to");
	} else if (slice_starts_nocase(s, SLICE("mailto:"))) {
		if (!look_mail(slice_skip(s, 7), target))
			target->refused = _("It is not opened: it would attach "
					    "a file to a message");
	} else {
		target->refused = _("Only links to http, https and mailto are "
				    "opened");
	}
}

/* As one reads it: wide forms are letters, what takes no room is nothing. */
static void
read_words(struct slice words, struct strbuf *out)
{
	words = slice_head(words, utf8_cut(words, LINK_WORDS_MAX));
	while (words.len > 0) {
		uint32_t code = utf8_next(&words);
		char bytes[4];

		if (code == 0xad || (code >= 0x200b && code <= 0x200f) ||
			(code >= 0x202a && code <= 0x202e) ||
			(code >= 0x2060 && code <= 0x206f) || code == 0xfeff)
			continue;
		if (code >= 0xff01 && code <= 0xff5e)
			code = code - 0xff01 + '!';
		else if (code == 0x3002 || code == 0xff61)
			code = '.';
		else if (code == 0xa0 || (code >= 0x2000 && code <= 0x200a) ||
			 code == 0x3000)
			code = ' ';
		if (code < 0x80)
			code = (unsigned char)ascii_lower((char)code);
		strbuf_add(out, bytes, utf8_encode(code, bytes));
	}
}

/* "bank.example", but neither "e.g" nor "1.25" nor "report.pdf". */
static bool
is_like_host(struct slice s)
{
	struct slice last = behind_last(s, '.');

	if (last.len < 2 || last.len == s.len || s.data[0] == '.' ||
		memmem(s.data, s.len, "..", 2))
		return false;
	for (size_t i = 0; i < last.len; i++)
		if (!ascii_is_alpha(last.data[i]) &&
			(unsigned char)last.data[i] < 0x80 &&
			!slice_starts(last, SLICE("xn--")))
			return false;
	for (size_t i = 0; i < ARRAY_LEN(file_ends); i++)
		if (slice_eq(last, slice_str(file_ends[i])))
			return false;
	return true;
}

static struct slice
without_www(struct slice s)
{
	return slice_starts(s, SLICE("www.")) ? slice_skip(s, 4) : s;
}

/* To the host itself or one below it. */
static bool
leads_to(const char *real, struct slice named)
{
	struct slice to = without_www(slice_str(real));
	char ascii[IDNA_HOST_MAX + 1];

	if (idna_to_ascii(named, ascii))
		named = slice_str(ascii);
	named = without_www(named);
	return slice_eq(to, named) ||
	       (to.len > named.len && slice_ends(to, named) &&
		       to.data[to.len - named.len - 1] == '.');
}

/* The next run of bytes that hosts have; `*ret_is_url`: behind "://". */
static bool
next_run(struct slice *rest, struct slice *ret_run, bool *ret_is_url)
{
	size_t n = 0;

	*ret_is_url = false;
	while (n < rest->len && !is_host_byte(rest->data[n]))
		n++;
	if (n >= 3 && memcmp(rest->data + n - 3, "://", 3) == 0)
		*ret_is_url = true;
	*rest = slice_skip(*rest, n);
	n = 0;
	while (n < rest->len && is_host_byte(rest->data[n]))
		n++;
	*ret_run = slice_head(*rest, n);
	*rest = slice_skip(*rest, n);
	return ret_run->len > 0;
}

bool
link_lies(struct slice words, const struct link_target *target,
	char named[LINK_HOST_MAX + 1])
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct slice rest;
	struct slice run;
	bool is_url;

	strbuf_init(&text, 2 * LINK_WORDS_MAX);
	read_words(words, &text);
	rest = strbuf_slice(&text);
	while (next_run(&rest, &run, &is_url)) {
		bool is_user = rest.len > 0 && rest.data[0] == '@' && !is_url;

		while (run.len > 0 && run.data[run.len - 1] == '.')
			run = slice_head(run, run.len - 1);
		if (run.len == 0 || run.len > LINK_HOST_MAX || is_user ||
			(!is_url && !is_like_host(run)))
			continue;
		/* A path says nothing of hosts. */
		if (rest.len > 0 && (rest.data[0] == '/' || is_url)) {
			while (rest.len > 0 && !ascii_is_space(rest.data[0]))
				rest = slice_skip(rest, 1);
		}
		if (leads_to(target->host, run))
			continue;
		memcpy(named, run.data, run.len);
		named[run.len] = '\0';
		return true;
	}
	return false;
}
