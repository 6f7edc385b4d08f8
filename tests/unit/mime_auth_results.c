/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mime/auth_results.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "mail/authentication.h"
#include "mail/envelope.h"
#include "mime/envelope.h"
#include "tap.h"

#define TRUSTED "mx.example.org"
#define AR      "Authentication-Results: "
#define FROM    "From: Ann <ann@example.com>\r\n"

/* Fields to the packed form: a line a result. */
static const struct {
	const char *what;
	const char *header;
	const char *packed;
} fields[] = {
	{ "one result", AR "mx.example.org; spf=pass smtp.mailfrom=a@b.c\r\n",
		"1\tmx.example.org\tspf\tpass\t\tsmtp.mailfrom=a@b.c\n" },
	{ "folded, with comments in comments",
		AR "mx.example.org (a (b) \\) c) 1;\r\n"
		   "\tdkim=pass (good (2048 bit)) header.d=b.c\r\n"
		   "\t header.i=@b.c; dmarc = fail (p=none; x) header.from=b.c"
		   "\r\n",
		"1\tmx.example.org\tdkim\tpass\t\theader.d=b.c header.i=@b.c\n"
		"1\tmx.example.org\tdmarc\tfail\t\theader.from=b.c\n" },
	{ "versions, reasons and quotes",
		AR "\"mx.example.org\" 1; dkim/1 = fail reason=\"no; \\\"key\""
		   " header.s=\"a b\"\r\n",
		"1\tmx.example.org\tdkim\tfail\tno; \"key\theader.s=a_b\n" },
	{ "blanks around dots and equals",
		AR "mx ; auth = pass smtp . auth = ann\r\n",
		"1\tmx\tauth\tpass\t\tsmtp.auth=ann\n" },
	{ "no results", AR "mx.example.org; none\r\n", "" },
	{ "a property without a type",
		AR "mx; dmarc=pass action=none header.from=b.c\r\n",
		"1\tmx\tdmarc\tpass\t\taction=none header.from=b.c\n" },
	{ "no server is named", AR "spf=pass smtp.mailfrom=a@b.c\r\n", "" },
	{ "a comment that never ends", AR "mx; spf=pass (a; dkim=pass\r\n",
		"1\tmx\tspf\tpass\t\t\n" },
	{ "a quote that never ends", AR "mx; spf=\"pa ss; dkim=pass\r\n",
		"1\tmx\tspf\tpa_ss;_dkim=pass\t\t\n" },
	{ "junk between", AR "mx; ; =x; spf; dkim=pass\r\n",
		"1\tmx\tdkim\tpass\t\t\n" },
	{ "control characters and bad UTF-8", AR "mx; dkim=p\x01s\xff\r\n",
		"1\tmx\tdkim\tp_s\xef\xbf\xbd\t\t\n" },
	{ "the topmost run of each server",
		AR "mx; dmarc=pass\r\n" AR "mx; dkim=pass\r\n"
		   "Received: by mx\r\n" AR "mx; spf=pass\r\n" AR
		   "other; spf=fail\r\n" AR "other; dkim=fail\r\n" AR
		   "mx; arc=pass\r\n",
		"1\tmx\tdmarc\tpass\t\t\n2\tmx\tdkim\tpass\t\t\n"
		"4\tother\tspf\tfail\t\t\n5\tother\tdkim\tfail\t\t\n" },
	{ "what filters write between",
		AR
		"mx; dmarc=pass\r\nDKIM-Filter: x\r\nReceived-SPF: pass\r\n" AR
		"mx; dkim=pass\r\n",
		"1\tmx\tdmarc\tpass\t\t\n2\tmx\tdkim\tpass\t\t\n" },
};

/* What is made of it; the author is of example.com unless another is named. */
static const struct {
	const char *what;
	const char *header;
	const char *trusted;
	enum authentication_verdict verdict;
	const char *domain;
} verdicts[] = {
	{ "dmarc passes",
		AR TRUSTED "; dmarc=pass header.from=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_PASS, "example.com" },
	{ "dmarc fails",
		AR TRUSTED "; dmarc=fail header.from=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_FAIL, "example.com" },
	{ "nobody is trusted", AR TRUSTED "; dmarc=pass\r\n" FROM, NULL,
		AUTHENTICATION_NONE, "" },
	{ "an empty list trusts nobody", AR TRUSTED "; dmarc=pass\r\n" FROM,
		" , ", AUTHENTICATION_NONE, "" },
	{ "another server", AR "evil.example; dmarc=pass\r\n" FROM, TRUSTED,
		AUTHENTICATION_NONE, "" },
	{ "one of several", AR TRUSTED "; dmarc=pass\r\n" FROM,
		"a.example, MX.example.org", AUTHENTICATION_PASS,
		"example.com" },
	{ "a name that only begins alike",
		AR "mx.example.org.evil; dmarc=pass"
		   "\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "an aligned signature",
		AR TRUSTED "; dkim=pass header.d=example.com\r\n" FROM, TRUSTED,
		AUTHENTICATION_PASS, "example.com" },
	{ "a signature by its identity",
		AR TRUSTED "; dkim=pass header.i=@example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_PASS, "example.com" },
	{ "a signature of the domain above",
		AR TRUSTED "; dkim=pass header.d=example.com\r\n"
			   "From: a@mail.example.com\r\n",
		TRUSTED, AUTHENTICATION_PASS, "mail.example.com" },
	{ "a signature of a domain below says nothing",
		AR TRUSTED "; dkim=pass header.d=user.example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "a signature of a top level says nothing",
		AR TRUSTED "; dkim=pass header.d=com\r\n" FROM, TRUSTED,
		AUTHENTICATION_NONE, "" },
	{ "somebody else's signature",
		AR TRUSTED "; dkim=pass header.d=bulk.example\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "one good signature of two",
		AR TRUSTED "; dkim=fail header.d=example.com;"
			   " dkim=pass header.d=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_PASS, "example.com" },
	{ "a signature that fails is not yet a forgery",
		AR TRUSTED "; dkim=fail header.d=example.com\r\n" FROM, TRUSTED,
		AUTHENTICATION_NONE, "" },
	{ "no policy, but a signature",
		AR TRUSTED
		"; dmarc=none; dkim=pass header.d=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_PASS, "example.com" },
	{ "dmarc of another author",
		AR TRUSTED "; dmarc=pass header.from=evil.example\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "spf alone says nothing of From",
		AR TRUSTED "; spf=pass smtp.mailfrom=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "a field that came with the message",
		AR TRUSTED "; dmarc=fail\r\nReceived: x\r\n" AR TRUSTED
			   "; dmarc=pass header.from=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_FAIL, "example.com" },
	{ "one right below: the topmost field of a method counts",
		AR TRUSTED
		"; dmarc=none; dkim=none\r\n" AR TRUSTED
		"; dmarc=pass; dkim=pass header.d=example.com\r\n" FROM,
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "two authors",
		AR TRUSTED "; dmarc=pass\r\n"
			   "From: a@example.com, b@example.net\r\n",
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "an author without a domain",
		AR TRUSTED "; dmarc=pass\r\n"
			   "From: ann\r\n",
		TRUSTED, AUTHENTICATION_NONE, "" },
	{ "no author", AR TRUSTED "; dmarc=pass\r\n", TRUSTED,
		AUTHENTICATION_NONE, "" },
	{ "fields in the text are no fields",
		FROM "\r\n" AR TRUSTED "; dmarc=pass\r\n", TRUSTED,
		AUTHENTICATION_NONE, "" },
};

static char *
read_all(const char *header)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&out, AUTHENTICATION_PACKED_MAX);
	auth_results_read(slice_str(header), &out);
	return strbuf_take(&out);
}

static void
test_limits(void)
{
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	char *packed CLEANUP(freep) = NULL;

	strbuf_init(&header, 64 * 1024 * 1024);
	for (int i = 0; i < 100000; i++)
		strbuf_addf(&header, AR "mx%d; dkim=pass header.d=b.c\r\n", i);
	strbuf_add_str(&header, AR "mx0; spf=pass ");
	for (int i = 0; i < 1000000; i++)
		strbuf_add_char(&header, '(');
	packed = read_all(header.data);
	ok(strlen(packed) <= AUTHENTICATION_PACKED_MAX &&
			strstr(packed, "mx0") && !strstr(packed, "mx9"),
		"thousands of fields");
}

static void
test_words(void)
{
	struct envelope envelope CLEANUP(envelope_clear) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	const char *header =
		AR TRUSTED "; dmarc=fail header.from=example.com\r\n" AR
			   "evil.example; dmarc=pass\r\n" FROM;
	char *packed CLEANUP(freep) = read_all(header);

	document_init(&doc);
	strbuf_init(&text, 65536);
	mime_read_envelope(slice_str(header), &envelope);
	authentication_describe(packed, TRUSTED, &envelope.from, &doc);
	document_print(&doc, &text);
	is_str(text.data,
		"This message does not come from example.com, though it says "
		"so.\n"
		"mx.example.org\tdmarc\tfail\theader.from=example.com\n"
		"Not believed, since trust-auth-results does not name them: "
		"evil.example\n",
		"in words");
}

int
main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		char *packed CLEANUP(freep) = read_all(fields[i].header);

		is_str(packed, fields[i].packed, fields[i].what);
	}
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct envelope envelope CLEANUP(envelope_clear) = { 0 };
		char *packed CLEANUP(freep) = read_all(verdicts[i].header);
		struct authentication got;

		mime_read_envelope(slice_str(verdicts[i].header), &envelope);
		authentication_judge(
			packed, verdicts[i].trusted, &envelope.from, &got);
		ok(got.verdict == verdicts[i].verdict, "%s: %d",
			verdicts[i].what, got.verdict);
		is_str(got.domain, verdicts[i].domain, verdicts[i].what);
	}
	test_limits();
	test_words();
	return tap_done();
}
