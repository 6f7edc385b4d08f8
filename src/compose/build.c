/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/file.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "compose/domain.h"
#include "compose/encode.h"
#include "compose/field.h"
#include "compose/flow.h"
#include "compose/media.h"
#include "compose/stamp.h"

/* A piece of any reader, encoded. */
enum { OUTLET_MAX = 4 * 1024 * 1024 };

/* How a part goes out. */
enum form {
	FORM_7BIT,
	FORM_8BIT,
	FORM_QP,
	FORM_BASE64,
};

struct part_plan {
	const struct draft_attachment *attachment;
	const char *type; /* borrowed */
	enum form form;
	struct text_scan scan;
};
ARRAY_OF(part_plans, struct part_plan);

struct recipients {
	char **items;
	size_t n;
	size_t cap;
};

struct build {
	const struct draft *draft;
	struct build_options options;
	struct strbuf header;
	struct strbuf bcc;
	struct strbuf text; /* of the body, flowed */
	enum form text_form;
	bool text_is_ascii;
	struct part_plans parts;
	char *message_id;
	char *sender;
	struct recipients recipients;
	char boundary[40];
	bool eight_bit;
	bool utf8;
};

/* ---- reading attachments ---- */

static bool
name_attachment(const struct draft_attachment *it, struct error *err)
{
	return error_prefix(err, _("Attachment %s"),
		it->path   ? it->path
		: it->name ? it->name
			   : "?");
}

static bool
read_file(const char *path, bool (*sink)(void *to, struct slice piece),
	void *to, struct error *err)
{
	int fd CLEANUP(closep) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *buf CLEANUP(freep) = xmalloc(BUILD_PIECE);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return error_set_errno(
			err, ERR_INVALID, errno, _("it cannot be read"));
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERR_INVALID, _("it is no file"));
	for (;;) {
		ssize_t n = read(fd, buf, BUILD_PIECE);

		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(err, ERR_INVALID, errno,
				_("it cannot be read"));
		if (!sink(to, slice_make(buf, (size_t)n)))
			return error_set(err, ERR_CANCELLED, _("Cancelled"));
	}
}

static bool
read_attachment(const struct build *build, const struct draft_attachment *it,
	bool (*sink)(void *to, struct slice piece), void *to, struct error *err)
{
	if (it->path)
		return read_file(it->path, sink, to, err);
	if (!build->options.read)
		return error_set(err, ERR_INVALID, _("it is not here"));
	return build->options.read(build->options.ctx, it, sink, to, err);
}

/* ---- looking at everything ---- */

static bool
scan_piece(void *to, struct slice piece)
{
	text_scan_add(to, piece);
	return true;
}

/* Text files go as they are where nothing on the way changes them. */
static enum form
choose_form(const struct part_plan *plan)
{
	const struct text_scan *scan = &plan->scan;

	if (slice_eq_nocase(slice_str(plan->type), SLICE("message/rfc822")))
		return scan->high > 0 ? FORM_8BIT : FORM_7BIT;
	if (slice_starts_nocase(slice_str(plan->type), SLICE("text/")) &&
		text_scan_is_7bit(scan) && !scan->has_cr &&
		!scan->has_control && scan->ended)
		return FORM_7BIT;
	return FORM_BASE64;
}

static bool
plan_attachment(struct build *build, const struct draft_attachment *it,
	struct error *err)
{
	struct part_plan *plan = array_add(&build->parts);

	plan->attachment = it;
	plan->type = it->type && media_type_is_sound(it->type)
			     ? it->type
			     : media_type_of_name(it->name ? it->name : "");
	if (!read_attachment(build, it, scan_piece, &plan->scan, err))
		return name_attachment(it, err);
	/* What claims to be a message and cannot be sent as one. */
	if (slice_eq_nocase(slice_str(plan->type), SLICE("message/rfc822")) &&
		(plan->scan.longest > TEXT_LINE_MAX || plan->scan.has_nul))
		plan->type = "application/octet-stream";
	plan->form = choose_form(plan);
	if (plan->form == FORM_8BIT)
		build->eight_bit = true;
	return true;
}

static bool
plan_text(struct build *build, struct error *err)
{
	struct slice body = slice_str(build->draft->body);
	struct strbuf sound CLEANUP(strbuf_clear) = { 0 };
	struct text_scan scan = { 0 };

	if (body.len > DRAFT_BODY_MAX)
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	strbuf_init(&sound, (size_t)4 * DRAFT_BODY_MAX);
	strbuf_init(&build->text, (size_t)8 * DRAFT_BODY_MAX);
	if (!utf8_repair(body, &sound))
		return error_set(err, ERR_LIMIT, _("The text is too long"));
	flow_text(strbuf_slice(&sound), &build->text);
	text_scan_add(&scan, strbuf_slice(&build->text));
	build->text_is_ascii = scan.high == 0;
	if (text_scan_is_7bit(&scan) && !scan.has_control)
		build->text_form = FORM_7BIT;
	else if (scan.high > scan.bytes / 4)
		build->text_form = FORM_BASE64;
	else
		build->text_form = FORM_QP;
	return !build->text.full ||
	       error_set(err, ERR_LIMIT, _("The text is too long"));
}

/* ---- the envelope ---- */

static bool
add_recipient(struct build *build, const char *address, struct error *err)
{
	struct recipients *all = &build->recipients;
	char *wire CLEANUP(freep) = NULL;

	if (!*address)
		return true;
	if (!address_to_wire(address, &wire, &build->utf8, err))
		return build->options.unfinished;
	for (size_t i = 0; i < all->n; i++) {
		if (address_eq(all->items[i], wire))
			return true;
	}
	array_push(all, STEAL(wire));
	return true;
}

static bool
make_envelope(struct build *build, struct error *err)
{
	const struct draft *draft = build->draft;
	const struct address_list *lists[] = { &draft->to, &draft->cc,
		&draft->bcc };
	struct error ignored CLEANUP(error_clear) = ERROR_INIT;
	bool unfinished = build->options.unfinished;

	if (!draft->from && !unfinished)
		return error_set(
			err, ERR_INVALID, _("The message has no sender"));
	if (draft->from && !address_to_wire(draft->from, &build->sender,
				   &build->utf8, unfinished ? &ignored : err)) {
		if (!unfinished)
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		for (size_t j = 0; j < lists[i]->n; j++) {
			if (!add_recipient(build, lists[i]->items[j].address,
				    unfinished ? &ignored : err))
				return false;
		}
	}
	if (build->recipients.n == 0 && !unfinished)
		return error_set(
			err, ERR_INVALID, _("The message has no recipient"));
	return true;
}

/* ---- the header ---- */

static bool
add_addresses(struct build *build, const char *name,
	const struct address_list *list, struct error *err)
{
	return field_add_addresses(&build->header, name, list,
		!build->options.unfinished, &build->utf8, err);
}

static bool
add_from(struct build *build, struct error *err)
{
	struct address_list from = { 0 };
	bool ok;

	if (!build->draft->from)
		return true;
	address_list_add(&from, build->draft->from_name, build->draft->from);
	ok = add_addresses(build, "From", &from, err);
	if (ok && build->draft->wants_receipt)
		ok = add_addresses(
			build, "Disposition-Notification-To", &from, err);
	address_list_clear(&from);
	return ok;
}

static void
add_priority(struct build *build)
{
	if (build->draft->priority == PRIORITY_HIGH) {
		field_add_ascii(&build->header, "Importance", "high");
		field_add_ascii(&build->header, "X-Priority", "1");
	} else if (build->draft->priority == PRIORITY_LOW) {
		field_add_ascii(&build->header, "Importance", "low");
		field_add_ascii(&build->header, "X-Priority", "5");
	}
}

static const char *
form_name(enum form form)
{
	switch (form) {
	case FORM_7BIT:
		return "7bit";
	case FORM_8BIT:
		return "8bit";
	case FORM_QP:
		return "quoted-printable";
	case FORM_BASE64:
		return "base64";
	}
	UNREACHABLE();
}

static void
add_text_type(const struct build *build, struct strbuf *out)
{
	strbuf_addf(out,
		"Content-Type: text/plain; charset=%s; format=flowed\r\n"
		"Content-Transfer-Encoding: %s\r\n",
		build->text_is_ascii ? "us-ascii" : "utf-8",
		form_name(build->text_form));
}

static void
add_type(struct build *build)
{
	struct strbuf *out = &build->header;

	field_add_ascii(out, "MIME-Version", "1.0");
	if (build->parts.n == 0) {
		add_text_type(build, out);
		return;
	}
	stamp_boundary(build->boundary);
	strbuf_addf(out,
		"Content-Type: multipart/mixed;\r\n boundary=\"%s\"\r\n",
		build->boundary);
	if (build->eight_bit)
		field_add_ascii(out, "Content-Transfer-Encoding", "8bit");
}

static bool
make_header(struct build *build, struct error *err)
{
	const struct draft *draft = build->draft;
	struct strbuf *out = &build->header;
	struct strbuf date CLEANUP(strbuf_clear) = { 0 };
	struct message_ids id = { .items = &build->message_id, .n = 1 };

	strbuf_init(&date, 64);
	stamp_date(build->options.now, &date);
	field_add_ascii(out, "Date", date.data);
	if (!add_from(build, err) ||
		!add_addresses(build, "Reply-To", &draft->reply_to, err) ||
		!add_addresses(build, "To", &draft->to, err) ||
		!add_addresses(build, "Cc", &draft->cc, err))
		return false;
	/* RFC 5322 3.6.3 wants some destination field, or none at all. */
	if (draft->subject && *draft->subject)
		field_add_text(out, "Subject", slice_str(draft->subject));
	field_add_ids(out, "Message-ID", &id, NULL);
	field_add_ids(out, "In-Reply-To", NULL, draft->in_reply_to);
	field_add_ids(out, "References", &draft->references, NULL);
	if (!add_addresses(build, "Mail-Followup-To", &draft->followup_to, err))
		return false;
	add_priority(build);
	add_type(build);
	if (!field_add_addresses(&build->bcc, "Bcc", &draft->bcc,
		    !build->options.unfinished, &build->utf8, err))
		return false;
	if (out->full || build->bcc.full)
		return error_set(
			err, ERR_LIMIT, _("The message's header is too long"));
	return true;
}

static bool
prepare(struct build *build, struct error *err)
{
	const struct draft *draft = build->draft;
	const char *given = build->options.message_id;

	strbuf_init(&build->header, BUILD_HEADER_MAX);
	strbuf_init(&build->bcc, BUILD_HEADER_MAX);
	if (given && field_id_is_sound(slice_str(given)))
		build->message_id = xstrdup(given);
	else
		build->message_id = stamp_message_id(draft->from);
	if (!make_envelope(build, err) || !plan_text(build, err))
		return false;
	for (size_t i = 0; i < draft->attachments.n; i++) {
		if (!plan_attachment(build, &draft->attachments.items[i], err))
			return false;
	}
	return make_header(build, err);
}

bool
build_begin(const struct draft *draft, const struct build_options *options,
	struct build **ret_build, struct error *err)
{
	struct build *build CLEANUP(build_freep) = xnew(struct build);

	build->draft = draft;
	build->options = *options;
	if (!prepare(build, err))
		return false;
	*ret_build = STEAL(build);
	return true;
}

void
build_free(struct build *build)
{
	if (!build)
		return;
	strbuf_clear(&build->header);
	strbuf_clear(&build->bcc);
	strbuf_clear(&build->text);
	array_clear(&build->parts);
	free(build->message_id);
	free(build->sender);
	for (size_t i = 0; i < build->recipients.n; i++)
		free(build->recipients.items[i]);
	array_clear(&build->recipients);
	free(build);
}

void
build_freep(struct build **build)
{
	build_free(*build);
}

struct slice
build_header(const struct build *build)
{
	return strbuf_slice(&build->header);
}

struct slice
build_bcc(const struct build *build)
{
	return strbuf_slice(&build->bcc);
}

const char *
build_message_id(const struct build *build)
{
	return build->message_id;
}

const char *
build_sender(const struct build *build)
{
	return build->sender ? build->sender : "";
}

size_t
build_recipients(const struct build *build, const char *const **ret_addresses)
{
	*ret_addresses = (const char *const *)build->recipients.items;
	return build->recipients.n;
}

bool
build_is_eight_bit(const struct build *build)
{
	return build->eight_bit;
}

bool
build_needs_utf8(const struct build *build)
{
	return build->utf8;
}

/* ---- the rest ---- */

/* One part's bytes on their way through its encoding. */
struct outlet {
	enum form form;
	struct base64_stream base64;
	struct qp_stream qp;
	struct crlf_stream crlf;
	struct text_scan scan; /* what really came */
	struct strbuf out;
	bool (*sink)(void *to, struct slice piece);
	void *to;
};

static bool
outlet_flush(struct outlet *outlet)
{
	bool ok = outlet->out.len == 0 ||
		  outlet->sink(outlet->to, strbuf_slice(&outlet->out));

	strbuf_reset(&outlet->out);
	return ok;
}

static bool
outlet_add(void *to, struct slice piece)
{
	struct outlet *outlet = to;

	text_scan_add(&outlet->scan, piece);
	switch (outlet->form) {
	case FORM_7BIT:
	case FORM_8BIT:
		crlf_stream_add(&outlet->crlf, piece, &outlet->out);
		break;
	case FORM_QP:
		qp_stream_add(&outlet->qp, piece, &outlet->out);
		break;
	case FORM_BASE64:
		base64_stream_add(&outlet->base64, piece, &outlet->out);
		break;
	}
	return outlet_flush(outlet);
}

static void
outlet_begin(struct outlet *outlet, enum form form,
	bool (*sink)(void *to, struct slice piece), void *to)
{
	*outlet = (struct outlet){ .form = form, .sink = sink, .to = to };
	strbuf_init(&outlet->out, OUTLET_MAX);
}

static bool
outlet_end(struct outlet *outlet)
{
	crlf_stream_end(&outlet->crlf, &outlet->out);
	qp_stream_end(&outlet->qp, &outlet->out);
	base64_stream_end(&outlet->base64, &outlet->out);
	return outlet_flush(outlet);
}

static bool
write_text(struct build *build, bool (*sink)(void *to, struct slice piece),
	void *to)
{
	struct outlet outlet;
	struct slice rest = strbuf_slice(&build->text);
	struct strbuf crlf CLEANUP(strbuf_clear) = { 0 };
	struct crlf_stream stream = { 0 };
	bool ok = true;

	/* RFC 2045 6.8: line ends of text are CRLF inside base64, too. */
	strbuf_init(&crlf, OUTLET_MAX);
	outlet_begin(&outlet, build->text_form, sink, to);
	while (ok && rest.len > 0) {
		strbuf_reset(&crlf);
		crlf_stream_add(&stream, slice_head(rest, BUILD_PIECE), &crlf);
		rest = slice_skip(rest, BUILD_PIECE);
		ok = outlet_add(&outlet, strbuf_slice(&crlf));
	}
	ok = ok && outlet_end(&outlet);
	strbuf_clear(&outlet.out);
	return ok;
}

static void
add_part_header(const struct part_plan *plan, struct strbuf *out)
{
	const struct draft_attachment *it = plan->attachment;

	strbuf_addf(out, "Content-Type: %s", plan->type);
	if (it->name && *it->name)
		field_add_param(out, "name", slice_str(it->name));
	strbuf_add_str(out, "\r\nContent-Disposition: attachment");
	if (it->name && *it->name)
		field_add_param(out, "filename", slice_str(it->name));
	strbuf_addf(out, "\r\nContent-Transfer-Encoding: %s\r\n\r\n",
		form_name(plan->form));
}

/* Whether it is what was looked at: another encoding might be needed. */
static bool
has_changed(const struct text_scan *was, const struct text_scan *is)
{
	return was->bytes != is->bytes || was->high != is->high ||
	       was->longest != is->longest || was->has_nul != is->has_nul;
}

static bool
write_attachment(struct build *build, const struct part_plan *plan,
	bool (*sink)(void *to, struct slice piece), void *to, struct error *err)
{
	struct outlet outlet;
	bool ok;

	outlet_begin(&outlet, plan->form, sink, to);
	add_part_header(plan, &outlet.out);
	ok = outlet_flush(&outlet);
	if (!ok)
		error_set(err, ERR_CANCELLED, _("Cancelled"));
	ok = ok &&
	     read_attachment(build, plan->attachment, outlet_add, &outlet, err);
	if (ok && has_changed(&plan->scan, &outlet.scan))
		ok = error_set(err, ERR_STALE,
			_("it was changed while it was being read"));
	if (ok && !outlet_end(&outlet))
		ok = error_set(err, ERR_CANCELLED, _("Cancelled"));
	strbuf_clear(&outlet.out);
	return ok || name_attachment(plan->attachment, err);
}

static bool
put(bool (*sink)(void *to, struct slice piece), void *to, const char *text,
	struct error *err)
{
	return sink(to, slice_str(text)) ||
	       error_set(err, ERR_CANCELLED, _("Cancelled"));
}

bool
build_write(struct build *build, bool (*sink)(void *to, struct slice piece),
	void *to, struct error *err)
{
	struct strbuf between CLEANUP(strbuf_clear) = { 0 };
	size_t n = build->parts.n;

	strbuf_init(&between, 4096);
	strbuf_add_str(&between, "\r\n");
	if (n > 0) {
		strbuf_addf(&between, "--%s\r\n", build->boundary);
		add_text_type(build, &between);
		strbuf_add_str(&between, "\r\n");
	}
	if (!put(sink, to, between.data, err))
		return false;
	if (!write_text(build, sink, to))
		return error_set(err, ERR_CANCELLED, _("Cancelled"));
	strbuf_reset(&between);
	strbuf_addf(&between, "\r\n--%s\r\n", build->boundary);
	for (size_t i = 0; i < n; i++) {
		if (!put(sink, to, between.data, err) ||
			!write_attachment(
				build, &build->parts.items[i], sink, to, err))
			return false;
	}
	strbuf_cut(&between, between.len - 2);
	strbuf_add_str(&between, "--\r\n");
	return n == 0 || put(sink, to, between.data, err);
}
