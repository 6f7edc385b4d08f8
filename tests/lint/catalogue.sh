#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The translations are sound, and the program speaks them.
top=${TOP_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
program=${TERCET:-ui/tercet}
if ! command -v msgfmt >/dev/null; then
	echo '1..0 # SKIP no msgfmt here'
	exit 0
fi
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
	fi
}

for language in $(cat "$top/po/LINGUAS"); do
	mkdir -p "$scratch/$language/LC_MESSAGES"
	said=$(LC_ALL=C msgfmt -c --statistics \
		-o "$scratch/$language/LC_MESSAGES/tercet.mo" \
		"$top/po/$language.po" 2>&1)
	result $? "$language.po can be used"
	printf '# %s: %s\n' "$language" "$said"
done

# What the sources say and nobody has translated.
missing() {
	options=$(sed -n 's/^XGETTEXT_OPTIONS = //p' "$top/po/Makevars")
	# The options are several words.
	xgettext $options -D "$top" -f "$top/po/POTFILES.in" \
		-o "$scratch/all.pot" &&
		msgmerge -q --no-fuzzy-matching -o "$scratch/$1.po" \
			"$top/po/$1.po" "$scratch/all.pot" &&
		msgattrib --untranslated --no-obsolete "$scratch/$1.po"
}
for language in $(cat "$top/po/LINGUAS"); do
	if ! command -v xgettext >/dev/null; then
		count=$((count + 1))
		echo "ok $count - $language.po is complete # SKIP no xgettext"
		continue
	fi
	missing "$language" >"$scratch/missing" 2>"$scratch/said"
	[ $? -eq 0 ] && [ ! -s "$scratch/missing" ]
	result $? "$language.po is complete"
	sed 's/^/# /' "$scratch/missing" "$scratch/said"
done

says() {
	env -u LANG LANGUAGE="$1" LC_ALL="$2" TERCET_LOCALEDIR="$scratch" \
		"$program" --help
}
says de C.UTF-8 | grep -q '^Aufruf: tercet'
result $? 'German by LANGUAGE'
says xx:de C.UTF-8 | grep -q '^Aufruf: tercet'
result $? 'the next language of the list, where the first has no catalogue'
says de C | grep -q '^Usage: tercet'
result $? 'English in the locale C'
says xx C.UTF-8 | grep -q '^Usage: tercet'
result $? 'English where there is no catalogue'

echo "1..$count"
[ "$failed" -eq 0 ]
