/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/address.h"

#include "tap.h"

int
main(void)
{
	struct address_list list = { 0 };
	struct address_list again = { 0 };
	struct strbuf out;

	strbuf_init(&out, 1024 * 1024);
	address_list_add(&list, "Ann Example", "ann@example.org");
	address_list_add(&list, NULL, "bo@example.net");
	address_list_add(&list, "", "");
	address_list_add(&list, "Dr. \"Q\" \\ Müller", "q@example.com");
	address_list_print(&list, &out);
	is_str(out.data,
		"Ann Example <ann@example.org>, bo@example.net, , "
		"\"Dr. \\\"Q\\\" \\\\ Müller\" <q@example.com>",
		"printed");
	is_str(address_display(&list.items[0]), "Ann Example", "the name");
	is_str(address_display(&list.items[1]), "bo@example.net", "no name");

	strbuf_reset(&out);
	address_list_pack(&list, &out);
	is_str(out.data,
		"ann@example.org\tAnn Example\nbo@example.net\t\n\t\n"
		"q@example.com\tDr. \"Q\" \\ Müller\n",
		"packed");
	address_list_unpack(strbuf_slice(&out), &again);
	is_int((int64_t)again.n, 4, "as many");
	is_str(again.items[3].name, list.items[3].name, "name kept");
	is_str(again.items[1].name, NULL, "no name kept");
	address_list_clear(&again);
	address_list_unpack(SLICE("a@b\nc\td\te\n\nx"), &again);
	is_int((int64_t)again.n, 4, "damaged lines make addresses");
	is_str(again.items[0].address, "a@b", "line without tab");
	is_str(again.items[3].address, "x", "last line without end");

	ok(address_eq("a@Example.ORG", "a@example.org"), "domain without case");
	ok(!address_eq("A@example.org", "a@example.org"), "local part with");
	ok(!address_eq("a@example.org", "a@example.or"), "shorter");
	ok(!address_eq("ab@x", "a@x"), "longer");
	ok(address_eq("ann", "ann"), "no domain");
	ok(!address_eq("ann", "ann@x"), "one without domain");

	address_list_clear(&list);
	for (int i = 0; i < ADDRESSES_MAX + 5; i++)
		address_list_add(&list, NULL, "x@example.org");
	is_int((int64_t)list.n, ADDRESSES_MAX, "the limit holds");
	address_list_clear(&list);
	address_list_clear(&again);
	strbuf_clear(&out);
	return tap_done();
}
