/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show: messages for people, for programs, or as bytes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "cli/export.h"
#include "cli/json.h"
#include "cli/message_json.h"
#include "cli/print.h"
#include "cli/reading.h"
#include "cli/report_note.h"
#include "cli/security_json.h"
#include "cli/subcommand.h"
#include "i18n/format.h"
#include "mail/authentication.h"
#include "mime/charset.h"
#include "mime/header.h"
#include "mime/transfer.h"
#include "store/part.h"
#include "sync/ingest.h"

enum { LINE_LIMIT = 1024 * 1024, TEXT_LIMIT = 2 * DOCUMENT_TEXT_MAX };

enum show_form {
	SHOW_BRIEF, /* the headers people read, and the text */
	SHOW_HEADERS,
	SHOW_TEXT,
	SHOW_HTML,
	SHOW_RAW,
	SHOW_PART,
};

struct show {
	struct cli *cli;
	struct json json;
	enum show_form form;
	enum reading_form reading; /* of SHOW_BRIEF and SHOW_TEXT */
	const char *charset;       /* or NULL */
	const char *part;
};

static bool
not_found(int64_t id, struct error *err)
{
	return error_set(
		err, ERR_REFUSED, _("There is no message %" PRId64), id);
}

static bool
load_message(struct cli *cli, int64_t id, struct message *ret_message,
	struct error *err)
{
	switch (message_load(cli->store, id, ret_message, err)) {
	case FOUND:
		return cli_check_account(cli, id, ret_message->account, err);
	case NOT_FOUND:
		return not_found(id, err);
	case FOUND_ERROR:
		break;
	}
	return false;
}

/* Bytes of a section, fetched where they are not held. */
static bool
need_section(struct cli *cli, const struct message *message,
	const char *section, struct strbuf *out, struct error *err)
{
	enum found found =
		export_section(cli->store, message->id, section, out, err);

	if (found == NOT_FOUND) {
		if (!cli_fetch(
			    cli, message->account, message->id, section, err))
			return false;
		found = export_section(
			cli->store, message->id, section, out, err);
	}
	if (found == NOT_FOUND)
		error_set(err, ERR_REFUSED,
			_("Part %s of message %" PRId64 " cannot be had"),
			section[0] ? section : "0", message->id);
	return found == FOUND;
}

/* The text, fetched where it is not held; `*message` is loaded again then. */
static bool
need_text(struct cli *cli, struct message *message, struct document *ret_doc,
	struct error *err)
{
	int64_t id = message->id;
	int version = ingest_text_version();
	enum found found = text_load(cli->store, id, ret_doc, &version, err);

	/* An older program read it; without the bytes it stays as it is. */
	if (found == FOUND && version < ingest_text_version()) {
		document_clear(ret_doc);
		if (ingest_text_again(cli->store, id, err) == FOUND_ERROR)
			return false;
		found = text_load(cli->store, id, ret_doc, &version, err);
	}
	if (found == NOT_FOUND) {
		if (!cli_fetch(cli, message->account, id, NULL, err))
			return false;
		message_clear(message);
		*message = (struct message){ 0 };
		if (!load_message(cli, id, message, err))
			return false;
		found = text_load(cli->store, id, ret_doc, &version, err);
	}
	if (found == NOT_FOUND)
		error_set(err, ERR_REFUSED,
			_("The text of message %" PRId64 " cannot be had"), id);
	return found == FOUND;
}

/* The text made anew, as the options say. */
static bool
need_reading(struct show *show, struct message *message,
	struct document *ret_doc, struct error *err)
{
	struct reading_wish wish = { show->reading, show->charset };
	struct reading reading = { .is_html = false };
	char *before CLEANUP(freep) = NULL;

	/* The parts may be known only once it has been fetched. */
	if (message->parts.n == 0 &&
		!need_text(show->cli, message, &reading.document, err))
		return false;
	reading_clear(&reading);
	for (;;) {
		switch (reading_make(
			show->cli->store, message->id, &wish, &reading, err)) {
		case FOUND:
			*ret_doc = reading.document;
			return true;
		case FOUND_ERROR:
			return false;
		case NOT_FOUND:
			break;
		}
		if (before && strcmp(before, reading.missing) == 0) {
			error_set(err, ERR_REFUSED,
				_("Part %s of message %" PRId64
				  " cannot be had"),
				before, message->id);
			reading_clear(&reading);
			return false;
		}
		str_replace(&before, reading.missing);
		reading_clear(&reading);
		if (!cli_fetch(show->cli, message->account, message->id, before,
			    err))
			return false;
	}
}

static void
put_headers(struct json *json, struct slice header)
{
	struct header_field field;
	struct strbuf value CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&value, LINE_LIMIT);
	json_key(json, "headers");
	json_array_begin(json);
	while (header_next(&header, &field)) {
		strbuf_reset(&value);
		header_decode(field.value, &value);
		json_array_begin(json);
		json_slice(json, field.name);
		json_slice(json, strbuf_slice(&value));
		json_array_end(json);
	}
	json_array_end(json);
}

static void
put_parts(struct json *json, struct cli *cli, const struct message *message)
{
	static const char *const dispositions[] = {
		[DISPOSITION_NONE] = NULL,
		[DISPOSITION_INLINE] = "inline",
		[DISPOSITION_ATTACHMENT] = "attachment",
	};

	json_key(json, "parts");
	json_array_begin(json);
	for (size_t i = 0; i < message->parts.n; i++) {
		const struct part *part = &message->parts.items[i];

		json_object_begin(json);
		json_put_string(json, "part", part->section);
		json_put_string(json, "type", part->type);
		json_put_string_opt(json, "name", part->name);
		json_put_int(json, "size", (int64_t)part_content_size(part));
		json_put_string_opt(
			json, "disposition", dispositions[part->disposition]);
		json_put_bool(json, "cached",
			export_is_held(cli->store, message->id, part->section));
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_document(struct json *json, const struct document *doc)
{
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&text, TEXT_LIMIT);
	document_print(doc, &text);
	json_key(json, "text");
	json_slice(json, strbuf_slice(&text));
	json_key(json, "links");
	json_array_begin(json);
	for (size_t i = 0; i < doc->n_links; i++)
		json_string(json, doc->links[i].url);
	json_array_end(json);
}

static bool
show_json(struct show *show, struct message *message, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&header, MESSAGE_BYTES_MAX);
	if (!need_text(show->cli, message, &doc, err) ||
		!need_section(show->cli, message, "HEADER", &header, err))
		return false;
	json_object_begin(&show->json);
	json_put_message(&show->json, show->cli, message, 0);
	put_headers(&show->json, strbuf_slice(&header));
	put_document(&show->json, &doc);
	put_parts(&show->json, show->cli, message);
	json_put_security(&show->json, strbuf_slice(&header), message,
		show->cli->config->trust_auth_results);
	if (!json_put_reports(&show->json, show->cli->store, message->id, err))
		return false;
	json_object_end(&show->json);
	return true;
}

static void
print_field(const char *name, struct slice value)
{
	if (value.len == 0)
		return;
	printf("%s: ", name);
	print_text(stdout, value, false);
	putchar('\n');
}

static void
print_addresses(const char *name, const struct address_list *list)
{
	struct strbuf line CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&line, LINE_LIMIT);
	address_list_print(list, &line);
	print_field(name, strbuf_slice(&line));
}

static void
print_attachments(const struct message *message)
{
	char size[FORMAT_SIZE];

	for (size_t i = 0; i < message->parts.n; i++) {
		const struct part *part = &message->parts.items[i];

		if (!part_is_listed(&message->parts, part))
			continue;
		printf("@ %s  ", part->section);
		print_text(stdout, slice_str(part_title(part)), false);
		printf("  %s\n", format_size(part_content_size(part), size));
	}
}

/* Whether it is from whom it says, where a server that is believed knows. */
static void
print_origin(const struct show *show, const struct message *message)
{
	struct authentication it;
	char *text CLEANUP(freep) = NULL;

	authentication_judge(message->authentication,
		show->cli->config->trust_auth_results, &message->envelope.from,
		&it);
	if (it.verdict == AUTHENTICATION_PASS)
		text = xasprintf(_("%s (checked)"), it.domain);
	else if (it.verdict == AUTHENTICATION_FAIL)
		text = xasprintf(_("not %s (checked)"), it.domain);
	print_field("Origin", slice_str(text));
}

/* What bounces and receipts say of it. */
static bool
print_reports(const struct show *show, const struct message *message,
	struct error *err)
{
	struct report_note_array notes CLEANUP(report_notes_clear) = { 0 };

	if (!report_notes_load(show->cli->store, message->id, &notes, err))
		return false;
	for (size_t i = 0; i < notes.n; i++) {
		fputs(notes.items[i].bad ? "! " : "  ", stdout);
		print_text(stdout, slice_str(notes.items[i].text), false);
		putchar('\n');
	}
	if (notes.n > 0)
		putchar('\n');
	return true;
}

static void
print_envelope(const struct show *show, const struct message *message)
{
	const struct envelope *envelope = &message->envelope;
	int64_t date = envelope->date ? envelope->date : message->received;
	char text[FORMAT_SIZE];

	print_addresses("From", &envelope->from);
	print_origin(show, message);
	print_addresses("To", &envelope->to);
	print_addresses("Cc", &envelope->cc);
	print_field("Date",
		slice_str(format_date_long(date, clock_wall_s(), text)));
	print_field("Subject", slice_str(envelope->subject));
	print_attachments(message);
	putchar('\n');
}

static bool
show_text(struct show *show, struct message *message, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };
	struct document numbered CLEANUP(document_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	bool anew = show->charset || show->reading != READING_USUAL;

	strbuf_init(&text, TEXT_LIMIT);
	if (anew ? !need_reading(show, message, &doc, err)
		 : !need_text(show->cli, message, &doc, err))
		return false;
	if (show->form == SHOW_BRIEF)
		print_envelope(show, message);
	if (show->form == SHOW_BRIEF && !print_reports(show, message, err))
		return false;
	document_number_links(&doc, &numbered);
	print_document(show->form == SHOW_BRIEF ? &numbered : &doc, &text);
	if (doc.lossy && anew)
		print_complaint(
			"%s", _("some bytes are no text in their charset"));
	print_text(stdout, strbuf_slice(&text), true);
	if (text.len > 0 && text.data[text.len - 1] != '\n')
		putchar('\n');
	for (size_t i = 0; i < doc.n_links && show->form == SHOW_BRIEF; i++) {
		printf("%s[%zu] ", i == 0 ? "\n" : "", i + 1);
		print_text(stdout, slice_str(doc.links[i].url), false);
		putchar('\n');
	}
	return true;
}

static bool
show_headers(
	struct show *show, const struct message *message, struct error *err)
{
	struct strbuf header CLEANUP(strbuf_clear) = { 0 };
	struct strbuf value CLEANUP(strbuf_clear) = { 0 };
	struct header_field field;
	struct slice rest;

	strbuf_init(&value, LINE_LIMIT);
	strbuf_init(&header, MESSAGE_BYTES_MAX);
	if (!need_section(show->cli, message, "HEADER", &header, err))
		return false;
	rest = strbuf_slice(&header);
	while (header_next(&rest, &field)) {
		strbuf_reset(&value);
		header_decode(field.value, &value);
		print_text(stdout, field.name, false);
		fputs(": ", stdout);
		print_text(stdout, strbuf_slice(&value), false);
		putchar('\n');
	}
	return true;
}

/* Bytes as they are, but never to a terminal. */
static void
print_bytes(struct slice bytes)
{
	if (isatty(STDOUT_FILENO))
		print_text(stdout, bytes, true);
	else
		fwrite(bytes.data, 1, bytes.len, stdout);
}

static bool
show_raw(struct show *show, const struct message *message, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	if (!need_section(show->cli, message, "", &bytes, err))
		return false;
	print_bytes(strbuf_slice(&bytes));
	return true;
}

/* A part's bytes with its transfer encoding undone. */
static bool
load_part(struct show *show, const struct message *message,
	const struct part *part, struct strbuf *out, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	if (!need_section(show->cli, message, part->section, &bytes, err))
		return false;
	if (!transfer_decode(part->encoding, strbuf_slice(&bytes), out))
		return error_set(err, ERR_LIMIT, _("Part %s is too large"),
			part->section);
	return true;
}

/* The tree may be known only once the message has been fetched. */
static bool
need_parts(struct show *show, struct message *message, struct error *err)
{
	struct document doc CLEANUP(document_clear) = { 0 };

	if (message->parts.n > 0)
		return true;
	return need_text(show->cli, message, &doc, err);
}

static bool
show_part(struct show *show, struct message *message, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	const struct part *part;

	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	if (!need_parts(show, message, err))
		return false;
	part = part_tree_find(&message->parts, show->part);
	if (!part)
		return error_set(err, ERR_REFUSED,
			_("Message %" PRId64 " has no part %s"), message->id,
			show->part);
	if (!load_part(show, message, part, &bytes, err))
		return false;
	print_bytes(strbuf_slice(&bytes));
	return true;
}

static bool
show_html(struct show *show, struct message *message, struct error *err)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	const struct part *part = NULL;

	strbuf_init(&bytes, MESSAGE_BYTES_MAX);
	strbuf_init(&text, MESSAGE_BYTES_MAX);
	if (!need_parts(show, message, err))
		return false;
	for (size_t i = 0; i < message->parts.n && !part; i++)
		if (part_is_type(&message->parts.items[i], "text/html"))
			part = &message->parts.items[i];
	if (!part)
		return error_set(err, ERR_REFUSED,
			_("Message %" PRId64 " has no HTML"), message->id);
	if (!load_part(show, message, part, &bytes, err))
		return false;
	charset_to_utf8(slice_str(part->charset), CHARSET_DECLARED,
		strbuf_slice(&bytes), &text);
	print_bytes(strbuf_slice(&text));
	return true;
}

static bool
show_form(struct show *show, struct message *message, struct error *err)
{
	switch (show->form) {
	case SHOW_BRIEF:
	case SHOW_TEXT:
		return show_text(show, message, err);
	case SHOW_HEADERS:
		return show_headers(show, message, err);
	case SHOW_HTML:
		return show_html(show, message, err);
	case SHOW_RAW:
		return show_raw(show, message, err);
	case SHOW_PART:
		return show_part(show, message, err);
	}
	return false;
}

static enum cli_status
show_one(struct show *show, int64_t id, bool *ret_cancelled)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct message message = { 0 };
	bool ok = load_message(show->cli, id, &message, &err);

	if (ok && show->cli->json)
		ok = show_json(show, &message, &err);
	else if (ok)
		ok = show_form(show, &message, &err);
	message_clear(&message);
	*ret_cancelled = err.kind == ERR_CANCELLED;
	return ok ? CLI_OK : cli_failed(&err);
}

/* The form asked for; false when two are. */
static bool
choose_form(const struct args *args, struct show *show, struct error *err)
{
	static const struct {
		const char *option;
		enum show_form form;
	} forms[] = {
		{ "headers", SHOW_HEADERS },
		{ "text", SHOW_TEXT },
		{ "html", SHOW_HTML },
		{ "raw", SHOW_RAW },
		{ "part", SHOW_PART },
	};

	show->charset = args_value(args, "charset");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!args_has(args, forms[i].option))
			continue;
		/* Both: the text that the HTML reads as. */
		if (show->form == SHOW_TEXT && forms[i].form == SHOW_HTML) {
			show->reading = READING_HTML;
			continue;
		}
		if (show->form != SHOW_BRIEF)
			return error_set(err, ERR_INVALID,
				_("show: only one of --headers, --text, "
				  "--html, --raw and --part at a time"));
		show->form = forms[i].form;
	}
	if (show->form != SHOW_BRIEF && show->cli->json)
		return error_set(err, ERR_INVALID,
			_("show: --json has everything but bytes; it does not "
			  "go with --headers, --text, --html, --raw or "
			  "--part"));
	if (show->charset && show->form != SHOW_BRIEF &&
		show->form != SHOW_TEXT)
		return error_set(
			err, ERR_INVALID, _("show: --charset is for text"));
	show->part = args_value(args, "part");
	return true;
}

enum cli_status
cmd_show(struct cli *cli, const struct args *args)
{
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct id_array ids CLEANUP(cli_ids_clear) = { 0 };
	struct show show = { .cli = cli };
	enum cli_status status = CLI_OK;
	bool cancelled = false;

	if (!choose_form(args, &show, &err) || !cli_ids(args, &ids, &err) ||
		!cli_open_store(cli, &err))
		return cli_failed(&err);
	json_init(&show.json, stdout);
	for (size_t i = 0; i < ids.n && !cancelled; i++) {
		enum cli_status one;

		if (i > 0 && show.form == SHOW_BRIEF && !cli->json)
			puts("\n");
		one = show_one(&show, ids.items[i], &cancelled);
		if (one != CLI_OK)
			status = one;
	}
	return status;
}
