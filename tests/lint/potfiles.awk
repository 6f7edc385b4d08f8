# SPDX-License-Identifier: GPL-3.0-or-later
# Prints each file that marks text with _(), N_() or P_().  After strip.awk.

FNR == 1 { strip_comment = 0 }

{
	line = code($0)
	if (line ~ /(^|[^A-Za-z0-9_])(_|N_|P_)\(/ && FILENAME != named) {
		named = FILENAME
		print named
	}
}
