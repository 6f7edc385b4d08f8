#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# variant.sh SRCDIR DIR CC=... CFLAGS=...: configures the tree once more, in
# DIR, without hardening, unless it is configured just like this already.
set -e
srcdir=$1
dir=$2
shift 2
if [ -f "$srcdir/config.status" ]; then
	echo "This tree was configured in place, where no other build can" >&2
	echo "stand beside it.  Run: make distclean; mkdir build; cd build;" >&2
	echo "../configure; and this again." >&2
	exit 1
fi
mkdir -p "$dir"
cd "$dir"
if [ -f config.status ] && [ "$(cat variant.flags 2>/dev/null)" = "$*" ]; then
	exit 0
fi
"$srcdir/configure" --enable-silent-rules --disable-hardening --disable-nls "$@"
printf '%s\n' "$*" >variant.flags
