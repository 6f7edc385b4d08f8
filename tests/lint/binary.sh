#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the linker can see: the library is free of curses, and the program is
# hardened.  Runs in the build directory.  HARDENED=yes says that configure
# was not told otherwise; COMPILE is the compiler with its flags.
LC_ALL=C; export LC_ALL
count=0
failed=0

result() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
	fi
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# -- the library and curses -------------------------------------------------
lib=src/libtercet.a
program=ui/tercet
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

curses=$(ldd "$program" |
	sed -n 's/^[ 	]*lib\(ncurses\|tinfo\)[^ ]* => \([^ ]*\) .*/\2/p')
for file in $curses; do
	nm -D --defined-only "$file"
done | sed -n 's/^[0-9a-f]* [A-Z] \([^@]*\).*/\1/p' | sort -u >"$scratch/curses"
grep -q '^initscr$\|^newterm$' "$scratch/curses"
result $? 'the program uses curses, and its symbols are known'
nm -A -u "$lib" 2>/dev/null | sed 's/^\(.*\):.* U /\1 /' >"$scratch/wanted"
[ -s "$scratch/wanted" ]
result $? 'the library has symbols'
awk 'NR == FNR { curses[$1]; next } $NF in curses { print; found = 1 }
	END { exit found }' "$scratch/curses" "$scratch/wanted" \
	>"$scratch/found"
result $? 'the library needs no symbol of curses'
sed 's/^/# /' "$scratch/found"

# -- hardening --------------------------------------------------------------
if [ "$HARDENED" = yes ]; then
	readelf -hldW "$program" >"$scratch/elf"
	grep -q 'Type: *DYN' "$scratch/elf"
	result $? 'the program is position independent'
	grep -q GNU_RELRO "$scratch/elf" && grep -q 'BIND_NOW\|FLAGS.*NOW' \
		"$scratch/elf"
	result $? 'relocations are read-only'
	grep -q 'GNU_STACK.*RWE' "$scratch/elf"
	[ $? -eq 1 ]
	result $? 'the stack is not executable'
	nm -D -u "$program" >"$scratch/needed"
	grep -q __stack_chk_fail "$scratch/needed"
	result $? 'the stack is protected'
	grep -q '__[a-z]*_chk@' "$scratch/needed"
	result $? 'calls of the C library are fortified'
	level=$(echo '#include <stdio.h>
level __USE_FORTIFY_LEVEL' | $COMPILE -E -P - | sed -n 's/^level //p')
	case $level in
	0 | '') skip 'fortified at level 3' 'compiled without optimisation' ;;
	*)
		[ "$level" = 3 ]
		result $? "fortified at level 3 (is: $level)" ;;
	esac
else
	skip 'hardening' 'configured with --disable-hardening'
fi
readelf -dW "$program" | grep -q 'NEEDED.*\(gnutls\|lockfile\|libdb-\)'
[ $? -eq 1 ]
result $? 'no library is linked that only libetpan needs'

echo "1..$count"
[ "$failed" -eq 0 ]
