#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The manual pages say what the program's tables say, and are sound mdoc.
doc=${TOP_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}/doc
program=${TERCET:-ui/tercet}
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

for page in tercet.1 tercet-config.5 tercet-keys.7; do
	sh "$doc/manual.sh" "$program" "$doc/$page.in" >"$scratch/$page" &&
		diff -u "$doc/$page" "$scratch/$page" >"$scratch/said"
	result $? "$page is what make docs makes"
	if command -v mandoc >/dev/null; then
		mandoc -Tlint -Wwarning "$scratch/$page" >"$scratch/said"
		result $? "$page is sound mdoc"
	else
		count=$((count + 1))
		echo "ok $count - $page is sound mdoc # SKIP no mandoc here"
	fi
done
echo "1..$count"
[ "$failed" -eq 0 ]
