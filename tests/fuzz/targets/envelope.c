/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header blocks to envelopes. */
#include "mime/envelope.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

FUZZ_TARGET(envelope)
{
	struct envelope envelope;

	mime_read_envelope(input, &envelope);
	check_envelope(&envelope);
	envelope_clear(&envelope);
}
