# SPDX-License-Identifier: GPL-3.0-or-later
# Words that C files may not use, with the reason.  After strip.awk:
#
#	awk -f strip.awk -f words.awk src/net/wire.c ui/main.c ...

function fault(text)
{
	print FILENAME ":" FNR ": " text
	faults++
}

function list(words, into,    part, n, i)
{
	n = split(words, part, " ")
	for (i = 1; i <= n; i++)
		into[part[i]] = 1
}

BEGIN {
	list("strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol " \
		"atoll sscanf gets localtime gmtime ctime asctime system " \
		"popen tmpnam tempnam mktemp alloca", banned)
	list("printf vprintf puts putchar perror", printing)
}

FNR == 1 {
	strip_comment = 0
	prints = FILENAME ~ /^(ui|src\/cli|tests)\// ||
		FILENAME ~ /^src\/base\/(bug|log)\.c$/
}

{
	line = code($0)
	if (index(line, "//"))
		fault("a // comment marks work in progress")
	if (line ~ /^[ \t]*typedef[ \t]+(struct|union|enum)[ \t{]/ &&
	    line !~ /\(/)
		fault("a typedef hides a struct, union or enum")
	if (line ~ /[^ \t]/ && line ~ /[ \t]$/ && $0 == line)
		fault("blanks at the end")
	if (line ~ /[^a-z_]CLEANUP\([a-z0-9_]+\)[ \t]*[;,]/)
		fault("a CLEANUP() local without a value")
	# The one place that names the words in order to ban them.
	if (line ~ /^#[ \t]*pragma GCC poison/)
		next
	while (match(line, /[A-Za-z_][A-Za-z0-9_]*/)) {
		word = substr(line, RSTART, RLENGTH)
		line = substr(line, RSTART + RLENGTH)
		if (word == "goto")
			fault("goto: a CLEANUP() local does it")
		else if (line !~ /^[ \t]*\(/)
			continue
		else if (word in banned)
			fault(word "() is banned")
		else if (!prints && (word in printing))
			fault(word "(): a room does not print")
	}
	if (!prints && $0 ~ /[^a-z_]v?f(printf|puts|putc|write)\(.*std(out|err)/)
		fault("a room does not print")
}

END { exit faults > 0 }
