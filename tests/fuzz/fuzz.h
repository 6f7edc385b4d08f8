/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What reads bytes from outside, each as a function of bytes.  A target aborts
 * when a promise of the reader is broken; the sanitizers see the rest.  The
 * fuzzer runs one of them; replay runs all over the seeds, as a test.
 */
#ifndef TERCET_TESTS_FUZZ_FUZZ_H
#define TERCET_TESTS_FUZZ_FUZZ_H

#include "base/slice.h"

struct fuzz_target {
	const char *name; /* its seeds are in seeds/NAME/ */
	void (*run)(struct slice input);
};

/* Ends with a NULL name. */
extern const struct fuzz_target fuzz_targets[];

void fuzz_address(struct slice input);
void fuzz_charset(struct slice input);
void fuzz_config(struct slice input);
void fuzz_header(struct slice input);
void fuzz_imap_data(struct slice input);
void fuzz_imap_frame(struct slice input);
void fuzz_imap_name(struct slice input);
void fuzz_keys(struct slice input);
void fuzz_line(struct slice input);
void fuzz_message(struct slice input);
void fuzz_param(struct slice input);
void fuzz_rows(struct slice input);
void fuzz_screen(struct slice input);
void fuzz_text(struct slice input);
void fuzz_transfer(struct slice input);
void fuzz_values(struct slice input);

#endif /* TERCET_TESTS_FUZZ_FUZZ_H */
