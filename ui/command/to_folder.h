/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving and copying to a folder that is named, or picked. */
#ifndef TERCET_UI_COMMAND_TO_FOLDER_H
#define TERCET_UI_COMMAND_TO_FOLDER_H

#include <stdbool.h>

#include "command/triage.h"

/* DEED_MOVE or DEED_COPY to the folder called `name`; NULL: asks for it.  Takes
 * the targets. */
bool to_folder(struct app *app, enum deed_kind kind, const char *name,
	struct targets *targets);

#endif /* TERCET_UI_COMMAND_TO_FOLDER_H */
