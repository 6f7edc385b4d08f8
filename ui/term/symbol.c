/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "term/symbol.h"

#include "base/bug.h"

static const struct {
	const char *text;
	const char *ascii;
} symbols[SYMBOL_COUNT] = {
	[SYMBOL_UNREAD] = { "●", "N" },
	[SYMBOL_FLAGGED] = { "★", "*" },
	[SYMBOL_ANSWERED] = { "↩", "r" },
	[SYMBOL_FORWARDED] = { "↪", "f" },
	[SYMBOL_ATTACHMENT] = { "@", "@" },
	[SYMBOL_MARKED] = { "▌", "+" },
	[SYMBOL_OPEN] = { "▾", "v" },
	[SYMBOL_CLOSED] = { "▸", ">" },
	[SYMBOL_BRANCH] = { "└", "`" },
	[SYMBOL_REMOTE] = { "⇣", "^" },
	[SYMBOL_VLINE] = { "│", "|" },
	[SYMBOL_HLINE] = { "─", "-" },
	[SYMBOL_TEE] = { "├", "+" },
	[SYMBOL_TEE_UP] = { "┴", "+" },
	[SYMBOL_TEE_DOWN] = { "┬", "+" },
	[SYMBOL_ELLIPSIS] = { "…", "~" },
	[SYMBOL_FOLDED] = { "⋯", "+" },
	[SYMBOL_QUOTE] = { "│", "|" },
	[SYMBOL_DOT] = { "·", "-" },
	[SYMBOL_GOOD] = { "✓", "+" },
	[SYMBOL_WARNING] = { "!", "!" },
	[SYMBOL_ARROW] = { "→", ">" },
	[SYMBOL_BAR_LEFT] = { "▕", "[" },
	[SYMBOL_BAR_RIGHT] = { "▏", "]" },
	[SYMBOL_BAR_FULL] = { "█", "#" },
	[SYMBOL_BAR_1] = { "▏", " " },
	[SYMBOL_BAR_2] = { "▎", " " },
	[SYMBOL_BAR_3] = { "▍", " " },
	[SYMBOL_BAR_4] = { "▌", " " },
	[SYMBOL_BAR_5] = { "▋", " " },
	[SYMBOL_BAR_6] = { "▊", " " },
	[SYMBOL_BAR_7] = { "▉", " " },
	[SYMBOL_REPLACEMENT] = { "\xef\xbf\xbd", "?" },
};

const char *
symbol_text(enum symbol symbol, bool ascii)
{
	ASSERT(symbol >= 0 && symbol < SYMBOL_COUNT);
	return ascii ? symbols[symbol].ascii : symbols[symbol].text;
}
