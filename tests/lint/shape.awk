# SPDX-License-Identifier: GPL-3.0-or-later
# The licence line of every C file and the guard of every header.
#
#	awk -f shape.awk src/net/wire.c src/net/wire.h ...

function fault(line, text)
{
	print file ":" line ": " text
	faults++
}

# src/net/wire.h: TERCET_NET_WIRE_H.
function guard_of(path)
{
	sub(/^src\//, "", path)
	sub(/^tests\/unit\//, "tests/", path)
	gsub(/[^A-Za-z0-9]/, "_", path)
	return "TERCET_" toupper(path)
}

function end_file()
{
	if (file !~ /\.h$/)
		return
	if (!has_ifndef || !has_define)
		fault(1, "the guard is not " guard)
	else if (last != "#endif /* " guard " */")
		fault(lines, "does not end in #endif /* " guard " */")
}

FNR == 1 {
	if (file != "")
		end_file()
	file = FILENAME
	guard = guard_of(file)
	has_ifndef = has_define = 0
	if ($0 != "/* SPDX-License-Identifier: GPL-3.0-or-later */")
		fault(1, "the first line is not the SPDX line")
}

$0 == "#ifndef " guard { has_ifndef = 1 }
$0 == "#define " guard { has_define = 1 }
{ last = $0; lines = FNR }

END {
	if (file != "")
		end_file()
	exit faults > 0
}
