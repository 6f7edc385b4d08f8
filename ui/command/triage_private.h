/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of triage only. */
#ifndef TERCET_UI_COMMAND_TRIAGE_PRIVATE_H
#define TERCET_UI_COMMAND_TRIAGE_PRIVATE_H

#include "command/triage.h"

/* triage_say.c: the sentence, and the key that undoes it. */
void triage_say(struct app *app, const struct journal_done *done);

/* triage_read.c: whether the message in the viewer is to become read when it
 * has been shown for long enough. */
bool triage_will_read(const struct app *app);
/* Notes what is in the viewer, and marks it read when it is time. */
void triage_follow_viewer(struct app *app, int64_t now_us);

#endif /* TERCET_UI_COMMAND_TRIAGE_PRIVATE_H */
