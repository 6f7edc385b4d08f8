#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages name every command, option and key command there is, and
# are sound mdoc.  Runs in the build directory.
top=${TOP_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
program=${TERCET:-ui/tercet}
LC_ALL=C.UTF-8 LANGUAGE=; export LC_ALL LANGUAGE
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

result() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=$((failed + 1))
		echo "not ok $count - $2"
		sed 's/^/# /' "$scratch/said"
	fi
}

# has PAGE PATTERN-OF-A-LINE WORD...: each word stands in such a line.
has() {
	page=doc/$1 pattern=$2
	shift 2
	: >"$scratch/said"
	for word in "$@"; do
		grep -q -- "$pattern$word\\( \\|\$\\)" "$page" ||
			echo "$page: no $word" >>"$scratch/said"
	done
	[ $# -gt 3 ] && [ ! -s "$scratch/said" ]
}

commands=$("$program" --help |
	sed -n '/Commands:/,/^$/s/^  \([a-z][a-z]*\).*/\1/p' | sort -u)
has tercet.1 '^\.It Cm ' $commands
result $? "tercet.1 has every command of --help"
options=$("$program" --help |
	sed -n '/Options, anywhere/,/^$/s/^ .*--\([a-z-]*\).*/\1/p')
has tercet.1 '^\.It.* Fl .-' $options
result $? "tercet.1 has every option of --help"

# What a section takes, as the program says when it is given something else.
takes() {
	printf '%s\nno-such-option = 1\n' "$1" >"$scratch/config"
	"$program" --config "$scratch/config" --data "$scratch/data" list 2>&1 |
		sed -n 's/.*this section takes: //p' | sed 's/ or /, /; s/,//g'
}
has tercet-config.5 '^\.It Ic ' $(takes '[general]')
result $? "tercet-config.5 has every option of the program"
has tercet-config.5 '^\.It Ic ' $(takes '[account a]')
result $? "tercet-config.5 has every option of an account"

has tercet-keys.7 '^\.It Ic ' $(sed -n 's/^\t\t\.name = "\([a-z-]*\)",$/\1/p' \
	"$top"/ui/command/commands_*.c)
result $? "tercet-keys.7 has every command of the interface"

for page in tercet.1 tercet-config.5 tercet-keys.7; do
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "doc/$page" >"$scratch/said"
		result $? "$page is sound mdoc"
		# A macro that quotes takes the rest of its line with it.
		! mandoc -Tutf8 "doc/$page" |
			grep '‘[^’]*‘' >"$scratch/said"
		result $? "$page has no quote within a quote"
	else
		for name in "is sound mdoc" "has no quote within a quote"; do
			count=$((count + 1))
			echo "ok $count - $page $name # SKIP no mandoc here"
		done
	fi
done
echo "1..$count"
[ "$failed" -eq 0 ]
