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
	{ "letters and Roman numbers",
		"<ol type=a start=26><li>a<li>b</ol><ol type=I><li>c<li "
		"value=14>d</ol>",
		"I1 z. a\nI1 aa. b\nT\nI1 I. c\nI1 XIV. d\n" },
	{ "lists without marks", "<ul style='list-style:none'><li>a<li>b</ul>",
		"T a\nT b\n" },
	{ "Word's lists",
		"<p class=MsoNormal>x<p class=MsoListParagraph><span "
		"style='mso-list:Ignore'>1.<span style='font:7pt'>&nbsp;&nbsp; "
		"</span></span>a<p class=MsoListParagraph><span "
		"style='mso-list:Ignore'>\xc2\xb7</span>b",
		"T x\nI1 1. a\nI1 \xe2\x80\xa2 b\n" },
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
	{ "link with a picture without a word",
		"<a href=http://a.org><img src=x></a><a href=http://b.org><img "
		"src=x> b</a><a href=http://c.org><img src=x width=1></a>",
		"T {L0D [image]} {L1 b}\n" },
	/* Tables. */
	{ "table of data",
		"<table border=1><tr><th></th><th>A</th><th>B</th></tr>"
		"<tr><td>x</td><td>1</td><td></td></tr>"
		"<tr><td>y</td><td></td><td>2</td></tr></table>",
		"W3 \\t{B A}\\t{B B}\nW x\\t1\nW y\\t\\t2\n" },
	{ "paragraphs in cells",
		"<table><tr><td><p>a</p></td><td><p>b</p></td></tr>"
		"<tr><td><p>c</p></td><td><p>d</p></td></tr></table>",
		"W1 a\\tb\nW c\\td\n" },
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
		"W1 {B a}\\t{L0 b}\n" },
	{ "lines within cells",
		"<table border=1><tr><td>a<br>b</td><td><b>c</b><p>d</td></tr>"
		"</table>",
		"W1 a\\nb\\t{B c}\\nd\n" },
	{ "bold first row",
		"<table><tr><td><b>A</b><td><b>B</b><td><b>C</b></tr>"
		"<tr><td>a<td>b<td>c</tr></table>",
		"W3 {B A}\\t{B B}\\t{B C}\nW a\\tb\\tc\n" },
	{ "cells over several columns",
		"<table border=1><tr><td>a<td>b<td>c</tr>"
		"<tr><td colspan=2>d<td>e</tr><tr><td colspan=3>f</tr>"
		"<tr><td colspan=1000000>g<td>h</tr></table>",
		"W1 a\\tb\\tc\nW d\\t\\te\nW f\n"
		"W g\\th\n" },
	{ "cells over several rows",
		"<table border=1><tr><td rowspan=2>a<td>b</tr><tr><td>c</tr>"
		"<tr><td>d<td>e</tr></table>",
		"W1 a\\tb\nW \\tc\nW d\\te\n" },
	{ "labels", "<table role=none><tr><td>To:<td>a<br>b<tr><td>c</table>",
		"W1 To:\\ta\\nb\nT c\n" },
	{ "amounts",
		"<table role=presentation><tr><td>a<td>1.50 EUR</tr></table>",
		"W1 a\\t1.50 EUR\n" },
	{ "bullets in cells", "<table><tr><td>\xe2\x80\xa2<td>a</table>",
		"W1 \xe2\x80\xa2\\ta\n" },
	{ "two tables",
		"<div><table border=1><tr><td>a<td>b</table>"
		"<table border=1><tr><td>c<td>d</table></div>",
		"W1 a\\tb\nT\nW1 c\\td\n" },
	{ "table in a cell",
		"<table border=1><tr><td>a<td><table border=1><tr><td>b<td>c"
		"</table></tr></table>",
		"T a\nW1 b\\tc\n" },
	{ "caption", "<table><caption>a</caption><tr><td>b<td>c<br>d</table>",
		"T a\nW1 b\\tc\\nd\n" },
	{ "cells without rows", "<td>a</td><td>b</td>", "T a\nT b\n" },
	{ "tables side by side", "a<table><tr><td>b</table>c",
		"T a\nT\nT b\nT\nT c\n" },
	/* Mail that is answered. */
	{ "Gmail",
		"a<div class=gmail_quote>On x, y wrote:<br><blockquote "
		"class=gmail_quote style='margin:0;border-left:1px'>b"
		"</blockquote></div>",
		"T a\nT On x, y wrote:\nT\nT> b\n" },
	{ "Gmail's indent",
		"a<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>"
		"b</blockquote>",
		"T a\nT\nT1 b\n" },
	{ "Apple", "a<blockquote type=cite>b</blockquote>", "T a\nT\nT> b\n" },
	{ "Outlook on the web",
		"<div>a</div><div id=appendonsend></div><hr><div "
		"id=divRplyFwdMsg>From: b</div><div>c</div>",
		"T a\nR\nT\nT> From: b\nT> c\n" },
	{ "Outlook within its wrapper",
		"<div>a<div><div id=divRplyFwdMsg>b</div></div></div><p>c",
		"T a\nT\nT> b\nT>\nT> c\n" },
	{ "Word",
		"<p>a</p><div><div style='border:none;border-top:solid #E1E1E1 "
		"1.0pt;padding:3.0pt 0in 0in 0in'><p><b>From:</b> b</div></div>"
		"<p>c",
		"T a\nT\nT> {B From:} b\nT>\nT> c\n" },
	{ "Word, with a line at the side",
		"<p>a</p><div style='border:none;border-left:solid blue 1.5pt;"
		"padding:0in'><div><div style='border:none;border-top:solid "
		"#B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in'><p>b</div></div><p>c"
		"</div><p>d",
		"T a\nT\nT> b\nT>\nT> c\nT\nT d\n" },
	{ "header of lines",
		"<p>a<p><b>From:</b> b<br><b>Sent:</b> c<br>To: d<br>Subject: e"
		"<p>f",
		"T a\nT\nT> {B From:} b\nT> {B Sent:} c\nT> To: d\n"
		"T> Subject: e\nT>\nT> f\n" },
	{ "header of lines with nothing in front",
		"<p>From: b<br>Sent: c<br>Subject: e",
		"T From: b\nT Sent: c\nT Subject: e\n" },
	{ "original message", "a<p>-----Original Message-----<br>b",
		"T a\nT\nT> -----Original Message-----\nT> b\n" },
	{ "only in the cell",
		"<table><tr><td><div id=divRplyFwdMsg>a</div>b<td>c</table>",
		"T> a\nT> b\nT c\n" },
	{ "signature", "a<div class=gmail_signature>b</div>", "T a\nS b\n" },
	/* Colours. */
	{ "red", "<span style='color:red'>a</span>", "T {r a}\n" },
	{ "colours",
		"<font color=#00f>a</font><font color=008000>b</font>"
		"<i style='color:rgb(255, 140, 0)'>c</i>"
		"<b style='color:#800080'>d</b>",
		"T {b a}{g b}{Iy c}{Bm d}\n" },
	{ "no colours",
		"<span style='color:#333'>a</span><span style='color:#fff'>b"
		"</span><span style='color:#1a2b4c'>c</span>",
		"T abc\n" },
	{ "links have their own", "<a href=http://a style='color:red'>a</a>",
		"T {L0 a}\n" },
	/* What is not to be seen. */
	{ "white on white",
		"a<div style='background:#fff'>b<i style='color:#fefefe'>c</i>"
		"</div>",
		"T a\nT b\n" },
	{ "white on nobody knows what",
		"<div style='background:url(x)'><i style='color:#fff'>a</i>"
		"</div>",
		"T {I a}\n" },
	{ "black on black by attributes",
		"<table bgcolor=black><tr><td><font color=#000>a</font>"
		"<font color=white>b</font></table>",
		"T b\n" },
	{ "transparent", "a<i style='color:transparent'>b</i>", "T a\n" },
	{ "far to the left",
		"a<div style='text-indent:-9999px'>b</div><div "
		"style='text-indent:-10px'>c</div>",
		"T a\nT c\n" },
	{ "hidden from Word only", "<a style='mso-hide:all'>a</a>", "T a\n" },
	{ "hidden by a style sheet",
		"<style>/* x */ @media (max-width:1px) { .b { display:none } }"
		" p, .a, span.c { display: none !important } .d .e "
		"{display:none}</style><i class='x a'>1</i><i class=b>2</i>"
		"<i class=c>3</i><i class=e>4</i>",
		"T {I 24}\n" },
	{ "size by a style sheet",
		"<style>.a{font-size:13px}</style><div style='font-size:0'>x"
		"<div class=a>y</div></div>",
		"T y\n" },
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
	{ "<table border=1>", "<tr><td colspan=1000000>x<td>y</tr>", "" },
	{ "<table border=1>", "<tr><td rowspan=1000000>x<td>y</tr>", "" },
	{ "<table border=1><tr>", "<td>x", "</tr></table>" },
	{ "<table border=1>", "<tr><td>x<td>1</tr>", "</table>" },
	{ "", "<table border=1><tr><td>x<td>y", "" },
	{ "", "<div id=divRplyFwdMsg>x", "" },
	{ "", "<p>From: a<p>Date: b<p>Subject: c", "" },
	{ "<style>", ".a{display:none}", "</style><p class=a>b" },
	{ "<style>", "/*", "</style>" },
	{ "<style>", "@media{", "</style>" },
	{ "<style>.a,", ".b,", ".c{display:none}</style>" },
	{ "", "<style>.a{display:none}</style>", "" },
	{ "<i class='", "a ", "'>" },
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
