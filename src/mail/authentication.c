/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/authentication.h"

#include <string.h>

#include "base/gettext.h"
#include "base/mem.h"

enum { NAMES_MAX = 1024 };

static struct slice
next_column(struct slice *line)
{
	size_t end = slice_find(*line, '\t');
	struct slice column = slice_head(*line, end);

	*line = slice_skip(*line, end + 1);
	return column;
}

bool
authentication_next(
	struct slice *packed, struct authentication_result *ret_result)
{
	struct slice line;

	if (!slice_next_line(packed, &line))
		return false;
	ret_result->field = next_column(&line);
	ret_result->server = next_column(&line);
	ret_result->method = next_column(&line);
	ret_result->result = next_column(&line);
	ret_result->reason = next_column(&line);
	ret_result->properties = next_column(&line);
	return true;
}

static bool
is_between(char c)
{
	return c == ',' || ascii_is_space(c);
}

bool
authentication_is_trusted(struct slice server, const char *trusted)
{
	struct slice rest = slice_str(trusted);

	while (rest.len > 0 && server.len > 0) {
		size_t n = 0;

		while (n < rest.len && !is_between(rest.data[n]))
			n++;
		if (slice_eq_nocase(slice_head(rest, n), server))
			return true;
		rest = slice_skip(rest, n + 1);
	}
	return false;
}

/* The value of a property such as "header.d"; empty when there is none. */
static struct slice
property(struct slice properties, struct slice name)
{
	while (properties.len > 0) {
		size_t end = slice_find(properties, ' ');
		struct slice it = slice_head(properties, end);

		if (it.len > name.len && it.data[name.len] == '=' &&
			slice_starts_nocase(it, name))
			return slice_skip(it, name.len + 1);
		properties = slice_skip(properties, end + 1);
	}
	return slice_make(NULL, 0);
}

static struct slice
domain_of(struct slice address)
{
	for (size_t i = address.len; i > 0; i--) {
		if (address.data[i - 1] == '@')
			return slice_skip(address, i);
	}
	return address;
}

/*
 * Whether who speaks for `domain` may speak for `author`: it is the same, or
 * holds it.  A domain below the author's may be somebody else's, which only
 * DMARC's own look at the DNS can tell.
 */
static bool
is_aligned(struct slice domain, struct slice author)
{
	struct slice tail;

	if (slice_eq_nocase(domain, author))
		return domain.len > 0;
	if (slice_find(domain, '.') == domain.len || author.len <= domain.len)
		return false;
	tail = slice_skip(author, author.len - domain.len);
	return author.data[author.len - domain.len - 1] == '.' &&
	       slice_eq_nocase(tail, domain);
}

/* False unless there is one author with a domain people can read. */
static bool
domain_of_author(const struct address_list *from,
	char domain[AUTHENTICATION_DOMAIN_MAX + 1])
{
	const char *at;
	size_t n;

	if (from->n != 1)
		return false;
	at = strrchr(from->items[0].address, '@');
	n = at ? strlen(at + 1) : 0;
	if (n == 0 || n > AUTHENTICATION_DOMAIN_MAX)
		return false;
	for (size_t i = 0; i <= n; i++) {
		unsigned char c = (unsigned char)at[1 + i];

		if (i < n && (c <= ' ' || c == 0x7f || c == '['))
			return false;
		domain[i] = ascii_lower((char)c);
	}
	return true;
}

/* Results of one method, of the topmost field that has any. */
struct method_walk {
	struct slice rest;
	struct slice method;
	struct slice field;
	const char *trusted;
};

static bool
next_of_method(
	struct method_walk *walk, struct authentication_result *ret_result)
{
	while (authentication_next(&walk->rest, ret_result)) {
		if (!slice_eq_nocase(ret_result->method, walk->method) ||
			!authentication_is_trusted(
				ret_result->server, walk->trusted))
			continue;
		if (walk->field.len == 0)
			walk->field = ret_result->field;
		if (slice_eq(walk->field, ret_result->field))
			return true;
	}
	return false;
}

static enum authentication_verdict
judge_dmarc(struct slice packed, const char *trusted, struct slice author)
{
	struct authentication_result it;
	struct method_walk walk = { packed, SLICE("dmarc"), { 0 }, trusted };

	while (next_of_method(&walk, &it)) {
		struct slice from =
			property(it.properties, SLICE("header.from"));

		if (from.len > 0 && !is_aligned(domain_of(from), author))
			continue;
		if (slice_eq_nocase(it.result, SLICE("pass")))
			return AUTHENTICATION_PASS;
		if (slice_eq_nocase(it.result, SLICE("fail")))
			return AUTHENTICATION_FAIL;
	}
	return AUTHENTICATION_NONE;
}

static enum authentication_verdict
judge_dkim(struct slice packed, const char *trusted, struct slice author)
{
	struct authentication_result it;
	struct method_walk walk = { packed, SLICE("dkim"), { 0 }, trusted };

	while (next_of_method(&walk, &it)) {
		struct slice signer =
			property(it.properties, SLICE("header.d"));

		if (signer.len == 0)
			signer = domain_of(
				property(it.properties, SLICE("header.i")));
		if (slice_eq_nocase(it.result, SLICE("pass")) &&
			is_aligned(signer, author))
			return AUTHENTICATION_PASS;
	}
	return AUTHENTICATION_NONE;
}

void
authentication_judge(const char *packed, const char *trusted,
	const struct address_list *from, struct authentication *ret)
{
	char author[AUTHENTICATION_DOMAIN_MAX + 1];
	struct slice results = slice_str(packed);

	*ret = (struct authentication){ 0 };
	if (!packed || !trusted || !domain_of_author(from, author))
		return;
	ret->verdict = judge_dmarc(results, trusted, slice_str(author));
	if (ret->verdict == AUTHENTICATION_NONE)
		ret->verdict = judge_dkim(results, trusted, slice_str(author));
	if (ret->verdict != AUTHENTICATION_NONE)
		memcpy(ret->domain, author, sizeof(author));
}

/* --- in words ------------------------------------------------------------ */

static void
add_sentence(struct document *doc, const char *fmt, const char *word)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	char *text CLEANUP(freep) = xasprintf(fmt, word);
#pragma GCC diagnostic pop

	document_add(doc, PARAGRAPH_TEXT, 0, 0, slice_str(text));
}

static void
describe_verdict(const struct authentication *it, struct document *doc)
{
	switch (it->verdict) {
	case AUTHENTICATION_PASS:
		add_sentence(doc, _("This message comes from %s."), it->domain);
		return;
	case AUTHENTICATION_FAIL:
		add_sentence(doc,
			_("This message does not come from %s, though it says "
			  "so."),
			it->domain);
		return;
	case AUTHENTICATION_NONE:
		document_add(doc, PARAGRAPH_TEXT, 0, 0,
			slice_str(_("It is not known whether this message "
				    "comes from whom it says.")));
		return;
	}
}

static void
describe_result(const struct authentication_result *it, struct document *doc)
{
	document_begin(doc, PARAGRAPH_TABLE_ROW, 0, 0);
	document_add_text(doc, it->server);
	document_add_text(doc, SLICE("\t"));
	document_add_text(doc, it->method);
	document_add_text(doc, SLICE("\t"));
	document_add_text(doc, it->result);
	document_add_text(doc, SLICE("\t"));
	document_add_text(doc, it->properties);
	if (it->reason.len > 0 && it->properties.len > 0)
		document_add_text(doc, SLICE(" "));
	document_add_text(doc, it->reason);
}

void
authentication_describe(const char *packed, const char *trusted,
	const struct address_list *from, struct document *doc)
{
	struct strbuf others CLEANUP(strbuf_clear) = { 0 };
	struct authentication verdict;
	struct authentication_result it;
	struct slice rest = slice_str(packed);
	struct slice last = { 0 };

	strbuf_init(&others, NAMES_MAX);
	authentication_judge(packed, trusted, from, &verdict);
	describe_verdict(&verdict, doc);
	while (authentication_next(&rest, &it)) {
		if (authentication_is_trusted(it.server, trusted)) {
			describe_result(&it, doc);
		} else if (!slice_eq_nocase(it.server, last)) {
			if (others.len > 0)
				strbuf_add_str(&others, ", ");
			strbuf_add_slice(&others, it.server);
			last = it.server;
		}
	}
	if (others.len > 0)
		add_sentence(doc,
			_("Not believed, since trust-auth-results does not "
			  "name them: %s"),
			others.data);
}
