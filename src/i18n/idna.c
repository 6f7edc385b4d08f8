/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "i18n/idna.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/ascii.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/* RFC 3492 5. */
enum {
	BASE = 36,
	T_MIN = 1,
	T_MAX = 26,
	SKEW = 38,
	DAMP = 700,
	INITIAL_BIAS = 72,
	INITIAL_N = 128,
};

/* Code points of a name, as given and normalised. */
enum { CODES_MAX = 1024 };

struct codes {
	uint32_t items[CODES_MAX];
	size_t n;
};

/* What separates labels besides the dot (RFC 3490 3.1). */
static bool
is_dot(uint32_t code)
{
	return code == '.' || code == 0x3002 || code == 0xff0e ||
	       code == 0xff61;
}

static bool
is_host_code(uint32_t code)
{
	return code >= 0x80 || ascii_is_alnum((char)code) || code == '-' ||
	       code == '_';
}

/* RFC 3492 6.1. */
static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* The digits of a delta (RFC 3492 6.3). */
static void
add_delta(struct strbuf *out, uint32_t delta, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias           ? T_MIN
			     : k >= bias + T_MAX ? T_MAX
						 : k - bias;

		if (delta < t)
			break;
		strbuf_add_char(out, digits[t + (delta - t) % (BASE - t)]);
		delta = (delta - t) / (BASE - t);
	}
	strbuf_add_char(out, digits[delta]);
}

/* The lowest code point from `n` on. */
static uint32_t
lowest_from(const uint32_t *codes, size_t len, uint32_t n)
{
	uint32_t lowest = UINT32_MAX;

	for (size_t i = 0; i < len; i++)
		if (codes[i] >= n && codes[i] < lowest)
			lowest = codes[i];
	return lowest;
}

/* Labels are at most CODES_MAX long, so that no delta leaves 32 bits. */
static void
add_punycode(struct strbuf *out, const uint32_t *codes, size_t len)
{
	uint32_t n = INITIAL_N;
	uint32_t delta = 0;
	uint32_t bias = INITIAL_BIAS;
	uint32_t basic = 0;
	uint32_t done;

	for (size_t i = 0; i < len; i++)
		if (codes[i] < 0x80) {
			strbuf_add_char(out, (char)codes[i]);
			basic++;
		}
	if (basic > 0)
		strbuf_add_char(out, '-');
	for (done = basic; done < len;) {
		uint32_t next = lowest_from(codes, len, n);

		delta += (next - n) * (done + 1);
		n = next;
		for (size_t i = 0; i < len; i++) {
			if (codes[i] < n)
				delta++;
			if (codes[i] != n)
				continue;
			add_delta(out, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		n++;
	}
}

static utf8proc_int32_t
lower(utf8proc_int32_t code, void *ignored)
{
	(void)ignored;
	return is_dot((uint32_t)code) ? '.' : utf8proc_tolower(code);
}

/* Lower case and NFKC; not folded, since that would change letters that make
 * names of their own (RFC 5894 7.2). */
static bool
normalise(struct slice host, struct codes *codes)
{
	utf8proc_uint8_t *made = NULL;
	utf8proc_ssize_t n;
	struct slice rest;

	if (host.len == 0 || host.len > CODES_MAX)
		return false;
	n = utf8proc_map_custom((const utf8proc_uint8_t *)host.data,
		(utf8proc_ssize_t)host.len, &made,
		UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
			UTF8PROC_IGNORE | UTF8PROC_REJECTNA,
		lower, NULL);
	if (n < 0)
		return false;
	codes->n = 0;
	rest = slice_make((const char *)made, (size_t)n);
	while (rest.len > 0 && codes->n < CODES_MAX)
		codes->items[codes->n++] = (uint32_t)lower(
			(utf8proc_int32_t)utf8_next(&rest), NULL);
	free(made);
	return rest.len == 0 && codes->n > 0;
}

static bool
add_label(struct strbuf *out, const uint32_t *codes, size_t len)
{
	size_t before = out->len;
	bool foreign = false;

	for (size_t i = 0; i < len; i++) {
		if (!is_host_code(codes[i]))
			return false;
		foreign = foreign || codes[i] >= 0x80;
	}
	if (foreign) {
		strbuf_add_str(out, "xn--");
		add_punycode(out, codes, len);
	}
	for (size_t i = 0; !foreign && i < len; i++)
		strbuf_add_char(out, ascii_lower((char)codes[i]));
	return out->len - before <= IDNA_LABEL_MAX;
}

bool
idna_to_ascii(struct slice host, char ret_ascii[IDNA_HOST_MAX + 1])
{
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct codes codes;
	size_t from = 0;

	if (!normalise(host, &codes))
		return false;
	strbuf_init(&out, CODES_MAX * 8);
	for (size_t i = 0; i <= codes.n; i++) {
		if (i < codes.n && !is_dot(codes.items[i]))
			continue;
		if (!add_label(&out, codes.items + from, i - from))
			return false;
		if (i < codes.n)
			strbuf_add_char(&out, '.');
		from = i + 1;
	}
	if (out.full || out.len == 0 || out.len > IDNA_HOST_MAX)
		return false;
	memcpy(ret_ascii, out.data, out.len);
	ret_ascii[out.len] = '\0';
	return true;
}
