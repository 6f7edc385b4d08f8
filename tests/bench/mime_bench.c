/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walker and text extraction beside GMime and libetpan's mailmime, on the
 * messages below the folder that TERCET_CORPUS names and on made ones.  Each
 * figure comes from a process of its own: one of them may crash.
 *
 *	mime_bench [RUNS]	lines of "figure TAB value"
 *
 * walk: the tree of parts with types and names.  text: and each text part as
 * UTF-8.  html: their pages, which are UTF-8 before, to paragraphs, by tercet
 * alone.  big: memory beyond the message, which has 25 MB, in MB; with every
 * part decoded, in pieces where the library can.
 */
#include <dirent.h>
#include <libetpan/libetpan.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef WITH_GMIME
#include <gmime/gmime.h>
#endif

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "mime/charset.h"
#include "mime/html.h"
#include "mime/transfer.h"
#include "mime/walk.h"

enum {
	FILE_BYTES_MAX = 64 * 1024 * 1024,
	MADE_MESSAGES = 10000,
	BIG_BYTES = 25 * 1024 * 1024,
	PIECE_BYTES = 256 * 1024,
	ROUND_US = 400 * 1000, /* at least so long is measured */
	FOLDERS_MAX = 20,      /* nested */
};

ARRAY_OF(messages, struct slice);

enum task {
	TASK_WALK,
	TASK_TEXT,
	TASK_SAVE, /* decodes every part, keeps none */
};

struct engine {
	const char *name;
	void (*start)(void);
	/* Bytes of text, so that nothing is left out. */
	size_t (*run)(struct slice message, enum task task);
};

/* --- tercet --------------------------------------------------------------- */

static void
save(const struct part *part, struct slice body)
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct transfer *transfer = transfer_new(part->encoding);

	strbuf_init(&out, 4 * PIECE_BYTES);
	while (body.len > 0) {
		strbuf_reset(&out);
		transfer_add(transfer, slice_head(body, PIECE_BYTES), &out);
		body = slice_skip(body, PIECE_BYTES);
	}
	transfer_end(transfer, &out);
	transfer_free(transfer);
}

static size_t
text_of(const struct part *part, struct slice body)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&bytes, FILE_BYTES_MAX);
	strbuf_init(&text, 4 * (size_t)FILE_BYTES_MAX);
	if (part->encoding != ENCODING_IDENTITY) {
		transfer_decode(part->encoding, body, &bytes);
		body = strbuf_slice(&bytes);
	}
	(void)charset_to_utf8(
		slice_str(part->charset), CHARSET_DECLARED, body, &text);
	return text.len;
}

static size_t
run_tercet(struct slice message, enum task task)
{
	struct part_tree tree CLEANUP(part_tree_clear) = { 0 };
	size_t n = 0;

	mime_walk(message, &tree);
	for (size_t i = 0; task != TASK_WALK && i < tree.n; i++) {
		const struct part *part = &tree.items[i];
		struct slice body = mime_part_body(message, part);

		if (part_is_type(part, "text/"))
			n += text_of(part, body);
		else if (task == TASK_SAVE && !part_is_multipart(part))
			save(part, body);
	}
	return n;
}

static void
start_tercet(void)
{
}

/* --- GMime ---------------------------------------------------------------- */

#ifdef WITH_GMIME
static size_t
gmime_object(GMimeObject *object, enum task task)
{
	size_t n = 0;

	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			n += gmime_object(
				g_mime_multipart_get_part(multipart, i), task);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *message = g_mime_message_part_get_message(
			GMIME_MESSAGE_PART(object));
		GMimeObject *inner =
			message ? g_mime_message_get_mime_part(message) : NULL;

		if (inner)
			n += gmime_object(inner, task);
	} else if (GMIME_IS_PART(object)) {
		GMimeDataWrapper *content =
			g_mime_part_get_content(GMIME_PART(object));

		(void)g_mime_part_get_filename(GMIME_PART(object));
		if (task != TASK_WALK && GMIME_IS_TEXT_PART(object)) {
			char *text = g_mime_text_part_get_text(
				GMIME_TEXT_PART(object));

			n += text ? strlen(text) : 0;
			g_free(text);
		} else if (task == TASK_SAVE && content) {
			GMimeStream *null = g_mime_stream_null_new();

			g_mime_data_wrapper_write_to_stream(content, null);
			g_object_unref(null);
		}
	}
	return n;
}

static size_t
run_gmime(struct slice message, enum task task)
{
	GMimeStream *stream =
		g_mime_stream_mem_new_with_buffer(message.data, message.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *parsed = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *root =
		parsed ? g_mime_message_get_mime_part(parsed) : NULL;
	size_t n = root ? gmime_object(root, task) : 0;

	if (parsed)
		g_object_unref(parsed);
	g_object_unref(parser);
	g_object_unref(stream);
	return n;
}

static void
start_gmime(void)
{
	g_mime_init();
}
#endif

/* --- libetpan ------------------------------------------------------------- */

static size_t
etpan_part(struct mailmime *mime, enum task task)
{
	struct mailmime_data *data = mime->mm_data.mm_single;
	struct mailmime_single_fields fields;
	const char *charset =
		mailmime_content_charset_get(mime->mm_content_type);
	char *bytes = NULL;
	size_t len = 0;
	size_t at = 0;
	size_t n = 0;
	bool is_text = mime->mm_content_type->ct_type->tp_type ==
			       MAILMIME_TYPE_DISCRETE_TYPE &&
		       mime->mm_content_type->ct_type->tp_data.tp_discrete_type
				       ->dt_type == MAILMIME_DISCRETE_TYPE_TEXT;

	mailmime_single_fields_init(
		&fields, mime->mm_mime_fields, mime->mm_content_type);
	if (task == TASK_WALK || (task == TASK_TEXT && !is_text) || !data)
		return 0;
	if (mailmime_part_parse(data->dt_data.dt_text.dt_data,
		    data->dt_data.dt_text.dt_length, &at, data->dt_encoding,
		    &bytes, &len) != MAILIMF_NO_ERROR)
		return 0;
	if (is_text) {
		char *text = NULL;
		size_t text_len = 0;

		if (charconv_buffer("utf-8", charset ? charset : "us-ascii",
			    bytes, len, &text,
			    &text_len) == MAIL_CHARCONV_NO_ERROR)
			charconv_buffer_free(text);
		n = text_len;
	}
	mailmime_decoded_part_free(bytes);
	return n;
}

static size_t
etpan_mime(struct mailmime *mime, enum task task)
{
	clistiter *it;
	size_t n = 0;

	switch (mime->mm_type) {
	case MAILMIME_SINGLE:
		return etpan_part(mime, task);
	case MAILMIME_MULTIPLE:
		for (it = clist_begin(mime->mm_data.mm_multipart.mm_mp_list);
			it; it = clist_next(it))
			n += etpan_mime(clist_content(it), task);
		return n;
	case MAILMIME_MESSAGE:
		if (mime->mm_data.mm_message.mm_msg_mime)
			return etpan_mime(
				mime->mm_data.mm_message.mm_msg_mime, task);
		return 0;
	default:
		return 0;
	}
}

static size_t
run_etpan(struct slice message, enum task task)
{
	struct mailmime *mime = NULL;
	size_t at = 0;
	size_t n = 0;

	if (mailmime_parse(message.data, message.len, &at, &mime) !=
		MAILIMF_NO_ERROR)
		return 0;
	n = etpan_mime(mime, task);
	mailmime_free(mime);
	return n;
}

static const struct engine engines[] = {
	{ "", start_tercet, run_tercet },
#ifdef WITH_GMIME
	{ " gmime", start_gmime, run_gmime },
#endif
	{ " libetpan", start_tercet, run_etpan },
};

/* --- messages ------------------------------------------------------------- */

static void
add_file(const char *path, struct messages *messages)
{
	struct strbuf bytes;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&bytes, FILE_BYTES_MAX);
	if (file_read(path, &bytes, &err))
		array_push(messages, strbuf_slice(&bytes));
	else
		strbuf_clear(&bytes);
}

static bool
ends_like_mail(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '.') == NULL ||
	       (n > 4 && (strcmp(name + n - 4, ".eml") == 0 ||
				 strcmp(name + n - 4, ".txt") == 0 ||
				 strcmp(name + n - 4, ".msg") == 0));
}

static void
add_folder(const char *path, int depth, struct messages *messages)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *child CLEANUP(freep) = NULL;
		struct stat st;

		if (entry->d_name[0] == '.')
			continue;
		child = xasprintf("%s/%s", path, entry->d_name);
		if (lstat(child, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode) && depth < FOLDERS_MAX)
			add_folder(child, depth + 1, messages);
		else if (S_ISREG(st.st_mode) && ends_like_mail(entry->d_name))
			add_file(child, messages);
	}
	if (dir)
		closedir(dir);
}

static void
add_lines(struct strbuf *out, const char *line, int times)
{
	for (int i = 0; i < times; i++)
		strbuf_add_str(out, line);
}

static void
add_base64(struct strbuf *out, size_t bytes)
{
	static const char line[] = "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVyIH"
				   "RoZSBsYXp5IGRvZyBhbmQgcnVucyBvbi4uLi4u\r\n";

	for (size_t n = 0; n < bytes; n += sizeof(line) - 1)
		strbuf_add_str(out, line);
}

/* Four letters of five are text alone, or text and HTML; the fifth brings a
 * file. */
static void
make_message(int i, struct strbuf *out)
{
	strbuf_addf(out,
		"Return-Path: <ann%d@example.org>\r\n"
		"Received: from mx%d.example.org (mx.example.org [192.0.2.1])\r\n"
		"\tby mail.example.net with ESMTPS id %08x\r\n"
		"\tfor <bob@example.net>; Fri, 20 Nov 2026 10:11:12 +0100\r\n"
		"From: =?utf-8?q?Ann_Gr=C3=BCn?= <ann%d@example.org>\r\n"
		"To: Bob Example <bob@example.net>\r\n"
		"Subject: =?utf-8?b?R3LDvMOfZSBhdXMgS8O2bG4=?= %d\r\n"
		"Date: Fri, 20 Nov 2026 10:11:12 +0100\r\n"
		"Message-ID: <%d.%08x@example.org>\r\n"
		"MIME-Version: 1.0\r\n",
		i % 100, i, i, i % 100, i, i, i);
	if (i % 5 < 2) {
		strbuf_add_str(out,
			"Content-Type: text/plain; charset=utf-8\r\n"
			"Content-Transfer-Encoding: 8bit\r\n\r\n");
		add_lines(out,
			"Liebe Grüße, und hier kommt noch eine Zeile mehr.\r\n",
			10 + i % 50);
		return;
	}
	if (i % 5 == 4)
		strbuf_add_str(out,
			"Content-Type: multipart/mixed; boundary=\"=_m\"\r\n\r\n"
			"--=_m\r\n");
	strbuf_add_str(out,
		"Content-Type: multipart/alternative; boundary=\"=_a\"\r\n\r\n"
		"--=_a\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	add_lines(out, "Liebe Gr=FC=DFe, und hier kommt noch eine Zeile=\r\n",
		10 + i % 50);
	strbuf_add_str(out,
		"\r\n--=_a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
	add_lines(out, "<p>Liebe Grüße, <b>und hier</b> noch mehr.</p>\r\n",
		20 + i % 100);
	strbuf_add_str(out, "\r\n--=_a--\r\n");
	if (i % 5 != 4)
		return;
	strbuf_add_str(out,
		"\r\n--=_m\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n"
		"Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC.pdf"
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	add_base64(out, 20000 + (size_t)i % 1000 * 50);
	strbuf_add_str(out, "\r\n--=_m--\r\n");
}

static void
make_messages(struct messages *messages)
{
	for (int i = 0; i < MADE_MESSAGES; i++) {
		struct strbuf text;

		strbuf_init(&text, FILE_BYTES_MAX);
		make_message(i, &text);
		array_push(messages, strbuf_slice(&text));
	}
}

/* Lies outside of the heap, as a file that is mapped. */
static struct slice
make_big(void)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	void *map;

	strbuf_init(&text, FILE_BYTES_MAX);
	strbuf_add_str(&text,
		"Subject: big\r\nContent-Type: multipart/mixed; boundary=b"
		"\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\nContent-Type: "
		"application/zip; name=a.zip\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n");
	add_base64(&text, BIG_BYTES);
	strbuf_add_str(&text, "--b--\r\n");
	map = mmap(NULL, text.len, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		abort();
	memcpy(map, text.data, text.len);
	return slice_make(map, text.len);
}

static void
messages_clear(struct messages *messages)
{
	for (size_t i = 0; i < messages->n; i++)
		free((char *)(uintptr_t)messages->items[i].data);
	array_clear(messages);
}

/* --- pages ---------------------------------------------------------------- */

static void
add_page(const struct part *part, struct slice body, struct messages *pages)
{
	struct strbuf decoded CLEANUP(strbuf_clear) = { 0 };
	struct strbuf page;

	strbuf_init(&decoded, FILE_BYTES_MAX);
	strbuf_init(&page, (size_t)4 * FILE_BYTES_MAX);
	transfer_decode(part->encoding, body, &decoded);
	charset_to_utf8(slice_str(part->charset), CHARSET_DECLARED,
		strbuf_slice(&decoded), &page);
	if (page.len > 0 && slice_find(strbuf_slice(&page), '\0') == page.len)
		array_push(pages, strbuf_slice(&page));
	else
		strbuf_clear(&page);
}

static void
find_pages(const struct messages *messages, struct messages *pages)
{
	for (size_t i = 0; i < messages->n; i++) {
		struct part_tree tree CLEANUP(part_tree_clear) = { 0 };

		mime_walk(messages->items[i], &tree);
		for (size_t j = 0; j < tree.n; j++) {
			const struct part *part = &tree.items[j];

			if (part_is_type(part, "text/html"))
				add_page(part,
					mime_part_body(
						messages->items[i], part),
					pages);
		}
	}
}

static size_t
run_page(struct slice page, enum task task)
{
	struct document doc CLEANUP(document_clear) = { 0 };

	(void)task;
	document_init(&doc);
	html_extract(page, &doc);
	return doc.text.len;
}

static const struct engine reader = { "", start_tercet, run_page };

/* --- measuring ------------------------------------------------------------ */

static int64_t
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Megabytes in a second of this process. */
static double
speed(const struct engine *engine, const struct messages *messages,
	enum task task)
{
	int64_t start;
	int64_t took;
	size_t bytes = 0;
	volatile size_t text = 0;

	engine->start();
	start = cpu_us();
	do {
		for (size_t i = 0; i < messages->n; i++) {
			text += engine->run(messages->items[i], task);
			bytes += messages->items[i].len;
		}
		took = cpu_us() - start;
	} while (took < ROUND_US);
	return (double)bytes / (double)took;
}

static long
peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static double
memory(const struct engine *engine, struct slice message)
{
	long before;

	engine->start();
	before = peak_kb();
	engine->run(message, TASK_SAVE);
	return (double)(peak_kb() - before) / 1024;
}

enum { BIG = TASK_SAVE };

static void
measure(const char *figure, const struct engine *engine,
	const struct messages *messages, int what)
{
	int pipe_fds[2];
	double value = 0;
	pid_t child;
	int status;

	fflush(stdout);
	if (pipe(pipe_fds) != 0)
		abort();
	child = fork();
	if (child == 0) {
		value = what == BIG ? memory(engine, messages->items[0])
				    : speed(engine, messages, (enum task)what);
		if (write(pipe_fds[1], &value, sizeof(value)) !=
			(ssize_t)sizeof(value))
			_exit(1);
		_exit(0);
	}
	close(pipe_fds[1]);
	if (child > 0 && waitpid(child, &status, 0) == child &&
		WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
		read(pipe_fds[0], &value, sizeof(value)) ==
			(ssize_t)sizeof(value))
		printf("%s%s\t%.2f\n", figure, engine->name, value);
	else
		printf("%s%s\tcrash\n", figure, engine->name);
	close(pipe_fds[0]);
}

static void
measure_pages(const char *figure, const struct messages *messages)
{
	struct messages pages CLEANUP(messages_clear) = { 0 };

	find_pages(messages, &pages);
	if (pages.n > 0)
		measure(figure, &reader, &pages, TASK_TEXT);
}

static void
measure_all(const struct messages *corpus, const struct messages *made,
	const struct messages *big)
{
	static const char *const names[] = { "walk", "text" };

	for (size_t i = 0; i < ARRAY_LEN(engines); i++)
		measure("S15 big", &engines[i], big, BIG);
	measure_pages("S15 html made", made);
	measure_pages("S15 html corpus", corpus);
	for (int task = TASK_WALK; task <= TASK_TEXT; task++) {
		char figure[64];

		for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
			snprintf(figure, sizeof(figure), "S15 %s made",
				names[task]);
			measure(figure, &engines[i], made, task);
			if (corpus->n == 0)
				continue;
			snprintf(figure, sizeof(figure), "S15 %s corpus",
				names[task]);
			measure(figure, &engines[i], corpus, task);
		}
	}
}

int
main(int argc, char **argv)
{
	const char *folder = getenv("TERCET_CORPUS");
	struct messages corpus CLEANUP(messages_clear) = { 0 };
	struct messages made CLEANUP(messages_clear) = { 0 };
	struct slice one = make_big();
	const struct messages big = { &one, 1, 1 };
	uint64_t runs = 3;

	if (argc > 1 && !ascii_parse_u64(argv[1], strlen(argv[1]), 1000, &runs))
		return 2;
	if (folder && *folder)
		add_folder(folder, 0, &corpus);
	make_messages(&made);
	for (uint64_t run = 0; run < runs; run++)
		measure_all(&corpus, &made, &big);
	return 0;
}
