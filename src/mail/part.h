/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of a message as a flat array in preorder (RFC 2045, RFC 9051
 * 6.4.5 for section numbers).  Filled from a BODYSTRUCTURE by net/ or from
 * bytes by mime/walk.h; both give raw parameters, which mime/param.h decodes
 * into the named fields.
 */
#ifndef TERCET_MAIL_PART_H
#define TERCET_MAIL_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/strbuf.h"
#include "mail/limits.h"

enum part_encoding {
	ENCODING_IDENTITY, /* 7bit, 8bit, binary, and whatever is unknown */
	ENCODING_QUOTED_PRINTABLE,
	ENCODING_BASE64,
	ENCODING_UUENCODE,
	ENCODING_YENC,
};

enum part_disposition {
	DISPOSITION_NONE,
	DISPOSITION_INLINE,
	DISPOSITION_ATTACHMENT,
};

struct part_param {
	char *name; /* lower case, RFC 2231's stars kept */
	char *value;
};

struct part {
	char *section;     /* see part_section() */
	char *type;        /* "text/plain", lower case */
	char *charset;     /* as declared, or NULL */
	char *name;        /* file name, decoded UTF-8, as given; or NULL */
	char *content_id;  /* without < and >; or NULL */
	char *description; /* decoded; of a message its subject; or NULL */
	enum part_encoding encoding;
	enum part_disposition disposition;
	bool flowed; /* RFC 3676 */
	bool delsp;
	uint64_t size; /* bytes as encoded */
	int parent;    /* index, -1 for the root */
	int depth;
	size_t offset;             /* mime/walk.h: where the body starts, ... */
	size_t header_offset;      /* ... and where its header does */
	struct part_param *params; /* raw; dropped by mime_params_settle */
	size_t n_params;
};

struct part_tree {
	struct part *items;
	size_t n;
	size_t cap;
	bool truncated; /* a limit cut something off */
};

void part_tree_clear(struct part_tree *tree);
/* A zeroed part at the end; NULL at PARTS_MAX, then `truncated` is set.  The
 * pointer dies with the next call. */
struct part *part_tree_add(struct part_tree *tree);
/*
 * The section number of the `index`th (from 1) part below the part at `parent`,
 * or of the root with `parent` -1; the caller frees.  A root multipart is "",
 * any other root "1".  The body of a message in part 2 is "2.1", unless it is a
 * multipart: then it is "2.TEXT", and its parts are "2.1", "2.2".  So each
 * number can be fetched as it is, but for "", which is TEXT.
 */
NONNULL_RETURN char *part_section(
	const struct part_tree *tree, int parent, int index, bool is_multipart);
/*
 * A file within the text of a part (mime/inline_file.h) is a part of its own,
 * though servers do not know it: "1+2" is the second one in part 1.  The caller
 * frees.
 */
NONNULL_RETURN char *part_inline_section(const char *section, int index);
/* What a server knows it by: "1" of "1+2", and any other section itself. */
struct slice part_server_section(const char *section);
/* Copies; nothing happens past PART_PARAMS_MAX. */
void part_add_param(struct part *part, struct slice name, struct slice value);
void part_drop_params(struct part *part);
/* The first of that section number, NULL when there is none. */
const struct part *part_tree_find(
	const struct part_tree *tree, const char *section);
bool part_is_multipart(const struct part *part);
/* A message inside the message (RFC 2046 5.2.1, RFC 6532). */
bool part_is_message(const struct part *part);
/* Bytes without the transfer encoding; of base64 it is a close guess. */
uint64_t part_content_size(const struct part *part);
/* What it is called in a list: its file name, a message's subject, else its
 * type. */
const char *part_title(const struct part *part);
/* Type compare: "text/" matches any text. */
bool part_is_type(const struct part *part, const char *type);
/* A text meant to be read in the viewer: no attachment, no business card. */
bool part_is_readable(const struct part *part);
/*
 * Whether people would call it an attachment: disposition says so, or it has a
 * name and is no text shown inline, or nothing else could be done with it.
 * Never a multipart, a signature, or what HTML beside it shows inline.
 */
bool part_is_attachment(const struct part_tree *tree, const struct part *part);
/*
 * Whether it is listed to be opened or saved: an attachment, a message inside
 * the message, or what a text alone cannot show, such as the images of an HTML
 * part.
 */
bool part_is_listed(const struct part_tree *tree, const struct part *part);
int part_tree_attachments(const struct part_tree *tree);

/* One line a part, for the store; parameters and offsets are not packed. */
void part_tree_pack(const struct part_tree *tree, struct strbuf *out);
MUST_CHECK bool part_tree_unpack(
	struct slice packed, struct part_tree *ret_tree, struct error *err);

#endif /* TERCET_MAIL_PART_H */
