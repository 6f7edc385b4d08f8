# SPDX-License-Identifier: GPL-3.0-or-later
# code(line): a line of C without comments and without what strings and
# character constants hold.  To be used beside a program that calls it for each
# line in turn; `strip_comment` says whether the line ended inside a comment.

function code(line,    out, n, i, two, c, quote)
{
	if (!strip_comment && line !~ /["'\/]/)
		return line
	n = length(line)
	for (i = 1; i <= n; i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (strip_comment) {
			if (two == "*/") {
				strip_comment = 0
				out = out " "
				i++
			}
		} else if (quote != "") {
			if (c == "\\")
				i++
			else if (c == quote) {
				out = out c
				quote = ""
			}
		} else if (two == "/*") {
			strip_comment = 1
			i++
		} else if (two == "//") {
			return out "//"
		} else {
			if (c == "\"" || c == "'")
				quote = c
			out = out c
		}
	}
	return out
}
