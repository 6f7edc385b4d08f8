/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a folder is for (RFC 6154 SPECIAL-USE, and INBOX). */
#ifndef TERCET_MAIL_ROLE_H
#define TERCET_MAIL_ROLE_H

#include "base/slice.h"

enum folder_role {
	ROLE_NONE,
	ROLE_INBOX,
	ROLE_ARCHIVE,
	ROLE_DRAFTS,
	ROLE_SENT,
	ROLE_JUNK,
	ROLE_TRASH,
	ROLE_ALL,
	ROLE_FLAGGED,
	ROLE_IMPORTANT,
	ROLE_OUTBOX,
	ROLE_SNOOZED,
	ROLES,
};

/* "inbox", "archive", ...; "" for ROLE_NONE.  What --json prints. */
const char *role_name(enum folder_role role);
/* From a name above; ROLE_NONE when unknown. */
enum folder_role role_from_name(struct slice name);
/* From "\Sent" and the like (also XLIST's), any case. */
enum folder_role role_from_attribute(struct slice attribute);
/* A guess from a folder's last name, in the languages servers use, for where
 * no attribute tells. */
enum folder_role role_guess(struct slice name);
/* Order in the folder pane: inbox first. */
int role_rank(enum folder_role role);

#endif /* TERCET_MAIL_ROLE_H */
