/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reading.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/thread.h"
#include "cli/export.h"
#include "mail/card.h"
#include "mime/charset.h"
#include "mime/message.h"
#include "sync/ingest.h"

/* Those that people meet; others can be typed. */
static const char *const charsets[] = { "auto", "big5", "euc-jp", "euc-kr",
	"gb18030", "ibm850", "iso-2022-jp", "iso-8859-1", "iso-8859-2",
	"iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-9",
	"iso-8859-15", "koi8-r", "koi8-u", "macintosh", "shift_jis", "tis-620",
	"utf-8", "utf-16", "windows-1250", "windows-1251", "windows-1252",
	"windows-1253", "windows-1254", "windows-1255", "windows-1256",
	"windows-1257", "windows-1258" };

void
reading_clear(struct reading *reading)
{
	document_clear(&reading->document);
	free(reading->missing);
	reading->missing = NULL;
}

bool
reading_knows_charset(const char *name)
{
	return charset_is_known(slice_str(name));
}

const char *
reading_charset(size_t i)
{
	return i < ARRAY_LEN(charsets) ? charsets[i] : NULL;
}

/* The bytes of parts, out of the store. */
struct source {
	struct store *store;
	int64_t message;
	struct strbuf bytes[MESSAGE_PARTS_MAX];
	size_t n;
	struct error *err;
	bool failed; /* `err` says why */
};

static struct slice
take_bytes(void *ctx, const struct part *part)
{
	struct source *source = ctx;
	struct strbuf *bytes;

	if (source->n == MESSAGE_PARTS_MAX || source->failed)
		return slice_make(NULL, 0);
	bytes = &source->bytes[source->n++];
	strbuf_init(bytes, MESSAGE_BYTES_MAX);
	switch (export_section(source->store, source->message, part->section,
		bytes, source->err)) {
	case FOUND:
		return strbuf_slice(bytes);
	case FOUND_ERROR:
		source->failed = true;
		break;
	case NOT_FOUND:
		break;
	}
	return slice_make(NULL, 0);
}

static void
forget_bytes(struct source *source)
{
	for (size_t i = 0; i < source->n; i++)
		strbuf_clear(&source->bytes[i]);
	source->n = 0;
}

/* One form; `*ret_missing` is the part whose bytes are not held, or NULL. */
static bool
read_form(struct source *source, const struct message *message,
	enum text_form form, const char *charset, struct reading *reading,
	const struct part **ret_missing)
{
	struct message_source all = {
		.tree = &message->parts,
		.body = take_bytes,
		.ctx = source,
	};
	struct report report = { 0 };

	document_clear(&reading->document);
	document_init(&reading->document);
	reading->is_html = mime_message_read_as(
		&all, form, charset, &reading->document, &report, ret_missing);
	report_clear(&report);
	card_expand(&reading->document);
	forget_bytes(source);
	return !source->failed;
}

static enum text_form
form_of(enum reading_form form)
{
	switch (form) {
	case READING_PLAIN:
		return TEXT_PLAIN;
	case READING_HTML:
		return TEXT_HTML;
	case READING_USUAL:
	case READING_OTHER:
		break;
	}
	return TEXT_USUAL;
}

static enum found
no_such_form(enum text_form form, struct error *err)
{
	error_set(err, ERR_REFUSED, "%s",
		form == TEXT_HTML ? _("This message has no HTML")
				  : _("This message has no plain text"));
	return FOUND_ERROR;
}

static enum found
read_message(struct store *store, const struct message *message,
	const struct reading_wish *wish, struct reading *reading,
	struct error *err)
{
	struct source source = {
		.store = store, .message = message->id, .err = err
	};
	enum text_form form = form_of(wish->form);
	const struct part *missing = NULL;

	if (!read_form(
		    &source, message, form, wish->charset, reading, &missing))
		return FOUND_ERROR;
	if (wish->form == READING_OTHER && !missing) {
		form = reading->is_html ? TEXT_PLAIN : TEXT_HTML;
		if (!read_form(&source, message, form, wish->charset, reading,
			    &missing))
			return FOUND_ERROR;
	}
	if (missing) {
		reading->missing = xstrdup(missing->section);
		return NOT_FOUND;
	}
	if (form != TEXT_USUAL && reading->is_html != (form == TEXT_HTML))
		return no_such_form(form, err);
	return FOUND;
}

enum found
reading_make(struct store *store, int64_t message_id,
	const struct reading_wish *wish, struct reading *ret_reading,
	struct error *err)
{
	struct message message = { .id = 0 };
	struct reading reading = { .is_html = false };
	enum found found;

	if (wish->charset && !reading_knows_charset(wish->charset)) {
		error_set(err, ERR_INVALID, _("There is no charset %s"),
			wish->charset);
		return FOUND_ERROR;
	}
	found = message_load(store, message_id, &message, err);
	if (found == NOT_FOUND) {
		error_set(err, ERR_STALE, _("The message is gone"));
		found = FOUND_ERROR;
	}
	if (found == FOUND)
		found = read_message(store, &message, wish, &reading, err);
	message_clear(&message);
	if (found == FOUND_ERROR)
		reading_clear(&reading);
	else
		*ret_reading = reading;
	return found;
}

/* --- by a thread --------------------------------------------------------- */

struct reading_job {
	struct store_home *home;
	int64_t message;
	enum reading_form form;
	char *charset;
	struct thread *thread;
	struct cancel done;

	/* The thread's until `done`. */
	struct reading reading;
	struct error err;
	enum found found;
};

static void
run(void *arg)
{
	struct reading_job *job = arg;
	struct reading_wish wish = { job->form, job->charset };
	struct store *store = NULL;

	thread_step_back();
	job->found = FOUND_ERROR;
	if (store_open(job->home, STORE_TOOL, &store, &job->err)) {
		job->found = reading_make(
			store, job->message, &wish, &job->reading, &job->err);
		store_close(store);
	}
	cancel_fire(&job->done);
}

static void
job_free(struct reading_job *job)
{
	cancel_destroy(&job->done);
	free(job->charset);
	free(job);
}

bool
reading_job_start(struct store_home *home, int64_t message,
	const struct reading_wish *wish, struct reading_job **ret_job,
	struct error *err)
{
	struct reading_job *job = xnew(struct reading_job);

	job->home = home;
	job->message = message;
	job->form = wish->form;
	job->charset = xstrdup_null(wish->charset);
	cancel_init(&job->done);
	if (!thread_start("reading", run, job, &job->thread, err)) {
		job_free(job);
		return false;
	}
	*ret_job = job;
	return true;
}

int
reading_job_fd(const struct reading_job *job)
{
	return job->done.fd;
}

enum found
reading_job_end(
	struct reading_job *job, struct reading *ret_reading, struct error *err)
{
	enum found found;

	thread_join(job->thread);
	found = job->found;
	if (found == FOUND_ERROR)
		error_move(err, &job->err);
	else
		*ret_reading = job->reading;
	job_free(job);
	return found;
}
