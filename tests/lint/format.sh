#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# format.sh: lays out the C files with clang-format.  format.sh --check: names
# those that are laid out otherwise.  Versions differ in what they print; the
# layout is version 14's.
cd "$(dirname "$0")/../.." || exit 1
tool=${CLANG_FORMAT:-}
for name in clang-format-14 clang-format; do
	[ -n "$tool" ] || tool=$(command -v "$name")
done
[ -n "$tool" ] || { echo 'SKIPPED: clang-format is not installed'; exit 0; }
version=$("$tool" --version)
case $version in
*' 14.'*) ;;
*) echo "SKIPPED: the layout is clang-format 14's; this is $version"; exit 0 ;;
esac

files=$(find src ui tests -name '*.[ch]' | sort)
if [ "$1" != --check ]; then
	exec "$tool" -i $files
fi
status=0
for file in $files; do
	"$tool" "$file" | cmp -s - "$file" || {
		echo "$file: make format would change it"
		status=1
	}
done
exit $status
