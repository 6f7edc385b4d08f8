#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# coverage.sh SRCDIR: lines of the readers that seeds and FUZZ_CORPUS reach, in
# a build directory with gcc's coverage.
srcdir=$1
find . -name '*.gcda' -delete
TOP_SRCDIR=$srcdir TERCET_FUZZ_PLAIN=1 ./tests/fuzz/replay >coverage.log ||
	grep '^not ok' coverage.log
for file in \
	src/mime/*.gcda src/mail/*.gcda src/net/*imap_*parse*.gcda \
	src/net/*imap_structure*.gcda src/net/*imap_token*.gcda \
	src/net/*imap_name*.gcda src/net/*frame*.gcda \
	src/net/*deflate*.gcda src/net/*smtp_reply*.gcda \
	src/net/*pop3_reply*.gcda src/config/*config*.gcda \
	src/config/*edit*.gcda src/config/*option*.gcda \
	src/config/*parse*.gcda src/config/*scan*.gcda src/config/*url*.gcda \
	src/search/*.gcda src/sync/*line*.gcda
do
	[ -f "$file" ] && gcov -n "$file" 2>/dev/null
done | awk -v srcdir="$srcdir/" '
	/^File / {
		file = substr($2, 2, length($2) - 2)
		sub(srcdir, "", file)
		sub(/^(\.\.\/)+/, "", file)
	}
	/^Lines executed:/ && file ~ /^src\/.*\.c$/ {
		sub(/^Lines executed:/, "")
		split($0, part, "% of ")
		printf "%6.2f %% of %5d  %s\n", part[1], part[2], file
		sum += part[1] * part[2] / 100
		all += part[2]
		file = ""
	}
	END { if (all) printf "%6.2f %% of %5d  all\n", 100 * sum / all, all }'
