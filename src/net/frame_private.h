/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the framing share. */
#ifndef TERCET_NET_FRAME_PRIVATE_H
#define TERCET_NET_FRAME_PRIVATE_H

#include "base/strbuf.h"
#include "net/frame.h"

/*
 * What a whole response is.  `raw` ends with LF; nothing else is expected of
 * it.
 */
struct response response_read(struct slice raw);

/*
 * Whether a line ends at its first LF, since it can hold neither quoted strings
 * nor literals: a status response, `+`, a tagged line, data made of atoms,
 * garbage.
 */
bool response_is_text(struct slice line);

/*
 * What libetpan may see of a response, appended to `out`; nothing for what it
 * must not see.  ERR_PROTOCOL for garbage, ERR_LIMIT beyond FRAME_PASS_MAX.
 */
MUST_CHECK bool response_pass(
	const struct response *response, struct strbuf *out, struct error *err);

#endif /* TERCET_NET_FRAME_PRIVATE_H */
