/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Media types (RFC 6838) by the names files have. */
#ifndef TERCET_COMPOSE_MEDIA_H
#define TERCET_COMPOSE_MEDIA_H

#include <stdbool.h>

/* "application/octet-stream" for what is not known. */
const char *media_type_of_name(const char *name);
/* "type/subtype" and nothing else; never a multipart. */
bool media_type_is_sound(const char *type);

#endif /* TERCET_COMPOSE_MEDIA_H */
