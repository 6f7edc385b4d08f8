/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UIDs count in, for the other files of this room. */
#ifndef TERCET_STORE_UID_SPACE_H
#define TERCET_STORE_UID_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/error.h"

struct store;

/* In a transaction. */
MUST_CHECK bool uid_space_new(struct store *store, int64_t folder,
	int64_t *ret_space, struct error *err);

#endif /* TERCET_STORE_UID_SPACE_H */
