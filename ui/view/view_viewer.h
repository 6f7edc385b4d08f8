/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the viewer shows: one message's header, attachments and text, wrapped
 * to lines.  Lines are made as far as they were asked for, so that the first
 * screen of a long message costs as little as that of a short one.
 */
#ifndef TERCET_UI_VIEW_VIEW_VIEWER_H
#define TERCET_UI_VIEW_VIEW_VIEWER_H

#include "mail/paragraph.h"
#include "mail/table.h"
#include "store/message.h"

struct config;

enum viewer_state {
	VIEWER_EMPTY, /* no message */
	VIEWER_READY,
	VIEWER_WAITING, /* its text was asked for */
	VIEWER_FAILED,  /* why stands in `trouble` */
};

enum viewer_mode {
	VIEWER_TEXT,
	VIEWER_HEADERS,  /* the text under every header field */
	VIEWER_RAW,      /* the source */
	VIEWER_PART,     /* a message inside the message */
	VIEWER_SECURITY, /* what servers found of where it is from */
};

enum viewer_line_kind {
	VIEWER_LINE_FIELD, /* item: a field; n: its badge follows */
	VIEWER_LINE_BADGE, /* item: a field whose badge has no room there */
	VIEWER_LINE_ATTACHMENTS, /* item: the first, n: how many */
	VIEWER_LINE_TEXT,        /* item: a paragraph */
	VIEWER_LINE_FOLD,        /* item: a paragraph, n: lines folded away */
	VIEWER_LINE_NOTICE,      /* item: a notice */
	VIEWER_LINE_NOTE,        /* item: a note */
	VIEWER_LINE_TABLE_RULE,  /* item: a paragraph, n: columns */
	VIEWER_LINE_BLANK,
};

struct viewer_line {
	uint8_t kind; /* enum viewer_line_kind */
	bool first;   /* of its item */
	bool source;  /* of the document in `source` */
	bool brief;   /* the field's brief value */
	uint32_t item;
	uint32_t start; /* bytes of the item's text */
	uint32_t len;
	uint32_t n; /* of a table's row: its line, or its cell */
};

struct viewer_field {
	const char *name; /* translated; "" for one that names itself */
	char *value;
	bool is_minor; /* left out where there are few rows */
	char *brief;   /* where all of it has no room in a line; or NULL */
	char *badge;   /* where it is from, as far as that is known; or NULL */
	bool is_bad;   /* it says that it is not */
};

enum viewer_tone {
	VIEWER_TONE_DIM,
	VIEWER_TONE_GOOD,
	VIEWER_TONE_WARNING,
	VIEWER_TONE_BAD,
};

/* A sentence between the header and the text. */
struct viewer_notice {
	char *text;
	enum viewer_tone tone;
};

struct viewer_attachment {
	int part;    /* index into the part tree */
	char *label; /* its part number, name and size */
	int columns;
};

/* Columns between those in a line, in front of a badge, and of its sign. */
enum { VIEWER_ATTACHMENT_GAP = 4, VIEWER_BADGE_GAP = 3, VIEWER_BADGE_SIGN = 2 };

/* A piece of a line in one style. */
struct viewer_piece {
	int col; /* from the line's start */
	struct slice text;
	uint16_t span; /* enum span_style */
	uint16_t link;
};

enum { VIEWER_PIECES_MAX = 256 };

enum { VIEWER_FIELDS_MAX = 8, VIEWER_NOTES_MAX = 4, VIEWER_NOTICES_MAX = 8 };

/* Letters that are looked for at most, matches shown in a line, and those that
 * are counted. */
enum {
	VIEWER_NEEDLE_MAX = 200,
	VIEWER_MATCHES_MAX = 64,
	VIEWER_COUNT_MAX = 9999,
};

struct viewer_match {
	uint32_t start; /* bytes of the paragraph's text */
	uint32_t len;
	bool is_at; /* the one that was gone to */
};

struct viewer_find {
	uint32_t needle[VIEWER_NEEDLE_MAX]; /* folded */
	size_t n;                           /* 0: nothing is looked for */
	bool is_at;                         /* at this match */
	bool source;                        /* of the document in `source` */
	uint32_t item;                      /* paragraph */
	struct viewer_match match;
	uint32_t number; /* the match one is at, from 1; with `is_at` */
	uint32_t total;  /* VIEWER_COUNT_MAX: there may be more */
};

/* More links than that on one screen have no letters. */
enum { VIEWER_HINTS_MAX = 484 };

/* A link on the screen and the letters it is chosen by. */
struct viewer_hint {
	int row; /* of the screen; where its words begin */
	int col;
	const struct document *doc; /* of the view; until it changes */
	uint16_t link;
	char letters[3];
};

struct view_viewer {
	enum viewer_state state;
	enum viewer_mode mode;
	char *section;      /* with VIEWER_PART: of what is shown */
	char *trusted;      /* servers that are believed; or NULL */
	char *trouble;      /* with VIEWER_FAILED */
	bool waiting_shown; /* it has taken long enough to say so */
	bool quotes_open;
	char *fold_keys; /* unfold quoted text, shown behind it; or NULL */
	int64_t message_id;
	struct message message; /* id 0: none */
	struct document text;
	bool is_chosen;   /* `text` is not the store's but another reading */
	bool is_other;    /* HTML in place of plain text, or the reverse */
	char *charset;    /* that was chosen; or NULL */
	int text_version; /* of who extracted it */
	struct document source; /* header, whole or part, for other modes */
	/* enum link_trust of their links; or NULL */
	uint8_t *text_trust;
	uint8_t *source_trust;

	struct viewer_field fields[VIEWER_FIELDS_MAX];
	int n_fields;
	struct viewer_attachment *attachments;
	size_t n_attachments;
	struct viewer_notice notices[VIEWER_NOTICES_MAX];
	int n_notices;
	char *notes[VIEWER_NOTES_MAX];
	int n_notes;

	struct viewer_line *lines;
	size_t n;
	size_t cap;
	struct table *tables; /* those that were wrapped */
	size_t n_tables;
	size_t cap_tables;
	int stage;     /* what is wrapped next */
	uint32_t next; /* paragraph */
	bool done;
	int width;
	int page;
	size_t top;
	struct viewer_find find;
	bool hints_shown;    /* over the links */
	char hints_typed[3]; /* those that begin otherwise are not shown */
};

void view_viewer_init(struct view_viewer *view);
void view_viewer_clear(struct view_viewer *view);

/* Forgets the message; nothing shows. */
void view_viewer_close(struct view_viewer *view);

/*
 * Shows a message, as far as it is held: READY with its text, WAITING without.
 * The same message again keeps its place.
 */
MUST_CHECK bool view_viewer_load(struct view_viewer *view, struct store *store,
	const struct config *config, int64_t message, struct error *err);
/* The text did not come; the sentence is shown in its place. */
void view_viewer_fail(struct view_viewer *view, const char *sentence);

/*
 * Shows the header or the source, when it is held; NOT_FOUND leaves the mode
 * as it was.  VIEWER_TEXT is always there.
 */
enum found view_viewer_set_mode(struct view_viewer *view, struct store *store,
	enum viewer_mode mode, struct error *err);
/* Shows a message inside the message; NOT_FOUND when it is not held. */
enum found view_viewer_show_part(struct view_viewer *view, struct store *store,
	const char *section, struct error *err);
/*
 * Another reading of the message that is shown, kept while it is: the other
 * alternative, another charset (NULL: none).  Takes the document.
 */
void view_viewer_set_text(struct view_viewer *view, const struct config *config,
	struct document *text, bool is_other, const char *charset);
/* Back to what the store has, with the next view_viewer_load(). */
void view_viewer_drop_text(struct view_viewer *view);
void view_viewer_set_quotes(struct view_viewer *view, bool open);
/* Whether quoted text is folded somewhere in what was wrapped so far. */
bool view_viewer_has_folds(const struct view_viewer *view);

void view_viewer_set_size(struct view_viewer *view, int width, int page);
/* False when there was nothing to scroll that way. */
bool view_viewer_scroll(struct view_viewer *view, int by);
void view_viewer_first(struct view_viewer *view);
void view_viewer_last(struct view_viewer *view);
/* How far down, in percent; 100 when the end shows. */
int view_viewer_percent(const struct view_viewer *view);
/* Whether everything is on the screen, from the first line to the last. */
bool view_viewer_is_whole(struct view_viewer *view);

/* Line `i` of the screen; NULL past the last. */
const struct viewer_line *view_viewer_on_screen(
	struct view_viewer *view, int i);
/* The document a text line is of, and its paragraph. */
const struct paragraph *view_viewer_paragraph(const struct view_viewer *view,
	const struct viewer_line *line, const struct document **ret_doc);
/* Takes a text line apart; returns the number of pieces. */
int view_viewer_pieces(const struct view_viewer *view,
	const struct viewer_line *line,
	struct viewer_piece pieces[VIEWER_PIECES_MAX]);
/* Columns in front of a paragraph's text: quote marks and indents. */
int view_viewer_indent(const struct paragraph *paragraph, bool first);
/* How many quote marks are drawn. */
int view_viewer_quote_marks(const struct paragraph *paragraph);

enum viewer_found {
	VIEWER_FOUND,
	VIEWER_FOUND_AROUND, /* past the end or the beginning */
	VIEWER_FOUND_NOT,
};

/* What is looked for, until another message is shown; NULL: nothing.  False
 * when no letter is in it. */
bool view_viewer_find(struct view_viewer *view, const char *text);
/* To the next match, unfolding quoted text for it. */
enum viewer_found view_viewer_find_next(struct view_viewer *view, bool up);
/* Those that reach into a text line; returns their number. */
int view_viewer_matches(const struct view_viewer *view,
	const struct viewer_line *line,
	struct viewer_match matches[VIEWER_MATCHES_MAX]);

/* The links on the screen, each once; returns their number. */
size_t view_viewer_hints(
	struct view_viewer *view, struct viewer_hint hints[VIEWER_HINTS_MAX]);
/* The link at a place of the screen; false: there is none. */
bool view_viewer_link_at(struct view_viewer *view, int row, int col,
	const struct document **ret_doc, uint16_t *ret_link);
/* The attachment there; -1: there is none. */
int view_viewer_attachment_at(struct view_viewer *view, int row, int col);
/* Whether the key is a letter that hints are made of. */
bool view_viewer_is_hint(uint32_t key);
/* The document whose links count: of the text, or of what is in its place. */
const struct document *view_viewer_shown(const struct view_viewer *view);
/*
 * The URL, for a terminal that opens links by itself, without a question: false
 * unless it would be opened here without one.
 */
bool view_viewer_link_url(const struct view_viewer *view,
	const struct document *doc, uint16_t link, struct strbuf *out);
/* All the words that stand for the link, up to the limit of `out`. */
void view_viewer_link_words(
	const struct document *doc, size_t link, struct strbuf *out);

#endif /* TERCET_UI_VIEW_VIEW_VIEWER_H */
