/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever a terminal sends: it is taken apart, and an end is found. */
#include "base/bug.h"
#include "fuzz/fuzz.h"
#include "term/input.h"

FUZZ_TARGET(keys)
{
	struct input_decoder decoder;
	struct input got;

	input_init(&decoder);
	while (input.len > 0) {
		size_t n = input_feed(&decoder, input.data, input.len);
		size_t inputs = 0;

		input = slice_skip(input, n);
		while (input_next(&decoder, false, &got))
			inputs++;
		ASSERT(n > 0 || inputs > 0 || input_next(&decoder, true, &got));
	}
	while (input_next(&decoder, true, &got))
		;
	input_clear(&decoder);
}
