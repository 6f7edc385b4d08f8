/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { PIECE = 4096, DEFAULT_COLUMNS = 80 };

/* Marks and switches of direction, invisible operators, tags, and annotations;
 * ascending. */
static const struct {
	uint32_t first;
	uint32_t last;
} hidden[] = {
	{ 0x061c, 0x061c },
	{ 0x200e, 0x200f },
	{ 0x202a, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },
	{ 0xe0000, 0xe007f },
};

static bool
is_hidden(uint32_t c)
{
	for (size_t i = 0; c >= hidden[0].first && i < ARRAY_LEN(hidden); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

bool
print_is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
	       c == 0x2029 || is_hidden(c);
}

void
print_inert(struct slice text, bool lines, struct strbuf *out)
{
	while (text.len > 0) {
		uint32_t c = utf8_next(&text);

		if (!print_is_unsafe(c))
			strbuf_add_utf8(out, c);
		else if (c == '\n' || c == '\t')
			strbuf_add_char(out, lines ? (char)c : ' ');
		else if (c == '\r' && text.len > 0 && text.data[0] == '\n')
			continue;
		else if (c == 0x2028 || c == 0x2029)
			strbuf_add_char(out, ' ');
		else if (!is_hidden(c))
			strbuf_add_utf8(out, UTF8_REPLACEMENT);
	}
}

void
print_text(FILE *out, struct slice text, bool lines)
{
	struct strbuf buf CLEANUP(strbuf_clear) = { 0 };

	strbuf_init(&buf, (size_t)PIECE * 4);
	while (text.len > 0) {
		size_t n = utf8_cut(text, PIECE);

		if (n == 0)
			n = text.len < PIECE ? text.len : PIECE;
		/* CR LF stays together. */
		if (n < text.len && n > 1 && text.data[n - 1] == '\r')
			n--;
		strbuf_reset(&buf);
		print_inert(slice_head(text, n), lines, &buf);
		fwrite(buf.data, 1, buf.len, out);
		text = slice_skip(text, n);
	}
}

void
print_complaint(const char *fmt, ...)
{
	va_list ap;
	char *text CLEANUP(freep) = NULL;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	fputs("tercet: ", stderr);
	print_text(stderr, slice_str(text), false);
	fputc('\n', stderr);
}

int
print_columns(int fd)
{
	struct winsize size;

	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return DEFAULT_COLUMNS;
}
