/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/html.h"

#include <stdlib.h>
#include <time.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "mime_document.h"
#include "tap.h"

static const struct {
	const char *what;
	const char *html;
	const char *want;
} cases[] = {
	{ "nothing", "", "" },
	{ "bare text", "Hello <b>there</b>", "T Hello {B there}\n" },
	{ "blanks", "  a \n b&nbsp;c\t",
		"T a b\xc2\xa0"
		"c\n" },
	{ "blanks between styles", "a <b>b</b> <i>c </i>d",
		"T a {B b} {I c} d\n" },
	{ "paragraphs", "<p>a</p><p>b</p>\n<p>c", "T a\nT\nT b\nT\nT c\n" },
	{ "lines", "a<br>b<div>c</div>d<div><div>e</div></div>",
		"T a\nT b\nT c\nT d\nT e\n" },
	{ "empty lines", "a<br><br>b<div><br></div>c<br><br><br>d",
		"T a\nT\nT b\nT\nT c\nT\nT d\n" },
	{ "empty paragraph", "<p>a</p><p>&nbsp;</p><p>b</p>", "T a\nT\nT b\n" },
	{ "whole page",
		"<!DOCTYPE html><html><head><title>t</title><style>p{}</style>"
		"<meta charset=utf-8></head><body class=x><p>a</body></html>",
		"T a\n" },
	{ "headings", "<h1>A</h1>b<h3>C</h3>", "H1 A\nT\nT b\nT\nH3 C\n" },
	{ "entities", "&lt;&eacute;&#228;&#x4f60;&amp;&quot;&bogus;&hellip;",
		"T <éä你&\"&bogus;…\n" },
	{ "entities that are no text", "a&#0;b&#27;c&#x80;d&#xd800;e",
		"T abc\xc2\x80"
		"de\n" },
	{ "signs that are no tags", "a < b <3 x<=y </ z <",
		"T a < b <3 x<=y </ z <\n" },
	{ "styles",
		"<b>a</b><i>b</i><u>c</u><code>d</code><s>e</s>"
		"<b><i>f</i></b>",
		"T {B a}{I b}{U c}{C d}{S e}{BI f}\n" },
	{ "styles by CSS",
		"<span style='font-weight: bold'>a</span>"
		"<span style=\"font-style:italic;text-decoration:underline\">b"
		"</span>",
		"T {B a}{IU b}\n" },
	{ "quotes", "a<blockquote>b<blockquote>c</blockquote>d</blockquote>e",
		"T a\nT\nT> b\nT>\nT>> c\nT>\nT> d\nT\nT e\n" },
	{ "lists", "a<ul><li>b<li>c<ul><li>d</ul></ul>e",
		"T a\nT\nI1 • b\nI1 • c\nI2 • d\nT\nT e\n" },
	{ "numbers", "<ol start=3><li>a<li>b<li value=9>c<li>d</ol>",
		"I1 3. a\nI1 4. b\nI1 9. c\nI1 10. d\n" },
	{ "paragraphs in items", "<ul><li><p>a</p><p>b</p></li><li>c</ul>",
		"I1 • a\nT\nT1 b\nT\nI1 • c\n" },
	{ "definitions", "<dl><dt>a<dd>b</dl>", "T a\nT1 b\n" },
	{ "pre", "<pre>\na\n  b\n</pre>c", "P a\\n  b\nT\nT c\n" },
	{ "white-space", "<div style='white-space: pre-wrap'>a\nb</div>",
		"T a\nT b\n" },
	{ "rule", "a<hr>b", "T a\nR\nT b\n" },
	/* Links. */
	{ "links",
		"<a href='https://a.org/?x&amp;y'>one</a> "
		"<a href=http://b.org>t<b>w</b>o</a> <a "
		"href=https://a.org/?x&amp;y>one</a>",
		"T {L0 one} {L1 t}{L1B w}{L1 o} {L0 one}\n" },
	{ "links in text", "see http://a.org/?x&amp;y, <b>www.b.org</b>",
		"T see {L0 http://a.org/?x&y}, {L1B www.b.org}\n" },
	{ "links that lead nowhere",
		"<a href='javascript:alert(1)'>a</a><a href='#x'>b</a>"
		"<a href='data:text/html,x'>c</a><a href='file:///x'>d</a>"
		"<a href='x.html'>e</a><a href=' JavaScript:x'>f</a><a>g</a>",
		"T abcdefg\n" },
	{ "links with blanks in them", "<a href=' https://a.\norg/ b '>a</a>",
		"T {L0 a}\n" },
	{ "link without a scheme", "<a href='//a.org/'>a</a>", "T {L0 a}\n" },
	{ "address", "<a href='mailto:a@b'>a</a>", "T {L0 a}\n" },
	/* Pictures. */
	{ "pictures", "a <img src=http://a.org/x.png alt='a picture'> b",
		"T a {D [a picture]} b\n" },
	{ "pictures without a word", "a<img src=x><img src=y alt=''>b",
		"T ab\n" },
	{ "little faces", "a <img alt='😀' src=x>", "T a 😀\n" },
	{ "picture as a link", "<a href=http://a.org><img src=x alt=logo></a>",
		"T {L0D [logo]}\n" },
	/* Tables. */
	{ "table of data",
		"<table border=1><tr><th></th><th>A</th><th>B</th></tr>"
		"<tr><td>x</td><td>1</td><td></td></tr>"
		"<tr><td>y</td><td></td><td>2</td></tr></table>",
		"W \\tA\\tB\nW x\\t1\nW y\\t\\t2\n" },
	{ "paragraphs in cells",
		"<table><tr><td><p>a</p></td><td><p>b</p></td></tr>"
		"<tr><td><p>c</p></td><td><p>d</p></td></tr></table>",
		"W a\\tb\nW c\\td\n" },
	{ "layout",
		"<table><tr><td><img src=x></td><td><h1>A</h1><p>b</p></td>"
		"</tr><tr><td><table><tr><td>c</td></tr><tr><td>d</td></tr>"
		"</table></td></tr></table>",
		"H1 A\nT\nT b\nT\nT c\nT d\n" },
	{ "two columns of text",
		"<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr>"
		"</table>",
		"T a\nT\nT b\nT\nT c\n" },
	{ "presentation",
		"<table role=presentation><tr><td>a</td><td>b</td></tr></table>",
		"T a\nT b\n" },
	{ "styles in cells",
		"<table><tr><td><b>a</b></td><td><a href=http://x>b</a></td>"
		"</tr></table>",
		"W {B a}\\t{L0 b}\n" },
	{ "cells without rows", "<td>a</td><td>b</td>", "T a\nT b\n" },
	{ "tables side by side", "a<table><tr><td>b</table>c",
		"T a\nT\nT b\nT\nT c\n" },
	/* What is not to be seen. */
	{ "display", "a<div style='display:none'>b</div>c", "T ac\n" },
	{ "display in capitals", "a<span style='DISPLAY : None'>b</span>c",
		"T ac\n" },
	{ "hidden", "a<span hidden>b</span>c", "T ac\n" },
	{ "no size", "a<span style='font-size:0px'>b</span>c", "T ac\n" },
	{ "no size but the children's",
		"<div style='font-size:0'>a<span style='font-size:13px'>b</span>"
		"</div>",
		"T b\n" },
	{ "half a size", "<span style='font-size:0.8em'>a</span>", "T a\n" },
	{ "no room", "a<div style='max-height:0;overflow:hidden'>b</div>c",
		"T ac\n" },
	{ "opacity", "a<i style='opacity:0'>b</i><i style='opacity:.5'>c</i>",
		"T a{I c}\n" },
	{ "nested in hidden",
		"<div style='display:none'>a<p>b<table><tr><td>c</table></div>d",
		"T d\n" },
	{ "scripts",
		"a<script>b</script><SCRIPT>if (x<y) '</p>'</SCRIPT >c"
		"<style><!-- d --></style>",
		"T ac\n" },
	{ "comments", "a<!-- b --><!--> c --><!---->d<![if x]>e<?xml f?>g",
		"T a c -->deg\n" },
	{ "conditional comments",
		"<!--[if mso]>a<![endif]--><!--[if !mso]><!-->b<!--<![endif]-->",
		"T b\n" },
	/* Broken ones. */
	{ "open comment", "a<!-- b > c", "T a c\n" },
	{ "open script", "a<script>b", "T ab\n" },
	{ "open tag", "a <b", "T a <b\n" },
	{ "open attribute", "a<a href=\"b>c</a>d", "T acd\n" },
	{ "stray ends", "</p>a</div></b></table>b", "T ab\n" },
	{ "crossed", "<b>a<i>b</b>c</i>d", "T {B a}{BI b}cd\n" },
	{ "unknown", "<o:p>a</o:p><x-y z=1>b</x-y>", "T ab\n" },
	{ "NUL in an attribute",
		"<a href='http://a\x01"
		"b'>c</a>",
		"T {L0 c}\n" },
};

static void
extract(const char *what, const char *html, const char *want)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct document doc;

	strbuf_init(&got, 65536);
	document_init(&doc);
	html_extract(slice_str(html), &doc);
	print_document(&doc, &got);
	is_str(got.data, want, what);
	document_clear(&doc);
}

static void
counts(void)
{
	static const char html[] =
		"<div style='display:none'>preheader<b>!</b></div>"
		"<div hidden>  </div><select>a</select>"
		"<img src='http://a/1.gif' width=1 height=1>"
		"<img src='https://a/2.gif' style='display:none'>"
		"<img src='//a/3.gif' width='0'>"
		"<img src='http://a/4.png' width=1 height=40>"
		"<img src='http://a/5.png'><img src='cid:x'>"
		"<img src='data:image/png,x'>"
		"<a href='//b.org'>x</a>"
		"<a href='https://c.\norg/ d&#x9b;&#x2028;'>y</a>";
	struct document doc;

	document_init(&doc);
	html_extract(slice_str(html), &doc);
	is_int(doc.hidden, 1, "hidden passages");
	is_int(doc.images, 5, "pictures to fetch");
	is_int(doc.trackers, 3, "trackers");
	is_int((int64_t)doc.n_links, 2, "links");
	is_str(doc.links[0].url, "https://b.org", "scheme filled in");
	is_str(doc.links[1].url, "https://c.org/d", "blanks left out");
	document_clear(&doc);
	ok(slice_eq(html_charset(SLICE("<meta charset=\"koi8-r\">")),
		   SLICE("koi8-r")),
		"charset");
	ok(slice_eq(html_charset(
			    SLICE("<meta content='text/html; charset=utf-8'>")),
		   SLICE("utf-8")),
		"charset in content");
	ok(html_charset(SLICE("charset")).len == 0, "no charset");
}

/* A beginning, a piece to repeat for four megabytes, an end. */
static const struct {
	const char *head;
	const char *piece;
	const char *tail;
} bombs[] = {
	{ "", "<div>", "" },
	{ "", "<b>", "x" },
	{ "", "<div>x</div>", "" },
	{ "", "<table><tr><td>", "x" },
	{ "", "<blockquote>", "x" },
	{ "", "<ul><li>", "x" },
	{ "", "<li>x", "" },
	{ "", "<p>x", "" },
	{ "", "<a href=http://x>", "x" },
	{ "", "</b>", "" },
	{ "", "<p></pre>", "" },
	{ "", "<b></blockquote>", "" },
	{ "", "<font></form>", "" },
	{ "<table>", "<tr><td>x</b>", "" },
	{ "<table><tr>", "<td>x", "" },
	{ "<a ", "b ", ">" },
	{ "<a ", "b=c ", ">" },
	{ "<a href='", "x", "'>y</a>" },
	{ "<img ", "alt=x ", ">" },
	{ "", "<a", "" },
	{ "", "<a b=\"", "" },
	{ "", "<a b=\">\" ", "" },
	{ "", "<a b='\">\" ", "" },
	{ "", "<a b=\"'>", "" },
	{ "", "<", "" },
	{ "", "<!", "" },
	{ "", "<!--", "" },
	{ "", "<!-->", "" },
	{ "", "<script>", "" },
	{ "", "<style></styl", "" },
	{ "", "<title></script>", "" },
	{ "", "&", "" },
	{ "", "&amp", "" },
	{ "", "&#", "" },
	{ "", "&#x41;", "" },
	{ "", "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "" },
	{ "", "x", "" },
	{ "", " ", "" },
	{ "", "x ", "" },
	{ "", "\n", "" },
	{ "", "http://x ", "" },
	{ "<pre>", "x\n", "" },
	{ "", "<br>", "" },
	{ "", "x<br>", "" },
	{ "", "<hr>", "" },
	{ "", "<h1>x</h1>", "" },
	{ "", "<b>x</b>y", "" },
	{ "", "<td>x", "" },
	{ "", "<span style='font-size:0;", "'>" },
	{ "<span style='", "a:b;", "'>x" },
	{ "", "\xe4\xbd\xa0", "" },
	{ "", "<form><input>", "" },
	{ "", "<select><option>", "" },
};

static void
bomb(size_t i)
{
	enum { LEN = 4 * 1024 * 1024 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct document doc;
	int64_t before = clock_mono_us();
	int64_t took;

	strbuf_init(&text, LEN + 1000);
	strbuf_add_str(&text, bombs[i].head);
	while (text.len < LEN - 100)
		strbuf_add_str(&text, bombs[i].piece);
	strbuf_add_str(&text, bombs[i].tail);
	document_init(&doc);
	html_extract(strbuf_slice(&text), &doc);
	took = clock_mono_us() - before;
	ok(utf8_is_valid(strbuf_slice(&doc.text)) && took < 30 * 1000 * 1000,
		"%s%s... in %d ms, %zu paragraphs", bombs[i].head,
		bombs[i].piece[0] == '\n' ? "\\n" : bombs[i].piece,
		(int)(took / 1000), doc.n_paragraphs);
	document_clear(&doc);
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		extract(cases[i].what, cases[i].html, cases[i].want);
	counts();
	for (size_t i = 0; i < ARRAY_LEN(bombs); i++)
		bomb(i);
	return tap_done();
}
