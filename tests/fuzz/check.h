/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Promises that several readers make.  Each aborts when one is broken. */
#ifndef TERCET_TESTS_FUZZ_CHECK_H
#define TERCET_TESTS_FUZZ_CHECK_H

#include "mail/address.h"
#include "mail/envelope.h"
#include "mail/paragraph.h"
#include "mail/part.h"
#include "mail/uidset.h"

/* Bytes that any reader may make of its input. */
enum { CHECK_OUT_MAX = 64 * 1024 * 1024 };

void check_utf8(struct slice text);
/* One line for people: UTF-8 without controls.  NULL is fine. */
void check_line(const char *text);
/* Reads every byte, so that sanitizers see those that are not there. */
void check_touch(struct slice bytes);
/* `inner` lies within `outer`, or is empty. */
void check_within(struct slice inner, struct slice outer);
void check_addresses(const struct address_list *list);
void check_envelope(const struct envelope *envelope);
/* Offsets, order and limits; packed and unpacked it is the same. */
void check_document(const struct document *doc);
/* Parents before children, each found by its number; packed and unpacked it is
 * the same. */
void check_tree(const struct part_tree *tree);
/* Numbers as part_section() gives them, none left out. */
void check_sections(const struct part_tree *tree);
/* Ascending, apart, and the same when printed and read. */
void check_uids(const struct uidset *set);

#endif /* TERCET_TESTS_FUZZ_CHECK_H */
