# SPDX-License-Identifier: GPL-3.0-or-later
# Reports functions over 60 lines and files over 600; never a fault.
#
#	awk -f sizes.awk src/net/wire.c ui/main.c ...
#
# The layout of clang-format is what makes this simple: a function's body
# begins and ends with a brace in the first column, and nothing else does.

function end_file()
{
	if (lines > 600)
		print file ": " lines " lines"
}

FNR == 1 {
	end_file()
	file = FILENAME
	begun = 0
}

{ lines = FNR }

/^[a-z_][a-z0-9_]*\(/ {
	name = $0
	sub(/\(.*/, "", name)
}

/^\{/ { begun = FNR }

/^\}/ && begun {
	functions++
	size = FNR - begun - 1
	if (size > 60) {
		print file ":" begun ": " name "() has " size " lines"
		over++
	}
	begun = 0
}

END {
	end_file()
	printf "%d of %d functions have more than 60 lines\n", over, functions
}
