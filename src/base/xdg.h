/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a user's files go (XDG base directories).  Each returns
 * "<base>/tercet", which the caller frees; relative values of the environment
 * are ignored, as the specification asks.
 */
#ifndef TERCET_BASE_XDG_H
#define TERCET_BASE_XDG_H

char *xdg_config_dir(void);
char *xdg_data_dir(void);
char *xdg_state_dir(void);
char *xdg_cache_dir(void);

#endif /* TERCET_BASE_XDG_H */
