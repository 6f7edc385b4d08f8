#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# manual.sh PROGRAM FILE.in READY: prints a manual page.  Each line @TABLE@ is
# replaced by what the program prints for --dump-docs=TABLE.  Where the program
# cannot run, as it was built for another machine, the page READY is printed.
program=$1
"$program" --version >/dev/null 2>&1 || exec cat "$3"
LC_ALL=C.UTF-8 LANGUAGE=; export LC_ALL LANGUAGE
# Breaks long lines of text, so that a change shows as one.
fill() {
	awk '/^\./ { print; next }
	{
		line = ""
		for (i = 1; i <= NF; i++) {
			if (line != "" && length(line " " $i) > 78) {
				print line
				line = $i ~ /^[.'"'"']/ ? "\\&" $i : $i
			} else
				line = line == "" ? $i : line " " $i
		}
		print line
	}'
}

while IFS= read -r line; do
	case $line in
	@*@)
		table=${line#@}
		text=$("$program" --dump-docs="${table%@}") || exit 1
		printf '%s\n' "$text" | fill ;;
	*)
		printf '%s\n' "$line" ;;
	esac
done <"$2"
