/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The language of the person: locale, message catalogue, charset.  Inside the
 * program all text is UTF-8, messages too.
 */
#ifndef TERCET_I18N_I18N_H
#define TERCET_I18N_I18N_H

#include <stdbool.h>

/*
 * Once at start-up, before any thread.  Returns whether the terminal takes
 * UTF-8; where it does not, the interface keeps to ASCII.  A locale that is not
 * installed but says UTF-8 in its name is believed.
 *
 * TERCET_LOCALEDIR, an absolute path, replaces the directory of the message
 * catalogues; for tests.
 */
bool i18n_init(void);

#endif /* TERCET_I18N_I18N_H */
