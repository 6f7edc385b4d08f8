/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arithmetic on the xterm palette. */
#include <stdlib.h>

#include "term/theme.h"

/* xterm's defaults; terminals differ, so the nearest is only a guess. */
static const uint32_t ansi[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
	0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };

static const int cube[6] = { 0, 95, 135, 175, 215, 255 };

static int
distance(uint32_t a, uint32_t b)
{
	int sum = 0;

	for (int shift = 0; shift <= 16; shift += 8) {
		int d = (int)(a >> shift & 255) - (int)(b >> shift & 255);

		sum += d * d;
	}
	return sum;
}

uint32_t
color_of_index(int index)
{
	int level;

	if (index < 16)
		return ansi[index < 0 ? 0 : index];
	if (index < 232) {
		index -= 16;
		return (uint32_t)(cube[index / 36] << 16 |
				  cube[index / 6 % 6] << 8 | cube[index % 6]);
	}
	level = 8 + (index > 255 ? 23 : index - 232) * 10;
	return (uint32_t)(level << 16 | level << 8 | level);
}

static int
nearest(uint32_t rgb, int from, int to)
{
	int best = from;

	for (int i = from + 1; i < to; i++)
		if (distance(color_of_index(i), rgb) <
			distance(color_of_index(best), rgb))
			best = i;
	return best;
}

int
color_nearest_256(uint32_t rgb)
{
	/* Users paint the first sixteen in colours of their own. */
	return nearest(rgb, 16, 256);
}

int
color_nearest_16(uint32_t rgb)
{
	return nearest(rgb, 0, 16);
}

bool
color_is_light(uint32_t rgb)
{
	/* ITU-R BT.601 luma, in thousandths. */
	return (rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 +
		       (rgb & 255) * 114 >
	       128 * 1000;
}
