/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/xdg.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

static char *
home_dir(void)
{
	const char *home = getenv("HOME");
	char buf[4096];
	struct passwd entry;
	struct passwd *found = NULL;

	if (home && home[0] == '/')
		return xstrdup(home);
	if (getpwuid_r(getuid(), &entry, buf, sizeof(buf), &found) == 0 &&
		found)
		return xstrdup(found->pw_dir);
	return xstrdup("/");
}

static char *
base_dir(const char *variable, const char *below_home)
{
	const char *value = getenv(variable);
	char *home CLEANUP(freep) = NULL;

	if (value && value[0] == '/')
		return xasprintf("%s/tercet", value);
	home = home_dir();
	return xasprintf("%s/%s/tercet", home, below_home);
}

char *
xdg_config_dir(void)
{
	return base_dir("XDG_CONFIG_HOME", ".config");
}

char *
xdg_data_dir(void)
{
	return base_dir("XDG_DATA_HOME", ".local/share");
}

char *
xdg_state_dir(void)
{
	return base_dir("XDG_STATE_HOME", ".local/state");
}

char *
xdg_cache_dir(void)
{
	return base_dir("XDG_CACHE_HOME", ".cache");
}
