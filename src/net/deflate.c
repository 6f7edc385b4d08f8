/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/deflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/bug.h"
#include "base/gettext.h"
#include "base/mem.h"

enum {
	RAW_WINDOW_BITS = -15, /* negative: no zlib header, RFC 4978 3 */
	MEMORY_LEVEL = 8,
	OUTPUT_STEP = 16 * 1024,
};

struct deflate {
	z_stream out;
	z_stream in;
	char input[DEFLATE_INPUT];
	bool more; /* the inflater filled its last output buffer */
	bool ended;
	uint64_t window_in; /* since the ratio was last judged */
	uint64_t window_out;
};

bool
deflate_new(struct deflate **ret_pair, struct error *err)
{
	struct deflate *pair = xnew(struct deflate);

	if (deflateInit2(&pair->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
		    RAW_WINDOW_BITS, MEMORY_LEVEL,
		    Z_DEFAULT_STRATEGY) != Z_OK) {
		free(pair);
		return error_set(err, ERR_LIMIT, _("Cannot start compression"));
	}
	if (inflateInit2(&pair->in, RAW_WINDOW_BITS) != Z_OK) {
		deflateEnd(&pair->out);
		free(pair);
		return error_set(err, ERR_LIMIT, _("Cannot start compression"));
	}
	*ret_pair = pair;
	return true;
}

void
deflate_free(struct deflate *pair)
{
	if (!pair)
		return;
	deflateEnd(&pair->out);
	inflateEnd(&pair->in);
	free(pair);
}

bool
deflate_compress(struct deflate *pair, struct slice bytes, struct strbuf *out,
	struct error *err)
{
	z_stream *z = &pair->out;
	char *to;
	int ret;

	ASSERT(bytes.len <= UINT32_MAX);
	z->next_in = (Bytef *)bytes.data;
	z->avail_in = (uInt)bytes.len;
	do {
		to = strbuf_room(out, OUTPUT_STEP);
		if (!to)
			return error_set(err, ERR_LIMIT,
				_("Too much to compress at a time"));
		z->next_out = (Bytef *)to;
		z->avail_out = OUTPUT_STEP;
		ret = deflate(z, Z_SYNC_FLUSH);
		ASSERT(ret == Z_OK || ret == Z_BUF_ERROR);
		strbuf_grown(out, OUTPUT_STEP - z->avail_out);
	} while (z->avail_out == 0);
	return true;
}

char *
deflate_input_room(struct deflate *pair, size_t *ret_cap)
{
	*ret_cap = pair->in.avail_in > 0 ? 0 : sizeof(pair->input);
	return pair->input;
}

void
deflate_input_add(struct deflate *pair, size_t n)
{
	ASSERT(pair->in.avail_in == 0 && n <= sizeof(pair->input));
	pair->in.next_in = (Bytef *)pair->input;
	pair->in.avail_in = (uInt)n;
}

bool
deflate_has_pending(const struct deflate *pair)
{
	return pair->in.avail_in > 0 || pair->more;
}

/* A bomb gives very much for little, for long. */
static bool
check_ratio(struct deflate *pair, size_t in, size_t out, struct error *err)
{
	pair->window_in += in;
	pair->window_out += out;
	if (pair->window_out < DEFLATE_WINDOW)
		return true;
	if (pair->window_out / DEFLATE_RATIO_MAX > pair->window_in)
		return error_set(err, ERR_LIMIT,
			_("The server's compressed data grow beyond measure"));
	pair->window_in = 0;
	pair->window_out = 0;
	return true;
}

bool
deflate_inflate(struct deflate *pair, void *to, size_t cap, size_t *ret_n,
	struct error *err)
{
	z_stream *z = &pair->in;
	size_t before = z->avail_in;
	bool was_ended = pair->ended;
	size_t n;
	int ret;

	*ret_n = 0;
	if (!deflate_has_pending(pair))
		return true;
	if (cap > UINT32_MAX)
		cap = UINT32_MAX;
	z->next_out = to;
	z->avail_out = (uInt)cap;
	ret = was_ended ? Z_DATA_ERROR : inflate(z, Z_SYNC_FLUSH);
	n = cap - z->avail_out;
	pair->ended = was_ended || ret == Z_STREAM_END;
	/* What came before the end is given out first. */
	if ((ret != Z_OK && ret != Z_BUF_ERROR && ret != Z_STREAM_END) ||
		(pair->ended && z->avail_in > 0 && n == 0)) {
		error_set(err, ERR_PROTOCOL,
			_("The server's compressed data are damaged"));
		error_detail(err, "zlib: %s",
			pair->ended ? "data behind the end"
			: z->msg    ? z->msg
				    : "no reason given");
		return false;
	}
	pair->more = z->avail_out == 0 && !pair->ended;
	if (!check_ratio(pair, before - z->avail_in, n, err))
		return false;
	*ret_n = n;
	return true;
}
