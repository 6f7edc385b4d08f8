/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message's text made anew: the other alternative, another charset, by a job
 * beside; and by a newer program than the one that made it. */
#include "cli/reading.h"

#include <poll.h>

#include "mime_document.h"
#include "store_fixture.h"
#include "sync/ingest.h"

#define HEADER                                                                 \
	"From: ann@example.org\nSubject: x\nMIME-Version: 1.0\n"               \
	"Content-Type: multipart/alternative; boundary=b\n\n"

static const char both[] =
	HEADER "--b\nContent-Type: text/plain; charset=iso-8859-1\n"
	       "Content-Transfer-Encoding: quoted-printable\n\n"
	       "The plain one, =F0=D2=C9, which says all there is to say.\n"
	       "--b\nContent-Type: text/html; charset=koi8-r\n"
	       "Content-Transfer-Encoding: quoted-printable\n\n"
	       "<p>The <b>HTML</b>, =F0=D2=C9</p>\n--b--\n";

static const char stub[] =
	HEADER "--b\nContent-Type: text/plain\n\n"
	       "To view this message, please use an HTML capable program.\n"
	       "--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n";

static const char plain[] =
	"From: ann@example.org\nContent-Type: text/plain\n\nHello\n";

static int64_t
put(struct fixture *fixture, const char *mail)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct flags flags = { 0 };
	int64_t message = 0;

	MUST(ingest_whole(fixture->store, fixture->account, fixture->inbox,
		slice_str(mail), &flags, 1, &message, &err));
	return message;
}

static void
is_document(const struct document *doc, const char *want, const char *what)
{
	struct strbuf got CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&got, 65536);
	print_document(doc, &got);
	is_str(got.data, want, what);
}

static void
is_stored(struct fixture *fixture, int64_t message, const char *want,
	const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct document doc CLEANUP(document_clear) = { 0 };
	int version;

	MUST(text_load(fixture->store, message, &doc, &version, &err) == FOUND);
	is_document(&doc, want, what);
	is_int(version, ingest_text_version(), "by this program");
}

static void
reads(struct fixture *fixture, int64_t message, enum reading_form form,
	const char *charset, const char *want, const char *what)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading_wish wish = { form, charset };
	struct reading reading = { .is_html = false };

	MUST(reading_make(fixture->store, message, &wish, &reading, &err) ==
		FOUND);
	is_document(&reading.document, want, what);
	reading_clear(&reading);
}

static void
refuses(struct fixture *fixture, int64_t message, enum reading_form form,
	const char *charset, const char *want)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading_wish wish = { form, charset };
	struct reading reading = { .is_html = false };

	ok(reading_make(fixture->store, message, &wish, &reading, &err) ==
			FOUND_ERROR,
		"refused");
	is_str(err.text, want, "and why");
}

static void
by_a_job(struct fixture *fixture, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct reading_wish wish = { READING_OTHER, NULL };
	struct reading reading = { .is_html = false };
	struct reading_job *job;
	struct pollfd fd = { .events = POLLIN };

	MUST(reading_job_start(fixture->home, message, &wish, &job, &err));
	fd.fd = reading_job_fd(job);
	ok(poll(&fd, 1, 60000) == 1, "a job tells when it is done");
	ok(reading_job_end(job, &reading, &err) == FOUND, "and gives it");
	ok(reading.is_html, "it is HTML");
	reading_clear(&reading);
}

/* As a lower extractor left it. */
static void
make_old(struct fixture *fixture, int64_t message)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct transaction tx CLEANUP(transaction_end) = { 0 };
	struct document doc CLEANUP(document_clear) = { 0 };

	document_init(&doc);
	document_add(&doc, PARAGRAPH_TEXT, 0, 0, SLICE("old words"));
	MUST(transaction_begin(fixture->store, &tx, &err));
	MUST(text_save(fixture->store, message, &doc, "old words",
		ingest_text_version() - 1, &err));
	MUST(transaction_commit(&tx, &err));
}

static void
again(struct fixture *fixture, int64_t message, int64_t other)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array old = { 0 };
	int64_t at = 0;

	make_old(fixture, message);
	MUST(text_again_some(
		fixture->store, ingest_text_version(), &at, &old, &err));
	is_int((int64_t)old.n, 1, "one text is old");
	is_int(old.n ? old.items[0] : 0, message, "this one");
	ok(at >= other && at >= message, "all were looked at");
	MUST(text_again_some(
		fixture->store, ingest_text_version(), &at, &old, &err));
	ok(at == INT64_MAX, "there are no more");
	MUST(ingest_text_again(fixture->store, message, &err) == FOUND);
	is_stored(fixture, message, "T Hello\n", "it was extracted again");
	array_clear(&old);
	ok(ingest_text_again(fixture->store, 4711, &err) == NOT_FOUND,
		"one that is gone");
}

int
main(void)
{
	struct fixture fixture;
	int64_t first;
	int64_t second;
	int64_t third;

	fixture_open(&fixture);
	first = put(&fixture, both);
	second = put(&fixture, stub);
	third = put(&fixture, plain);
	is_stored(&fixture, first,
		"T The plain one, ðÒÉ, which says all there is to say.\n",
		"plain text");
	is_stored(&fixture, second, "T Hello\n", "HTML for a stub");
	reads(&fixture, first, READING_OTHER, NULL, "T The {B HTML}, При\n",
		"the other one");
	reads(&fixture, first, READING_USUAL, "koi8-r",
		"T The plain one, При, which says all there is to say.\n",
		"another charset");
	reads(&fixture, first, READING_OTHER, "iso-8859-1",
		"T The {B HTML}, ðÒÉ\n", "another charset of the other one");
	reads(&fixture, second, READING_OTHER, NULL,
		"T To view this message, please use an HTML capable "
		"program.\n",
		"the stub");
	reads(&fixture, second, READING_PLAIN, NULL,
		"T To view this message, please use an HTML capable "
		"program.\n",
		"the plain one");
	refuses(&fixture, third, READING_OTHER, NULL,
		"This message has no HTML");
	refuses(&fixture, third, READING_USUAL, "no-such-thing",
		"There is no charset no-such-thing");
	by_a_job(&fixture, first);
	again(&fixture, third, first);
	fixture_close(&fixture);
	return tap_done();
}
