#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# coverage.sh DIR: which share of each parser's lines ran in the tree built and
# tested there with --coverage.  Fails where it is less than MIN per cent.
set -e
cd "$1"
MIN=${MIN-90}
parsers="src/mime src/mail src/net src/config src/search"
for dir in $parsers; do
	find "$dir" -name '*.gcda' 2>/dev/null
done | sort | while read -r data; do
	gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null | awk -v min="$MIN" '
		/^File / { file = $2; gsub(/\047/, "", file) }
		/^Lines executed/ && file ~ /src\/(mime|mail|net|config|search)\// &&
		    file ~ /\.c$/ {
			split($2, part, ":")
			sub(/^.*src\//, "src/", file)
			share = part[2] + 0
			printf "%6.2f %% of %4d  %s%s\n", share, $4, file,
			    share < min ? "  too few" : ""
			file = ""
		}'
done >coverage.txt
cat coverage.txt
awk '{ lines += $4; ran += $1 * $4 / 100 }
	/too few/ { few++ }
	END {
		printf "%.2f %% of %d lines; %d files have too few\n",
		    100 * ran / lines, lines, few
		exit few > 0
	}' coverage.txt
