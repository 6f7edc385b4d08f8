/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands say to people; no byte of mail or of a server reaches the
 * terminal as it stands. */
#ifndef TERCET_CLI_PRINT_H
#define TERCET_CLI_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/slice.h"
#include "base/strbuf.h"

/* What no text may bring to a terminal: controls, line separators, and what is
 * invisible but turns or hides text. */
bool print_is_unsafe(uint32_t code_point);

/*
 * Appends `text` repaired to UTF-8, with control characters as U+FFFD and
 * without those that turn or hide text.  Line feeds and tabs stay
 * with `lines`, else they become blanks.
 */
void print_inert(struct slice text, bool lines, struct strbuf *out);

/* The same to a stream, at once. */
void print_text(FILE *out, struct slice text, bool lines);

/* A message's text as it stands, its tables in columns. */
struct document;
void print_document(const struct document *doc, struct strbuf *out);

/* "tercet: SENTENCE" on standard error, inert. */
void print_complaint(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Columns of the terminal behind `fd`; 0 when it is none. */
int print_columns(int fd);

#endif /* TERCET_CLI_PRINT_H */
