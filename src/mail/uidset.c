/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/uidset.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/gettext.h"
#include "base/mem.h"

void
uidset_clear(struct uidset *set)
{
	free(set->ranges);
	*set = (struct uidset)UIDSET_INIT;
}

/* The first range whose last UID is at or after `uid`. */
static size_t
find(const struct uidset *set, uint32_t uid)
{
	size_t low = 0;
	size_t high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (set->ranges[middle].last < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
make_room(struct uidset *set, size_t at)
{
	if (set->n >= UIDSET_RANGES_MAX)
		return false;
	if (set->n == set->cap) {
		set->cap = set->cap ? set->cap * 2 : 8;
		set->ranges = xreallocarray(
			set->ranges, set->cap, sizeof(set->ranges[0]));
	}
	memmove(set->ranges + at + 1, set->ranges + at,
		(set->n - at) * sizeof(set->ranges[0]));
	set->n++;
	return true;
}

void
uidset_add(struct uidset *set, uint32_t uid)
{
	(void)uidset_add_range(set, uid, uid);
}

bool
uidset_add_range(struct uidset *set, uint32_t first, uint32_t last)
{
	size_t from;
	size_t to;

	if (first > last) {
		uint32_t turned = first;

		first = last;
		last = turned;
	}
	if (first == 0)
		first = 1;
	if (last == 0)
		return true;
	/* Ranges that touch the new one melt into it. */
	from = find(set, first - 1);
	to = from;
	while (to < set->n &&
		(last == UINT32_MAX || set->ranges[to].first <= last + 1))
		to++;
	if (from == to) {
		if (!make_room(set, from))
			return false;
		set->ranges[from] = (struct uid_range){ first, last };
		return true;
	}
	if (set->ranges[from].first < first)
		first = set->ranges[from].first;
	if (set->ranges[to - 1].last > last)
		last = set->ranges[to - 1].last;
	set->ranges[from] = (struct uid_range){ first, last };
	memmove(set->ranges + from + 1, set->ranges + to,
		(set->n - to) * sizeof(set->ranges[0]));
	set->n -= to - from - 1;
	return true;
}

bool
uidset_has(const struct uidset *set, uint32_t uid)
{
	size_t i = find(set, uid);

	return i < set->n && set->ranges[i].first <= uid;
}

uint64_t
uidset_count(const struct uidset *set)
{
	uint64_t count = 0;

	for (size_t i = 0; i < set->n; i++)
		count += (uint64_t)set->ranges[i].last - set->ranges[i].first +
			 1;
	return count;
}

void
uidset_minus(const struct uidset *a, const struct uidset *b, struct uidset *ret)
{
	size_t j = 0;

	for (size_t i = 0; i < a->n; i++) {
		uint64_t first = a->ranges[i].first;
		uint32_t last = a->ranges[i].last;

		while (j < b->n && b->ranges[j].last < first)
			j++;
		/* The last range of `b` may reach into the next of `a`. */
		for (size_t k = j; first <= last; k++) {
			if (k == b->n || b->ranges[k].first > last) {
				(void)uidset_add_range(
					ret, (uint32_t)first, last);
				break;
			}
			if (b->ranges[k].first > first)
				(void)uidset_add_range(ret, (uint32_t)first,
					b->ranges[k].first - 1);
			first = (uint64_t)b->ranges[k].last + 1;
			j = k;
		}
	}
}

static bool
parse_number(struct slice s, uint32_t star, uint32_t *ret)
{
	uint64_t value;

	if (s.len == 1 && s.data[0] == '*') {
		*ret = star;
		return star > 0;
	}
	if (!ascii_parse_u64(s.data, s.len, UINT32_MAX, &value) || value == 0)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool
parse_range(struct slice item, uint32_t star, struct uid_range *ret)
{
	size_t colon = slice_find(item, ':');

	if (!parse_number(slice_head(item, colon), star, &ret->first))
		return false;
	ret->last = ret->first;
	if (colon < item.len &&
		!parse_number(slice_skip(item, colon + 1), star, &ret->last))
		return false;
	if (ret->first > ret->last)
		*ret = (struct uid_range){ ret->last, ret->first };
	return true;
}

static int
compare_ranges(const void *a, const void *b)
{
	uint32_t x = ((const struct uid_range *)a)->first;
	uint32_t y = ((const struct uid_range *)b)->first;

	return (x > y) - (x < y);
}

/*
 * Items are collected and sorted once: adding them one by one would be
 * quadratic for a set written backwards.
 */
bool
uidset_parse(struct slice text, uint32_t star, struct uidset *ret_set,
	struct error *err)
{
	struct uidset items CLEANUP(uidset_clear) = UIDSET_INIT;
	struct uidset set = UIDSET_INIT;
	bool sorted = true;
	bool more;

	do {
		size_t end = slice_find(text, ',');
		struct uid_range range;

		if (!parse_range(slice_head(text, end), star, &range))
			return error_set(err, ERR_INVALID,
				_("This is no set of message numbers"));
		if (items.n > 0 &&
			range.first < items.ranges[items.n - 1].first)
			sorted = false;
		if (!make_room(&items, items.n))
			return error_set(err, ERR_LIMIT,
				_("The set of message numbers is too large"));
		items.ranges[items.n - 1] = range;
		more = end < text.len;
		text = slice_skip(text, end + 1);
	} while (more);
	if (!sorted)
		qsort(items.ranges, items.n, sizeof(items.ranges[0]),
			compare_ranges);
	for (size_t i = 0; i < items.n; i++)
		(void)uidset_add_range(
			&set, items.ranges[i].first, items.ranges[i].last);
	*ret_set = set;
	return true;
}

void
uidset_print(const struct uidset *set, struct strbuf *out)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct uid_range *range = &set->ranges[i];

		if (i > 0)
			strbuf_add_char(out, ',');
		strbuf_addf(out, "%" PRIu32, range->first);
		if (range->last > range->first)
			strbuf_addf(out, ":%" PRIu32, range->last);
	}
}

bool
uidset_next(const struct uidset *set, uint32_t *uid)
{
	size_t i;

	if (*uid == UINT32_MAX)
		return false;
	i = find(set, *uid + 1);
	if (i == set->n)
		return false;
	*uid = set->ranges[i].first > *uid ? set->ranges[i].first : *uid + 1;
	return true;
}
