/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/role.h"

#include "tap.h"

int
main(void)
{
	bool ranked[ROLES] = { false };

	for (int i = 1; i < ROLES; i++) {
		enum folder_role role = (enum folder_role)i;

		ok(role_from_name(slice_str(role_name(role))) == role,
			"%s is its own name", role_name(role));
	}
	is_str(role_name(ROLE_NONE), "", "none has no name");
	is_int(role_from_name(SLICE("")), ROLE_NONE, "no name, no role");
	is_int(role_from_name(SLICE("Inbox")), ROLE_NONE, "names have a case");
	is_int(role_from_attribute(SLICE("\\sent")), ROLE_SENT, "attribute");
	is_int(role_from_attribute(SLICE("\\AllMail")), ROLE_ALL, "XLIST's");
	is_int(role_from_attribute(SLICE("\\HasNoChildren")), ROLE_NONE,
		"not a role");
	is_int(role_guess(SLICE("sent items")), ROLE_SENT, "English");
	is_int(role_guess(SLICE("Entwürfe")), ROLE_DRAFTS, "German");
	is_int(role_guess(SLICE("ゴミ箱")), ROLE_TRASH, "Japanese");
	is_int(role_guess(SLICE("Sentinel")), ROLE_NONE, "only whole names");
	for (int i = 0; i < ROLES; i++) {
		int rank = role_rank((enum folder_role)i);

		ok(rank >= 0 && rank < ROLES && !ranked[rank],
			"rank %d is taken once", rank);
		if (rank >= 0 && rank < ROLES)
			ranked[rank] = true;
	}
	is_int(role_rank(ROLE_INBOX), 0, "inbox first");
	return tap_done();
}
