/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole messages of each structure that standards know, and of some that none
 * does: the parts, what is read, what is an attachment. */
#include "mime/text.h"

#include "base/array.h"
#include "mime/envelope.h"
#include "mime/walk.h"
#include "mime_document.h"
#include "tap.h"

#define SIGNED(type)                                                           \
	"Content-Type: multipart/signed; micalg=sha-256; boundary=b;\n"        \
	" protocol=\"" type "\"\n\n"
#define SIGNATURE(type)                                                        \
	"--b\nContent-Type: " type "; name=signature\n"                        \
	"Content-Disposition: attachment\n\nxxx\n--b--\n"

/* SLICE() is no constant. */
#define TEXT(lit)                                                              \
	{                                                                      \
		"" lit, sizeof(lit) - 1                                        \
	}

static const struct {
	const char *what;
	struct slice message;
	const char *tree; /* "section type" of each part */
	const char *text; /* sections to be read */
	const char *attachments;
} cases[] = {
	{ "RFC 3156 signed",
		TEXT(SIGNED("application/pgp-signature") "--b\n\none\n" SIGNATURE(
			"application/pgp-signature")),
		" multipart/signed, 1 text/plain, 2 application/pgp-signature",
		"1", "" },
	{ "RFC 3156 signed, of parts",
		TEXT(SIGNED(
			"application/pgp-signature") "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
						     "--c\n\none\n--c\nContent-Type: image/png\n\ntwo\n"
						     "--c--\n" SIGNATURE(
							     "application/pgp-signature")),
		" multipart/signed, 1 multipart/mixed, 1.1 text/plain, "
		"1.2 image/png, 2 application/pgp-signature",
		"1.1", "1.2" },
	{ "RFC 3156 encrypted",
		TEXT("Content-Type: multipart/encrypted; boundary=b;\n"
		     " protocol=\"application/pgp-encrypted\"\n\n"
		     "--b\nContent-Type: application/pgp-encrypted\n\n"
		     "Version: 1\n"
		     "--b\nContent-Type: application/octet-stream; "
		     "name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----\n"
		     "--b--\n"),
		" multipart/encrypted, 1 application/pgp-encrypted, "
		"2 application/octet-stream",
		"", "2" },
	{ "RFC 3156 key",
		TEXT("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none"
		     "\n--b\nContent-Type: application/pgp-keys; name=k.asc"
		     "\n\nxxx\n--b--\n"),
		" multipart/mixed, 1 text/plain, 2 application/pgp-keys", "1",
		"2" },
	{ "RFC 8551 signed",
		TEXT(SIGNED("application/pkcs7-signature") "--b\n\none\n" SIGNATURE(
			"application/pkcs7-signature")),
		" multipart/signed, 1 text/plain, "
		"2 application/pkcs7-signature",
		"1", "" },
	{ "RFC 8551 signed, by an old program",
		TEXT(SIGNED("application/x-pkcs7-signature") "--b\n\none\n" SIGNATURE(
			"application/x-pkcs7-signature")),
		" multipart/signed, 1 text/plain, "
		"2 application/x-pkcs7-signature",
		"1", "" },
	{ "RFC 8551 enveloped",
		TEXT("Content-Type: application/pkcs7-mime; name=smime.p7m;\n"
		     " smime-type=enveloped-data\n"
		     "Content-Transfer-Encoding: base64\n\nAAAA\n"),
		"1 application/pkcs7-mime", "", "1" },
	{ "RFC 1847 without a signature",
		TEXT("Content-Type: multipart/signed; boundary=b\n\n"
		     "--b\n\none\n--b--\n"),
		" multipart/signed, 1 text/plain", "1", "" },
	{ "RFC 6532 message",
		TEXT("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		     "one\n--b\nContent-Type: message/global\n\n"
		     "Subject: \xc3\xbc\n\ntwo\n--b--\n"),
		" multipart/mixed, 1 text/plain, 2 message/global, "
		"2.1 text/plain",
		"1 2.1", "" },
	{ "RFC 6533 report",
		TEXT("Content-Type: multipart/report; boundary=b\n\n--b\n\n"
		     "one\n--b\nContent-Type: message/global-delivery-status"
		     "\n\nx: y\n--b\nContent-Type: message/global-headers\n\n"
		     "Subject: x\n--b--\n"),
		" multipart/report, 1 text/plain, "
		"2 message/global-delivery-status, 3 message/global-headers",
		"1", "" },
	{ "RFC 2046 digest of messages and a letter",
		TEXT("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		     "one\n--b\nContent-Type: multipart/digest; boundary=c"
		     "\n\n--c\n\nSubject: x\n\ntwo\n--c\n\nSubject: y\n\n"
		     "three\n--c--\n--b--\n"),
		" multipart/mixed, 1 text/plain, 2 multipart/digest, "
		"2.1 message/rfc822, 2.1.1 text/plain, 2.2 message/rfc822, "
		"2.2.1 text/plain",
		"1 2.1.1 2.2.1", "" },
	{ "RFC 2046 parallel, and what nobody knows is mixed",
		TEXT("Content-Type: multipart/parallel; boundary=b\n\n--b\n\n"
		     "one\n--b\nContent-Type: multipart/x-new; boundary=c\n\n"
		     "--c\n\ntwo\n--c--\n--b--\n"),
		" multipart/parallel, 1 text/plain, 2 multipart/x-new, "
		"2.1 text/plain",
		"1 2.1", "" },
	{ "RFC 2046 a piece of a message",
		TEXT("Content-Type: message/partial; number=1; total=2; "
		     "id=a\n\nSubject: x\n\none\n"),
		"1 message/partial", "1", "" },
	{ "RFC 2046 what is elsewhere",
		TEXT("Content-Type: message/external-body; "
		     "access-type=URL;\n url=\"http://a.b/\"\n\n"
		     "Content-Type: image/png\n\n"),
		"1 message/external-body", "1", "" },
	{ "RFC 2045 comments and blanks",
		TEXT("MIME-Version: (a) 1.0 (b)\n"
		     "Content-Type : text/plain (c) ; charset (d) = utf-8\n"
		     "Content-Transfer-Encoding: (e) 8bit (f)\n\none\n"),
		"1 text/plain", "1", "" },
	{ "RFC 2045 without MIME-Version",
		TEXT("Content-Type: text/html\n\n<p>one\n"), "1 text/html", "1",
		"" },
	{ "NUL in text", TEXT("Subject: x\n\none\0two\n"), "1 text/plain", "1",
		"" },
	{ "NUL in the header",
		TEXT("Sub\0ject: x\nContent-Type: text/\0html\n"
		     "Content-Type: multipart/mixed; boundary=b\n\n"
		     "--b\n\none\n--b--\n"),
		"1 text/plain", "1", "" },
	{ "NUL in a boundary",
		TEXT("Content-Type: multipart/mixed; boundary=\"b\0c\"\n\n"
		     "--b\n\none\n--b--\n"),
		" multipart/mixed, 1 text/plain", "1", "" },
	{ "lines of mbox, before and within",
		TEXT("From a@b Fri Nov 20 10:11:12 2026\n"
		     "Content-Type: message/rfc822\n\n"
		     ">From c@d Fri Nov 20 10:11:12 2026\n"
		     "Subject: x\n\none\n"),
		"1 message/rfc822, 1.1 text/plain", "1.1", "" },
	{ "bare CR",
		TEXT("Content-Type: multipart/mixed; boundary=b\r\r"
		     "--b\r\rone\r--b\r\rtwo\r--b--\r"),
		" multipart/mixed, 1 text/plain, 2 text/plain", "1 2", "" },
	{ "bare CR within lines", TEXT("Subject: x\ry\r\n\r\none\rtwo\r\n"),
		"1 text/plain", "1", "" },
	{ "multiparts without delimiters, within each other",
		TEXT("Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		     "Content-Type: multipart/related; boundary=c\n\none\n"
		     "--b\nContent-Type: multipart/alternative\n\ntwo\n"
		     "--b--\n"),
		" multipart/mixed, 1 text/plain, 2 text/plain", "1 2", "" },
	{ "a multipart in base64",
		TEXT("Content-Type: multipart/mixed; boundary=b\n"
		     "Content-Transfer-Encoding: base64\n\nLS1iCg==\n"),
		"1 text/plain", "1", "" },
	{ "a header and no more", TEXT("Subject: x"), "1 text/plain", "1", "" },
};

static void
add_section(struct strbuf *out, const struct part *part)
{
	strbuf_addf(out, "%s%s", out->len ? " " : "", part->section);
}

static void
try(size_t i)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct strbuf attachments CLEANUP(strbuf_clear) = { 0 };
	int chosen[TEXT_PARTS_MAX];
	size_t n;

	strbuf_init(&got, 4096);
	strbuf_init(&text, 4096);
	strbuf_init(&attachments, 4096);
	mime_walk(cases[i].message, &tree);
	for (size_t j = 0; j < tree.n; j++) {
		const struct part *part = &tree.items[j];

		strbuf_addf(&got, "%s%s %s", j ? ", " : "", part->section,
			part->type);
		if (part_is_attachment(&tree, part))
			add_section(&attachments, part);
	}
	n = mime_text_choose(&tree, false, chosen, TEXT_PARTS_MAX);
	for (size_t j = 0; j < n; j++)
		add_section(&text, &tree.items[chosen[j]]);
	is_str(got.data, cases[i].tree, cases[i].what);
	is_str(text.data, cases[i].text, cases[i].what);
	is_str(attachments.data, cases[i].attachments, cases[i].what);
}

static void
extract(struct slice message, const char *want, const char *what)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 4096);
	mime_walk(message, &tree);
	document_init(&doc);
	mime_text_extract(&tree.items[0],
		mime_part_body(message, &tree.items[0]), NULL, &doc);
	print_document(&doc, &got);
	is_str(got.data, want, what);
}

/* Faults never cut a text off. */
static void
whole_texts(void)
{
	extract(SLICE("Subject: x\n\none\0two\nthree\n"), "T onetwo\nT three\n",
		"NUL is passed over");
	extract(SLICE("Subject: x\r\rone\rtwo\r"), "T one\nT two\n",
		"lines that end with CR alone");
	extract(SLICE("Content-Transfer-Encoding: base64\n\n"
		      "b25lCg==\n!!!\ndHdvCg==\n"),
		"T one\nT two\n", "base64 goes on behind its end");
	extract(SLICE("Content-Transfer-Encoding: quoted-printable\n\n"
		      "one =ZZ =\n two=3D\n= three\n"),
		"T one =ZZ  two=\nT = three\n", "what is no escape stays");
	extract(SLICE("Content-Type: text/plain; charset=gb2312\n\n"
		      "one \xff two\n"),
		"T one \xef\xbf\xbd two\n", "what is no character is one");
	extract(SLICE("Content-Type: text/plain; charset=no-such\n\none\n"),
		"T one\n", "a charset that nobody knows");
	extract(SLICE("Content-Transfer-Encoding: no-such\n\none\n"), "T one\n",
		"an encoding that nobody knows");
}

static void
several_from(void)
{
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };

	mime_read_envelope(
		SLICE("From: Ann <ann@x>, Bo <bo@x>\nFrom: Eve <eve@x>\n"
		      "To: a@x\nTo: b@x\nSubject: one\nSubject: two\n"),
		&envelope);
	is_int((int64_t)envelope.from.n, 2, "all of the first From");
	is_str(envelope.from.items[0].address, "ann@x", "and of no other");
	is_int((int64_t)envelope.to.n, 2, "recipients add up");
	is_str(envelope.subject, "one", "the first subject");
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		try(i);
	whole_texts();
	several_from();
	return tap_done();
}
