/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialogue that is libetpan's, fed with whatever. */
#include <libetpan/libetpan.h>

#include "fuzz/fuzz.h"
#include "fuzz/server.h"
#include "net/frame.h"

FUZZ_TARGET(imap_dialogue)
{
	struct fuzz_server server = fuzz_server_open(TRACE_IMAP);
	struct frame *frame = frame_new(server.wire);
	mailimap *session = mailimap_new(0, NULL);

	fuzz_server_say(&server, input);
	fuzz_server_end(&server);
	if (mailimap_connect(session, frame_stream(frame)) ==
		MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		mailimap_starttls(session);
	mailimap_free(session);
	frame_free(frame);
	fuzz_server_close(&server);
}
