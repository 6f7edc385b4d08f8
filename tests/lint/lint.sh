#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a machine can see of the style, as tests.  TOP_SRCDIR names the tree;
# default is where this file stands.  `make lint` and `make check` run it.
cd "${TOP_SRCDIR:-$(dirname "$0")/../..}" || exit 1
LC_ALL=C; export LC_ALL
awk=${AWK:-awk}
lint=tests/lint
count=0
failed=0

# check NAME COMMAND...: passes if the command succeeds; what it prints are
# the faults.
check() {
	name=$1; shift
	count=$((count + 1))
	if faults=$("$@" 2>&1); then
		echo "ok $count - $name"
	else
		failed=$((failed + 1))
		echo "not ok $count - $name"
		printf '%s\n' "$faults" | sed 's/^/# /'
	fi
}

# The files are named without blanks; a listing that found none is a fault.
program=$(find src ui -name '*.[ch]' | sort)
tests=$(find tests -name '*.[ch]' | sort)
units=$(find tests/unit -name '*.c' | sort)
[ -n "$program" ] || { echo "Bail out! no source files in $PWD"; exit 1; }

# Each .c file stands in the local.mk of its folder: none is left out.
all_built() {
	for file in $program; do
		makefile=$(dirname "$file")/local.mk
		case $file in ui/main.c) makefile=Makefile.am ;; esac
		name=$(basename "$file")
		grep -q "[/ ]$name\\( \\|\$\\)" "$makefile" 2>/dev/null || {
			echo "$file: not in $makefile"
			status=1
		}
	done
	return ${status:-0}
}

potfiles() {
	sh $lint/potfiles.sh | diff po/POTFILES.in - |
		sed -n -e 's/^< /po\/POTFILES.in: has nothing to say: /p' \
			-e 's/^> /po\/POTFILES.in: lacks /p' |
		{ ! grep . ; }
}

script_lines() {
	for file in $(find tests -name '*.sh' -o -name '*.py' -o -name '*.awk'); do
		head -n 3 "$file" |
			grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || {
			echo "$file: no SPDX line"
			status=1
		}
	done
	return ${status:-0}
}

check 'every #include stays in its room' \
	"$awk" -f $lint/rooms.awk $lint/rooms.txt $program $units
check 'no banned words, no // comments' \
	"$awk" -f $lint/strip.awk -f $lint/words.awk $program $tests
check 'every file has its licence line, every header its guard' \
	"$awk" -f $lint/shape.awk $program $tests
check 'every file is built' all_built
check 'po/POTFILES.in names the files with text for people' potfiles
check 'every script has its licence line' script_lines

"$awk" -f $lint/sizes.awk $program | sed 's/^/# /'
echo "1..$count"
[ "$failed" -eq 0 ]
