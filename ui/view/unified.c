/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/unified.h"

#include <string.h>

#include "base/array.h"
#include "base/gettext.h"
#include "base/mem.h"
#include "config/config.h"
#include "view/view_folders.h"

static const struct {
	enum folder_role role;
	const char *name;
} kinds[UNIFIED_FOLDERS] = {
	{ ROLE_INBOX, N_("All inboxes") },
	{ ROLE_SENT, N_("All sent") },
	{ ROLE_DRAFTS, N_("All drafts") },
};

bool
account_is_configured(const struct config *config,
	const struct account_rows *accounts, int64_t account)
{
	for (size_t i = 0; i < accounts->n; i++)
		if (accounts->items[i].id == account)
			return config_account(
				       config, accounts->items[i].name) != NULL;
	return false;
}

static void
add(struct unified *unified, const struct folder *folder)
{
	struct folder *sum = &unified->folder;

	array_push(&unified->of, folder->id);
	sum->placed += folder_total(folder);
	sum->unread += folder_unread(folder);
	sum->threads += folder->threads;
	sum->unlinked += folder->unlinked;
}

static void
build(struct unified *unified, enum folder_role role, const char *name,
	const struct folders *rows, const struct account_rows *accounts,
	const struct config *config)
{
	unified->folder = (struct folder){
		.id = -(int64_t)role,
		.name = xstrdup(name),
		.role = role,
		.selectable = true,
		.state = FOLDER_COMPLETE,
		.server_total = -1,
		.server_unread = -1,
	};
	unified->of = (struct id_array){ NULL, 0, 0 };
	for (size_t i = 0; i < rows->n; i++)
		if (rows->items[i].role == role && rows->items[i].selectable &&
			account_is_configured(
				config, accounts, rows->items[i].account))
			add(unified, &rows->items[i]);
	/* One account's folder would only be there twice. */
	if (unified->of.n == 1)
		array_clear(&unified->of);
}

void
unified_build(const struct folders *rows, const struct account_rows *accounts,
	const struct config *config, struct unified ret[UNIFIED_FOLDERS])
{
	for (size_t i = 0; i < UNIFIED_FOLDERS; i++)
		build(&ret[i], kinds[i].role, _(kinds[i].name), rows, accounts,
			config);
}

void
unified_clear(struct unified unified[UNIFIED_FOLDERS])
{
	for (size_t i = 0; i < UNIFIED_FOLDERS; i++) {
		folder_clear(&unified[i].folder);
		array_clear(&unified[i].of);
	}
}
