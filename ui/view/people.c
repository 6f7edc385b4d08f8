/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/people.h"

#include <string.h>

#include "base/gettext.h"
#include "config/config.h"
#include "i18n/width.h"

enum { LIST_NAME_MAX = 12 };

bool
people_is_me(const struct config *config, const char *address)
{
	for (size_t i = 0; address && i < config->n_accounts; i++)
		if (account_owns_address(&config->accounts[i], address))
			return true;
	return false;
}

/* Whether a name is to be read: none that names another address. */
static bool
is_name(const char *name, const char *address)
{
	if (!name || !*name)
		return false;
	return !address || !strchr(name, '@') || strcasestr(name, address);
}

void
people_print(const struct address_list *list, const struct config *config,
	size_t max, struct strbuf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct address *person = &list->items[i];

		if (i == max) {
			strbuf_addf(out, " +%zu", list->n - i);
			return;
		}
		if (i > 0)
			strbuf_add_str(out, ", ");
		if (people_is_me(config, person->address))
			strbuf_add_str(out, _("me"));
		else
			strbuf_add_str(
				out, is_name(person->name, person->address)
					     ? person->name
					     : person->address);
	}
}

static void
add_name(const char *name, struct strbuf *out)
{
	if (!strpbrk(name, "<>@")) {
		strbuf_add_str(out, name);
		return;
	}
	strbuf_add_char(out, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, *name);
	}
	strbuf_add_char(out, '"');
}

void
people_print_addresses(const struct address_list *list, struct strbuf *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct address *it = &list->items[i];
		const char *name = it->name ? it->name : "";

		if (i > 0)
			strbuf_add_str(out, ", ");
		if (*name == '\0') {
			strbuf_add_str(out, it->address);
			continue;
		}
		add_name(name, out);
		strbuf_addf(out, " <%s>", it->address);
	}
}

/* "Ann" of "Ann Example", and of "Example, Ann". */
static struct slice
first_name(const char *name)
{
	struct slice text = slice_trim(slice_str(name));
	size_t comma = slice_find(text, ',');

	if (comma < text.len && slice_trim(slice_skip(text, comma + 1)).len > 0)
		text = slice_trim(slice_skip(text, comma + 1));
	return slice_head(text, slice_find(text, ' '));
}

static void
add_person(const struct list_person *person, const struct config *config,
	bool whole, struct strbuf *out)
{
	const char *name =
		is_name(person->name, person->address) ? person->name : "";

	if (people_is_me(config, person->address))
		strbuf_add_str(out, _("me"));
	else if (*name == '\0')
		strbuf_add_str(out, person->address ? person->address : "?");
	else if (whole)
		strbuf_add_slice(out, slice_trim(slice_str(name)));
	else
		strbuf_add_slice(out, first_name(name));
}

/* "git: " of git.vger.kernel.org, for a row of several people. */
static void
add_list_name(const struct list_row *row, const char *here, struct strbuf *out)
{
	struct slice id = slice_str(row->list_id);
	size_t len = slice_find(id, '.');

	if (here && row->list_id && ascii_eq_nocase(row->list_id, here))
		return;
	if (row->n_people + row->more_people > 1 && len > 0 &&
		len <= LIST_NAME_MAX)
		strbuf_addf(out, "%.*s: ", (int)len, id.data);
}

/* The first `head` people and the last one, if not all. */
static void
print_row(const struct list_row *row, const struct config *config,
	const char *here, int head, bool whole, struct strbuf *out)
{
	int n = row->n_people;
	int left_out = row->more_people;

	strbuf_reset(out);
	add_list_name(row, here, out);
	for (int i = 0; i < n; i++) {
		if (i >= head && i + 1 < n) {
			left_out++;
			continue;
		}
		if (i > 0)
			strbuf_add_str(out, ", ");
		add_person(&row->people[i], config, whole, out);
	}
	if (left_out > 0)
		strbuf_addf(out, " +%d", left_out);
}

void
people_of_row(const struct list_row *row, const struct config *config,
	const char *here, int columns, struct strbuf *out)
{
	if (row->n_people == 0) {
		strbuf_add_str(out, "?");
		return;
	}
	print_row(row, config, here, row->n_people, true, out);
	if (row->n_people == 1 || width_text(strbuf_slice(out)) <= columns)
		return;
	for (int head = row->n_people; head > 0; head--) {
		print_row(row, config, here, head, false, out);
		if (width_text(strbuf_slice(out)) <= columns)
			return;
	}
	/* Not even two: the first, and how many more. */
	strbuf_reset(out);
	add_list_name(row, here, out);
	add_person(&row->people[0], config, false, out);
	strbuf_addf(out, " +%d", row->n_people - 1 + row->more_people);
}
