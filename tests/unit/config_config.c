/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parse.h"

#include "tap.h"

/* Text of a file, and what the error has to say; NULL where it is good. */
static const struct {
	const char *what;
	const char *text;
	const char *says[3];
} files[] = {
	{ "empty", "", { 0 } },
	{ "only comments", "# a\n; b\n\n   \n", { 0 } },
	{ "no line end", "[general]\ntheme = dark", { 0 } },
	{ "CRLF and a byte order mark",
		"\xef\xbb\xbf[general]\r\ntheme = dark\r\n", { 0 } },
	{ "keys and sections in any case", "[General]\nTheme = dark\n", { 0 } },
	{ "indented option", "[general]\n\ttheme = dark\n", { 0 } },
	{ "local account", "[account a]\nprotocol = local\n", { 0 } },
	{ "blanks in a section's name", "[ account   a ]\nprotocol = local\n",
		{ 0 } },

	{ "unknown key", "[general]\n\nthem = dark\n",
		{ "F:3:", "unknown option them", "theme, keys, layout" } },
	{ "key of the other section", "[general]\nimap = imaps://h\n",
		{ "F:2:", "imap", "[account NAME]" } },
	{ "general key in an account", "[account a]\ntheme = dark\n",
		{ "F:2:", "theme", "[general]" } },
	{ "bad word", "[general]\nlayout = rows\n",
		{ "F:2: layout:", "rows", "auto, columns or stacked" } },
	{ "bad days", "[general]\noffline = 90x\n",
		{ "F:2: offline:", "90x",
			"none, all or a number of days from 1d" } },
	{ "too many days", "[general]\noffline = 99999999999d\n",
		{ "F:2: offline:", "36500d" } },
	{ "negative", "[general]\nundo-send = -1\n",
		{ "F:2: undo-send:", "off or a time from 0s to 3600s" } },
	{ "bad bool", "[general]\nmouse = perhaps\n",
		{ "F:2: mouse:", "yes or no" } },
	{ "bad name", "[general]\ntheme = ../../etc/passwd\n",
		{ "F:2: theme:", "letters" } },
	{ "open quote", "[general]\neditor = vi 'x\n", { "F:2: editor:" } },
	{ "relative path",
		"[account a]\nprotocol = local\ntls-ca-file = ca.pem\n",
		{ "F:3: tls-ca-file:", "~/" } },
	{ "bad address", "[account a]\nprotocol = local\naddress = Ann <a@b>\n",
		{ "F:3: address:", "ann@example.org" } },
	{ "bad alias", "[account a]\nprotocol = local\naliases = a@b, c\n",
		{ "F:3: aliases:" } },
	{ "bad URL", "[account a]\nimap = http://x\n",
		{ "F:2: imap:", "imaps://", "imap+insecure://" } },
	{ "bad pin", "[account a]\nprotocol = local\ntls-pin = sha256:abc\n",
		{ "F:3: tls-pin:" } },
	{ "unknown section", "[general]\ntheme=dark\n[acount work]\nx=1\n",
		{ "F:3:", "acount work", "[account NAME]" } },
	{ "empty unknown section", "[foo]\n", { "F:1:", "foo" } },
	{ "account without a name", "[account]\n", { "F:1:" } },
	{ "bad account name", "[account a/b]\n", { "F:1:", "letters" } },
	{ "account name that is not ASCII", "[account büro]\n",
		{ "F:1:", "letters" } },
	{ "section twice",
		"[account a]\nprotocol = local\n[account A]\nprotocol = local\n",
		{ "F:3:", "line 1" } },
	{ "key twice", "[general]\ntheme = dark\n# x\nTheme = light\n",
		{ "F:4:", "heme", "line 2" } },
	{ "option before a section", "theme = dark\n",
		{ "F:1:", "[general]" } },
	{ "no equals sign", "[general]\ntheme dark\n", { "F:2:", "equals" } },
	{ "no key", "[general]\n= dark\n", { "F:2:" } },
	{ "blank in a key", "[general]\nthe me = dark\n", { "F:2:" } },
	{ "bracket not closed", "[general\n", { "F:1:" } },
	{ "comment behind a section", "[general] # x\n", { "F:1:" } },
	{ "indented comment", "[general]\n  # a = b\n", { "F:2:", "comment" } },
	{ "not UTF-8", "[general]\ntheme = d\xff\n", { "F:2:", "UTF-8" } },
	{ "escape sequence", "[general]\n\n# \x1b[31m\n",
		{ "F:3:", "U+001B" } },
	{ "C1 control", "[general]\n# \xc2\x9b\n", { "F:2:", "U+009B" } },
	{ "lone CR", "[general]\n# a\rb\n", { "F:2:", "U+000D" } },
	{ "account without an address", "\n[account a]\nimap = imaps://h\n",
		{ "F:2:", "account a", "address" } },
	{ "account without a server", "[account a]\naddress = a@b\n",
		{ "F:1:", "account a", "imap = imaps://" } },
	{ "account with the wrong server",
		"[account a]\naddress = a@b\nprotocol = pop3\n"
		"imap = imaps://h\n",
		{ "F:1:", "account a", "pop3s://" } },
	{ "account with nothing", "[account a]\n[account b]\n",
		{ "F:1:", "account a" } },
};

static void
test_files(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct config *config CLEANUP(config_unrefp) = NULL;
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		bool good = config_parse(files[i].text, strlen(files[i].text),
			"F", &config, &err);

		if (!files[i].says[0]) {
			if (!ok(good, "%s", files[i].what))
				printf("# %s\n", err.text);
			continue;
		}
		ok(!good && err.kind == ERR_INVALID, "%s is refused",
			files[i].what);
		for (size_t j = 0; j < 3 && !good && files[i].says[j]; j++)
			if (!ok(strstr(err.text, files[i].says[j]) != NULL,
				    "%s: says %s", files[i].what,
				    files[i].says[j]))
				printf("# %s\n", err.text);
	}
}

static const char full[] =
	"# mine\n"
	"[general]\n"
	"offline = 2w\n"
	"undo-send = 1m\n"
	"theme = my-theme\n"
	"keys = vim\n"
	"layout = stacked\n"
	"editor = emacs -nw\n"
	"query-command = khard email --parsable ; # taken whole\n"
	"trust-auth-results = mx.example.org\n"
	"mouse = no\n"
	"ascii = yes\n"
	"\n"
	"[account work]\n"
	"name = Zoë \"Z\" O’Neill\n"
	"address = ann@example.org\n"
	"aliases = ann+*@example.org, sales@example.org,\n"
	"imap = imaps://ann%40x@imap.example.org\n"
	"smtp = smtp://[::1]:2525\n"
	"sendmail-command = msmtp -t\n"
	"protocol = imap\n"
	"password-command = pass show mail/ann\n"
	"auth = scram-sha-256\n"
	"tls-ca-file = ~/ca.pem\n"
	"tls-pin = "
	"sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	"sent = Gesendet = alles\n"
	"signature-file = /etc/motd\n"
	"[account old]\n"
	"address = old@example.org\n"
	"pop3 = pop3s://pop.example.org\n"
	"leave-on-server = 30d\n";

static void
test_account(const struct config *config)
{
	const struct account_config *work = config_account(config, "WORK");

	if (!ok(work != NULL, "an account is found by its name"))
		return;
	is_str(work->name, "work", "name as written");
	is_str(work->display_name, "Zoë \"Z\" O’Neill", "display name");
	is_str(work->imap.host, "imap.example.org", "IMAP host");
	is_str(account_user(work, &work->imap), "ann@x", "user of the URL");
	is_str(account_user(work, &work->smtp), "ann@example.org",
		"user of the address");
	is_int(work->smtp.port, 2525, "SMTP port");
	ok(!work->pop3.present, "no POP3");
	is_int(work->protocol, PROTOCOL_IMAP, "protocol");
	is_int(work->auth, AUTH_SCRAM_SHA_256, "auth");
	is_str(work->sent, "Gesendet = alles", "a value with equals signs");
	ok(!work->trash, "no trash folder");
	is_str(work->tls_ca_file, "/home/ann/ca.pem", "~ expanded");
	is_int(work->leave_on_server, LEAVE_FOREVER, "leave on server");
	ok(account_owns_address(work, "Ann@Example.Org"), "own address");
	ok(account_owns_address(work, "ann+list@example.org"), "own alias");
	ok(account_owns_address(work, "SALES@example.org"), "other alias");
	ok(!account_owns_address(work, "ann+list@example.org.evil"),
		"an alias does not match longer ones");
	ok(!account_owns_address(work, "bob@example.org"), "not own");
	is_int(config_account(config, "old")->leave_on_server, 30, "30 days");
	ok(!config_account(config, "none"), "no such account");
}

static void
test_full(void)
{
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	setenv("HOME", "/home/ann", 1);
	if (!ok(config_parse(full, strlen(full), "F", &config, &err),
		    "a full file")) {
		printf("# %s\n", err.text);
		return;
	}
	is_int(config->offline_days, 14, "offline");
	is_int(config->undo_send_s, 60, "undo-send");
	is_str(config->theme, "my-theme", "theme");
	is_int(config->keys, KEYS_VIM, "keys");
	is_int(config->layout, LAYOUT_STACKED, "layout");
	is_str(config->query_command, "khard email --parsable ; # taken whole",
		"taken whole");
	ok(!config->mouse && config->ascii == ASCII_YES, "mouse and ascii");
	is_int((int64_t)config->n_accounts, 2, "accounts");
	test_account(config);
}

static void
test_defaults(void)
{
	struct config *config CLEANUP(config_unrefp) = config_new_default();

	is_int(config->offline_days, 90, "default: offline");
	is_int(config->undo_send_s, 10, "default: undo-send");
	is_str(config->theme, "auto", "default: theme");
	ok(config->mouse && !config->editor && config->n_accounts == 0,
		"default: the rest");
}

/* What is printed is accepted again and prints the same. */
static void
test_round_trip(void)
{
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct config *other CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!config_parse(full, strlen(full), "F", &config, &err) ||
		!config_parse(full, strlen(full), "F", &other, &err)) {
		ok(false, "parse");
		return;
	}
	for (const struct option *it = options; it->name; it++) {
		bool general = it->scope == OPTION_GENERAL;
		void *from =
			general ? (void *)config : (void *)&config->accounts[0];
		void *to =
			general ? (void *)other : (void *)&other->accounts[1];
		char *text CLEANUP(freep) = option_print(it, from);
		char *again CLEANUP(freep) = NULL;
		char *accepts CLEANUP(freep) = option_accepts(it);

		ok(option_store(it, to, text, &err) && accepts[0],
			"%s takes %s", it->name, text);
		again = option_print(it, to);
		is_str(again, text, it->name);
	}
}

static void
test_with(void)
{
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct config *changed CLEANUP(config_unrefp) = NULL;
	struct config *none CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	if (!ok(config_parse(full, strlen(full), "F", &config, &err), "parse"))
		return;
	ok(config_with(config, "general", "theme", "light", &changed, &err),
		"one option changed");
	is_str(changed ? changed->theme : NULL, "light", "in the new one");
	is_str(config->theme, "my-theme", "not in the old one");
	is_int(changed ? changed->offline_days : 0, 14, "others stay");
	ok(!config_with(config, "general", "theme", "a b", &none, &err) &&
			strstr(err.text, "[general]: theme:"),
		"a bad value is refused with its key");
	ok(!config_with(config, "account work", "imap", "", &none, &err) &&
			strstr(err.text, "account work"),
		"an account stays whole");
	ok(!config_with(config, "else", "imap", "", &none, &err),
		"an unknown section is refused");
}

static const struct {
	const char *what;
	const char *before;
	const char *section;
	const char *key;
	const char *value;
	const char *after; /* NULL: refused */
} edits[] = {
	{ "changed in place",
		"# top\n[general]\n# c\ntheme = dark\n# d\n[account a]\n"
		"protocol = local\n",
		"general", "theme", "light",
		"# top\n[general]\n# c\ntheme = light\n# d\n[account a]\n"
		"protocol = local\n" },
	{ "spelling and blanks kept", "[General]\n  Theme=dark  \nmouse=no\n",
		"general", "theme", "light",
		"[General]\n  Theme= light  \nmouse=no\n" },
	{ "added behind the section's last option",
		"[general]\nmouse = no\n\n[account a]\nprotocol = local\n",
		"general", "theme", "light",
		"[general]\nmouse = no\ntheme = light\n\n[account a]\n"
		"protocol = local\n" },
	{ "added to an empty section",
		"[general]\n# nothing\n[account a]\nprotocol = local\n",
		"general", "theme", "light",
		"[general]\ntheme = light\n# nothing\n[account a]\n"
		"protocol = local\n" },
	{ "section added", "[account a]\nprotocol = local", "general", "theme",
		"light",
		"[account a]\nprotocol = local\n\n[general]\n"
		"theme = light\n" },
	{ "file made", "", "general", "theme", "light",
		"[general]\ntheme = light\n" },
	{ "line ends kept", "[general]\r\nmouse = no\r\n", "general", "theme",
		"light", "[general]\r\nmouse = no\r\ntheme = light\r\n" },
	{ "no line end at all", "[general]\nmouse = no", "general", "mouse",
		"yes", "[general]\nmouse = yes" },
	{ "the right section's key",
		"[account a]\nprotocol = local\n[account b]\n"
		"protocol = local\nsent = S\n",
		"account b", "sent", "T",
		"[account a]\nprotocol = local\n[account b]\n"
		"protocol = local\nsent = T\n" },
	{ "emptied", "[general]\neditor = vi\n", "general", "editor", "",
		"[general]\neditor = \n" },
	{ "bad value", "[general]\n", "general", "theme", "a b", NULL },
	{ "two lines", "[general]\n", "general", "editor", "a\nmouse=no",
		NULL },
	{ "blanks around", "[general]\n", "general", "editor", " vi", NULL },
	{ "unknown key", "[general]\n", "general", "foo", "1", NULL },
	{ "broken file", "[general\n", "general", "theme", "light", NULL },
};

static void
test_edits(const char *dir)
{
	char *below CLEANUP(freep) = file_join(dir, "below");
	char *path CLEANUP(freep) = file_join(below, "config");

	for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
		struct error err CLEANUP(error_clear) = ERROR_INIT;
		struct strbuf text CLEANUP(strbuf_clear) = { 0 };
		bool good;

		strbuf_init(&text, CONFIG_FILE_LIMIT);
		unlink(path);
		if (edits[i].before[0] &&
			(!file_make_dir(below, &err) ||
				!file_replace(path, slice_str(edits[i].before),
					&err)))
			ok(false, "%s", err.text);
		good = config_set_in_file(path, edits[i].section, edits[i].key,
			edits[i].value, &err);
		ok(good == (edits[i].after != NULL), "%s: %s", edits[i].what,
			good ? "done" : err.text);
		if (file_exists(path) && !file_read(path, &text, &err))
			ok(false, "%s", err.text);
		is_str(text.data,
			edits[i].after ? edits[i].after : edits[i].before,
			edits[i].what);
	}
	unlink(path);
	rmdir(below);
}

static void
test_load(const char *dir)
{
	char *path CLEANUP(freep) = file_join(dir, "config");
	char *big CLEANUP(freep) = xmalloc(CONFIG_FILE_LIMIT + 2);
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct config *none CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	ok(config_load(path, false, &config, &err) &&
			strcmp(config->path, path) == 0,
		"no file: defaults");
	ok(!config_load(path, true, &none, &err) && strstr(err.text, path),
		"a file asked for by name has to be there");
	ok(symlink("config", path) == 0 &&
			!config_load(path, false, &none, &err) &&
			strstr(err.text, path) && unlink(path) == 0,
		"one that cannot be reached is not one that is not there");
	memset(big, '#', CONFIG_FILE_LIMIT + 1);
	ok(!config_parse(big, CONFIG_FILE_LIMIT + 1, "F", &none, &err) &&
			err.kind == ERR_LIMIT,
		"too large");
	memset(big, '\n', CONFIG_FILE_LIMIT);
	ok(!config_parse(big, CONFIG_FILE_LIMIT, "F", &none, &err) &&
			err.kind == ERR_LIMIT,
		"too many lines");
	ok(!config_parse("[general]\ntheme=a\0b\n", 20, "F", &none, &err) &&
			strstr(err.text, "F:2:"),
		"a NUL is refused");
}

/* A long value, longer than any buffer of a careless reader. */
static void
test_long(void)
{
	enum { LENGTH = 200000 };
	struct strbuf text CLEANUP(strbuf_clear) = { 0 };
	struct config *config CLEANUP(config_unrefp) = NULL;
	struct error err CLEANUP(error_clear) = ERROR_INIT;

	strbuf_init(&text, CONFIG_FILE_LIMIT);
	strbuf_add_str(&text, "[account a]\nprotocol = local\nname = ");
	for (int i = 0; i < LENGTH; i++)
		strbuf_add_char(&text, 'x');
	strbuf_add_str(&text, "\nsent = S\n");
	ok(config_parse(text.data, text.len, "F", &config, &err) &&
			strlen(config->accounts[0].display_name) == LENGTH &&
			strcmp(config->accounts[0].sent, "S") == 0,
		"a long line is read whole");
}

int
main(void)
{
	char dir[] = "/tmp/tercet-test-XXXXXX";

	if (!mkdtemp(dir))
		return 1;
	test_files();
	test_full();
	test_defaults();
	test_round_trip();
	test_with();
	test_edits(dir);
	test_load(dir);
	test_long();
	rmdir(dir);
	return tap_done();
}
