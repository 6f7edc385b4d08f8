#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# clang.sh CLANG: whether it is there, with the runtime that fuzzers need.
clang=$1
if [ -z "$clang" ]; then
	echo "make fuzz needs clang, and configure found none.  On Debian:" >&2
	echo "apt install clang, then configure again." >&2
	exit 1
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cat >"$dir/try.c" <<END
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size);
int
LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long size)
{
	return (int)(size & 0) + (data != data);
}
END
if ! "$clang" -w -fsanitize=fuzzer,address,undefined \
	-o "$dir/try" "$dir/try.c" 2>"$dir/why"; then
	cat "$dir/why" >&2
	echo "$clang is there, but not the runtime of its fuzzer and" >&2
	echo "sanitizers.  On Debian: apt install libclang-rt-14-dev" >&2
	exit 1
fi
