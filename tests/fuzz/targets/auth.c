/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Challenges of a server: a letter for the mechanism, then one a line, before
 * its base64, where a `$` stands for the nonce that we gave; behind a `!` as
 * they are.
 */
#include "net/auth.h"
#include "base/bug.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"
#include "mime/base64.h"

enum { ANSWER_MAX = 4096 };

static void
encode(struct slice bytes, struct strbuf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; bytes.len > 0; bytes = slice_skip(bytes, 3)) {
		uint32_t bits = 0;

		for (size_t i = 0; i < 3; i++)
			bits = bits << 8 |
			       (i < bytes.len ? (unsigned char)bytes.data[i]
					      : 0);
		for (size_t i = 0; i <= 3 && i <= bytes.len; i++)
			strbuf_add_char(out, digits[bits >> (18 - 6 * i) & 63]);
	}
}

/* What we said, to find the nonce in it. */
static void
decode(struct slice text, struct strbuf *out)
{
	struct base64 state = { 0 };
	char *start = strbuf_room(out, text.len + 8);
	char *end = base64_end(&state, base64_add(&state, text, start));

	strbuf_grown(out, (size_t)(end - start));
}

static void
make_challenge(struct slice line, struct slice nonce, struct strbuf *out)
{
	struct strbuf bytes CLEANUP(strbuf_clear) = { 0 };

	strbuf_reset(out);
	if (slice_starts(line, SLICE("!"))) {
		strbuf_add_slice(out, slice_skip(line, 1));
		return;
	}
	strbuf_init(&bytes, CHECK_OUT_MAX);
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '$')
			strbuf_add_slice(&bytes, nonce);
		else
			strbuf_add_char(&bytes, line.data[i]);
	}
	encode(strbuf_slice(&bytes), out);
}

static void
talk(struct auth *auth, struct slice lines)
{
	struct strbuf challenge CLEANUP(strbuf_clear) = { 0 };
	struct strbuf out CLEANUP(strbuf_clear) = { 0 };
	struct strbuf said CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct slice nonce = SLICE("");
	struct slice line;

	strbuf_init(&challenge, CHECK_OUT_MAX);
	strbuf_init(&out, AUTH_LINE_MAX);
	strbuf_init(&said, CHECK_OUT_MAX);
	if (auth_speaks_first(auth)) {
		if (!auth_answer(auth, SLICE(""), &out, &err))
			return;
		decode(strbuf_slice(&out), &said);
		for (size_t i = 0; i + 2 < said.len; i++) {
			if (slice_starts(slice_skip(strbuf_slice(&said), i),
				    SLICE("r=")))
				nonce = slice_skip(strbuf_slice(&said), i + 2);
		}
	}
	while (slice_next_line(&lines, &line)) {
		strbuf_reset(&out);
		make_challenge(line, nonce, &challenge);
		if (!auth_answer(auth, strbuf_slice(&challenge), &out, &err))
			break;
		check_line(out.data);
		check_line(auth_reason(auth));
	}
}

FUZZ_TARGET(auth)
{
	static const struct endpoint endpoint = {
		.host = (char *)"imap.example",
		.user = (char *)"ann",
		.port = 143,
		.security = SECURITY_CLEAR,
	};
	unsigned letter = input.len ? (unsigned char)input.data[0] : 0;
	enum mechanism mechanism = (enum mechanism)(
		MECHANISM_PLAIN + letter % (MECHANISMS - MECHANISM_PLAIN));
	struct error err CLEANUP(error_clear) = ERROR_INIT;
	struct auth *auth CLEANUP(auth_endp) = NULL;

	/* A long dialogue is none. */
	input = slice_head(slice_skip(input, 1), ANSWER_MAX);
	if (!auth_begin(mechanism, "imap", &endpoint, "secret", &auth, &err))
		return;
	talk(auth, input);
	/* No server can prove what it does not know. */
	ASSERT(mechanism != MECHANISM_SCRAM_SHA_256 || !auth_is_done(auth));
}
