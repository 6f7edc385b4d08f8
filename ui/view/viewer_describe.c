/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around the text: fields, attachments, notes. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "i18n/format.h"
#include "i18n/width.h"
#include "mail/authentication.h"
#include "view/people.h"
#include "view/viewer_private.h"

/* People named in one field, and bytes of one. */
enum { FIELD_PEOPLE_MAX = 12, FIELD_BYTES_MAX = 8192, LABEL_NAME_MAX = 300 };

static void
add_field(struct view_viewer *view, const char *name, char *value, bool minor)
{
	if (view->n_fields == VIEWER_FIELDS_MAX || !*value) {
		free(value);
		return;
	}
	view->fields[view->n_fields++] = (struct viewer_field){
		.name = name, .value = value, .is_minor = minor
	};
}

static void
add_addresses(struct view_viewer *view, const char *name,
	const struct address_list *list)
{
	struct strbuf buf;

	strbuf_init(&buf, FIELD_BYTES_MAX);
	people_print_addresses(list, &buf);
	add_field(view, name, strbuf_take(&buf), false);
}

static void
add_people(struct view_viewer *view, const char *name,
	const struct address_list *list, const struct config *config)
{
	struct strbuf buf;

	strbuf_init(&buf, FIELD_BYTES_MAX);
	people_print(list, config, FIELD_PEOPLE_MAX, &buf);
	add_field(view, name, strbuf_take(&buf), true);
}

/* What servers found of where it is from, behind From. */
static void
add_badge(struct view_viewer *view)
{
	const struct message *message = &view->message;
	struct viewer_field *field;
	struct authentication found;

	authentication_judge(message->authentication, view->trusted,
		&message->envelope.from, &found);
	if (view->n_fields == 0 || found.verdict == AUTHENTICATION_NONE)
		return;
	field = &view->fields[view->n_fields - 1];
	field->is_bad = found.verdict == AUTHENTICATION_FAIL;
	/* TRANSLATORS: behind a sender, of whom it is not */
	field->badge = field->is_bad ? xasprintf(_("not from %s"), found.domain)
				     : xstrdup(found.domain);
}

/* Replies that go elsewhere are worth knowing of. */
static bool
replies_elsewhere(const struct envelope *envelope)
{
	const struct address_list *from = &envelope->from;
	const struct address_list *to = &envelope->reply_to;

	return to->n > 0 &&
	       (to->n != from->n || !address_eq(to->items[0].address,
					    from->items[0].address));
}

static void
add_fields(struct view_viewer *view, const struct config *config)
{
	const struct message *message = &view->message;
	const struct envelope *envelope = &message->envelope;
	int64_t date = envelope->date ? envelope->date : message->received;
	char buf[FORMAT_SIZE];

	add_addresses(view, _("From"), &envelope->from);
	if (view->n_fields > 0 && envelope->from.n == 1)
		view->fields[0].brief =
			xstrdup(envelope->from.items[0].address);
	add_badge(view);
	if (replies_elsewhere(envelope))
		add_addresses(view, _("Reply to"), &envelope->reply_to);
	add_people(view, _("To"), &envelope->to, config);
	add_people(view, _("Cc"), &envelope->cc, config);
	add_people(view, _("Bcc"), &envelope->bcc, config);
	add_field(view, _("Date"),
		xstrdup(date ? format_date_long(date, clock_wall_s(), buf)
			     : ""),
		true);
	add_field(view, _("Subject"),
		xstrdup(envelope->subject && *envelope->subject
				? envelope->subject
				: _("(no subject)")),
		false);
}

static void
add_attachments(struct view_viewer *view)
{
	const struct part_tree *parts = &view->message.parts;

	view->attachments =
		xcalloc(parts->n ? parts->n : 1, sizeof(view->attachments[0]));
	for (size_t i = 0; i < parts->n; i++) {
		const struct part *part = &parts->items[i];
		struct viewer_attachment *made;
		const char *name = part_title(part);
		char buf[FORMAT_SIZE];

		if (!part_is_listed(parts, part))
			continue;
		made = &view->attachments[view->n_attachments++];
		made->part = (int)i;
		made->label = xasprintf("%s  %.*s  %s", part->section,
			(int)utf8_cut(slice_str(name), LABEL_NAME_MAX), name,
			format_size(part_content_size(part), buf));
		made->columns = 2 + width_text(slice_str(made->label));
	}
}

static void
add_note(struct view_viewer *view, const char *text)
{
	if (view->n_notes < VIEWER_NOTES_MAX)
		view->notes[view->n_notes++] = xstrdup(text);
}

static void
add_images_note(struct view_viewer *view)
{
	unsigned trackers = view->text.trackers;
	unsigned images = view->text.images - trackers;
	char *first CLEANUP(freep) =
		xasprintf(P_("%u image", "%u images", images), images);
	char *second CLEANUP(freep) =
		xasprintf(P_("%u tracker", "%u trackers", trackers), trackers);
	char *note CLEANUP(freep) = NULL;

	if (images > 0 && trackers > 0)
		/* TRANSLATORS: "1 image and 2 trackers not loaded" */
		note = xasprintf(_("%s and %s not loaded"), first, second);
	else if (images > 0 || trackers > 0)
		note = xasprintf(
			_("%s not loaded"), images > 0 ? first : second);
	if (note)
		add_note(view, note);
}

void
viewer_describe(struct view_viewer *view, const struct config *config)
{
	viewer_undescribe(view);
	add_fields(view, config);
	add_attachments(view);
	if (view->text.images >= view->text.trackers)
		add_images_note(view);
	if (view->text.truncated || view->message.parts.truncated)
		add_note(view,
			_("This message is too large to be shown whole; H "
			  "shows its source"));
	if (view->text.lossy)
		add_note(view,
			_("Some of its bytes are no text in the character set "
			  "the message claims"));
}

void
viewer_add_notice(
	struct view_viewer *view, const char *text, enum viewer_tone tone)
{
	if (view->n_notices < VIEWER_NOTICES_MAX)
		view->notices[view->n_notices++] =
			(struct viewer_notice){ xstrdup(text), tone };
}

void
viewer_undescribe(struct view_viewer *view)
{
	for (int i = 0; i < view->n_notices; i++)
		free(view->notices[i].text);
	view->n_notices = 0;
	for (int i = 0; i < view->n_fields; i++) {
		free(view->fields[i].value);
		free(view->fields[i].brief);
		free(view->fields[i].badge);
	}
	for (size_t i = 0; i < view->n_attachments; i++)
		free(view->attachments[i].label);
	for (int i = 0; i < view->n_notes; i++)
		free(view->notes[i]);
	free(view->attachments);
	view->attachments = NULL;
	view->n_attachments = 0;
	view->n_fields = 0;
	view->n_notes = 0;
}
