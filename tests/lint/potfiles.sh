#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the files that have text for translators: what po/POTFILES.in should
# say.  Run from the top of the tree.
here=$(dirname "$0")
LC_ALL=C; export LC_ALL
find src ui -name '*.[ch]' ! -path src/base/gettext.h | sort |
	xargs "${AWK:-awk}" -f "$here/strip.awk" -f "$here/potfiles.awk"
