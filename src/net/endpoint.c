/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/endpoint.h"

#include <stdlib.h>

#include "base/mem.h"

void
endpoint_init(struct endpoint *endpoint)
{
	*endpoint = (struct endpoint){ 0 };
}

void
endpoint_clear(struct endpoint *endpoint)
{
	free(endpoint->host);
	free(endpoint->user);
	free(endpoint->ca_file);
	free(endpoint->pin);
	endpoint_init(endpoint);
}

void
endpoint_copy(struct endpoint *to, const struct endpoint *from)
{
	struct endpoint copy = *from;

	copy.host = xstrdup_null(from->host);
	copy.user = xstrdup_null(from->user);
	copy.ca_file = xstrdup_null(from->ca_file);
	copy.pin = xstrdup_null(from->pin);
	endpoint_clear(to);
	*to = copy;
}
