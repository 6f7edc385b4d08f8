/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One option set in a file: "SECTION\nKEY\nVALUE\n" and the file. */
#include "base/bug.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/scan.h"
#include "fuzz/check.h"
#include "fuzz/fuzz.h"

static char *
take_line(struct slice *rest)
{
	struct slice line = SLICE("");

	(void)slice_next_line(rest, &line);
	return xmemdup0(line.data, line.len);
}

/* All lines of `before` are in `after`, in order, but for one. */
static void
check_kept(struct slice before, struct slice after)
{
	struct line was;
	struct line is;
	struct scan scan_before;
	struct scan scan_after;
	int missing = 0;
	bool more;

	scan_init(&scan_before, before);
	scan_init(&scan_after, after);
	more = scan_next(&scan_after, &is);
	while (scan_next(&scan_before, &was)) {
		struct scan ahead = scan_after;
		struct line it = is;
		bool any = more;

		while (any &&
			!slice_eq(slice_trim(was.all), slice_trim(it.all)))
			any = scan_next(&ahead, &it);
		if (!any) {
			missing++;
			continue;
		}
		scan_after = ahead;
		more = scan_next(&scan_after, &is);
	}
	ASSERT(missing <= 1);
}

FUZZ_TARGET(config_edit)
{
	struct slice text = input;
	char *section CLEANUP(freep) = take_line(&text);
	char *key CLEANUP(freep) = take_line(&text);
	char *value CLEANUP(freep) = take_line(&text);
	struct strbuf changed CLEANUP(strbuf_clear) = { 0 };
	struct strbuf again CLEANUP(strbuf_clear) = { 0 };
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&changed, CHECK_OUT_MAX);
	strbuf_init(&again, CHECK_OUT_MAX);
	if (!config_set_in_text(
		    text, "config", section, key, value, &changed, &err)) {
		ASSERT(err.text && err.text[0]);
		return;
	}
	check_kept(text, strbuf_slice(&changed));
	/* Once more it changes nothing. */
	if (!config_set_in_text(strbuf_slice(&changed), "config", section, key,
		    value, &again, &err))
		BUG(err.text);
	ASSERT(slice_eq(strbuf_slice(&changed), strbuf_slice(&again)));
}
