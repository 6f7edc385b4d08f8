#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Plants faults and sees whether lint finds each of them, and nothing else.
here=$(cd "${TOP_SRCDIR:-$(dirname "$0")/../..}/tests/lint" && pwd) || exit 1
LC_ALL=C; export LC_ALL
awk=${AWK:-awk}
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
cd "$tree" || exit 1
mkdir -p src/store src/net src/base ui/view ui/pane ui/term
count=0
failed=0

# is WHAT WANTED GOT
is() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		printf 'wanted:\n%s\ngot:\n%s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

cat >src/store/a.c <<'END'
#include "store/a.h"
#include <string.h>
#include <sqlite3.h>
#include "base/error.h"
#include "net/wire.h"
#include "net/wire_private.h"
#include "term/term.h"
#include "a.h"
/* #include <curses.h> is in a comment */
END
cat >src/net/b.c <<'END'
#include <sqlite3.h>
#include <openssl/ssl.h>
#include <libetpan/mailimap.h>
#include <unheard/of.h>
END
cat >ui/view/c.c <<'END'
#include "net/wire.h"
#include "term/screen.h"
#include "term/glyph.h"
#include "sync/journal.h"
#include "store/list.h"
#include "app.h"
END
cat >ui/pane/d.c <<'END'
#include <curses.h>
#include "store/list.h"
#include "view/view_list.h"
#include "term/screen.h"
END
is 'includes' 'src/store/a.c:5: store may not include net
src/store/a.c:6: store may not include net
src/store/a.c:7: store may not include the interface
src/store/a.c:8: "a.h" names no room
src/net/b.c:1: <sqlite3.h> belongs to src/store/
src/net/b.c:2: <openssl/ssl.h> belongs to src/net/tls.c src/net/tls_pin.c
src/net/b.c:4: <unheard/of.h> has no place in rooms.txt
ui/view/c.c:1: ui may not include net
ui/view/c.c:2: ui/view/ may not include "term/screen.h"
ui/view/c.c:4: "sync/journal.h" is only for src/sync/
ui/pane/d.c:1: <curses.h> belongs to ui/term/
ui/pane/d.c:2: ui/pane/ may not include "store/list.h"' "$("$awk" \
	-f "$here/rooms.awk" "$here/rooms.txt" src/store/a.c src/net/b.c \
	ui/view/c.c ui/pane/d.c | sed -e 's/: "[a-z_/.]*"$//' \
	-e 's/\(for src.sync.\).*/\1/')"

cat >src/net/w.c <<'END'
/* strcpy(a, b) and goto in a comment // stay
 * unseen: sprintf(x) */
int a; // seen
const char *url = "http://example.org/ \" strcpy(";
char quote = '"'; /* " */ int b = strcpy (a, b);
	goto out;
	my_strcpy(a, b); p->system_call(x); ctime_of(t);
typedef struct thing thing;
typedef enum found (*step_fn)(struct thing *);
	printf("seen");
	fprintf(stderr, "seen");
	snprintf(buf, sizeof(buf), "unseen");
	fprintf(file, "unseen");
	struct strbuf seen CLEANUP(strbuf_clear);
	struct strbuf unseen CLEANUP(strbuf_clear) = { 0 };
	struct strbuf unseen CLEANUP(strbuf_clear)
END
is 'words' 'src/net/w.c:3: a // comment marks work in progress
src/net/w.c:5: strcpy() is banned
src/net/w.c:6: goto: a CLEANUP() local does it
src/net/w.c:8: a typedef hides a struct, union or enum
src/net/w.c:10: printf(): a room does not print
src/net/w.c:11: a room does not print
src/net/w.c:14: a CLEANUP() local without a value' "$("$awk" -f "$here/strip.awk" \
	-f "$here/words.awk" src/net/w.c)"

printf '%s\n' '/* no licence */' '#ifndef TERCET_NET_G_H' \
	'#define TERCET_NET_G_H' '#endif' >src/net/g.h
printf '%s\n' '/* SPDX-License-Identifier: GPL-3.0-or-later */' \
	'#ifndef G_H' '#define G_H' '#endif /* G_H */' >ui/term/h.h
is 'shape' 'src/net/g.h:1: the first line is not the SPDX line
src/net/g.h:4: does not end in #endif /* TERCET_NET_G_H */
ui/term/h.h:1: the guard is not TERCET_UI_TERM_H_H' "$("$awk" \
	-f "$here/shape.awk" src/net/g.h ui/term/h.h)"

{
	printf '%s\n' 'int' 'long_one(void)' '{'
	yes '	x++;' | head -n 61
	printf '%s\n' '}' 'int' 'short_one(void)' '{' '}'
} >src/base/s.c
is 'sizes' 'src/base/s.c:3: long_one() has 61 lines
1 of 2 functions have more than 60 lines' "$("$awk" \
	-f "$here/sizes.awk" src/base/s.c)"

echo '	say(_("text"));' >src/base/t.c
echo '/* _("text") */ call_(x); const char *a = "_(b)";' >src/base/u.c
is 'text' 'src/base/t.c' "$("$awk" -f "$here/strip.awk" \
	-f "$here/potfiles.awk" src/base/t.c src/base/u.c)"

echo "1..$count"
[ "$failed" -eq 0 ]
