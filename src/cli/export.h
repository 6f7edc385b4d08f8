/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of messages as bytes and as files.  Names come from senders: they are
 * made harmless, no file is ever overwritten, nor a link followed.
 */
#ifndef TERCET_CLI_EXPORT_H
#define TERCET_CLI_EXPORT_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "mail/part.h"
#include "store/message.h"
#include "store/store.h"

/*
 * The bytes of a section as they stand in the message ("" all of it, "HEADER"),
 * appended to `out`: by itself, or out of the whole message where that is
 * held.  NOT_FOUND when its bytes are not held here.
 */
enum found export_section(struct store *store, int64_t message,
	const char *section, struct strbuf *out, struct error *err);
/* Whether export_section() would find it. */
bool export_is_held(struct store *store, int64_t message, const char *section);

/*
 * Writes a section's bytes to a descriptor with the transfer encoding undone.
 * NOT_FOUND when they are not held here, or the message has no such part.
 */
enum found export_part(struct store *store, const struct message *message,
	const char *section, int fd, struct error *err);

/* The same of an HTML part, as UTF-8 with a mark that says so: whoever opens
 * the file does not know what charset the message declared. */
enum found export_html(struct store *store, const struct message *message,
	const char *section, int fd, struct error *err);

/*
 * A file name for a part: one component of at most 200 bytes, without control
 * or direction characters, with neither dot nor hyphen at its start; made up
 * from the type where the part has none.  The caller frees.
 */
NONNULL_RETURN char *export_safe_name(const struct part *part);

/*
 * Makes a new file of mode 0600: `where` is a directory (NULL: the working
 * directory), in which `name` becomes "name (2).ext" and so on when taken, or
 * the path of a file that must not exist.  A leading ~/ is the home directory.
 */
MUST_CHECK bool export_create(const char *where, const char *name,
	char **ret_path, int *ret_fd, struct error *err);
/* The path export_create() would take now; it makes nothing. */
MUST_CHECK bool export_choose(const char *where, const char *name,
	char **ret_path, struct error *err);

#endif /* TERCET_CLI_EXPORT_H */
